//! Vendors repeat, reorder and delay: whatever comes in whatever order ends in the same state.

use labgate_core::Notice;
use proptest::{
    prelude::{Just, Strategy as _},
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{Subject, World, goldens};

/// The world that the goldens called `names` tell of. It is the same in whatever order their
/// notices come and however often; and once all have come, none that comes again changes it.
pub fn of(subject: &Subject, names: &[&str]) -> World {
    let told: Vec<Notice> = names.iter().flat_map(|name| notices(subject, name)).collect();
    assert!(!told.is_empty(), "these goldens say nothing that could converge");
    let world = absorbed(&told, 0..told.len());

    let everything: Vec<usize> = (0..told.len()).collect();
    let repeated = proptest::collection::vec(0..told.len(), 0..=told.len());
    let arrivals = (Just(everything), repeated)
        .prop_map(|(once, again)| [once, again].concat())
        .prop_shuffle();
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&arrivals, |arrivals| {
        if absorbed(&told, arrivals.iter().copied()) == world {
            Ok(())
        } else {
            Err(TestCaseError::fail("another order of arrival ends in another state"))
        }
    });
    outcome.unwrap_or_else(|failure| panic!("{names:?}: {failure}"));
    world
}

/// As [`of`], for goldens that stand in the order in which they happened: the status of each
/// order and appointment is the one that the last of them tells alone, however late the others
/// come, and at no step does the timeline lose an entry. The last must tell of one.
pub fn never_moves_back(subject: &Subject, names: &[&str]) -> World {
    let world = of(subject, names);
    let last = *names.last().expect("a sequence has a last golden");
    let mut moving = World::default();
    let told = notices(subject, last);
    let tells = told.iter().any(|one| matches!(one, Notice::Order(_) | Notice::Appointment(_)));
    assert!(tells, "{last} tells of no order and of no appointment");
    for notice in told {
        moving.absorb(&notice);
    }
    let newest = moving.clone();
    for name in names {
        let before = moving.clone();
        for notice in notices(subject, name) {
            moving.absorb(&notice);
        }
        for order in newest.orders() {
            let now = moving.order(order.provider_order_id.as_str());
            assert_eq!(now.status, order.status, "{name} came late and moved the order");
            assert_eq!(now.provider_status, order.provider_status, "{name}");
        }
        for appointment in newest.appointments() {
            let now = moving.appointment(appointment.provider_appointment_id.as_str());
            assert_eq!(now.status, appointment.status, "{name} moved the appointment");
        }
        for order in before.orders() {
            let now = moving.order(order.provider_order_id.as_str());
            assert!(now.timeline.len() >= order.timeline.len(), "{name} took from the timeline");
        }
    }
    assert!(moving == world, "the late ones end in another state");
    world
}

fn notices(subject: &Subject, name: &str) -> Vec<Notice> {
    let told = goldens::one(subject, name).read(subject).notices;
    told.unwrap_or_else(|error| panic!("{name}: {error}")).notices
}

fn absorbed(told: &[Notice], arrivals: impl IntoIterator<Item = usize>) -> World {
    let mut world = World::default();
    for index in arrivals {
        world.absorb(&told[index]);
    }
    world
}
