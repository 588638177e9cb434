//! One clinic, and what the vendors tell of it.
//!
//! | share | webhook |
//! | ---: | --- |
//! | 30 % | a new order |
//! | 35 % | an order moves on: all that was told of it, and one status more |
//! | 15 % | a result of 30 markers |
//! | 10 % | Fullscript: two lab orders that move on for each order placed |
//! | 5 % | an appointment, new or moved on |
//! | 5 % | a webhook of this batch once more, byte for byte |
//!
//! Half of what moves on is among the newest thousand orders, half is any that is not done yet, so
//! that a store can't live on what it wrote last.

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use super::{appointment, draw, fullscript, order::Order, result};
use crate::{
    signer::Signer,
    webhook::{Kind, Webhook},
};

/// Orders that half of the vendors' attention is on.
const NEWEST: usize = 1000;

pub(super) struct Clinic {
    id: Uuid,
    rng: StdRng,
    orders: Vec<Known>,
    lab_orders: Vec<Known>,
}

/// What the vendors have told of an order so far.
struct Known {
    number: u64,
    statuses: u8,
    appointments: u8,
}

impl Clinic {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        Self { id: draw::uuid(&mut rng), rng, orders: Vec::new(), lab_orders: Vec::new() }
    }

    /// The next `count` webhooks.
    pub(super) fn next(&mut self, count: usize, signer: &Signer, now: Timestamp) -> Vec<Webhook> {
        let mut told: Vec<Webhook> = Vec::with_capacity(count);
        let mut body = String::new();
        for _ in 0..count {
            let share = self.rng.random_range(0..100);
            if share >= 95 && !told.is_empty() {
                let earlier = self.rng.random_range(0..told.len());
                told.push(told[earlier].repeated());
                continue;
            }
            let id = draw::uuid(&mut self.rng);
            body.clear();
            let kind = self.tell(share, id, &mut body);
            told.push(signer.webhook(kind, id, body.as_bytes(), now));
        }
        told
    }

    fn tell(&mut self, share: u32, id: Uuid, body: &mut String) -> Kind {
        match share {
            30..65 if !self.orders.is_empty() => self.order_moves_on(body),
            65..80 if !self.orders.is_empty() => {
                let known = self.pick();
                let order = Order::of(self.orders[known].number);
                result::write(&order, self.id, &mut self.rng, body);
                Kind::Result
            }
            80..90 => self.fullscript(share, id, body),
            90..95 if !self.orders.is_empty() => {
                let known = self.pick();
                let known = &mut self.orders[known];
                known.appointments = known.appointments.saturating_add(1);
                let told = usize::from(known.appointments);
                appointment::write(&Order::of(known.number), self.id, told, body);
                Kind::Appointment
            }
            _ => {
                let number = self.rng.random();
                self.orders.push(Known { number, statuses: 1, appointments: 0 });
                Order::of(number).write(self.id, 1, body);
                Kind::NewOrder
            }
        }
    }

    fn order_moves_on(&mut self, body: &mut String) -> Kind {
        let place = self.pick();
        let known = &mut self.orders[place];
        known.statuses += 1;
        let order = Order::of(known.number);
        let told = usize::from(known.statuses);
        order.write(self.id, told, body);
        if told == order.statuses() {
            self.orders.swap_remove(place);
        }
        Kind::UpdatedOrder
    }

    fn fullscript(&mut self, share: u32, id: Uuid, body: &mut String) -> Kind {
        if share.is_multiple_of(3) {
            fullscript::order_placed(self.id, id, &mut self.rng, body);
        } else {
            if self.lab_orders.is_empty() || self.rng.random_bool(0.3) {
                let number = self.rng.random();
                self.lab_orders.push(Known { number, statuses: 0, appointments: 0 });
            }
            let place = self.rng.random_range(0..self.lab_orders.len());
            let known = &mut self.lab_orders[place];
            fullscript::lab_order(self.id, id, known.number, usize::from(known.statuses), body);
            known.statuses = known.statuses.saturating_add(1);
        }
        Kind::Fullscript
    }

    /// The place of an order that the vendors turn to.
    fn pick(&mut self) -> usize {
        let known = self.orders.len();
        let oldest = if self.rng.random() { known.saturating_sub(NEWEST) } else { 0 };
        self.rng.random_range(oldest..known)
    }
}
