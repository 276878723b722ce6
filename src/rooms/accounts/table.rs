//! Rows of accounts, and the statements that read and write one. Nothing is decided here.

use super::auth_audit;
use crate::auth::caller::Kind;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{accounts, audit_events, second_factors};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use crate::values::text;
use diesel::prelude::*;

/// A row of `accounts`. It holds a secret's hash, so it has no `Debug`.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
pub(super) struct AccountRow {
    pub id: AccountId,
    pub kind: String,
    pub login: String,
    pub login_key: String,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub position: Option<String>,
    pub secret_hash: String,
    pub must_change_password: bool,
    pub active: bool,
    pub expires_at: Option<UtcTime>,
    pub allowed_addresses: String,
    pub auth_version: i64,
    pub fold: String,
    pub name_key: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

impl AccountRow {
    /// A new account, its particulars yet to be filled in.
    pub fn new(kind: Kind, login: &str, secret_hash: String, now: UtcTime) -> Self {
        Self {
            id: AccountId::new(),
            kind: kind.as_str().to_owned(),
            login: login.to_owned(),
            login_key: login_key(login),
            name: String::new(),
            email: None,
            phone: None,
            position: None,
            secret_hash,
            must_change_password: false,
            active: true,
            expires_at: None,
            allowed_addresses: "[]".to_owned(),
            auth_version: 1,
            fold: String::new(),
            name_key: String::new(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Brings the columns that are searched and sorted by up to date.
    pub fn fold_names(&mut self) {
        self.name_key = text::fold(&self.name);
        self.fold = text::fold_all([Some(self.login.as_str()), Some(self.name.as_str()), self.email.as_deref(), self.phone.as_deref()]);
    }
}

/// Names to sign in with are compared without regard to case.
pub(super) fn login_key(login: &str) -> String {
    login.to_lowercase()
}

/// An account of a kind, if there is such an account, and whether signing in takes a code as well.
pub(super) fn account_with_factor(c: &mut Conn, kind: Kind, id: &AccountId) -> Result<Option<(AccountRow, bool)>> {
    let confirmed =
        second_factors::table.filter(second_factors::account_id.eq(accounts::id)).filter(second_factors::confirmed_at.is_not_null());
    let account = accounts::table.find(id).filter(accounts::kind.eq(kind.as_str()));
    Ok(account.select((AccountRow::as_select(), diesel::dsl::exists(confirmed))).first(c).optional()?)
}

/// How many events of an account the audit trail has, those of signing in apart.
pub(super) fn events_of(c: &mut Conn, id: &AccountId) -> Result<i64> {
    let of_account = audit_events::actor_id.eq(id.as_str()).and(audit_events::action.ne_all(auth_audit::ACTIONS));
    Ok(audit_events::table.filter(of_account).count().get_result(c)?)
}

/// Stores a changed row whose rights are the same.
///
/// # Errors
/// If the database fails.
pub(super) fn update(w: &mut Write<'_>, row: &AccountRow) -> Result<()> {
    diesel::update(accounts::table.find(&row.id)).set(row).execute(w.conn())?;
    Ok(())
}

/// Takes an account away, and with it its grants, sessions and stored answers.
///
/// # Errors
/// If the database fails.
pub(super) fn remove(w: &mut Write<'_>, id: &AccountId) -> Result<()> {
    diesel::delete(accounts::table.find(id)).execute(w.conn())?;
    Ok(())
}
