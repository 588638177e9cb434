//! `labgate send`

use std::{io::Read as _, path::Path};

use jiff::Timestamp;
use labgate_core::Registration;
use uuid::Uuid;

use super::{Failure, client::Client, say};
use crate::{config::Settings, plugins::Plugins};

pub(super) fn send(
    settings: Settings,
    providers: &[Registration],
    plugin: &str,
    file: &Path,
    to: Option<String>,
) -> Result<(), Failure> {
    let plugins = Plugins::build(settings.plugins, providers)
        .map_err(|faults| Failure(faults.iter().map(ToString::to_string).collect()))?;
    let sender = plugins.get(plugin).ok_or_else(|| {
        let names: Vec<_> = plugins.iter().map(|known| format!("`{}`", known.name)).collect();
        Failure::new(format!("no plugin of that name; known plugins: {}", names.join(", ")))
    })?;
    let body = read(file)
        .map_err(|error| Failure::new(format!("{} can't be read: {error}", file.display())))?;
    let message_id = format!("msg_{}", Uuid::now_v7().simple());
    let headers = sender
        .provider
        .sign(&body, &message_id, Timestamp::now())
        .ok_or_else(|| Failure::new("only the vendor can sign for this provider"))?;
    let url = to.unwrap_or_else(|| {
        format!("http://{}/v1/webhooks/{}", settings.server.listen, sender.name)
    });
    let runtime = actix_web::rt::Runtime::new().map_err(Failure::new)?;
    let answer = runtime.block_on(async { Client::new()?.post(&url, headers, body).await })?;
    say(&format!("{} {}", answer.status, answer.body));
    match answer.status {
        200..=299 => Ok(()),
        status => Err(Failure::new(format!("the gateway answered {status}"))),
    }
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body)?;
        return Ok(body);
    }
    std::fs::read(file)
}
