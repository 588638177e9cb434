//! A system under load, with all that was sent to it.

use std::{
    io,
    rc::Rc,
    time::{Duration, Instant},
};

use crate::{
    audit::{self, Audit},
    database::{Database, Server},
    home::Home,
    ledger::Ledger,
    load::{self, Load, Pace, Tally},
    machine,
    process::Process,
    systems::System,
    usage::Usage,
    vendors::Vendors,
};

/// A system that runs.
pub struct Running {
    /// Which one.
    pub system: System,
    /// Where it lives.
    pub home: Home,
    /// Its process.
    pub process: Process,
    /// What was sent to it.
    pub ledger: Ledger,
    vendors: Vendors,
    /// Webhooks a second that it was seen to take, to know how many to make.
    pace_seen: f64,
}

/// What one round showed.
#[derive(Clone, Debug)]
pub struct Round {
    /// What became of its webhooks.
    pub tally: Tally,
    /// Processor time of the system's process for each webhook.
    pub cpu: Duration,
    /// Processor time of the database's server for each webhook.
    pub cpu_of_server: Duration,
    /// Processor time of the load generator for each webhook.
    pub cpu_of_load: Duration,
    /// The share of the machine's processors that others had meanwhile: what was measured while
    /// they had much of them says little.
    pub others: f64,
}

impl Running {
    /// Starts `system` with an empty store. The same `seed` sends the same webhooks.
    pub fn start(system: System, server: Option<&Rc<Server>>, seed: u64) -> io::Result<Self> {
        let home = system.home(server)?;
        let process = Process::spawn(system.command(&home)?, &home.log())?;
        let vendors = Vendors::new(seed, home.signer.clone());
        Ok(Self { system, home, process, ledger: Ledger::default(), vendors, pace_seen: 8000.0 })
    }

    /// Sends webhooks for some time.
    pub fn round(&mut self, connections: usize, pace: Pace, most: Duration) -> io::Result<Round> {
        let rate = match pace {
            Pace::Closed => self.pace_seen * 1.5,
            Pace::Rate(rate) => rate,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small")]
        let count = (rate * most.as_secs_f64()).ceil() as usize;
        self.send(count, connections, pace, most)
    }

    /// Sends `count` webhooks, or as many as the time allows.
    pub fn send(
        &mut self,
        count: usize,
        connections: usize,
        pace: Pace,
        most: Duration,
    ) -> io::Result<Round> {
        let webhooks = self.vendors.next(count);
        let load = Load { address: self.process.webhooks, connections, pace, most };
        let (start, busy, before) = (Instant::now(), machine::busy()?, self.cpu()?);
        let report = load::run(webhooks, load)?;
        let (elapsed, after) = (start.elapsed(), self.cpu()?);
        let busy = machine::busy()?.saturating_sub(busy);
        self.ledger.note(&report);
        self.vendors.give_back(report.left);
        let tally = report.tally;
        self.pace_seen = tally.rate().max(500.0);
        let kept = u32::try_from(tally.kept.max(1)).unwrap_or(u32::MAX);
        let ours = [0, 1, 2].map(|place| after[place].saturating_sub(before[place]));
        let others = busy.saturating_sub(ours.iter().sum());
        let [cpu, cpu_of_server, cpu_of_load] = ours.map(|cpu| cpu / kept);
        let others = machine::share(others, elapsed);
        Ok(Round { tally, cpu, cpu_of_server, cpu_of_load, others })
    }

    /// Processor time so far: of the system, of its database's server, of the load generator.
    fn cpu(&self) -> io::Result<[Duration; 3]> {
        let database = self.home.database.as_ref();
        let server = database.map_or(Ok(Duration::ZERO), Database::cpu)?;
        Ok([self.process.usage()?.cpu, server, Usage::own()?.cpu])
    }

    /// Whether the system has exactly what it said it has.
    pub fn audit(&self) -> io::Result<Audit> {
        match self.system {
            System::Ceiling => Ok(Audit::default()),
            System::Sqlite | System::Postgres => {
                audit::audit(&mut self.home.admin(&self.process)?, &self.ledger)
            }
            System::ByHand => {
                let database = self.home.database.as_ref();
                let stored = database.map_or(0, |database| database.count("webhooks"));
                Ok(Audit::of_count(stored, &self.ledger))
            }
        }
    }

    /// Stops it and starts it again on what it has.
    pub fn restart(self) -> io::Result<Self> {
        self.process.stop()?;
        let process = Process::spawn(self.system.command(&self.home)?, &self.home.log())?;
        Ok(Self { process, ..self })
    }
}
