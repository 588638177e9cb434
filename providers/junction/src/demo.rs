//! A short life of one walk-in order, for `labgate demo`. All people are invented.

use labgate_core::{Demo, DemoWebhook, verify::StandardWebhooks};
use serde_json::json;

pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    Demo {
        config: json!({ "secrets": [StandardWebhooks::secret_of(key)] }),
        webhooks: vec![
            DemoWebhook {
                story: "a walk-in order is placed",
                body: include_bytes!("../demo/1-ordered.json"),
            },
            DemoWebhook {
                story: "the patient books an appointment",
                body: include_bytes!("../demo/2-appointment.json"),
            },
            DemoWebhook {
                story: "the lab has some of the results",
                body: include_bytes!("../demo/3-partial.json"),
            },
            DemoWebhook {
                story: "the rest is there, and one value is critical",
                body: include_bytes!("../demo/4-final.json"),
            },
            DemoWebhook {
                story: "the order is completed",
                body: include_bytes!("../demo/5-completed.json"),
            },
        ],
        signer: None,
    }
}
