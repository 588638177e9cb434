//! A vendor's API as a file says that it behaves.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use labgate_core::{
    errands::{Client, ErrandError, Unreachable},
    notice::FetchNotice,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use crate::{Subject, goldens};

/// `NAME.fetch.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FetchScript {
    #[serde(default)]
    pub(crate) config: Map<String, Value>,
    pub(crate) pointer: FetchNotice,
    pub(crate) exchanges: Vec<Exchange>,
    #[serde(default)]
    pub(crate) acknowledge: Vec<Exchange>,
    /// The tokens that are kept before, by account.
    #[serde(default)]
    pub(crate) session: BTreeMap<String, String>,
    /// Those that are kept after the exchanges, if it is not the same.
    pub(crate) session_after: Option<BTreeMap<String, String>>,
}

/// `NAME.poll.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PollScript {
    #[serde(default)]
    pub(crate) config: Map<String, Value>,
    pub(crate) pages: Vec<PageScript>,
    /// As in [`FetchScript`].
    #[serde(default)]
    pub(crate) session: BTreeMap<String, String>,
    /// As in [`FetchScript`].
    pub(crate) session_after: Option<BTreeMap<String, String>>,
}

/// What it takes to get one page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageScript {
    pub(crate) exchanges: Vec<Exchange>,
}

/// What must be asked, and what is answered then.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    request: Asked,
    response: Answered,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, Option<String>>,
    body: Option<Value>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Box<RawValue>>,
}

/// Every script with this ending, by name.
pub(crate) fn all<S: DeserializeOwned>(subject: &Subject, ending: &str) -> Vec<(String, S)> {
    let read = |name: String| {
        let path = goldens::folder(subject).join(format!("{name}{ending}"));
        let text = fs::read(path).expect("a file that was just listed can be read");
        let script = serde_json::from_slice(&text);
        let script = script.unwrap_or_else(|error| panic!("{name}{ending}: {error}"));
        (name, script)
    };
    goldens::names(subject, ending).into_iter().map(read).collect()
}

impl Exchange {
    /// The same with every address in the answer led to `elsewhere`, such as `https://host`.
    pub(crate) fn leading_to(&self, elsewhere: &str) -> Self {
        let mut exchange = self.clone();
        let body = self.response.body.as_ref().map(|body| led_to(elsewhere, body.get()));
        exchange.response.body = body.map(|body| {
            RawValue::from_string(body).expect("another address in a JSON text leaves it JSON")
        });
        for value in exchange.response.headers.values_mut() {
            *value = led_to(elsewhere, value);
        }
        exchange
    }

    /// What the script says of the headers that are sent: names, and values where there are any.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.request.headers.iter();
        headers.filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }

    /// The host that is asked, unless something must not be sent there.
    pub(crate) fn home(&self) -> Option<String> {
        let asked = &self.request;
        let url: http::Uri = asked.url.parse().expect("a script asks for an address");
        asked.headers.values().all(Option::is_some).then(|| url.host().unwrap_or_default().into())
    }
}

/// `text` with `elsewhere` in place of scheme and host of every address.
pub(crate) fn led_to(elsewhere: &str, text: &str) -> String {
    let mut parts = text.split("https://");
    let mut led = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let host = part.find(['/', '"', '?', ' ']).unwrap_or(part.len());
        led = led + elsewhere + &part[host..];
    }
    led
}

/// How an API fails, and what must come of it.
pub(crate) fn failures() -> [(&'static str, Option<u16>, ErrandError); 5] {
    let retry_after = Some(Duration::from_secs(17));
    [
        ("401", Some(401), ErrandError::Refused),
        ("404", Some(404), ErrandError::NotFound),
        ("429", Some(429), ErrandError::Throttled { retry_after }),
        ("500", Some(500), ErrandError::Failing { retry_after }),
        ("no answer", None, ErrandError::Unreachable),
    ]
}

/// A client whose vendor behaves as a script says.
pub(crate) struct Scripted<'a> {
    exchanges: &'a [Exchange],
    /// From which exchange on the API fails, and with which status, if with any.
    fails: Option<(usize, Option<u16>)>,
    /// Whether other requests than the script's are answered too.
    lenient: bool,
    asked: Mutex<Vec<Request<Bytes>>>,
}

impl<'a> Scripted<'a> {
    /// Answers what the script asks, and nothing else.
    pub(crate) fn strict(exchanges: &'a [Exchange]) -> Self {
        Self { exchanges, fails: None, lenient: false, asked: Mutex::default() }
    }

    /// Answers one exchange after the other, whatever is asked.
    pub(crate) fn lenient(exchanges: &'a [Exchange]) -> Self {
        Self { lenient: true, ..Self::strict(exchanges) }
    }

    /// Fails from the exchange at `index` on.
    pub(crate) fn failing(exchanges: &'a [Exchange], index: usize, status: Option<u16>) -> Self {
        Self { fails: Some((index, status)), ..Self::strict(exchanges) }
    }

    /// All that was asked.
    pub(crate) fn asked(self) -> Vec<Request<Bytes>> {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Client for Scripted<'_> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let index = asked.len();
        asked.push(request.clone());
        if let Some((from, status)) = self.fails
            && index >= from
        {
            let status = StatusCode::from_u16(status.ok_or(Unreachable)?);
            let mut response = Response::new(Bytes::from_static(b"{}"));
            *response.status_mut() = status.expect("failures have statuses");
            response.headers_mut().insert("retry-after", HeaderValue::from_static("17"));
            return Ok(response);
        }
        let Some(exchange) = self.exchanges.get(index) else {
            assert!(self.lenient, "request {index}, to {}, is not in the script", request.uri());
            return Err(Unreachable);
        };
        if !self.lenient {
            exchange.request.matches(index, &request);
        }
        Ok(exchange.response.to_response())
    }
}

impl Asked {
    fn matches(&self, index: usize, request: &Request<Bytes>) {
        assert_eq!(request.method().as_str(), self.method, "the method of request {index}");
        assert_eq!(request.uri().to_string(), self.url, "the address of request {index}");
        for (name, expected) in &self.headers {
            let sent = request.headers().get(name).map(HeaderValue::as_bytes);
            let expected = expected.as_deref().map(str::as_bytes);
            assert!(sent == expected, "the header {name} of request {index} is another");
        }
        let Some(expected) = &self.body else { return };
        let sent = if expected.is_string() {
            Value::String(String::from_utf8_lossy(request.body()).into())
        } else {
            serde_json::from_slice(request.body()).unwrap_or_default()
        };
        assert!(sent == *expected, "the body of request {index} is another");
    }
}

impl Answered {
    fn to_response(&self) -> Response<Bytes> {
        // A text is sent as it is; anything else as it stands in the file, digit by digit.
        let json = self.body.as_ref().map_or("", |body| body.get());
        let body = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(self.status).expect("a script has statuses");
        let header = |(name, value): (&String, &String)| {
            let name = HeaderName::try_from(name).expect("a script has names of headers");
            (name, HeaderValue::try_from(value).expect("a script has values of headers"))
        };
        *response.headers_mut() = self.headers.iter().map(header).collect::<HeaderMap>();
        response
    }
}
