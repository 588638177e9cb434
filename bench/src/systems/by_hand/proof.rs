//! Signatures of both vendors, verified by hand.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::Value;
use sha2::Sha256;

/// The secrets of both plugins.
pub(super) struct Secrets {
    junction: Vec<u8>,
    fullscript: Vec<u8>,
}

impl Secrets {
    /// The first secret of each plugin.
    pub(super) fn read(plugins: &BTreeMap<String, Value>) -> Option<Self> {
        let first = |plugin: &str| plugins.get(plugin)?["secrets"][0].as_str();
        let junction = first("junction")?;
        let junction = STANDARD.decode(junction.strip_prefix("whsec_").unwrap_or(junction)).ok()?;
        Some(Self { junction, fullscript: first("fullscript")?.as_bytes().to_vec() })
    }

    /// The id of the message if its sender is proven; empty if the headers name none.
    pub(super) fn verify(
        &self,
        plugin: &str,
        request: &HttpRequest,
        body: &[u8],
    ) -> Option<String> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        if plugin == "junction" {
            let (id, time) = (header("svix-id")?, header("svix-timestamp")?);
            let signature = header("svix-signature")?.strip_prefix("v1,")?;
            let signature = STANDARD.decode(signature).ok()?;
            fresh(time)?;
            proven(
                &self.junction,
                &[id.as_bytes(), b".", time.as_bytes(), b".", body],
                &signature,
            )?;
            Some(id.into())
        } else {
            let (time, signature) = header("fullscript-signature")?.split_once(",v1=")?;
            let time = time.strip_prefix("t=")?;
            let signature = hex::decode(signature).ok()?;
            fresh(time)?;
            proven(&self.fullscript, &[time.as_bytes(), b".", body], &signature)?;
            Some(String::new())
        }
    }
}

fn fresh(time: &str) -> Option<()> {
    let age = Timestamp::now().as_second() - time.parse::<i64>().ok()?;
    (age.abs() <= 300).then_some(())
}

fn proven(key: &[u8], signed: &[&[u8]], signature: &[u8]) -> Option<()> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in signed {
        mac.update(part);
    }
    mac.verify_slice(signature).ok()
}
