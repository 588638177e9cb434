//! Credentials go to the hosts that they are for.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, Request, header, uri::Scheme};
use serde_json::Value;

use crate::{json::texts, script::Exchange};

/// Runs `ask` on the script as it is, and with every address in its answers leading elsewhere, and
/// checks who was sent what.
pub(crate) fn check_home(
    name: &str,
    config: &Value,
    exchanges: &[Exchange],
    ask: impl Fn(&[Exchange], Option<&str>) -> Vec<Request<Bytes>>,
) {
    let home: BTreeSet<String> = exchanges.iter().filter_map(Exchange::home).collect();
    let is_home =
        |asked: &Request<Bytes>| asked.uri().host().is_some_and(|host| home.contains(host));
    let plain = ask(exchanges, None);
    let mut credentials: BTreeSet<String> = texts(config);
    for asked in plain.iter().filter(|asked| is_home(asked)) {
        credentials.extend(values(asked.headers()));
    }
    // What an operator writes as an address or a word is no credential.
    credentials.retain(|text| text.len() >= 8 && !text.starts_with("https://"));

    let mut all = plain;
    for elsewhere in ["https://elsewhere.example", "http://elsewhere.example"] {
        let led: Vec<Exchange> = exchanges.iter().map(|one| one.leading_to(elsewhere)).collect();
        all.extend(ask(&led, Some(elsewhere)));
    }
    for asked in all {
        let host = asked.uri().host().unwrap_or_default();
        assert!(
            asked.uri().scheme() == Some(&Scheme::HTTPS),
            "{name}: {host} is asked in the clear"
        );
        if is_home(&asked) {
            continue;
        }
        let mut sent = values(asked.headers());
        sent.push(asked.uri().to_string());
        sent.push(String::from_utf8_lossy(asked.body()).into_owned());
        let leaked = sent.iter().any(|text| credentials.iter().any(|one| text.contains(one)));
        assert!(!leaked, "{name}: credentials are sent to {host}");
    }
}

/// The values of headers that may hold a credential.
fn values(headers: &HeaderMap) -> Vec<String> {
    let harmless = [header::ACCEPT, header::CONTENT_TYPE, header::USER_AGENT];
    let values = headers.iter().filter(|(name, _)| !harmless.contains(name));
    values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}
