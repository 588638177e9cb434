//! Who has to go, and when: each connection by its peer and what it does.

use std::task::Waker;

use actix_web::http::header::{HeaderMap, HeaderValue, X_FORWARDED_FOR};

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const HONEST: &str = "192.0.2.1";
const STRANGER: &str = "198.51.100.1";
const PROXY: &str = "10.0.0.1";

/// At most four connections and a thousand bytes.
fn limits() -> Limits {
    Limits {
        connections: 4,
        bytes: 1000,
        request_timeout: 5 * SECOND,
        idle_timeout: 75 * SECOND,
        min_body_rate: NonZeroU32::new(100).unwrap(),
        trusted_proxies: TrustedProxies::parse(&[PROXY.into()]).unwrap(),
    }
}

/// A listener, and the time at which everything starts.
fn start() -> (Arc<Connections>, Instant) {
    (Connections::new(limits(), "webhooks", &Metrics::new()), Instant::now())
}

fn open(connections: &Arc<Connections>, peer: &str, now: Instant) -> Connection {
    connections.open(Some(peer.parse().unwrap()), now).unwrap()
}

/// A connection that sends a body, of which `bytes` have come.
fn body(connections: &Arc<Connections>, peer: &str, now: Instant, bytes: usize) -> Connection {
    let connection = open(connections, peer, now);
    connection.begin(&HeaderMap::new());
    connection.expect_body(now);
    assert_eq!(connection.hold(bytes, now), Ok(()));
    connection
}

fn forwarded(peer: &'static str) -> HeaderMap {
    [(X_FORWARDED_FOR, HeaderValue::from_static(peer))].into_iter().collect()
}

fn closing(connection: &Connection) -> Option<Closing> {
    connection.closing(Waker::noop())
}

#[test]
fn a_newcomer_takes_the_place_of_the_slowest_of_the_peer_with_most() {
    let (connections, start) = start();
    let honest = open(&connections, HONEST, start);
    let strangers = [1, 2, 3].map(|after| open(&connections, STRANGER, start + after * SECOND));
    let newcomer = open(&connections, HONEST, start + 4 * SECOND);
    assert_eq!(closing(&strangers[0]), Some(Closing::Crowded));
    for stays in [&honest, &strangers[1], &strangers[2], &newcomer] {
        assert_eq!(closing(stays), None);
    }
}

#[test]
fn whoever_waits_for_us_keeps_its_place() {
    let (connections, start) = start();
    let served = [1, 2, 3, 4].map(|_| open(&connections, STRANGER, start));
    for connection in &served {
        connection.begin(&HeaderMap::new());
    }
    assert!(connections.open(Some(HONEST.parse().unwrap()), start).is_none());
    served[0].answered(start);
    assert!(connections.open(Some(HONEST.parse().unwrap()), start).is_some());
    assert_eq!(closing(&served[0]), Some(Closing::Crowded));
}

#[test]
fn one_that_is_gone_makes_room() {
    let (connections, start) = start();
    let first = body(&connections, HONEST, start, 900);
    let others = [1, 2, 3].map(|_| open(&connections, HONEST, start));
    first.gone();
    body(&connections, HONEST, start, 900);
    assert!(others.iter().all(|other| closing(other).is_none()));
}

#[test]
fn a_chunk_costs_its_bytes() {
    let (connections, start) = start();
    let chunks = body(&connections, STRANGER, start, 0);
    for _ in 0..500 {
        assert_eq!(chunks.hold(1, start), Ok(()));
    }
    body(&connections, HONEST, start, 500);
    assert_eq!(closing(&chunks), None);
}

#[test]
fn the_slowest_body_of_the_peer_with_most_bytes_makes_room() {
    let (connections, start) = start();
    let honest = body(&connections, HONEST, start, 100);
    let slow = body(&connections, STRANGER, start, 300);
    let fast = body(&connections, STRANGER, start + SECOND, 500);
    let newcomer = body(&connections, HONEST, start + 2 * SECOND, 300);
    assert_eq!(closing(&slow), Some(Closing::Crowded));
    for stays in [&honest, &fast, &newcomer] {
        assert_eq!(closing(stays), None);
    }
}

#[test]
fn an_unfinished_head_is_memory_too() {
    let (connections, start) = start();
    let head = open(&connections, STRANGER, start);
    head.received(600, start);
    body(&connections, HONEST, start + SECOND, 500);
    assert_eq!(closing(&head), Some(Closing::Crowded));
}

#[test]
fn what_comes_ahead_of_its_turn_is_the_next_head() {
    let bytes = 100_000;
    let connections = Connections::new(Limits { bytes, ..limits() }, "webhooks", &Metrics::new());
    let now = Instant::now();
    let held = |expected: usize| assert_eq!(connections.held.load(Ordering::Relaxed), expected);
    for is_late in [false, true] {
        let connection = open(&connections, STRANGER, now);
        connection.received(60_000, now);
        held(60_000);
        connection.begin(&HeaderMap::new());
        held(0);
        connection.expect_body(now);
        // The rest of the first read is the body's, or the next head's.
        let body = if is_late { 20_000 } else { 59_000 };
        connection.hold(body, now).unwrap();
        connection.serve();
        connection.received(1000, now);
        held(body);
        connection.answered(now);
        held(if is_late { 41_000 } else { 0 });
        connections.close_late(now + 6 * SECOND);
        assert_eq!(closing(&connection), is_late.then_some(Closing::Late));
        held(0);
    }
}

#[test]
fn memory_that_is_in_use_is_not_taken_away() {
    let (connections, start) = start();
    let served = body(&connections, STRANGER, start, 900);
    served.serve();
    let honest = open(&connections, HONEST, start);
    honest.begin(&HeaderMap::new());
    assert_eq!(honest.hold(200, start), Err(NoRoom));
    assert_eq!(closing(&served), None);
    honest.answered(start);
    served.answered(start);
    body(&connections, HONEST, start, 1000);
}

#[test]
fn what_is_late_is_closed() {
    let (connections, start) = start();
    let head = open(&connections, HONEST, start);
    let idle = open(&connections, HONEST, start);
    idle.answered(start);
    // It has earned eight seconds beyond the five.
    let body = body(&connections, HONEST, start, 800);
    let check = |after: u32, expected: [bool; 3]| {
        connections.close_late(start + after * SECOND);
        let late = [&head, &idle, &body].map(|it| closing(it) == Some(Closing::Late));
        assert_eq!(late, expected, "after {after} seconds");
    };
    check(5, [false, false, false]);
    check(6, [true, false, false]);
    check(13, [true, false, false]);
    check(14, [true, false, true]);
    check(75, [true, false, true]);
    check(76, [true, true, true]);
}

#[test]
fn a_second_head_and_an_answer_have_the_deadline_of_a_head() {
    let (connections, start) = start();
    let (second, stalled) = (open(&connections, HONEST, start), open(&connections, HONEST, start));
    for connection in [&second, &stalled] {
        connection.begin(&HeaderMap::new());
        connection.answered(start);
    }
    second.received(1, start + 10 * SECOND);
    second.received(1, start + 15 * SECOND);
    stalled.stalled(start + 10 * SECOND);
    connections.close_late(start + 15 * SECOND);
    assert_eq!([&second, &stalled].map(closing), [None, None]);
    stalled.sent(start + 15 * SECOND);
    stalled.stalled(start + 15 * SECOND);
    connections.close_late(start + 16 * SECOND);
    assert_eq!([&second, &stalled].map(closing), [Some(Closing::Late), None]);
}

#[test]
fn a_proxy_is_no_peer_and_those_behind_it_are() {
    let (connections, start) = start();
    let waiting = open(&connections, PROXY, start);
    let strangers = [1, 2].map(|after| {
        let connection = open(&connections, PROXY, start + after * SECOND);
        connection.begin(&forwarded(STRANGER));
        connection.expect_body(start + after * SECOND);
        connection
    });
    let honest = open(&connections, PROXY, start);
    honest.begin(&forwarded(HONEST));
    honest.expect_body(start);
    assert_eq!(honest.peer(), Some(HONEST.parse().unwrap()));
    open(&connections, PROXY, start + 3 * SECOND);
    assert_eq!(closing(&strangers[0]), Some(Closing::Crowded));
    for stays in [&waiting, &strangers[1], &honest] {
        assert_eq!(closing(stays), None);
    }
    honest.answered(start);
    assert_eq!(honest.peer(), Some(PROXY.parse().unwrap()));
}

#[test]
fn a_stranger_speaks_for_itself_alone() {
    let (connections, start) = start();
    let stranger = open(&connections, STRANGER, start);
    stranger.begin(&forwarded(HONEST));
    assert_eq!(stranger.peer(), Some(STRANGER.parse().unwrap()));
}
