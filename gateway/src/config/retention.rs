//! How long something is kept: `90d`, `12h`, `4w`.

use std::{fmt, str::FromStr};

use jiff::{
    SignedDuration, Span, SpanRelativeTo, Timestamp,
    fmt::friendly::{Designator, Spacing, SpanPrinter},
};

/// A length of time, more than none; a day has 24 hours.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// As it was written.
    span: Span,
    length: SignedDuration,
}

/// The least and the most that a clock may be ahead, unnoticed.
const SLACK: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(5), SignedDuration::from_hours(7 * 24));

/// A text that tells no such length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a length of time in weeks, days, hours or less, as in `90d` or `12h`")]
pub struct RetentionError;

impl FromStr for Retention {
    type Err = RetentionError;

    fn from_str(text: &str) -> Result<Self, RetentionError> {
        let span: Span = text.parse().map_err(|_| RetentionError)?;
        // Months and years have no length of their own.
        let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
        let length = length.ok().filter(SignedDuration::is_positive).ok_or(RetentionError)?;
        Ok(Self { span, length })
    }
}

impl Retention {
    /// How far a clock may be ahead of what is expected: a tenth of this length, within bounds. If it
    /// is wrong by that, webhooks go a tenth too early.
    pub fn slack(self) -> SignedDuration {
        (self.length / 10).clamp(SLACK.0, SLACK.1)
    }

    /// What came before this is not kept any more.
    pub fn start(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.length).unwrap_or(Timestamp::MIN)
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printer = SpanPrinter::new()
            .designator(Designator::Verbose)
            .spacing(Spacing::BetweenUnitsAndDesignators);
        formatter.write_str(&printer.span_to_string(&self.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_as_they_were_written() {
        let check = |text: &str, hours: i64, told: &str| {
            let retention: Retention = text.parse().unwrap();
            assert_eq!(retention.length, SignedDuration::from_hours(hours), "{text}");
            assert_eq!(retention.to_string(), told);
        };
        check("90d", 90 * 24, "90 days");
        check("1d", 24, "1 day");
        check("12h", 12, "12 hours");
        check("4w", 4 * 7 * 24, "4 weeks");
        check("1d 12h", 36, "1 day 12 hours");
    }

    #[test]
    fn a_clock_may_be_ahead_by_a_tenth() {
        let check = |text: &str, minutes: i64| {
            let retention: Retention = text.parse().unwrap();
            assert_eq!(retention.slack(), SignedDuration::from_mins(minutes), "{text}");
        };
        check("1us", 5);
        check("10h", 60);
        check("50d", 5 * 24 * 60);
        check("5000d", 7 * 24 * 60);
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for text in ["", "90", "0d", "0s", "-3d", "3d ago", "1mo", "1y", "d", "for ever", "90x"] {
            assert_eq!(text.parse::<Retention>().err(), Some(RetentionError), "{text}");
        }
    }

    #[test]
    fn longer_than_time_itself_is_for_ever() {
        let retention: Retention = "1000000w".parse().unwrap();
        assert_eq!(retention.start(Timestamp::UNIX_EPOCH), Timestamp::MIN);
        let day: Retention = "1d".parse().unwrap();
        let start: Timestamp = "1969-12-31T00:00:00Z".parse().unwrap();
        assert_eq!(day.start(Timestamp::UNIX_EPOCH), start);
    }
}
