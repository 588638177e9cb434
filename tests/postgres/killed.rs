//! One of two gateways dies amid the work: nobody misses what it answered.

use std::thread;

use labgate_tests::{Crowd, accepted, orders};

use crate::together::pair;

#[test]
fn a_gateway_that_dies_takes_nothing_with_it() {
    let [one, two] = pair();
    let addresses = [one.webhooks, two.webhooks];
    let requests = orders(600);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |index| addresses[index % 2]));
        crowd.wait_for(150);
        drop(one.kill());
        clients.join().unwrap()
    });
    for sent in sent.iter().filter(|sent| sent.index % 2 == 1) {
        assert_eq!(sent.status(), 200, "the other one goes on: {sent:?}");
    }
    assert!(sent.iter().any(|sent| sent.answer.is_err()), "it died amid the work");
    two.keeps_once(&accepted(&sent));

    // Vendors send again what was not answered, and some of what was.
    let again = Crowd::new(&requests).run(8, |_| two.webhooks);
    assert_eq!(accepted(&again).len(), 600);
    for (first, again) in sent.iter().zip(&again) {
        assert!(first.status() != 200 || again.is_duplicate(), "{first:?} and then {again:?}");
    }
    two.keeps_once(&accepted(&again));
    assert_eq!(two.all("/v1/webhooks").len(), 600);
}
