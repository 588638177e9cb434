//! What an operator sees: logs and metrics. Neither ever holds health data, a secret, or anything
//! else out of a body.

mod logs;
mod metrics;

pub use logs::{LogFormat, init};
pub use metrics::{Metrics, NOT_RECEIVED};
