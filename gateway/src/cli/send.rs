//! `labgate send`

use std::{io::Read as _, path::Path};

use jiff::Timestamp;
use labgate_core::{RawRequest, Registration};
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
    let names: Vec<_> = settings.plugins.keys().map(|name| format!("`{name}`")).collect();
    let mut faults = settings.faults;
    // To send, only this plugin's secrets are needed.
    faults.retain(|fault| fault.path.starts_with(&format!("plugins.{plugin}.")));
    let tables = settings.plugins.into_iter().filter(|(name, _)| name == plugin);
    let plugins = match Plugins::build(tables.collect(), providers) {
        Ok(plugins) if faults.is_empty() => plugins,
        built => {
            faults.extend(built.err().into_iter().flatten());
            return Err(Failure(faults.iter().map(ToString::to_string).collect()));
        }
    };
    let sender = plugins.get(plugin).ok_or_else(|| {
        Failure::new(format!("no plugin of that name; known plugins: {}", names.join(", ")))
    })?;
    let body = read(file)
        .map_err(|error| Failure::new(format!("{} can't be read: {error}", file.display())))?;
    let base = to.unwrap_or_else(|| format!("http://{}", settings.server.listen));
    let url = address(&base, &sender.name);
    let to: http::Uri = url.parse().map_err(|_| Failure::new(format!("{url} is no address")))?;
    let query = to.query().unwrap_or_default().into();
    let mut request = RawRequest { query, ..RawRequest::post(to.path(), body) };
    let message_id = format!("msg_{}", Uuid::now_v7().simple());
    request.headers = sender
        .provider
        .sign(&request, &message_id, Timestamp::now())
        .ok_or_else(|| Failure::new("only the vendor can sign for this provider"))?;
    let runtime = actix_web::rt::Runtime::new().map_err(Failure::new)?;
    let content_type = sender.provider.content_type();
    let answer =
        runtime.block_on(async { Client::new()?.post(&url, request, content_type).await })?;
    say(&format!("{} {}", answer.status, answer.body));
    match answer.status {
        200..=299 => Ok(()),
        status => Err(Failure::new(format!("the gateway answered {status}"))),
    }
}

/// The route of the plugin at `base`, unless that names a path of its own.
fn address(base: &str, plugin: &str) -> String {
    let host = base.trim_end_matches('/');
    let no_path = host.split_once("://").is_some_and(|(_, rest)| !rest.contains('/'));
    if no_path { format!("{host}/v1/webhooks/{plugin}") } else { base.into() }
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body)?;
        return Ok(body);
    }
    std::fs::read(file)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_gateway_or_a_route_will_do() {
        let route = "http://lab.example/v1/webhooks/acme";
        assert_eq!(address("http://lab.example", "acme"), route);
        assert_eq!(address("http://lab.example/", "acme"), route);
        assert_eq!(address("http://lab.example/hooks/x", "acme"), "http://lab.example/hooks/x");
    }
}
