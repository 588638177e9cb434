//! A constant rate of arrivals.

use std::{
    io,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::{io::unix::AsyncFd, sync::Semaphore};

/// Says when the next webhook is due. It keeps time with a timer of the system, since those of the
/// runtime count milliseconds.
pub(super) struct Pacer {
    interval: f64,
    due: Semaphore,
    timer: AsyncFd<OwnedFd>,
}

impl Pacer {
    /// A pacer of `rate` webhooks a second.
    pub(super) fn new(rate: f64) -> io::Result<Self> {
        let timer = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        #[expect(deprecated, reason = "an OwnedFd stays what it is; the other way is unsafe code")]
        let timer = AsyncFd::new(timer)?;
        Ok(Self { interval: 1.0 / rate, due: Semaphore::new(0), timer })
    }

    /// How long after the start the webhook at `place` is to be sent.
    pub(super) fn after(&self, place: usize) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 webhooks")]
        Duration::from_secs_f64(self.interval * place as f64)
    }

    /// Waits until a webhook is due. Whoever waits longest is served first.
    pub(super) async fn due(&self) {
        self.due.acquire().await.expect("the pacer does not close").forget();
    }

    /// Lets webhooks out as they become due, for ever.
    pub(super) async fn tick(&self, start: Instant) -> io::Result<()> {
        let mut place = 0;
        loop {
            let now = start.elapsed();
            while self.after(place) <= now {
                self.due.add_permits(1);
                place += 1;
            }
            self.wait(self.after(place).saturating_sub(start.elapsed())).await?;
        }
    }

    async fn wait(&self, time: Duration) -> io::Result<()> {
        // A timer of no time at all would never go off.
        let time = time.max(Duration::from_nanos(1));
        let never = Timespec::default();
        let once = Timespec::try_from(time).map_err(io::Error::other)?;
        let timer = Itimerspec { it_interval: never, it_value: once };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &timer)?;
        let gone_off = |timer: &OwnedFd| Ok(rustix::io::read(timer, &mut [0; 8])?);
        self.timer.async_io(tokio::io::Interest::READABLE, gone_off).await?;
        Ok(())
    }
}
