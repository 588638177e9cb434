//! What the API says of an order, beside what the stored webhooks say of it.

use std::{collections::HashMap, io};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    feed::Feed,
    model::{Known, Model},
};
use crate::admin::Admin;

/// Every order in the list, by its id.
pub(super) fn all(admin: &mut Admin) -> io::Result<HashMap<Uuid, Value>> {
    let mut orders = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = admin.read(&format!("/v1/orders?limit=500{cursor}"))?;
        for order in page["data"].as_array().into_iter().flatten() {
            let id = order["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
            orders.insert(id, order.clone());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(orders),
        }
    }
}

/// The order `id`, if the store has it.
pub(super) fn find(admin: &mut Admin, id: Uuid) -> io::Result<Option<Value>> {
    match admin.ask(&format!("/v1/orders/{id}"))? {
        (200, body) => Ok(Some(serde_json::from_slice(&body)?)),
        (404, _) => Ok(None),
        (status, _) => Err(io::Error::other(format!("an order: answered {status}"))),
    }
}

/// Where `found`, the order `id`, and what belongs to it are not what was expected.
pub(super) fn compare(
    admin: &mut Admin,
    id: Uuid,
    found: Option<&Value>,
    (model, feed): (&Model, &Feed),
) -> io::Result<Vec<String>> {
    let (found, known) = match (found, model.orders.get(&id)) {
        (Some(found), Some(known)) => (found, known),
        (None, _) => return Ok(vec![format!("order {id} is not there")]),
        (_, None) => return Ok(vec![format!("no stored webhook tells of order {id}")]),
    };
    let mut faults = Vec::new();
    let version = found["version"].as_i64().unwrap_or_default();
    faults.extend(differences("it", found, &json!(known.order(version))));
    if usize::try_from(version).is_ok_and(|version| version > known.spoken_of) {
        faults.push(format!(
            "version {version}, and only {} things were said of it",
            known.spoken_of
        ));
    }
    if feed.story(id).is_some_and(|story| !story.tells_enough(version, known)) {
        faults.push(format!("the feed does not tell of all {version} versions"));
    }
    faults.extend(reports(&admin.read(&format!("/v1/orders/{id}/reports"))?, known));
    faults.extend(appointments(&admin.read(&format!("/v1/orders/{id}/appointments"))?, known));
    Ok(faults.iter().map(|fault| format!("order {id}: {fault}")).collect())
}

fn reports(found: &Value, known: &Known) -> Vec<String> {
    let mut expected = known.reports();
    expected.reverse();
    let found = found["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    if found.len() != expected.len() {
        return vec![format!("{} reports instead of {}", found.len(), expected.len())];
    }
    let mut faults = Vec::new();
    for (found, expected) in found.iter().zip(&expected) {
        // Of two webhooks that bring the same report the first counts, whichever that was.
        let source = found["source"]["webhook"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        if !known.sources(expected.id).any(|webhook| Some(webhook) == source) {
            faults.push(format!("report {} is from a webhook that did not bring it", expected.id));
        }
        let mut expected = json!(expected);
        expected["source"] = found["source"].clone();
        faults.extend(differences("a report", found, &expected));
    }
    faults
}

fn appointments(found: &Value, known: &Known) -> Vec<String> {
    let found = found["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    if found.len() != known.appointments.len() {
        return vec![format!(
            "{} appointments instead of {}",
            found.len(),
            known.appointments.len()
        )];
    }
    let compare = |found: &Value| {
        let id = found["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        let version = found["version"].as_i64().unwrap_or_default();
        let expected = known.appointment(id, version);
        differences("an appointment", found, &json!(expected))
    };
    found.iter().flat_map(compare).collect()
}

/// The names of the fields in which two objects differ: values tell of people.
fn differences(what: &str, found: &Value, expected: &Value) -> Vec<String> {
    let nothing = serde_json::Map::new();
    let (found, expected) =
        (found.as_object().unwrap_or(&nothing), expected.as_object().unwrap_or(&nothing));
    let mut names: Vec<&String> = found.keys().chain(expected.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| found.get(*name) != expected.get(*name));
    names.iter().map(|name| format!("{what} has another `{name}`")).collect()
}
