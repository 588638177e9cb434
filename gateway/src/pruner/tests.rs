//! Pruning goes on as long as the gateway serves, whatever becomes of a run.

use std::{
    io,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU32, Ordering},
    },
};

use jiff::SignedDuration;
use tokio::task::{JoinHandle, yield_now};

use super::*;
use crate::{
    store::{Archive as _, Connection, webhooks},
    test::{TestGateway, order_body},
};

const PATIENCE: Duration = Duration::from_secs(20);

async fn archive(gateway: &TestGateway, message_id: &str) {
    let arrival = gateway.arrival("junction", message_id, &order_body("o-1", 1));
    gateway.store.archive(arrival).await.unwrap();
}

struct Running {
    metrics: Arc<Metrics>,
    stop: watch::Sender<()>,
    pruning: JoinHandle<()>,
}

impl Running {
    /// A pruner for whom everything is old at once.
    fn start(gateway: &TestGateway, period: Duration) -> Self {
        Self::start_by(gateway, period, "1ns", Reading::now)
    }

    /// One that keeps webhooks for so long, by these clocks.
    fn start_by(
        gateway: &TestGateway,
        period: Duration,
        keep: &str,
        read: fn() -> Reading,
    ) -> Self {
        let metrics = Arc::new(Metrics::new());
        let retention = keep.parse().unwrap();
        let pruner = Pruner::new(gateway.store.clone(), retention, metrics.clone());
        let (stop, stopped) = watch::channel(());
        let pruning = tokio::spawn(Pruner { period, read, ..pruner }.run(stopped));
        Self { metrics, stop, pruning }
    }

    /// Waits until so many were removed.
    async fn removed(&self, count: usize) {
        let line = format!("labgate_webhooks_pruned_total {count}\n");
        wait_until(&line, || self.metrics.render().contains(&line)).await;
    }

    async fn stop(self) {
        drop(self.stop);
        timeout(PATIENCE, self.pruning).await.unwrap().unwrap();
    }
}

async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let asked = async {
        while !condition() {
            yield_now().await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("never {what}"));
}

#[tokio::test]
async fn it_prunes_at_once_and_again_and_ends_when_it_is_told_to() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1").await;
    let running = Running::start(&gateway, Duration::from_millis(1));
    running.removed(1).await;
    archive(&gateway, "m-2").await;
    running.removed(2).await;
    running.stop().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_the_next_run() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1").await;
    let running = Running::start(&gateway, PERIOD);
    running.removed(1).await;
    running.stop().await;
}

/// What the clocks of a machine show whose time jumps by a year once it runs.
fn jumping() -> Reading {
    static READINGS: AtomicU32 = AtomicU32::new(0);
    let reading = Reading::now();
    let jumped = READINGS.fetch_add(1, Ordering::Relaxed) > 0;
    let jump = SignedDuration::from_hours(if jumped { 365 * 24 } else { 0 });
    Reading { wall: reading.wall + jump, ..reading }
}

#[tokio::test]
async fn a_clock_that_jumps_removes_nothing() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1").await;
    for _ in 0..2 {
        // The second one starts when the clock has jumped already.
        let running = Running::start_by(&gateway, Duration::from_millis(1), "90d", jumping);
        let ahead = || {
            let text = running.metrics.render();
            let line = text.lines().find(|line| line.starts_with(AHEAD)).map(str::to_owned);
            line.and_then(|line| line.rsplit(' ').next()?.parse::<i64>().ok())
        };
        wait_until("ahead", || ahead() > Some(364 * 24 * 3600)).await;
        running.stop().await;
    }
    let webhooks = |open: &mut Connection| webhooks::last_received_at(open, "junction");
    assert!(gateway.store.read(webhooks).await.unwrap().is_some());

    // An operator vouches for it.
    let now = jumping().wall;
    gateway.store.read(move |open| clock::trust(open, now)).await.unwrap();
    let running = Running::start_by(&gateway, Duration::from_millis(1), "90d", jumping);
    running.removed(1).await;
    running.stop().await;
}

const AHEAD: &str = "labgate_retention_clock_ahead_seconds ";

/// What was logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap()
    }

    fn warnings(&self) -> usize {
        String::from_utf8_lossy(&self.bytes()).matches("WARN").count()
    }
}

impl io::Write for Log {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.bytes().write(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_run_that_fails_is_told_once_and_is_not_the_last() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
    let _logging = tracing::subscriber::set_default(subscriber.finish());
    let gateway = TestGateway::new().await;
    gateway.store.read(Connection::revert).await.unwrap();
    let running = Running::start(&gateway, PERIOD);
    wait_until("a warning", || log.warnings() > 0).await;
    running.stop().await;
    assert_eq!(log.warnings(), 1, "{:?}", log.bytes());

    let running = Running::start(&gateway, Duration::from_millis(1));
    wait_until("another", || log.warnings() > 1).await;
    gateway.store.read(Connection::migrate).await.unwrap();
    archive(&gateway, "m-1").await;
    running.removed(1).await;
    running.stop().await;
}
