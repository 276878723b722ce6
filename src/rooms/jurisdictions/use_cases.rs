//! What is done with administrative units.

use super::rules;
use super::table::line::{self, Line};
use super::table::{self, JurisdictionRow, Referrers, parents};
use super::wire::{JurisdictionFilter, JurisdictionIn, JurisdictionLevel, JurisdictionOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::values::days::Days;
use crate::values::id::JurisdictionId;
use std::collections::HashMap;

/// A page of administrative units.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &JurisdictionFilter, paging: &Paging) -> Result<Page<JurisdictionOut>> {
    let window = table::window(paging)?;
    if let Some(parent) = &filter.parent {
        Scope::default().one::<JurisdictionKey>(c, parent, &Place::query("parent"))?;
    }
    let page = table::page(c, &window, filter)?;
    let moved: Vec<&str> = page.items.iter().filter(|row| row.parent_from.is_some()).map(|row| row.code.as_str()).collect();
    let mut former = if moved.is_empty() { HashMap::new() } else { parents::of(c, &moved)? };
    let mut lines = line::of(c, &page.items.iter().map(|row| row.code.as_str()).collect::<Vec<_>>())?;
    page.try_map(|row| {
        let former = former.remove(&row.code).unwrap_or_default();
        let line = lines.remove(&row.code).unwrap_or_default();
        row.into_out(former, line)
    })
}

/// One administrative unit, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &JurisdictionId) -> Result<JurisdictionOut> {
    let row = table::find(c, id)?;
    with_actions(c, actor, row)
}

/// Adds an administrative unit below one that the caller looks after.
///
/// # Errors
/// 422 for a wrong place in the tree, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &JurisdictionIn) -> Result<JurisdictionOut> {
    may_edit(actor, &input.code, input.parent.as_deref())?;
    check(c, input)?;
    let row = JurisdictionRow::new(input, actor.now);
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    with_actions(c, actor, row)
}

/// Changes an administrative unit. Code and level stay: others know it by the one, and the tree rests on the other.
///
/// # Errors
/// 404, 403, 412, 422; `field.required` without the day of a move where something was sent; 409 `jurisdiction.dissolved` for the last
/// day of one that is dissolved.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    id: &JurisdictionId,
    expected: &Expected,
    patch: &Patch<JurisdictionIn>,
) -> Result<JurisdictionOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = row.clone().into_out(Vec::new(), Line::default())?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut JurisdictionRow, after: &mut JurisdictionIn| {
        stays_in_place(c, &before, after)?;
        if let (true, Some(parent)) = (after.parent != before.parent, &after.parent) {
            // Grants for the new parent will hold here.
            actor.must(&[Role::Admin], parent)?;
        }
        let moves = after.parent != before.parent;
        let unknown = moves && after.parent_from == before.parent_from && table::has_sent(c, &row.code)?;
        rules::moves(&before, after, unknown)?;
        let takes_back = after.valid_until != before.valid_until && takes_back(c, &row.code)?;
        row.fill(after);
        let from = after.parent_from.filter(|_| moves && after.parent_from != before.parent_from);
        Ok((before.parent.as_deref().zip(from.and_then(|from| from.pred_opt())), takes_back))
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, (former, takes_back)| {
        table::update(w, row)?;
        if takes_back {
            line::delete(w, &row.code)?;
        }
        former.map_or(Ok(()), |(parent, until)| parents::insert(w, &row.code, parent, before.parent_from, until))
    })?;
    with_actions(c, actor, row)
}

/// Deletes an administrative unit that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `jurisdiction.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &JurisdictionId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(&table::referrers(c, &row.code)?)?;
    let before = row.clone().into_out(Vec::new(), Line::default())?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &JurisdictionId, expected: &Expected) -> Result<JurisdictionRow> {
    let allowed = |_: &mut Conn, row: &JurisdictionRow| may_edit(actor, &row.code, row.parent.as_deref());
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), allowed)
}

/// An administrator of a unit looks after it and all below it. The parent is asked too: what is new below it is not yet
/// in the caller's reach, which was read when the request came.
pub(super) fn may_edit(actor: &Actor, code: &str, parent: Option<&str>) -> Result<()> {
    match parent {
        Some(parent) if actor.may(&[Role::Admin], parent) => Ok(()),
        _ => actor.must(&[Role::Admin], code),
    }
}

fn with_actions(c: &mut Conn, actor: &Actor, row: JurisdictionRow) -> Result<JurisdictionOut> {
    let edit = || may_edit(actor, &row.code, row.parent.as_deref());
    let referrers = table::referrers(c, &row.code)?;
    let dissolving = referrers.dissolutions.unwrap_or_default() > 0;
    let dissolve = edit().and_then(|()| if dissolving { Err(codes::JURISDICTION_DISSOLVED.into()) } else { Ok(()) });
    let actions = Actions::of_editing(actor, edit, || unused(&referrers))?.with(actor, "dissolve", dissolve)?;
    let follows = referrers.predecessors.unwrap_or_default() > 0;
    let line = if dissolving || follows { line::of_one(c, &row.code)? } else { Line::default() };
    let former = match row.parent_from {
        Some(_) => parents::of(c, &[&row.code])?.remove(&row.code).unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(JurisdictionOut { actions: Some(actions), ..row.into_out(former, line)? })
}

fn unused(referrers: &Referrers) -> Result<()> {
    let counts = [
        ("jurisdictions", referrers.below),
        ("plans", referrers.plans),
        ("units", referrers.units),
        ("grants", referrers.grants),
        ("former_jurisdictions", referrers.former),
        ("predecessors", referrers.predecessors),
    ];
    db::in_use(codes::JURISDICTION_IN_USE, &counts)
}

/// Whether another last day takes a dissolution back, which is possible while it lies ahead.
///
/// # Errors
/// 409 `jurisdiction.dissolved`.
fn takes_back(c: &mut Conn, code: &str) -> Result<bool> {
    match line::dissolution(c, code)? {
        Some(found) if found.done_at.is_some() => Err(rules::dissolved_already(code, found.dissolves_on, true)),
        found => Ok(found.is_some()),
    }
}

/// Checks an input against the tree.
fn check(c: &mut Conn, input: &JurisdictionIn) -> Result<()> {
    let mut faults = Faults::default();
    let parent = match &input.parent {
        Some(parent) => faults.keep(Scope::default().one::<JurisdictionKey>(c, parent, &Place::body("/parent")))?,
        None => None,
    };
    if let Some(fault) = rules::days(Days::new(input.valid_from, input.valid_until)) {
        faults.add(fault);
    }
    rules::check(input, parent.and_then(|parent| JurisdictionLevel::parse(&parent.level)), faults)
}

fn stays_in_place(c: &mut Conn, before: &JurisdictionIn, after: &JurisdictionIn) -> Result<()> {
    let mut faults = Faults::default();
    if after.code != before.code {
        faults.add(FieldError::fixed("code"));
    }
    if after.level != before.level {
        faults.add(FieldError::fixed("level"));
    }
    if faults.is_empty() {
        faults.keep(check(c, after))?;
    }
    faults.check()
}
