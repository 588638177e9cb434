//! A process under load: started, watched, ended.

use std::{
    fs::{self, File},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    admin::Admin,
    leftovers::{self, Listed},
    usage::Usage,
};

/// Longer than any start or stop takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often somebody looks whether something has happened.
const GLANCE: Duration = Duration::from_micros(500);

/// A process that serves webhooks; it is killed when dropped.
pub struct Process {
    child: Child,
    _listed: Listed,
    log: PathBuf,
    /// Where it takes webhooks.
    pub webhooks: SocketAddr,
    /// Where its API is; what has none is asked for its health at the same address.
    pub admin: SocketAddr,
    /// From the start until it was ready: `/readyz` answered 200.
    pub ready: Duration,
}

impl Process {
    /// Starts `command`, which logs to `log`, and waits until it is ready. Logs are written to a
    /// file, as a service's are, so that reading them costs nobody anything.
    pub fn spawn(mut command: Command, log: &Path) -> io::Result<Self> {
        let started = Instant::now();
        let file = File::create(log)?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let child = command.spawn()?;
        let mut process = Self {
            _listed: leftovers::process(child.id()),
            child,
            log: log.into(),
            webhooks: nowhere,
            admin: nowhere,
            ready: Duration::ZERO,
        };
        (process.webhooks, process.admin) = process.wait_for(started, Self::addresses)?;
        process.wait_for(started, |process| process.is_ready().then_some(()))?;
        process.ready = started.elapsed();
        Ok(process)
    }

    /// What it has used so far.
    pub fn usage(&self) -> io::Result<Usage> {
        Usage::of(self.child.id())
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Lets it finish what it has accepted, and end.
    pub fn stop(mut self) -> io::Result<()> {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("a child has an id"), Signal::TERM)?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(self.failed("ended with a failure")) }
    }

    fn wait_for<T>(
        &mut self,
        started: Instant,
        news: impl Fn(&Self) -> Option<T>,
    ) -> io::Result<T> {
        loop {
            if let Some(news) = news(self) {
                return Ok(news);
            }
            if self.child.try_wait()?.is_some() {
                return Err(self.failed("does not start"));
            }
            if started.elapsed() > PATIENCE {
                return Err(self.failed("is not ready"));
            }
            thread::sleep(GLANCE);
        }
    }

    fn addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        let log = fs::read_to_string(&self.log).ok()?;
        log.lines().find_map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            let address = |name: &str| line[name].as_str()?.parse().ok();
            let listening = line["message"] == "listening";
            listening.then(|| Some((address("webhooks")?, address("admin")?)))?
        })
    }

    fn is_ready(&self) -> bool {
        let path = if self.admin == self.webhooks { "/healthz" } else { "/readyz" };
        let ask = || Admin::connect(self.admin, "")?.ask(path);
        ask().is_ok_and(|(status, _)| status == 200)
    }

    fn failed(&self, how: &str) -> io::Error {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let tail: Vec<_> = log.lines().rev().take(5).collect();
        let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        io::Error::other(format!("a process {how}; the end of its log:\n{tail}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
