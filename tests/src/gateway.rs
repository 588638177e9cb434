//! A gateway that runs: where it listens, what it logs, how it ends.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};

use serde_json::Value;

use crate::{Answer, Home, Metrics, Request, TOKEN, binary};

/// A running gateway; it is killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    home: Option<Home>,
    /// Where webhooks are taken.
    pub webhooks: SocketAddr,
    /// Where the API is.
    pub admin: SocketAddr,
}

/// A gateway of the usual configuration with an empty store.
pub fn spawn_gateway() -> Gateway {
    Home::new().serve()
}

impl Gateway {
    pub(crate) fn start(home: Home) -> Self {
        let mut command = home.command();
        command.args(["serve", "--config", "plugins.toml"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();

        let log = Arc::new(Mutex::new(String::new()));
        let (sender, ready) = mpsc::channel();
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()), log.clone());
        let reader = thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some(addresses) = addresses(&line) {
                    let _ = sender.send(addresses);
                }
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let Ok((webhooks, admin)) = ready.recv_timeout(binary::PATIENCE) else {
            let _ = child.kill();
            panic!("it does not listen: {}", log.lock().unwrap());
        };
        Self { child, log, reader: Some(reader), home: Some(home), webhooks, admin }
    }

    /// Sends `request` to the webhooks listener.
    pub fn post(&self, request: &Request) -> Answer {
        request.send(self.webhooks)
    }

    /// Sends `request` to the admin listener.
    pub fn ask(&self, request: &Request) -> Answer {
        request.send(self.admin)
    }

    /// What the API has at `path`, for a key that opens everything.
    pub fn read(&self, path: &str) -> Value {
        let answer = self.ask(&Request::get(path).bearer(TOKEN));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// The list at `path`, whatever page it is.
    pub fn list(&self, path: &str) -> Vec<Value> {
        self.read(path)["data"].as_array().unwrap().clone()
    }

    /// All metrics.
    pub fn metrics(&self) -> Metrics {
        let answer = self.ask(&Request::get("/metrics"));
        assert_eq!(answer.status, 200, "{answer:?}");
        Metrics::read(answer.text())
    }

    /// All that it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Changes what [`Home::disk`] said, while it runs.
    pub fn disk(&self, bytes: Option<u64>) {
        assert!(self.home().most_file_bytes().is_some(), "it was started without a limit");
        let limit = bytes.map_or_else(|| "unlimited".into(), |bytes| bytes.to_string());
        let mut prlimit = Command::new("prlimit");
        prlimit.arg(format!("--pid={}", self.child.id())).arg(format!("--fsize={limit}:"));
        assert!(prlimit.status().unwrap().success());
    }

    /// The most memory that it ever held, in bytes.
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// What the system lets it do, as in `/proc/PID/limits`.
    pub fn limits(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap()
    }

    /// Where it lives.
    pub fn home(&self) -> &Home {
        self.home.as_ref().unwrap()
    }

    /// Ends it at once, as a power cut would, and gives back its home.
    pub fn kill(mut self) -> Home {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.home.take().unwrap()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let process = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &process]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended by itself.
    pub fn wait(mut self) -> (ExitStatus, String, Home) {
        let status = binary::ended(&mut self.child);
        let status = status.unwrap_or_else(|| panic!("it does not end: {}", self.log()));
        self.reader.take().unwrap().join().unwrap();
        (status, self.log(), self.home.take().unwrap())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn addresses(line: &str) -> Option<(SocketAddr, SocketAddr)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let address = |name: &str| line[name].as_str()?.parse().ok();
    (line["message"] == "listening").then(|| Some((address("webhooks")?, address("admin")?)))?
}
