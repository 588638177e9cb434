//! The gateway with every provider that Labgate brings along.

fn main() -> std::process::ExitCode {
    labgate::run(&labgate::providers::all())
}
