//! What the API refuses, and how.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};

use crate::{config::Scope, http_json::refusal, replay::ReplayError, store::StoreError};

/// Why a request to the API gets no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// No key, or one that nobody has.
    #[error("a known bearer token is required")]
    Unauthorized,
    /// The key does not open this.
    #[error("this key does not have the scope `{}`", .0.as_str())]
    Forbidden(Scope),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A parameter is wrong. The text is ours, but for the name of the parameter.
    #[error("{0}")]
    BadParameter(String),
    /// The store is away or overloaded.
    #[error("the store is not available")]
    Unavailable(#[source] StoreError),
    /// The store holds what this binary can't read.
    #[error("this can't be read; the log of the gateway says more")]
    Internal(#[source] StoreError),
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::BadParameter(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let error = match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::BadParameter(_) => "bad_parameter",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal_error",
        };
        refusal(self.status_code(), error, &self.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unreadable(_)
            | StoreError::KeyMissing { .. }
            | StoreError::NotSealed(_)
            | StoreError::KeyUnknown(_)
            | StoreError::UnknownDictionary(_) => Self::Internal(error),
            StoreError::Connect(_)
            | StoreError::File(_)
            | StoreError::Displaced(_)
            | StoreError::Exposed { .. }
            | StoreError::Server(_)
            | StoreError::Certificates(_)
            | StoreError::Query(_)
            | StoreError::Migration(_)
            | StoreError::NotUtf8
            | StoreError::Overloaded
            | StoreError::Panicked
            | StoreError::Away => Self::Unavailable(error),
        }
    }
}

impl From<ReplayError> for ApiError {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::NotFound => Self::NotFound("webhook"),
            ReplayError::UnknownPlugin => {
                Self::BadParameter("the webhook's plugin is not in the configuration".into())
            }
            ReplayError::Store(error) => error.into(),
        }
    }
}
