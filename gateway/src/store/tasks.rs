//! What is still to be done for a webhook that only points.

use diesel::prelude::*;
use labgate_core::notice::FetchNotice;
use uuid::Uuid;

use super::{Connection, StoreError, arrival::Origin, connection::run, micros, schema::tasks::dsl};

/// The kind of task that asks the vendor's API.
const FETCH: &str = "fetch";

/// Writes down that something is to be fetched, once for each webhook that says so.
pub(super) fn schedule(
    connection: &mut Connection,
    origin: &Origin<'_>,
    pointer: &FetchNotice,
) -> Result<(), StoreError> {
    let webhook = origin.webhook.to_string();
    let known = dsl::tasks
        .filter(dsl::webhook_id.eq(&webhook))
        .filter(dsl::kind.eq(FETCH))
        .filter(dsl::subject.eq(pointer.subject.as_str()))
        .filter(dsl::provider_order_id.eq(pointer.provider_order_id.as_str()))
        .count();
    let known: i64 = run!(connection, c => known.get_result(c))?;
    if known > 0 {
        return Ok(());
    }
    let row = (
        dsl::id.eq(Uuid::now_v7().to_string()),
        dsl::plugin.eq(origin.plugin),
        dsl::kind.eq(FETCH),
        dsl::subject.eq(pointer.subject.as_str()),
        dsl::provider_order_id.eq(pointer.provider_order_id.as_str()),
        dsl::webhook_id.eq(webhook),
        dsl::due_at.eq(micros(origin.recorded_at)),
        dsl::attempts.eq(0),
        dsl::created_at.eq(micros(origin.recorded_at)),
    );
    run!(connection, c => diesel::insert_into(dsl::tasks).values(row).execute(c))?;
    Ok(())
}
