//! `labgate rekey`

use labgate_core::Registration;

use super::{Failure, progress::walk, say};
use crate::{
    application::{Plan, StartError},
    config::Settings,
    store::Rekeying,
};

pub(super) fn rekey(mut settings: Settings, providers: &[Registration]) -> Result<(), Failure> {
    let Plan { backend, .. } = Plan::build(&mut settings, providers)?;
    let Some(key) = backend.seal().names().next() else {
        return Err(Failure::new("store.encryption_keys: no key there to seal under"));
    };
    let mut store = backend.open().map_err(StartError::Store)?;
    let end = Rekeying::end(&mut store).map_err(Failure::new)?;
    let mut rekeying = Rekeying::new();
    let count = walk(end, || rekeying.step(&mut store))?;
    store.settle().map_err(Failure::new)?;
    say(&format!("{count} rows sealed anew, under the key {key}"));
    let left = rekeying.left();
    if left.is_empty() {
        return Ok(());
    }
    Err(Failure(left.iter().map(|(why, rows)| format!("{rows} left as before: {why}")).collect()))
}
