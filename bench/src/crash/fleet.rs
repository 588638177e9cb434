//! The gateways on one store: under load, killed and started again.

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    admin::Admin,
    home::Home,
    load::{self, Load, Pace, Report},
    process::Process,
    webhook::Webhook,
};

/// How long who is not killed goes on.
const AFTER: Duration = Duration::from_millis(150);

pub(super) struct Fleet {
    // They end before their home does.
    gateways: Vec<Process>,
    binary: PathBuf,
    pub(super) home: Home,
}

/// Which gateway is killed, and how long after it came under load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strike {
    pub(super) victim: usize,
    pub(super) moment: Duration,
}

impl Fleet {
    /// Starts `count` gateways on the store of `home`.
    pub(super) fn start(home: Home, binary: &Path, count: usize) -> io::Result<Self> {
        let mut fleet = Self { gateways: Vec::new(), binary: binary.into(), home };
        for place in 0..count {
            let gateway = fleet.spawn(place)?;
            fleet.gateways.push(gateway);
        }
        Ok(fleet)
    }

    fn spawn(&self, place: usize) -> io::Result<Process> {
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--config"]).arg(self.home.configuration());
        command.current_dir(self.home.path()).env_clear();
        Process::spawn(command, &self.home.path().join(format!("log-{place}")))
    }

    /// How many gateways there are.
    pub(super) fn size(&self) -> usize {
        self.gateways.len()
    }

    /// The API of one of them.
    pub(super) fn admin(&self) -> io::Result<Admin> {
        self.home.admin(&self.gateways[0])
    }

    /// Sends each gateway its share by so many clients, kills one amid it, and starts it again.
    pub(super) fn strike(
        &mut self,
        shares: Vec<Vec<Webhook>>,
        clients: usize,
        strike: Strike,
    ) -> io::Result<Vec<Report>> {
        let Strike { victim, moment } = strike;
        let loads: Vec<_> =
            self.gateways.iter().map(|gateway| load(gateway, clients, moment + AFTER)).collect();
        thread::scope(|scope| {
            let pairs = shares.into_iter().zip(loads).enumerate();
            let runs: Vec<_> = pairs
                .map(|(place, (share, load))| {
                    scope.spawn(move || send(share, load, place == victim))
                })
                .collect();
            // Nobody ever sends: this is only a wait.
            let (_sender, never) = mpsc::channel::<()>();
            let _ = never.recv_timeout(moment);
            self.gateways.remove(victim).kill()?;
            let again = self.spawn(victim)?;
            self.gateways.insert(victim, again);
            runs.into_iter().map(|run| run.join().expect("no client panics")).collect()
        })
    }

    /// Sends `webhooks` to one of them, all of them.
    pub(super) fn send(&self, webhooks: Vec<Webhook>, clients: usize) -> io::Result<Report> {
        load::run(webhooks, load(&self.gateways[0], clients, Duration::MAX))
    }
}

fn load(gateway: &Process, connections: usize, most: Duration) -> Load {
    Load { address: gateway.webhooks, connections, pace: Pace::Closed, most }
}

/// Who may be killed before the first client has got through to it has taken nothing.
fn send(share: Vec<Webhook>, load: Load, is_victim: bool) -> io::Result<Report> {
    if !is_victim {
        return load::run(share, load);
    }
    let kept = share.clone();
    Ok(load::run(share, load).unwrap_or_else(|_| Report::of_none(kept)))
}
