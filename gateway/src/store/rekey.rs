//! Rekeying: brings every packed value under the newest key of the ring.

use std::collections::BTreeMap;

use super::{
    Connection, StoreError,
    columns::{COLUMNS, Column},
    key::Key,
    keys,
    pace::{Load, ROWS, Step},
    seal::{Place, Seal},
};

/// One run over all packed values, a page in each step. It may end anywhere: a later run finds
/// what this one has left.
#[derive(Debug)]
pub struct Rekeying {
    column: usize,
    after: i64,
    /// The ends of the columns that are done.
    passed: i64,
    rows: i64,
    adopts_plain: bool,
    /// Whether a value was sealed anew.
    changed: bool,
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
        Self {
            column: 0,
            after: 0,
            passed: 0,
            rows: ROWS,
            adopts_plain: false,
            changed: false,
            left: BTreeMap::new(),
        }
    }

    /// A run that seals values in the clear too, whoever wrote them. The store takes them from now
    /// on, until a run seals nothing anew.
    pub fn adopting_plain(self, connection: &mut Connection) -> Result<Self, StoreError> {
        keys::take_plain(connection)?;
        Ok(Self { adopts_plain: true, ..self })
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

    /// Ends a run. If it went over everything and sealed nothing anew, the store refuses values in
    /// the clear from now on, and drops the names of older keys. Returns whether that is so. What
    /// was left does not matter: an attacker could leave something at any time.
    pub fn finish(&self, connection: &mut Connection) -> Result<bool, StoreError> {
        let settled = self.column == COLUMNS.len() && !self.changed;
        if settled {
            keys::settle(connection)?;
        }
        Ok(settled)
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
        let opener = if self.adopts_plain { seal.taking_plain() } else { Seal::clone(&seal) };
        let (changed, left) = connection.transaction(|open| {
            let (mut changed, mut left) = (0, Vec::new());
            for (seq, Key(id), plugin, packed) in (column.hold)(open, stale)? {
                if seal.is_current(&packed) {
                    continue;
                }
                let place = Place::new(column.purpose, id);
                match unpack(open, &opener, place, &packed) {
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
        self.changed |= changed > 0;
        for reason in left {
            *self.left.entry(reason).or_default() += 1;
        }
        Ok(changed)
    }
}

/// What was packed, if need be with a dictionary that another gateway has brought.
fn unpack(
    connection: &mut Connection,
    seal: &Seal,
    place: Place,
    packed: &[u8],
) -> Result<Vec<u8>, StoreError> {
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
