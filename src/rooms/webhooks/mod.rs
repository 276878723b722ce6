//! Webhooks: addresses to which changes are sent while they happen, for systems that would rather be told than ask again and again.
//! By Standard Webhooks (standardwebhooks.com): `webhook-id`, `webhook-timestamp` and `webhook-signature`, a thin payload that names
//! a resource and holds no figure.
//!
//! The change feed is the outbox. A change is written in the transaction of its effect; what a webhook is to be told is read from
//! the feed on from its `position`, by the eyes of the province at its administrative unit, and its deliveries are written together with the
//! new position ([`outbox`]). So nothing is lost between an effect and its delivery, and nothing is made twice. Sending ([`sending`]) comes
//! afterwards, outside any transaction: a delivery is held for a while, sent, and what became of it is written down. A server
//! that dies in between sends the same delivery again later, under the same id.
//!
//! Source: contract, section 9.

mod http;
mod outbox;
mod rules;
mod sending;
mod table;
mod target;
mod use_cases;
mod wire;

pub use http::routes;
pub use outbox::{fill, forget};
pub use sending::send_forever;
