//! Rekeying: brings every packed value under the newest key of the ring.

use std::collections::BTreeMap;

use diesel::{dsl::max, prelude::*};

use super::{
    Connection, StoreError,
    connection::{lock, run},
    functions::{length, substr},
    key::Key,
    pace::{Load, ROWS, Step},
    schema,
    seal::{HEAD, Place},
};

/// A column of packed values, and what is to be done with it.
struct Column {
    table: &'static str,
    /// Where it ends.
    end: fn(&mut Connection) -> Result<Option<i64>, StoreError>,
    /// The next rows after a place, at most as many.
    page: fn(&mut Connection, i64, i64) -> Result<Vec<Glance>, StoreError>,
    /// Whole rows, held until the transaction ends.
    hold: fn(&mut Connection, &[i64]) -> Result<Vec<Row>, StoreError>,
    /// Replaces a value.
    put: fn(&mut Connection, i64, Vec<u8>) -> Result<(), StoreError>,
}

/// A row's place, how its value starts, and how long it is.
type Glance = (i64, Vec<u8>, i32);

/// A row's place, its id, its plugin and its value.
type Row = (i64, Key, String, Vec<u8>);

macro_rules! column {
    ($table:ident.$column:ident, held by $order:ident) => {
        Column {
            table: stringify!($table),
            end: |open| {
                use schema::$table::dsl;
                Ok(run!(open, c => dsl::$table.select(max(dsl::seq)).first(c))?)
            },
            page: |open, after, rows| {
                use schema::$table::dsl;
                let head = i32::try_from(HEAD).expect("a head is a few bytes");
                let query = dsl::$table
                    .filter(dsl::seq.gt(after))
                    .order(dsl::seq)
                    .limit(rows)
                    .select((dsl::seq, substr(dsl::$column, 1, head), length(dsl::$column)));
                Ok(run!(open, c => query.load(c))?)
            },
            hold: |open, seqs| {
                use schema::$table::dsl;
                let query = dsl::$table
                    .filter(dsl::seq.eq_any(seqs))
                    .order(dsl::$order)
                    .select((dsl::seq, dsl::id, dsl::plugin, dsl::$column));
                Ok(lock!(open, query)?)
            },
            put: |open, seq, packed| {
                use schema::$table::dsl;
                let row = dsl::$table.filter(dsl::seq.eq(seq));
                let update = diesel::update(row).set(dsl::$column.eq(packed));
                run!(open, c => update.execute(c))?;
                Ok(())
            },
        }
    };
}

/// Every packed column. Rows are held in the order in which writers hold them, and those of one
/// table in a transaction, so no writer and no rekeying wait for each other.
static COLUMNS: [Column; 4] = [
    column!(webhooks.content, held by dedupe_key),
    column!(orders.document, held by id),
    column!(appointments.document, held by id),
    column!(reports.document, held by id),
];

/// One run over all packed values, a page in each step. It may end anywhere: a later run finds
/// what this one has left.
#[derive(Debug)]
pub struct Rekeying {
    column: usize,
    after: i64,
    /// The ends of the columns that are done.
    passed: i64,
    rows: i64,
    left: BTreeMap<String, usize>,
}

impl Default for Rekeying {
    fn default() -> Self {
        Self::new()
    }
}

impl Rekeying {
    /// A run from the start.
    pub fn new() -> Self {
        Self { column: 0, after: 0, passed: 0, rows: ROWS, left: BTreeMap::new() }
    }

    /// How far a run may get.
    pub fn end(connection: &mut Connection) -> Result<i64, StoreError> {
        COLUMNS.iter().map(|column| Ok((column.end)(connection)?.unwrap_or_default())).sum()
    }

    /// Goes on by a page; `None` at the end of the run.
    pub fn step(&mut self, connection: &mut Connection) -> Result<Option<Step>, StoreError> {
        let Some(column) = COLUMNS.get(self.column) else { return Ok(None) };
        let (at, stale) = self.stale(connection, column)?;
        if at == self.after {
            (self.column, self.after, self.passed) = (self.column + 1, 0, self.passed + at);
            return Ok(Some(Step { at: self.passed, rows: 0, held: false }));
        }
        let rows = self.reseal(connection, column, &stale)?;
        self.after = at;
        Ok(Some(Step { at: self.passed + at, rows, held: !stale.is_empty() }))
    }

    /// What could not be opened and stands as it stood: why, and how many rows.
    pub fn left(self) -> BTreeMap<String, usize> {
        self.left
    }

    /// Looks at the next page without holding anything: how far it goes, and which of its rows
    /// are not under the newest key.
    fn stale(
        &self,
        connection: &mut Connection,
        column: &Column,
    ) -> Result<(i64, Vec<i64>), StoreError> {
        let seal = connection.seal();
        let (mut load, mut at, mut stale) = (Load::default(), self.after, Vec::new());
        for (seq, head, bytes) in (column.page)(connection, self.after, self.rows)? {
            if !seal.is_current(&head) {
                if !load.takes(bytes) {
                    break;
                }
                stale.push(seq);
            }
            at = seq;
        }
        Ok((at, stale))
    }

    /// Packs these rows again, in one transaction. What a writer has merged since somebody looked
    /// at them is read under the lock, and stays.
    fn reseal(
        &mut self,
        connection: &mut Connection,
        column: &Column,
        stale: &[i64],
    ) -> Result<usize, StoreError> {
        if stale.is_empty() {
            return Ok(0);
        }
        let seal = connection.seal();
        let (changed, left) = connection.transaction(|open| {
            let (mut changed, mut left) = (0, Vec::new());
            for (seq, Key(id), plugin, packed) in (column.hold)(open, stale)? {
                if seal.is_current(&packed) {
                    continue;
                }
                let place = Place::new(column.table, id);
                match unpack(open, place, &packed) {
                    Ok(plain) => {
                        (column.put)(open, seq, seal.pack(&plugin, place, &plain))?;
                        changed += 1;
                    }
                    // One row that nobody can open must not keep the others under an old key.
                    Err(error) => left.push(error.to_string()),
                }
            }
            Ok((changed, left))
        })?;
        for reason in left {
            *self.left.entry(reason).or_default() += 1;
        }
        Ok(changed)
    }
}

/// What was packed, if need be with a dictionary that another gateway has brought.
fn unpack(connection: &mut Connection, place: Place, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let seal = connection.seal();
    match seal.unpack(place, packed) {
        Err(StoreError::UnknownDictionary(_)) => {
            seal.dictionaries().learn(connection)?;
            seal.unpack(place, packed)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests;
