//! Webhooks on one thread without sockets or a store, for counting instructions.
//!
//! A run makes the same webhooks however many rounds it takes them for, so the difference of two
//! runs is what the rounds cost: `valgrind --tool=callgrind labgate-bench count --rounds 1`, then 5.

use std::io;

use actix_web::{
    App,
    http::{StatusCode, header::HeaderName},
    test::{TestRequest, call_service, init_service},
    web,
};
use labgate::{intake, telemetry};

use crate::{signer::Signer, systems::ceiling, vendors::Vendors, webhook::Webhook};

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

/// Takes each webhook as often as `options` say.
pub fn count(options: &Count) -> io::Result<bool> {
    telemetry::init(None, &options.level.parse().map_err(io::Error::other)?);
    let (signer, tables) = Signer::draw();
    let intake = web::Data::new(ceiling::intake(tables, usize::MAX)?);
    let webhooks = Vendors::new(SEED, signer).next(options.webhooks);
    actix_web::rt::System::new().block_on(async {
        let app = init_service(App::new().app_data(intake).configure(intake::routes)).await;
        for webhook in (0..options.rounds).flat_map(|_| &webhooks) {
            let response = call_service(&app, request(webhook)?.to_request()).await;
            if response.status() != StatusCode::OK {
                return Err(io::Error::other(format!("answered {}", response.status())));
            }
        }
        Ok(true)
    })
}

fn request(webhook: &Webhook) -> io::Result<TestRequest> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut head = httparse::Request::new(&mut headers);
    head.parse(webhook.request()).map_err(io::Error::other)?;
    let mut request = TestRequest::post().uri(head.path.unwrap_or_default());
    for header in head.headers {
        let name: HeaderName = header.name.parse().map_err(io::Error::other)?;
        request = request.insert_header((name, header.value));
    }
    Ok(request.set_payload(webhook.body().to_vec()))
}
