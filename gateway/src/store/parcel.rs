//! A webhook packed for the writer: whatever needs no lock is done before it gets there.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use labgate_core::{
    Notice, VerifiedRequest,
    merge::FiledReport,
    model::{Source, appointment_id, order_id},
    notice::{AppointmentNotice, FetchNotice, OrderNotice, ReportNotice},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Arrival, StoreError, Stored,
    arrival::Cause,
    budget,
    key::Key,
    seal::{Place, Purpose, Seal},
    webhooks,
};

/// A webhook on its way to the writer.
pub(super) struct Parcel {
    pub(super) arrival: Arrival<Vec<Told>>,
    /// The id that it is kept under, if it was not kept before; that of the kept one in a replay.
    pub(super) id: Uuid,
    pub(super) dedupe_key: Key,
    /// Headers and body, packed under `id`; nothing in a replay.
    pub(super) content: Vec<u8>,
    /// What becomes of it, if it was not kept before.
    pub(super) stored: Stored,
    /// See [`budget::is_heavy`].
    pub(super) is_heavy: bool,
}

/// A [`Notice`] with the ids of what it tells of, and its report packed.
pub(super) enum Told {
    Order { order: Uuid, aliases: Vec<Uuid>, notice: Box<OrderNotice> },
    Appointment { order: Uuid, appointment: Uuid, notice: Box<AppointmentNotice> },
    Report(Box<Filing>),
    Fetch(FetchNotice),
}

/// A report as it will be filed.
pub(super) struct Filing {
    pub(super) order: Uuid,
    pub(super) report: Arc<FiledReport>,
    pub(super) document: Vec<u8>,
}

impl Parcel {
    pub(super) fn new(arrival: Arrival, seal: &Seal) -> Self {
        let (stored, is_heavy) = (arrival.stored(), budget::is_heavy(&arrival));
        let Arrival { plugin, request, event_type, dedupe_key, notices, cause } = arrival;
        let key = key(&plugin, &dedupe_key);
        let (id, content) = match cause {
            Cause::Replay { webhook } => (webhook, Vec::new()),
            Cause::Delivery => {
                let id = Uuid::now_v7();
                (id, seal.pack(&plugin, Place::new(Purpose::Content, id), &content(&request)))
            }
        };
        let received_at = request.received_at();
        let notices = notices.map(|said| {
            let tell = |notice| Told::new(seal, &plugin, id, received_at, notice);
            said.notices.into_iter().map(tell).collect()
        });
        let arrival = Arrival { plugin, request, event_type, dedupe_key, notices, cause };
        Self { arrival, id, dedupe_key: key, content, stored, is_heavy }
    }

    /// Roughly the memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        let reports = self.arrival.notices.iter().flatten().map(|told| match told {
            Told::Report(filing) => filing.document.len(),
            Told::Order { .. } | Told::Appointment { .. } | Told::Fetch(_) => 0,
        });
        self.arrival.request.body().len() + self.content.len() + reports.sum::<usize>()
    }
}

impl Told {
    fn new(
        seal: &Seal,
        plugin: &str,
        webhook: Uuid,
        received_at: Timestamp,
        notice: Notice,
    ) -> Self {
        match notice {
            Notice::Order(notice) => Self::Order {
                order: order_id(plugin, notice.provider_order_id.as_str()),
                aliases: notice
                    .aliases
                    .iter()
                    .map(|name| order_id(plugin, name.as_str()))
                    .collect(),
                notice,
            },
            Notice::Appointment(notice) => Self::Appointment {
                order: order_id(plugin, notice.provider_order_id.as_str()),
                appointment: appointment_id(plugin, notice.provider_appointment_id.as_str()),
                notice,
            },
            Notice::Fetch(pointer) => Self::Fetch(pointer),
            Notice::Report(report) => {
                Self::Report(Box::new(Filing::new(seal, plugin, webhook, received_at, *report)))
            }
        }
    }
}

impl Told {
    /// The id of the report that it brings.
    pub(super) fn report(&self) -> Option<Uuid> {
        match self {
            Self::Report(filing) => Some(filing.report.id),
            Self::Order { .. } | Self::Appointment { .. } | Self::Fetch(_) => None,
        }
    }
}

impl Filing {
    /// Files what `webhook` reported.
    fn new(
        seal: &Seal,
        plugin: &str,
        webhook: Uuid,
        received_at: Timestamp,
        notice: ReportNotice,
    ) -> Self {
        let order = order_id(plugin, notice.provider_order_id.as_str());
        let source = Source { webhook };
        let (report, document) = FiledReport::with_document(order, source, received_at, notice);
        let document = seal.pack(plugin, Place::new(Purpose::Report, report.id), &document);
        Self { order, report: Arc::new(report), document }
    }
}

/// A dedupe key as the index holds it: 128 bits of its SHA-256, at which two of a million million
/// webhooks meet with a probability of 10^-15.
fn key(plugin: &str, dedupe_key: &str) -> Key {
    // A name of a plugin holds no zero byte, so no two pairs read the same.
    let digest = Sha256::new().chain_update(plugin).chain_update(b"\0").chain_update(dedupe_key);
    let digest = digest.finalize();
    Key(Uuid::from_slice(&digest[..16]).expect("16 bytes make an id"))
}

/// Headers and body, as HTTP/1.1 writes them.
pub(super) fn content(request: &VerifiedRequest) -> Vec<u8> {
    let mut content = Vec::with_capacity(request.body().len() + 512);
    for (name, value) in request.headers() {
        content.extend_from_slice(name.as_str().as_bytes());
        content.extend_from_slice(b": ");
        content.extend_from_slice(value.as_bytes());
        content.extend_from_slice(b"\r\n");
    }
    content.extend_from_slice(b"\r\n");
    content.extend_from_slice(request.body());
    content
}

/// Headers and body out of a content.
pub(super) fn read_content(mut content: &[u8]) -> Result<(HeaderMap, &[u8]), StoreError> {
    let mut headers = HeaderMap::new();
    loop {
        let end = content.windows(2).position(|window| window == b"\r\n");
        let (line, rest) = end
            .and_then(|end| Some((content.get(..end)?, content.get(end + 2..)?)))
            .ok_or(StoreError::Unreadable(webhooks::TABLE))?;
        content = rest;
        if line.is_empty() {
            return Ok((headers, content));
        }
        let (name, value) = header(line).ok_or(StoreError::Unreadable(webhooks::TABLE))?;
        headers.append(name, value);
    }
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.windows(2).position(|window| window == b": ")?;
    let (name, value) = (line.get(..colon)?, line.get(colon + 2..)?);
    Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
}
