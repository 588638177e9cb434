//! A store that can be read and not written: told, and nothing is taken.

use std::fs;

use labgate_tests::Home;

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
