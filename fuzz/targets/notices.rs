//! Bodies of one provider: decode, map and merge, in several orders of arrival.
//!
//! The first byte chooses the provider; the rest is bodies with a NUL between them, which no JSON
//! contains.

#![no_main]

use std::sync::LazyLock;

use labgate_core::Notice;
use labgate_fuzz::{Model, NOW, Sender, senders};
use libfuzzer_sys::fuzz_target;

static SENDERS: LazyLock<Vec<Sender>> = LazyLock::new(senders);

/// People of the goldens, and so of the corpus.
const PEOPLE: [&str; 3] = ["Jordan", "Avery", "Falkner"];

fuzz_target!(|input: &[u8]| {
    let Some((choice, bodies)) = input.split_first() else { return };
    let sender = &SENDERS[usize::from(*choice) % SENDERS.len()];
    let bodies = bodies.split(|byte| *byte == 0);
    let notices: Vec<Notice> = bodies.flat_map(|body| read(sender, body)).collect();
    let merged =
        |order: &[&Notice]| Model::of(&sender.plugin.name, NOW, order.iter().copied()).view();

    let mut order: Vec<&Notice> = notices.iter().collect();
    let expected = merged(&order);
    order.reverse();
    assert!(merged(&order) == expected, "the reverse order ends in another state");
    order.rotate_left(notices.len() / 2);
    order.extend(&notices);
    assert!(merged(&order) == expected, "a repetition in another order ends in another state");
});

/// What a body says, if it can be read.
fn read(sender: &Sender, body: &[u8]) -> Vec<Notice> {
    let reading = sender.plugin.provider.read(&sender.proven("msg_1", body));
    match reading.and_then(|reading| reading.notices) {
        Ok(said) => {
            said.drift.iter().for_each(|place| names_no_one(place));
            said.notices
        }
        Err(error) => {
            names_no_one(&error.to_string());
            Vec::new()
        }
    }
}

fn names_no_one(text: &str) {
    let named = PEOPLE.iter().any(|person| text.contains(person));
    assert!(!named, "an error or a place of drift repeats the body");
}
