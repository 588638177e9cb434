//! When a sample was taken, received or measured, in any form that Junction prints.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use labgate_core::time::VendorTime;
use serde::{
    Deserialize, Deserializer,
    de::{self, value::MapAccessDeserializer},
};

/// A time, or a day where the lab has no time of day: a string, or an object that holds one beside
/// its offset (OpenAPI `SampleData`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Time(Timestamp),
    Day(Date),
}

impl Moment {
    pub(crate) fn time(self) -> Option<Timestamp> {
        match self {
            Self::Time(time) => Some(time),
            Self::Day(_) => None,
        }
    }

    pub(crate) fn day(self) -> Option<Date> {
        match self {
            Self::Time(_) => None,
            Self::Day(day) => Some(day),
        }
    }
}

/// The offset is that of the lab's wall clock; the timestamp has one of its own.
#[derive(Deserialize)]
struct Stamped {
    timestamp: Moment,
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Moment;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an RFC 3339 time or a day")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                // A date-time is a day too, to a parser of days.
                let day = (text.len() == "2026-08-04".len()).then(|| text.parse().ok());
                if let Some(day) = day.flatten() {
                    return Ok(Moment::Day(day));
                }
                let time: VendorTime =
                    text.parse().map_err(|_| E::custom("expected an RFC 3339 time or a day"))?;
                Ok(Moment::Time(time.0))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                Ok(Stamped::deserialize(MapAccessDeserializer::new(map))?.timestamp)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
