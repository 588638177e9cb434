//! A configuration file of any content is a plan or a list of faults.

#![no_main]

use std::{collections::HashMap, fs, sync::LazyLock};

use labgate::{
    application::{Plan, StartError},
    config,
};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("the machine has a folder for temporary files"));

fuzz_target!(|text: &str| {
    // The gateway reads the files that its operator names; a fuzzer would name devices.
    if text.contains("file:") {
        return;
    }
    let path = FOLDER.path().join("plugins.toml");
    fs::write(&path, text).expect("a temporary folder can be written");
    let secret = ("SECRET".to_string(), "c2VjcmV0LW9mLXRoZS1mdXp6ZXI".to_string());
    let environment = HashMap::from([secret]);
    let faults = match config::load(&path, &environment) {
        Err(faults) => faults,
        Ok(mut settings) => match Plan::build(&mut settings, &labgate::providers::all()) {
            Ok(_) => return,
            Err(StartError::Config(faults)) => faults,
            Err(StartError::Store(_) | StartError::Listen { .. }) => {
                panic!("a plan opens nothing")
            }
        },
    };
    assert!(!faults.is_empty(), "a configuration is refused without a reason");
});
