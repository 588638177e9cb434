//! The API as a table: routes, checks and the OpenAPI document all come from here.

use labgate_core::model::{Appointment, Event, Order, Report};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{
    kept::{WebhookContent, WebhookSummary},
    page::{EventPage, List, Page},
};
use crate::{config::Scope, replay::Replayed};

/// One path of the API.
pub(super) struct Endpoint {
    /// In OpenAPI's and actix' common notation.
    pub(super) path: &'static str,
    /// `get` or `post`.
    pub(super) method: &'static str,
    /// What a key needs.
    pub(super) scope: Scope,
    /// One line for the reader of the document.
    pub(super) summary: &'static str,
    /// What may follow `?`.
    pub(super) parameters: &'static [Parameter],
    /// What a 200 holds.
    pub(super) response: fn(&mut SchemaGenerator) -> Schema,
}

/// A query parameter.
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: &'static str,
    /// JSON Schema's word for its type.
    pub(super) kind: &'static str,
    /// One line for the reader of the document.
    pub(super) about: &'static str,
}

const fn parameter(name: &'static str, kind: &'static str, about: &'static str) -> Parameter {
    Parameter { name, kind, about }
}

const PLUGIN: Parameter = parameter("plugin", "string", "Of this plugin only");
const LIMIT: Parameter = parameter("limit", "integer", "At most as many, 1 to 500; 50 if not said");
const CURSOR: Parameter = parameter("cursor", "string", "`next_cursor` of the page before");

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

pub(super) const ORDERS: Endpoint = Endpoint {
    path: "/v1/orders",
    method: "get",
    scope: Scope::Read,
    summary: "Orders, the ones known last first",
    parameters: &[
        PLUGIN,
        parameter(
            "provider_order_id",
            "string",
            "With this id of the vendor, or another name that leads to it",
        ),
        parameter("status", "string", "In this status"),
        parameter("phase", "string", "In this phase"),
        parameter("updated_after", "string", "Changed after this time of the vendor (RFC 3339)"),
        LIMIT,
        CURSOR,
    ],
    response: schema::<Page<Order>>,
};

pub(super) const ORDER: Endpoint = Endpoint {
    path: "/v1/orders/{id}",
    method: "get",
    scope: Scope::Read,
    summary: "One order",
    parameters: &[],
    response: schema::<Order>,
};

pub(super) const APPOINTMENTS: Endpoint = Endpoint {
    path: "/v1/orders/{id}/appointments",
    method: "get",
    scope: Scope::Read,
    summary: "The appointments of an order, the one known last first",
    parameters: &[],
    response: schema::<List<Appointment>>,
};

pub(super) const REPORTS: Endpoint = Endpoint {
    path: "/v1/orders/{id}/reports",
    method: "get",
    scope: Scope::Read,
    summary: "All versions of an order's results, newest first",
    parameters: &[],
    response: schema::<List<Report>>,
};

pub(super) const REPORT: Endpoint = Endpoint {
    path: "/v1/reports/{id}",
    method: "get",
    scope: Scope::Read,
    summary: "One version of an order's results",
    parameters: &[],
    response: schema::<Report>,
};

pub(super) const EVENTS: Endpoint = Endpoint {
    path: "/v1/events",
    method: "get",
    scope: Scope::Read,
    summary: "The feed of changes, oldest first",
    parameters: &[parameter("after", "integer", "After this `seq`; 0 if not said"), LIMIT],
    response: schema::<EventPage<Event>>,
};

pub(super) const WEBHOOKS: Endpoint = Endpoint {
    path: "/v1/webhooks",
    method: "get",
    scope: Scope::Read,
    summary: "Kept webhooks without their content, newest first",
    parameters: &[
        PLUGIN,
        parameter("outcome", "string", "`accepted`, `ignored` or `quarantined`"),
        LIMIT,
        CURSOR,
    ],
    response: schema::<Page<WebhookSummary>>,
};

pub(super) const WEBHOOK: Endpoint = Endpoint {
    path: "/v1/webhooks/{id}",
    method: "get",
    scope: Scope::Raw,
    summary: "One kept webhook as it came",
    parameters: &[],
    response: schema::<WebhookContent>,
};

pub(super) const REPLAY: Endpoint = Endpoint {
    path: "/v1/webhooks/{id}/replay",
    method: "post",
    scope: Scope::Replay,
    summary: "Read a kept webhook again, and merge what it says now",
    parameters: &[],
    response: schema::<Replayed>,
};

/// The whole table.
pub(super) const ALL: [&Endpoint; 9] =
    [&ORDERS, &ORDER, &APPOINTMENTS, &REPORTS, &REPORT, &EVENTS, &WEBHOOKS, &WEBHOOK, &REPLAY];
