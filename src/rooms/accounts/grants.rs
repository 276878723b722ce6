//! Grants: which an account is to have, and how they are kept.

use super::rules;
use super::wire::{GrantIn, GrantOut, Scope};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::auth::store::reach_of_grant;
use crate::auth::validity::Validity;
use crate::change::{self, Event, Write};
use crate::db::schema::{accounts, grants, jurisdictions, units};
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::references::{self, JurisdictionKey, UnitKey};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, UnitId};
use crate::values::period::today_local;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;
use std::collections::HashMap;

/// A grant whose references were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub role: Role,
    pub jurisdiction: String,
    unit: Option<UnitId>,
    scopes: Vec<Scope>,
    days: Validity,
}

/// The grants that an account is to have in place of those `before`, if the caller may give them. An account without any,
/// as there were once, may stay so while something else is changed.
///
/// # Errors
/// 422 with all that is wrong: no grant at all, unknown references, the same grant twice; 403 above the caller's reach, and
/// for the scope `restricted:read` that somebody would give himself: another has to.
pub(super) fn wanted(c: &mut Conn, actor: &Actor, account: Option<(&AccountId, &[GrantOut])>, input: &[GrantIn]) -> Result<Vec<Resolved>> {
    let before = account.map_or(&[][..], |(_, grants)| grants);
    if input.is_empty() && (account.is_none() || !before.is_empty()) {
        return Err(Problem::at("/grants", codes::GRANT_REQUIRED).into());
    }
    let wanted = resolve(c, input)?;
    manageable(actor, &wanted.iter().map(|g| g.jurisdiction.clone()).collect::<Vec<_>>())?;
    let own = account.is_some_and(|(id, _)| actor.caller.as_ref().is_some_and(|caller| caller.id == *id));
    let new_scope = |g: &Resolved| !g.scopes.is_empty() && !before.iter().any(|old| g.within(old));
    if own && wanted.iter().any(new_scope) {
        return Err(Problem::new(codes::ACCESS_DENIED)
            .saying(
                "Không ai tự cấp cho mình quyền xem số liệu hạn chế («restricted:read»). Hãy nhờ một quản trị viên khác cấp.",
                "Nobody gives himself the scope restricted:read. Ask another administrator for it.",
            )
            .into());
    }
    Ok(wanted)
}

impl Resolved {
    /// As it is written, its references by their ids.
    pub fn to_input(&self) -> GrantIn {
        GrantIn {
            role: self.role,
            jurisdiction: self.jurisdiction.clone(),
            unit: self.unit.as_ref().map(|unit| unit.as_str().to_owned()),
            scopes: Some(self.scopes.clone()),
            valid_from: self.days.from,
            valid_until: self.days.until,
        }
    }

    /// Whether it is this very grant.
    fn is(&self, old: &GrantOut) -> bool {
        self.within(old) && self.scopes.len() == old.scopes.len() && self.days == old.days()
    }

    /// Whether an account with this grant already may all that this one allows.
    fn within(&self, old: &GrantOut) -> bool {
        let unit = old.unit.as_ref().map(|unit| unit.id.as_str());
        (old.role, &old.jurisdiction, unit) == (self.role, &self.jurisdiction, self.unit.as_ref().map(UnitId::as_str))
            && self.scopes.iter().all(|scope| old.scopes.contains(scope))
            && self.days.within(old.days())
    }

    /// Whether it is a grant of the same role, held at the same time.
    fn repeats(&self, other: &Self) -> bool {
        (self.role, &self.jurisdiction, &self.unit) == (other.role, &other.jurisdiction, &other.unit) && self.days.meets(other.days)
    }

    /// The role and where it is held, of one that lasts.
    pub fn lasting(&self, now: UtcTime) -> Option<(Role, String)> {
        self.days.lasts(now).then(|| (self.role, self.jurisdiction.clone()))
    }

    /// Whether it lets an account read figures: an administrator's does so by its scope alone.
    fn reads_figures(&self) -> bool {
        self.role != Role::Admin || !self.scopes.is_empty()
    }
}

/// Notes in the audit trail, beside the event of the account itself, each grant by which it reads figures and which it had
/// not `before`.
///
/// # Errors
/// If the database fails.
pub(super) fn note_added(c: &mut Conn, actor: &Actor, of: &Event<'_>, before: &[GrantOut], wanted: &[Resolved]) -> Result<()> {
    for grant in wanted.iter().filter(|g| g.reads_figures() && !before.iter().any(|old| g.within(old))) {
        let added = json!(grant.to_input());
        let event = Event::new("grant.added", of.resource, of.id, of.version, of.jurisdiction).change(None, Some(added));
        change::note(c, actor, change::RecordedActor::of(actor), &event)?;
    }
    Ok(())
}

/// Finds the references of grants as they are written.
///
/// # Errors
/// 422 with all that is wrong: unknown references, the same grant twice.
fn resolve(c: &mut Conn, wanted: &[GrantIn]) -> Result<Vec<Resolved>> {
    let named: Vec<&str> = wanted.iter().map(|g| g.jurisdiction.as_str()).collect();
    let mut faults = Faults::default();
    let known = references::Scope::default().each::<JurisdictionKey>(c, &named, |n| format!("/grants/{n}/jurisdiction"), &mut faults)?;
    let mut found: Vec<Resolved> = Vec::with_capacity(wanted.len());
    for (n, (grant, known)) in wanted.iter().zip(known).enumerate() {
        if known.is_none() {
            continue;
        }
        let unit = match &grant.unit {
            None => None,
            Some(named) => faults.keep(unit(c, named, grant, &Place::body(format!("/grants/{n}/unit"))))?,
        };
        let mut scopes = grant.scopes.clone().unwrap_or_default();
        scopes.sort_unstable();
        scopes.dedup();
        let days = Validity { from: grant.valid_from, until: grant.valid_until };
        if days.from.zip(days.until).is_some_and(|(first, last)| last < first) {
            faults.add(FieldError::new(format!("/grants/{n}/valid_until"), codes::FIELD_VALUE).saying(
                "Ngày cuối không được trước ngày đầu. Hãy sửa một trong hai.",
                "The last day cannot lie before the first. Mend one of them.",
            ));
        }
        let grant = Resolved { role: grant.role, jurisdiction: grant.jurisdiction.clone(), unit, scopes, days };
        if found.iter().any(|g| g.repeats(&grant)) {
            faults.add(
                FieldError::new(format!("/grants/{n}"), codes::FIELD_CONFLICT)
                    .saying("Quyền này xuất hiện hai lần. Hãy giữ lại một dòng.", "This grant stands here twice. Keep one of them."),
            );
        }
        found.push(grant);
    }
    faults.check()?;
    Ok(found)
}

fn unit(c: &mut Conn, named: &str, grant: &GrantIn, place: &Place) -> Result<UnitId> {
    let reach = reach_of_grant(c, grant.role, &grant.jurisdiction)?;
    Ok(references::Scope::of_reach(&grant.jurisdiction, &reach).one::<UnitKey>(c, named, place)?.id)
}

/// Whether these are the grants that an account has, in the same order.
pub(super) fn same(wanted: &[Resolved], before: &[GrantOut]) -> bool {
    wanted.len() == before.len() && wanted.iter().zip(before).all(|(new, old)| new.is(old))
}

/// Gives an account these grants in place of those it has.
///
/// # Errors
/// If the database fails.
pub(super) fn replace(w: &mut Write<'_>, account: &AccountId, wanted: &[Resolved]) -> Result<()> {
    diesel::delete(grants::table.filter(grants::account_id.eq(account))).execute(w.conn())?;
    insert(w, account, wanted)
}

/// Gives a new account its grants.
///
/// # Errors
/// If the database fails.
pub(super) fn insert(w: &mut Write<'_>, account: &AccountId, wanted: &[Resolved]) -> Result<()> {
    for (position, grant) in (0_i32..).zip(wanted) {
        diesel::insert_into(grants::table)
            .values((
                grants::id.eq(uuid::Uuid::now_v7().to_string()),
                grants::account_id.eq(account),
                grants::role.eq(grant.role.as_str()),
                grants::jurisdiction.eq(&grant.jurisdiction),
                grants::unit_id.eq(grant.unit.as_ref()),
                grants::scopes.eq(db::to_json(&grant.scopes)?),
                grants::position.eq(position),
                grants::valid_from.eq(grant.days.from),
                grants::valid_until.eq(grant.days.until),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}

/// The grants of these accounts, each account's in its order.
///
/// # Errors
/// If the database fails.
pub(super) fn of_accounts(c: &mut Conn, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<GrantOut>>> {
    type Days = (Option<NaiveDate>, Option<NaiveDate>);
    type Row = (AccountId, String, String, Option<(UnitId, String)>, String, Days);
    let rows: Vec<Row> = grants::table
        .left_join(units::table)
        .filter(grants::account_id.eq_any(accounts))
        .order((grants::account_id, grants::position))
        .select((
            grants::account_id,
            grants::role,
            grants::jurisdiction,
            (units::id, units::code).nullable(),
            grants::scopes,
            (grants::valid_from, grants::valid_until),
        ))
        .load(c)?;
    let mut by_account: HashMap<AccountId, Vec<GrantOut>> = HashMap::new();
    for (account, role, jurisdiction, unit, scopes, (valid_from, valid_until)) in rows {
        let role = Role::parse(&role).ok_or_else(|| Error::internal("a grant with an unknown role"))?;
        let unit = unit.map(|(id, code)| Ref::new(id, code));
        let scopes = db::from_json(&scopes)?;
        by_account.entry(account).or_default().push(GrantOut { role, jurisdiction, unit, scopes, valid_from, valid_until });
    }
    Ok(by_account)
}

/// The grants of one account.
///
/// # Errors
/// If the database fails.
pub(super) fn of_account(c: &mut Conn, account: &AccountId) -> Result<Vec<GrantOut>> {
    Ok(of_accounts(c, std::slice::from_ref(account))?.remove(account).unwrap_or_default())
}

/// Whether the caller may manage an account with grants for these jurisdictions.
///
/// # Errors
/// 403.
pub(super) fn manageable(actor: &Actor, jurisdictions: &[String]) -> Result<()> {
    rules::manages(&actor.reach(&[Role::Admin]), jurisdictions)
}

/// Goes on only if each of these jurisdictions still has an active administrator of whom `account` is not one: a person
/// with a grant for it or for one above it that lasts.
///
/// # Errors
/// 409 `user.last_admin`.
pub(super) fn others_administer(c: &mut Conn, account: &AccountId, lost: &[&str], now: UtcTime) -> Result<()> {
    if lost.is_empty() {
        return Ok(());
    }
    let others = grants::table
        .inner_join(accounts::table)
        .filter(grants::role.eq(Role::Admin.as_str()))
        .filter(grants::valid_until.is_null())
        .filter(grants::valid_from.is_null().or(grants::valid_from.assume_not_null().le(today_local(now))))
        .filter(accounts::kind.eq("user").and(accounts::active.eq(true)).and(accounts::id.ne(account)))
        .select(grants::jurisdiction);
    // The tree has three levels: a ward is administered from itself, its province or the country, and so is a province.
    let administered: Vec<(String, String)> = jurisdictions::table
        .filter(jurisdictions::code.eq_any(others).or(jurisdictions::parent.assume_not_null().eq_any(others)))
        .select((jurisdictions::code, jurisdictions::level))
        .load(c)?;
    let covers = |lost: &str| administered.iter().any(|(code, level)| code == lost || level == "country");
    if lost.iter().all(|lost| covers(lost)) { Ok(()) } else { Err(codes::LAST_ADMIN.into()) }
}
