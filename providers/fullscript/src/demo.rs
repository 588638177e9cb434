//! A lab bought, resulted and amended, for `labgate demo`. All people are invented.

use labgate_core::{Demo, DemoWebhook};
use serde_json::json;

pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    let (secret, token) = key.split_at(key.len() / 2);
    Demo {
        config: json!({ "secrets": [hex::encode(secret)], "challenge_token": hex::encode(token) }),
        webhooks: vec![
            DemoWebhook {
                story: "a patient buys a lab",
                body: include_bytes!("../demo/1-placed.json"),
            },
            DemoWebhook {
                story: "all results are there; Fullscript says no more than that",
                body: include_bytes!("../demo/2-results.json"),
            },
            DemoWebhook {
                story: "a result is amended",
                body: include_bytes!("../demo/3-amended.json"),
            },
        ],
        signer: None,
    }
}
