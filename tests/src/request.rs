//! Requests over bare sockets, as wrong as their author wants them.

use std::net::SocketAddr;

use serde_json::Value;

use crate::{Answer, Silence, exchange, try_exchange};

/// A request, as wrong as its author wants it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query as they go over the wire.
    pub path: String,
    /// Headers, besides `Host`, `Connection` and `Content-Length`.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request of `method` to `path`.
    pub fn new(method: &str, path: &str) -> Self {
        let (method, path) = (method.into(), path.into());
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    /// GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// POST with `body`.
    pub fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new("POST", path) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().into()));
        self
    }

    /// Takes every header of that name away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Another path.
    #[must_use]
    pub fn to(mut self, path: &str) -> Self {
        self.path = path.into();
        self
    }

    /// Another body under the same signature.
    #[must_use]
    pub fn carrying(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// A key to the API.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// The bytes for the wire, up to the body.
    fn head(&self, framing: &str) -> Vec<u8> {
        let Self { method, path, .. } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: labgate\r\n").into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(format!("connection: close\r\n{framing}\r\n\r\n").as_bytes());
        head
    }

    /// The bytes for the wire, with the length announced.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head(&format!("content-length: {}", self.body.len()));
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it with its length announced.
    pub fn send(&self, to: SocketAddr) -> Answer {
        self.checked(exchange(to, &self.to_bytes()))
    }

    /// The same where no answer is one, too.
    pub fn try_send(&self, to: SocketAddr) -> Result<Answer, Silence> {
        try_exchange(to, &self.to_bytes()).map(|answer| self.checked(answer))
    }

    /// Sends it in chunks, its length told to nobody.
    pub fn send_chunked(&self, to: SocketAddr) -> Answer {
        let mut bytes = self.head("transfer-encoding: chunked");
        for chunk in self.body.chunks(4096) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        self.checked(exchange(to, &bytes))
    }

    /// Every refusal is `{error, message}`, and nothing else.
    fn checked(&self, answer: Answer) -> Answer {
        if answer.status >= 400 && self.method != "HEAD" {
            let body: Value = serde_json::from_slice(&answer.body)
                .unwrap_or_else(|_| panic!("{self:?} is refused without JSON: {answer:?}"));
            let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(fields, ["error", "message"], "{answer:?}");
            assert!(body["error"].is_string() && body["message"].is_string(), "{answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
        }
        answer
    }
}
