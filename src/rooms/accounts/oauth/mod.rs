//! OAuth 2 for machines: tokens by client credentials (RFC 6749 section 4.4), revocation (RFC 7009), introspection
//! (RFC 7662), and the metadata by which clients find them (RFC 8414, RFC 7517). Errors are RFC 6749's, not problems.

mod http;
mod use_cases;
mod wire;

pub use http::routes;
