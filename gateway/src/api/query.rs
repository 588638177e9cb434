//! What a request asks for: the id in its path, and what follows `?`, where every parameter is
//! known, none comes twice, and each is of its type.

use std::collections::BTreeMap;

use actix_web::{HttpMessage as _, HttpRequest, web};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{endpoint::Endpoint, error::ApiError, page::place, trace::Record};

/// Items on a page if nobody says.
const LIMIT: i64 = 50;
/// Items on a page at most.
const MOST: i64 = 500;

/// The parameters of a request.
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads the parameters that `endpoint` takes. A typo must not mean "no filter".
    pub(super) fn read(request: &HttpRequest, endpoint: &Endpoint) -> Result<Self, ApiError> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|_| bad("the query can't be read".into()))?;
        let mut known = BTreeMap::new();
        for (name, value) in pairs.into_inner() {
            if !endpoint.parameters.iter().any(|parameter| parameter.name == name) {
                let names: Vec<_> =
                    endpoint.parameters.iter().map(|known| format!("`{}`", known.name)).collect();
                let names = if names.is_empty() { "none".into() } else { names.join(", ") };
                return Err(bad(format!("unknown parameter; known: {names}")));
            }
            // No text in a store holds one, and PostgreSQL refuses to compare with it.
            if value.contains('\0') {
                return Err(bad(format!("`{name}`: expected a text without U+0000")));
            }
            if known.insert(name.clone(), value).is_some() {
                return Err(bad(format!("`{name}` is given twice")));
            }
        }
        Ok(Self(known))
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// One of our own words.
    pub(super) fn word<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        self.parse(name, "expected one of the documented words", |text| {
            serde_json::from_value(text.into()).ok()
        })
    }

    /// A time.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        self.parse(name, "expected an RFC 3339 time", |text| text.parse().ok())
    }

    /// A place in the feed.
    pub(super) fn seq(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let expected = "expected a whole number from 0";
        self.parse(name, expected, |text| text.parse().ok().filter(|seq| *seq >= 0))
    }

    /// How many at most.
    pub(super) fn limit(&self) -> Result<i64, ApiError> {
        let fits = |text: &str| text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        Ok(self.parse("limit", "expected a whole number from 1 to 500", fits)?.unwrap_or(LIMIT))
    }

    /// Where to go on.
    pub(super) fn cursor(&self) -> Result<Option<i64>, ApiError> {
        self.parse("cursor", "expected the `next_cursor` of a page", place)
    }

    fn parse<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| bad(format!("`{name}`: {expected}")))
    }
}

/// The id in the path of `endpoint`, which is noted for the log. What is no id of ours names
/// nothing.
pub(super) fn id(
    request: &HttpRequest,
    endpoint: &Endpoint,
    what: &'static str,
) -> Result<Uuid, ApiError> {
    Query::read(request, endpoint)?;
    let id = request.match_info().query("id").parse().map_err(|_| ApiError::NotFound(what))?;
    request.extensions_mut().insert(Record(id));
    Ok(id)
}

fn bad(problem: String) -> ApiError {
    ApiError::BadParameter(problem)
}
