//! What was answered survives kills: the short form of `labgate-bench crash`.

use std::env;

use labgate_bench::crash::{Account, Backend, Plan, run};

#[test]
fn what_was_answered_survives_every_kill() {
    let store = env::var("LABGATE_TEST_STORE");
    let backends: &[Backend] = match store.as_deref() {
        Err(env::VarError::NotPresent) | Ok("sqlite") => &[Backend::Sqlite],
        Ok("postgres") => &[Backend::Postgres, Backend::Pair],
        other => panic!("LABGATE_TEST_STORE is `sqlite` or `postgres`, and not {other:?}"),
    };
    let plan = Plan { kills: 3, clients: 16, seed: 1 };
    let tell = |account: Account| {
        assert!(account.faults.is_empty(), "{account}");
        // Otherwise nobody was killed amid the work, or there was none.
        assert!(account.unanswered > 0 && account.orders > 0 && account.events > 0, "{account}");
        Ok(())
    };
    run(labgate_tests::binary(), backends, plan, tell).expect("gateways start and answer");
}
