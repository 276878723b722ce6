//! What indicators meant through time, in the database: each version with the year from which on it holds.

use super::IndicatorRow;
use crate::actor::Actor;
use crate::change::Write;
use crate::db::schema::{goals, indicator_definitions, indicators, plan_indicators};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::rooms::indicators::definition::Definition;
use crate::rooms::indicators::measured::wire::{IndicatorVersionOut, SplitOut};
use crate::values::clock::UtcTime;
use crate::values::id::{AmendmentId, GoalId, IndicatorId, PlanIndicatorId};
use crate::values::{ActorRef, Ref};
use diesel::prelude::*;

/// A row of `indicator_definitions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = indicator_definitions, primary_key(indicator_id, definition_version), treat_none_as_null = true)]
pub struct VersionRow {
    pub indicator_id: IndicatorId,
    pub definition_version: i32,
    pub definition: String,
    pub created_at: UtcTime,
    pub effective_from: i32,
    pub goal_id: Option<GoalId>,
    pub plan_indicator_id: Option<PlanIndicatorId>,
    pub counterpart: Option<IndicatorId>,
    pub restricted: bool,
    pub dimensions: String,
    pub changed_by: Option<String>,
    pub changed_by_name: Option<String>,
    pub amendment_id: Option<AmendmentId>,
}

impl VersionRow {
    fn of(actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut], by: Option<&AmendmentId>) -> Result<Self> {
        Ok(Self {
            indicator_id: row.id.clone(),
            definition_version: row.definition_version,
            definition: row.definition.clone(),
            created_at: actor.now,
            effective_from: row.effective_from,
            goal_id: Some(row.goal_id.clone()),
            plan_indicator_id: Some(row.plan_indicator_id.clone()),
            counterpart: row.counterpart.clone(),
            restricted: row.restricted,
            dimensions: db::to_json(&dimensions)?,
            changed_by: actor.id(),
            changed_by_name: Some(actor.name().to_owned()),
            amendment_id: by.cloned(),
        })
    }
}

/// Writes what a row means as a version of its own, made `by` an amendment where one is named.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut], by: Option<&AmendmentId>) -> Result<()> {
    diesel::insert_into(indicator_definitions::table).values(VersionRow::of(actor, row, dimensions, by)?).execute(w.conn())?;
    Ok(())
}

/// Corrects the newest version.
///
/// # Errors
/// If the database fails.
pub fn update(w: &mut Write<'_>, actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut], by: Option<&AmendmentId>) -> Result<()> {
    let newest = indicator_definitions::table.find((&row.id, row.definition_version));
    diesel::update(newest).set(VersionRow::of(actor, row, dimensions, by)?).execute(w.conn())?;
    Ok(())
}

/// Makes every version point at persons, from now on and for every year.
///
/// # Errors
/// If the database fails.
pub fn restrict_all(w: &mut Write<'_>, indicator: &IndicatorId) -> Result<()> {
    let all = indicator_definitions::table.filter(indicator_definitions::indicator_id.eq(indicator));
    diesel::update(all).set(indicator_definitions::restricted.eq(true)).execute(w.conn())?;
    Ok(())
}

/// A version with the codes of its goal, its printed target and the indicator of the province's plan that it names.
pub type WithCodes = (VersionRow, Option<String>, Option<String>, Option<String>);

/// The versions of indicators with the codes of what each belongs to and names, those of one together and its oldest first.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, of: &[&IndicatorId]) -> Result<Vec<WithCodes>> {
    use indicator_definitions as d;
    Ok(d::table
        .left_join(goals::table.on(goals::id.nullable().eq(d::goal_id)))
        .left_join(plan_indicators::table.on(plan_indicators::id.nullable().eq(d::plan_indicator_id)))
        .left_join(indicators::table.on(indicators::id.nullable().eq(d::counterpart)))
        .filter(d::indicator_id.eq_any(of))
        .order((d::indicator_id, d::definition_version))
        .select((VersionRow::as_select(), goals::code.nullable(), plan_indicators::code.nullable(), indicators::code.nullable()))
        .load(c)?)
}

/// Takes a version back.
///
/// # Errors
/// If the database fails.
pub fn delete(w: &mut Write<'_>, indicator: &IndicatorId, number: i32) -> Result<()> {
    diesel::delete(indicator_definitions::table.find((indicator, number))).execute(w.conn())?;
    Ok(())
}

/// What a version belongs to and names.
pub struct Named {
    pub goal: Ref,
    pub printed: Ref,
    /// The indicator of the province's plan.
    pub counterpart: Option<Ref>,
}

impl VersionRow {
    /// The dimensions by which figures under it may be split.
    ///
    /// # Errors
    /// Internal, if the column holds something else than this service writes.
    pub fn splits(&self) -> Result<Vec<SplitOut>> {
        db::from_json(&self.dimensions)
    }

    /// The indicator of the province's plan that it names, whose code this is.
    pub fn counterpart_with(&self, code: Option<&String>) -> Option<Ref> {
        Some(Ref::new(self.counterpart.clone()?, code?))
    }

    /// Makes a row mean what this version does, in the words that it has now.
    ///
    /// # Errors
    /// Internal, if a column holds something else than this service writes.
    pub fn restore(&self, row: &mut IndicatorRow) -> Result<()> {
        let words: Definition = db::from_json(&row.definition)?;
        row.definition = db::to_json(&db::from_json::<Definition>(&self.definition)?.in_words_of(&words))?;
        row.definition_version = self.definition_version;
        row.effective_from = self.effective_from;
        row.restricted = self.restricted;
        row.amendment_id.clone_from(&self.amendment_id);
        row.counterpart.clone_from(&self.counterpart);
        let lost = || Error::internal("a version without its printed target");
        row.plan_indicator_id = self.plan_indicator_id.clone().ok_or_else(lost)?;
        Ok(())
    }

    /// As clients read it, with what it belongs to and names; `until` is the last year in which it holds.
    ///
    /// # Errors
    /// Internal, if a column holds something else than this service writes.
    pub fn into_out(self, of: Named, until: Option<i32>, tells_who: bool) -> Result<IndicatorVersionOut> {
        let disaggregations = self.splits()?;
        let meaning: Definition = db::from_json(&self.definition)?;
        let who = self.changed_by_name.map(|name| ActorRef { id: self.changed_by, name });
        Ok(IndicatorVersionOut {
            definition_version: self.definition_version,
            effective_from: self.effective_from,
            effective_until: until,
            amendment: self.amendment_id.map(Into::into),
            changed_at: self.created_at,
            changed_by: who.filter(|_| tells_who),
            goal: of.goal,
            plan_indicator: of.printed,
            counterpart: of.counterpart,
            measure_kind: meaning.measure_kind,
            multiplier: meaning.multiplier,
            unit_of_measure: meaning.unit_of_measure,
            direction: meaning.direction,
            baseline: meaning.baseline,
            targets: meaning.targets,
            reference_period: meaning.reference_period,
            numerator_definition: meaning.numerator_definition,
            denominator_definition: meaning.denominator_definition,
            integer_parts: meaning.integer_parts,
            valid_min: meaning.valid_min,
            valid_max: meaning.valid_max,
            tolerance: meaning.tolerance,
            extra_inputs: meaning.extra_inputs,
            disaggregations,
            zero_denominator: meaning.zero_denominator,
            roll_up: meaning.roll_up,
            restricted: self.restricted,
        })
    }
}
