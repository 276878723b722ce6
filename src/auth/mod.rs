//! Who asks: tokens, keys, passwords and the caller they stand for.

pub mod address;
pub mod caller;
pub mod denied;
pub mod keys;
pub mod password;
pub mod seal;
pub mod secret;
pub mod secret_encryption;
pub mod store;
pub mod token;
pub mod totp;
pub mod validity;

use crate::config::{Config, Wrong};
use crate::db::data_version::DataVersion;
use crate::db::{Conn, Database};
use crate::problem::{self, Problem, Result, codes};
use crate::values::clock::UtcTime;
use address::AddressRange;
use caller::{Caller, Kind, Role};
use keys::KeySet;
use password::Passwords;
use quick_cache::Equivalent;
use quick_cache::sync::Cache;
use secret_encryption::SecretCipher;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;
use token::{Claims, Remembered};
use tokio::sync::{Mutex, Semaphore};

/// Most threads that hash passwords. Each holds 19 MiB once it was needed, so many processors must not mean much memory.
const HASHING_THREADS: usize = 2;
/// Most hashes that wait for a thread.
const HASHES_WAITING: usize = 200;
/// Most attempts that wait for the outcome of others, of all accounts together.
const ATTEMPTS_WAITING: usize = 200;

/// Everything that proves who asks. One per process.
pub struct Auth {
    keys: RwLock<Arc<KeySet>>,
    remembered: Remembered,
    /// Accounts as they were last read, by the token's id and the client's address.
    callers: Cache<(String, String), Arc<Mutex<Standing>>>,
    /// Issuer of the tokens: the service's public address.
    pub issuer: String,
    /// Hashing and checking of passwords, bounded.
    pub passwords: Passwords,
    /// Places for attempts to sign in that wait for the outcome of others.
    pub waiting: Semaphore,
    /// The key to what is sealed in the database.
    pub secrets: SecretCipher,
    /// Roles whose people must sign in with a second factor.
    totp_roles: Vec<Role>,
    /// Proxies whose `X-Forwarded-For` is believed.
    trusted_proxies: Vec<AddressRange>,
}

/// An account as it was last read. It is held while it is being read: of all who wait one reads it.
#[derive(Default)]
struct Standing {
    known: Option<Known>,
    /// When the last reading that failed had begun.
    failed: Option<Instant>,
}

struct Known {
    caller: Arc<Caller>,
    /// The state of the data when it was read, and when that was.
    data_version: DataVersion,
    began: Instant,
}

/// A key of [`Auth::callers`], borrowed: every request looks there.
#[derive(Hash)]
struct Asking<'a> {
    token: &'a str,
    address: &'a str,
}

impl Equivalent<(String, String)> for Asking<'_> {
    fn equivalent(&self, (token, address): &(String, String)) -> bool {
        self.token == token && self.address == address
    }
}

impl Auth {
    /// With the keys of the database.
    ///
    /// # Errors
    /// A setting that names no role or no address, or no threads for hashing; in words for the operator.
    pub fn new(keys: KeySet, secrets: SecretCipher, config: &Config) -> std::result::Result<Self, String> {
        let (totp_roles, trusted_proxies) = named(config).map_err(|wrong| wrong.to_string())?;
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(HASHING_THREADS));
        let passwords =
            Passwords::new(threads, HASHES_WAITING).map_err(|e| format!("cannot start the threads that hash passwords: {e}"))?;
        Ok(Self {
            keys: RwLock::new(Arc::new(keys)),
            remembered: Remembered::new(50_000),
            callers: Cache::new(10_000),
            issuer: config.public_url.clone(),
            passwords,
            waiting: Semaphore::new(ATTEMPTS_WAITING),
            secrets,
            totp_roles,
            trusted_proxies,
        })
    }

    /// Looks at the settings alone, before anything is opened or made.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn check(config: &Config) -> std::result::Result<(), Wrong> {
        named(config).map(drop)
    }

    /// Whether a person must set up a second factor before anything else.
    #[must_use]
    pub fn lacks_second_factor(&self, caller: &Caller) -> bool {
        caller.kind == Kind::User && !caller.second_factor && caller.has_any(&self.totp_roles)
    }

    /// From where a request comes.
    #[must_use]
    pub fn origin<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        address::origin(peer, forwarded, &self.trusted_proxies)
    }

    /// The keys by which access tokens are checked, as they stood when this server last looked.
    #[must_use]
    pub fn keys(&self) -> Arc<KeySet> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who sends this `Authorization` header from this address, and the state of the data in which that was so.
    ///
    /// The account is read anew whenever the data have changed since: what an administrator does to it takes effect on the
    /// next request, at every server.
    ///
    /// # Errors
    /// 401 if it is anything but a valid token of an account that still counts and may come from there.
    pub async fn caller(&self, db: &Database, header: &str, address: &str) -> Result<(Arc<Caller>, DataVersion)> {
        let Some((scheme, token)) = header.split_once(' ') else { return Err(invalid_token()) };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(required());
        }
        let (now, token) = (UtcTime::now(), token.trim());
        let claims = match self.remembered.get(token, now.unix()) {
            Some(claims) => claims,
            None => self.verify(db, token, now).await?,
        };
        let arrived = Instant::now();
        let data_version = db.data_version().await?;
        let standing = self.callers.get(&Asking { token: &claims.jti, address }).unwrap_or_else(|| {
            let new = Arc::<Mutex<Standing>>::default();
            self.callers.insert((claims.jti.clone(), address.to_owned()), new.clone());
            new
        });
        let mut standing = standing.lock().await;
        // What was read for another one since this request came is as good as what it would read itself.
        if let Some(known) = &standing.known
            && (known.data_version == data_version || known.began >= arrived)
            && known.caller.counts_until.is_none_or(|end| now < end)
        {
            return Ok((known.caller.clone(), known.data_version.clone()));
        }
        // Nor need everybody wait in turn for a database that does not answer.
        if standing.failed.is_some_and(|began| began >= arrived) {
            return Err(problem::unavailable());
        }
        let began = Instant::now();
        let read = self.standing(db, claims, token, address, now).await;
        standing.failed = matches!(&read, Err(error) if error.code() == Some(codes::DATABASE_UNAVAILABLE)).then_some(began);
        let caller = read?.ok_or_else(invalid_token)?;
        standing.known = Some(Known { caller: caller.clone(), data_version: data_version.clone(), began });
        Ok((caller, data_version))
    }

    /// Reads the account of a token, and whether the keys still stand as they did.
    async fn standing(&self, db: &Database, claims: Arc<Claims>, token: &str, from: &str, now: UtcTime) -> Result<Option<Arc<Caller>>> {
        let from = from.to_owned();
        let read = move |c: &mut Conn| Ok((store::caller(c, &claims, Some(&from), now)?, store::keys_standing(c)?));
        let (found, keys) = db.read(read).await?;
        if keys != self.keys().standing() {
            // A rotation: what was checked by the keys as they stood before is checked anew.
            self.reload(db).await?;
            self.remembered.forget_all();
            self.verify(db, token, now).await?;
        }
        Ok(found.map(Arc::new))
    }

    async fn reload(&self, db: &Database) -> Result<Arc<KeySet>> {
        let keys = Arc::new(db.read(store::load_keys).await?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.clone();
        Ok(keys)
    }

    async fn verify(&self, db: &Database, token: &str, now: UtcTime) -> Result<Arc<Claims>> {
        let mut found = token::verify(&self.keys(), &self.issuer, &self.issuer, now.unix(), token);
        if found.is_none() && token::kid(token).is_some_and(|kid| self.keys().find(&kid).is_none()) {
            // Another server may have made the key since this one started.
            let keys = self.reload(db).await?;
            found = token::verify(&keys, &self.issuer, &self.issuer, now.unix(), token);
        }
        let claims = Arc::new(found.ok_or_else(invalid_token)?);
        self.remembered.put(token, claims.clone(), now.unix());
        Ok(claims)
    }
}

/// What the settings name: the roles that take a second factor, and the proxies that are believed.
fn named(config: &Config) -> std::result::Result<(Vec<Role>, Vec<AddressRange>), Wrong> {
    let roles = each("BINHDANG_TOTP_ROLES", &config.totp_roles, Role::parse, "must be names of roles, separated by commas")?;
    let why = "must be addresses or ranges such as 10.0.0.0/8, separated by commas";
    let proxies = each("BINHDANG_TRUSTED_PROXIES", &config.trusted_proxies, AddressRange::parse, why)?;
    Ok((roles, proxies))
}

fn each<T>(setting: &str, texts: &[String], read: impl Fn(&str) -> Option<T>, why: &str) -> std::result::Result<Vec<T>, Wrong> {
    let wrong = || Wrong { setting: setting.to_owned(), why: why.to_owned() };
    texts.iter().map(|text| read(text).ok_or_else(wrong)).collect()
}

/// 401 for a request that must be signed in and is not.
#[must_use]
pub fn required() -> crate::problem::Error {
    Problem::new(codes::AUTH_REQUIRED).header("WWW-Authenticate", "Bearer realm=\"binhdang\"").into()
}

/// 401 for a token that does not count (RFC 6750 section 3.1).
#[must_use]
pub fn invalid_token() -> crate::problem::Error {
    Problem::new(codes::TOKEN_INVALID).header("WWW-Authenticate", "Bearer realm=\"binhdang\", error=\"invalid_token\"").into()
}
