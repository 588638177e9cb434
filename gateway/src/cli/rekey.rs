//! `labgate rekey`

use labgate_core::Registration;

use super::{Failure, progress::walk, say};
use crate::{
    application::{Plan, StartError},
    config::Settings,
    store::{Backend, KeyName, Rekeying, StoreError, keys},
};

pub(super) fn rekey(
    mut settings: Settings,
    providers: &[Registration],
    adopt_plain: bool,
    lost: &[KeyName],
) -> Result<(), Failure> {
    let Plan { backend, .. } = Plan::build(&mut settings, providers)?;
    let Some(key) = backend.seal().names().next() else {
        return Err(Failure::new("store.encryption_keys: no key there to seal under"));
    };
    forget(&backend, lost)?;
    let mut store = backend.open().map_err(StartError::Store)?;
    let end = Rekeying::end(&mut store).map_err(Failure::new)?;
    let mut rekeying = Rekeying::new();
    if adopt_plain {
        rekeying = rekeying.adopting_plain(&mut store).map_err(Failure::new)?;
    }
    let count = walk(end, || rekeying.step(&mut store))?;
    let settled = rekeying.finish(&mut store).map_err(Failure::new)?;
    store.settle().map_err(Failure::new)?;
    say(&format!("{count} rows sealed anew, under the key {key}"));
    let left = rekeying.left();
    if left.is_empty() {
        if settled {
            say("all of it is sealed: values in the clear are refused, and older keys can go");
        }
        return Ok(());
    }
    Err(Failure(left.iter().map(|(why, rows)| format!("{rows} left as before: {why}")).collect()))
}

/// Takes the names of lost keys out of the store, so that it opens without them.
fn forget(backend: &Backend, lost: &[KeyName]) -> Result<(), Failure> {
    if let Some(name) = lost.iter().find(|lost| backend.seal().names().any(|key| key == **lost)) {
        return Err(Failure::new(format!("--lost {name}: it is in store.encryption_keys")));
    }
    if lost.is_empty() {
        return Ok(());
    }
    let forget = || -> Result<Vec<KeyName>, StoreError> {
        let mut store = backend.connect()?;
        store.migrate()?;
        let mut unknown = Vec::new();
        for name in lost {
            if !keys::forget(&mut store, *name)? {
                unknown.push(*name);
            }
        }
        Ok(unknown)
    };
    match forget().map_err(StartError::Store)?.first() {
        Some(name) => Err(Failure::new(format!("--lost {name}: the store names no such key"))),
        None => Ok(()),
    }
}
