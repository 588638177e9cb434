//! A workspace to make providers in.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A workspace like ours with no provider in it, which shares our target folder: what both need is
/// built once.
pub(crate) struct Workspace {
    _folder: TempDir,
    root: PathBuf,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let workspace = Self::empty();
        let manifest = manifest();
        let path = format!("{{ path = \"{}/", ours().display());
        let manifest = manifest.replace("{ path = \"", &path);
        let members = |line: &str| match line.strip_prefix("members = ") {
            Some(_) => "members = [\"providers/*\"]\n".into(),
            None => format!("{line}\n"),
        };
        let manifest: String = manifest.lines().map(members).collect();
        fs::write(workspace.root.join("Cargo.toml"), manifest).unwrap();
        workspace.locked()
    }

    /// A folder without anything.
    pub(crate) fn empty() -> Self {
        // Below our root, so that rustfmt and clippy find our settings.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        Self { root: folder.path().into(), _folder: folder }
    }

    /// The workspace in `folder`, built as ours is, so that what both need is built once.
    pub(crate) fn standing_alone(self, folder: &str) -> Self {
        let root = self.root.join(folder);
        let ours = manifest();
        let profiles = ours.find("[profile.dev]").unwrap();
        let alone = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        fs::write(root.join("Cargo.toml"), alone + &ours[profiles..]).unwrap();
        Self { root, ..self }.locked()
    }

    /// The same with our versions of everything.
    fn locked(self) -> Self {
        fs::copy(ours().join("Cargo.lock"), self.root.join("Cargo.lock")).unwrap();
        self
    }

    /// Its root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
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

/// The root of our workspace.
pub(crate) fn ours() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn manifest() -> String {
    fs::read_to_string(ours().join("Cargo.toml")).unwrap()
}
