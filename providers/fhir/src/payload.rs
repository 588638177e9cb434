//! A webhook in FHIR's words: a resource, or a Bundle of them. What they say stands in
//! [`labgate_fhir_r4`].

use jiff::Timestamp;
use labgate_core::{
    Decoded, Identifier, Notices, VerifiedRequest,
    decode::{Reader, Shape, Unread, Unreadable},
};
use labgate_fhir_r4::{Context, Resources};
use serde::Deserialize;

/// A webhook of a FHIR server. It holds a patient, so it has no `Debug`.
pub struct Payload {
    resources: Resources,
    received_at: Timestamp,
}

/// What names the event: the type, and this version of the resource
/// (hl7.org/fhir/R4/resource.html#Meta).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    resource_type: Identifier,
    id: Option<Identifier>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    version_id: Option<Identifier>,
    last_updated: Option<Identifier>,
}

/// The rest is left to [`Resources`], which also notes what does not fit here.
const HEAD: Shape =
    Shape { unread: &[Unread::elsewhere(&["*", "meta.*"])], dispensable: &["id", "meta"] };

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body();
    if body.trim_ascii().is_empty() {
        let problem = "empty: Subscription.channel.payload must be application/fhir+json";
        return Err(Unreadable::at("", problem));
    }
    let head: Head = Reader::default().read("", body, HEAD)?;
    let received_at = request.received_at();
    let payload = Resources::read(body, "").map(|resources| Payload { resources, received_at });
    Ok(Decoded { event_id: head.version(), event_type: head.resource_type, payload })
}

impl Head {
    /// The address of this version (hl7.org/fhir/R4/http.html#vread) and its time: a server that
    /// changes one of them only must not have its news taken for a repetition. One that does not tell
    /// both names no event, and each of its bodies is one of its own.
    fn version(&self) -> Option<Identifier> {
        let (id, meta) = (self.id.as_ref()?, self.meta.as_ref()?);
        let version = meta.version_id.as_ref()?;
        let at = meta.last_updated.as_ref()?;
        Identifier::new(format!("{}/{id}/_history/{version}@{at}", self.resource_type))
    }
}

impl Payload {
    /// Says in our words what the webhook says.
    pub(crate) fn notices(self) -> Result<Notices, Unreadable> {
        let context = Context { received_at: self.received_at, order: None, report: None };
        self.resources.notices(&context)
    }
}
