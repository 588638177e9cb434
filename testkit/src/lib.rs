//! What every provider must be able to show, whatever its vendor: the checks that its tests call.
//!
//! A check is a function that takes a [`Subject`] and panics with the reason if it does not hold.
//! A provider's `tests/suite/conformance.rs` calls each of them in a test of its own, beside a
//! folder of goldens: `NAME.json` is a request body as the vendor sends it, `NAME.notices.json`
//! what it must become.
//!
//! ```no_run
//! use labgate_core::{Provider, Registration};
//! use labgate_testkit::{
//!     Subject, configuration, convergence, decoding, demo, goldens, verification,
//! };
//! use serde_json::json;
//!
//! fn conforms<Acme: Provider>() {
//!     let acme = Subject {
//!         registration: Registration::of::<Acme>(),
//!         config: |secrets| json!({ "secrets": secrets }),
//!         secrets: ["the new one", "the old one"],
//!         stranger: "somebody else's",
//!         goldens: concat!(env!("CARGO_MANIFEST_DIR"), "/goldens"),
//!         signs_time: true,
//!     };
//!     goldens::become_their_notices(&acme);
//!     configuration::is_refused_where_it_is_wrong(&acme);
//!     configuration::errors_hold_no_value(&acme);
//!     verification::accepts_each_secret_of_a_rotation(&acme);
//!     verification::refuses_a_changed_body(&acme);
//!     verification::refuses_a_changed_header(&acme);
//!     verification::refuses_another_secret(&acme);
//!     verification::keeps_to_the_time(&acme);
//!     verification::gives_no_secret_away(&acme);
//!     decoding::refuses_what_is_cut_short(&acme);
//!     decoding::counts_what_is_new(&acme);
//!     decoding::errors_hold_no_content(&acme);
//!     decoding::lists_the_event_types_that_it_knows(&acme);
//!     convergence::says_the_same_twice(&acme);
//!     convergence::holds_for_every_pair(&acme);
//!     demo::is_understood(&acme);
//!
//!     let world = convergence::of(&acme, &["order-1-placed", "order-2-completed"]);
//!     assert_eq!(world.order("4056").status, labgate_core::model::OrderStatus::Completed);
//! }
//! ```
//!
//! Write goldens with `LABGATE_GOLDENS=rewrite cargo test -p labgate-acme`, and read them before
//! you commit them: a golden that freezes a mistake is worse than none.

pub mod configuration;
pub mod convergence;
pub mod decoding;
pub mod demo;
pub mod goldens;
mod json;
mod subject;
pub mod verification;
mod world;

pub use subject::{ARRIVAL, MESSAGE_ID, Subject};
pub use world::World;
