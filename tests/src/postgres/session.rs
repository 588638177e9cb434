//! A connection to PostgreSQL that speaks the simple half of its protocol, for whoever must hold a
//! transaction open, or a hundred connections.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// An open connection; the server ends its transaction when it is dropped.
#[derive(Debug)]
pub struct Session(TcpStream);

impl Session {
    /// Connects to the database at `url`, which asks for no password and no TLS. The error is what
    /// the server says.
    pub fn open(url: &str) -> Result<Self, String> {
        let (role, rest) = url.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
        let (address, database) = rest.split_once('/').unwrap();
        let database = database.split('?').next().unwrap();
        let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        // Longer than anything here takes, unless it hangs.
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let mut session = Self(stream);
        // Version 3.0 of the protocol.
        let mut start = 196_608_u32.to_be_bytes().to_vec();
        for text in ["user", role, "database", database, ""] {
            start.extend_from_slice(text.as_bytes());
            start.push(0);
        }
        session.send(None, &start).map_err(|error| error.to_string())?;
        session.answer()?;
        Ok(session)
    }

    /// Runs `sql`: a line for each row, `|` between columns. The error is what the server says.
    pub fn run(&mut self, sql: &str) -> Result<String, String> {
        self.send(Some(b'Q'), &[sql.as_bytes(), &[0]].concat())
            .map_err(|error| error.to_string())?;
        self.answer()
    }

    fn send(&mut self, kind: Option<u8>, content: &[u8]) -> io::Result<()> {
        let length = u32::try_from(content.len() + 4).unwrap().to_be_bytes();
        let kind: &[u8] = kind.as_slice();
        self.0.write_all(&[kind, &length, content].concat())
    }

    /// Reads until the server is ready for the next query.
    fn answer(&mut self) -> Result<String, String> {
        let (mut rows, mut failure) = (Vec::new(), None);
        loop {
            let (kind, content) = match self.message() {
                Ok(message) => message,
                Err(error) => return Err(failure.unwrap_or_else(|| error.to_string())),
            };
            match kind {
                b'D' => rows.push(row(&content)),
                b'E' => failure = Some(told(&content)),
                b'R' if content != [0; 4] => return Err("it asks for a password".into()),
                b'Z' => return failure.map_or_else(|| Ok(rows.join("\n")), Err),
                _ => {}
            }
        }
    }

    fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.0.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut content = vec![0; usize::try_from(length - 4).unwrap()];
        self.0.read_exact(&mut content)?;
        Ok((head[0], content))
    }
}

fn row(content: &[u8]) -> String {
    let (count, mut rest) = content.split_at(2);
    let columns = (0..u16::from_be_bytes([count[0], count[1]])).map(|_| {
        let (length, after) = rest.split_at(4);
        // A length of -1 stands for null.
        let length = i32::from_be_bytes([length[0], length[1], length[2], length[3]]);
        let (value, after) = after.split_at(usize::try_from(length).unwrap_or(0));
        rest = after;
        String::from_utf8_lossy(value).into_owned()
    });
    columns.collect::<Vec<_>>().join("|")
}

/// The message for people among the fields of an error.
fn told(content: &[u8]) -> String {
    let fields = content.split(|byte| *byte == 0).filter_map(|field| field.split_first());
    let texts = fields.filter(|(kind, _)| b"CM".contains(kind));
    texts.map(|(_, text)| String::from_utf8_lossy(text)).collect::<Vec<_>>().join(" ")
}
