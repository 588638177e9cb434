//! An order at Junction and its life: everything about it follows from one number, so that a clinic
//! can know a million orders and hold little more than that number of each.

use std::sync::LazyLock;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use super::{
    catalogue::lab_test,
    draw::{self, HOUR},
    person::Person,
    template::Template,
};

/// A method of collection, and the statuses that an order goes through by it.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) sample: &'static str,
    statuses: &'static [&'static str],
}

pub(super) const METHODS: [Method; 4] = [
    Method {
        name: "walk_in_test",
        sample: "serum",
        statuses: &[
            "received.walk_in_test.ordered",
            "received.walk_in_test.requisition_created",
            "collecting_sample.walk_in_test.appointment_pending",
            "collecting_sample.walk_in_test.appointment_scheduled",
            "sample_with_lab.walk_in_test.partial_results",
            "completed.walk_in_test.completed",
        ],
    },
    Method {
        name: "testkit",
        sample: "dried_blood_spot",
        statuses: &[
            "received.testkit.ordered",
            "received.testkit.requisition_created",
            "collecting_sample.testkit.transit_customer",
            "collecting_sample.testkit.out_for_delivery",
            "collecting_sample.testkit.with_customer",
            "collecting_sample.testkit.transit_lab",
            "sample_with_lab.testkit.delivered_to_lab",
            "completed.testkit.completed",
        ],
    },
    Method {
        name: "at_home_phlebotomy",
        sample: "serum",
        statuses: &[
            "received.at_home_phlebotomy.ordered",
            "received.at_home_phlebotomy.requisition_created",
            "collecting_sample.at_home_phlebotomy.appointment_pending",
            "collecting_sample.at_home_phlebotomy.appointment_scheduled",
            "collecting_sample.at_home_phlebotomy.draw_completed",
            "sample_with_lab.at_home_phlebotomy.partial_results",
            "completed.at_home_phlebotomy.completed",
        ],
    },
    Method {
        name: "on_site_collection",
        sample: "serum",
        statuses: &[
            "received.on_site_collection.ordered",
            "received.on_site_collection.requisition_created",
            "sample_with_lab.on_site_collection.draw_completed",
            "sample_with_lab.on_site_collection.partial_results",
            "completed.on_site_collection.completed",
        ],
    },
];

/// All facts of an order.
pub(super) struct Order {
    pub(super) id: Uuid,
    pub(super) patient: Person,
    pub(super) transaction: Uuid,
    pub(super) appointment: Uuid,
    pub(super) sample: String,
    method: usize,
    test: usize,
    details: Uuid,
    shipment: Uuid,
    tracking: [u64; 2],
    first_event: u32,
    physician: Person,
    created_at: i64,
}

impl Order {
    /// The order of that number.
    pub(super) fn of(number: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(number);
        Self {
            id: draw::uuid(&mut rng),
            patient: Person::draw(&mut rng),
            transaction: draw::uuid(&mut rng),
            appointment: draw::uuid(&mut rng),
            sample: format!("QX{:010}", rng.random_range(0..10_000_000_000_u64)),
            method: rng.random_range(0..METHODS.len()),
            test: rng.random_range(0..usize::MAX),
            details: draw::uuid(&mut rng),
            shipment: draw::uuid(&mut rng),
            tracking: rng.random(),
            first_event: rng.random_range(10_000..10_000_000),
            physician: Person::draw(&mut rng),
            created_at: draw::time(&mut rng),
        }
    }

    /// How many statuses it goes through.
    pub(super) fn statuses(&self) -> usize {
        METHODS[self.method].statuses.len()
    }

    /// When it came to the status at `place`: hours to days after the one before.
    pub(super) fn at(&self, place: usize) -> i64 {
        let mut at = self.created_at;
        let mut steps = StdRng::seed_from_u64(self.details.as_u64_pair().0);
        for _ in 0..place {
            at += steps.random_range(HOUR..40 * HOUR);
        }
        at
    }

    /// Appends the webhook of team `team` that tells of the first `told` statuses.
    pub(super) fn write(&self, team: Uuid, told: usize, body: &mut String) {
        static ORDER: LazyLock<Template> =
            LazyLock::new(|| Template::parse(include_str!("../../bodies/order.json")));
        let last = told - 1;
        let status = METHODS[self.method].statuses[last];
        let completed = told == self.statuses();
        ORDER.fill(body, |gap, body| match gap {
            "event_type" => body.push_str(match told {
                1 => "labtest.order.created",
                _ => "labtest.order.updated",
            }),
            "team_id" => draw::write(body, team),
            "order_id" => draw::write(body, self.id),
            "transaction_id" => draw::write(body, self.transaction),
            "transaction_status" => body.push_str(if completed { "completed" } else { "active" }),
            "lab_test" => body.push_str(lab_test(self.method, self.test)),
            "details" => self.details(last, body),
            "sample_id" if told > 1 => draw::write(body, format_args!("\"{}\"", self.sample)),
            "created_at" => draw::write_time(body, self.created_at),
            "updated_at" => draw::write_time(body, self.at(last)),
            "events" => self.events(told, body),
            "last_event" => self.event(last, self.at(last), body),
            "status" => body.push_str(status.split('.').next().expect("a text has a first part")),
            "low_level_status" => {
                body.push_str(status.rsplit('.').next().expect("a text has a last part"));
            }
            "interpretation" if completed => {
                body.push_str(if self.first_event.is_multiple_of(3) {
                    "\"abnormal\""
                } else {
                    "\"normal\""
                });
            }
            "has_missing_results" if completed => body.push_str("false"),
            "sample_id" | "interpretation" | "has_missing_results" => body.push_str("null"),
            "physician_first_name" => assert!(self.physician.fill("first_name", body)),
            "physician_last_name" => assert!(self.physician.fill("last_name", body)),
            "npi" => draw::write(body, 1_000_000_000 + u64::from(self.first_event)),
            gap => assert!(self.patient.fill(gap, body), "nothing fills the gap {gap}"),
        });
    }

    fn details(&self, last: usize, body: &mut String) {
        static TESTKIT: LazyLock<Template> =
            LazyLock::new(|| Template::parse(include_str!("../../bodies/testkit.json")));
        static COLLECTION: LazyLock<Template> =
            LazyLock::new(|| Template::parse(include_str!("../../bodies/collection.json")));
        let method = METHODS[self.method].name;
        let details = if method == "testkit" { &TESTKIT } else { &COLLECTION };
        details.fill(body, |gap, body| match gap {
            "method" => body.push_str(method),
            "details_id" => draw::write(body, self.details),
            "shipment_id" => draw::write(body, self.shipment),
            "outbound" => draw::write(body, format_args!("94{:020}", self.tracking[0])),
            "inbound" => draw::write(body, format_args!("94{:020}", self.tracking[1])),
            "created_at" => draw::write_time(body, self.created_at),
            "updated_at" => draw::write_time(body, self.at(last)),
            gap => unreachable!("nothing fills the gap {gap}"),
        });
    }

    fn events(&self, told: usize, body: &mut String) {
        body.push('[');
        for place in 0..told {
            body.push_str(if place == 0 { "" } else { "," });
            self.event(place, self.at(place), body);
        }
        body.push(']');
    }

    fn event(&self, place: usize, at: i64, body: &mut String) {
        let id = self.first_event as usize + place;
        draw::write(body, format_args!("{{\"id\":{id},\"created_at\":\""));
        draw::write_time(body, at);
        let status = METHODS[self.method].statuses[place];
        draw::write(body, format_args!("\",\"status\":\"{status}\",\"status_detail\":null}}"));
    }
}
