//! Every column of packed values, for work that goes over all of them.

use diesel::{dsl::max, prelude::*};

use super::{
    Connection, StoreError,
    connection::{lock, run},
    functions::{length, substr},
    key::Key,
    schema,
    seal::{HEAD, Purpose},
};

/// A column of packed values, and the queries on it.
pub(super) struct Column {
    pub(super) purpose: Purpose,
    /// Where it ends.
    pub(super) end: fn(&mut Connection) -> Result<Option<i64>, StoreError>,
    /// The next rows after a place, at most as many.
    pub(super) page: fn(&mut Connection, i64, i64) -> Result<Vec<Glance>, StoreError>,
    /// Whole rows, held until the transaction ends.
    pub(super) hold: fn(&mut Connection, &[i64]) -> Result<Vec<Row>, StoreError>,
    /// Replaces a value.
    pub(super) put: fn(&mut Connection, i64, Vec<u8>) -> Result<(), StoreError>,
}

/// A row's place, how its value starts, and how long it is.
pub(super) type Glance = (i64, Vec<u8>, i32);

/// A row's place, its id, its plugin and its value.
pub(super) type Row = (i64, Key, String, Vec<u8>);

macro_rules! column {
    ($purpose:ident, $table:ident.$column:ident, held by $order:ident) => {
        Column {
            purpose: Purpose::$purpose,
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
pub(super) static COLUMNS: [Column; 4] = [
    column!(Content, webhooks.content, held by dedupe_key),
    column!(Order, orders.document, held by id),
    column!(Appointment, appointments.document, held by id),
    column!(Report, reports.document, held by id),
];
