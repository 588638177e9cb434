//! The gateway's API, read over one connection.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

use crate::http;

/// Longer than any page takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection to the admin listener.
pub struct Admin {
    stream: TcpStream,
    token: String,
    received: Vec<u8>,
}

impl Admin {
    /// Connects to `address`, to read with the key `token`.
    pub fn connect(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, token: token.into(), received: Vec::new() })
    }

    /// What is at `path`.
    pub fn read(&mut self, path: &str) -> io::Result<Value> {
        match self.ask(path)? {
            (200, body) => serde_json::from_slice(&body).map_err(io::Error::from),
            (status, _) => Err(io::Error::other(format!("{path}: answered {status}"))),
        }
    }

    /// The status and the body of the answer at `path`.
    pub fn ask(&mut self, path: &str) -> io::Result<(u16, Vec<u8>)> {
        let token = &self.token;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: labgate\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes())?;
        loop {
            if let Some(head) = http::head(&self.received)?
                && self.received.len() >= head.ends_at
            {
                let body = self.received[head.body_at..head.ends_at].to_vec();
                self.received.drain(..head.ends_at);
                return Ok((head.status, body));
            }
            let mut chunk = [0; 16 * 1024];
            match self.stream.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                length => self.received.extend_from_slice(&chunk[..length]),
            }
        }
    }
}
