//! What is done with indicators.

use super::table::links::Links;
use super::table::{self, FoundFilter, IndicatorRow, Parents, Referrers};
use super::wire::{IndicatorFilter, IndicatorIn, IndicatorOut};
use super::written::{self, WrittenIndicator};
use super::{links, rules};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PlanIndicatorKey, Scope, UnitKey};
use crate::rooms::indicators::definition::Definition;
use crate::rooms::indicators::dimension;
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::IndicatorId;

/// A page of indicators.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, actor: &Actor, filter: &IndicatorFilter, paging: &Paging) -> Result<Page<WrittenIndicator>> {
    let window = table::window(paging)?;
    let found = found(c, filter)?;
    let page = table::page(c, &window, filter, &found)?;
    let written = written::each(c, actor, page.items.iter().map(|row| (row.id.as_str(), row.jurisdiction.as_str())).collect())?;
    let lost = || Error::internal("an indicator that was there a moment ago");
    page.try_map(|row| written.get(row.id.as_str()).cloned().map(WrittenIndicator).ok_or_else(lost))
}

fn found(c: &mut Conn, filter: &IndicatorFilter) -> Result<FoundFilter> {
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    Ok(FoundFilter {
        goals: Goals::read(c, &scope, filter.goal.as_deref(), filter.field.as_deref())?,
        printed: scope.filter::<PlanIndicatorKey>(c, filter.plan_indicator.as_deref(), "plan_indicator")?,
        units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?,
        scope,
    })
}

/// The indicators of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<IndicatorOut>> {
    let rows = table::of_plan(c, &plan.id)?;
    let ids: Vec<&IndicatorId> = rows.iter().map(|(row, _)| &row.id).collect();
    let mut linked = table::links::of(c, &ids)?;
    rows.into_iter()
        .map(|(row, parents)| {
            let links = linked.remove(&row.id).unwrap_or_default();
            row.into_out(&parents, links)
        })
        .collect()
}

/// One indicator, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &IndicatorId) -> Result<IndicatorOut> {
    let (row, parents) = table::find(c, id)?;
    let links = links_of(c, id)?;
    with_actions(actor, row, &parents, links, || table::referrers(c, id).and_then(|found| unused(&found)))
}

/// Adds an indicator to a plan, and its printed target if it names none and none has its code.
///
/// # Errors
/// 422 for what does not go together or is unknown, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &IndicatorIn) -> Result<IndicatorOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    may_edit(actor, &plan.jurisdiction)?;
    let (definition, found) = check(c, &plan, input, None)?;
    let parents = found.parents(c, actor, &plan, input)?;
    let row = IndicatorRow::new(&parents, input, &definition, actor.now)?;
    change::create(c, actor, &row, input, |w| {
        table::insert(w, &row)?;
        table::definitions::insert(w, actor, &row, &found.links.dimensions)?;
        table::links::insert(w, &row.id, &found.links)
    })?;
    // Nothing can refer to it yet.
    with_actions(actor, row, &parents, found.links, || Ok(()))
}

/// Checks an input as a whole, so that it is refused once with all its faults.
fn check(c: &mut Conn, plan: &PlanKey, input: &IndicatorIn, before: Option<(&Parents, &Links)>) -> Result<(Definition, links::Found)> {
    let mut faults = Faults::default();
    let found = links::find(c, plan, input, before, &mut faults)?;
    let definition = rules::definition(input);
    rules::coherent(&definition, rules::frequency(input), &mut faults);
    faults.check()?;
    Ok((definition, found))
}

/// What a change does to the definition that figures are read under.
enum DefinitionChange {
    None,
    /// No figure was computed under it.
    Corrected,
    NewVersion,
}

/// Changes an indicator. A change of its meaning after figures exist makes a new version of its definition.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, a dimension with data would be lost or figures would be uncovered, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected, patch: &Patch<IndicatorIn>) -> Result<IndicatorOut> {
    let (mut row, mut parents) = begin(c, actor, id, expected)?;
    let mut links = links_of(c, id)?;
    let referrers = table::referrers(c, id)?;
    let before = row.clone().into_out(&parents, links.clone())?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut IndicatorRow, after: &mut IndicatorIn| {
        plans::same_plan(c, &parents.plan, &mut after.plan)?;
        let (definition, found) = check(c, &parents.plan, after, Some((&parents, &links)))?;
        if referrers.observations != Some(0) {
            dimension::without_data(c, id, &rules::lost(&links.dimensions, &found.links.dimensions))?;
        }
        if rules::uncovers(&before, after, rules::no_longer_adds_up(&links.dimensions, &found.links.dimensions)) {
            may_uncover(actor, &row.jurisdiction, &referrers)?;
        }
        let change = match (rules::same_meaning(&db::from_json(&row.definition)?, &definition), has_data(&referrers)) {
            (true, _) => DefinitionChange::None,
            (false, false) => DefinitionChange::Corrected,
            (false, true) => DefinitionChange::NewVersion,
        };
        parents = found.parents(c, actor, &parents.plan, after)?;
        row.fill(&parents, after, &definition)?;
        if matches!(change, DefinitionChange::NewVersion) {
            row.definition_version += 1;
        }
        *after = row.clone().into_out(&parents, found.links.clone())?.to_input();
        Ok((found.links, change))
    };
    let mut links_after = None;
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, (after, change)| {
        table::update(w, row)?;
        match change {
            DefinitionChange::None => table::definitions::update(w, actor, row, &after.dimensions)?,
            DefinitionChange::Corrected => table::definitions::update(w, actor, row, &after.dimensions)?,
            DefinitionChange::NewVersion => table::definitions::insert(w, actor, row, &after.dimensions)?,
        }
        table::links::replace(w, id, &links, &after)?;
        links_after = Some(after);
        Ok(())
    })?;
    if let Some(after) = links_after {
        links = after;
    }
    with_actions(actor, row, &parents, links, || unused(&referrers))
}

/// Deletes an indicator that nothing refers to; it leaves the periods that have not opened.
///
/// # Errors
/// 404, 403, 412, 409 `indicator.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected) -> Result<()> {
    let (row, parents) = begin(c, actor, id, expected)?;
    let referrers = table::referrers(c, id)?;
    unused(&referrers)?;
    let before = row.clone().into_out(&parents, links_of(c, id)?)?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        if referrers.periods != Some(0) {
            table::leave_periods(w, id)?;
        }
        table::delete(w, id)
    })
}

fn begin(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected) -> Result<(IndicatorRow, Parents)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn links_of(c: &mut Conn, id: &IndicatorId) -> Result<Links> {
    Ok(table::links::of(c, &[id])?.remove(id).unwrap_or_default())
}

fn with_actions(
    actor: &Actor,
    row: IndicatorRow,
    parents: &Parents,
    links: Links,
    unused: impl FnOnce() -> Result<()>,
) -> Result<IndicatorOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), unused)?;
    Ok(IndicatorOut { actions: Some(actions), ..row.into_out(parents, links)? })
}

/// Goes on only if nothing refers to the indicator but what goes with it and periods that have not opened.
fn unused(referrers: &Referrers) -> Result<()> {
    let counts = [
        ("tasks", referrers.tasks),
        ("observations", referrers.observations),
        ("consolidated_observations", referrers.frozen_observations),
        ("reporting_periods", referrers.opened_periods),
    ];
    db::in_use(codes::INDICATOR_IN_USE, &counts)
}

/// Whether figures of the indicator exist, in reports or in consolidated reports.
fn has_data(referrers: &Referrers) -> bool {
    [referrers.observations, referrers.frozen_observations].into_iter().any(|count| count != Some(0))
}

/// Goes on only if the caller sees exactly what a change would uncover, and if no figure was asked for under its
/// protection: who gave it relied on that.
///
/// # Errors
/// 403 `access.restricted`, then 409 `indicator.in_use` with the counts.
fn may_uncover(actor: &Actor, jurisdiction: &str, referrers: &Referrers) -> Result<()> {
    if !actor.sees_restricted(jurisdiction) {
        return Err(Problem::new(codes::ACCESS_RESTRICTED)
            .saying(
                "Thay đổi này làm lộ thêm số liệu hạn chế của chỉ tiêu; người thực hiện phải có phạm vi restricted:read. Hãy nhờ quản trị viên cấp.",
                "This change would show more of the indicator's restricted figures; it takes the scope restricted:read. Ask an administrator for it.",
            )
            .into());
    }
    let counts = [("observations", referrers.observations), ("reporting_periods", referrers.begun_periods)];
    db::in_use(codes::INDICATOR_IN_USE, &counts)
}
