//! A sample that comes in and is analysed, for the gateway's `demo`.

use labgate_core::{Demo, DemoWebhook, verify::StandardWebhooks};
use serde_json::json;

pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    Demo {
        config: json!({ "secrets": [StandardWebhooks::secret_of(key)] }),
        webhooks: vec![
            DemoWebhook {
                story: "the cellar has the sample",
                body: include_bytes!("../../demo/1-received.json"),
            },
            DemoWebhook {
                story: "a pathologist released the results",
                body: include_bytes!("../../demo/2-released.json"),
            },
        ],
        signer: None,
    }
}
