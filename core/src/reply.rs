//! What a vendor is told.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::Identifier;

/// What became of a webhook that was proven, read and kept: what an acknowledgement may tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The vendor's word for the event.
    pub event_type: Identifier,
    /// What was done with it.
    pub outcome: Acknowledged,
}

/// The three ways in which a webhook is accepted for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// It was merged into the model.
    Accepted {
        /// Observations for a result, else orders and appointments touched.
        ingested_count: usize,
    },
    /// It had been kept before.
    Duplicate,
    /// It says nothing about labs; it is kept all the same.
    Ignored,
}

impl Receipt {
    /// The acknowledgement in Labgate's own words, to be sent as it is or added to.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("received".into(), true.into());
        body.insert("event_type".into(), self.event_type.as_str().into());
        match self.outcome {
            Acknowledged::Accepted { ingested_count } => {
                body.insert("ingested_count".into(), ingested_count.into());
            }
            Acknowledged::Duplicate => {
                body.insert("ingested_count".into(), 0.into());
                body.insert("duplicate".into(), true.into());
            }
            Acknowledged::Ignored => {
                body.insert("ignored".into(), true.into());
            }
        }
        body
    }
}

/// Which failures make a vendor send a webhook again. What it will not send again must not be
/// refused as the sender's fault while an operator could still mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// Whatever is not a 2xx.
    AfterAnyFailure,
    /// What is our fault: 5xx, and no answer. A 4xx is the last word, so a webhook that is refused
    /// for a reason which may be ours, a wrong secret or a limit, is refused with a 503.
    AfterServerErrors,
}

/// A provider's answer to a handshake or its wording of an acknowledgement.
///
/// It can only be a success: refusals are Labgate's to word, and no provider can send the
/// redirect or the 410 that makes vendors give up on an endpoint.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// 200 with a JSON object.
    Json(Map<String, Value>),
    /// 200 with plain text, for challenges that must be echoed bare.
    Text(Bytes),
    /// 204 without a body.
    Empty,
}

impl fmt::Debug for Reply {
    /// Leaves out the body: it may hold a token.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Json(_) => "Reply::Json(redacted)",
            Self::Text(_) => "Reply::Text(redacted)",
            Self::Empty => "Reply::Empty",
        })
    }
}
