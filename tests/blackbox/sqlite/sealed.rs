//! A store that can be read and not written: told, and nothing is taken.

use std::{fs, os::unix::fs::PermissionsExt as _};

use labgate_tests::{Home, Request, junction, order};

#[test]
fn a_folder_in_which_nothing_can_be_made_is_a_fault_at_the_start() {
    // Not even root makes a file there.
    let home = Home::at("sqlite:///proc/labgate.db");
    for command in ["check", "serve"] {
        let run = home.run(&[command]);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{command}: {run:?}") };
        assert!(fault.starts_with("store.url: "), "{fault}");
    }
}

#[test]
fn a_folder_in_place_of_the_file_is_a_fault_at_the_start() {
    let home = Home::on_sqlite();
    fs::create_dir(home.path().join("labgate.db")).unwrap();
    for command in ["check", "serve"] {
        let run = home.run(&[command]);
        assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{command}: {run:?}");
        assert!(run.faults()[0].starts_with("store.url: "), "{run:?}");
    }
}

#[test]
fn a_file_that_can_only_be_read_is_a_fault_at_the_start() {
    let gateway = Home::on_sqlite().as_nobody().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    gateway.terminate();
    let (status, log, home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    let file = home.path().join("labgate.db");
    let before = fs::read(&file).unwrap();
    let allow = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for (file_mode, folder_mode) in [(0o400, 0o700), (0o600, 0o500), (0o400, 0o500)] {
        allow(&file, file_mode);
        allow(home.path(), folder_mode);
        let run = home.run(&["serve"]);
        assert_eq!(run.code, Some(1), "{file_mode:o} in {folder_mode:o}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{run:?}") };
        assert!(fault.starts_with("store.url: "), "{fault}");
        assert_eq!(fs::read(&file).unwrap(), before);
    }
    allow(home.path(), 0o700);
    allow(&file, 0o600);
    let gateway = home.serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).json()["duplicate"], true);
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 200);
}
