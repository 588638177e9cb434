//! What the fuzz targets share: a sender for every provider, the model that notices merge into, and
//! deliveries out of arbitrary bytes.

#![forbid(unsafe_code)]

mod deliveries;
mod model;
mod providers;

pub use deliveries::Delivery;
pub use model::{Model, View};
pub use providers::{NOW, Sender, senders};
