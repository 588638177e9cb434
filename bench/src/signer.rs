//! Signing as the vendors do, with secrets that are drawn for each run.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use labgate::{
    intake,
    plugins::{Plugin, Plugins},
    store::Arrival,
};
use labgate_core::RawRequest;
use serde_json::Value;
use uuid::Uuid;

use crate::webhook::{Kind, Webhook};

/// Who sends webhooks of Junction, as its servers call themselves.
const USER_AGENT: &str = "Svix-Webhooks/1.81.0 (sender-9YMgn; +https://www.svix.com/http-sender/)";

/// Signs for both plugins.
#[derive(Clone)]
pub struct Signer(Arc<Plugins>);

impl Signer {
    /// A signer, and the tables under `[plugins]` of a gateway that believes it.
    pub fn draw() -> (Self, BTreeMap<String, Value>) {
        let providers = labgate::providers::all();
        let tables: BTreeMap<String, Value> = providers
            .iter()
            .map(|provider| {
                let mut table = (provider.demo)(rand::random()).config;
                table["provider"] = provider.kind.into();
                (provider.kind.to_string(), table)
            })
            .collect();
        let plugins = Plugins::build(tables.clone(), &providers)
            .expect("a provider can be built from the configuration of its demo");
        (Self(Arc::new(plugins)), tables)
    }

    /// The plugin that takes webhooks of that kind.
    pub fn plugin(&self, kind: Kind) -> &Plugin {
        self.0.get(kind.plugin()).expect("both plugins have a demo")
    }

    /// The plugin of that provider.
    pub fn named(&self, provider: &str) -> Option<&Plugin> {
        self.0.get(provider)
    }

    /// The same webhook, signed at `now`.
    pub(crate) fn again(&self, webhook: &Webhook, now: Timestamp) -> Webhook {
        let fresh = self.webhook(webhook.kind, webhook.id, webhook.body(), now);
        if webhook.is_repeated { fresh.repeated() } else { fresh }
    }

    /// What `plugin` reads in a webhook that comes in at `now`.
    pub(crate) fn read(plugin: &Plugin, message_id: &str, body: &[u8], now: Timestamp) -> Arrival {
        let request = signed(plugin, message_id, body, now);
        let proven = plugin.provider.verify(&request, now);
        intake::read(plugin, proven.expect("it was signed with its secret"))
    }

    /// Signs `body` at `now`, and writes the request.
    pub(crate) fn webhook(&self, kind: Kind, id: Uuid, body: &[u8], now: Timestamp) -> Webhook {
        let message_id = format!("msg_{}", id.simple());
        let RawRequest { headers, .. } = signed(self.plugin(kind), &message_id, body, now);
        let mut request = format!(
            "POST /v1/webhooks/{} HTTP/1.1\r\nhost: labgate.example\r\nuser-agent: {USER_AGENT}\r\n\
             accept: */*\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            kind.plugin(),
            body.len(),
        )
        .into_bytes();
        request.reserve_exact(256 + body.len());
        for (name, value) in &headers {
            request.extend_from_slice(name.as_str().as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(value.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let body_at = request.len();
        request.extend_from_slice(body);
        Webhook::new(kind, id, request, body_at)
    }
}

/// `body` as the vendor of `plugin` would send it at `now`.
fn signed(plugin: &Plugin, message_id: &str, body: &[u8], now: Timestamp) -> RawRequest {
    let path = format!("/v1/webhooks/{}", plugin.name);
    let mut request = RawRequest::post(path, body.to_vec());
    let headers = plugin.provider.sign(&request, message_id, now);
    request.headers = headers.expect("a demo's secrets can sign");
    request
}
