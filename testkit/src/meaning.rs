//! Comparing what was meant with what was read, and writing it down.

use std::{env, fs, io, path::Path};

use serde_json::Value;

use crate::{
    Subject,
    goldens::{self, MEANING, folder},
};

/// Whether meanings are to be written and not compared.
pub(crate) fn rewrites() -> bool {
    let rewrite = env::var("LABGATE_GOLDENS").is_ok_and(|word| word == "rewrite");
    assert!(
        !rewrite || env::var_os("CI").is_none(),
        "goldens are rewritten by people who read them, not where CI is set"
    );
    rewrite
}

/// How `actual` differs from what `NAME.notices.json` says; or it is written there.
pub(crate) fn difference(subject: &Subject, name: &str, mut actual: Value) -> Option<String> {
    let meaning = goldens::meaning(subject, name);
    // What a person said of the golden stays, since no reading can tell it.
    if let Some(said) = meaning.as_ref().and_then(|meaning| meaning.get(TIMED_BY_ARRIVAL)) {
        actual[TIMED_BY_ARRIVAL] = said.clone();
    }
    if rewrites() {
        write(&folder(subject), &format!("{name}{MEANING}"), &(pretty(&actual) + "\n"))
            .expect("the folder of goldens is writable");
        return None;
    }
    let Some(expected) = meaning else {
        return Some(format!("{name}{MEANING} is missing; LABGATE_GOLDENS=rewrite writes it"));
    };
    if expected == actual {
        return None;
    }
    let (expected, actual) = (pretty(&expected), pretty(&actual));
    let differs = expected.lines().zip(actual.lines()).position(|(left, right)| left != right);
    let at = differs.unwrap_or(expected.lines().count().min(actual.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").trim().to_owned();
    Some(format!("{name}: line {}: expected {}, was {}", at + 1, line(&expected), line(&actual)))
}

/// Writes a file that other tests may be reading: they find it whole, before or after, and in the
/// folder nothing but goldens.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    if fs::read(&path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(());
    }
    let beside = folder.with_file_name(name);
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}

/// The field by which a meaning says that the vendor gives the webhook no time of its own, so that
/// its notices have the time of its arrival.
pub(crate) const TIMED_BY_ARRIVAL: &str = "timed_by_arrival";

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value has string keys and no failing field")
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Read as _, time::SystemTime};

    use super::*;

    #[test]
    fn whoever_reads_a_file_that_is_rewritten_reads_it_whole() {
        let beside = tempfile::tempdir().unwrap();
        let folder = beside.path().join("goldens");
        fs::create_dir(&folder).unwrap();
        write(&folder, "one", "before").unwrap();
        let mut reader = File::open(folder.join("one")).unwrap();
        write(&folder, "one", "after").unwrap();
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        assert_eq!(read, "before");
        assert_eq!(fs::read_to_string(folder.join("one")).unwrap(), "after");
        assert_eq!(fs::read_dir(beside.path()).unwrap().count(), 1, "something is left over");
    }

    #[test]
    fn a_file_that_stays_the_same_is_not_written() {
        let beside = tempfile::tempdir().unwrap();
        let folder = beside.path().join("goldens");
        fs::create_dir(&folder).unwrap();
        write(&folder, "one", "the same").unwrap();
        let path = folder.join("one");
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        write(&folder, "one", "the same").unwrap();
        assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH);
    }
}
