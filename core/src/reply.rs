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
    /// Any answer that is not a 2xx, and no answer.
    AfterAnyFailure,
    /// What is our fault: 5xx, and no answer. A 4xx is the last word, so a webhook that is refused
    /// for a reason which may be ours, a wrong secret or a limit, is refused with a 503.
    AfterServerErrors,
    /// What is our fault, as above, and these of the 4xx: a webhook that is refused with another
    /// one, for a reason which may be ours, is refused with a 503. A list that is empty, or names
    /// what is no 4xx, or 410, does not compile once the provider is registered.
    ///
    /// There is no variant for a vendor that gives up on 5xx: what is not kept could be refused
    /// with nothing that it would send again.
    AfterServerErrorsOr(&'static [u16]),
}

impl Retries {
    /// Whether the vendor sends again what was refused with `status`, a 4xx or 5xx.
    pub fn heeds(self, status: u16) -> bool {
        match self {
            Self::AfterAnyFailure => true,
            Self::AfterServerErrors => status >= 500,
            Self::AfterServerErrorsOr(listed) => status >= 500 || listed.contains(&status),
        }
    }

    /// Whether a list names one or more 4xx but for 410, and nothing else.
    pub(crate) const fn is_sound(self) -> bool {
        let Self::AfterServerErrorsOr(listed) = self else { return true };
        let mut index = 0;
        while index < listed.len() {
            if listed[index] < 400 || listed[index] >= 500 || listed[index] == 410 {
                return false;
            }
            index += 1;
        }
        !listed.is_empty()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_statuses_is_one_of_4xx() {
        for listed in [&[401, 403][..], &[400], &[499]] {
            assert!(Retries::AfterServerErrorsOr(listed).is_sound(), "{listed:?}");
        }
        for listed in [&[][..], &[399], &[500], &[401, 410], &[200]] {
            assert!(!Retries::AfterServerErrorsOr(listed).is_sound(), "{listed:?}");
        }
    }

    #[test]
    fn a_vendor_heeds_what_its_documentation_lists() {
        let heeded =
            |retries: Retries| [400, 401, 403, 408, 413, 500, 503].map(|it| retries.heeds(it));
        assert_eq!(heeded(Retries::AfterAnyFailure), [true; 7]);
        let [no, yes] = [false, true];
        assert_eq!(heeded(Retries::AfterServerErrors), [no, no, no, no, no, yes, yes]);
        let listed = Retries::AfterServerErrorsOr(&[401, 403]);
        assert_eq!(heeded(listed), [no, yes, yes, no, no, yes, yes]);
    }
}
