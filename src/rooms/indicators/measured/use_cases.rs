//! What is done with indicators.

use super::asked;
use super::rules::Years;
use super::table::asked::Charged;
use super::table::links::Links;
use super::table::{self, FoundFilter, IndicatorRow, Parents, Referrers};
use super::wire::{IndicatorFilter, IndicatorIn, IndicatorOut};
use super::written::{self, ListedIndicator};
use super::{links, rules};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PlanIndicatorKey, Scope, UnitKey};
use crate::rooms::amendments;
use crate::rooms::indicators::definition::Definition;
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::IndicatorId;
use crate::values::period::year_local;
use chrono::Datelike;
use std::collections::HashMap;

/// A page of indicators: as they are now, or as a period asks them.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, actor: &Actor, filter: &IndicatorFilter, paging: &Paging) -> Result<Page<ListedIndicator>> {
    let window = table::window(paging)?;
    let found = found(c, filter)?;
    let page = table::page(c, &window, filter, &found)?;
    let lost = || Error::internal("an indicator that was there a moment ago");
    if let Some(asked) = &found.asked {
        let ids: Vec<&str> = page.items.iter().map(|row| row.id.as_str()).collect();
        let rows = table::with_ids(c, &ids)?;
        let mut each: HashMap<String, IndicatorOut> = asked::outs(c, asked, rows)?.into_iter().map(|out| (out.id.clone(), out)).collect();
        return page.try_map(|row| each.remove(row.id.as_str()).map(Box::new).map(ListedIndicator::Asked).ok_or_else(lost));
    }
    let written = written::each(c, actor, page.items.iter().map(|row| (row.id.as_str(), row.jurisdiction.as_str())).collect())?;
    page.try_map(|row| written.get(row.id.as_str()).cloned().map(ListedIndicator::Written).ok_or_else(lost))
}

fn found(c: &mut Conn, filter: &IndicatorFilter) -> Result<FoundFilter> {
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let unit = filter.unit.as_deref();
    Ok(FoundFilter {
        goals: Goals::read(c, &scope, filter.goal.as_deref(), filter.field.as_deref())?,
        printed: scope.filter::<PlanIndicatorKey>(c, filter.plan_indicator.as_deref(), "plan_indicator")?,
        units: unit.map(|unit| scope.all::<UnitKey>(c, unit, &Place::query("unit"))).transpose()?.map(Charged::of),
        asked: filter.period.as_deref().map(|period| asked::by(c, &scope, period)).transpose()?,
        scope,
    })
}

/// The indicators of a plan in the plan's order: as they are now or, where a period is named, those that it asks as it asks them.
///
/// # Errors
/// 400 for a period that the plan does not have.
pub fn list_of_plan(c: &mut Conn, actor: &Actor, plan: &PlanKey, period: Option<&str>) -> Result<Vec<IndicatorOut>> {
    if let Some(period) = period {
        let asked = asked::by(c, &Scope::of_plan(plan), period)?;
        let rows = table::of_plan_asked(c, &plan.id, &asked)?;
        return asked::outs(c, &asked, rows);
    }
    let year = year_local(actor.now);
    let rows = table::of_plan(c, &plan.id)?;
    let ids: Vec<&IndicatorId> = rows.iter().map(|(row, _)| &row.id).collect();
    let mut linked = table::links::of(c, &ids)?;
    rows.into_iter()
        .map(|(row, parents)| {
            let links = linked.remove(&row.id).unwrap_or_default();
            row.into_out(&parents, links, year)
        })
        .collect()
}

/// Whether two administrative units lie right below the same one, so that their indicators answer to the same ones.
///
/// # Errors
/// If the database fails.
pub fn under_one_province(c: &mut Conn, one: &str, other: &str) -> Result<bool> {
    Ok(one == other || table::above(c, one)? == table::above(c, other)?)
}

/// One indicator, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &IndicatorId) -> Result<IndicatorOut> {
    let (row, parents) = table::find(c, id)?;
    let links = links_of(c, id)?;
    with_actions(actor, row.clone(), &parents, links, || table::referrers(c, &row, &parents.plan).and_then(|found| unused(&found)))
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
    let mut row = IndicatorRow::new(&parents, input, &definition, actor.now)?;
    row.amendment_id = amendments::named(c, &Scope::of_plan(&plan), input.amendment.as_deref(), None)?;
    change::create(c, actor, &row, input, |w| {
        table::insert(w, &row)?;
        table::definitions::insert(w, actor, &row, &found.links.dimensions, row.amendment_id.as_ref())?;
        table::links::insert(w, &row.id, &found.links)
    })?;
    // Nothing can refer to it yet.
    with_actions(actor, row, &parents, found.links, || Ok(()))
}

/// What an indicator is before a change.
struct Before<'a> {
    row: &'a IndicatorRow,
    parents: &'a Parents,
    links: &'a Links,
    first_year: i32,
}

/// Checks an input as a whole, so that it is refused once with all its faults.
fn check(c: &mut Conn, plan: &PlanKey, input: &IndicatorIn, before: Option<&Before<'_>>) -> Result<(Definition, links::Found)> {
    let mut faults = Faults::default();
    let known = before.map(|before| (before.parents, before.links));
    let found = links::find(c, plan, input, known, &mut faults)?;
    if before.is_some_and(|before| found.continues(&before.row.id)) {
        faults.add(FieldError::new("/continues", codes::FIELD_CONFLICT).saying(
            "Chỉ tiêu không thể nối tiếp chính nó. Hãy nêu chỉ tiêu trước đó.",
            "An indicator does not go on from itself. Name the one before it.",
        ));
    }
    let definition = rules::definition(input);
    rules::coherent(&definition, rules::frequency(input), &mut faults);
    // A plan whose years have moved past it still takes the year as it is.
    let named = input.effective_from.filter(|year| before.is_none_or(|before| *year != before.row.effective_from));
    if named.is_some_and(|year| !(plan.start_year..=plan.end_year).contains(&year)) {
        faults.add(FieldError::new("/effective_from", codes::FIELD_RANGE).saying(
            format!("Năm áp dụng phải thuộc giai đoạn của kế hoạch ({}-{}).", plan.start_year, plan.end_year),
            format!("The year must be one of the plan's ({}-{}).", plan.start_year, plan.end_year),
        ));
    }
    let first_year = before.map_or(input.effective_from.unwrap_or(plan.start_year), |before| before.first_year);
    let last = input.last_year.filter(|_| before.is_none_or(|before| before.row.last_year != input.last_year));
    if last.is_some_and(|year| !(first_year..=plan.end_year).contains(&year)) {
        faults.add(FieldError::new("/last_year", codes::FIELD_RANGE).saying(
            format!(
                "Năm cuối của chỉ tiêu phải từ năm {first_year} (năm đầu của chỉ tiêu) đến năm {} (năm cuối của kế hoạch).",
                plan.end_year
            ),
            format!("The last year must lie between {first_year}, the indicator's first, and {}, the plan's last.", plan.end_year),
        ));
    }
    faults.check()?;
    Ok((definition, found))
}

/// Changes an indicator. A change of what it means holds from a year of which nothing was asked yet, and makes a new version unless
/// the newest one has not been asked; earlier years keep what they were asked and judged by.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, `indicator.in_use` for what an opened period fixed, `indicator.frozen` for a year that is
/// not free, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected, patch: &Patch<IndicatorIn>) -> Result<IndicatorOut> {
    let (mut row, mut parents) = begin(c, actor, id, expected)?;
    let mut links = links_of(c, id)?;
    let referrers = table::referrers(c, &row, &parents.plan)?;
    let year = year_local(actor.now);
    let before = row.clone().into_out(&parents, links.clone(), year)?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut IndicatorRow, after: &mut IndicatorIn| {
        plans::same_plan(c, &parents.plan, &mut after.plan)?;
        let first_year = referrers.first_year.unwrap_or(row.effective_from);
        let (definition, found) = check(c, &parents.plan, after, Some(&Before { row, parents: &parents, links: &links, first_year }))?;
        if after.code != before.code || after.frequency != before.frequency {
            db::in_use(codes::INDICATOR_IN_USE, &[("reporting_periods", referrers.opened_periods)])?;
        }
        let restricted = |input: &IndicatorIn| input.restricted == Some(true);
        if restricted(&before) && !restricted(after) {
            may_uncover(actor, &row.jurisdiction)?;
        }
        let meaning = Meaning {
            differs: !rules::same_meaning(&db::from_json(&row.definition)?, &definition)
                || links.dimensions != found.links.dimensions
                || (restricted(&before) && !restricted(after))
                || found.moves(&parents),
            covers: !restricted(&before) && restricted(after),
        };
        parents = found.parents(c, actor, &parents.plan, after)?;
        let years = Years::of(&parents.plan, &referrers);
        rules::ends(before.last_year, after.last_year, &years)?;
        // As it was it means nothing beside words; beside another meaning it names the year from which that is to hold.
        let said = patch.touches("effective_from") && meaning.differs;
        let named = after.effective_from.filter(|_| said || after.effective_from != before.effective_from);
        let version = match meaning.differs || named.is_some() {
            true => Some(rules::next_version(row.effective_from, &years, named, !meaning.differs)?),
            false => None,
        };
        row.amendment_id = amendments::named(c, &Scope::of_plan(&parents.plan), after.amendment.as_deref(), row.amendment_id.as_ref())?;
        row.fill(&parents, after, &definition)?;
        if let Some(version) = &version {
            row.effective_from = version.effective_from;
            row.definition_version += i32::from(version.is_new);
        }
        *after = row.clone().into_out(&parents, found.links.clone(), year)?.to_input();
        Ok((found.links, version, meaning.covers))
    };
    // What an earlier change was made by made not this one.
    let names = patch.touches("amendment");
    let by = |row: &IndicatorRow| row.amendment_id.clone().filter(|_| names);
    let mut links_after = None;
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, (after, version, covers)| {
        table::update(w, row)?;
        match version {
            None => {}
            Some(version) if version.is_new => table::definitions::insert(w, actor, row, &after.dimensions, by(row).as_ref())?,
            Some(_) => table::definitions::update(w, actor, row, &after.dimensions, by(row).as_ref())?,
        }
        if covers {
            table::definitions::restrict_all(w, id)?;
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
    let referrers = table::referrers(c, &row, &parents.plan)?;
    unused(&referrers)?;
    let before = row.clone().into_out(&parents, links_of(c, id)?, year_local(actor.now))?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        if referrers.periods != Some(0) {
            table::leave_periods(w, id)?;
        }
        table::delete(w, id)
    })
}

pub(super) fn begin(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected) -> Result<(IndicatorRow, Parents)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

pub(super) fn links_of(c: &mut Conn, id: &IndicatorId) -> Result<Links> {
    Ok(table::links::of(c, &[id])?.remove(id).unwrap_or_default())
}

pub(super) fn with_actions(
    actor: &Actor,
    row: IndicatorRow,
    parents: &Parents,
    links: Links,
    unused: impl FnOnce() -> Result<()>,
) -> Result<IndicatorOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), unused)?;
    Ok(IndicatorOut { actions: Some(actions), ..row.into_out(parents, links, year_local(actor.now))? })
}

/// Goes on only if nothing refers to the indicator but what goes with it and periods that have not opened.
pub(super) fn unused(referrers: &Referrers) -> Result<()> {
    let counts = [
        ("tasks", referrers.tasks),
        ("observations", referrers.observations),
        ("consolidated_observations", referrers.frozen_observations),
        ("reporting_periods", referrers.opened_periods),
        ("indicators", Some(referrers.named_by.unwrap_or_default() + referrers.answering.unwrap_or_default())),
    ];
    db::in_use(codes::INDICATOR_IN_USE, &counts)
}

/// What of a change is a change of meaning.
struct Meaning {
    /// Something else is measured, or wanted, from a year on.
    differs: bool,
    /// Its figures point at persons from now on, in every year.
    covers: bool,
}

impl Years {
    /// Which years of a plan are free for another meaning of an indicator.
    fn of(plan: &PlanKey, referrers: &Referrers) -> Self {
        let asked = referrers.last_asked.map_or(i32::MIN, |day| day.year() + 1);
        let opened = referrers.last_opened.map(|day| day.year());
        Self { first_free: plan.start_year.max(asked), newest_is_asked: referrers.asked_newest != Some(0), opened }
    }
}

/// Goes on only if the caller sees exactly what a change would uncover.
///
/// # Errors
/// 403 `access.restricted`.
fn may_uncover(actor: &Actor, jurisdiction: &str) -> Result<()> {
    if actor.sees_restricted(jurisdiction) {
        return Ok(());
    }
    Err(Problem::new(codes::ACCESS_RESTRICTED)
        .saying(
            "Thay đổi này bỏ hạn chế số liệu của chỉ tiêu từ năm sau; người thực hiện phải có quyền xem số liệu hạn chế («restricted:read»). Hãy nhờ quản trị viên cấp, hoặc để người đã có quyền làm.",
            "This change would show the indicator's restricted figures of later years; it takes the scope restricted:read. Ask an administrator for it.",
        )
        .into())
}
