//! TLS to the server: proven where it is asked for, and refused where it can't be had.

use std::path::Path;

use labgate_tests::{Cluster, Home, junction, order, postgres::authority};

/// The same database under other terms.
fn under(url: &str, terms: &str) -> String {
    url.replace("sslmode=disable", terms)
}

fn verified(url: &str, authority: &Path) -> String {
    under(url, &format!("sslmode=verify-full&sslrootcert={}", authority.display()))
}

fn serves(url: &str) {
    assert_eq!(Home::at(url).run(&["check"]).code, Some(0), "{url}");
    let gateway = Home::at(url).serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    assert_eq!(gateway.all("/v1/webhooks").len(), 1);
}

/// Neither `check` nor `serve` gets there; both tell it in one line with one of `words`.
fn fails(url: &str, words: &[&str]) {
    for command in ["check", "serve"] {
        let run = Home::at(url).run(&[command]);
        assert_eq!(run.code, Some(1), "{command} {url}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{run:?}") };
        assert!(fault.starts_with("store.url: "), "{fault}");
        let fault = fault.to_lowercase();
        assert!(words.iter().any(|word| fault.contains(word)), "none of {words:?}: {fault}");
    }
}

#[test]
fn a_server_that_proves_who_it_is_is_used() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    let url = cluster.database();
    serves(&verified(&url, cluster.authority()));
}

#[test]
fn what_is_asked_for_is_encrypted() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    let gateway = Home::at(&verified(&cluster.database(), cluster.authority())).serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let count = |which: &str| {
        cluster.admin(&format!(
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
             WHERE usename = 'labgate' AND {which}"
        ))
    };
    assert_eq!(count("NOT ssl"), "0");
    assert_ne!(count("ssl"), "0");
}

#[test]
fn what_is_only_required_is_proven_all_the_same() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    let url = cluster.database();
    let trusted = format!("sslmode=require&sslrootcert={}", cluster.authority().display());
    serves(&under(&url, &trusted));
    fails(&under(&url, "sslmode=require"), &["certificate", "issuer"]);
}

#[test]
fn a_server_of_another_authority_is_refused() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    let folder = tempfile::tempdir().unwrap();
    let stranger = authority(folder.path());
    fails(&verified(&cluster.database(), &stranger), &["certificate", "issuer", "tls"]);
}

#[test]
fn a_server_of_another_name_is_refused() {
    let cluster = Cluster::start_with_tls("DNS:elsewhere.example");
    let url = cluster.database();
    fails(&verified(&url, cluster.authority()), &["certificate", "name", "tls"]);
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    fails(&under(&url, "sslmode=require"), &["tls", "ssl"]);
    let folder = tempfile::tempdir().unwrap();
    fails(&verified(&url, &authority(folder.path())), &["tls", "ssl"]);
}

#[test]
fn an_authority_that_is_not_there_is_a_fault() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    let url = cluster.database();
    fails(&verified(&url, Path::new("/no/such/authority.pem")), &["sslrootcert", "authority"]);
    let folder = tempfile::tempdir().unwrap();
    let ruined = folder.path().join("ruined.pem");
    std::fs::write(&ruined, "Zebra").unwrap();
    fails(&verified(&url, &ruined), &["sslrootcert", "certificate"]);
}

#[test]
fn terms_that_nobody_knows_are_a_fault() {
    let url = Cluster::shared().database();
    fails(&under(&url, "sslmode=yes"), &["`sslmode`: expected"]);
    fails(&under(&url, "sslmod=disable"), &["expected `postgres://"]);
    fails(&under(&url, "sslmode=verify-full&sslrootcert="), &["certificate"]);
}
