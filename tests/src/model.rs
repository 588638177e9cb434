//! Everything that a gateway tells, put together for comparison.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Gateway;

impl Gateway {
    /// All pages of the list at `path`, which has no parameters.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.read(&format!("{path}?limit=500{cursor}"));
            all.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return all };
            cursor = format!("&cursor={next}");
        }
    }

    /// The whole feed.
    pub fn feed(&self) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.read(&format!("/v1/events?after={after}&limit=500"));
            let data = page["data"].as_array().unwrap();
            if data.is_empty() {
                return all;
            }
            all.extend(data.iter().cloned());
            after = page["next_after"].as_i64().unwrap();
        }
    }

    /// Every order with what belongs to it, by id, without what counts or names arrivals.
    pub fn model(&self) -> BTreeMap<String, Value> {
        let orders = self.all("/v1/orders").into_iter().map(|mut order| {
            let id = order["id"].as_str().unwrap().to_string();
            order.as_object_mut().unwrap().remove("version");
            let mut appointments = self.list(&format!("/v1/orders/{id}/appointments"));
            for appointment in &mut appointments {
                appointment.as_object_mut().unwrap().remove("version");
            }
            appointments.sort_by_key(|appointment| appointment["id"].to_string());
            let mut reports = self.list(&format!("/v1/orders/{id}/reports"));
            for report in &mut reports {
                report.as_object_mut().unwrap().remove("source");
            }
            (id, json!({ "order": order, "appointments": appointments, "reports": reports }))
        });
        orders.collect()
    }
}

/// Fails unless both tell the same of every order.
pub fn same(found: &BTreeMap<String, Value>, expected: &BTreeMap<String, Value>, how: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{how}");
    for (id, expected) in expected {
        for part in ["order", "appointments", "reports"] {
            let found = &found[id][part];
            assert!(*found == expected[part], "{how}\n{part}: {found:#}\n{:#}", expected[part]);
        }
    }
}
