//! `labgate check` and a password: told whether it fits, and never shown.

use labgate_tests::{Cluster, Finished, Home, junction, order};

/// A word that needs no escaping in a URL, and one that does.
const PASSWORDS: [(&str, &str); 2] =
    [("canary-password", "canary-password"), ("canary/p@ss:word%", "canary%2Fp%40ss%3Aword%25")];

/// The database at `url` for the role `name` with `password`.
fn guest(url: &str, name: &str, password: &str) -> String {
    url.replace("labgate@", &format!("{name}:{password}@"))
}

fn tells_no_password(run: &Finished) {
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains("canary") && !text.contains("p@ss"), "{run:?}");
    }
}

#[test]
fn a_database_that_is_reached_is_told_and_left_as_it_was() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let home = Home::at(&url);
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let run = home.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(cluster.query(&url, tables), "0", "`check` changes nothing");
    let home = home.serve().kill();
    assert_ne!(cluster.query(&url, tables), "0");
    let run = home.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("up to date"), "{run:?}");
}

#[test]
fn a_password_that_fits_opens_and_is_never_shown() {
    let cluster = Cluster::shared();
    for (index, (password, written)) in PASSWORDS.into_iter().enumerate() {
        let (url, name) = (cluster.database(), format!("guest_{index}"));
        cluster.admin(&format!("CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE labgate"));
        cluster.admin(&format!("ALTER ROLE {name} SET role = labgate"));
        let home = Home::at(&guest(&url, &name, written)).with("log", "level = \"trace\"");
        let run = home.run(&["check"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        tells_no_password(&run);
        let gateway = home.serve();
        assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
        let metrics = gateway.metrics();
        gateway.terminate();
        let (_, log, _home) = gateway.wait();
        for text in [&*log, metrics.text()] {
            assert!(!text.contains("canary") && !text.contains("p@ss"), "{text}");
        }
    }
}

#[test]
fn a_password_that_does_not_fit_is_a_fault_and_never_shown() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    cluster.admin("CREATE ROLE somebody LOGIN PASSWORD 'another'");
    for (_, written) in PASSWORDS {
        for command in ["check", "serve"] {
            let run = Home::at(&guest(&url, "somebody", written)).run(&[command]);
            assert_eq!(run.code, Some(1), "{run:?}");
            tells_no_password(&run);
            let [fault] = run.faults()[..] else { panic!("{run:?}") };
            assert!(fault.starts_with("store.url: ") && fault.contains("password"), "{fault}");
        }
    }
}

#[test]
fn a_url_with_a_password_that_is_no_url_is_a_fault_and_never_shown() {
    for url in [
        "postgres://labgate:canary@127.0.0.1:port/labgate",
        "postgres://labgate:canary@127.0.0.1:99999/labgate",
        "postgres://labgate:canary@/",
        "postgres://:canary@",
        "postgres://labgate:canary@[::1/labgate",
        "postgres://labgate:canary%zz@127.0.0.1/labgate",
        "postgres:labgate:canary@127.0.0.1/labgate",
        "mysql://labgate:canary@127.0.0.1/labgate",
    ] {
        for command in ["check", "serve"] {
            let run = Home::at(url).run(&[command]);
            assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{url}: {run:?}");
            assert!(run.faults()[0].starts_with("store.url: "), "{run:?}");
            tells_no_password(&run);
        }
    }
}
