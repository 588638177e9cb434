//! How the time of one webhook grows with what it says of one order.
//!
//! A webhook of each kind is archived in an empty store, in doubling sizes, after it one that adds a
//! single notice of that kind, and then a batch of such webhooks: packing, merging and storing
//! together, as the gateway does them. Where times no more than double with the size, they are
//! linear.

mod kind;

use std::{io, rc::Rc, sync::Arc, time::Instant};

use jiff::Timestamp;
use labgate::{
    plugins::Plugin,
    store::{Archive as _, Arrival, Backend, Store, Stored},
    telemetry::Metrics,
};
use labgate_core::{Notice, Notices};

use self::kind::Kind;
use crate::{
    database::Server,
    signer::Signer,
    table::{Table, number},
};

/// Webhooks of a batch.
const BATCH: usize = 256;
/// How often the largest size is halved.
const HALVINGS: u32 = 3;

/// How to measure merging.
#[derive(Debug, clap::Args)]
pub struct Merge {
    /// The largest webhook: so many reports, statuses, notices. More than 9 700 statuses and those
    /// after them exceed what is merged
    #[arg(long, default_value_t = 9_600)]
    most: usize,
    /// Store on a PostgreSQL server that is started for it, instead of a file
    #[arg(long)]
    postgres: bool,
}

/// Shows the growth. Whether every webhook was accepted.
pub fn merge(options: &Merge) -> io::Result<bool> {
    let runtime = tokio::runtime::Runtime::new()?;
    let (signer, _) = Signer::draw();
    let server = options.postgres.then(Server::start).transpose()?;
    let sizes: Vec<_> = (0..=HALVINGS).rev().map(|halving| options.most >> halving).collect();
    let titles = sizes.iter().map(ToString::to_string);
    let mut table = Table::new(std::iter::once("ms".into()).chain(titles).collect());
    let mut all_accepted = true;
    for kind in Kind::ALL {
        let mut rows =
            [kind.name(), "  and one more", "  and 256 at once"].map(|it| vec![it.into()]);
        for size in &sizes {
            let steps = [(0, *size, 1), (*size, 1, 1), (*size + 1, 1, BATCH)];
            let taken = runtime.block_on(archive(&signer, server.as_ref(), kind, steps))?;
            for (row, taken) in rows.iter_mut().zip(taken) {
                all_accepted &= taken.is_some();
                row.push(taken.map_or_else(|| "not accepted".into(), number));
            }
        }
        for row in rows {
            table.row(row);
        }
    }
    table.show()?;
    Ok(all_accepted)
}

/// The number of the first notice, how many a webhook has, and how many webhooks come at once.
type Step = (usize, usize, usize);

/// Takes `steps` one after the other in a store of their own: milliseconds of each of which all
/// webhooks were accepted.
async fn archive(
    signer: &Signer,
    server: Option<&Rc<Server>>,
    kind: Kind,
    steps: [Step; 3],
) -> io::Result<Vec<Option<f64>>> {
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}", folder.path().join("labgate.db").display());
    let database = server.map(Server::database);
    let url = database.as_ref().map_or(&file, |database| &database.url);
    let backend: Backend = url.parse().map_err(io::Error::other)?;
    let store = Store::open(backend, Arc::new(Metrics::new())).await.map_err(io::Error::other)?;
    let plugin = signer.named("junction").ok_or_else(|| io::Error::other("no such provider"))?;
    let mut taken = Vec::new();
    for (from, notices, webhooks) in steps {
        let arrivals = (0..webhooks).map(|number| from + number * notices);
        let arrivals = arrivals.map(|from| arrival(plugin, from, kind.notices(from, notices)));
        let arrivals: Vec<_> = arrivals.collect();
        let started = Instant::now();
        let posts = arrivals.into_iter().map(|arrival| {
            let store = store.clone();
            tokio::spawn(async move { store.archive(arrival).await })
        });
        let mut accepted = true;
        for post in posts.collect::<Vec<_>>() {
            let stored = post.await?.map_err(io::Error::other)?;
            accepted &= matches!(stored, Stored::Accepted { .. });
        }
        let millis = started.elapsed().as_secs_f64() * 1000.0;
        taken.push(accepted.then_some(millis));
    }
    store.close().await;
    Ok(taken)
}

fn arrival(plugin: &Plugin, number: usize, notices: Vec<Notice>) -> Arrival {
    let arrival = Signer::read(plugin, &format!("msg_{number}"), b"{}", Timestamp::now());
    Arrival { notices: Ok(Notices { notices, ..Notices::default() }), ..arrival }
}
