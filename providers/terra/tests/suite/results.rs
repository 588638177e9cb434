//! Fetching results: what the scripts among the goldens can't say.

use std::sync::{Arc, Mutex};

use http::{Request, Response};
use labgate_core::{
    DynProvider, Identifier, Notice,
    errands::{Client, Document, ErrandError, Retry, Unreachable},
    model::ReportStatus,
    notice::{FetchNotice, FetchSubject},
};
use labgate_testkit::{ARRIVAL, World, json, lent};
use serde_json::Value;

use crate::subject::terra;

#[test]
fn without_access_nothing_is_fetched() {
    assert!(terra().provider().fetch().is_none());
}

#[test]
fn access_that_can_not_work_is_refused() {
    for (field, value, expected) in [
        ("dev_id", "", "api.dev_id: expected an id without a colon"),
        ("dev_id", "a:b", "api.dev_id: expected an id without a colon"),
        ("key", " ", "api.key: expected a secret of at least 8 bytes"),
        ("base_url", "http://vantage.example", "api.base_url: expected `https://HOST`"),
        ("base_url", "https://vantage.example/?x=1", "api.base_url: expected `https://HOST`"),
        ("base_url", "https://dev:key@vantage.example", "api.base_url: expected `https://HOST`"),
        ("base_url", "vantage.example", "api.base_url: expected `https://HOST`"),
    ] {
        let mut config = with_access();
        config["api"][field] = value.into();
        let error = (terra().registration.build)(config).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn access_is_never_printed() {
    let provider = terra().built(with_access());
    let printed = format!("{provider:?} {provider:#?} {:?}", provider.fetch());
    for form in ["a-test-key", "bGFiZ2F0ZS10ZXN0OmEtdGVzdC1rZXk="] {
        assert!(!printed.contains(form));
    }
}

#[test]
fn another_host_is_asked_where_one_is_configured() {
    let mut config = with_access();
    config["api"]["base_url"] = "https://proxy.example/vantage/".into();
    let client = Answers::of(&[r#"{"download_url":"https://storage.example/1"}"#, "{}"]);
    let fetched = fetch(&terra().built(config), "7/18446744073709551615", &client);
    assert_eq!(fetched.unwrap(), ["{}"]);
    let asked = "https://proxy.example/vantage/api/v1/results/7?test_taker_id=18446744073709551615";
    assert_eq!(client.asked(), [asked, "https://storage.example/1"]);
}

#[test]
fn a_link_that_is_not_https_is_not_followed() {
    for link in ["http://storage.example/1", "ftp://storage.example/1", "/1", ""] {
        let client = Answers::of(&[&json!({ "download_url": link }).to_string(), "{}"]);
        let error = fetch(&terra().built(with_access()), "1/2", &client).unwrap_err();
        assert_eq!(error.to_string(), "download_url: expected an address under https");
        assert_eq!(error.retry(), Retry::AfterAChange);
        assert_eq!(client.asked().len(), 1, "{link}");
    }
}

#[test]
fn what_is_no_id_is_not_asked_for() {
    for reference in ["1", "1/", "/2", "1/2/3", "1/2?a=b", "../x/2", "1/-2"] {
        let client = Answers::of(&[]);
        let error = fetch(&terra().built(with_access()), reference, &client).unwrap_err();
        assert_eq!(error.to_string(), "reference: expected two numbers with a slash between");
    }
}

#[test]
fn results_are_of_the_pointers_order_and_lead_nowhere_else() {
    let body = json!({
        "resourceType": "Bundle",
        "entry": [
            { "resource": { "resourceType": "ServiceRequest", "id": "9", "status": "active" } },
            { "resource": {
                "resourceType": "DiagnosticReport", "id": "dr-1", "status": "final",
                "basedOn": [{ "reference": "ServiceRequest/9" }],
                "result": [{ "reference": "Observation/elsewhere" }],
                "presentedForm": [{ "url": "https://storage.example/1.pdf" }],
            } },
            { "resource": { "resourceType": "Patient", "id": "2", "birthDate": "1990-02-03" } },
        ],
    });
    let provider = terra().built(with_access());
    let document = Document { body: body.to_string().into(), fetched_at: ARRIVAL };
    let told = provider.fetch().unwrap().read(&pointer("1/2"), &document).unwrap();
    assert!(!told.notices.is_empty());
    for notice in told.notices {
        match notice {
            Notice::Order(order) => {
                assert_eq!(order.provider_order_id.as_str(), "item-1");
                assert_eq!(order.details.patient, None);
            }
            Notice::Report(report) => {
                assert_eq!(report.provider_order_id.as_str(), "item-1");
                assert_eq!(report.provider_report_id.unwrap().as_str(), "1/2");
            }
            Notice::Appointment(_) | Notice::Fetch(_) => panic!("it leads elsewhere"),
        }
    }
}

#[test]
fn fetched_documents_are_versions_whatever_order_they_come_in() {
    let told = |name: &str| -> Vec<Notice> {
        let meaning = std::fs::read(terra().folder.join(format!("goldens/{name}.notices.json")));
        let mut meaning: Value = serde_json::from_slice(&meaning.unwrap()).unwrap();
        serde_json::from_value(meaning["notices"].take()).unwrap()
    };
    for order in [["partial", "final", "corrected"], ["corrected", "partial", "final"]] {
        let mut world = World::default();
        let notices = order.iter().flat_map(|name| told(&format!("fetched-{name}")));
        notices.for_each(|notice| world.absorb(&notice));
        let reports = world.reports();
        let statuses: Vec<_> = reports.iter().map(|report| report.status).collect();
        assert_eq!(
            statuses,
            [ReportStatus::Partial, ReportStatus::Final, ReportStatus::Corrected],
            "{order:?}"
        );
        assert_eq!(reports[2].replaces, Some(reports[1].id));
        assert!(!reports[0].critical && reports[1].critical);
    }
}

fn with_access() -> Value {
    let mut config = terra().config();
    config["api"] = json!({ "dev_id": "labgate-test", "key": "a-test-key" });
    config
}

fn pointer(reference: &str) -> FetchNotice {
    let [reference, order] = [reference, "item-1"].map(|id| Identifier::new(id).unwrap());
    FetchNotice {
        provider_report_id: Some(reference.clone()),
        ..FetchNotice::new(FetchSubject::Report, reference, order)
    }
}

fn fetch(
    provider: &Arc<dyn DynProvider>,
    reference: &str,
    client: &Answers,
) -> Result<Vec<bytes::Bytes>, ErrandError> {
    let pointer = pointer(reference);
    futures_executor::block_on(provider.fetch().unwrap().fetch(&pointer, &lent(client)))
}

/// Answers in turn, and remembers what was asked.
struct Answers(Mutex<(Vec<bytes::Bytes>, Vec<String>)>);

impl Answers {
    fn of(bodies: &[&str]) -> Self {
        let bodies = bodies.iter().rev().map(|body| body.to_string().into());
        Self(Mutex::new((bodies.collect(), Vec::new())))
    }

    fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }
}

#[async_trait::async_trait]
impl Client for Answers {
    async fn send(
        &self,
        request: Request<bytes::Bytes>,
    ) -> Result<Response<bytes::Bytes>, Unreachable> {
        let mut state = self.0.lock().unwrap();
        state.1.push(request.uri().to_string());
        state.0.pop().map(Response::new).ok_or(Unreachable)
    }
}
