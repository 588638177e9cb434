//! A store, its plugins, and webhooks to put in, for the tests of this crate.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use labgate_core::RawRequest;
use labgate_tests::TestStore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    intake,
    plugins::{Plugin, Plugins},
    store::{Arrival, Backend, Seal, Store},
    telemetry::Metrics,
};

pub(crate) struct TestGateway {
    pub(crate) store: Store,
    pub(crate) plugins: Arc<Plugins>,
    pub(crate) backend: Backend,
    // In this order: whoever uses a database goes before it.
    _place: TestStore,
    _folder: TempDir,
}

impl TestGateway {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = TestStore::new(folder.path());
        Self::with_store(folder, place).await
    }

    /// For what is about the file.
    #[cfg(target_os = "linux")]
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = TestStore::sqlite(folder.path());
        Self::with_store(folder, place).await
    }

    async fn with_store(folder: TempDir, place: TestStore) -> Self {
        let backend: Backend = place.url().parse().unwrap();
        let tables = BTreeMap::from([
            ("junction".into(), json!({ "provider": "junction", "secrets": [SECRET] })),
            (
                "fullscript".into(),
                json!({
                    "provider": "fullscript",
                    "secrets": ["key-of-the-tests"],
                    "challenge_token": "token-of-the-tests",
                }),
            ),
        ]);
        let plugins = Arc::new(Plugins::build(tables, &crate::providers::all()).unwrap());
        let seal = Seal::default().with_dictionaries(plugins.dictionaries());
        let backend = backend.sealed_by(seal);
        let store = Store::open(backend.clone(), Arc::new(Metrics::new())).await.unwrap();
        Self { store, plugins, backend, _place: place, _folder: folder }
    }

    pub(crate) fn plugin(&self, name: &str) -> &Plugin {
        self.plugins.get(name).unwrap()
    }

    /// `body` as `plugin` would deliver it under `message_id`, proven and read.
    pub(crate) fn arrival(&self, plugin: &str, message_id: &str, body: &[u8]) -> Arrival {
        self.arrival_at(Timestamp::now(), plugin, message_id, body)
    }

    /// The same when the clock shows `now`.
    pub(crate) fn arrival_at(
        &self,
        now: Timestamp,
        plugin: &str,
        message_id: &str,
        body: &[u8],
    ) -> Arrival {
        let plugin = self.plugin(plugin);
        let path = format!("/v1/webhooks/{}", plugin.name);
        let mut request = RawRequest::post(path, body.to_vec());
        request.headers = plugin.provider.sign(&request, message_id, now).unwrap();
        intake::read(plugin, plugin.provider.verify(&request, now).unwrap())
    }
}

const SECRET: &str = "whsec_dGVzdC1rZXktb2YtbGFiZ2F0ZS1nYXRld2F5";

/// An order of Junction at the `n`th status of a walk-in order's life.
pub(crate) fn order_body(order: &str, n: usize) -> Vec<u8> {
    let statuses = [
        "received.walk_in_test.ordered",
        "received.walk_in_test.requisition_created",
        "sample_with_lab.walk_in_test.partial_results",
        "completed.walk_in_test.completed",
    ];
    let events: Vec<Value> = statuses[..n]
        .iter()
        .enumerate()
        .map(|(index, status)| {
            let at = format!("2026-08-0{}T10:00:00Z", index + 1);
            json!({ "id": index, "created_at": at, "status": status })
        })
        .collect();
    let data = json!({ "id": order, "details": { "type": "walk_in_test" }, "events": events });
    json!({ "event_type": "labtest.order.updated", "data": data }).to_string().into_bytes()
}

/// A final result of Junction with one value.
pub(crate) fn result_body(order: &str, reported_at: &str, value: &str) -> Vec<u8> {
    let data = json!({
        "order_id": order,
        "status": "final",
        "reported_at": reported_at,
        "markers": [{ "name": "Potassium", "value": value }],
    });
    json!({ "event_type": "labtest.result.ready", "data": data }).to_string().into_bytes()
}
