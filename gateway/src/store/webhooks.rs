//! Kept webhooks, byte for byte.

use bytes::Bytes;
use diesel::prelude::*;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use labgate_core::{VerifiedRequest, verify::Proof};
use uuid::Uuid;

use super::{
    Arrival, Connection, StoreError, Stored,
    connection::run,
    document::{from_document, to_document},
    micros,
    schema::webhooks::dsl,
    timestamp,
};

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
    id: String,
    plugin: String,
    event_type: Option<String>,
    outcome: String,
    reason: Option<String>,
    message_id: Option<String>,
    received_at: i64,
}

fn webhook(row: Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        seq: row.seq,
        id: row.id.parse().map_err(|_| StoreError::Unreadable("webhooks"))?,
        plugin: row.plugin,
        event_type: row.event_type,
        outcome: row.outcome,
        reason: row.reason,
        message_id: row.message_id,
        received_at: timestamp(row.received_at),
    })
}

/// The kept webhook that a delivery repeats.
pub(super) fn find_delivery(
    connection: &mut Connection,
    plugin: &str,
    dedupe_key: &str,
) -> Result<Option<Webhook>, StoreError> {
    let query = dsl::webhooks
        .filter(dsl::plugin.eq(plugin))
        .filter(dsl::dedupe_key.eq(dedupe_key))
        .select(Row::as_select());
    run!(connection, c => query.first(c).optional())?.map(webhook).transpose()
}

/// A kept webhook.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Webhook>, StoreError> {
    let query = dsl::webhooks.filter(dsl::id.eq(id.to_string())).select(Row::as_select());
    run!(connection, c => query.first(c).optional())?.map(webhook).transpose()
}

/// What a kept webhook brought, proven as it was.
pub fn content(
    connection: &mut Connection,
    id: Uuid,
) -> Result<Option<VerifiedRequest>, StoreError> {
    let columns = (dsl::body, dsl::headers, dsl::secret_index, dsl::message_id, dsl::received_at);
    let query = dsl::webhooks.filter(dsl::id.eq(id.to_string())).select(columns);
    type Content = (Vec<u8>, Vec<u8>, i32, Option<String>, i64);
    let row: Option<Content> = run!(connection, c => query.first(c).optional())?;
    row.map(|(body, headers, secret_index, message_id, received_at)| {
        let proof =
            Proof { secret_index: usize::try_from(secret_index).unwrap_or_default(), message_id };
        let headers = read_headers(&headers)?;
        Ok(VerifiedRequest::from_archive(Bytes::from(body), headers, proof, timestamp(received_at)))
    })
    .transpose()
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
        let mut query = dsl::webhooks.select(Row::as_select()).order(dsl::seq.desc()).into_boxed();
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
    rows.into_iter().map(webhook).collect()
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

/// Keeps a webhook.
pub(super) fn insert(
    connection: &mut Connection,
    arrival: &Arrival,
    stored: &Stored,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    let proof = arrival.request.proof();
    let row = (
        dsl::id.eq(id.to_string()),
        dsl::plugin.eq(&*arrival.plugin),
        dsl::dedupe_key.eq(&arrival.dedupe_key),
        dsl::event_type.eq(arrival.event_type.as_ref().map(labgate_core::Identifier::as_str)),
        dsl::outcome.eq(stored.label()),
        dsl::reason.eq(stored.reason()),
        dsl::message_id.eq(&proof.message_id),
        dsl::secret_index.eq(i32::try_from(proof.secret_index).unwrap_or_default()),
        dsl::headers.eq(write_headers(arrival.request.headers())),
        dsl::body.eq(arrival.request.body().as_ref()),
        dsl::received_at.eq(micros(arrival.request.received_at())),
    );
    run!(connection, c => diesel::insert_into(dsl::webhooks).values(row).execute(c))?;
    Ok(id)
}

/// Whether the kept webhook `id` is `arrival`, byte for byte.
pub(super) fn is_same(
    connection: &mut Connection,
    id: Uuid,
    arrival: &Arrival,
) -> Result<bool, StoreError> {
    let query = dsl::webhooks.filter(dsl::id.eq(id.to_string())).select(dsl::body);
    let body: Vec<u8> = run!(connection, c => query.first(c))?;
    Ok(body == arrival.request.body().as_ref())
}

/// Sets a quarantined webhook aside, whose vendor has sent another body under the same id.
pub(super) fn retire(connection: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    let update = diesel::update(dsl::webhooks.filter(dsl::id.eq(id.to_string()))).set((
        dsl::dedupe_key.eq(format!("replaced:{id}")),
        dsl::outcome.eq(Stored::Ignored.label()),
        dsl::reason.eq(REPLACED),
    ));
    run!(connection, c => update.execute(c))?;
    Ok(())
}

/// Writes what became of a kept webhook that was read again. Its time is that of the request that
/// was read, which is what notices without a time of their own carry.
pub(super) fn settle(
    connection: &mut Connection,
    id: Uuid,
    arrival: &Arrival,
    stored: &Stored,
) -> Result<(), StoreError> {
    let update = diesel::update(dsl::webhooks.filter(dsl::id.eq(id.to_string()))).set((
        dsl::event_type.eq(arrival.event_type.as_ref().map(labgate_core::Identifier::as_str)),
        dsl::outcome.eq(stored.label()),
        dsl::reason.eq(stored.reason()),
        dsl::received_at.eq(micros(arrival.request.received_at())),
    ));
    run!(connection, c => update.execute(c))?;
    Ok(())
}

/// Headers as pairs, since one may be repeated.
fn write_headers(headers: &HeaderMap) -> Vec<u8> {
    let pairs: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    to_document(&pairs)
}

fn read_headers(bytes: &[u8]) -> Result<HeaderMap, StoreError> {
    let pairs: Vec<(String, Vec<u8>)> = from_document("webhooks", bytes)?;
    let headers = pairs.into_iter().map(|(name, value)| {
        Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_bytes(&value).ok()?))
    });
    headers.collect::<Option<_>>().ok_or(StoreError::Unreadable("webhooks"))
}
