//! An order on its way, for `labgate demo`. All people are invented.

use labgate_core::{Demo, DemoWebhook};
use serde_json::json;

/// The shortest story that shows what Fhir tells, a webhook for each step.
pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    let secret = hex::encode(key);
    Demo {
        config: json!({ "secrets": [secret] }),
        webhooks: vec![DemoWebhook {
            story: "an order is placed",
            body: include_bytes!("../demo/1-example.json"),
        }],
        signer: None,
    }
}
