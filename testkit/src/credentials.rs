//! Credentials go to the hosts that they are for.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, header, uri::Scheme};
use serde_json::{Value, json};

use crate::{
    Subject,
    goldens::{FETCH, POLL},
    json::texts,
    script::{Exchange, FetchScript, PollScript, all},
    secrets::{self, Secret},
};

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
    credentials.retain(|text| is_credential(text));

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

/// The subject as it is and as each script configures it, each with what is secret then: what
/// stands in the script's configuration, and the headers that it says are made of that.
pub(crate) fn configured(subject: &Subject) -> Vec<(Subject, Vec<Secret>)> {
    let fetched = all::<FetchScript>(subject, FETCH)
        .into_iter()
        .map(|(name, script)| (name + FETCH, Value::Object(script.config), script.exchanges));
    let polled = all::<PollScript>(subject, POLL).into_iter().map(|(name, script)| {
        let exchanges = script.pages.into_iter().flat_map(|page| page.exchanges).collect();
        (name + POLL, Value::Object(script.config), exchanges)
    });
    let alone = subject.laid_over(json!({}));
    let mut ways = vec![(json!({}), secrets::of(&alone), alone)];
    for (place, config, exchanges) in fetched.chain(polled) {
        let mut credentials = texts(&config);
        let headers = exchanges.iter().flat_map(Exchange::headers);
        let headers = headers.filter(|(name, _)| !HARMLESS.iter().any(|known| known == name));
        credentials.extend(headers.flat_map(|(_, value)| value.split(' ')).map(str::to_owned));
        credentials.retain(|text| is_credential(text));
        if !ways.iter().any(|(known, ..)| *known == config) {
            let subject = subject.laid_over(config.clone());
            ways.push((config.clone(), secrets::of(&subject), subject));
        }
        let its = ways.iter_mut().find(|(known, ..)| *known == config);
        let (_, secrets, _) = its.expect("it was just added");
        let secret = |text| Secret { place: place.clone(), text, signs: false };
        secrets.extend(credentials.into_iter().map(secret));
    }
    ways.into_iter().map(|(_, secrets, subject)| (subject, secrets)).collect()
}

/// What an operator writes as an address or a word is no credential.
fn is_credential(text: &str) -> bool {
    text.len() >= 8 && !text.starts_with("https://")
}

/// Headers that hold no credential.
const HARMLESS: [HeaderName; 3] = [header::ACCEPT, header::CONTENT_TYPE, header::USER_AGENT];

/// The values of headers that may hold a credential.
fn values(headers: &HeaderMap) -> Vec<String> {
    let values = headers.iter().filter(|(name, _)| !HARMLESS.contains(name));
    values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}
