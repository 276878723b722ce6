//! What is done with units.

use super::keys::{self, UnitKey};
use super::rules;
use super::table::line::{self, Line};
use super::table::{self, Group, Referrers, UnitRow};
use super::wire::{UnitFilter, UnitIn, UnitOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Named, Scope};
use crate::rooms::amendments;
use crate::values::id::{AmendmentId, UnitId};

/// A page of units.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &UnitFilter, paging: &Paging) -> Result<Page<UnitOut>> {
    let window = table::window(paging)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let parents = scope.filter::<UnitKey>(c, filter.parent.as_deref(), "parent")?;
    let page = table::page(c, &window, filter, &scope, parents.as_ref())?;
    let groups = keys::references(c, page.items.iter().filter_map(|u| u.parent_id.as_ref()))?;
    let mut lines = line::of(c, &page.items.iter().map(|u| &u.id).collect::<Vec<_>>())?;
    page.try_map(|row| {
        let group = row.parent_id.as_ref().and_then(|id| groups.get(id)).map(|r| r.code.as_str());
        let line = lines.remove(&row.id).unwrap_or_default();
        row.into_out(group, line)
    })
}

/// The units of a jurisdiction in the plan's order, without who came before and after them.
///
/// # Errors
/// If the database fails.
pub fn list_of_jurisdiction(c: &mut Conn, jurisdiction: &str) -> Result<Vec<UnitOut>> {
    let rows = table::of_jurisdiction(c, jurisdiction)?;
    rows.into_iter().map(|(row, group)| row.into_out(group.as_deref(), Line::default())).collect()
}

/// One unit, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &UnitId) -> Result<UnitOut> {
    let (row, group) = table::find(c, id)?;
    let referrers = table::referrers(c, id)?;
    with_actions(c, actor, row, group.as_deref(), &referrers)
}

/// Adds a unit to a jurisdiction.
///
/// # Errors
/// 422 for an unknown jurisdiction or group, 403 without the right, 409 if a code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &UnitIn) -> Result<UnitOut> {
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    may_edit(actor, &input.jurisdiction)?;
    let group = checked_group(c, input, None, 0)?;
    let mut row = UnitRow::new(input, group.as_ref(), actor.now)?;
    row.amendment_id = amended_by(c, input, None)?;
    agency_code_is_free(c, &row.id, input.agency_code.as_deref())?;
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    // Nothing can refer to it yet.
    with_actions(c, actor, row, group.as_ref().map(|g| g.code.as_str()), &Referrers::default())
}

/// Changes a unit.
///
/// # Errors
/// 404, 403, 412, 409 if a code is taken, or `unit.dissolved` for the last day of one that is dissolved, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected, patch: &Patch<UnitIn>) -> Result<UnitOut> {
    let (mut row, mut group_code) = begin(c, actor, id, expected)?;
    let referrers = table::referrers(c, id)?;
    let before = row.clone().into_out(group_code.as_deref(), Line::default())?.to_input();
    let after = patch.merge(&before)?;
    let order_before = row.plan_order.clone();
    let decide = |c: &mut Conn, row: &mut UnitRow, after: &mut UnitIn| {
        if after.jurisdiction != before.jurisdiction {
            return Err(Problem::invalid(vec![FieldError::fixed("jurisdiction")]).into());
        }
        let group = checked_group(c, after, row.parent_id.as_ref(), referrers.members.unwrap_or_default())?;
        if after.agency_code != before.agency_code {
            agency_code_is_free(c, id, after.agency_code.as_deref())?;
        }
        row.amendment_id = amended_by(c, after, row.amendment_id.as_ref())?;
        let takes_back = after.valid_until != before.valid_until && referrers.dissolutions != Some(0);
        if takes_back {
            may_take_back(c, id)?;
        }
        row.fill(after, group.as_ref(), actor.now)?;
        after.parent = row.parent_id.as_ref().map(|parent| parent.as_str().to_owned());
        group_code = group.map(|g| g.code);
        Ok(takes_back)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, takes_back| {
        table::update(w, row)?;
        if takes_back {
            line::delete(w, id)?;
        }
        if row.plan_order == order_before { Ok(()) } else { table::move_members(w, id, &order_before, &row.plan_order) }
    })?;
    with_actions(c, actor, row, group_code.as_deref(), &referrers)
}

/// The amendment of a plan of its jurisdiction that a unit names.
fn amended_by(c: &mut Conn, input: &UnitIn, before: Option<&AmendmentId>) -> Result<Option<AmendmentId>> {
    amendments::named(c, &Scope::of_jurisdiction(&input.jurisdiction), input.amendment.as_deref(), before)
}

/// Deletes a unit that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `unit.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected) -> Result<()> {
    let (row, group) = begin(c, actor, id, expected)?;
    unused(&table::referrers(c, id)?)?;
    let before = row.clone().into_out(group.as_deref(), Line::default())?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected) -> Result<(UnitRow, Option<String>)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(c: &mut Conn, actor: &Actor, row: UnitRow, group_code: Option<&str>, referrers: &Referrers) -> Result<UnitOut> {
    let edit = || may_edit(actor, &row.jurisdiction);
    let dissolving = referrers.dissolutions.unwrap_or_default() > 0;
    let dissolve = edit().and_then(|()| if dissolving { Err(codes::UNIT_DISSOLVED.into()) } else { Ok(()) });
    let actions = Actions::of_editing(actor, edit, || unused(referrers))?.with(actor, "dissolve", dissolve)?;
    let follows = referrers.predecessors.unwrap_or_default() > 0;
    let line = if dissolving || follows { line::of_one(c, &row.id)? } else { Line::default() };
    Ok(UnitOut { actions: Some(actions), ..row.into_out(group_code, line)? })
}

/// A dissolution is taken back while it lies ahead.
///
/// # Errors
/// 409 `unit.dissolved`.
fn may_take_back(c: &mut Conn, id: &UnitId) -> Result<()> {
    match line::dissolution(c, id)? {
        Some(dissolution) if dissolution.done_at.is_some() => Err(codes::UNIT_DISSOLVED.into()),
        _ => Ok(()),
    }
}

fn unused(referrers: &Referrers) -> Result<()> {
    let counts = [
        ("members", referrers.members),
        ("indicators", referrers.indicators),
        ("task_assignments", referrers.task_assignments),
        ("grants", referrers.grants),
        ("reporting_periods", referrers.reporting_periods),
        ("extensions", referrers.extensions),
        ("reports", referrers.reports),
        ("predecessors", referrers.predecessors),
    ];
    db::in_use(codes::UNIT_IN_USE, &counts)
}

/// The group that an input names, kept from ceasing to be one until this transaction ends, and checked against the other
/// units: `present` is the group it is in, `members` how many units name this one.
///
/// # Errors
/// 422.
fn checked_group(c: &mut Conn, input: &UnitIn, present: Option<&UnitId>, members: i64) -> Result<Option<Group>> {
    let mut faults = Faults::default();
    let group = faults.keep(group(c, input, present))?.flatten();
    if let Some(fault) = rules::membership(input, group.as_ref().map(|g| g.is_group), members) {
        faults.add(fault);
    }
    if let Some(fault) = rules::days(input.valid_from, input.valid_until) {
        faults.add(fault);
    }
    faults.check()?;
    Ok(group)
}

fn group(c: &mut Conn, input: &UnitIn, present: Option<&UnitId>) -> Result<Option<Group>> {
    let Some(named) = &input.parent else { return Ok(None) };
    if let Some(present) = present.filter(|id| id.as_str() == named) {
        return table::lock_group(c, present).map(Some);
    }
    let found = Scope::of_jurisdiction(&input.jurisdiction).one::<UnitKey>(c, named, &Place::body("/parent"))?;
    table::lock_group(c, &found.id).map(Some)
}

/// Tells a taken agency code apart from a taken code; the database decides in the end.
fn agency_code_is_free(c: &mut Conn, id: &UnitId, agency_code: Option<&str>) -> Result<()> {
    let Some(agency_code) = agency_code else { return Ok(()) };
    if !table::has_agency_code(c, agency_code, id)? {
        return Ok(());
    }
    Err(Problem::new(codes::CODE_TAKEN)
        .with_faults(vec![FieldError::new("/agency_code", codes::CODE_TAKEN).saying(
            format!("Mã định danh cơ quan «{agency_code}» đã được một đơn vị khác dùng. Hãy kiểm tra lại mã."),
            format!("Another unit has the agency code '{agency_code}'. Check it."),
        )])
        .into())
}
