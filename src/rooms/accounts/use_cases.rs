//! What can be done with accounts, whether of people or of machines.

use super::table::{self, AccountRow};
use super::wire::{AccountFilter, GrantOut};
use super::{grants, rules, totp};
use crate::actor::Actor;
use crate::auth::caller::{Kind, Role};
use crate::change::{self, Expected, Versioned, Write};
use crate::db::schema::{accounts, grants as grant_rows};
use crate::db::sort::{Key, Kind as SortKind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use crate::values::text;
use diesel::prelude::*;
use std::collections::HashSet;

/// An account with its grants.
pub(super) struct Account {
    pub row: AccountRow,
    pub grants: Vec<GrantOut>,
    /// Whether signing in takes a code as well.
    pub second_factor: bool,
}

impl Account {
    /// The jurisdictions of its grants.
    pub fn jurisdictions(&self) -> Vec<String> {
        self.grants.iter().map(|g| g.jurisdiction.clone()).collect()
    }

    /// Its roles that last, with their jurisdictions; none if it is not active.
    pub fn roles(&self, now: UtcTime) -> Vec<(Role, String)> {
        let lasting = self.grants.iter().filter(|g| self.row.active && g.days().lasts(now));
        lasting.map(|g| (g.role, g.jurisdiction.clone())).collect()
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "username", sql: "accounts.login_key", kind: SortKind::Text },
    SortField { name: "name", sql: "accounts.name_key", kind: SortKind::Text },
    SortField { name: "created_at", sql: "accounts.created_at", kind: SortKind::Time },
    SortField { name: "updated_at", sql: "accounts.updated_at", kind: SortKind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "accounts.id", kind: SortKind::Text };

fn key(row: &AccountRow, field: &str) -> Key {
    match field {
        "username" => Key::from(row.login_key.as_str()),
        "name" => Key::from(row.name_key.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(kind: Kind, filter: &'a AccountFilter, reach: Option<&'a Vec<String>>) -> accounts::BoxedQuery<'a, Backend> {
    let mut query = accounts::table.filter(accounts::kind.eq(kind.as_str())).into_boxed();
    if let Some(codes) = reach {
        let within = grant_rows::table.filter(grant_rows::jurisdiction.eq_any(codes)).select(grant_rows::account_id);
        query = query.filter(accounts::id.eq_any(within));
    }
    let ids = grant_rows::account_id;
    let role = filter.role.map(|role| grant_rows::role.eq(role.as_str()));
    let jurisdiction = filter.jurisdiction.as_ref().map(|code| grant_rows::jurisdiction.eq(code));
    query = match (role, jurisdiction) {
        (Some(role), Some(jurisdiction)) => query.filter(accounts::id.eq_any(grant_rows::table.filter(role.and(jurisdiction)).select(ids))),
        (Some(role), None) => query.filter(accounts::id.eq_any(grant_rows::table.filter(role).select(ids))),
        (None, Some(jurisdiction)) => query.filter(accounts::id.eq_any(grant_rows::table.filter(jurisdiction).select(ids))),
        (None, None) => query,
    };
    if let Some(active) = filter.active {
        query = query.filter(accounts::active.eq(active));
    }
    if let Some(q) = &filter.q {
        query = query.filter(accounts::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(accounts::updated_at.ge(since));
    }
    query
}

/// A page of accounts that the caller may read.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, kind: Kind, filter: &AccountFilter, paging: &Paging) -> Result<Page<Account>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let reach = actor.reach(&[Role::Admin]).codes();
    if let Some(code) = &filter.jurisdiction {
        Scope::default().one::<JurisdictionKey>(c, code, &Place::query("jurisdiction"))?;
    }
    let page: Page<AccountRow> = page_of!(c, &window, accounts::table, filtered(kind, filter, reach.as_ref()), key);
    let ids: Vec<AccountId> = page.items.iter().map(|row| row.id.clone()).collect();
    let mut grants = grants::of_accounts(c, &ids)?;
    let factors: HashSet<AccountId> = totp::confirmed(c, &ids)?.into_iter().collect();
    page.try_map(|row| {
        let second_factor = factors.contains(&row.id);
        Ok(Account { grants: grants.remove(&row.id).unwrap_or_default(), row, second_factor })
    })
}

/// Those of some accounts that the caller may read.
///
/// # Errors
/// If the database fails.
pub fn readable_among(c: &mut Conn, actor: &Actor, ids: &[&str]) -> Result<HashSet<String>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let named = accounts::table.filter(accounts::id.eq_any(ids)).select(accounts::id);
    let found: Vec<String> = match actor.reach(&[Role::Admin]).codes() {
        None => named.load(c)?,
        Some(codes) => {
            let within = grant_rows::table.filter(grant_rows::jurisdiction.eq_any(codes)).select(grant_rows::account_id);
            named.filter(accounts::id.eq_any(within)).load(c)?
        }
    };
    Ok(found.into_iter().collect())
}

fn load(c: &mut Conn, kind: Kind, id: &AccountId) -> Result<Account> {
    let (row, second_factor) = table::account_with_factor(c, kind, id)?.ok_or(codes::NOT_FOUND)?;
    Ok(Account { grants: grants::of_account(c, id)?, row, second_factor })
}

/// One account that the caller may read.
///
/// # Errors
/// 404.
pub(super) fn readable(c: &mut Conn, actor: &Actor, kind: Kind, id: &AccountId) -> Result<Account> {
    let account = load(c, kind, id)?;
    if rules::sees(&actor.reach(&[Role::Admin]), &account.jurisdictions()) { Ok(account) } else { Err(codes::NOT_FOUND.into()) }
}

/// One account that the caller may manage, kept from others until the transaction ends.
///
/// # Errors
/// 404, 403, 412.
pub(super) fn locked(c: &mut Conn, actor: &Actor, kind: Kind, id: &AccountId, expected: Option<&Expected>) -> Result<Account> {
    let manageable = |_: &mut Conn, account: &Account| grants::manageable(actor, &account.jurisdictions());
    change::begin(c, id.as_str(), expected, |c| readable(c, actor, kind, id), manageable)
}

impl Versioned for Account {
    const TABLE: &'static str = "accounts";

    fn resource(&self) -> &'static str {
        if self.row.kind == Kind::Client.as_str() { "client" } else { "user" }
    }

    fn id(&self) -> &str {
        self.row.id.as_str()
    }

    fn version(&self) -> i64 {
        self.row.version
    }

    fn jurisdiction(&self) -> Option<&str> {
        self.grants.first().map(|g| g.jurisdiction.as_str())
    }

    fn touch(&mut self, version: i64, at: UtcTime) {
        self.row.version = version;
        self.row.updated_at = at;
    }
}

/// Whether an account has done nothing that the record must keep.
///
/// # Errors
/// 409 with the counts.
pub(super) fn has_not_acted(c: &mut Conn, kind: Kind, id: &AccountId) -> Result<()> {
    let events = table::events_of(c, id)?;
    let code = match kind {
        Kind::User => codes::USER_IN_USE,
        Kind::Client => codes::CLIENT_IN_USE,
    };
    db::in_use(code, &[("audit_events", events)])
}

/// What an account was before a change.
pub(super) struct Before {
    active: bool,
    roles: Vec<(Role, String)>,
    grants: Vec<GrantOut>,
    expires_at: Option<UtcTime>,
}

impl Before {
    /// Remembers it.
    pub fn of(account: &Account, now: UtcTime) -> Self {
        Self { active: account.row.active, roles: account.roles(now), grants: account.grants.clone(), expires_at: account.row.expires_at }
    }

    /// Stores the changed row with its grants. Where earlier tokens say what no longer holds they die; where the account
    /// no longer counts its sessions end; an administrator that nobody could replace stays.
    ///
    /// # Errors
    /// 409 `user.last_admin`, or if the name to sign in with is taken.
    pub fn save(self, w: &mut Write<'_>, actor: &Actor, account: &Account, wanted: &[grants::Resolved]) -> Result<()> {
        let mut row = account.row.clone();
        let after: Vec<(Role, String)> = if row.active { wanted.iter().filter_map(|g| g.lasting(actor.now)).collect() } else { Vec::new() };
        let lost = rules::admin_lost(&self.roles, &after);
        if row.kind == Kind::User.as_str() && !lost.is_empty() {
            // Two administrators could otherwise dismiss each other at the same instant.
            db::lock_name(w.conn(), "administrators")?;
            grants::others_administer(w.conn(), &row.id, &lost, actor.now)?;
        }
        let regranted = !grants::same(wanted, &self.grants);
        if regranted {
            grants::replace(w, &row.id, wanted)?;
        }
        if regranted || row.active != self.active || row.expires_at != self.expires_at {
            row.auth_version += 1;
        }
        if !row.active {
            super::sessions::end_all(w.conn(), &row.id, None, actor.now)?;
        }
        row.fold_names();
        let stored = diesel::update(accounts::table.find(&row.id)).set(&row).execute(w.conn());
        stored.map_err(db::unique_means(codes::USERNAME_TAKEN))?;
        Ok(())
    }
}

/// Adds an account with its grants.
///
/// # Errors
/// 409 if the name to sign in with is taken.
pub(super) fn insert(w: &mut Write<'_>, row: &AccountRow, wanted: &[grants::Resolved]) -> Result<()> {
    diesel::insert_into(accounts::table).values(row).execute(w.conn()).map_err(db::unique_means(codes::USERNAME_TAKEN))?;
    grants::insert(w, &row.id, wanted)
}
