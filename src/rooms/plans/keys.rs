//! What other rooms need to know of plans: which one is named, where it belongs, for which years it holds.

use crate::db::Conn;
use crate::db::schema::plans;
use crate::problem::{Place, Problem, Result, codes};
use crate::values::id::{PlanId, looks_like_id};
use diesel::prelude::*;
use std::collections::HashMap;

/// What other rooms need to know of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct PlanKey {
    /// Its id.
    pub id: PlanId,
    /// Its code.
    pub code: String,
    /// Its jurisdiction, by official code.
    pub jurisdiction: String,
    /// First year.
    pub start_year: i32,
    /// Last year.
    pub end_year: i32,
    /// `draft`, `active` or `closed`.
    pub status: String,
}

type KeyColumns = (plans::id, plans::code, plans::jurisdiction, plans::start_year, plans::end_year, plans::status);
const KEY: KeyColumns = (plans::id, plans::code, plans::jurisdiction, plans::start_year, plans::end_year, plans::status);

/// The plan that a text names, by id or code.
///
/// # Errors
/// `reference.unknown` or `reference.ambiguous` at its place.
pub fn resolve(c: &mut Conn, named: &str, place: &Place) -> Result<PlanKey> {
    let query = plans::table.select(KEY).into_boxed();
    let query =
        if looks_like_id(named) { query.filter(plans::id.eq(named.to_ascii_lowercase())) } else { query.filter(plans::code.eq(named)) };
    let mut found: Vec<PlanKey> = query.limit(2).load(c)?;
    match (found.pop(), found.is_empty()) {
        (Some(plan), true) => Ok(plan),
        (Some(_), false) => Err(place.ambiguous().into()),
        (None, _) => Err(place.unknown().into()),
    }
}

/// The same where naming one is optional.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_opt(c: &mut Conn, named: Option<&str>, place: &Place) -> Result<Option<PlanKey>> {
    named.map(|named| resolve(c, named, place)).transpose()
}

/// The plan of a row that is to name it as `after` and named it as `before`: rows stay in their plan. `after` is its id then.
///
/// # Errors
/// 422 `field.immutable` or `reference.unknown` at `/plan`.
pub fn unmoved(c: &mut Conn, plan: &PlanId, before: &str, after: &mut String) -> Result<PlanKey> {
    let named = if before == after.as_str() { find_key(c, plan)? } else { resolve(c, after, &Place::body("/plan"))? };
    if named.id != *plan {
        return Err(Problem::at("/plan", codes::FIELD_IMMUTABLE).into());
    }
    named.id.as_str().clone_into(after);
    Ok(named)
}

/// The codes of these plans by id.
///
/// # Errors
/// If the database fails.
pub fn codes_of<'a>(c: &mut Conn, ids: impl Iterator<Item = &'a PlanId>) -> Result<HashMap<PlanId, String>> {
    let mut ids: Vec<&PlanId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(plans::table.filter(plans::id.eq_any(ids)).select((plans::id, plans::code)).load(c)?.into_iter().collect())
}

/// A code from [`codes_of`].
#[must_use]
pub fn code_in<'a>(codes: &'a HashMap<PlanId, String>, id: &PlanId) -> &'a str {
    codes.get(id).map_or("", String::as_str)
}

/// The plan with this id.
///
/// # Errors
/// 404.
pub fn find_key(c: &mut Conn, id: &PlanId) -> Result<PlanKey> {
    Ok(plans::table.find(id).select(KEY).first(c).optional()?.ok_or(codes::NOT_FOUND)?)
}

/// The plans with these ids, as far as there are any.
///
/// # Errors
/// If the database fails.
pub fn find_keys(c: &mut Conn, ids: &[PlanId]) -> Result<Vec<PlanKey>> {
    Ok(plans::table.filter(plans::id.eq_any(ids)).order(plans::id).select(KEY).load(c)?)
}

/// The plans in force, oldest first.
///
/// # Errors
/// If the database fails.
pub fn active(c: &mut Conn) -> Result<Vec<PlanKey>> {
    Ok(plans::table.filter(plans::status.eq("active")).order((plans::created_at, plans::id)).select(KEY).load(c)?)
}
