//! A store that others can read: it is closed to them, or refused.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
};

use labgate_tests::{Home, junction, order};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// A home whose gateway was killed, so that all three files of its store are there.
fn left() -> Home {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    gateway.kill()
}

const FILES: [&str; 3] = ["labgate.db", "labgate.db-wal", "labgate.db-shm"];

#[test]
fn a_new_store_is_closed_to_others() {
    let home = left();
    for name in FILES {
        assert_eq!(mode(&home.path().join(name)), 0o600, "{name}");
    }
}

#[test]
fn files_that_others_can_read_are_closed_with_a_line_that_says_so() {
    for name in FILES {
        for open in [0o644, 0o640, 0o602] {
            let home = left();
            set_mode(&home.path().join(name), open);
            let gateway = home.serve();
            assert_eq!(mode(&gateway.home().path().join(name)), 0o600, "{name}");
            let log = gateway.log();
            let told = log.lines().find(|line| line.contains("\"WARN\"") && line.contains(name));
            assert!(told.is_some_and(|line| line.contains(&format!("{open:o}"))), "{log}");
            assert_eq!(gateway.post(&junction("msg_1", order("1"))).json()["duplicate"], true);
        }
    }
}

#[test]
fn a_check_says_so_and_changes_nothing() {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    for name in FILES {
        let file = gateway.home().path().join(name);
        set_mode(&file, 0o644);
        let run = gateway.home().run(&["check"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let told = run.stdout.lines().filter(|line| line.contains("(mode 644)"));
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), 1, "{run:?}");
        assert!(told[0].starts_with("store: ") && told[0].contains(name), "{told:?}");
        assert_eq!(mode(&file), 0o644);
        set_mode(&file, 0o600);
    }
}

#[test]
fn files_of_someone_else_that_others_can_read_are_refused() {
    let home = left().as_nobody();
    let file = home.path().join("labgate.db");
    if chown(&file, Some(0), Some(0)).is_err() {
        // Only root can make a file that is someone else's.
        return;
    }
    for name in ["labgate.db-wal", "labgate.db-shm"] {
        fs::remove_file(home.path().join(name)).unwrap();
    }
    set_mode(&file, 0o666);
    for command in ["check", "serve"] {
        let run = home.run(&[command]);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{command}: {run:?}") };
        assert!(fault.starts_with("store.url: ") && fault.contains("mode 666"), "{fault}");
    }
    assert_eq!(mode(&file), 0o666);
}
