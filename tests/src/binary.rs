//! The binary under test, and what became of a run of it.

use std::{
    env,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        OnceLock,
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

/// Longer than anything here takes, unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// Lines of standard error that tell why it failed.
    pub fn faults(&self) -> Vec<&str> {
        self.stderr.lines().filter_map(|line| line.strip_prefix("labgate: ")).collect()
    }
}

/// Runs `labgate` in `folder`, with no environment but what is given, to its end.
pub fn labgate(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Finished {
    let mut command = Command::new(path());
    command.current_dir(folder).args(arguments).env_clear().envs(environment.iter().copied());
    finish(command)
}

/// Runs `command` to its end.
pub(crate) fn finish(mut command: Command) -> Finished {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let status = ended(&mut child).unwrap_or_else(|| panic!("{command:?} does not end"));
    let text = |stream: JoinHandle<String>| stream.join().unwrap();
    Finished { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    let mut stream = stream.unwrap();
    thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    })
}

/// Waits until `child` ends by itself; kills it if it hangs.
pub(crate) fn ended(child: &mut Child) -> Option<ExitStatus> {
    let process = child.id().to_string();
    let (ended, news) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let hangs = news.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
        if hangs {
            let _ = Command::new("sh").args(["-c", "kill -KILL \"$1\"", "sh", &process]).status();
        }
        hangs
    });
    let status = child.wait().unwrap();
    drop(ended);
    (!watchdog.join().unwrap()).then_some(status)
}

/// Where the binary is; it is built on first use.
pub fn path() -> &'static Path {
    static PATH: OnceLock<Option<PathBuf>> = OnceLock::new();
    PATH.get_or_init(build).as_deref().expect("the binary can be built")
}

fn build() -> Option<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    // What Cargo tells a test of its package, build scripts would take for a change of theirs.
    for (name, _) in env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if told {
            cargo.env_remove(name);
        }
    }
    let output = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--package", "labgate", "--bin", "labgate", "--message-format=json"])
        // Optimised, as the tests are: what they measure is what operators run.
        .args((!cfg!(debug_assertions)).then_some("--release"))
        .stderr(Stdio::inherit())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout)
        .ok()?
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "labgate")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}
