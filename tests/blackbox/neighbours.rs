//! Several gateways on one store.

use labgate_tests::{Home, Request, junction, order, spawn_gateway, with};

fn webhook(index: usize) -> Request {
    let id = format!("order-{index}");
    junction(&id, with(&order(&id), "/data/passthrough", "x".repeat(50_000)))
}

#[test]
fn two_gateways_on_one_store_take_each_webhook_once() {
    let one = spawn_gateway();
    let two = Home::at(one.home().store_url()).serve();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let posts: Vec<_> = (0..40)
            .map(|index| {
                let gateway = if index % 2 == 0 { &one } else { &two };
                scope.spawn(move || gateway.post(&webhook(index / 4)))
            })
            .collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let fresh = answers.iter().filter(|answer| answer.json().get("duplicate").is_none());
    assert_eq!(fresh.count(), 10);
    assert_eq!(two.list("/v1/webhooks").len(), 10);
    assert_eq!(one.list("/v1/events").len(), 10);
}
