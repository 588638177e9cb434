//! Webhooks signed as vendors sign them, by code that is not Labgate's.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use standardwebhooks::Webhook;

use crate::Request;

/// The first secret of the plugin `junction`.
pub const JUNCTION: &str = "whsec_bmV3LXNlY3JldC1vZi1qdW5jdGlvbi1mb3ItdGVzdHM=";
/// Its second.
pub const JUNCTION_OLD: &str = "whsec_b2xkLXNlY3JldC1vZi1qdW5jdGlvbi1mb3ItdGVzdHM=";
/// The secret of the plugin `junction-eu`.
pub const JUNCTION_EU: &str = "whsec_ZXUtc2VjcmV0LW9mLWp1bmN0aW9uLWZvci10ZXN0cw==";
/// The secret of the plugin `relay`, which signs bodies only.
pub const RELAY: &str = "secret-of-the-relay-for-tests";
/// The first secret of the plugin `fullscript`.
pub const FULLSCRIPT: &str = "secret-of-fullscript-for-tests";
/// Its second.
pub const FULLSCRIPT_OLD: &str = "old-secret-of-fullscript-for-tests";
/// Fullscript's challenge token.
pub const CHALLENGE: &str = "challenge-token-for-tests";

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}

/// What Junction posts: `body` as the message `id`.
pub fn junction(id: &str, body: impl Into<Vec<u8>>) -> Request {
    junction_by(JUNCTION, id, now(), body)
}

/// The same with another secret, at another time.
pub fn junction_by(secret: &str, id: &str, at: i64, body: impl Into<Vec<u8>>) -> Request {
    let body = body.into();
    let signature = Webhook::new(secret).unwrap().sign(id, at, &body).unwrap_or_else(|_| {
        // The reference signs text only.
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
        let signed = [format!("{id}.{at}.").as_bytes(), &body].concat();
        format!("v1,{}", STANDARD.encode(mac(&key, &signed)))
    });
    Request::post("/v1/webhooks/junction", body)
        .header("content-type", "application/json")
        .header("svix-id", id)
        .header("svix-timestamp", at.to_string())
        .header("svix-signature", signature)
}

/// What Fullscript posts now.
pub fn fullscript(body: impl Into<Vec<u8>>) -> Request {
    fullscript_at(now(), body)
}

/// The same, signed at another time.
pub fn fullscript_at(at: i64, body: impl Into<Vec<u8>>) -> Request {
    let body = body.into();
    let signed = [format!("{at}.").as_bytes(), &body].concat();
    let signature = signed_by(FULLSCRIPT, &signed);
    Request::post("/v1/webhooks/fullscript", body)
        .header("content-type", "application/json")
        .header("fullscript-signature", format!("t={at},v1={signature}"))
}

/// What a relay of Junction's events posts, with nothing signed but the body.
pub fn relay(body: impl Into<Vec<u8>>) -> Request {
    let body = body.into();
    let signature = signed_by(RELAY, &body);
    Request::post("/v1/webhooks/relay", body)
        .header("content-type", "application/json")
        .header("x-webhook-signature", format!("sha256={signature}"))
}

/// HMAC-SHA256 of `signed` under the text of `secret`, in hex.
pub fn signed_by(secret: &str, signed: &[u8]) -> String {
    hex::encode(mac(secret.as_bytes(), signed))
}

fn mac(key: &[u8], signed: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed);
    mac.finalize().into_bytes().to_vec()
}
