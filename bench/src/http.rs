//! As much of HTTP/1.1 as a client of the gateway needs.

use std::io;

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Where the body starts.
    pub(crate) body_at: usize,
    /// Where it ends, and the next answer starts.
    pub(crate) ends_at: usize,
}

/// The head of the answer that `received` starts with, if it has come to its end.
pub(crate) fn head(received: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut answer = httparse::Response::new(&mut headers);
    let Ok(parsed) = answer.parse(received) else { return Err(broken()) };
    let httparse::Status::Complete(body_at) = parsed else { return Ok(None) };
    let length = answer.headers.iter().find(|header| {
        // Ours are answered in lower case or in the usual capitals.
        header.name.len() == 14 && header.name.eq_ignore_ascii_case("content-length")
    });
    let length = length.and_then(|header| str::from_utf8(header.value).ok()?.parse::<usize>().ok());
    let (Some(status), Some(length)) = (answer.code, length) else { return Err(broken()) };
    Ok(Some(Head { status, body_at, ends_at: body_at + length }))
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP that we know")
}
