//! Values as wrong as they come: ids, times, numbers, keys.

use labgate_tests::{junction, order, relay, sample, spawn_gateway, with};

use crate::bodies::check;

#[test]
fn ids_of_ten_kilobytes_or_with_control_characters_are_quarantined() {
    let gateway = spawn_gateway();
    let whole = order("1");
    for id in ["x".repeat(10_000), "x".repeat(256), String::new(), "a\0b".into(), "a\nb".into()] {
        check(&gateway, &with(&whole, "/data/id", &*id), 400);
        check(&gateway, &with(&whole, "/event_type", &*id), 400);
    }
    check(&gateway, &with(&whole, "/data/id", "x".repeat(255)), 200);
}

#[test]
fn times_that_no_calendar_knows_are_quarantined() {
    let gateway = spawn_gateway();
    let whole = order("1");
    for time in ["soon", "", "2026-02-30T00:00:00Z", "10000-01-01T00:00:00Z", "1785578400", "-1"] {
        check(&gateway, &with(&whole, "/data/events/0/created_at", time), 400);
    }
    check(&gateway, &with(&whole, "/data/events/0/created_at", 1_785_578_400), 400);
}

#[test]
fn the_first_and_the_last_year_are_taken() {
    let gateway = spawn_gateway();
    for (index, year) in ["0000", "0001", "1969", "9999"].into_iter().enumerate() {
        let time = format!("{year}-06-01T00:00:00Z");
        let id = format!("order-{index}");
        let body = with(&order(&id), "/data/events/0/created_at", &*time);
        let body = with(&body, "/data/updated_at", &*time);
        check(&gateway, &with(&body, "/data/created_at", &*time), 200);
        let query = format!("/v1/orders?provider_order_id={id}&plugin=junction");
        let order = &gateway.list(&query)[0];
        let entry = &order["timeline"][0];
        if year == "9999" {
            // It is kept, and the arrival's time orders.
            assert_eq!(entry["provider_at"], time);
            assert_eq!(order["updated_at"], entry["at"]);
            assert!(entry["at"].as_str().is_some_and(|at| at < "2100"));
        } else {
            assert_eq!(order["updated_at"], time);
            assert_eq!(entry["at"], time);
            assert!(entry["provider_at"].is_null());
        }
    }
    assert!(gateway.list("/v1/events").len() >= 8);
    check(&gateway, &with(&order("edge"), "/data/updated_at", "9999-12-31T23:59:59Z"), 400);
}

/// Texts of PostgreSQL hold no zero, so one that got there would be an endless 503.
#[test]
fn a_zero_in_a_text_is_kept_or_refused_and_never_tried_for_ever() {
    let gateway = spawn_gateway();
    for name in ["junction/demo/2-appointment", "junction/demo/5-completed"] {
        let body = sample(name);
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let mut places = vec![(String::new(), &json)];
        let (mut index, mut zeros) = (0, Vec::new());
        while let Some((at, value)) = places.get(index).cloned() {
            index += 1;
            if let Some(fields) = value.as_object() {
                zeros.push(format!("{at}/\0"));
                places.extend(fields.iter().map(|(key, value)| (format!("{at}/{key}"), value)));
            } else if let Some(items) = value.as_array() {
                let items = items.iter().enumerate();
                places.extend(items.map(|(place, value)| (format!("{at}/{place}"), value)));
            } else {
                zeros.push(at);
            }
        }
        assert!(zeros.len() > 10, "{zeros:?}");
        for at in zeros {
            for text in ["\0", "a\0b"] {
                let answer = gateway.post(&relay(with(&body, &at, text)));
                assert!([200, 400].contains(&answer.status), "{at:?}: {answer:?}");
            }
        }
    }
    assert!(!gateway.log().contains("not kept"), "{}", gateway.log());
}

#[test]
fn integers_past_2_to_the_53_keep_every_digit() {
    let gateway = spawn_gateway();
    let body = String::from_utf8(order("ID")).unwrap().replace("\"ID\"", "9007199254740993");
    check(&gateway, body.as_bytes(), 200);
    assert_eq!(gateway.list("/v1/orders")[0]["provider_order_id"], "9007199254740993");
    let body = body.replace("9007199254740993", "18446744073709551615");
    check(&gateway, body.as_bytes(), 200);
    assert_eq!(gateway.list("/v1/orders")[0]["provider_order_id"], "18446744073709551615");
    let body = body.replace("18446744073709551615", "184467440737095516160");
    check(&gateway, body.as_bytes(), 400);
}

#[test]
fn results_keep_digits_that_no_float_could() {
    let gateway = spawn_gateway();
    let text = String::from_utf8(sample("junction/demo/3-partial")).unwrap();
    let values =
        ["7.0", "7.00", "0.1000000000000000055511151231257827", "9007199254740993", "-0.50"];
    for value in values {
        let body = text.replace("\"value\": 7.0", &format!("\"value\": {value}"));
        assert_eq!(gateway.post(&junction(value, body)).status, 200);
    }
    let id = gateway.list("/v1/orders")[0]["id"].as_str().unwrap().to_string();
    let reports = gateway.list(&format!("/v1/orders/{id}/reports"));
    let mut found: Vec<_> = reports
        .iter()
        .map(|report| report["observations"][0]["value"]["value"].as_str().unwrap().to_string())
        .collect();
    found.sort_unstable();
    let mut expected = values.map(String::from);
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_key_given_twice_is_quarantined_where_it_is_read() {
    let gateway = spawn_gateway();
    let text = String::from_utf8(order("1")).unwrap();
    check(&gateway, text.replace("\"id\":\"1\"", "\"id\":\"1\",\"id\":\"2\"").as_bytes(), 400);
    check(&gateway, text.replacen('{', "{\"data\":{},", 1).as_bytes(), 400);
    assert!(gateway.list("/v1/orders").is_empty());
}
