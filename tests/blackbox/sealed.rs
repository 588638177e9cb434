//! A sealed store: nothing of a person in the file, keys that come and go, and `labgate rekey`.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_tests::{
    Crowd, Gateway, Home, Request, TOKEN, accepted, junction, labgate, orders, sample, with,
};

const CANARY: &str = "Canaryna";

/// A key of 32 bytes, no two of them alike.
fn key(seed: u8) -> String {
    STANDARD.encode((0..32).map(|place| seed ^ place).collect::<Vec<u8>>())
}

/// The line of the configuration with these keys, newest first.
fn keys(seeds: &[u8]) -> String {
    let keys: Vec<_> = seeds.iter().map(|seed| format!("\"{}\"", key(*seed))).collect();
    format!("encryption_keys = [{}]", keys.join(", "))
}

/// `home` with the keys `to` in place of `from`.
fn turned(home: Home, from: &[u8], to: &[u8]) -> Home {
    home.replacing(&keys(from), &keys(to))
}

/// The name amid bytes that no compressor takes apart: without a key it stands in the file.
fn noise() -> Vec<u8> {
    let noise = (0..500_u32).flat_map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes());
    noise.chain(CANARY.bytes()).collect()
}

/// Posts a patient who is called like the canary, in every way that leads into the store.
fn tell(gateway: &Gateway) {
    let patient = with(
        &sample("junction/demo/1-ordered"),
        "/data/patient_details",
        serde_json::json!({ "first_name": CANARY, "last_name": "x", "dob": "1981-02-03" }),
    );
    let appointment =
        with(&sample("junction/demo/2-appointment"), "/data/address/first_line", CANARY);
    let result = with(&sample("junction/demo/4-final"), "/data/markers/0/notes", CANARY);
    let requests = [("m-1", patient), ("m-2", appointment), ("m-3", result)];
    for (id, body) in requests {
        assert_eq!(gateway.post(&junction(id, body)).status, 200, "{id}");
    }
    assert_eq!(gateway.post(&junction("m-4", noise())).status, 400);
}

/// What the API tells of the canary: the order, its results, and the webhook as it came.
fn reads(gateway: &Gateway) -> bool {
    let model = serde_json::to_string(&gateway.model()).unwrap();
    let bodies: Vec<_> = gateway
        .all("/v1/webhooks")
        .iter()
        .map(|kept| gateway.read(&format!("/v1/webhooks/{}", kept["id"].as_str().unwrap())))
        .collect();
    let bodies = serde_json::to_string(&bodies).unwrap();
    model.matches(CANARY).count() >= 3 && bodies.contains(CANARY)
}

/// What tells of a row that is not sealed: the canary, and how compressed values start.
const PLAIN: [&[u8]; 2] = [CANARY.as_bytes(), &[0x28, 0xb5, 0x2f, 0xfd]];

/// Whether `part` stands anywhere in the file or beside it.
fn is_in_files(home: &Home, part: &[u8]) -> bool {
    fs::read_dir(home.path()).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let is_store = path.file_name().unwrap().to_string_lossy().starts_with("labgate.db");
        is_store && {
            let bytes = fs::read(path).unwrap();
            bytes.windows(part.len()).any(|window| window == part)
        }
    })
}

#[test]
fn a_sealed_file_tells_nothing_and_the_api_everything() {
    let gateway = Home::on_sqlite().with("store", &keys(&[1])).serve();
    tell(&gateway);
    assert!(gateway.home().path().join("labgate.db-wal").exists());
    let tells_nothing =
        |gateway: &Gateway| PLAIN.iter().all(|part| !is_in_files(gateway.home(), part));
    assert!(tells_nothing(&gateway) && reads(&gateway));
    let gateway = gateway.kill().serve();
    assert!(tells_nothing(&gateway) && reads(&gateway));
}

#[test]
fn a_key_is_rotated_and_the_old_one_goes() {
    let gateway = Home::new().with("store", &keys(&[1])).serve();
    tell(&gateway);
    let model = gateway.model();
    let gateway = turned(gateway.kill(), &[1], &[2, 1]).serve();
    assert!(reads(&gateway), "rows under the old key are read");
    let run = gateway.home().run(&["rekey"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("7 rows sealed anew, under the key "), "{run:?}");
    assert!(!run.stderr.contains('\u{1b}'), "no bar in a pipe: {run:?}");
    let run = gateway.home().run(&["rekey"]);
    assert!(run.stdout.starts_with("0 rows "), "a second run does nothing: {run:?}");

    let gateway = turned(gateway.kill(), &[2, 1], &[2]).serve();
    assert!(reads(&gateway));
    assert_eq!(gateway.model(), model);
}

#[test]
fn what_was_plain_is_sealed_and_forgotten() {
    let gateway = Home::on_sqlite().serve();
    tell(&gateway);
    let is_there = |gateway: &Gateway| PLAIN.map(|part| is_in_files(gateway.home(), part));
    assert_eq!(is_there(&gateway), [true; 2], "without a key it is there to be found");
    let gateway = gateway.kill().with("store", &keys(&[1])).serve();
    assert!(gateway.log().contains("--adopt-plain"), "{}", gateway.log());
    let answer = gateway.ask(&Request::get("/v1/orders").bearer(TOKEN));
    assert_eq!(answer.status, 500, "nothing proves what is in the clear: {answer:?}");
    let run = gateway.home().run(&["rekey"]);
    assert!(run.code == Some(1) && run.stdout.starts_with("0 rows "), "{run:?}");
    assert!(run.faults().iter().all(|fault| fault.contains("--adopt-plain")), "{run:?}");
    assert_eq!(is_there(&gateway), [true; 2], "nothing is adopted unless someone says so");
    let run = gateway.home().run(&["rekey", "--adopt-plain"]);
    assert!(run.code == Some(0) && run.stdout.starts_with("7 rows "), "{run:?}");
    assert!(gateway.home().run(&["check"]).stdout.contains("--adopt-plain"));
    assert_eq!(is_there(&gateway), [false; 2]);
    assert!(reads(&gateway));
    let run = gateway.home().run(&["rekey"]);
    assert!(run.code == Some(0) && run.stdout.contains("all of it is sealed"), "{run:?}");
    assert!(!gateway.home().run(&["check"]).stdout.contains("--adopt-plain"));
    assert!(reads(&gateway));
}

#[test]
fn without_a_key_there_is_nothing_to_seal_under() {
    let run = Home::new().run(&["rekey"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let [fault] = run.faults()[..] else { panic!("{run:?}") };
    assert!(fault.starts_with("store.encryption_keys: "), "{fault}");
}

/// The name of the key that seals in this home.
fn name(home: &Home) -> String {
    let check = home.run(&["check"]).stdout;
    let (_, name) = check.split_once("store: sealed under the key ").unwrap();
    name[..8].into()
}

#[test]
fn without_a_key_of_the_store_nothing_starts() {
    let gateway = Home::new().with("store", &keys(&[1])).serve();
    tell(&gateway);
    let name = name(gateway.home());
    let mut home = gateway.kill();
    let line = keys(&[1]);
    for wrong in [String::new(), keys(&[2])] {
        home = home.replacing(&line, &wrong).with("store", "keep_webhooks = \"90d\"");
        for command in ["serve", "check", "rekey", "prune", "replay"] {
            if command == "rekey" && wrong.is_empty() {
                continue;
            }
            let run = home.run(&[command]);
            assert_eq!(run.code, Some(1), "{command}: {run:?}");
            let [fault] = run.faults()[..] else { panic!("{command}: {run:?}") };
            let told = fault.starts_with("store.encryption_keys: ") && fault.contains(&name);
            assert!(told && fault.contains("--lost"), "{fault}");
            assert!(!fault.contains(&key(1)) && !fault.contains(&key(2)), "{fault}");
        }
        home = home.replacing("keep_webhooks = \"90d\"\n", "");
        home = if wrong.is_empty() {
            home.with("store", &line)
        } else {
            home.replacing(&wrong, &line)
        };
    }
    let gateway = home.serve();
    assert!(reads(&gateway), "and nothing is lost or changed");

    // The key is lost for good: what it sealed stays closed, and everything else goes on.
    let home = turned(gateway.kill(), &[1], &[2]);
    let run = home.run(&["rekey", "--lost", "00000000"]);
    assert!(run.code == Some(1) && run.faults()[0].contains("00000000"), "{run:?}");
    let run = home.run(&["rekey", "--lost", &name]);
    assert!(run.code == Some(1) && run.stdout.starts_with("0 rows "), "{run:?}");
    assert!(run.faults().iter().all(|fault| fault.contains(&name)), "{run:?}");
    let gateway = home.serve();
    assert_eq!(gateway.post(&junction("m-9", labgate_tests::order("other"))).status, 200);
    let again = junction("m-5", sample("junction/demo/5-completed"));
    assert_eq!(gateway.post(&again).status, 503);
    let gateway = turned(gateway.kill(), &[2], &[2, 1]).serve();
    assert!(reads(&gateway), "until it is found again");
    assert_eq!(gateway.post(&again).status, 200);
}

#[test]
fn a_gateway_that_meets_a_key_that_it_lacks_refuses_and_names_it() {
    let gateway = Home::new().with("store", &keys(&[1])).serve();
    tell(&gateway);
    let ring = format!("{},{}", key(2), key(1));
    let environment = [("LABGATE_STORE__ENCRYPTION_KEYS", &*ring)];
    let run = labgate(gateway.home().path(), &["rekey"], &environment);
    assert_eq!(run.code, Some(0), "{run:?}");
    let (_, name) = run.stdout.split_once("under the key ").unwrap();
    let names_it =
        |text: &str| text.contains("`store.encryption_keys`") && text.contains(&name[..8]);

    // Nothing of what can't be read is lost or changed: a vendor is told to come again.
    let answer = gateway.ask(&Request::get("/v1/orders").bearer(TOKEN));
    assert_eq!(answer.status, 500, "{answer:?}");
    let again = junction("m-5", sample("junction/demo/5-completed"));
    assert_eq!(gateway.post(&again).status, 503);
    let log = gateway.log();
    assert!(names_it(&log) && !log.contains(&key(1)) && !log.contains(&key(2)), "{log}");
    let gateway = turned(gateway.kill(), &[1], &[2, 1]).serve();
    assert!(reads(&gateway));
    assert_eq!(gateway.post(&again).status, 200);
}

#[test]
fn check_tells_the_keys_by_their_names() {
    let told = |home: &Home| home.run(&["check"]).stdout;
    assert!(told(&Home::new()).contains("not sealed"));
    let one = told(&Home::new().with("store", &keys(&[1])));
    let (_, name) = one.split_once("store: sealed under the key ").unwrap();
    let both = told(&Home::new().with("store", &keys(&[2, 1])));
    assert!(both.contains(&format!("; opens {} too\n", name.lines().next().unwrap())), "{both}");
    assert!(!both.contains(&key(1)) && !both.contains(&key(2)), "{both}");
}

#[test]
fn webhooks_are_taken_while_rows_are_sealed_anew() {
    const OLD_AND_NEW: [&[u8]; 2] = [&[1, 2], &[2, 1]];
    let gateway = Home::new().with("store", &keys(OLD_AND_NEW[0])).serve();
    // Each order is told of three times, so that merges meet rows that are being sealed.
    let bodies = orders(100).into_iter().map(|request| request.body);
    let bodies: Vec<_> = bodies.collect();
    let requests: Vec<Request> = (0..300)
        .map(|index| {
            let status = ["ordered", "requisition_created", "completed"][index / 100];
            let event = serde_json::json!({
                "id": index,
                "created_at": format!("2026-08-0{}T10:00:00Z", 1 + index / 100),
                "status": format!("received.walk_in_test.{status}"),
            });
            let body = with(&bodies[index % 100], "/data/events", serde_json::json!([event]));
            junction(&format!("m-{index}"), body)
        })
        .collect();
    let crowd = Crowd::new(&requests);
    let sent = std::thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        for round in 1..=6 {
            crowd.wait_for(round * 50);
            let ring = OLD_AND_NEW[round % 2].iter().map(|seed| key(*seed));
            let ring = ring.collect::<Vec<_>>().join(",");
            let environment = [("LABGATE_STORE__ENCRYPTION_KEYS", &*ring)];
            let run = labgate(gateway.home().path(), &["rekey"], &environment);
            assert_eq!(run.code, Some(0), "{run:?}");
            assert!(!run.stdout.starts_with("0 rows "), "{run:?}");
        }
        clients.join().unwrap()
    });
    assert_eq!(accepted(&sent).len(), requests.len());
    let orders = gateway.all("/v1/orders");
    assert_eq!(orders.len(), 100);
    for order in orders {
        assert_eq!(order["timeline"].as_array().unwrap().len(), 3, "a merge is lost: {order}");
    }
}
