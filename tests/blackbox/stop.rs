//! A stop finishes what was accepted, and takes nothing new.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{
    Crowd, Home, Request, Silence, accepted, junction, order, orders, spawn_gateway, wait_until,
};

#[test]
fn a_request_that_is_half_here_is_finished_before_the_end() {
    let gateway = spawn_gateway();
    let bytes = junction("msg_1", order("1")).to_bytes();
    let mut stream = TcpStream::connect(gateway.webhooks).unwrap();
    let (first, second) = bytes.split_at(bytes.len() - 20);
    stream.write_all(first).unwrap();
    // A request on another connection has been answered, so this one has been seen.
    assert_eq!(gateway.post(&Request::get("/healthz")).status, 200);
    gateway.terminate();
    wait_until("the stop", || gateway.log().contains("\"stopping\""));
    stream.write_all(second).unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    assert!(received.starts_with("HTTP/1.1 200"), "{received}");
    let (status, log, home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(home.serve().list("/v1/orders").len(), 1);
}

#[test]
fn a_stop_while_nothing_happens_is_quick_and_clean() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    // Somebody keeps a connection open for later.
    let mut idle = TcpStream::connect(gateway.webhooks).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: labgate\r\n\r\n").unwrap();
    assert!(idle.read(&mut [0; 1024]).unwrap() > 0);
    let started = Instant::now();
    gateway.terminate();
    let (status, log, _home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert!(log.contains("\"stopped\""), "{log}");
}

#[test]
fn what_is_stopped_takes_nothing_new() {
    let gateway = spawn_gateway();
    let address = gateway.webhooks;
    gateway.terminate();
    let (status, _, _home) = gateway.wait();
    assert_eq!(status.code(), Some(0));
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_stop_amid_the_work_finishes_what_was_accepted() {
    let gateway = spawn_gateway();
    let address = gateway.webhooks;
    let requests = orders(10_000);
    let crowd = Crowd::new(&requests);
    let (started, sent, (status, log, home)) = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| address));
        crowd.wait_for(200);
        let started = Instant::now();
        gateway.terminate();
        let ended = gateway.wait();
        crowd.stop();
        (started, clients.join().unwrap(), ended)
    });
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    for sent in &sent {
        match &sent.answer {
            Ok(answer) => assert_eq!(answer.status, 200, "{answer:?}"),
            // Nobody took the connection, so nobody knows of the webhook.
            Err(Silence::Refused | Silence::Unanswered) => {}
            Err(Silence::BrokenOff(part)) => panic!("an answer broke off: {part}"),
        }
    }
    let accepted = accepted(&sent);
    assert!(accepted.len() < sent.len(), "it was stopped amid the work");
    let again = home.serve();
    again.keeps_once(&accepted);
    assert_eq!(again.all("/v1/webhooks").len(), accepted.len(), "what is kept was answered");
}

#[test]
fn a_gateway_that_is_about_to_stop_is_not_ready_and_serves_on() {
    let gateway = Home::new().replacing("drain = \"0s\"", "drain = \"1h\"").serve();
    let ready = || gateway.ask(&Request::get("/readyz")).status;
    assert_eq!(ready(), 200);
    gateway.terminate();
    wait_until("it is not ready", || ready() == 503);
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    assert_eq!(gateway.list("/v1/orders").len(), 1);
    assert_eq!(ready(), 503, "a commit that passed changes nothing");
    assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);
    gateway.kill().serve();
}

#[test]
fn a_drain_ends_by_itself() {
    let gateway = Home::new().replacing("drain = \"0s\"", "drain = \"1s\"").serve();
    let started = Instant::now();
    gateway.terminate();
    let (status, log, _home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}
