//! From a proven request to an [`Arrival`]: decode and map, whatever comes of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use labgate_core::{VerifiedRequest, decode::Unreadable, dedupe_key};

use crate::{
    plugins::Plugin,
    store::{Arrival, Cause, StoreError, budget},
};

/// A larger body takes so long to read that other senders should not wait for it.
const LARGE: usize = 64 * 1024;

/// Reads a proven webhook, a large one on a thread that serves no requests.
pub async fn read_aside(plugin: &Plugin, request: VerifiedRequest) -> Result<Arrival, StoreError> {
    if request.body().len() <= LARGE {
        return Ok(read(plugin, request));
    }
    let plugin = plugin.clone();
    let reading = tokio::task::spawn_blocking(move || read(&plugin, request));
    reading.await.map_err(|_| StoreError::Away)
}

/// Reads a proven webhook. It always gives an arrival: what is proven is kept, readable or not.
pub fn read(plugin: &Plugin, request: VerifiedRequest) -> Arrival {
    // An adapter's mistake must not cost the webhook: it is kept, and read again after the fix.
    let reading = catch_unwind(AssertUnwindSafe(|| plugin.provider.read(&request)))
        .unwrap_or_else(|_| Err(Unreadable::at("", "the adapter failed on it")));
    let (event_type, event_id, notices) = match reading {
        Ok(reading) => {
            let notices = reading.notices.and_then(budget::notices);
            (Some(reading.event_type), reading.event_id, notices)
        }
        Err(error) => (None, None, Err(error)),
    };
    let dedupe_key = dedupe_key(&request, event_id.as_ref());
    Arrival {
        plugin: plugin.name.clone(),
        request,
        event_type,
        dedupe_key,
        notices,
        cause: Cause::Delivery,
    }
}
