//! A kit on its way, activated, and its results, one of which alarms, for `labgate demo`. All people
//! are invented.

use labgate_core::{Demo, DemoWebhook};
use serde_json::json;

pub(crate) fn demo(key: &[u8; 32]) -> Demo {
    Demo {
        config: json!({ "secrets": [hex::encode(key)] }),
        webhooks: vec![
            DemoWebhook {
                story: "a kit is ordered and paid for",
                body: include_bytes!("../demo/1-processing.json"),
            },
            DemoWebhook {
                story: "the kit is there",
                body: include_bytes!("../demo/2-delivered.json"),
            },
            DemoWebhook {
                story: "somebody activates it: from now on the item has an order of its own",
                body: include_bytes!("../demo/3-activated.json"),
            },
            DemoWebhook {
                story: "results are ready; Terra keeps them until they are fetched",
                body: include_bytes!("../demo/4-ready.json"),
            },
            DemoWebhook {
                story: "the lab raises an alarm: somebody must be told now",
                body: include_bytes!("../demo/5-escalated.json"),
            },
        ],
        signer: None,
    }
}
