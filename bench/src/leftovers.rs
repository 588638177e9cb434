//! What must not be left behind when somebody ends the run: processes and folders.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use labgate::application::stop_signal;
use rustix::process::{Pid, Signal, kill_process};

/// A process or a folder of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Thing {
    Process(u32),
    Folder(PathBuf),
}

static THINGS: Mutex<Vec<Thing>> = Mutex::new(Vec::new());

/// Holds a process or a folder on the list until it is dropped.
#[derive(Debug)]
pub(crate) struct Listed(Thing);

/// Lists a process that was started.
pub(crate) fn process(id: u32) -> Listed {
    list(Thing::Process(id))
}

/// Lists a folder that was made.
pub(crate) fn folder(path: &Path) -> Listed {
    list(Thing::Folder(path.into()))
}

fn list(thing: Thing) -> Listed {
    things().push(thing.clone());
    Listed(thing)
}

impl Drop for Listed {
    fn drop(&mut self) {
        things().retain(|thing| *thing != self.0);
    }
}

fn things() -> MutexGuard<'static, Vec<Thing>> {
    THINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on SIGTERM and Ctrl-C end what is on the list, and then this process.
pub fn watch() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    thread::Builder::new().name("leftovers".into()).spawn(move || {
        if let Ok(stop) = runtime.block_on(async { stop_signal() }) {
            runtime.block_on(stop);
            clear(&mut things());
            process::exit(1);
        }
    })?;
    Ok(())
}

/// Processes first: they write into the folders.
fn clear(things: &mut Vec<Thing>) {
    for thing in things.iter() {
        if let Thing::Process(id) = thing
            && let Some(id) = i32::try_from(*id).ok().and_then(Pid::from_raw)
        {
            let _ = kill_process(id, Signal::KILL);
        }
    }
    for thing in things.drain(..) {
        if let Thing::Folder(path) = thing {
            let _ = fs::remove_dir_all(path);
        }
    }
}
