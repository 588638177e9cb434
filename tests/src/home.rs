//! A folder of its own for each gateway: configuration and store.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::Command,
};

use tempfile::TempDir;

use crate::{
    Finished, Gateway, TestStore, binary,
    vendor::{CHALLENGE, FULLSCRIPT, FULLSCRIPT_OLD, JUNCTION, JUNCTION_EU, JUNCTION_OLD, RELAY},
};

/// Opens everything in the API.
pub const TOKEN: &str = "token-of-the-operations-room";

/// Whose files nobody has.
const NOBODY: u32 = 65_534;

/// Where a gateway lives. It outlasts the gateway, so that another one can be started on it.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    store: TestStore,
    environment: Vec<(String, String)>,
    most_file_bytes: Option<u64>,
    most_open_files: Option<u32>,
    is_nobody: bool,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// A home with the usual configuration: four plugins and a key for each scope. Its store is
    /// empty, and of the kind that this run of the tests is about.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = TestStore::new(folder.path());
        Self::with_store(folder, store)
    }

    /// The same for what is about the file `labgate.db` in it.
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = TestStore::sqlite(folder.path());
        Self::with_store(folder, store)
    }

    /// The same on the store at `url`, which somebody else made.
    pub fn at(url: &str) -> Self {
        Self::with_store(tempfile::tempdir().unwrap(), TestStore::at(url))
    }

    fn with_store(folder: TempDir, store: TestStore) -> Self {
        let home = Self {
            folder,
            store,
            environment: Vec::new(),
            most_file_bytes: None,
            most_open_files: None,
            is_nobody: false,
        };
        home.configure(&format!(
            r#"[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
drain = "0s"

[store]
url = "{}"

[api.keys.ops]
token = "{TOKEN}"
scopes = ["read", "raw", "replay"]

[api.keys.reader]
token = "token-read-for-tests"
scopes = ["read"]

[api.keys.archivist]
token = "token-raw-for-tests"
scopes = ["raw"]

[api.keys.repeater]
token = "token-replay-for-tests"
scopes = ["replay"]

[plugins.junction]
provider = "junction"
secrets = ["{JUNCTION}", "{JUNCTION_OLD}"]

[plugins.junction-eu]
provider = "junction"
secrets = ["{JUNCTION_EU}"]

[plugins.relay]
provider = "junction"
signature = "body_hmac"
secrets = ["{RELAY}"]

[plugins.fullscript]
provider = "fullscript"
secrets = ["{FULLSCRIPT}", "{FULLSCRIPT_OLD}"]
challenge_token = "{CHALLENGE}"
"#,
            home.store_url()
        ));
        home
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where its store is.
    pub fn store_url(&self) -> &str {
        self.store.url()
    }

    /// The configuration as it stands.
    pub fn configuration(&self) -> String {
        fs::read_to_string(self.path().join("plugins.toml")).unwrap()
    }

    /// Replaces the configuration.
    pub fn configure(&self, text: &str) {
        fs::write(self.path().join("plugins.toml"), text).unwrap();
    }

    /// Puts `text` below the header `[section]` of the configuration, which need not be there.
    #[must_use]
    pub fn with(self, section: &str, text: &str) -> Self {
        let header = format!("[{section}]\n");
        let before = self.configuration();
        let after = if before.contains(&header) {
            before.replace(&header, &format!("{header}{text}\n"))
        } else {
            format!("{before}\n{header}{text}\n")
        };
        self.configure(&after);
        self
    }

    /// Replaces `from`, which stands in the configuration, by `to`.
    #[must_use]
    pub fn replacing(self, from: &str, to: &str) -> Self {
        let before = self.configuration();
        assert!(before.contains(from), "no `{from}` in the configuration");
        self.configure(&before.replace(from, to));
        self
    }

    /// Sets an environment variable for whatever is run here.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Lets no file grow beyond `bytes`, as a full disk would; `None` frees it again.
    #[must_use]
    pub fn disk(mut self, bytes: Option<u64>) -> Self {
        self.most_file_bytes = bytes;
        self
    }

    /// Starts under a soft limit of so many open files, as a login does on many systems.
    #[must_use]
    pub fn open_files(mut self, limit: u32) -> Self {
        self.most_open_files = Some(limit);
        self
    }

    pub(crate) fn most_file_bytes(&self) -> Option<u64> {
        self.most_file_bytes
    }

    /// Runs whatever is run here as somebody whom the modes of files hold back: whoever we are,
    /// unless we are root.
    #[must_use]
    pub fn as_nobody(mut self) -> Self {
        if fs::metadata(self.path()).unwrap().uid() == 0 {
            chown(self.path(), Some(NOBODY), Some(NOBODY)).unwrap();
            // Where it was built may be no place for others.
            let (built, here) = (binary::path(), self.path().join("labgate"));
            fs::hard_link(built, &here).or_else(|_| fs::copy(built, here).map(drop)).unwrap();
            self.is_nobody = true;
        }
        self
    }

    /// A command of this home.
    pub(crate) fn command(&self) -> Command {
        let mut command = if self.is_nobody {
            Command::new(self.path().join("labgate"))
        } else {
            Command::new(binary::path())
        };
        // A write beyond the limit must fail instead of ending the process.
        let bytes = |bytes| format!("trap '' XFSZ; ulimit -S -f {}; ", bytes / 512);
        let files = |files| format!("ulimit -S -n {files}; ");
        let limits = [self.most_file_bytes.map(bytes), self.most_open_files.map(files)];
        let limits = limits.into_iter().flatten().collect::<String>();
        if !limits.is_empty() {
            let script = limits + "exec \"$@\"";
            let mut shell = Command::new("sh");
            shell.args(["-c", &script, "sh"]).arg(command.get_program());
            command = shell;
        }
        if self.is_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.current_dir(self.path()).env_clear().envs(self.environment.iter().cloned());
        command
    }

    /// Runs a command here to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        let mut command = self.command();
        command.args(arguments);
        binary::finish(command)
    }

    /// Starts serving.
    pub fn serve(self) -> Gateway {
        Gateway::start(self)
    }
}
