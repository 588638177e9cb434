//! How new something is that is made of several resources.

use jiff::Timestamp;
use labgate_core::time::can_order;

use super::Mapper;
use crate::types::Moment;

/// The newest time of the parts of something.
#[derive(Clone, Copy, Default)]
pub(super) struct Stamp {
    newest: Option<Timestamp>,
    /// A time that a part states and that lies in the future: it orders nothing.
    pub(super) future: Option<Timestamp>,
}

impl Stamp {
    /// The newest time, or the arrival's where no part states one.
    pub(super) fn at(self, received_at: Timestamp) -> Timestamp {
        self.newest.unwrap_or(received_at)
    }
}

impl Mapper<'_> {
    /// Adds the time of a part, which is at `field`.
    pub(super) fn stamp(&mut self, stamp: &mut Stamp, stated: Option<&Moment>, field: &str) {
        let stated = self.instant(stated, field);
        if stated.is_some_and(|stated| !can_order(stated, self.context.received_at)) {
            self.unknown(field);
            stamp.future = stamp.future.max(stated);
        } else {
            stamp.newest = stamp.newest.max(stated);
        }
    }
}
