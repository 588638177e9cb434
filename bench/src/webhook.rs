//! A webhook that is ready to be sent: the bytes of an HTTP request.

use bytes::Bytes;
use uuid::Uuid;

/// What a webhook tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An order that the gateway has not heard of.
    NewOrder,
    /// An order that has moved on.
    UpdatedOrder,
    /// A result with its markers.
    Result,
    /// An appointment.
    Appointment,
    /// An event of Fullscript.
    Fullscript,
}

impl Kind {
    /// The plugin that takes it.
    pub const fn plugin(self) -> &'static str {
        match self {
            Self::NewOrder | Self::UpdatedOrder | Self::Result | Self::Appointment => "junction",
            Self::Fullscript => "fullscript",
        }
    }
}

/// A signed webhook. A clone is another delivery of the same.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// What it tells of.
    pub kind: Kind,
    /// Whether it was in the batch before.
    pub is_repeated: bool,
    /// What makes it one webhook however often it is sent: Junction's id of the message without
    /// its `msg_`, Fullscript's id of the event.
    pub id: Uuid,
    request: Bytes,
    body_at: usize,
}

impl Webhook {
    pub(crate) fn new(kind: Kind, id: Uuid, request: Vec<u8>, body_at: usize) -> Self {
        Self { kind, is_repeated: false, id, request: request.into(), body_at }
    }

    /// The same webhook, delivered once more.
    pub(crate) fn repeated(&self) -> Self {
        Self { is_repeated: true, ..self.clone() }
    }

    /// The HTTP/1.1 request, headers and body.
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// The body alone.
    pub fn body(&self) -> &[u8] {
        &self.request[self.body_at..]
    }
}
