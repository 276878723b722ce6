//! The vault at the start of a server: whose key it is, and the sealing of what lies open in the database.

use super::{SETTING, SecretCipher};
use crate::auth::secret;
use crate::config::Config;
use crate::db::schema::{recovery_codes, second_factors, signing_keys, webhooks};
use crate::db::{self, Conn, Target};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use diesel::prelude::*;
use secrecy::SecretString;

/// What a server without the right key is told.
const WRONG_KEY: &str = "the secrets in this database are sealed with another key: give every server the same, \
                         by this setting or as seal.key in its data folder; if it is lost, `binhdang keys start-over`";

/// A secret in the database: its place in the vault and how it lies there.
type Lying = (String, String);

/// The vault of this database. Where no key is given, the first start makes one for a database that this server has to
/// itself; secrets that several servers share stay open until all are given a key. What lay open is sealed with it.
/// Answers in words for the operator if the key is another than the one that sealed the database.
///
/// # Errors
/// If the database fails.
pub fn unlock(c: &mut Conn, config: &Config) -> Result<std::result::Result<SecretCipher, String>> {
    // Of servers that start at once one makes the key; the others find its file, or the database sealed.
    db::lock_name(c, "seal")?;
    let given = match SecretCipher::given(config) {
        Ok(given) => given,
        Err(why) => return Ok(Err(why)),
    };
    let (sealed, open): (Vec<Lying>, Vec<Lying>) = lying(c)?.into_iter().partition(|(_, text)| super::is_sealed(text));
    let secrets = match given {
        Some(secrets) => secrets,
        None if sealed.is_empty() && is_shared(config) => return Ok(Ok(SecretCipher::none())),
        None if sealed.is_empty() => SecretCipher::make(&config.data_dir)?,
        None => return Ok(Err(format!("{SETTING}: {WRONG_KEY}"))),
    };
    if sealed.iter().any(|(place, text)| secrets.open(place, text).is_err()) {
        return Ok(Err(format!("{SETTING}: {WRONG_KEY}")));
    }
    for (place, text) in open {
        let sealed = secrets.seal(&place, &SecretString::from(text))?;
        put(c, &place, &sealed)?;
    }
    Ok(Ok(secrets))
}

/// Whether other servers may use the same database: a key made by one of them would lock the others out.
fn is_shared(config: &Config) -> bool {
    matches!(config.database, Target::Postgres(_))
}

/// Begins anew where the key is lost: with the key that is given now or else a new one, a new signing key, and without
/// anybody's second factor; webhooks stop until each is given a new secret. Answers with the new signing key's name and how many second factors are gone.
///
/// # Errors
/// If the database fails. In words for the operator if nothing is lost.
pub fn start_over(c: &mut Conn, config: &Config, now: UtcTime) -> Result<std::result::Result<(String, usize), String>> {
    db::lock_name(c, "seal")?;
    let given = match SecretCipher::given(config) {
        Ok(given) => given,
        Err(why) => return Ok(Err(why)),
    };
    if fits(c, given.as_ref())? != Some(false) {
        return Ok(Err("nothing is lost: the key opens what is sealed".to_owned()));
    }
    let secrets = match given {
        Some(secrets) => secrets,
        None if is_shared(config) => SecretCipher::none(),
        None => SecretCipher::make(&config.data_dir)?,
    };
    diesel::delete(recovery_codes::table).execute(c)?;
    let gone = diesel::delete(second_factors::table).execute(c)?;
    // Nothing can be signed for them until each is given a new secret, which its receiver must learn.
    for id in webhooks::table.select(webhooks::id).load::<String>(c)? {
        let secret = secrets.seal(&super::of_webhook_secret(&id), &secret::webhook_secret()?)?;
        let lost = (webhooks::secret.eq(secret), webhooks::previous_secret.eq(None::<String>), webhooks::active.eq(false));
        diesel::update(webhooks::table.find(&id)).set((lost, webhooks::disabled_because.eq("secret_lost"))).execute(c)?;
    }
    let (kid, _) = crate::auth::store::rotate_keys(c, &secrets, now)?;
    Ok(Ok((kid, gone)))
}

/// Whether the key that a server was given opens everything; `None` if nothing is sealed yet.
///
/// # Errors
/// If the database fails.
pub fn fits(c: &mut Conn, given: Option<&SecretCipher>) -> Result<Option<bool>> {
    let sealed: Vec<Lying> = lying(c)?.into_iter().filter(|(_, text)| super::is_sealed(text)).collect();
    let opens = |(place, text): &Lying| given.is_some_and(|secrets| secrets.open(place, text).is_ok());
    Ok(if sealed.is_empty() { None } else { Some(sealed.iter().all(opens)) })
}

fn lying(c: &mut Conn) -> Result<Vec<Lying>> {
    let keys: Vec<(String, Option<String>)> = signing_keys::table
        .filter(signing_keys::private_key.is_not_null())
        .select((signing_keys::kid, signing_keys::private_key))
        .load(c)?;
    let factors: Vec<(String, String)> = second_factors::table.select((second_factors::account_id, second_factors::secret)).load(c)?;
    let hooks: Vec<(String, String, Option<String>)> =
        webhooks::table.select((webhooks::id, webhooks::secret, webhooks::previous_secret)).load(c)?;
    let keys = keys.into_iter().filter_map(|(kid, text)| text.map(|text| (super::of_signing_key(&kid), text)));
    let factors = factors.into_iter().map(|(account, text)| (super::of_second_factor(&account), text));
    let hooks = hooks.into_iter().flat_map(|(id, now, before)| {
        let before = before.map(|text| (super::of_previous_webhook_secret(&id), text));
        std::iter::once((super::of_webhook_secret(&id), now)).chain(before)
    });
    Ok(keys.chain(factors).chain(hooks).collect())
}

fn put(c: &mut Conn, place: &str, sealed: &str) -> Result<()> {
    let (table, id) = place.split_once(':').ok_or_else(|| Error::internal("no place in the vault"))?;
    match table {
        "signing_keys" => diesel::update(signing_keys::table.find(id)).set(signing_keys::private_key.eq(sealed)).execute(c)?,
        "webhooks" => diesel::update(webhooks::table.find(id)).set(webhooks::secret.eq(sealed)).execute(c)?,
        "previous_webhook_secrets" => diesel::update(webhooks::table.find(id)).set(webhooks::previous_secret.eq(sealed)).execute(c)?,
        _ => diesel::update(second_factors::table.find(id)).set(second_factors::secret.eq(sealed)).execute(c)?,
    };
    Ok(())
}
