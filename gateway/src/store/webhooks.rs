//! Kept webhooks, byte for byte.

use std::collections::HashSet;

use bytes::Bytes;
use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::{Identifier, VerifiedRequest, verify::Proof};
use uuid::Uuid;

use super::{
    Connection, StoreError, Stored,
    connection::{columns, each, hold, run},
    key::Key,
    micros,
    parcel::{Parcel, read_content},
    schema::webhooks::dsl,
    seal::{Place, Purpose},
    timestamp,
};

/// The table, as errors name it.
pub(super) const TABLE: &str = "webhooks";

/// What can become of a kept webhook.
pub const OUTCOMES: [&str; 3] = ["accepted", "ignored", "quarantined"];

/// A kept webhook without its content.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its place in the list.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// The plugin that it came through.
    pub plugin: String,
    /// The vendor's word for the event, if it could be read that far.
    pub event_type: Option<String>,
    /// `accepted`, `ignored` or `quarantined`.
    pub outcome: String,
    /// Why it is quarantined: the field, never its content.
    pub reason: Option<String>,
    /// The vendor's id of the message, where it was proven.
    pub message_id: Option<String>,
    /// When the request that is kept arrived.
    pub received_at: Timestamp,
}

/// Why a webhook is set aside.
const REPLACED: &str = "the vendor sent another body under the same id";

impl Webhook {
    /// Whether the vendor has sent another body under the same id since.
    pub fn is_replaced(&self) -> bool {
        self.reason.as_deref() == Some(REPLACED)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = super::schema::webhooks)]
struct Row {
    seq: i64,
    id: Key,
    plugin: String,
    event_type: Option<String>,
    outcome: String,
    reason: Option<String>,
    message_id: Option<String>,
    received_at: i64,
}

impl From<Row> for Webhook {
    fn from(row: Row) -> Self {
        let Row { seq, id, plugin, event_type, outcome, reason, message_id, received_at } = row;
        let (id, received_at) = (id.0, timestamp(received_at));
        Self { seq, id, plugin, event_type, outcome, reason, message_id, received_at }
    }
}

/// A kept webhook.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Webhook>, StoreError> {
    let query = dsl::webhooks.filter(dsl::id.eq(Key(id))).select(columns::<Row>());
    let row: Option<Row> = run!(connection, c => query.first(c).optional())?;
    Ok(row.map(Webhook::from))
}

/// What a kept webhook brought, proven as it was.
pub fn content(
    connection: &mut Connection,
    id: Uuid,
) -> Result<Option<VerifiedRequest>, StoreError> {
    let columns = (dsl::secret_index, dsl::message_id, dsl::received_at, dsl::content);
    let query = dsl::webhooks.filter(dsl::id.eq(Key(id))).select(columns);
    let row: Option<(i32, Option<String>, i64, Vec<u8>)> =
        run!(connection, c => query.first(c).optional())?;
    let Some((secret_index, message_id, received_at, packed)) = row else { return Ok(None) };
    let content = connection.seal().unpack(Place::new(Purpose::Content, id), &packed)?;
    let (headers, body) = read_content(&content)?;
    let body = Bytes::copy_from_slice(body);
    let proof =
        Proof { secret_index: usize::try_from(secret_index).unwrap_or_default(), message_id };
    Ok(Some(VerifiedRequest::from_archive(body, headers, proof, timestamp(received_at))))
}

/// Whether any webhook is kept.
pub(super) fn are_there(connection: &mut Connection) -> Result<bool, StoreError> {
    let any = dsl::webhooks.select(dsl::seq);
    let any: Option<i64> = run!(connection, c => any.first(c).optional())?;
    Ok(any.is_some())
}

/// Which webhooks to list; newest first.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this plugin only.
    pub plugin: Option<String>,
    /// With this outcome only.
    pub outcome: Option<String>,
    /// Before this place in the list.
    pub before: Option<i64>,
    /// At most as many.
    pub limit: i64,
}

/// Kept webhooks, newest first.
pub fn list(connection: &mut Connection, filter: &Filter) -> Result<Vec<Webhook>, StoreError> {
    let rows: Vec<Row> = run!(connection, c => {
        let mut query = dsl::webhooks.select(columns::<Row>()).order(dsl::seq.desc()).into_boxed();
        if let Some(plugin) = &filter.plugin {
            query = query.filter(dsl::plugin.eq(plugin));
        }
        if let Some(outcome) = &filter.outcome {
            query = query.filter(dsl::outcome.eq(outcome));
        }
        if let Some(before) = filter.before {
            query = query.filter(dsl::seq.lt(before));
        }
        query.limit(filter.limit).load(c)
    })?;
    Ok(rows.into_iter().map(Webhook::from).collect())
}

/// How many webhooks of `plugin` are quarantined.
pub fn quarantined(connection: &mut Connection, plugin: &str) -> Result<i64, StoreError> {
    let query =
        dsl::webhooks.filter(dsl::plugin.eq(plugin)).filter(dsl::outcome.eq("quarantined")).count();
    Ok(run!(connection, c => query.get_result(c))?)
}

/// When the last webhook of `plugin` was kept.
pub fn last_received_at(
    connection: &mut Connection,
    plugin: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let query = dsl::webhooks
        .filter(dsl::plugin.eq(plugin))
        .order(dsl::seq.desc())
        .select(dsl::received_at);
    let last: Option<i64> = run!(connection, c => query.first(c).optional())?;
    Ok(last.map(timestamp))
}

#[derive(Insertable)]
#[diesel(table_name = super::schema::webhooks, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: Key,
    plugin: &'a str,
    dedupe_key: Key,
    event_type: Option<String>,
    outcome: &'static str,
    reason: Option<String>,
    message_id: Option<String>,
    secret_index: i32,
    received_at: i64,
    content: &'a [u8],
}

/// Keeps webhooks, in the order of their dedupe keys, and tells the ids of those whose key was
/// not there. Where another gateway is about to keep one of them, this waits for its transaction.
pub(super) fn insert<'a>(
    connection: &mut Connection,
    parcels: impl Iterator<Item = &'a Parcel>,
) -> Result<HashSet<Uuid>, StoreError> {
    let row = |parcel: &'a Parcel| {
        let Parcel { arrival, id, dedupe_key, content, stored, .. } = parcel;
        let proof = arrival.request.proof();
        NewRow {
            id: Key(*id),
            plugin: &arrival.plugin,
            dedupe_key: *dedupe_key,
            event_type: arrival.event_type.as_ref().map(Identifier::to_string),
            outcome: stored.label(),
            reason: stored.reason(),
            message_id: proof.message_id.clone(),
            secret_index: i32::try_from(proof.secret_index).unwrap_or_default(),
            received_at: micros(arrival.request.received_at()),
            content,
        }
    };
    let rows: Vec<NewRow> = parcels.map(row).collect();
    let kept: Vec<Vec<Key>> = each!(connection, rows, these, c => {
        let insert = diesel::insert_into(dsl::webhooks).values(these).on_conflict_do_nothing();
        insert.returning(dsl::id).get_results(c)
    })?;
    Ok(kept.into_iter().flatten().map(|key| key.0).collect())
}

/// A webhook that stands in the store, in the hands of a writer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub(super) id: Uuid,
    pub(super) dedupe_key: Key,
    pub(super) quarantined: bool,
}

/// Holds the webhooks of these dedupe keys and these ids until the transaction ends.
pub(super) fn hold(
    connection: &mut Connection,
    mut keys: Vec<Key>,
    ids: Vec<Key>,
) -> Result<Vec<Kept>, StoreError> {
    if !ids.is_empty() {
        // Asked for both at once, SQLite would look at every row.
        let query = dsl::webhooks.filter(dsl::id.eq_any(ids)).select(dsl::dedupe_key);
        let of_ids: Vec<Key> = run!(connection, c => query.load(c))?;
        keys.extend(of_ids);
    }
    let rows: Vec<(Key, Key, String)> = hold!(connection, dsl::dedupe_key, &keys, these => {
        let columns = (dsl::id, dsl::dedupe_key, dsl::outcome);
        dsl::webhooks.filter(these).order(dsl::dedupe_key).select(columns)
    })?;
    let kept = |(id, dedupe_key, outcome): (Key, Key, String)| Kept {
        id: id.0,
        dedupe_key,
        quarantined: outcome == "quarantined",
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// Whether the kept webhook `id` has the body of `parcel`.
pub(super) fn is_same(
    connection: &mut Connection,
    id: Uuid,
    parcel: &Parcel,
) -> Result<bool, StoreError> {
    let kept = content(connection, id)?;
    Ok(kept.is_some_and(|kept| kept.body() == parcel.arrival.request.body()))
}

/// Sets a quarantined webhook aside, whose vendor has sent another body under the same id.
pub(super) fn retire(connection: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    let update = diesel::update(dsl::webhooks.filter(dsl::id.eq(Key(id)))).set((
        // Its own id is a key that no delivery has.
        dsl::dedupe_key.eq(Key(id)),
        dsl::outcome.eq(Stored::Ignored.label()),
        dsl::reason.eq(REPLACED),
    ));
    run!(connection, c => update.execute(c))?;
    Ok(())
}

/// Writes what became of a kept webhook that was read again or could not be merged. Its time is that of the request that
/// was read, which is what notices without a time of their own carry.
pub(super) fn settle(
    connection: &mut Connection,
    id: Uuid,
    parcel: &Parcel,
    stored: &Stored,
) -> Result<(), StoreError> {
    let arrival = &parcel.arrival;
    let update = diesel::update(dsl::webhooks.filter(dsl::id.eq(Key(id)))).set((
        dsl::event_type.eq(arrival.event_type.as_ref().map(Identifier::as_str)),
        dsl::outcome.eq(stored.label()),
        dsl::reason.eq(stored.reason()),
        dsl::received_at.eq(micros(arrival.request.received_at())),
    ));
    run!(connection, c => update.execute(c))?;
    Ok(())
}
