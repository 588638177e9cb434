//! A load generator for the gateway's binary, and what the gateway is compared with.
//!
//! | module | what happens there |
//! | --- | --- |
//! | [`vendors`] | webhooks are made and signed |

pub mod signer;
pub mod vendors;
pub mod webhook;
