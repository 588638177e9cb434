//! What is particular to vendors, from outside: to whom a refusal must not be the last word, whose
//! order has several reports.

use labgate_tests::{Gateway, Home, Request, now, sample, signed_by};
use serde_json::{Value, json};

const TERRA: &str = "secret-of-terra-for-tests";
const FHIR: &str = "token-of-a-fhir-server-for-tests";

fn gateway() -> Gateway {
    let terra = format!("provider = \"terra\"\nsecrets = [\"{TERRA}\"]");
    let fhir = format!("provider = \"fhir\"\nsignature = \"static_token\"\nsecrets = [\"{FHIR}\"]");
    Home::new().with("plugins.terra", &terra).with("plugins.fhir", &fhir).serve()
}

fn terra(secret: &str, body: impl Into<Vec<u8>>) -> Request {
    let (body, at) = (body.into(), now());
    let signature = signed_by(secret, &[format!("{at}.").as_bytes(), &body].concat());
    Request::post("/v1/webhooks/terra", body)
        .header("content-type", "application/json")
        .header("x-terra-signature", format!("t={at},v1={signature}"))
}

#[test]
fn a_vendor_that_gives_up_on_any_4xx_is_refused_so_that_it_comes_again() {
    let gateway = gateway();
    let body = sample("terra/demo/1-processing");
    for (request, error) in [
        (terra("a-secret-of-tomorrow", &*body), "signature_verification_failed"),
        (terra(TERRA, &*body).without("x-terra-signature"), "signature_verification_failed"),
        (terra(TERRA, vec![b' '; 2 << 20]), "payload_too_large"),
    ] {
        let answer = gateway.post(&request);
        assert_eq!((answer.status, &answer.json()["error"]), (503, &json!(error)));
        assert!(gateway.list("/v1/webhooks").is_empty());
    }
    let labels = [("plugin", "terra"), ("reason", "mismatch")];
    assert_eq!(gateway.metrics().find("labgate_rejections_total", &labels), Some(1.0));

    let answer = gateway.post(&terra(TERRA, &*body));
    assert_eq!((answer.status, &answer.json()["received"]), (200, &json!(true)));
    // What is kept in quarantine is not lost, so it need not come again.
    let answer = gateway.post(&terra(TERRA, "{}"));
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("validation_error")));
    assert_eq!(gateway.list("/v1/webhooks?outcome=quarantined").len(), 1);
}

fn report(id: &str, status: &str, issued: &str, value: &str) -> Value {
    json!({ "resource": {
        "resourceType": "DiagnosticReport", "id": id, "status": status, "issued": issued,
        "code": { "text": id }, "basedOn": [{ "reference": "ServiceRequest/r-1" }],
        "result": [{ "reference": "#o" }],
        "contained": [{
            "resourceType": "Observation", "id": "o", "status": "final", "code": { "text": id },
            "valueString": value,
        }],
    } })
}

#[test]
fn a_vendor_may_take_the_endpoint_for_a_rest_server() {
    let gateway = gateway();
    let body = report("r", "final", "2026-08-01T10:00:00Z", "5")["resource"].to_string();
    let send = |method: &str, path: &str| {
        let request = Request { method: method.into(), ..Request::post(path, body.clone()) };
        let request = request.header("content-type", "application/fhir+json");
        gateway.post(&request.header("authorization", format!("Bearer {FHIR}")))
    };
    let answer = send("PUT", "/v1/webhooks/fhir/DiagnosticReport/r");
    assert_eq!((answer.status, &answer.json()["ingested_count"]), (200, &json!(1)));
    assert_eq!(send("POST", "/v1/webhooks/fhir/DiagnosticReport").json()["duplicate"], json!(true));
    assert_eq!(gateway.list("/v1/webhooks").len(), 1);

    let answer = send("DELETE", "/v1/webhooks/fhir/DiagnosticReport/r");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST, PUT")));
    // Others are served at their own path, and take what is posted.
    assert_eq!(send("PUT", "/v1/webhooks/terra/DiagnosticReport/r").status, 404);
    assert_eq!(send("PUT", "/v1/webhooks/terra").status, 405);
}

#[test]
fn several_reports_of_one_order_have_versions_of_their_own() {
    let gateway = gateway();
    let post = |entries: Value| {
        let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        let request = Request::post("/v1/webhooks/fhir", bundle.to_string())
            .header("content-type", "application/fhir+json")
            .header("authorization", format!("Bearer {FHIR}"));
        let answer = gateway.post(&request);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["ingested_count"].clone()
    };
    let lipids = |value, issued| report("lipids", "final", issued, value);
    let first = lipids("90", "2026-08-01T10:00:00Z");
    assert_eq!(post(json!([first, report("blood", "final", "2026-08-02T10:00:00Z", "5")])), 2);
    assert_eq!(post(json!([lipids("95", "2026-08-03T10:00:00Z")])), 1);

    let order = &gateway.list("/v1/orders?plugin=fhir")[0];
    let reports = gateway.list(&format!("/v1/orders/{}/reports", order["id"].as_str().unwrap()));
    let seen = reports.iter().map(|report| {
        let field = |name: &str| report[name].clone();
        (
            field("provider_report_id"),
            field("version"),
            field("status"),
            field("replaces").is_null(),
        )
    });
    let expected = [
        (json!("DiagnosticReport/lipids"), json!(2), json!("amended"), false),
        (json!("DiagnosticReport/blood"), json!(1), json!("final"), true),
        (json!("DiagnosticReport/lipids"), json!(1), json!("final"), true),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);

    let told = gateway.list("/v1/events?after=0");
    let told = told.iter().filter(|event| event["type"].as_str().unwrap().starts_with("report."));
    let latest: Vec<_> = told.map(|event| event["data"]["latest"].clone()).collect();
    assert_eq!(latest, [json!(true), json!(true), json!(true)], "each was when it came");
}
