//! Why an errand failed, and whether it is worth another try.

use std::time::Duration;

use super::{SessionAway, Unreachable};
use crate::decode::Unreadable;

/// Why an errand failed. No text of it comes from an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErrandError {
    /// No answer came, or none in time.
    #[error("the vendor's API can't be reached")]
    Unreachable,
    /// 5xx: it is the vendor's trouble.
    #[error("the vendor's API is in trouble")]
    Failing {
        /// How long the vendor asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// 429: too many requests.
    #[error("the vendor's API asks for fewer requests")]
    Throttled {
        /// How long the vendor asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// 404: not there, or not there yet, since webhooks overtake the API behind them.
    #[error("the vendor's API does not know what was asked for")]
    NotFound,
    /// 401 or 403: the operator's credentials are not accepted.
    #[error("the vendor's API refuses our credentials")]
    Refused,
    /// An address that the vendor gave is not good any more; the next try gets another one.
    #[error("an address that the vendor gave is not good any more")]
    Expired,
    /// No account is connected, or its vendor takes none of its tokens any more: an operator must
    /// connect it (again).
    #[error("no account is connected at the vendor's API")]
    NotConnected,
    /// The tokens can't be read or kept.
    #[error(transparent)]
    SessionAway(#[from] SessionAway),
    /// Any other status: the adapter asks what the vendor does not answer.
    #[error("the vendor's API answered {status}")]
    Unexpected {
        /// The status code.
        status: u16,
    },
    /// An answer, or the pointer that was to be followed, is not of the form that the adapter
    /// knows. The field says which.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// Whether an errand is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same errand may do later; not before `after`, if the vendor said so.
    Later {
        /// How long the vendor asks to be left alone.
        after: Option<Duration>,
    },
    /// Only a change of configuration or adapter helps, and somebody must be told.
    AfterAChange,
}

impl ErrandError {
    /// What to do about it.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Unreachable | Self::NotFound | Self::Expired | Self::SessionAway(_) => {
                Retry::Later { after: None }
            }
            Self::Failing { retry_after } | Self::Throttled { retry_after } => {
                Retry::Later { after: *retry_after }
            }
            Self::Refused | Self::NotConnected | Self::Unexpected { .. } | Self::Unreadable(_) => {
                Retry::AfterAChange
            }
        }
    }
}

impl From<Unreachable> for ErrandError {
    fn from(Unreachable: Unreachable) -> Self {
        Self::Unreachable
    }
}
