//! What both listeners share: JSON for whatever goes wrong, and a request id on every line.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Resource, Route,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web,
};
use tracing::Instrument as _;
use uuid::Uuid;

/// The word for programs in a refusal, for those who count and log it.
#[derive(Clone, Copy)]
pub(crate) struct Refused(pub(crate) &'static str);

/// `{error, message}`: the only shape of a refusal.
pub(crate) fn refusal(status: StatusCode, error: &'static str, message: &str) -> HttpResponse {
    let body = serde_json::json!({ "error": error, "message": message });
    let mut response = HttpResponseBuilder::new(status).json(body);
    response.extensions_mut().insert(Refused(error));
    response
}

/// A path that nobody serves.
pub(crate) async fn not_found() -> HttpResponse {
    refusal(StatusCode::NOT_FOUND, "not_found", "there is nothing at this path")
}

/// A method that the path does not take.
pub(crate) fn wrong_method(allow: &'static str) -> HttpResponse {
    let message = format!("this path takes {allow}");
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allow));
    response
}

/// A path that takes one method, and words the refusal of others.
pub(crate) fn resource(path: &str, route: Route, allow: &'static str) -> Resource {
    let refuse = move || async move { wrong_method(allow) };
    web::resource(path).route(route).default_service(web::to(refuse))
}

/// The process is alive.
pub(crate) async fn healthz(_: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Gives each request an id: in the log lines that it causes, and in `X-Request-Id` of its answer.
pub(crate) async fn request_id(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let id = Uuid::now_v7().to_string();
    // As high as any line in it, or a filter for warnings would take the id from them.
    let span = tracing::error_span!("request", request_id = %id);
    let mut response = next.call(request).instrument(span).await?;
    let value = header::HeaderValue::try_from(id).expect("a UUID is a header value");
    response.headers_mut().insert(header::HeaderName::from_static("x-request-id"), value);
    Ok(response)
}
