//! Drawing ids and times, and writing them.

use std::fmt::{Display, Write as _};

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use rand::{RngExt as _, rngs::StdRng};
use uuid::{Builder, Uuid};

/// A random id.
pub(super) fn uuid(rng: &mut StdRng) -> Uuid {
    Builder::from_random_bytes(rng.random()).into_uuid()
}

/// A time in the quarter after the first of June 2026, to the microsecond.
pub(super) fn time(rng: &mut StdRng) -> i64 {
    const JUNE: i64 = 1_780_272_000_000_000;
    JUNE + rng.random_range(0..90 * 24 * HOUR)
}

/// An hour, in the microseconds that times are counted in.
pub(super) const HOUR: i64 = 3_600_000_000;

/// Appends `value` to `body`.
pub(super) fn write(body: &mut String, value: impl Display) {
    write!(body, "{value}").expect("a String takes any text");
}

/// Appends a time as Junction writes it.
pub(super) fn write_time(body: &mut String, micros: i64) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    let time = Timestamp::from_microsecond(micros).expect("a drawn time is a time");
    PRINTER.print_timestamp(&time, &mut *body).expect("a String takes any text");
    body.pop();
    body.push_str("+00:00");
}
