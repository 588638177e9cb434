//! A gateway with every provider that Labgate brings along, and one that it has never heard of.

use std::process::ExitCode;

use labgate_core::Registration;
use private_gateway::House;

fn main() -> ExitCode {
    let mut providers = labgate::providers::all();
    providers.push(Registration::of::<House>());
    labgate::run(&providers)
}
