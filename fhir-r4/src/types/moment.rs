//! A time as precisely as FHIR tells it.

use jiff::{Timestamp, civil::Date, civil::DateTime};
use serde::{Deserialize, Deserializer, de::Error as _};

/// `date`, `dateTime` or `instant` (hl7.org/fhir/R4/datatypes.html#dateTime): a year, a month, a
/// day, or a time with its offset.
///
/// Only a time with its offset is an instant. No time of day is made up for the others: it could
/// put one event before another that it came after, and show the wrong day west of Greenwich.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The instant, where the time of day and its offset are told.
    pub(crate) instant: Option<Timestamp>,
    /// The day as written, where it is told.
    pub(crate) date: Option<Date>,
    /// Whether it tells more or less than an instant or a day: a time of day without an offset, a
    /// month, a year.
    pub(crate) is_odd: bool,
}

impl Moment {
    fn read(text: &str) -> Option<Self> {
        let date = text.get(..10).and_then(|date| date.parse().ok());
        match text.len() {
            4 | 7 => {
                let padded = format!("{text}{}", &"-01-01"[text.len() - 4..]);
                padded.parse::<Date>().ok()?;
                Some(Self { instant: None, date: None, is_odd: true })
            }
            10 => Some(Self { instant: None, date: Some(date?), is_odd: false }),
            _ => {
                let instant = text.parse::<Timestamp>().ok();
                // A local time without an offset, which FHIR forbids, tells the day.
                instant.is_some().then_some(()).or_else(|| {
                    text.parse::<DateTime>().ok().filter(|_| !text.ends_with('Z')).map(|_| ())
                })?;
                Some(Self { instant, date, is_odd: instant.is_none() })
            }
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| D::Error::custom("expected a FHIR date or time"))
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    fn check(text: &str, expected: Option<(Option<&str>, Option<&str>)>) {
        let read = Moment::read(text).map(|moment| {
            let instant = moment.instant.map(|time| time.to_string());
            (instant, moment.date.map(|date| date.to_string()))
        });
        let expected =
            expected.map(|(instant, date)| (instant.map(String::from), date.map(String::from)));
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn a_time_is_as_precise_as_it_is_told() {
        check("2026", Some((None, None)));
        check("2026-03", Some((None, None)));
        check("2026-03-04", Some((None, Some("2026-03-04"))));
        check("2026-03-04T10:00:00", Some((None, Some("2026-03-04"))));
        check(
            "2026-03-04T23:30:00.5-05:00",
            Some((Some("2026-03-05T04:30:00.5Z"), Some("2026-03-04"))),
        );
    }

    #[test]
    fn what_no_calendar_knows_is_refused() {
        for text in
            ["", "soon", "202", "2026-13", "2026-02-30", "2026-03-04T25:00:00Z", "ÄÖÜ", "é26"]
        {
            check(text, None);
        }
    }
}
