//! The first administrator: made once, when there is none, with a password that is told once.

use super::users;
use super::wire::{GrantIn, UserIn};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::auth::{password, secret};
use crate::config::Config;
use crate::db::schema::{accounts, grants, jurisdictions};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::rooms::jurisdictions::{self as places, JurisdictionIn, JurisdictionKind, JurisdictionLevel};
use crate::values::text::Bilingual;
use diesel::prelude::*;
use secrecy::SecretString;
use std::io::ErrorKind;

/// The name it signs in with.
pub(super) const NAME: &str = "admin";
/// The file in the data folder that tells its password where there is no terminal; removed at the first sign-in.
pub const FILE: &str = "first-admin.txt";
const COUNTRY: &str = "VN";

/// A one-time password and its hash, which takes long: it can be made while the database is being made.
pub struct FirstPassword {
    password: SecretString,
    hash: String,
}

impl FirstPassword {
    /// A new one.
    ///
    /// # Errors
    /// If the system has no randomness or no memory left.
    pub fn make() -> Result<Self> {
        let password = secret::one_time_password()?;
        let hash = password::hash_blocking(&password)?;
        Ok(Self { password, hash })
    }
}

/// Makes the first administrator if there is no administrator at all, and answers with the one-time password. Of several servers
/// that start at once just one gets it. Where none was `made` ahead, hashing happens inside the transaction: nobody is served yet.
///
/// # Errors
/// If the database fails.
pub fn first_admin(c: &mut Conn, actor: &Actor, made: Option<FirstPassword>) -> Result<Option<SecretString>> {
    db::lock_name(c, "first_admin")?;
    let admins: i64 = grants::table.filter(grants::role.eq(Role::Admin.as_str())).count().get_result(c)?;
    let taken: i64 = accounts::table.filter(accounts::login_key.eq(NAME)).count().get_result(c)?;
    if admins + taken > 0 {
        return Ok(None);
    }
    country(c, actor)?;
    let FirstPassword { password, hash } = made.map_or_else(FirstPassword::make, Ok)?;
    let input = UserIn {
        username: NAME.to_owned(),
        display_name: "Quản trị viên".to_owned(),
        position: None,
        email: None,
        phone: None,
        active: Some(true),
        must_change_password: Some(true),
        grants: vec![GrantIn {
            role: Role::Admin,
            jurisdiction: COUNTRY.to_owned(),
            unit: None,
            scopes: None,
            valid_from: None,
            valid_until: None,
        }],
    };
    users::add(c, actor, &input, hash)?;
    Ok(Some(password))
}

/// The country, for which the first administrator's grant holds: an installation without the seed has it not yet.
fn country(c: &mut Conn, actor: &Actor) -> Result<()> {
    if jurisdictions::table.filter(jurisdictions::code.eq(COUNTRY)).count().get_result::<i64>(c)? > 0 {
        return Ok(());
    }
    let country = JurisdictionIn {
        code: COUNTRY.to_owned(),
        name: Bilingual { vi: "Việt Nam".to_owned(), en: Some("Viet Nam".to_owned()) },
        level: JurisdictionLevel::Country,
        kind: JurisdictionKind::Country,
        parent: None,
        parent_from: None,
        valid_from: None,
        valid_until: None,
    };
    places::create(c, actor, &country).map(drop)
}

/// Removes the file with the first password: it was read.
pub(super) fn forget(config: &Config) {
    if let Err(error) = std::fs::remove_file(config.data_dir.join(FILE))
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(%error, "{FILE} cannot be removed; remove it by hand");
    }
}
