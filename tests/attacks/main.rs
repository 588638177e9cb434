//! Attacks on the webhooks listener, each beside an honest vendor, and how long that one waits.
//!
//! `cargo test --release -p labgate-tests --test attacks` runs all of them; names of attacks as
//! arguments choose some. Everything goes over loopback, bounded in number, in rate and in time.

#![expect(clippy::print_stdout, reason = "the table is what it is run for")]
#![expect(clippy::unwrap_used, reason = "what can't be set up has failed")]

mod attack;
mod bodies;
mod connections;
mod heads;
mod honest;
mod reports;
mod requests;
mod strangers;

use std::{
    env,
    process::ExitCode,
    sync::{Barrier, mpsc},
    thread,
    time::Duration,
};

use attack::Attack;
use honest::Measured;

/// How long an honest vendor sends beside each attack.
const DURATION: Duration = Duration::from_secs(10);
/// How often an attack is tried before it counts: a machine that is busy with other things slows a
/// run, and what an attack breaks is broken each time.
const TRIES: usize = 3;
/// The 99th percentile of an honest vendor's answers stays below this.
const P99: Duration = Duration::from_millis(250);

fn main() -> ExitCode {
    strangers::allow_many_files();
    let wanted: Vec<String> = env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let is_wanted = |attack: &&Attack| {
        wanted.is_empty() || wanted.iter().any(|name| attack.name.contains(name.as_str()))
    };
    println!("{}", Measured::HEADER);
    let mut failed = false;
    for attack in attack::all().iter().filter(is_wanted) {
        failed |= !(0..TRIES).any(|_| {
            let measured = run(attack);
            let holds = measured.percentile(99) < P99;
            println!("{}{}", measured.row(attack.name), if holds { "" } else { "  <- fails" });
            holds
        });
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs `attack` on a gateway of its own: the honest vendor starts once all of it is there.
fn run(attack: &Attack) -> Measured {
    let gateway = (attack.home)().serve();
    let begun = Barrier::new(2);
    let (stop, stopped) = mpsc::channel();
    let mut measured = thread::scope(|scope| {
        let address = gateway.webhooks;
        let begun = &begun;
        let ready = move || {
            begun.wait();
        };
        scope.spawn(move || (attack.run)(address, &ready, &stopped));
        begun.wait();
        let measured = honest::send(address, DURATION, attack.through_proxy);
        drop(stop);
        measured
    });
    measured.memory = gateway.most_memory();
    measured
}
