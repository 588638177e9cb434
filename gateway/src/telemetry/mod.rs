//! What an operator sees: logs and metrics. Neither ever holds health data, a secret, or anything
//! else out of a body.

mod flood;
mod logs;
mod metrics;
mod refusals;

pub use logs::{LogFormat, init};
pub use metrics::{Metrics, NOT_RECEIVED, WRONG_METHOD};
pub(crate) use refusals::AdminRefusal;
