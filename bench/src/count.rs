//! Webhooks one after the other into a gateway without a store, for counting instructions.
//!
//! A run makes the same webhooks however many rounds it takes them for, so the difference of two
//! runs is what the rounds cost, client and sockets included:
//! `valgrind --tool=callgrind labgate-bench count --rounds 1`, then 5.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
};

use labgate::{application::webhooks_listener, config::Server, telemetry};

use crate::{http, signer::Signer, systems::ceiling, vendors::Vendors, webhook::Webhook};

/// Of the mix, always the same.
const SEED: u64 = 1;

/// What `count` is told.
#[derive(Debug, clap::Args)]
pub struct Count {
    /// How many webhooks
    #[arg(long, default_value_t = 500)]
    webhooks: usize,
    /// How often each is taken
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// Which lines are logged
    #[arg(long, default_value = "info")]
    level: String,
}

/// Posts each webhook as often as `options` say; every one must be taken.
pub fn count(options: &Count) -> io::Result<bool> {
    telemetry::init(None, &options.level.parse().map_err(io::Error::other)?);
    let (signer, tables) = Signer::draw();
    let mut settings = Server::default();
    settings.listen.set_port(0);
    let intake = ceiling::intake(tables, settings.max_body_bytes)?;
    let webhooks = Vendors::new(SEED, signer).next(options.webhooks);
    let rounds = options.rounds;
    actix_web::rt::System::new().block_on(async {
        let (server, address) = webhooks_listener(intake, &settings).map_err(io::Error::other)?;
        let handle = server.handle();
        let client = thread::spawn(move || post(address, rounds, &webhooks));
        let stop = async {
            let posted = tokio::task::spawn_blocking(|| client.join());
            let posted = posted.await.map_err(io::Error::other)?;
            handle.stop(false).await;
            posted.unwrap_or_else(|_| Err(io::Error::other("the client panicked")))
        };
        let (ended, posted) = tokio::join!(server, stop);
        ended.and(posted).map(|()| true)
    })
}

fn post(address: SocketAddr, rounds: usize, webhooks: &[Webhook]) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    for webhook in (0..rounds).flat_map(|_| webhooks) {
        stream.write_all(webhook.request())?;
        received.clear();
        let head = loop {
            if let Some(head) = http::head(&received)?.filter(|head| head.ends_at <= received.len())
            {
                break head;
            }
            let mut part = [0; 4096];
            match stream.read(&mut part)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                length => received.extend_from_slice(&part[..length]),
            }
        };
        if head.status != 200 {
            return Err(io::Error::other(format!("answered {}", head.status)));
        }
    }
    Ok(())
}
