//! A marked patient and marked secrets go everywhere, and are looked for everywhere.

use labgate_tests::{
    Gateway, Home, Request, TOKEN, fullscript, junction, junction_by, now, relay, sample, with,
};
use serde_json::json;

/// What must not be found outside the model and the raw webhook.
const PERSON: [&str; 9] = [
    "Canaryna",
    "Canarysdottir",
    "1981-02-03",
    "canary@birds.example",
    "1 Canary Lane",
    "+1555canary",
    "canary-note",
    "987.654321",
    "canary-query",
];

/// What must be found nowhere at all.
const SECRETS: [&str; 5] = [
    "Y2FuYXJ5LXNlY3JldC1vZi1qdW5jdGlvbg==",
    "canary-secret-of-the-relay",
    "canary-secret-of-fullscript",
    "canary-challenge-token",
    "canary-api-token",
];

fn check(place: &str, text: &str, markers: &[&str]) {
    for marker in markers {
        assert!(!text.contains(marker), "{marker} in {place}: {text}");
    }
}

/// A gateway that logs all it can, with marked secrets.
fn gateway() -> Gateway {
    Home::new()
        .with("log", "level = \"trace\"")
        .replacing(labgate_tests::JUNCTION, &format!("whsec_{}", SECRETS[0]))
        .replacing(labgate_tests::RELAY, SECRETS[1])
        .replacing(labgate_tests::FULLSCRIPT, SECRETS[2])
        .replacing(labgate_tests::CHALLENGE, SECRETS[3])
        .replacing(TOKEN, SECRETS[4])
        .serve()
}

fn order() -> Vec<u8> {
    let person = json!({
        "first_name": PERSON[0], "last_name": PERSON[1], "dob": PERSON[2], "email": PERSON[3],
        "phone_number": PERSON[5], "gender": "female",
    });
    let body = with(&sample("junction/demo/5-completed"), "/data/patient_details", person);
    let body = with(&body, "/data/patient_address/first_line", PERSON[4]);
    let body = with(&body, "/data/patient_address/access_notes", PERSON[6]);
    with(&body, "/data/notes", PERSON[6])
}

/// Every kind of body that has a person in it: readable, drifting, unreadable.
fn bodies() -> Vec<Vec<u8>> {
    let order = order();
    let appointment =
        with(&sample("junction/demo/2-appointment"), "/data/address/first_line", PERSON[4]);
    let appointment = with(&appointment, "/data/appointment_notes", PERSON[6]);
    let result = with(&sample("junction/demo/4-final"), "/data/markers/2/notes", PERSON[6]);
    let result = with(&result, "/data/markers/0/value", PERSON[7]);
    let mut bodies = vec![
        order.clone(),
        appointment.clone(),
        result.clone(),
        with(&order, "/event_type", "some.day"),
        order[..order.len() - 100].to_vec(),
        format!("{} {{", String::from_utf8(order.clone()).unwrap()).into_bytes(),
        PERSON.join(" ").into_bytes(),
        json!(PERSON).to_string().into_bytes(),
    ];
    for person in PERSON {
        bodies.push(with(&order, "/data/events", person));
        bodies.push(with(&order, "/data/created_at", person));
        bodies.push(with(&order, "/data/has_missing_results", person));
        bodies.push(with(&order, "/data/patient_details", person));
        bodies.push(with(&order, "/data/events/0/status", format!("a.b.{person}")));
        bodies.push(with(&order, &format!("/data/{}", person.replace('/', "")), person));
        bodies.push(with(&order, "/data/details", json!({ person: { person: person } })));
        // A date is when an appointment starts, and the feed says that.
        if person != PERSON[2] {
            bodies.push(with(&appointment, "/data/start_at", person));
        }
        bodies.push(with(&appointment, "/data/location", json!([person])));
        bodies.push(with(&result, "/data/marker_count", person));
        bodies.push(with(&result, "/data/markers/0", json!({ person: person })));
        bodies.push(with(&result, "/data/interpretation", person));
    }
    bodies
}

/// The bodies of Fullscript.
fn thin_bodies() -> Vec<Vec<u8>> {
    let at = "/event_payload/event/data/lab_order";
    let body = sample("fullscript/demo/2-results");
    let named = with(&body, &format!("{at}/first_name"), PERSON[0]);
    let named = with(&named, &format!("{at}/last_name"), PERSON[1]);
    let named = with(&named, &format!("{at}/email"), PERSON[3]);
    let mut bodies = vec![named.clone(), with(&named, &format!("{at}/status"), PERSON[6])];
    for person in PERSON {
        bodies.push(with(&named, at, person));
        bodies.push(with(&named, "/event_payload/event/created_at", person));
        bodies.push(with(&named, &format!("{at}/email"), json!({ person: person })));
    }
    bodies
}

/// Sends everything in every way, and checks each refusal.
fn tell(gateway: &Gateway) {
    let secret = format!("whsec_{}", SECRETS[0]);
    let mut requests = Vec::new();
    for (index, body) in bodies().into_iter().enumerate() {
        let id = format!("msg_{index}");
        requests.push(junction_by(&secret, &id, now(), &*body));
        requests.push(junction(&format!("forged_{index}"), &*body));
        requests.push(junction_by(&secret, &id, now() - 1000, &*body));
        requests.push(relay(body));
    }
    requests.extend(thin_bodies().into_iter().map(fullscript));
    let person = format!("?name={}&q={}", PERSON[0], PERSON[8]);
    requests.push(
        junction_by(&secret, "asked", now(), order()).to(&format!("/v1/webhooks/junction{person}")),
    );
    requests.push(Request::post(&format!("/v1/webhooks/{}", PERSON[0]), order()));
    requests.push(Request::get(&format!("/{}{person}", PERSON[0])));
    requests.push(Request::new("PUT", "/v1/webhooks/junction").header("x-name", PERSON[0]));
    requests.push(Request::post("/v1/webhooks/junction", order()).header("svix-id", PERSON[0]));
    requests.push(Request::get("/v1/webhooks/fullscript").header("x-name", PERSON[0]));
    for request in requests {
        let answer = gateway.post(&request);
        check("an answer", answer.text(), &PERSON);
        if answer.status >= 400 {
            check("a refusal", answer.text(), &SECRETS);
        }
    }
    for path in ["/v1/orders", "/v1/events", "/v1/webhooks", "/v1/orders/Canaryna"] {
        let path = format!("{path}{person}");
        for token in [SECRETS[4], PERSON[0]] {
            let answer = gateway.ask(&Request::get(&path).bearer(token));
            assert!([401, 404, 422].contains(&answer.status), "{path}: {answer:?}");
            check("a refusal of the API", answer.text(), &PERSON);
            check("a refusal of the API", answer.text(), &SECRETS);
        }
    }
}

#[test]
fn no_marker_is_found_where_it_does_not_belong() {
    let gateway = gateway();
    tell(&gateway);
    let read = |path: &str| {
        let answer = gateway.ask(&Request::get(path).bearer(SECRETS[4]));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.text().to_string()
    };
    let everything: Vec<&str> = PERSON.into_iter().chain(SECRETS).collect();
    let orders = read("/v1/orders");
    assert!(orders.contains(PERSON[0]), "the marked patient has arrived");
    check("/v1/orders", &orders, &SECRETS);
    let mut cursor = String::new();
    for page in 0.. {
        assert!(page < 100, "it never ends");
        let page = read(&format!("/v1/webhooks?limit=100{cursor}"));
        check("/v1/webhooks", &page, &everything);
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    check("/v1/events", &read("/v1/events?limit=500"), &everything);
    check("/metrics", &read("/metrics"), &everything);
    check("/openapi.json", &read("/openapi.json"), &everything);
    let outcomes = ["accepted", "ignored", "quarantined"];
    for outcome in outcomes {
        for more in [&["--dry-run"][..], &[]] {
            let arguments = [&["replay", "--outcome", outcome], more].concat();
            let run = gateway.home().run(&arguments);
            assert_eq!(run.code, Some(0), "{run:?}");
            check("replay", &format!("{}{}", run.stdout, run.stderr), &everything);
        }
    }
    let run = gateway.home().run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    check("check", &format!("{}{}", run.stdout, run.stderr), &everything);
    gateway.terminate();
    let (_, log, _home) = gateway.wait();
    assert!(log.contains("webhook kept") && log.contains("webhook rejected"), "{log}");
    check("the log", &log, &everything);
}
