//! Answers, and what holds for each of them, whatever was asked.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, put together if it came in chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// `None` if it is no HTTP, or not whole. What answers HEAD announces a body and has none.
    fn read(bytes: &[u8], is_head: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_string()))
            .collect();
        let mut answer = Self { status, headers, body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = unchunked(&answer.body)?;
        }
        let announced = answer.header("content-length").map_or(Ok(0), str::parse::<usize>).ok()?;
        (is_head || answer.body.len() >= announced).then_some(answer)
    }
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(end + 2..end + 2 + size)?);
        bytes = bytes.get(end + size + 4..)?;
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nobody listens.
    Refused,
    /// The other side hung up, or said nothing in time, before the first byte of an answer.
    Unanswered,
    /// It hung up amid the answer.
    BrokenOff(String),
}

/// Writes `bytes` to `to` and reads the answer. Whatever was sent: it comes within seconds, and it
/// is never a redirect, never 410.
pub fn exchange(to: SocketAddr, bytes: &[u8]) -> Answer {
    try_exchange(to, bytes).unwrap_or_else(|silence| panic!("no answer: {silence:?}"))
}

/// The same where no answer is one, too.
pub fn try_exchange(to: SocketAddr, bytes: &[u8]) -> Result<Answer, Silence> {
    let mut stream = TcpStream::connect(to).map_err(|_| Silence::Refused)?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    // A gateway that has heard enough may answer and hang up before all is written.
    let _ = stream.write_all(bytes);
    let mut received = Vec::new();
    let mut part = [0; 8192];
    while let Ok(length @ 1..) = stream.read(&mut part) {
        received.extend_from_slice(&part[..length]);
    }
    if received.is_empty() {
        return Err(Silence::Unanswered);
    }
    let answer = Answer::read(&received, bytes.starts_with(b"HEAD "));
    let answer = answer
        .ok_or_else(|| Silence::BrokenOff(String::from_utf8_lossy(&received).into_owned()))?;
    assert!(!(300..400).contains(&answer.status), "a redirect: {answer:?}");
    assert_ne!(answer.status, 410, "{answer:?}");
    Ok(answer)
}
