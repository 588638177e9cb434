//! Every provider with the configuration of its demo, and requests that it accepts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use labgate::plugins::{Plugin, Plugins};
use labgate_core::{RawRequest, Registration, VerifiedRequest, demo::Signer};
use serde_json::Value;

/// The time of each arrival: a fixed one, so that an input always does the same.
pub const NOW: Timestamp = Timestamp::constant(1_785_859_200, 0);

/// The key that the secrets are made of. No seed contains it.
const KEY: [u8; 32] = *b"\x8e\x1f\xd0\x63\xb7\x2a\x94\x05\xc6\x5b\xf1\x38\xa9\x7d\xe2\x40\
                         \x13\xcc\x86\x6f\xda\x09\x57\xb4\xee\x31\x78\xa2\x4d\x9b\x06\xf5";

/// A plugin, and what signs in its vendor's place.
#[derive(Clone)]
pub struct Sender {
    /// What the webhooks are for.
    pub plugin: Plugin,
    signer: Option<Signer>,
}

/// One for each provider.
pub fn senders() -> Vec<Sender> {
    labgate::providers::all().iter().map(|provider| Sender::of(provider, &[])).collect()
}

impl Sender {
    /// A plugin of `provider` by its demo's configuration, with `changes` of it.
    pub fn of(provider: &Registration, changes: &[(&str, &str)]) -> Self {
        let demo = (provider.demo)(KEY);
        let mut table = demo.config;
        for (key, value) in [("provider", provider.kind)].iter().chain(changes) {
            table[key] = Value::from(*value);
        }
        let tables = BTreeMap::from([(provider.kind.to_string(), table)]);
        let plugins = Plugins::build(tables, &[*provider]);
        let plugins = plugins.expect("a demo's configuration has no fault");
        let plugin = plugins.get(provider.kind).expect("it was just built").clone();
        Self { plugin, signer: demo.signer }
    }

    /// `body` as the vendor would send it at [`NOW`], proven.
    pub fn proven(&self, message_id: &str, body: &[u8]) -> VerifiedRequest {
        let path = format!("/v1/webhooks/{}", self.plugin.name);
        let mut request = RawRequest::post(path, body.to_vec());
        let signed = match &self.signer {
            Some(sign) => Some(sign(&request, message_id, NOW)),
            None => self.plugin.provider.sign(&request, message_id, NOW),
        };
        request.headers = signed.expect("a demo's secrets can sign");
        self.plugin.provider.verify(&request, NOW).expect("it was signed with its secret")
    }
}
