//! Vendors repeat, reorder and delay: whatever comes in whatever order ends in the same state.

use jiff::SignedDuration;
use labgate_core::{Notice, VerifiedRequest};
use proptest::{
    prelude::{Just, Strategy as _},
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{ARRIVAL, Subject, World, goldens, meaning::TIMED_BY_ARRIVAL};

/// Any two goldens end in the same state whichever comes first, and when either comes again. They
/// are read when they come, by one provider: what it says depends on nothing else that came, and
/// on the time of arrival only if the meaning says `"timed_by_arrival": true`, for vendors that
/// give no time of their own.
pub fn any_two_converge(subject: &Subject) {
    let deliveries = Deliveries::of(subject, 3);
    deliveries.are_timed_as_they_say();
    for first in 0..deliveries.names.len() {
        for second in 0..first {
            let expected = deliveries.world(&[first, second]);
            for arrivals in
                [&[second, first][..], &[first, second, first], &[second, first, second]]
            {
                assert!(
                    deliveries.world(arrivals) == expected,
                    "{} and {} end in another state if they come otherwise",
                    deliveries.names[first],
                    deliveries.names[second]
                );
            }
        }
    }
}

/// As [`any_two_converge`], for all goldens, in any order and with any repetitions. At least one of
/// them says something.
pub fn all_converge(subject: &Subject) {
    let says_something = |golden: &goldens::Golden| {
        golden.read(subject).notices.is_ok_and(|told| !told.notices.is_empty())
    };
    let any = goldens::all(subject).iter().any(says_something);
    assert!(any, "no golden says anything that could converge");
    let deliveries = Deliveries::of(subject, 8);
    let everything: Vec<usize> = (0..deliveries.names.len()).collect();
    let expected = deliveries.world(&everything);
    let repeated = proptest::collection::vec(0..everything.len(), 0..=everything.len());
    let arrivals = (Just(everything), repeated)
        .prop_map(|(once, again)| [once, again].concat())
        .prop_shuffle();
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&arrivals, |arrivals| {
        if deliveries.world(&arrivals) == expected {
            Ok(())
        } else {
            Err(TestCaseError::fail("another order of arrival ends in another state"))
        }
    });
    outcome.unwrap_or_else(|failure| panic!("{:?}: {failure}", deliveries.names));
}

/// Every golden, proven at several times of arrival.
struct Deliveries<'a> {
    subject: &'a Subject,
    names: Vec<String>,
    requests: Vec<Vec<VerifiedRequest>>,
}

impl<'a> Deliveries<'a> {
    fn of(subject: &'a Subject, times: usize) -> Self {
        let goldens = goldens::all(subject);
        let proven = |golden: &goldens::Golden, turn: usize| {
            let meaning = golden.meaning.as_ref();
            let own = meaning.is_none_or(|meaning| meaning[TIMED_BY_ARRIVAL] != true);
            let minutes = i64::try_from(turn).expect("a turn is small") * i64::from(own);
            let at = ARRIVAL + SignedDuration::from_mins(minutes);
            subject.proven(&golden.request, &golden.message_id(), at)
        };
        let requests = goldens
            .iter()
            .map(|golden| (0..times).map(|turn| proven(golden, turn)).collect())
            .collect();
        Self { subject, names: goldens.into_iter().map(|golden| golden.name).collect(), requests }
    }

    /// A golden says the same whenever it arrives, unless its meaning says otherwise.
    fn are_timed_as_they_say(&self) {
        let differs = |times: &[VerifiedRequest]| {
            let told = |at: &VerifiedRequest| {
                self.subject.provider().read(at).map(|one| goldens::told(&one))
            };
            times.iter().any(|at| told(at) != told(&times[0]))
        };
        let names = self.names.iter().zip(&self.requests);
        let wrong: Vec<_> =
            names.filter(|(_, times)| differs(times)).map(|(name, _)| name).collect();
        assert!(
            wrong.is_empty(),
            "{wrong:?} say another thing when they arrive later; if the vendor gives no time, their \
             meanings must say \"{TIMED_BY_ARRIVAL}\": true"
        );
    }

    /// The world once these have come, one after the other.
    fn world(&self, arrivals: &[usize]) -> World {
        let provider = self.subject.provider();
        let mut world = World::default();
        for (turn, golden) in arrivals.iter().enumerate() {
            let times = &self.requests[*golden];
            let read = provider.read(&times[turn % times.len()]);
            let told = read.and_then(|reading| reading.notices).map(|told| told.notices);
            // What can't be read waits in quarantine, and changes nothing.
            told.iter().flatten().for_each(|notice: &Notice| world.absorb(notice));
        }
        world
    }
}
