//! What time it is for retention, which removes nothing on the word of a clock that has jumped.
//!
//! The store remembers the time of the last run; before the first one, that at which its newest
//! webhook came. A process adds how long it has run since, by a clock that can't be set. If the
//! system's clock is further ahead than that and a slack, then either it has jumped or nothing ran
//! for a while; a store can't know which. Retention goes on by the time that it expected, so that
//! it removes less and never more, until an operator says that the clock is right. A clock that
//! went back is believed at once: with it, less is removed too.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use diesel::{prelude::*, query_dsl::methods::FilterDsl as _, upsert::excluded};
use jiff::{SignedDuration, Timestamp};

use super::{
    Connection, StoreError,
    connection::run,
    micros,
    schema::{clock::dsl, webhooks},
    timestamp,
};

/// What both clocks of a process show.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The system's clock, which can be set.
    pub wall: Timestamp,
    /// For how long the process has run, by a clock that can't.
    pub running: Duration,
}

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Reading {
    /// What they show now.
    pub fn now() -> Self {
        Self { running: STARTED.elapsed(), wall: Timestamp::now() }
    }
}

/// The time that retention goes by, from run to run of one process.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetentionClock {
    /// A time, and for how long the process had run then.
    last: Option<(Timestamp, Duration)>,
}

/// What time it is for retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The time to go by.
    pub now: Timestamp,
    /// How far the system's clock is ahead of what was expected, if that is not believed.
    pub ahead: Option<SignedDuration>,
}

impl RetentionClock {
    /// Judges a clock by what the store `remembered` and by the runs before this one; it may be
    /// ahead by `slack`.
    pub fn judge(
        &mut self,
        remembered: Option<Timestamp>,
        reading: Reading,
        slack: SignedDuration,
    ) -> Judged {
        let since = |(time, running): (Timestamp, Duration)| {
            let passed = reading.running.saturating_sub(running);
            time.checked_add(passed).unwrap_or(Timestamp::MAX)
        };
        let expected = self.last.map(since).max(remembered).unwrap_or(reading.wall);
        let ahead = reading.wall.duration_since(expected);
        let judged = if ahead > slack {
            Judged { now: expected, ahead: Some(ahead) }
        } else {
            Judged { now: reading.wall, ahead: None }
        };
        self.last = Some((judged.now.max(expected), reading.running));
        judged
    }
}

/// The time of the last run, or else of the newest webhook.
pub fn remembered(connection: &mut Connection) -> Result<Option<Timestamp>, StoreError> {
    let query = dsl::clock.select(dsl::pruned_at);
    let last: Option<i64> = run!(connection, c => query.first(c).optional())?;
    if last.is_some() {
        return Ok(last.map(timestamp));
    }
    let newest = webhooks::table.order(webhooks::seq.desc()).select(webhooks::received_at);
    let newest: Option<i64> = run!(connection, c => newest.first(c).optional())?;
    Ok(newest.map(timestamp))
}

/// Remembers the time of a run; what is remembered only goes on.
pub fn remember(connection: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    let row = (dsl::id.eq(1), dsl::pruned_at.eq(micros(now)));
    let insert = diesel::insert_into(dsl::clock).values(row);
    let insert = insert.on_conflict(dsl::id).do_update();
    let insert = insert.set(dsl::pruned_at.eq(excluded(dsl::pruned_at)));
    let insert = insert.filter(dsl::pruned_at.lt(excluded(dsl::pruned_at)));
    run!(connection, c => insert.execute(c))?;
    Ok(())
}

/// Remembers a time that an operator vouches for, whatever was remembered.
pub fn trust(connection: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    run!(connection, c => diesel::delete(dsl::clock).execute(c))?;
    remember(connection, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{TestGateway, order_body};

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + HOUR * i32::try_from(hours).unwrap()
    }

    /// What a clock shows after the process has run for so many hours.
    fn reading(wall: i64, running: u64) -> Reading {
        Reading { wall: at(wall), running: Duration::from_hours(running) }
    }

    fn believed(hours: i64) -> Judged {
        Judged { now: at(hours), ahead: None }
    }

    #[test]
    fn a_clock_that_runs_is_believed() {
        let mut clock = RetentionClock::default();
        assert_eq!(clock.judge(None, reading(100, 0), HOUR), believed(100));
        assert_eq!(clock.judge(Some(at(100)), reading(110, 10), HOUR), believed(110));
        // It is a little fast, and a little slow.
        assert_eq!(clock.judge(None, reading(121, 20), HOUR), believed(121));
        assert_eq!(clock.judge(None, reading(130, 30), HOUR), believed(130));
    }

    #[test]
    fn a_jump_while_it_runs_is_not_believed_however_often_it_is_seen() {
        let mut clock = RetentionClock::default();
        clock.judge(None, reading(100, 0), HOUR);
        for hours in 1..30 {
            let wall = i64::try_from(hours).unwrap();
            let judged = clock.judge(None, reading(9100 + wall, hours), HOUR);
            assert_eq!(judged, Judged { now: at(100 + wall), ahead: Some(HOUR * 9000) });
        }
        assert_eq!(clock.judge(None, reading(130, 30), HOUR), believed(130), "and is over");
    }

    #[test]
    fn a_jump_before_the_start_is_not_believed_however_often_it_starts() {
        for _ in 0..9 {
            let mut clock = RetentionClock::default();
            let judged = clock.judge(Some(at(100)), reading(9100, 0), HOUR);
            assert_eq!(judged, Judged { now: at(100), ahead: Some(HOUR * 9000) });
        }
        let mut clock = RetentionClock::default();
        assert_eq!(clock.judge(Some(at(100)), reading(101, 0), HOUR), believed(101));
        // An operator vouches for it: the store remembers another time from now on.
        assert_eq!(clock.judge(Some(at(9100)), reading(9102, 2), HOUR * 2), believed(9102));
    }

    #[test]
    fn a_clock_that_went_back_is_believed_and_may_come_again() {
        let mut clock = RetentionClock::default();
        clock.judge(None, reading(100, 0), HOUR);
        assert_eq!(clock.judge(Some(at(100)), reading(3, 1), HOUR), believed(3));
        assert_eq!(clock.judge(Some(at(100)), reading(102, 2), HOUR), believed(102));
    }

    #[tokio::test]
    async fn a_store_remembers_the_latest_run_and_before_it_the_newest_webhook() {
        let gateway = TestGateway::new().await;
        let mut open = gateway.backend.connect().unwrap();
        assert_eq!(remembered(&mut open).unwrap(), None);
        for hours in [5, 7] {
            let body = order_body("o-1", 1);
            let arrival = gateway.arrival_at(at(hours), "junction", &format!("m-{hours}"), &body);
            crate::store::Archive::archive(&gateway.store, arrival).await.unwrap();
        }
        assert_eq!(remembered(&mut open).unwrap(), Some(at(7)));
        for (hours, expected) in [(6, 6), (9, 9), (8, 9)] {
            remember(&mut open, at(hours)).unwrap();
            assert_eq!(remembered(&mut open).unwrap(), Some(at(expected)));
        }
        trust(&mut open, at(8)).unwrap();
        assert_eq!(remembered(&mut open).unwrap(), Some(at(8)));
    }
}
