//! How long work goes on beside intake: in small transactions, with a rest after each.

use std::time::Duration;

/// Rows that one step looks at.
pub(super) const ROWS: i64 = 500;
/// Bytes of packed values that one transaction touches, unless a single value is larger.
const BYTES: usize = 8 * 1024 * 1024;
/// The shortest rest: longer than the naps of somebody who waits for the lock on a file.
const SHORTEST: Duration = Duration::from_millis(30);

/// What one step of a long piece of work did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How far the work is.
    pub at: i64,
    /// How many rows it was about.
    pub rows: usize,
    /// Whether it held them.
    pub held: bool,
}

impl Step {
    /// How long to rest after this step, if it `took` so long: a webhook that waited for it must
    /// get its turn, so a file is never ours for more than half of the time.
    pub fn rest(self, took: Duration) -> Duration {
        if self.held { took.max(SHORTEST) } else { Duration::ZERO }
    }
}

/// Counts what one transaction takes on.
#[derive(Debug, Default)]
pub(super) struct Load(usize);

impl Load {
    /// Whether a value of so many bytes fits in. The first one always does.
    pub(super) fn takes(&mut self, bytes: i32) -> bool {
        let bytes = usize::try_from(bytes).unwrap_or_default().max(1);
        let fits = self.0 == 0 || self.0 + bytes <= BYTES;
        self.0 += bytes;
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_bounded_and_never_nothing() {
        let mut load = Load::default();
        assert!(load.takes(i32::MAX));
        assert!(!load.takes(1));
        let mut load = Load::default();
        let half = i32::try_from(BYTES / 2).unwrap();
        assert_eq!([half, half, 0].map(|bytes| load.takes(bytes)), [true, true, false]);
    }

    #[test]
    fn whoever_held_something_rests_as_long_as_it_took() {
        let step = Step { at: 1, rows: 1, held: true };
        assert_eq!(step.rest(Duration::from_secs(1)), Duration::from_secs(1));
        assert_eq!(step.rest(Duration::ZERO), SHORTEST);
        assert_eq!(Step { held: false, ..step }.rest(Duration::from_secs(1)), Duration::ZERO);
    }
}
