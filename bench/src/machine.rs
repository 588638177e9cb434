//! The machine as a whole, which others may use too.

use std::{
    fs, io, thread,
    time::{Duration, Instant},
};

use crate::usage::ticks;

/// How long the machine is watched to see whether it is idle.
const GLANCE: Duration = Duration::from_millis(250);
/// The share of the processors that may be in use on an idle machine.
const IDLE: f64 = 0.1;

/// Time that all processors together have worked so far.
pub fn busy() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().ok_or(io::ErrorKind::InvalidData)?;
    let fields = line.split_whitespace().skip(1).map(|field| field.parse().unwrap_or(0));
    // user, nice, system, idle, iowait, irq, softirq, steal; the rest is in those already.
    let worked = fields.take(8).enumerate().filter(|(place, _)| ![3, 4].contains(place));
    Ok(ticks(worked.map(|(_, count)| count).sum()))
}

/// The share of all processors that `worked` is of `elapsed`.
pub fn share(worked: Duration, elapsed: Duration) -> f64 {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let processors = u32::try_from(processors).unwrap_or(1);
    worked.as_secs_f64() / (elapsed * processors).as_secs_f64().max(f64::EPSILON)
}

/// Waits until nobody uses the machine, but no longer than `most`.
pub fn wait_until_idle(most: Duration) -> io::Result<()> {
    let end = Instant::now() + most;
    while Instant::now() < end {
        let (start, before) = (Instant::now(), busy()?);
        thread::sleep(GLANCE);
        if share(busy()?.saturating_sub(before), start.elapsed()) < IDLE {
            break;
        }
    }
    Ok(())
}
