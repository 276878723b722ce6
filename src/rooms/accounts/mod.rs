//! Accounts: people, who sign in with a password, and machines, which take a token by client credentials; what each may
//! do, and the sessions that they hold.
//!
//! An account is never deleted once it has acted; it is made inactive. Whatever earlier tokens say and no longer holds
//! (grants, activity, expiry) raises `auth_version`, so that they die at the next request, at every server.
//!
//! Sources: RFC 6238, 6749, 7009, 7517, 7662, 8414, 9068 and 9700 (rotation of refresh tokens).

mod auth_audit;
mod bootstrap_admin;
mod clients;
mod grants;
mod http;
mod login_throttle;
mod oauth;
mod rules;
mod sessions;
mod table;
mod tokens;
mod totp;
mod use_cases;
mod users;
mod wire;

pub use bootstrap_admin::{FILE as FIRST_ADMIN_FILE, FirstPassword, first_admin};
pub use clients::add as add_client;
pub use http::routes;
pub use oauth::routes as outside;
pub use use_cases::readable_among;
pub use users::{add as add_user, named as user_named, reset as reset_password};
pub use wire::{ClientIn, ClientOut, GrantIn, Scope, UserIn, UserOut};

use crate::config::SignIn;
use crate::db::Conn;
use crate::problem::Result;
use crate::values::clock::UtcTime;

/// Forgets, a batch at a time, what need not be kept of signing in. Answers whether there is more.
///
/// # Errors
/// If the database fails.
pub fn expire(c: &mut Conn, limits: SignIn, now: UtcTime) -> Result<bool> {
    let more = login_throttle::expire(c, limits, now)?;
    Ok(sessions::expire(c, now)? || more)
}
