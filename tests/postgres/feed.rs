//! Whoever follows the feed misses nothing, whichever gateway is asked and however many write.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use labgate_tests::{Crowd, Gateway, lifecycle, orders};
use serde_json::Value;

use crate::together::{pair, shuffled};

/// Follows the feed from its beginning, at both gateways in turn, until all is written and read.
fn follow(gateways: &[Gateway; 2], limit: usize, is_written: &AtomicBool) -> Vec<Value> {
    let (mut seen, mut after) = (Vec::new(), 0);
    for turn in 0.. {
        let last = is_written.load(Ordering::SeqCst);
        let page = gateways[turn % 2].read(&format!("/v1/events?after={after}&limit={limit}"));
        let data = page["data"].as_array().unwrap();
        seen.extend(data.iter().cloned());
        after = page["next_after"].as_i64().unwrap();
        if last && data.is_empty() {
            break;
        }
    }
    seen
}

#[test]
fn a_reader_at_both_gateways_misses_no_event() {
    let gateways = pair();
    let addresses = gateways.each_ref().map(|gateway| gateway.webhooks);
    let lives = (0..20).flat_map(|index| lifecycle(&format!("life-{index}")));
    let requests = shuffled(&lives.chain(orders(300)).collect::<Vec<_>>());
    let is_written = AtomicBool::new(false);
    let readers = thread::scope(|scope| {
        let readers: Vec<_> = [1, 7, 500]
            .into_iter()
            .map(|limit| {
                let (gateways, is_written) = (&gateways, &is_written);
                scope.spawn(move || follow(gateways, limit, is_written))
            })
            .collect();
        let sent = Crowd::new(&requests).run(8, |index| addresses[index % 2]);
        assert!(sent.iter().all(|sent| sent.status() == 200), "{sent:?}");
        is_written.store(true, Ordering::SeqCst);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect::<Vec<_>>()
    });
    let whole = gateways[0].feed();
    assert!(whole.len() > 300);
    for seen in readers {
        assert_eq!(seen.len(), whole.len());
        assert!(seen == whole, "a reader saw another feed than there is");
    }
}
