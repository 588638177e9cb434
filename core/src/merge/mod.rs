//! How notices become the model: pure, idempotent, and blind to the order of arrival.
//!
//! Vendors repeat, reorder and delay their webhooks, so nothing here asks what came first. An
//! order or an appointment is a [`History`]: the set of all statuses that the vendor told of, and
//! for each kind of message the newest one. Both only ever grow towards the same state:
//!
//! - The **timeline** is a set. An entry's key is the vendor's event id, or else time and status.
//!   The status is the latest entry by time and event id; it is derived and never assigned, so a
//!   late webhook adds to the past and moves nothing back. No transition is refused: vendors'
//!   diagrams are incomplete, and support can reinstate a cancelled order.
//! - **Details** are kept by topic, which is the kind of message. The newest message of a topic
//!   replaces the one before it, nulls included; what it does not tell may still be known from
//!   an older message of another topic. Newest means the latest timeline entry that the message
//!   carries, then the time that the vendor gives. Two messages of one age are joined field by
//!   field: what one of them tells stands, and of two values the greater, so that no coin is
//!   tossed.
//!
//! Reports are never merged: each is a [`Series`] of versions.
//!
//! Nothing here costs more than n log n in the notices of a webhook, nor more than the size of what
//! is known of an order for each webhook that is about it.

mod changes;
mod filed;
mod findings;
mod greater;
mod history;
mod order;
mod report;
mod series;
mod timeline;

pub use changes::{appointment_events, order_events, report_events};
pub use filed::FiledReport;
pub use history::{Details, History};
pub use order::{AppointmentHistory, OrderHistory, appointment_view, order_view};
pub use report::versions;
pub use series::{Series, Standing};
pub use timeline::{Entry, Timeline};
