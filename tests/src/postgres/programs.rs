//! Where the server's programs are, and who runs them.

use std::{
    env, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder with `initdb` and `pg_ctl`: the newest that a package made, else what `pg_config` or
/// the path knows.
pub(super) fn folder() -> Option<PathBuf> {
    let packaged = fs::read_dir("/usr/lib/postgresql").ok().and_then(|versions| {
        let versions = versions.filter_map(|entry| Some(entry.ok()?.path()));
        let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
        let mut known: Vec<_> = versions.filter(|path| is_whole(&path.join("bin"))).collect();
        known.sort_by_key(number);
        known.pop().map(|path| path.join("bin"))
    });
    packaged
        .or_else(configured)
        .or_else(|| env::split_paths(&env::var_os("PATH")?).find(|folder| is_whole(folder)))
}

fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    is_whole(&folder).then_some(folder)
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// The user and group that the server runs as: ours, unless we are root, as whom it refuses to run.
/// `folder` is one that we made.
pub(super) fn account(folder: &Path) -> (u32, u32) {
    let ours = fs::metadata(folder).unwrap();
    if ours.uid() != 0 {
        return (ours.uid(), ours.gid());
    }
    let id = |option: &str| {
        let output = Command::new("id").args([option, "postgres"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.trim().parse().expect("there is a user `postgres`, whom root can start a server as")
    };
    (id("-u"), id("-g"))
}
