//! A load generator for the gateway's binary, and what the gateway is compared with.
//!
//! | module | what happens there |
//! | --- | --- |
//! | [`vendors`] | webhooks are made and signed |
//! | [`load`] | they are sent, and what becomes of them is measured |
//! | [`process`], [`home`], [`database`] | a process is started on a store of its own, watched and ended |
//! | [`ledger`], [`mod@audit`] | what was sent is compared with what is stored |
//! | [`mod@crash`] | a gateway is killed amid the work, and what it left is compared |
//! | [`systems`], [`running`] | what is compared, and how it is put under load |
//! | [`mod@compare`], [`mod@growth`], [`mod@merge`] | what is shown |
//! | [`mod@count`] | instructions of a webhook can be counted |
//! | [`mod@train`] | a provider's dictionary is made |

pub mod admin;
pub mod audit;
pub mod binary;
pub mod compare;
pub mod count;
pub mod crash;
pub mod database;
pub mod growth;
pub mod home;
mod http;
pub mod ledger;
pub mod leftovers;
pub mod load;
pub mod machine;
pub mod merge;
pub mod process;
pub mod running;
pub mod signer;
pub mod systems;
pub mod table;
pub mod train;
pub mod usage;
pub mod vendors;
pub mod webhook;
