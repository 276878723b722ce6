//! Making, changing and deleting indicators.

use super::store::{self, IndicatorRow, SplitRow, UnitRow};
use super::wire::{IndicatorIn, IndicatorOut};
use super::{rules, versions};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update, Write};
use crate::db::schema::indicators;
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::references::{DimensionKey, GoalKey, PlanIndicatorKey, Scope, Stored, UnitKey};
use crate::rooms::indicators::definition::Definition;
use crate::rooms::indicators::dimension;
use crate::rooms::indicators::printed::{self, PlanIndicatorIn};
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::{DimensionId, GoalId, IndicatorId, PlanIndicatorId, UnitId};
use crate::values::{code, text};
use diesel::prelude::*;

/// An input whose references were found and whose fields go together.
struct Sound {
    goal: GoalId,
    printed: PlanIndicatorId,
    definition: Definition,
    units: Vec<UnitId>,
    splits: Vec<DimensionId>,
}

impl Sound {
    /// Names in an input what was found, by the ids.
    fn name_in(&self, input: &mut IndicatorIn) {
        self.goal.as_str().clone_into(&mut input.goal);
        input.plan_indicator = Some(self.printed.as_str().to_owned());
        for (named, unit) in input.units.iter_mut().zip(&self.units) {
            unit.as_str().clone_into(&mut named.unit);
        }
        for (named, dimension) in input.disaggregations.iter_mut().zip(&self.splits) {
            dimension.as_str().clone_into(&mut named.dimension);
        }
    }
}

/// Checks an input as a whole, so that it is refused once with all its faults. The printed target is made last.
fn sound(c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &IndicatorIn) -> Result<Sound> {
    let mut faults = Faults::default();
    let scope = Scope::of_plan(plan);
    let goal = faults.keep(scope.one::<GoalKey>(c, &input.goal, &Place::body("/goal")))?.map(|goal| goal.id);
    let there = match &input.plan_indicator {
        Some(named) => faults.keep(scope.one::<PlanIndicatorKey>(c, named, &Place::body("/plan_indicator")))?,
        None => printed::with_code(c, plan, &input.code)?,
    };
    if let (Some(goal), Some(there)) = (&goal, &there)
        && there.goal_id != *goal
    {
        faults.add(FieldError::new("/goal", codes::FIELD_CONFLICT).saying(
            "Chỉ tiêu in trong kế hoạch thuộc mục tiêu khác; hai mục tiêu phải là một.",
            "The printed target belongs to another goal; the two must be the same.",
        ));
    }
    let units = named::<UnitKey>(c, &scope, input.units.iter().map(|u| u.unit.as_str()), |at| format!("/units/{at}/unit"), &mut faults)?;
    let dimensions = input.disaggregations.iter().map(|d| d.dimension.as_str());
    let splits = named::<DimensionKey>(c, &scope, dimensions, |at| format!("/disaggregations/{at}/dimension"), &mut faults)?;
    let definition = rules::definition(input);
    rules::coherent(&definition, rules::frequency(input), &mut faults);
    faults.check()?;
    let goal = goal.ok_or(codes::INTERNAL)?;
    let printed = match there {
        Some(printed) => printed.id,
        None => PlanIndicatorId::from_text(printed::create_printed(c, actor, &printed_form(plan, &goal, input))?.id),
    };
    Ok(Sound { goal, printed, definition, units, splits })
}

/// The printed target of an indicator that names none.
fn printed_form(plan: &PlanKey, goal: &GoalId, input: &IndicatorIn) -> PlanIndicatorIn {
    PlanIndicatorIn {
        plan: plan.id.to_string(),
        goal: goal.to_string(),
        code: input.code.clone(),
        label: format!("Chỉ tiêu {}", input.code),
        statement: input.statement.clone(),
        editorial_note: None,
        source: input.source.clone(),
        transcription: None,
    }
}

/// What each text of a list names, once each.
fn named<'a, R: Stored<Id: PartialEq>>(
    c: &mut Conn,
    scope: &Scope,
    names: impl Iterator<Item = &'a str>,
    pointer: impl Fn(usize) -> String,
    faults: &mut Faults,
) -> Result<Vec<R::Id>> {
    let names: Vec<&str> = names.collect();
    let mut found = Vec::with_capacity(names.len());
    for (at, (row, name)) in scope.each::<R>(c, &names, &pointer, faults)?.into_iter().zip(&names).enumerate() {
        match row.map(R::into_id) {
            Some(id) if found.contains(&id) => faults.add(rules::twice(pointer(at), name)),
            Some(id) => found.push(id),
            None => {}
        }
    }
    Ok(found)
}

fn fill(row: &mut IndicatorRow, input: &IndicatorIn, sound: &Sound) -> Result<()> {
    row.goal_id = sound.goal.clone();
    row.plan_indicator_id = sound.printed.clone();
    row.code.clone_from(&input.code);
    row.frequency = rules::frequency(input).as_str().to_owned();
    row.restricted = input.restricted.unwrap_or(false);
    row.definition = db::to_json(&sound.definition)?;
    row.plan_order = code::natural_key(&input.code);
    let texts = text::both(&input.name).into_iter().chain(text::both(&input.statement));
    row.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(texts));
    Ok(())
}

fn save_units(w: &mut Write<'_>, id: &IndicatorId, input: &IndicatorIn, found: &[UnitId]) -> Result<()> {
    let mut rows = Vec::with_capacity(found.len());
    for (at, (unit, duty)) in found.iter().zip(&input.units).enumerate() {
        rows.push(UnitRow {
            indicator_id: id.clone(),
            unit_id: unit.clone(),
            duty: duty.duty.as_str(),
            basis: duty.basis.unwrap_or_default().as_str(),
            why: duty.why.clone(),
            position: store::position(at)?,
        });
    }
    store::replace_units(w, id, &rows)
}

fn save_splits(w: &mut Write<'_>, id: &IndicatorId, input: &IndicatorIn, found: &[DimensionId]) -> Result<()> {
    let mut rows = Vec::with_capacity(found.len());
    for (at, (dimension, split)) in found.iter().zip(&input.disaggregations).enumerate() {
        rows.push(SplitRow {
            indicator_id: id.clone(),
            dimension_id: dimension.clone(),
            additive: split.additive.unwrap_or(false),
            expected: split.expected.unwrap_or(false),
            position: store::position(at)?,
        });
    }
    store::replace_splits(w, id, &rows)
}

/// Adds an indicator to a plan, and its printed target if it names none and none has its code.
///
/// # Errors
/// 422 for what does not go together or is unknown, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &IndicatorIn) -> Result<IndicatorOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    actor.must(&[Role::Coordinator], &plan.jurisdiction)?;
    let sound = sound(c, actor, &plan, input)?;
    let mut row = IndicatorRow {
        id: IndicatorId::new(),
        plan_id: plan.id.clone(),
        jurisdiction: plan.jurisdiction.clone(),
        goal_id: sound.goal.clone(),
        plan_indicator_id: sound.printed.clone(),
        code: String::new(),
        frequency: String::new(),
        restricted: false,
        definition: String::new(),
        definition_version: 1,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input, &sound)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(indicators::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        versions::keep(w, &row, actor.now)?;
        save_units(w, &row.id, input, &sound.units)?;
        save_splits(w, &row.id, input, &sound.splits)
    })?;
    store::find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected) -> Result<IndicatorRow> {
    let may_edit = |_: &mut Conn, row: &IndicatorRow| actor.must(&[Role::Coordinator], &row.jurisdiction);
    change::begin(c, id.as_str(), Some(expected), |c| store::row(c, id), may_edit)
}

/// Whether a dimension that split without overlap is gone or no longer said to do so.
fn no_longer_adds_up(was: &IndicatorOut, after: &IndicatorIn, splits: &[DimensionId]) -> bool {
    let adds_up =
        |id: &str| splits.iter().zip(&after.disaggregations).any(|(kept, split)| kept.as_str() == id && split.additive == Some(true));
    was.disaggregations.iter().any(|d| d.additive && !adds_up(&d.dimension.id))
}

/// Goes on only if the caller sees exactly what a change would uncover, and if no figure was asked for under its
/// protection: who gave it relied on that.
///
/// # Errors
/// 403 `access.restricted`, then 409 `indicator.in_use` with the counts.
fn may_uncover(c: &mut Conn, actor: &Actor, row: &IndicatorRow) -> Result<()> {
    if !actor.sees_restricted(&row.jurisdiction) {
        return Err(Problem::new(codes::ACCESS_RESTRICTED)
            .saying(
                "Thay đổi này làm lộ thêm số liệu hạn chế của chỉ tiêu; người thực hiện phải có phạm vi restricted:read. Hãy nhờ quản trị viên cấp.",
                "This change would show more of the indicator's restricted figures; it takes the scope restricted:read. Ask an administrator for it.",
            )
            .into());
    }
    store::never_asked(c, &row.id)
}

/// Changes an indicator. A change of its meaning after figures exist makes a new version of its definition.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, a dimension with data would be lost or figures would be uncovered, 422.
pub(super) fn update(
    c: &mut Conn,
    actor: &Actor,
    id: &IndicatorId,
    expected: &Expected,
    patch: &Patch<IndicatorIn>,
) -> Result<IndicatorOut> {
    let mut row = begin(c, actor, id, expected)?;
    let was = store::shown(c, row.clone())?;
    let before = was.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut IndicatorRow, after: &mut IndicatorIn| {
        let plan = plans::unmoved(c, &row.plan_id, &mut after.plan)?;
        let sound = sound(c, actor, &plan, after)?;
        keeps_data(c, &was, &sound)?;
        if rules::uncovers(&before, after, no_longer_adds_up(&was, after, &sound.splits)) {
            may_uncover(c, actor, row)?;
        }
        let meant: Definition = db::from_json(&row.definition)?;
        fill(row, after, &sound)?;
        if !rules::same_meaning(&meant, &sound.definition) && store::has_data(c, id)? {
            row.definition_version += 1;
        }
        sound.name_in(after);
        let (units, splits) = (after.units != before.units, after.disaggregations != before.disaggregations);
        Ok((sound, units.then(|| after.clone()), splits.then(|| after.clone())))
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, (sound, units, splits)| {
        diesel::update(indicators::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        versions::keep(w, row, actor.now)?;
        if let Some(after) = units {
            save_units(w, id, &after, &sound.units)?;
        }
        if let Some(after) = splits {
            save_splits(w, id, &after, &sound.splits)?;
        }
        Ok(())
    })?;
    store::find(c, actor, id)
}

/// A dimension that figures bear stays.
fn keeps_data(c: &mut Conn, was: &IndicatorOut, sound: &Sound) -> Result<()> {
    let lost = was.disaggregations.iter().filter(|d| !sound.splits.iter().any(|kept| kept.as_str() == d.dimension.id));
    let lost: Vec<&str> = lost.map(|d| d.dimension.code.as_str()).collect();
    dimension::without_data(c, &IndicatorId::from_text(was.id.clone()), &lost)
}

/// Deletes an indicator that nothing refers to; it leaves the periods that have not opened.
///
/// # Errors
/// 404, 403, 412, 409 `indicator.in_use` with the referrers' counts.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &IndicatorId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    store::unused(c, id)?;
    let before = store::shown(c, row.clone())?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        store::leave_periods(w, id)?;
        diesel::delete(indicators::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}
