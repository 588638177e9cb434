//! How many connections the system's limit of open files allows.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are open besides the listeners' connections: the store, connections to its server,
/// logs, and connections that are being closed.
const OTHERS: u64 = 256;

/// Raises the soft limit of open files as far as `wanted` connections need it, and returns how many
/// of them fit: fewer where the hard limit is too low.
pub(crate) fn connections_within(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let soft = limit.current.unwrap_or(u64::MAX);
    let hard = limit.maximum.unwrap_or(u64::MAX);
    let raised = needed.min(hard);
    let soft = if soft < raised && raise(raised, limit) { raised } else { soft };
    if soft >= needed {
        return wanted;
    }
    // Where there is hardly room for the others, the connections get half.
    let fitting = soft.saturating_sub(OTHERS).max(soft / 2);
    tracing::warn!(
        connections = fitting,
        wanted,
        "the limit of open files allows fewer connections than server.max_connections"
    );
    usize::try_from(fitting).unwrap_or(usize::MAX)
}

fn raise(current: u64, limit: Rlimit) -> bool {
    setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..limit }).is_ok()
}
