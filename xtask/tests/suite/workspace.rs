//! A workspace to make providers in.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A workspace like ours with no provider in it, which shares our target folder: what both need is
/// built once.
pub(crate) struct Workspace(TempDir);

impl Workspace {
    pub(crate) fn new() -> Self {
        // Below our root, so that rustfmt and clippy find our settings.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let manifest = fs::read_to_string(ours().join("Cargo.toml")).unwrap();
        let path = format!("{{ path = \"{}/", ours().display());
        let manifest = manifest.replace("{ path = \"", &path);
        let members = |line: &str| match line.strip_prefix("members = ") {
            Some(_) => "members = [\"providers/*\"]\n".into(),
            None => format!("{line}\n"),
        };
        let manifest: String = manifest.lines().map(members).collect();
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        fs::copy(ours().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
        Self(folder)
    }

    /// Its root.
    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// What a command of Cargo says there.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
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
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        cargo.current_dir(self.root()).env("CARGO_TARGET_DIR", target);
        // Whoever rewrites goldens does not mean these.
        cargo.env_remove("LABGATE_GOLDENS").env("CARGO_TERM_COLOR", "never");
        cargo.args(arguments).output().unwrap()
    }

    /// Runs a command of Cargo that must succeed.
    pub(crate) fn succeeds(&self, arguments: &[&str]) {
        let output = self.cargo(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "cargo {arguments:?}:\n{told}{said}");
    }
}

fn ours() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}
