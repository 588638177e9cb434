//! A change of the model, for those who follow it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One numbered change. It tells what changed and where to read it, and holds no health data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its place in the feed.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened, by the vendor's clock.
    pub occurred_at: Timestamp,
    /// When Labgate kept it.
    pub recorded_at: Timestamp,
    /// The plugin that it came through.
    pub plugin: String,
    /// The order that it is about.
    pub order_id: Uuid,
    /// Status and ids of what changed.
    pub data: serde_json::Value,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum EventType {
    /// An order is known for the first time.
    #[serde(rename = "order.created")]
    OrderCreated,
    /// An order changed.
    #[serde(rename = "order.updated")]
    OrderUpdated,
    /// All results of an order are there.
    #[serde(rename = "order.completed")]
    OrderCompleted,
    /// An order was called off.
    #[serde(rename = "order.cancelled")]
    OrderCancelled,
    /// An order came to nothing.
    #[serde(rename = "order.failed")]
    OrderFailed,
    /// An order turned out to be this one under another name: `merged` is the id of it, which from
    /// now on leads to this one.
    #[serde(rename = "order.merged")]
    OrderMerged,
    /// An appointment is known for the first time.
    #[serde(rename = "appointment.created")]
    AppointmentCreated,
    /// An appointment changed.
    #[serde(rename = "appointment.updated")]
    AppointmentUpdated,
    /// Some results are there.
    #[serde(rename = "report.partial")]
    ReportPartial,
    /// All results are there.
    #[serde(rename = "report.final")]
    ReportFinal,
    /// Results changed after they were final.
    #[serde(rename = "report.amended")]
    ReportAmended,
    /// A report was called off before any version of it brought results.
    #[serde(rename = "report.cancelled")]
    ReportCancelled,
    /// Somebody must be told of a result now.
    #[serde(rename = "report.critical")]
    ReportCritical,
}
