//! Indicators as other rooms need them: meaning, duties and dimensions in one piece.

use super::definition::Definition;
use crate::db::schema::{dimensions, indicator_definitions, indicator_units, indicators};
use crate::db::{self, Conn};
use crate::figures::{self, Measure};
use crate::problem::{Error, Result, Said, words};
use crate::rooms::units::{self, UnitKey};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, IndicatorId, PlanId, PlanIndicatorId, UnitId};
use crate::values::period::Frequency;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use utoipa::ToSchema;

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "female", "name": {"vi": "Nữ", "en": "Female"}, "active": true}))]
pub struct DimensionValue {
    /// Its code, unique within the dimension.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$")]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether new figures may bear it.
    #[serde(default = "active")]
    pub active: bool,
}

fn active() -> bool {
    true
}

impl DimensionValue {
    /// As a text names it to those who may write it.
    #[must_use]
    pub fn choice(&self) -> Said {
        words::value(&self.code, &Said::from(&self.name))
    }
}

/// A dimension by which an indicator's figures may be split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorDimension {
    /// Its code.
    pub code: String,
    /// Whether its values split what is counted without overlap.
    pub additive: bool,
    /// Whether leaving it out is worth a warning.
    pub expected: bool,
    /// Its values.
    pub values: Vec<DimensionValue>,
}

/// What an indicator means from a year on, in the words that it has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorVersion {
    /// Its number, from 1.
    pub number: i32,
    /// The first year in which it holds.
    pub effective_from: i32,
    /// The goal to which it belongs then.
    pub goal: GoalId,
    /// The printed target that it measures then.
    pub printed: PlanIndicatorId,
    /// Whether its figures point at persons.
    pub restricted: bool,
    /// The indicator of the province that it names as the one to which it answers; without one that of the same code.
    pub counterpart: Option<IndicatorId>,
    /// What it means.
    pub definition: Definition,
    /// The dimensions by which it may be split, with the values that they have now.
    pub dimensions: Vec<IndicatorDimension>,
}

/// An indicator in one of its versions; as it is read, the newest.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorSummary {
    /// Its id.
    pub id: IndicatorId,
    /// Its plan.
    pub plan: PlanId,
    /// Its goal.
    pub goal: GoalId,
    /// The printed target that it measures.
    pub printed: PlanIndicatorId,
    /// Its code.
    pub code: String,
    /// How often it is reported.
    pub frequency: Frequency,
    /// Whether its figures point at persons.
    pub restricted: bool,
    /// What it means.
    pub definition: Definition,
    /// The version of that.
    pub definition_version: i32,
    /// The indicator of the province that it names as the one to which it answers; without one that of the same code.
    pub counterpart: Option<IndicatorId>,
    /// The last year in which it is asked; without one that of the plan.
    pub last_year: Option<i32>,
    /// When it was made.
    pub created_at: UtcTime,
    /// The units charged with reporting it, as its `units[]` names them.
    pub reporters: BTreeSet<UnitId>,
    /// The dimensions it may be split by.
    pub dimensions: Vec<IndicatorDimension>,
    /// All its versions, the oldest first.
    pub versions: Arc<Vec<IndicatorVersion>>,
}

impl IndicatorSummary {
    /// What the rules need to know.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.definition.measure(self.frequency)
    }

    /// Its id and its code, either of which names it.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        (self.id.as_str(), &self.code)
    }

    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> Ref {
        Ref::new(self.id.clone(), self.code.clone())
    }

    /// The same in a version; `None` if it has no such version.
    #[must_use]
    pub fn in_version(&self, number: i32) -> Option<Self> {
        let version = self.versions.iter().find(|version| version.number == number)?;
        Some(Self {
            goal: version.goal.clone(),
            printed: version.printed.clone(),
            restricted: version.restricted,
            definition: version.definition.clone(),
            definition_version: version.number,
            counterpart: version.counterpart.clone(),
            dimensions: version.dimensions.clone(),
            ..self.clone()
        })
    }

    /// The same as it is in a year: in the newest version that holds then. `None` in a year before its first or after its last
    /// one, in which it is neither asked nor counted.
    #[must_use]
    pub fn in_year(&self, year: i32) -> Option<Cow<'_, Self>> {
        let holds = self.version_in(year)?;
        if holds.number == self.definition_version { Some(Cow::Borrowed(self)) } else { self.in_version(holds.number).map(Cow::Owned) }
    }

    /// The version that holds in a year.
    fn version_in(&self, year: i32) -> Option<&IndicatorVersion> {
        if self.last_year.is_some_and(|last| last < year) {
            return None;
        }
        // A later version may hold from the same year as an earlier one, which then holds in none.
        self.versions.iter().rev().find(|version| version.effective_from <= year)
    }

    /// Whether a figure under another version cannot be compared with one under this: it counts something else, or otherwise.
    #[must_use]
    pub fn breaks_from(&self, other: &Self) -> bool {
        let words = |known: &Self| (known.definition.numerator_definition.clone(), known.definition.denominator_definition.clone());
        self.definition_version != other.definition_version
            && figures::breaks(&self.measure(), &other.measure(), words(self) == words(other))
    }

    /// Whether its figures pointed at persons in any version.
    #[must_use]
    pub fn ever_restricted(&self) -> bool {
        self.versions.iter().any(|version| version.restricted)
    }

    /// Whether its figures of a year point at persons.
    #[must_use]
    pub fn restricted_in_year(&self, year: i32) -> bool {
        self.version_in(year).is_some_and(|then| then.restricted)
    }

    /// Whether figures under a version point at persons. What is not known is taken for it.
    #[must_use]
    pub fn restricted_under(&self, definition_version: i32) -> bool {
        self.versions.iter().find(|version| version.number == definition_version).is_none_or(|version| version.restricted)
    }

    /// Those who owe its figure; `all` are the units of the jurisdiction.
    #[must_use]
    pub fn due_from(&self, all: &[UnitKey]) -> Vec<UnitKey> {
        units::charged(all, &self.reporters)
    }
}

/// Each row tells of an indicator and of one of its versions.
#[derive(Queryable)]
struct Row {
    id: IndicatorId,
    plan: PlanId,
    goal: GoalId,
    printed: PlanIndicatorId,
    code: String,
    frequency: String,
    definition: String,
    definition_version: i32,
    last_year: Option<i32>,
    created_at: UtcTime,
    version: VersionRow,
}

/// A dimension as a version keeps it.
#[derive(Deserialize)]
struct KeptSplit {
    dimension: Ref,
    additive: bool,
    expected: bool,
}

#[derive(Queryable)]
struct VersionRow {
    number: i32,
    effective_from: i32,
    goal: Option<GoalId>,
    printed: Option<PlanIndicatorId>,
    restricted: bool,
    counterpart: Option<IndicatorId>,
    definition: String,
    dimensions: String,
}

/// All indicators of a plan in its order: three statements, however many there are.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<IndicatorSummary>> {
    of_plans(c, std::slice::from_ref(plan))
}

/// The same of several plans; each plan's indicators are in its order.
///
/// # Errors
/// If the database fails.
pub(super) fn of_plans(c: &mut Conn, plans: &[PlanId]) -> Result<Vec<IndicatorSummary>> {
    use {indicator_definitions as d, indicators as i};
    let rows: Vec<Row> = i::table
        .inner_join(d::table)
        .filter(i::plan_id.eq_any(plans))
        .order((i::plan_order, i::id, d::definition_version))
        .select((
            i::id,
            i::plan_id,
            i::goal_id,
            i::plan_indicator_id,
            i::code,
            i::frequency,
            i::definition,
            i::definition_version,
            i::last_year,
            i::created_at,
            (
                d::definition_version,
                d::effective_from,
                d::goal_id,
                d::plan_indicator_id,
                d::restricted,
                d::counterpart,
                d::definition,
                d::dimensions,
            ),
        ))
        .load(c)?;
    let obligations: Vec<(IndicatorId, UnitId)> = indicator_units::table
        .inner_join(i::table)
        .filter(i::plan_id.eq_any(plans))
        .filter(indicator_units::duty.eq("report"))
        .select((indicator_units::indicator_id, indicator_units::unit_id))
        .load(c)?;
    let values: Vec<(String, String)> =
        dimensions::table.filter(dimensions::plan_id.eq_any(plans)).select((dimensions::id, dimensions::dimension_values)).load(c)?;
    let mut reporters: HashMap<IndicatorId, BTreeSet<UnitId>> = HashMap::new();
    for (indicator, unit) in obligations {
        reporters.entry(indicator).or_default().insert(unit);
    }
    let values = values.into_iter().map(|(id, values)| Ok((id, db::from_json(&values)?))).collect::<Result<HashMap<_, _>>>()?;
    let mut found: Vec<IndicatorSummary> = Vec::new();
    let mut versions: Vec<IndicatorVersion> = Vec::new();
    // The rows of one indicator stand together, the newest version last.
    for row in rows {
        // Most are kept in the words that they have now: reading them twice would cost more than everything else here.
        let words: Option<Definition> = (row.version.definition != row.definition).then(|| db::from_json(&row.definition)).transpose()?;
        let newest = row.version.number == row.definition_version;
        versions.push(row.version.read(&row.goal, &row.printed, words.as_ref(), &values)?);
        if newest {
            let reporters = reporters.remove(&row.id).unwrap_or_default();
            found.extend(newest_of(
                row.id,
                row.plan,
                row.code,
                &row.frequency,
                (row.last_year, row.created_at),
                reporters,
                std::mem::take(&mut versions),
            )?);
        }
    }
    Ok(found)
}

fn newest_of(
    id: IndicatorId,
    plan: PlanId,
    code: String,
    frequency: &str,
    (last_year, created_at): (Option<i32>, UtcTime),
    reporters: BTreeSet<UnitId>,
    versions: Vec<IndicatorVersion>,
) -> Result<Option<IndicatorSummary>> {
    let frequency = Frequency::parse(frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?;
    let Some(newest) = versions.last().cloned() else { return Ok(None) };
    Ok(Some(IndicatorSummary {
        id,
        plan,
        goal: newest.goal,
        printed: newest.printed,
        code,
        frequency,
        restricted: newest.restricted,
        definition: newest.definition,
        definition_version: newest.number,
        counterpart: newest.counterpart,
        last_year,
        created_at,
        reporters,
        dimensions: newest.dimensions,
        versions: Arc::new(versions),
    }))
}

impl VersionRow {
    /// The version in the words that the indicator has now; `values` are those of the plan's dimensions, by id.
    fn read(
        self,
        goal: &GoalId,
        printed: &PlanIndicatorId,
        words: Option<&Definition>,
        values: &HashMap<String, Vec<DimensionValue>>,
    ) -> Result<IndicatorVersion> {
        let dimension = |split: KeptSplit| IndicatorDimension {
            values: values.get(&split.dimension.id).cloned().unwrap_or_default(),
            code: split.dimension.code,
            additive: split.additive,
            expected: split.expected,
        };
        let meant: Definition = db::from_json(&self.definition)?;
        Ok(IndicatorVersion {
            number: self.number,
            effective_from: self.effective_from,
            goal: self.goal.unwrap_or_else(|| goal.clone()),
            printed: self.printed.unwrap_or_else(|| printed.clone()),
            restricted: self.restricted,
            counterpart: self.counterpart,
            definition: match words {
                Some(words) => meant.in_words_of(words),
                None => meant,
            },
            dimensions: db::from_json::<Vec<KeptSplit>>(&self.dimensions)?.into_iter().map(dimension).collect(),
        })
    }
}
