//! Ids of ours that every node and every replay computes alike.

use uuid::{Uuid, uuid};

/// The namespace of all of Labgate's name-based ids (UUID version 5, RFC 9562).
const NAMESPACE: Uuid = uuid!("6f4a5be9-0c1d-5d0e-9f44-6c6162676174");

/// The id of an order, from the plugin's name and the vendor's id of the order.
pub fn order_id(plugin: &str, provider_order_id: &str) -> Uuid {
    name_based(&["order", plugin, provider_order_id])
}

/// The id of an appointment, from the plugin's name and the vendor's id of the appointment.
pub fn appointment_id(plugin: &str, provider_appointment_id: &str) -> Uuid {
    name_based(&["appointment", plugin, provider_appointment_id])
}

/// The id of one version of a report: its order, the time it speaks for, and its content, so that
/// a version sent twice is one version, and a value that is corrected back is a new one.
pub fn report_id(order_id: Uuid, stated_at: &str, content: &str) -> Uuid {
    name_based(&["report", &order_id.to_string(), stated_at, content])
}

/// Parts are joined with NUL, which occurs in none of them, so no two names run together.
fn name_based(parts: &[&str]) -> Uuid {
    Uuid::new_v5(&NAMESPACE, parts.join("\0").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_every_part_and_on_nothing_else() {
        assert_eq!(order_id("a", "bc"), order_id("a", "bc"));
        assert_ne!(order_id("a", "bc"), order_id("ab", "c"));
        assert_ne!(order_id("a", "bc"), appointment_id("a", "bc"));
        assert_eq!(order_id("a", "bc").get_version_num(), 5);
    }
}
