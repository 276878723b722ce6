//! Accounts: people, who sign in with a password, and machines, which take a token by client credentials; what each may
//! do, and the sessions that they hold.
//!
//! An account is never deleted once it has acted; it is made inactive. Whatever earlier tokens say and no longer holds
//! (grants, activity, expiry) raises `auth_version`, so that they die at the next request, at every server.
//!
//! Sources: RFC 6238, 6749, 7009, 7517, 7662, 8414, 9068 and 9700 (rotation of refresh tokens).

mod clients;
mod dto;
mod factor;
mod first;
mod grants;
mod http;
mod me;
mod my_factor;
mod oauth;
mod rules;
mod sessions;
mod sign_in;
mod signs;
mod store;
mod throttle;
mod tokens;
mod users;

pub use clients::add as add_client;
pub use dto::{ClientIn, ClientOut, GrantIn, Scope, UserIn, UserOut};
pub use first::{FILE as FIRST_ADMIN_FILE, FirstPassword, first_admin};
pub use users::{add as add_user, named as user_named, reset as reset_password};

use crate::config::SignIn;
use crate::db::Conn;
use crate::http::routes::Routes;
use crate::problem::Result;
use crate::values::clock::UtcTime;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    sign_in::routes(routes);
    me::routes(routes);
    my_factor::routes(routes);
    http::routes(routes);
}

/// Forgets, a batch at a time, what need not be kept of signing in. Answers whether there is more.
///
/// # Errors
/// If the database fails.
pub fn expire(c: &mut Conn, limits: SignIn, now: UtcTime) -> Result<bool> {
    let more = throttle::expire(c, limits, now)?;
    Ok(sessions::expire(c, now)? || more)
}

/// Mounts what stands outside `/api/v1`: `/oauth/*` and `/.well-known/*`.
pub fn outside(routes: &mut Routes) {
    oauth::routes(routes);
}
