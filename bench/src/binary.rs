//! The gateway's own binary, optimised.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

/// Where the binary is; it is built on first use, unless `LABGATE_BINARY` says where one is.
pub fn path() -> io::Result<&'static Path> {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = PATH.get() {
        return Ok(path);
    }
    let path = match env::var_os("LABGATE_BINARY") {
        Some(path) => path.into(),
        None => build()?,
    };
    Ok(PATH.get_or_init(|| path))
}

fn build() -> io::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        // Both packages, so that what this one was built with is not built a second time.
        .args(["build", "--release", "--package", "labgate", "--package", "labgate-bench"])
        .args(["--bin", "labgate", "--message-format=json"])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other("the gateway can't be built"));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "labgate")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| io::Error::other("the build tells of no binary"))
}
