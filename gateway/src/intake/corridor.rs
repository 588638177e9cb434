//! From a proven request to an [`Arrival`]: decode and map, whatever comes of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use labgate_core::{Identifier, VerifiedRequest, decode::Unreadable};
use sha2::{Digest as _, Sha256};

use crate::{
    plugins::Plugin,
    store::{Arrival, Cause},
};

/// Reads a proven webhook. It always gives an arrival: what is proven is kept, readable or not.
pub fn read(plugin: &Plugin, request: VerifiedRequest) -> Arrival {
    // An adapter's mistake must not cost the webhook: it is kept, and read again after the fix.
    let reading = catch_unwind(AssertUnwindSafe(|| plugin.provider.read(&request)))
        .unwrap_or_else(|_| Err(Unreadable::at("", "the adapter failed on it")));
    let (event_type, event_id, notices) = match reading {
        Ok(reading) => (Some(reading.event_type), reading.event_id, reading.notices),
        Err(error) => (None, None, Err(error)),
    };
    let dedupe_key = dedupe_key(&request, event_id.as_ref().map(Identifier::as_str));
    Arrival {
        plugin: plugin.name.clone(),
        request,
        event_type,
        dedupe_key,
        notices,
        cause: Cause::Delivery,
    }
}

/// The same for every delivery of one webhook, and made of signed material only: the vendor's id
/// of the event, else the id of the message, else the body. An unsigned id could be stripped or
/// changed to pass one webhook off as two.
fn dedupe_key(request: &VerifiedRequest, event_id: Option<&str>) -> String {
    let message_id = request.proof().message_id.as_deref();
    match (event_id, message_id) {
        (Some(id), _) => format!("event:{id}"),
        (None, Some(id)) if id.len() <= 255 => format!("message:{id}"),
        (None, Some(id)) => format!("message-sha256:{}", sha256(id.as_bytes())),
        (None, None) => format!("body-sha256:{}", sha256(request.body())),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
