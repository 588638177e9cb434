//! A provider under test, and requests that it takes for its vendor's.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use http::HeaderMap;
use jiff::Timestamp;
use labgate_core::{
    Demo, DynProvider, Notices, Provider, RawRequest, Reading, Registration, VerifiedRequest,
    decode::Unreadable, demo::Signer,
};
use serde_json::Value;

use crate::json::{joined, lay_over};

/// When every request of the kit arrives that is not about time: 2026-10-01T00:00:00Z. No golden
/// states a time much later, which would order nothing ([`Notices::ordered_by`]).
pub const ARRIVAL: Timestamp = Timestamp::constant(1_790_812_800, 0);

/// The vendor's id of messages that are no golden's, where the scheme has one.
pub const MESSAGE_ID: &str = "msg_testkit";

/// A provider under test, and the folder with its `README.md` and its `goldens/`.
///
/// Its configurations are made of [`Provider::demo`]: two demos with different keys, joined, are
/// the middle of a rotation.
pub struct Subject {
    /// The provider.
    pub registration: Registration,
    /// Where `README.md` and `goldens/` stand.
    pub folder: PathBuf,
    overlay: Value,
    config: OnceLock<Value>,
    demos: [OnceLock<Signs>; 3],
}

/// Whoever holds the key of a demo, and signs with it in the vendor's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The vendor, with the newer secret.
    New,
    /// The vendor, with the secret that is about to be retired.
    Old,
    /// Somebody else, with a secret that no configuration of the subject knows.
    Stranger,
}

/// What signs in the vendor's place.
#[derive(Clone)]
enum Signs {
    Demo(Signer),
    Provider(Arc<dyn DynProvider>),
}

impl Subject {
    /// `P`, with `overlay` laid over what its demo is configured with.
    pub fn of<P: Provider>(folder: impl Into<PathBuf>, overlay: Value) -> Self {
        let (config, demos) = (OnceLock::new(), Default::default());
        Self {
            registration: Registration::of::<P>(),
            folder: folder.into(),
            overlay,
            config,
            demos,
        }
    }

    /// The same provider, configured otherwise.
    #[must_use]
    pub fn laid_over(&self, overlay: Value) -> Self {
        let mut all = self.overlay.clone();
        lay_over(&mut all, &overlay);
        let (config, demos) = (OnceLock::new(), Default::default());
        Self { overlay: all, config, demos, folder: self.folder.clone(), ..*self }
    }

    /// The demo with the holder's key.
    pub fn demo(&self, holder: Holder) -> Demo {
        let first = match holder {
            Holder::New => 1,
            Holder::Old => 101,
            Holder::Stranger => 201,
        };
        let mut demo = (self.registration.demo)(std::array::from_fn(|index| {
            first + u8::try_from(index).expect("a key has 32 bytes")
        }));
        lay_over(&mut demo.config, &self.overlay);
        demo
    }

    /// What stands under `[plugins.NAME]` in the middle of a rotation.
    pub fn config(&self) -> Value {
        self.config.get_or_init(|| self.rotation([Holder::New, Holder::Old])).clone()
    }

    /// What stands under `[plugins.NAME]` while these two may sign.
    pub(crate) fn rotation(&self, holders: [Holder; 2]) -> Value {
        let [first, second] = holders.map(|holder| self.demo(holder).config);
        joined(&first, &second)
    }

    /// The provider in the middle of a rotation: an instance that nothing has met yet.
    pub fn provider(&self) -> Arc<dyn DynProvider> {
        self.built(self.config())
    }

    /// The provider with another configuration.
    pub fn built(&self, config: Value) -> Arc<dyn DynProvider> {
        (self.registration.build)(config)
            .unwrap_or_else(|error| panic!("the subject's configuration is refused: {error}"))
    }

    /// `request` as the vendor would send it at `at`, signed with the holder's key.
    pub fn signed(
        &self,
        request: &RawRequest,
        holder: Holder,
        message_id: &str,
        at: Timestamp,
    ) -> RawRequest {
        let sign = self.demos[holder as usize].get_or_init(|| {
            let demo = self.demo(holder);
            demo.signer.map_or_else(|| Signs::Provider(self.built(demo.config)), Signs::Demo)
        });
        let signature = match sign {
            Signs::Demo(sign) => sign(request, message_id, at),
            Signs::Provider(provider) => provider
                .sign(request, message_id, at)
                .expect("a demo has a signer where its configuration can't sign"),
        };
        let mut signed = request.clone();
        signed.headers.extend(signature);
        signed
    }

    /// `body` as the vendor posts it, but for the signature.
    pub fn post(&self, body: &[u8]) -> RawRequest {
        let path = format!("/v1/webhooks/{}", self.registration.kind);
        let content_type = self.provider().content_type();
        let content_type = content_type.parse().expect("CONTENT_TYPE can stand in a header");
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, content_type)]);
        RawRequest { headers, ..RawRequest::post(path, body.to_vec()) }
    }

    /// `request`, signed and proven at `at`.
    pub fn proven(&self, request: &RawRequest, message_id: &str, at: Timestamp) -> VerifiedRequest {
        let signed = self.signed(request, Holder::New, message_id, at);
        let verified = self.provider().verify(&signed, at);
        verified.unwrap_or_else(|refusal| panic!("what the vendor signed is refused: {refusal}"))
    }

    /// What the provider makes of `body`, posted by the vendor at [`ARRIVAL`].
    pub fn read(&self, body: &[u8]) -> Result<Reading, Unreadable> {
        self.provider().read(&self.proven(&self.post(body), MESSAGE_ID, ARRIVAL))
    }

    /// What `body` says, or why it can't be read, wherever that shows.
    pub fn told(&self, body: &[u8]) -> Result<Notices, Unreadable> {
        self.read(body).and_then(|reading| reading.notices)
    }
}
