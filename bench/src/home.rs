//! A folder of its own for each gateway: configuration, store and log.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    admin::Admin,
    database::Database,
    leftovers::{self, Listed},
    process::Process,
    signer::Signer,
};

/// Where a gateway lives. It outlasts the gateway, so that another one can be started on it.
pub struct Home {
    folder: TempDir,
    _listed: Listed,
    token: String,
    /// The database of its store, unless that is a file in the folder.
    pub database: Option<Database>,
    /// What signs so that the gateway believes it.
    pub signer: Signer,
}

impl Home {
    /// A home whose gateway keeps everything in a file of its own.
    pub fn on_sqlite() -> io::Result<Self> {
        Self::new(None)
    }

    /// A home whose gateway keeps everything in `database`.
    pub fn on_postgres(database: Database) -> io::Result<Self> {
        Self::new(Some(database))
    }

    fn new(database: Option<Database>) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let token = hex::encode(rand::random::<[u8; 32]>());
        let (signer, plugins) = Signer::draw();
        let file = || format!("sqlite://{}", folder.path().join("labgate.db").display());
        let store = database.as_ref().map_or_else(file, |database| database.url.clone());
        let configuration = configuration(&store, &token, &plugins);
        fs::write(folder.path().join("plugins.toml"), configuration)?;
        Ok(Self { _listed: leftovers::folder(folder.path()), folder, token, database, signer })
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

    /// Bytes of the store: all of its files, or all of its database.
    pub fn store_bytes(&self) -> io::Result<u64> {
        if let Some(database) = &self.database {
            return Ok(database.bytes());
        }
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
        "server": { "listen": any, "admin_listen": any, "drain": "0s" },
        "store": { "url": store },
        "api": { "keys": { "bench": { "token": token, "scopes": ["read", "raw"] } } },
        "plugins": plugins,
    });
    toml::to_string(&settings).expect("a configuration is TOML")
}
