//! Retention: removes webhooks that were kept long enough.
//!
//! Orders, appointments, reports and events stay. A report may so name a webhook that is gone; and
//! a webhook that comes again after that is a new one, which tells nothing new.

use diesel::{
    dsl::{exists, max, not},
    prelude::*,
};
use jiff::Timestamp;

use super::{
    Connection, StoreError,
    connection::{lock_idle, run},
    functions::length,
    micros,
    pace::{Load, ROWS, Step},
    schema::{tasks, webhooks, webhooks::dsl},
};

diesel::allow_tables_to_appear_in_same_query!(webhooks, tasks);

/// One run over the webhooks, oldest first, a page in each step.
#[derive(Clone, Copy, Debug)]
pub struct Pruning {
    before: i64,
    /// Where the walk is: what survived is not looked at again.
    after: i64,
    rows: i64,
    only_counts: bool,
}

impl Pruning {
    /// A run that removes what was received before this time.
    pub fn new(before: Timestamp) -> Self {
        Self { before: micros(before), after: 0, rows: ROWS, only_counts: false }
    }

    /// A run that changes nothing, and tells what the other would do.
    #[must_use]
    pub fn only_counting(self) -> Self {
        Self { only_counts: true, ..self }
    }

    /// How far a run may get.
    pub fn end(connection: &mut Connection) -> Result<i64, StoreError> {
        let last: Option<i64> =
            run!(connection, c => dsl::webhooks.select(max(dsl::seq)).first(c))?;
        Ok(last.unwrap_or_default())
    }

    /// Goes on by a page; `None` at the end of the run. Webhooks stand roughly in the order in
    /// which they came, so a page of younger ones is the end.
    pub fn step(&mut self, connection: &mut Connection) -> Result<Option<Step>, StoreError> {
        let query = dsl::webhooks
            .filter(dsl::seq.gt(self.after))
            .order(dsl::seq)
            .limit(self.rows)
            .select((dsl::seq, dsl::received_at, length(dsl::content)));
        let page: Vec<(i64, i64, i32)> = run!(connection, c => query.load(c))?;
        if page.iter().all(|(_, received_at, _)| *received_at >= self.before) {
            return Ok(None);
        }
        let (mut load, mut at, mut old) = (Load::default(), self.after, Vec::new());
        for (seq, received_at, bytes) in page {
            if received_at < self.before {
                if !load.takes(bytes) {
                    break;
                }
                old.push(seq);
            }
            at = seq;
        }
        let due = due(connection, &old, self.before)?;
        let held = !self.only_counts && !due.is_empty();
        let rows = if held {
            connection.transaction(|open| remove(open, &due, self.before))?
        } else {
            due.len()
        };
        self.after = at;
        Ok(Some(Step { at, rows, held }))
    }
}

/// Which of these webhooks nobody needs any more. One is needed
///
/// - that is younger than `before`;
/// - that is quarantined: it waits for somebody who can read it;
/// - that has a task: what it points at is still to be fetched;
/// - that was not handed on. Events are handed on by being there: consumers pull the feed, and
///   nothing removes events; so a webhook is handed on as soon as its outcome is settled, which is
///   in its own transaction. **Whoever adds a delivery that pushes adds its condition here**: no
///   event of the webhook waits to be delivered.
fn due(connection: &mut Connection, seqs: &[i64], before: i64) -> Result<Vec<i64>, StoreError> {
    let task = tasks::table.filter(tasks::webhook_id.eq(dsl::id));
    let query = dsl::webhooks
        .filter(dsl::seq.eq_any(seqs))
        .filter(dsl::received_at.lt(before))
        .filter(dsl::outcome.ne("quarantined"))
        .filter(not(exists(task)))
        .select(dsl::seq);
    Ok(run!(connection, c => query.load(c))?)
}

/// Removes what is still due of these webhooks, inside a transaction.
///
/// Any number of gateways may do this at once, and none waits for another: whatever a writer or
/// another pruner holds is left for the next run. So this holds rows while it waits for nobody,
/// and can be no part of a deadlock, in whichever order it locks. Those who wait for it are
/// vendors that repeat a webhook which is being removed: once it is gone, theirs is new, or a
/// duplicate of one that was merged, if they had looked before.
///
/// The condition is asked again under the lock, by a statement of its own, which sees what was
/// committed before the lock was taken: a replay may have put the webhook into quarantine, or
/// given it a task.
fn remove(connection: &mut Connection, seqs: &[i64], before: i64) -> Result<usize, StoreError> {
    let query = dsl::webhooks.filter(dsl::seq.eq_any(seqs)).select(dsl::seq);
    let held: Vec<i64> = lock_idle!(connection, query)?;
    let due = due(connection, &held, before)?;
    let delete = diesel::delete(dsl::webhooks.filter(dsl::seq.eq_any(due)));
    Ok(run!(connection, c => delete.execute(c))?)
}

#[cfg(test)]
mod tests;
