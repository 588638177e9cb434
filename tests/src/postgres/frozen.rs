//! A server that stands still.

use std::{fs, process::Command};

/// Processes that are held; they go on when this is dropped.
#[derive(Debug)]
pub struct Frozen(Vec<String>);

impl Frozen {
    /// Holds the process `server`, and then every child that it has by then.
    pub(super) fn hold(server: &str) -> Self {
        let mut frozen = Self(vec![server.into()]);
        frozen.signal("STOP");
        frozen.0 = children(server);
        frozen.signal("STOP");
        frozen.0.push(server.into());
        frozen
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("sh")
            .args(["-c", "signal=$1; shift; kill -s \"$signal\" \"$@\"", "sh", name])
            .args(&self.0)
            .status();
        assert!(sent.unwrap().success(), "{name}: {self:?}");
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.signal("CONT");
    }
}

fn children(parent: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        let stat = fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
        // What follows the command's name, which may hold anything.
        let (_, after) = stat.rsplit_once(')')?;
        (after.split_whitespace().nth(1) == Some(parent)).then_some(name)
    });
    processes.collect()
}
