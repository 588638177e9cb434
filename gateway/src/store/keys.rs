//! Which keys a store holds values under, and whether it still takes values in the clear.
//!
//! Each key that seals has its name here before the first value is under it, until a run of `rekey`
//! finds nothing left under it. A ring that lacks one of these keys is refused: it would write in
//! the clear, or under a key of its own, beside values that it can't open.
//!
//! An attacker who can write to the database can write values in the clear, so a ring with a key
//! refuses them. A store that was filled without a key needs an exception, until all of it is
//! sealed. It is not the refusal that is recorded but the exception, beside the name of the newest
//! key and sealed under it: without the key it can't be made, and removing it only refuses more. It
//! is made when an operator runs `rekey --adopt-plain`, and never because of how a store looks,
//! since an attacker can make it look like one without a key. `rekey` takes it back when it has
//! sealed nothing anew.
//!
//! What no record inside the database can prevent: an attacker who copied the exception while it
//! stood may put it back until its key has left the ring.

use diesel::{prelude::*, upsert::excluded};
use uuid::Uuid;

use super::{
    Connection, StoreError,
    connection::run,
    schema::keys::dsl,
    seal::{KeyName, Place, Purpose, Seal},
    webhooks,
};

const UNREADABLE: StoreError = StoreError::Unreadable(Purpose::Key.name());

/// What becomes of a value in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    Taken,
    Refused,
}

impl Plain {
    const fn statement(self) -> &'static [u8] {
        match self {
            Self::Taken => b"plain values are taken",
            Self::Refused => b"plain values are refused",
        }
    }

    fn read(statement: &[u8]) -> Option<Self> {
        [Self::Taken, Self::Refused].into_iter().find(|plain| plain.statement() == statement)
    }
}

/// A key's name, and what is stated beside it.
struct Row {
    name: KeyName,
    statement: Option<Vec<u8>>,
}

impl Row {
    /// What it states, proven by the ring.
    fn plain(&self, ring: &Seal) -> Result<Option<Plain>, StoreError> {
        let Some(statement) = &self.statement else { return Ok(None) };
        let statement = ring.unpack(place(self.name), statement).map_err(|_| UNREADABLE)?;
        Plain::read(&statement).map(Some).ok_or(UNREADABLE)
    }
}

/// Refuses a ring that lacks a key of the store, and records the key that seals from now on.
pub(super) fn admit(connection: &mut Connection) -> Result<(), StoreError> {
    let ring = connection.seal();
    let rows = known(connection, &ring)?;
    if ring.seals() && stated(&ring, &rows)?.is_none() {
        state(connection, &ring, inherited(&ring, &rows)?)?;
        if rows.is_empty() && webhooks::are_there(connection)? {
            tracing::warn!(
                "the store has its first key: what it holds in the clear is refused until \
                 `labgate rekey --adopt-plain` seals it"
            );
        }
    }
    if takes_plain(connection)? {
        tracing::warn!(
            "the store accepts values that are not sealed, until a run of `labgate rekey` seals \
             nothing anew"
        );
    }
    Ok(())
}

/// Refuses a ring that lacks a key of the store. Returns whether values in the clear are taken.
pub(super) fn look(connection: &mut Connection) -> Result<bool, StoreError> {
    let ring = connection.seal();
    known(connection, &ring)?;
    takes_plain(connection)
}

/// Whether values in the clear are taken, beside a ring with a key.
pub(super) fn takes_plain(connection: &mut Connection) -> Result<bool, StoreError> {
    let ring = connection.seal();
    Ok(stated(&ring, &load(connection)?)? == Some(Plain::Taken))
}

/// Records that values in the clear are taken until everything is sealed.
pub(super) fn take_plain(connection: &mut Connection) -> Result<(), StoreError> {
    let ring = connection.seal();
    state(connection, &ring, Plain::Taken)
}

/// Records that everything is sealed under the newest key.
pub(super) fn settle(connection: &mut Connection) -> Result<(), StoreError> {
    let ring = connection.seal();
    connection.transaction(|open| {
        state(open, &ring, Plain::Refused)?;
        let Some(newest) = ring.names().next() else { return Ok(()) };
        let others = diesel::delete(dsl::keys.filter(dsl::name.ne(newest.as_bytes())));
        run!(open, c => others.execute(c))?;
        Ok(())
    })
}

/// Forgets a key that is lost, and says whether the store knew it. What it sealed stays closed.
pub fn forget(connection: &mut Connection, name: KeyName) -> Result<bool, StoreError> {
    let row = diesel::delete(dsl::keys.filter(dsl::name.eq(name.as_bytes())));
    Ok(run!(connection, c => row.execute(c))? > 0)
}

/// What is stated beside the newest key of `ring`.
fn stated(ring: &Seal, rows: &[Row]) -> Result<Option<Plain>, StoreError> {
    let newest = ring.names().next();
    let row = rows.iter().find(|row| Some(row.name) == newest);
    row.map_or(Ok(None), |row| row.plain(ring))
}

/// What is stated beside a key that is new to the store: what an older one states.
fn inherited(ring: &Seal, rows: &[Row]) -> Result<Plain, StoreError> {
    for row in rows {
        if row.plain(ring)? == Some(Plain::Taken) {
            return Ok(Plain::Taken);
        }
    }
    Ok(Plain::Refused)
}

/// Writes a statement under the newest key of `ring`, if it has one.
fn state(connection: &mut Connection, ring: &Seal, plain: Plain) -> Result<(), StoreError> {
    let Some(name) = ring.names().next() else { return Ok(()) };
    let statement = ring.pack("", place(name), plain.statement());
    let row = (dsl::name.eq(name.as_bytes()), dsl::statement.eq(Some(statement)));
    let insert = diesel::insert_into(dsl::keys).values(row);
    let insert = insert.on_conflict(dsl::name).do_update();
    let insert = insert.set(dsl::statement.eq(excluded(dsl::statement)));
    run!(connection, c => insert.execute(c))?;
    Ok(())
}

/// Every key of the store, all of which are in `ring`.
fn known(connection: &mut Connection, ring: &Seal) -> Result<Vec<Row>, StoreError> {
    let rows = load(connection)?;
    match rows.iter().find(|row| ring.names().all(|name| name != row.name)) {
        Some(row) => Err(StoreError::KeyUnknown(row.name)),
        None => Ok(rows),
    }
}

fn load(connection: &mut Connection) -> Result<Vec<Row>, StoreError> {
    let query = dsl::keys.order(dsl::name).select((dsl::name, dsl::statement));
    let rows: Vec<(Vec<u8>, Option<Vec<u8>>)> = run!(connection, c => query.load(c))?;
    let row = |(name, statement): (Vec<u8>, _)| {
        KeyName::from_bytes(&name).map(|name| Row { name, statement }).ok_or(UNREADABLE)
    };
    rows.into_iter().map(row).collect()
}

/// A statement belongs to its name.
fn place(name: KeyName) -> Place {
    let mut id = [0; 16];
    id[..name.as_bytes().len()].copy_from_slice(name.as_bytes());
    Place::new(Purpose::Key, Uuid::from_bytes(id))
}

#[cfg(test)]
mod tests;
