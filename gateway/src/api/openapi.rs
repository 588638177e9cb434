//! The OpenAPI document, made from the table of endpoints and the types that they return.

use actix_web::HttpResponse;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::Serialize;
use serde_json::{Value, json};

use super::endpoint::{ALL, Endpoint};

/// What every refusal looks like.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
struct ErrorBody {
    /// A word for programs.
    error: String,
    /// A sentence for people.
    message: String,
}

/// What needs no key, and holds nothing that would.
pub(super) const OPEN: [(&str, &str, &str); 4] = [
    ("/healthz", "The process is alive", "application/json"),
    ("/readyz", "The store can be reached, and webhooks are taken", "application/json"),
    ("/metrics", "Metrics for Prometheus", "text/plain"),
    ("/openapi.json", "This document", "application/json"),
];

pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok().json(document())
}

/// The document, in OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = SchemaGenerator::new(settings);
    let mut paths = json!({});
    for endpoint in ALL {
        paths[endpoint.path][endpoint.method] = operation(endpoint, &mut generator);
    }
    for (path, summary, media_type) in OPEN {
        let content = json!({ media_type: { "schema": {} } });
        let found = json!({ "description": summary, "content": content });
        paths[path]["get"] =
            json!({ "summary": summary, "security": [], "responses": { "200": found } });
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Labgate",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Orders, appointments and results of every lab provider, in one model.",
        },
        "paths": paths,
        "security": [{ "key": [] }],
        "components": {
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
            "schemas": generator.take_definitions(true),
        },
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let in_path = endpoint.path.contains("{id}").then(|| {
        json!({
            "name": "id",
            "in": "path",
            "required": true,
            "schema": { "type": "string", "format": "uuid" },
        })
    });
    let in_query = endpoint.parameters.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": "query",
            "description": parameter.about,
            "schema": { "type": parameter.kind },
        })
    });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let mut responses = json!({
        "200": {
            "description": endpoint.summary,
            "content": content((endpoint.response)(generator).to_value()),
        },
    });
    let refusals = [
        ("401", "No known bearer token"),
        ("403", "The key lacks the scope"),
        ("404", "There is no such thing"),
        ("422", "A parameter is wrong"),
        ("503", "The store is not available"),
    ];
    let error = generator.subschema_for::<ErrorBody>().to_value();
    for (status, description) in refusals {
        responses[status] =
            json!({ "description": description, "content": content(error.clone()) });
    }
    json!({
        "summary": endpoint.summary,
        "description": format!("Needs a key with the scope `{}`.", endpoint.scope.as_str()),
        "parameters": in_path.into_iter().chain(in_query).collect::<Vec<_>>(),
        "responses": responses,
    })
}
