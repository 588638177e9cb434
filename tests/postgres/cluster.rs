//! The server that the other tests rely on does as they say, and leaves nothing behind.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{Cluster, postgres::Session};

#[test]
fn databases_are_apart() {
    let cluster = Cluster::shared();
    let (one, two) = (cluster.database(), cluster.database());
    cluster.query(&one, "CREATE TABLE kept (id bigint, word text)");
    cluster.query(&one, "INSERT INTO kept VALUES (1, NULL), (2, 'b')");
    assert_eq!(cluster.query(&one, "SELECT id, word FROM kept ORDER BY id"), "1|\n2|b");
    let missing = Session::open(&two).unwrap().run("SELECT * FROM kept").unwrap_err();
    assert!(missing.contains("42P01"), "{missing}");
    cluster.remove(&two);
    assert!(Session::open(&two).unwrap_err().contains("3D000"));
}

#[test]
fn it_stops_and_starts_again_where_it_was() {
    for stop in [Cluster::stop, Cluster::stop_immediate] {
        let cluster = Cluster::start(true);
        let url = cluster.database();
        cluster.query(&url, "CREATE TABLE kept (id bigint)");
        cluster.query(&url, "INSERT INTO kept VALUES (7)");
        stop(&cluster);
        assert!(Session::open(&url).is_err());
        cluster.start_again();
        assert_eq!(cluster.query(&url, "SELECT id FROM kept"), "7");
    }
}

#[test]
fn it_speaks_tls_if_it_is_asked_to() {
    let cluster = Cluster::start_with_tls("IP:127.0.0.1");
    assert_eq!(cluster.admin("SHOW ssl"), "on");
    assert!(cluster.authority().is_file());
}

#[test]
fn a_frozen_server_answers_when_it_is_let_go() {
    let cluster = Cluster::start(false);
    let url = cluster.database();
    let mut known = Session::open(&url).unwrap();
    let frozen = cluster.freeze();
    thread::scope(|scope| {
        let stranger = scope.spawn(|| cluster.query(&url, "SELECT 1"));
        let known = scope.spawn(move || known.run("SELECT 2").unwrap());
        let started = Instant::now();
        // Both would be here at once if anything of it still ran.
        while started.elapsed() < Duration::from_millis(300) {
            assert!(!stranger.is_finished() && !known.is_finished());
            thread::yield_now();
        }
        drop(frozen);
        assert_eq!(stranger.join().unwrap(), "1");
        assert_eq!(known.join().unwrap(), "2");
    });
}

/// Says that this process is the one to be killed.
const OWNER: &str = "LABGATE_TEST_OWNER";

#[test]
fn nothing_is_left_of_it_when_its_owner_is_killed() {
    if env::var_os(OWNER).is_some() {
        let cluster = Cluster::start(false);
        let _held = cluster.freeze();
        let (port, folder) = (cluster.port(), cluster.folder().display());
        writeln!(std::io::stderr(), "\n{port} {folder}").unwrap();
        // Until it is killed.
        let _ = std::io::stdin().read(&mut [0]);
        return;
    }
    let mut owner = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "cluster::nothing_is_left_of_it_when_its_owner_is_killed"])
        .env(OWNER, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stderr.take().unwrap()).lines().map_while(Result::ok);
    let told = lines
        .filter_map(|line| {
            line.split_once(' ').map(|(port, folder)| (port.to_string(), PathBuf::from(folder)))
        })
        .find(|(port, _)| port.parse::<u16>().is_ok());
    let (port, folder) = told.unwrap();
    assert!(folder.is_dir());
    owner.kill().unwrap();
    owner.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let address = format!("127.0.0.1:{port}");
    while folder.exists() || std::net::TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < deadline, "{} is still there", folder.display());
        thread::yield_now();
    }
}
