//! Access tokens: what they say of an account.

use super::sessions::Open;
use crate::actor::Actor;
use crate::auth::caller::{RESTRICTED_READ, Role};
use crate::auth::keys::SigningKey;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::{Rights, rights_of, signing_key};
use crate::auth::token::{self, Claims};
use crate::auth::{Auth, secret};
use crate::db::Conn;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use chrono::TimeDelta;

/// For how long an access token counts.
pub(super) const LIFE: TimeDelta = TimeDelta::minutes(10);
/// The client under which people sign in.
pub(super) const PEOPLE: &str = "binhdang";

/// What an access token will say, gathered inside a transaction.
pub(super) struct Ticket {
    account: String,
    client_id: String,
    session: String,
    auth_version: i64,
    roles: Vec<String>,
    /// Scopes, separated by blanks.
    pub scope: String,
    until: UtcTime,
    key: SigningKey,
}

impl Ticket {
    /// For an account in one of its sessions; no longer than the session, nor than what it says of roles and scopes holds.
    ///
    /// # Errors
    /// If the database fails.
    pub fn of(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, session: &Open, client_id: &str, auth_version: i64) -> Result<Self> {
        let Rights { grants, until: changes } = rights_of(c, session.account.as_str(), actor.now)?;
        let roles = Role::ALL.iter().filter(|role| grants.iter().any(|g| g.role == **role)).map(ToString::to_string).collect();
        let scope = if grants.iter().any(|g| g.restricted) { RESTRICTED_READ.to_owned() } else { String::new() };
        Ok(Self {
            account: session.account.as_str().to_owned(),
            client_id: client_id.to_owned(),
            session: session.id.as_str().to_owned(),
            auth_version,
            roles,
            scope,
            until: [Some(session.expires_at), changes].into_iter().flatten().fold(actor.now.plus(LIFE), UtcTime::min),
            key: signing_key(c, secrets)?,
        })
    }

    /// The token, and for how many seconds it counts.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign(&self, auth: &Auth, now: UtcTime) -> Result<(String, i64)> {
        let claims = Claims {
            iss: auth.issuer.clone(),
            aud: auth.issuer.clone(),
            sub: self.account.clone(),
            client_id: self.client_id.clone(),
            iat: now.unix(),
            exp: self.until.unix(),
            jti: secret::hex(&secret::random_bytes::<16>()?),
            scope: self.scope.clone(),
            roles: self.roles.clone(),
            sid: Some(self.session.clone()),
            ver: self.auth_version,
        };
        let token = token::issue(&self.key, &claims)?;
        Ok((token, self.until.unix() - now.unix()))
    }
}
