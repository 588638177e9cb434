//! A folder of its own for each gateway: configuration, store and log.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{admin::Admin, process::Process, signer::Signer};

/// Where a gateway lives. It outlasts the gateway, so that another one can be started on it.
pub struct Home {
    folder: TempDir,
    token: String,
    /// What signs so that the gateway believes it.
    pub signer: Signer,
}

impl Home {
    /// A home whose gateway keeps everything in a file of its own.
    pub fn on_sqlite() -> io::Result<Self> {
        Self::new(|folder| format!("sqlite://{}", folder.join("labgate.db").display()))
    }

    /// A home whose gateway keeps everything in the database at `url`.
    pub fn on_postgres(url: &str) -> io::Result<Self> {
        Self::new(|_| url.into())
    }

    fn new(store: impl FnOnce(&Path) -> String) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let token = hex::encode(rand::random::<[u8; 32]>());
        let (signer, plugins) = Signer::draw();
        let configuration = configuration(&store(folder.path()), &token, &plugins);
        fs::write(folder.path().join("plugins.toml"), configuration)?;
        Ok(Self { folder, token, signer })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration.
    pub fn configuration(&self) -> PathBuf {
        self.path().join("plugins.toml")
    }

    /// Where the gateway's log goes.
    pub fn log(&self) -> PathBuf {
        self.path().join("log")
    }

    /// The API of the gateway that lives here.
    pub fn admin(&self, process: &Process) -> io::Result<Admin> {
        Admin::connect(process.admin, &self.token)
    }

    /// Bytes of all files of the store.
    pub fn store_bytes(&self) -> io::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(self.path())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("labgate.db") {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

fn configuration(store: &str, token: &str, plugins: &BTreeMap<String, Value>) -> String {
    let any = "127.0.0.1:0";
    let settings = json!({
        "server": { "listen": any, "admin_listen": any },
        "store": { "url": store },
        "api": { "keys": { "bench": { "token": token, "scopes": ["read", "raw"] } } },
        "plugins": plugins,
    });
    toml::to_string(&settings).expect("a configuration is TOML")
}
