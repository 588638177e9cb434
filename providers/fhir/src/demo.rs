//! One order from the request to the corrected report, for `labgate demo`. All people are invented.

use labgate_core::{Demo, DemoWebhook};
use serde_json::json;

pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    Demo {
        config: json!({ "secrets": [hex::encode(key)], "signature": "static_token" }),
        webhooks: vec![
            DemoWebhook {
                story: "a clinic orders two tests",
                body: include_bytes!("../demo/1-ordered.json"),
            },
            DemoWebhook {
                story: "the patient has an appointment for the draw",
                body: include_bytes!("../demo/2-appointment.json"),
            },
            DemoWebhook {
                story: "the first value is there, and it is preliminary",
                body: include_bytes!("../demo/3-preliminary.json"),
            },
            DemoWebhook {
                story: "the report is final",
                body: include_bytes!("../demo/4-final.json"),
            },
            DemoWebhook {
                story: "the lab corrects a value",
                body: include_bytes!("../demo/5-corrected.json"),
            },
        ],
        signer: None,
    }
}
