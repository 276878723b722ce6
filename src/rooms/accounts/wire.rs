//! Accounts on the wire.

use crate::actor::actions::Actions;
use crate::auth::caller::{Kind, Role};
use crate::auth::validity::Validity;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use chrono::NaiveDate;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a grant shows beyond its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Restricted figures exactly.
    #[serde(rename = "restricted:read")]
    RestrictedRead,
}

/// One role, somewhere, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "reporter", "jurisdiction": "09385", "unit": "U5"}))]
pub struct GrantIn {
    /// The role.
    pub role: Role,
    /// The administrative unit that it holds for, with all below it, by official code; a `coordinator`'s of a province or
    /// the country holds for its own plan only.
    #[schema(min_length = 1, max_length = 16, example = "09385")]
    pub jurisdiction: String,
    /// The only responsible unit that it holds for, by id or code.
    #[serde(default)]
    #[schema(max_length = 64, example = "U5")]
    pub unit: Option<String>,
    /// What it shows beyond its role.
    #[serde(default)]
    #[schema(max_items = 4, example = json!(["restricted:read"]))]
    pub scopes: Option<Vec<Scope>>,
    /// The first day on which it holds, in local time; left out, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-01-01")]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds, in local time; left out, for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-31")]
    pub valid_until: Option<NaiveDate>,
}

/// One role, somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"role": "reporter", "jurisdiction": "09385", "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "scopes": [], "valid_from": "2027-01-01"}))]
pub struct GrantOut {
    /// The role.
    pub role: Role,
    /// The administrative unit that it holds for, with all below it, by official code; a `coordinator`'s of a province or
    /// the country holds for its own plan only.
    pub jurisdiction: String,
    /// The only responsible unit that it holds for, if it is bound to one.
    #[schema(required)]
    pub unit: Option<Ref>,
    /// What it shows beyond its role.
    pub scopes: Vec<Scope>,
    /// The first day on which it holds, in local time; left out if it held at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds, in local time; left out if it holds for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_until: Option<NaiveDate>,
}

impl GrantOut {
    /// The days on which it holds.
    pub(super) fn days(&self) -> Validity {
        Validity { from: self.valid_from, until: self.valid_until }
    }

    /// The input form that it would have been made from.
    pub(super) fn to_input(&self) -> GrantIn {
        GrantIn {
            role: self.role,
            jurisdiction: self.jurisdiction.clone(),
            unit: self.unit.as_ref().map(|u| u.id.clone()),
            scopes: Some(self.scopes.clone()),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        }
    }
}

/// A person as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserIn {
    /// The name to sign in with, unique without regard to case.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$", example = "lan.nguyen")]
    pub username: String,
    /// The name shown to others.
    #[schema(min_length = 1, max_length = 200, example = "Nguyễn Thị Lan")]
    pub display_name: String,
    /// The office held (chức vụ), as papers name it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Phó Chủ tịch")]
    pub position: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schema(max_length = 254, pattern = "^[^@ ]+@[^@ ]+$", example = "lan.nguyen@dongnguyen.example")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default)]
    #[schema(pattern = "^\\+?[0-9][0-9 ().-]{3,30}$", example = "+84 222 3831 234")]
    pub phone: Option<String>,
    /// Whether the person may sign in; true if left out.
    #[serde(default)]
    #[schema(example = true)]
    pub active: Option<bool>,
    /// Whether the password must be changed before anything else; true for a new account if left out.
    #[serde(default)]
    #[schema(example = true)]
    pub must_change_password: Option<bool>,
    /// What the person may do: at least one grant.
    #[schema(max_items = 200)]
    pub grants: Vec<GrantIn>,
}

/// A person who signs in (người dùng).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The name to sign in with, unique without regard to case.
    #[schema(example = "lan.nguyen")]
    pub username: String,
    /// The name shown to others.
    #[schema(example = "Nguyễn Thị Lan")]
    pub display_name: String,
    /// The office held (chức vụ), as papers name it.
    #[schema(required, example = "Phó Chủ tịch")]
    pub position: Option<String>,
    /// E-mail address.
    #[schema(required, example = "lan.nguyen@dongnguyen.example")]
    pub email: Option<String>,
    /// Telephone number.
    #[schema(required, example = "+84 222 3831 234")]
    pub phone: Option<String>,
    /// Whether the person may sign in.
    #[schema(example = true)]
    pub active: bool,
    /// Whether the password must be changed before anything else.
    #[schema(example = false)]
    pub must_change_password: bool,
    /// Whether signing in takes a code of a second factor.
    #[schema(example = true)]
    pub totp: bool,
    /// What the person may do.
    pub grants: Vec<GrantOut>,
    /// The password for the first sign-in. Told once, by the request that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "k7m2p-x9dqr-3wvbn-t5hjc")]
    pub one_time_password: Option<String>,
    /// When the account was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

impl UserOut {
    /// The same with the password that is told once.
    pub(super) fn with_password(self, password: &SecretString) -> Self {
        Self { one_time_password: Some(password.expose_secret().to_owned()), ..self }
    }
}

/// A machine as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientIn {
    /// The name shown to others.
    #[schema(min_length = 1, max_length = 200, example = "so-noi-vu")]
    pub name: String,
    /// Whether it may take a token; true if left out.
    #[serde(default)]
    #[schema(example = true)]
    pub active: Option<bool>,
    /// What it may do: at least one grant.
    #[schema(max_items = 200)]
    pub grants: Vec<GrantIn>,
    /// From when on it no longer counts.
    #[serde(default)]
    pub expires_at: Option<UtcTime>,
    /// The only addresses that it may come from, single ones or ranges such as `10.0.0.0/8`; none allows all.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["203.0.113.0/24"]))]
    pub allowed_addresses: Option<Vec<AddressText>>,
}

/// An address, or a range of addresses in CIDR notation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$", example = "203.0.113.0/24")]
pub struct AddressText(pub String);

/// A machine that signs in (tài khoản máy).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClientOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a72")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The name that it takes a token with.
    #[schema(example = "bdc_k7m2px9dqr3wvbnt5hjc")]
    pub client_id: String,
    /// The secret that it takes a token with. Told once, by the request that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "bds_…")]
    pub client_secret: Option<String>,
    /// The name shown to others.
    #[schema(example = "so-noi-vu")]
    pub name: String,
    /// Whether it may take a token.
    #[schema(example = true)]
    pub active: bool,
    /// What it may do.
    #[schema(example = json!([{"role": "province", "jurisdiction": "24", "unit": null, "scopes": []}]))]
    pub grants: Vec<GrantOut>,
    /// From when on it no longer counts.
    #[schema(required, example = "2027-12-31T17:00:00Z")]
    pub expires_at: Option<UtcTime>,
    /// The only addresses that it may come from; none allows all.
    #[schema(example = json!(["203.0.113.0/24"]))]
    pub allowed_addresses: Vec<String>,
    /// When the account was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

impl ClientOut {
    /// The same with the secret that is told once.
    pub(super) fn with_secret(self, secret: &SecretString) -> Self {
        Self { client_secret: Some(secret.expose_secret().to_owned()), ..self }
    }
}

/// Filters of the lists of accounts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccountFilter {
    /// Accounts whose names, e-mail address or telephone number hold this, without regard to case and marks.
    #[param(max_length = 200, example = "lan")]
    pub q: Option<String>,
    /// Accounts that may sign in, or that may not.
    pub active: Option<bool>,
    /// Accounts with a grant of this role.
    #[param(inline)]
    pub role: Option<Role>,
    /// Accounts with a grant for this administrative unit, by official code; with `role`, both in one grant.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Accounts changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeOut {
    /// The account's id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub id: String,
    /// Person or machine.
    pub kind: Kind,
    /// The name it signs in with; of a machine, its `client_id`.
    #[schema(example = "lan.nguyen")]
    pub username: String,
    /// The name shown to others.
    #[schema(example = "Nguyễn Thị Lan")]
    pub display_name: String,
    /// What it may do, and where.
    pub grants: Vec<GrantOut>,
    /// The `operationId`s of this document that its roles may call somewhere, and its scopes.
    #[schema(example = json!(["list_goals", "submit_report"]))]
    pub permissions: Vec<String>,
    /// Whether the password must be changed before anything else.
    #[schema(example = false)]
    pub must_change_password: bool,
    /// Whether signing in takes a code of a second factor.
    #[schema(example = false)]
    pub totp: bool,
    /// What this caller may do with it now.
    #[serde(rename = "_actions")]
    pub actions: Actions,
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present password.
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub current_password: String,
    /// The new one: 12 to 256 characters, not a common one, not the user name.
    #[schema(min_length = 1, max_length = 1024, format = "password", example = "Hoa sen trong ao 2026")]
    pub new_password: String,
}

/// One sign-in: all tokens that descend from it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a73")]
    pub id: String,
    /// The address signed in from.
    #[schema(example = "203.0.113.9")]
    pub address: String,
    /// What the browser or program said of itself.
    #[schema(required, example = "Mozilla/5.0")]
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: UtcTime,
    /// When tokens were last issued in it.
    pub last_used_at: UtcTime,
    /// When it ends by itself.
    pub expires_at: UtcTime,
    /// Whether this request belongs to it.
    #[schema(example = true)]
    pub current: bool,
}
