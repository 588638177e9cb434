//! From [`Outcome`] to HTTP: the only file that knows status codes of webhooks.
//!
//! 2xx says that it is on disk. 4xx is the sender's fault, 5xx is ours. There is no 3xx, which
//! vendors count as a failure, and no 410, on which they give up for ever. What is not kept and may
//! be wanted again is a 503 to a vendor that would take its 4xx for the last word.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use labgate_core::{Identifier, Receipt, Reply, Retries, reply::Acknowledged};

use super::{Outcome, receive::ReceiveError};
use crate::{
    http_json::{refusal, wrong_method},
    plugins::Plugin,
    store::Stored,
};

/// Seconds after which a sender may try again: longer than a restart takes.
const RETRY_AFTER: &str = "5";

/// Words `outcome` for the sender.
pub(super) fn answer(outcome: Outcome) -> HttpResponse {
    match outcome {
        Outcome::UnknownPlugin => {
            refusal(StatusCode::NOT_FOUND, "unknown_plugin", "no plugin is served at this path")
        }
        Outcome::WrongMethod(allowed) => wrong_method(allowed),
        Outcome::NotReceived(ReceiveError::TooLarge, retries) => refusal(
            refused(StatusCode::PAYLOAD_TOO_LARGE, retries),
            "payload_too_large",
            "the body is larger than this gateway takes",
        ),
        Outcome::NotReceived(ReceiveError::TimedOut, retries) => refusal(
            refused(StatusCode::REQUEST_TIMEOUT, retries),
            "request_timeout",
            "the body did not arrive in time",
        ),
        Outcome::NotReceived(ReceiveError::Broken, retries) => refusal(
            refused(StatusCode::BAD_REQUEST, retries),
            "bad_request",
            "the body could not be received",
        ),
        Outcome::Handshake(reply) => respond(reply),
        // Always the same words: a stranger learns nothing about what was wrong.
        Outcome::NotProven(retries) => refusal(
            refused(StatusCode::UNAUTHORIZED, retries),
            "signature_verification_failed",
            "the signature of this request could not be verified",
        ),
        Outcome::Misconfigured => refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "configuration_error",
            "this plugin is not configured to receive webhooks",
        ),
        Outcome::Kept { plugin, event_type, stored } => kept(&plugin, event_type, stored),
        Outcome::Unavailable
        | Outcome::NotReceived(ReceiveError::CrowdedOut | ReceiveError::NoRoom, _) => {
            let mut response = refusal(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "nothing was accepted; please send it again",
            );
            let value = header::HeaderValue::from_static(RETRY_AFTER);
            response.headers_mut().insert(header::RETRY_AFTER, value);
            response
        }
    }
}

/// `status`, unless the vendor would never send again what it takes for its own fault: a wrong
/// secret or a limit may be ours to mend.
fn refused(status: StatusCode, retries: Retries) -> StatusCode {
    if retries.heeds(status.as_u16()) { status } else { StatusCode::SERVICE_UNAVAILABLE }
}

fn kept(plugin: &Plugin, event_type: Option<Identifier>, stored: Stored) -> HttpResponse {
    let outcome = match stored {
        Stored::Accepted { ingested_count } => Acknowledged::Accepted { ingested_count },
        Stored::Ignored => Acknowledged::Ignored,
        Stored::Duplicate => Acknowledged::Duplicate,
        Stored::Quarantined(error) => {
            return refusal(StatusCode::BAD_REQUEST, "validation_error", &error.to_string());
        }
    };
    // Only a repeated webhook can be settled and yet have lost its type: its adapter has
    // forgotten how to read it.
    let unknown = || Identifier::new("unknown").expect("a word is an identifier");
    let event_type = event_type.unwrap_or_else(unknown);
    respond(plugin.provider.acknowledge(&Receipt { event_type, outcome }))
}

fn respond(reply: Reply) -> HttpResponse {
    match reply {
        Reply::Json(body) => HttpResponse::Ok().json(body),
        Reply::Text(body) => {
            HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(body)
        }
        Reply::Empty => HttpResponse::NoContent().finish(),
    }
}
