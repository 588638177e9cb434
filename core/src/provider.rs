//! The contract that an adapter fulfils. Written for the author of an adapter; the gateway sees
//! it through [`crate::DynProvider`].

use std::fmt::{self, Debug};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    Demo, Identifier, Notices, RawRequest, Receipt, Reply, Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    errands::{Fetch, Poll},
    model::OrderStatus,
    verify::Verifier,
};

/// A lab provider: how its webhooks are proven, read and understood.
///
/// # Contract
///
/// A provider is a pure function of its configuration and the request. It does no I/O, reads no
/// clock, spawns nothing and keeps no state between calls, so the gateway may call it from any
/// thread, and may call it again, years later, on a webhook that it kept.
///
/// Whatever a vendor sends, a provider must not panic. What it does not know is not an error: an
/// unknown event type gives no notices, an unknown status becomes `unknown` with the vendor's
/// word beside it, and an unknown field is drift. An error is for a webhook whose meaning can't
/// be made out; it is kept and can be read again after a fix.
///
/// No error, `Debug` or log line of a provider may hold anything out of a body or a secret.
///
/// The gateway calls, for each request: [`handshake`](Self::handshake), then the
/// [`verifier`](Self::verifier), [`decode`](Self::decode), [`map`](Self::map), and once the
/// webhook is on disk [`acknowledge`](Self::acknowledge). What a webhook only points at is fetched
/// after that ([`fetch`](Self::fetch)), so a vendor never waits for its own API.
///
/// One request may bring any number of notices, of one event or of a batch of them: it is kept,
/// deduped and acknowledged as a whole. Repeated events in different batches merge into nothing
/// new, as everything does.
///
/// `docs/adding-a-provider.md` walks through writing one; `labgate_testkit::conformance!` holds it
/// to this contract.
pub trait Provider: Debug + Send + Sync + Sized + 'static {
    /// The word for it in `plugins.toml`, in lower case.
    const KIND: &'static str;

    /// Every event type that the vendor documents, so that each has a metric of its own; others
    /// are counted together.
    const EVENT_TYPES: &'static [&'static str];

    /// Lists of the shapes that the adapter reads with, each after the path of what it is the shape
    /// of: empty for the body as a whole, `*` for any key, the resource type in FHIR. The
    /// conformance kit holds every value of the goldens against these, and the README shows what is
    /// left alone.
    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[];

    /// Tables of the vendor's words for the status of an order, each with ours;
    /// [`OrderStatus::of`] looks a word up. The README shows them.
    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] = &[];

    /// Which failures make the vendor send a webhook again; its documentation on retries says so.
    const RETRIES: Retries;

    /// The `content-type` of the vendor's bodies, for `labgate send` and the demo.
    const CONTENT_TYPE: &'static str = "application/json";

    /// Whether the vendor takes the endpoint for a REST server: then it may also PUT, and to paths
    /// below the route (`/v1/webhooks/NAME/Observation/7`). Path and method say nothing to
    /// [`decode`](Self::decode); what counts stands in the body.
    const RESTFUL: bool = false;

    /// Headers that [`decode`](Self::decode) reads, in lower case. They are kept with the
    /// webhook; no other header reaches `decode`.
    const HEADERS: &'static [&'static str] = &[];

    /// What this vendor's webhooks have in common, as a dictionary of zstd: the store keeps them in
    /// a fraction of the space with it. Empty if there is none. It may change at any time, since
    /// the store keeps every one that it has used; `labgate-bench train` makes one.
    const DICTIONARY: &'static [u8] = &[];

    /// What stands under `[plugins.NAME]` besides `provider`. It must refuse unknown fields: a
    /// typo in `secrets` must not mean "no secrets". Its doc comments are the operator's
    /// reference.
    type Config: DeserializeOwned + JsonSchema;

    /// A webhook in the vendor's words and types.
    type Payload;

    /// Builds the provider. Whatever is wrong with the configuration is found here, before the
    /// gateway listens; an empty list of secrets is an error.
    fn new(config: Self::Config) -> Result<Self, ConfigError>;

    /// How senders are proven. There is no default, and no scheme called "none".
    fn verifier(&self) -> &dyn Verifier;

    /// Reads a proven webhook into the vendor's words, without opinions. An error here says that
    /// not even the event could be named; where it could, the error stands in
    /// [`Decoded::payload`], so that whoever looks at the quarantine sees what waits there.
    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable>;

    /// Says in our words what the vendor said.
    fn map(&self, payload: Self::Payload) -> Result<Notices, Unreadable>;

    /// Answers a request by which the vendor only tests the endpoint, before any verification:
    /// `None` means that it is not one. It must never give away a signing secret, because
    /// anybody may ask; nor compute a MAC of what was asked with a secret that signs webhooks,
    /// because anybody could then have one signed.
    fn handshake(&self, _request: &RawRequest) -> Option<Reply> {
        None
    }

    /// Words the acknowledgement, where the vendor demands its own.
    fn acknowledge(&self, receipt: &Receipt) -> Reply {
        Reply::Json(receipt.to_json())
    }

    /// How to complete what webhooks only point at, if the operator has configured access to the
    /// vendor's API.
    fn fetch(&self) -> Option<&dyn Fetch> {
        None
    }

    /// How to list what changed without a webhook, if the vendor's API can and the operator has
    /// configured access to it.
    fn poll(&self) -> Option<&dyn Poll> {
        None
    }

    /// What `labgate demo` shows of this provider. `key` is random and new for each demo; make
    /// secrets of it. The conformance kit builds its configurations from it too.
    fn demo(key: [u8; 32]) -> Demo;
}

/// A webhook that was read, with what the gateway needs to know about any of them.
#[derive(Debug)]
pub struct Decoded<P> {
    /// The vendor's word for the event.
    pub event_type: Identifier,
    /// The vendor's id of the event, if it stands in the signed body and stays the same when the
    /// event is sent again. The gateway dedupes on it; without one, on the id that the verifier
    /// proved, and without that, on the body.
    pub event_id: Option<Identifier>,
    /// The webhook itself, or why it can't be read.
    pub payload: Result<P, Unreadable>,
}

/// A configuration that no provider can be built from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The path of the field below the plugin (`secrets[0]`); empty for the plugin as a whole.
    pub field: String,
    /// What is wrong, without the value.
    pub problem: String,
}

impl ConfigError {
    /// An error at `field`. Neither text may hold a configured value.
    pub fn at(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => formatter.write_str(&self.problem),
            field => write!(formatter, "{field}: {}", self.problem),
        }
    }
}
