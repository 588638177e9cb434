//! The tables, and the one transaction.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult, upsert::excluded,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use serde_json::Value;

use super::model::{Message, What};

pub(super) const CREATE: &str = "
CREATE TABLE IF NOT EXISTS webhooks (
    plugin TEXT NOT NULL,
    id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (plugin, id)
);
CREATE TABLE IF NOT EXISTS orders (
    plugin TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    document JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (plugin, id)
);
CREATE TABLE IF NOT EXISTS results (
    id BIGSERIAL PRIMARY KEY,
    plugin TEXT NOT NULL,
    order_id TEXT NOT NULL,
    document JSONB NOT NULL
);
CREATE INDEX IF NOT EXISTS results_by_order ON results (plugin, order_id);
CREATE TABLE IF NOT EXISTS events (
    id BIGSERIAL PRIMARY KEY,
    plugin TEXT NOT NULL,
    order_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
";

diesel::table! {
    webhooks (plugin, id) {
        plugin -> Text,
        id -> Text,
        event_type -> Text,
        body -> Binary,
    }
}

diesel::table! {
    orders (plugin, id) {
        plugin -> Text,
        id -> Text,
        status -> Text,
        document -> Jsonb,
    }
}

diesel::table! {
    results (id) {
        id -> Int8,
        plugin -> Text,
        order_id -> Text,
        document -> Jsonb,
    }
}

diesel::table! {
    events (id) {
        id -> Int8,
        plugin -> Text,
        order_id -> Text,
        event_type -> Text,
    }
}

/// Keeps a webhook and what it says; `false` if it was kept before.
pub(super) async fn keep(
    connection: &mut AsyncPgConnection,
    plugin: &str,
    message: &Message,
    body: &[u8],
) -> QueryResult<bool> {
    connection
        .transaction(async |connection| {
            let webhook = (
                webhooks::plugin.eq(plugin),
                webhooks::id.eq(&message.id),
                webhooks::event_type.eq(&message.event_type),
                webhooks::body.eq(body),
            );
            let kept = diesel::insert_into(webhooks::table)
                .values(webhook)
                .on_conflict_do_nothing()
                .execute(connection)
                .await?;
            if kept == 0 {
                return Ok(false);
            }
            order(connection, plugin, message).await?;
            if message.what == What::Result {
                let result = (
                    results::plugin.eq(plugin),
                    results::order_id.eq(&message.order_id),
                    results::document.eq(&message.content),
                );
                diesel::insert_into(results::table).values(result).execute(connection).await?;
            }
            let event = (
                events::plugin.eq(plugin),
                events::order_id.eq(&message.order_id),
                events::event_type.eq(&message.event_type),
            );
            diesel::insert_into(events::table).values(event).execute(connection).await?;
            Ok(true)
        })
        .await
}

async fn order(
    connection: &mut AsyncPgConnection,
    plugin: &str,
    message: &Message,
) -> QueryResult<()> {
    let known: Option<Value> = orders::table
        .find((plugin, &message.order_id))
        .select(orders::document)
        .for_update()
        .first(connection)
        .await
        .optional()?;
    let order = (
        orders::plugin.eq(plugin),
        orders::id.eq(&message.order_id),
        orders::status.eq(message.status()),
        orders::document.eq(message.merged(known)),
    );
    diesel::insert_into(orders::table)
        .values(order)
        .on_conflict((orders::plugin, orders::id))
        .do_update()
        .set((
            orders::status.eq(excluded(orders::status)),
            orders::document.eq(excluded(orders::document)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}
