//! Times of vendors: one instant, in whatever offset it is written.

use jiff::Timestamp;
use labgate_core::time::VendorTime;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_time_is_the_same_in_every_offset(
        seconds in -62_000_000_000_i64..250_000_000_000,
        nanos in prop_oneof![Just(0_i32), 0_i32..1_000_000_000],
        hours in -12_i8..=14,
    ) {
        let time = Timestamp::new(seconds, if seconds < 0 { -nanos } else { nanos }).unwrap();
        let local = time.display_with_offset(jiff::tz::offset(hours)).to_string();
        let utc = time.to_string();
        for text in [&local, &utc, utc.trim_end_matches('Z')] {
            prop_assert_eq!(text.parse::<VendorTime>().unwrap().0, time, "{}", text);
            let json = serde_json::to_string(text).unwrap();
            prop_assert_eq!(serde_json::from_str::<VendorTime>(&json).unwrap().0, time);
        }
    }

    #[test]
    fn a_time_that_is_none_is_refused_and_nothing_panics(text in "[0-9TZ:.+ -]{0,30}|\\PC{0,30}") {
        if let Ok(time) = text.parse::<VendorTime>() {
            prop_assert_eq!(time.0.to_string().parse::<VendorTime>(), Ok(time));
        }
    }
}
