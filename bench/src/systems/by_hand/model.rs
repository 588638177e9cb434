//! What a webhook says, as far as a handler by hand cares.

use serde_json::{Value, json};

/// A webhook that was read.
pub(super) struct Message {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) order_id: String,
    pub(super) what: What,
    pub(super) content: Value,
}

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Order,
    Appointment,
    Result,
}

impl Message {
    /// Reads a body; `id` is that of the headers, if they have one.
    pub(super) fn read(plugin: &str, id: String, mut body: Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(String::from);
        if plugin == "junction" {
            let event_type = text(&body["event_type"])?;
            let content = body["data"].take();
            let what = match event_type.split('.').nth(1)? {
                "order" => What::Order,
                "appointment" => What::Appointment,
                "result" => What::Result,
                _ => return None,
            };
            let order_id = text(&content[if what == What::Order { "id" } else { "order_id" }])?;
            return Some(Self { id, event_type, order_id, what, content });
        }
        let event = &mut body["event_payload"]["event"];
        let (id, event_type) = (text(&event["id"])?, text(&event["type"])?);
        let mut content = event["data"].take();
        if event_type == "lab_order.updated" {
            content = content["lab_order"].take();
        }
        let order_id = text(&content["id"])?;
        Some(Self { id, event_type, order_id, what: What::Order, content })
    }

    /// The status that it tells of.
    pub(super) fn status(&self) -> &str {
        let content = &self.content;
        content["last_event"]["status"].as_str().or(content["status"].as_str()).unwrap_or("ordered")
    }

    /// What is known of the order, with what this message says of it.
    pub(super) fn merged(&self, known: Option<Value>) -> Value {
        let mut document = known.unwrap_or_else(|| json!({ "statuses": [] }));
        match self.what {
            What::Appointment => document["appointment"] = self.content.clone(),
            What::Result => document["result_status"] = self.content["status"].clone(),
            What::Order => {
                let status = json!(self.status());
                if let Some(statuses) = document["statuses"].as_array_mut()
                    && !statuses.contains(&status)
                {
                    statuses.push(status);
                }
                document["order"] = self.content.clone();
            }
        }
        document
    }
}
