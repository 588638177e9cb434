//! The list of attacks.

use std::{net::SocketAddr, sync::mpsc::Receiver};

use labgate_tests::Home;

use crate::{bodies, connections, heads, reports, requests};

/// An attack.
pub(crate) struct Attack {
    /// Its row in the table.
    pub(crate) name: &'static str,
    /// The gateway that it is tried on.
    pub(crate) home: fn() -> Home,
    /// Whether the honest vendor comes through the same proxy as the attack.
    pub(crate) through_proxy: bool,
    /// Attacks the listener until it should stop. It says when all of it is there.
    pub(crate) run: fn(SocketAddr, &dyn Fn(), &Stop),
}

/// Disconnected when the attack should stop; until then it paces the attack.
pub(crate) type Stop = Receiver<()>;

/// Every attack.
pub(crate) fn all() -> Vec<Attack> {
    let attack = |name, run| Attack { name, home: Home::new, through_proxy: false, run };
    vec![
        attack("no attack", |_, begun, stop| {
            begun();
            let _ = stop.recv();
        }),
        attack("one body of one-byte chunks", bodies::one_of_small_chunks),
        attack("two bodies of one-byte chunks", bodies::many_of_small_chunks),
        attack("200 bodies that lack a byte", bodies::nearly_whole),
        attack("4600 slow bodies", bodies::slow),
        Attack {
            home: || Home::new().open_files(1024),
            ..attack("1300 slow bodies, 1024 open files", bodies::fewer_slow)
        },
        Attack {
            home: || Home::new().with("server", "trusted_proxies = [\"127.0.0.1\"]"),
            through_proxy: true,
            ..attack("4600 slow bodies through our proxy", bodies::slow_through_proxy)
        },
        attack("4600 slow heads", heads::slow),
        attack("4600 slow second heads", heads::slow_second),
        attack("2600 heads of 100 kB without end", heads::large),
        attack("4600 silent connections", connections::silent),
        attack("4600 idle connections", connections::idle),
        attack("20 pipelines that nobody reads", requests::unread),
        attack("a flood of forged signatures", requests::forged),
        Attack {
            home: reports::home,
            ..attack("5800 observations of one order", reports::many_of_one_order)
        },
    ]
}
