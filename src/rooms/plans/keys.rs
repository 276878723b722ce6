//! What other rooms need to know of plans: which one is named, where it belongs, for which years it holds.

use super::content::{PlanContent, TranscriptionNote, ValidationRule};
use crate::db::schema::plans;
use crate::db::{self, Conn};
use crate::problem::{FieldError, Place, Problem, Result, codes};
use crate::reading::references::Scope;
use crate::values::id::PlanId;
use diesel::prelude::*;
use std::collections::HashMap;

pub use crate::reading::references::PlanKey;

/// The codes of these plans by id: without asking where one plan was named, so that they are all of it.
///
/// # Errors
/// If the database fails.
pub fn codes_of<'a>(c: &mut Conn, named: Option<&PlanKey>, ids: impl Iterator<Item = &'a PlanId>) -> Result<HashMap<PlanId, String>> {
    if let Some(plan) = named {
        return Ok(HashMap::from([(plan.id.clone(), plan.code.clone())]));
    }
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
    Ok(plans::table.find(id).select(PlanKey::as_select()).first(c).optional()?.ok_or(codes::NOT_FOUND)?)
}

/// The plan of a row, which stays the row's: `named` is what its body says of it, and is the plan's id then.
///
/// # Errors
/// 422 `reference.unknown` if it names no plan, `field.immutable` if another one.
pub fn unmoved(c: &mut Conn, id: &PlanId, named: &mut String) -> Result<PlanKey> {
    let plan = find_key(c, id)?;
    same_plan(c, &plan, named)?;
    Ok(plan)
}

/// The same where the row's plan is at hand: without a statement where nothing is wrong.
///
/// # Errors
/// As [`unmoved`].
pub fn same_plan(c: &mut Conn, plan: &PlanKey, named: &mut String) -> Result<()> {
    if plan.code != *named && !plan.id.as_str().eq_ignore_ascii_case(named) {
        Scope::default().all::<PlanKey>(c, named, &Place::body("/plan"))?;
        return Err(Problem::invalid(vec![FieldError::fixed("plan")]).into());
    }
    plan.id.as_str().clone_into(named);
    Ok(())
}

/// The codes of a plan's sources of money, by which its tasks' budgets name them.
///
/// # Errors
/// 404.
pub fn budget_source_codes(c: &mut Conn, id: &PlanId) -> Result<Vec<String>> {
    let content: String = plans::table.find(id).select(plans::content).first(c)?;
    let content: PlanContent = db::from_json(&content)?;
    Ok(content.budget_sources.into_iter().map(|s| s.code).collect())
}

/// The rules of a plan that tie figures of one report together.
///
/// # Errors
/// 404.
pub fn validation_rules(c: &mut Conn, id: &PlanId) -> Result<Vec<ValidationRule>> {
    content(c, id).map(|content| content.validation_rules)
}

/// The slips of a plan's text, and what is to be said of them.
///
/// # Errors
/// 404.
pub fn transcription_notes(c: &mut Conn, id: &PlanId) -> Result<Vec<TranscriptionNote>> {
    content(c, id).map(|content| content.transcription_notes)
}

fn content(c: &mut Conn, id: &PlanId) -> Result<PlanContent> {
    let content: String = plans::table.find(id).select(plans::content).first(c)?;
    db::from_json(&content)
}

/// The plans with these ids, as far as there are any.
///
/// # Errors
/// If the database fails.
pub fn find_keys(c: &mut Conn, ids: &[PlanId]) -> Result<Vec<PlanKey>> {
    Ok(plans::table.filter(plans::id.eq_any(ids)).order(plans::id).select(PlanKey::as_select()).load(c)?)
}

/// The plans in force, oldest first.
///
/// # Errors
/// If the database fails.
pub fn active(c: &mut Conn) -> Result<Vec<PlanKey>> {
    Ok(plans::table.filter(plans::status.eq("active")).order((plans::created_at, plans::id)).select(PlanKey::as_select()).load(c)?)
}
