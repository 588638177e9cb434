//! What makes two deliveries one webhook.

use sha2::{Digest as _, Sha256};

use crate::{Identifier, VerifiedRequest};

/// The same for every delivery of one webhook, and made of signed material only: the vendor's id
/// of the event, else the id of the message, else the body. An unsigned id could be stripped or
/// changed to pass one webhook off as two.
///
/// It starts with what it is made of, so keys of different kinds never meet. A vendor without any
/// id is deduped on the body alone. If its bodies carry no time either, a status that comes back
/// reads like a repetition and is taken for one: such a vendor has to be asked, not listened to.
pub fn dedupe_key(request: &VerifiedRequest, event_id: Option<&Identifier>) -> String {
    let message_id = request.proof().message_id.as_deref();
    match (event_id, message_id) {
        (Some(id), _) => format!("event:{}", id.as_str()),
        (None, Some(id)) if id.len() <= Identifier::MAX_BYTES => format!("message:{id}"),
        (None, Some(id)) => format!("message-sha256:{}", sha256(id.as_bytes())),
        (None, None) => format!("body-sha256:{}", sha256(request.body())),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
