//! What is still to be done for a webhook that only points.

use diesel::prelude::*;
use labgate_core::notice::FetchNotice;
use uuid::Uuid;

use super::{
    Connection, StoreError, arrival::Origin, connection::each, key::Key, micros, schema::tasks::dsl,
};

/// The kind of task that asks the vendor's API.
const FETCH: &str = "fetch";

/// A task that is due at once.
#[derive(Insertable)]
#[diesel(table_name = super::schema::tasks, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Key,
    plugin: String,
    kind: &'static str,
    subject: String,
    reference: String,
    provider_order_id: String,
    webhook_id: Key,
    due_at: i64,
    attempts: i32,
    created_at: i64,
    provider_report_id: Option<String>,
}

impl Row {
    /// That something is to be fetched.
    pub(super) fn new(origin: &Origin, pointer: &FetchNotice) -> Self {
        Self {
            id: Key(Uuid::now_v7()),
            plugin: origin.plugin.to_string(),
            kind: FETCH,
            subject: pointer.subject.as_str().into(),
            reference: pointer.reference.as_str().into(),
            provider_order_id: pointer.provider_order_id.as_str().into(),
            webhook_id: Key(origin.webhook),
            due_at: micros(origin.recorded_at),
            attempts: 0,
            created_at: micros(origin.recorded_at),
            provider_report_id: pointer.provider_report_id.as_ref().map(ToString::to_string),
        }
    }
}

/// Writes tasks down, each once for the webhook that says so.
pub(super) fn save(connection: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    each!(connection, rows, these, c => {
        diesel::insert_into(dsl::tasks).values(these).on_conflict_do_nothing().execute(c)
    })?;
    Ok(())
}
