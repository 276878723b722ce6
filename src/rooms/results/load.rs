//! Reading what figures are made of: a constant number of statements, however many plans, periods and units there are.

use super::BATCH;
use super::parts;
use super::plan::{AskedOf, KnownPeriod, PlanFigures, ReportedTotal};
use super::revision::{Made, Published, held_at, made_columns, published_at};
use crate::actor::Actor;
use crate::db::models::Models;
use crate::db::observation::observation_columns;
use crate::db::schema::{
    consolidated_reports, frozen_observations, observations, period_excusals, period_indicators, period_obligations, reporting_periods,
};
use crate::db::{self, Conn};
use crate::figures::Observation;
use crate::problem::{Error, Result};
use crate::rooms::indicators;
use crate::rooms::plans::PlanKey;
use crate::rooms::units::{self, UnitKey};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::Label;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Whose figures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Those of accepted reports, for the ward's own people.
    Accepted,
    /// Those that were sent to the province, for everybody else.
    Published,
}

/// Whose figures count, and as of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Whose.
    pub basis: Basis,
    /// The instant as of which what was accepted, sent and owed counts; `None` for what does now.
    pub as_of: Option<UtcTime>,
}

impl View {
    /// What was due by this instant is.
    fn due_by(self, actor: &Actor) -> UtcTime {
        self.as_of.unwrap_or(actor.now)
    }
}

impl From<Basis> for View {
    fn from(basis: Basis) -> Self {
        Self { basis, as_of: None }
    }
}

/// What a plan's figures are made of, of its regular periods.
///
/// # Errors
/// If the database fails.
pub fn load(c: &mut Conn, actor: &Actor, plan: &PlanKey, view: View) -> Result<PlanFigures> {
    one(c, actor, plan, &Asked::Regular, view)
}

/// The same with one more period, which may be thematic or ad hoc, and with what is needed to tell of its parts.
///
/// # Errors
/// If the database fails.
pub fn load_period(c: &mut Conn, actor: &Actor, plan: &PlanKey, period: &PeriodId, basis: Basis) -> Result<PlanFigures> {
    let mut figures = one(c, actor, plan, &Asked::And(period), basis.into())?;
    let year = figures.period(period).map_or(plan.start_year, |period| period.ends_on.year());
    parts::load(c, std::slice::from_mut(&mut figures), year, period.as_str())?;
    Ok(figures)
}

/// Loads what is needed to tell of the parts in a year, its quarters and months.
///
/// # Errors
/// If the database fails.
pub fn load_parts(c: &mut Conn, figures: &mut [PlanFigures], year: i32) -> Result<()> {
    parts::load(c, figures, year, "")
}

fn one(c: &mut Conn, actor: &Actor, plan: &PlanKey, asked: &Asked<'_>, view: View) -> Result<PlanFigures> {
    let mut found = batch(c, &actor.models, std::slice::from_ref(plan), asked, view, view.due_by(actor))?;
    found.pop().ok_or_else(|| Error::internal("the figures of one plan are none"))
}

/// The same of many plans, in their order.
///
/// # Errors
/// If the database fails.
pub fn load_all(c: &mut Conn, actor: &Actor, plans: &[PlanKey], view: View) -> Result<Vec<PlanFigures>> {
    each(c, &actor.models, plans, &Asked::Regular, view, view.due_by(actor))
}

/// The same with their periods of every kind.
///
/// # Errors
/// If the database fails.
pub(super) fn load_every(c: &mut Conn, plans: &[PlanKey], basis: Basis, now: UtcTime) -> Result<Vec<PlanFigures>> {
    // What is made of them is kept itself.
    each(c, &Models::default(), plans, &Asked::Every, basis.into(), now)
}

fn each(c: &mut Conn, models: &Models, plans: &[PlanKey], asked: &Asked<'_>, view: View, now: UtcTime) -> Result<Vec<PlanFigures>> {
    let mut all = Vec::with_capacity(plans.len());
    for plans in plans.chunks(BATCH) {
        all.extend(batch(c, models, plans, asked, view, now)?);
    }
    Ok(all)
}

fn batch(c: &mut Conn, models: &Models, plans: &[PlanKey], asked: &Asked<'_>, view: View, now: UtcTime) -> Result<Vec<PlanFigures>> {
    let View { basis, as_of } = view;
    let ids: Vec<PlanId> = plans.iter().map(|p| p.id.clone()).collect();
    let jurisdictions: Vec<String> = plans.iter().map(|p| p.jurisdiction.clone()).collect();
    let known = indicators::kept_of_plans(c, models, plans.iter().map(|p| (p.id.as_str(), p.jurisdiction.as_str())).collect())?;
    let units = grouped(units::of_jurisdictions(c, &jurisdictions)?, |u: &UnitKey| u.jurisdiction.clone());
    let mut consolidated = consolidated(c, &ids, as_of)?;
    let mut published = published(&consolidated);
    // The ward's own people decide between differing figures in a draft already.
    consolidated.retain(|made| basis == Basis::Accepted || made.made.published);
    let periods = periods(c, &ids, asked)?;
    let covering = Covering::of(&periods, &consolidated);
    let owed_at = match basis {
        Basis::Accepted => as_of.map(OwedAt::Instant),
        Basis::Published => Some(OwedAt::Computing(&covering)),
    };
    let mut given = period_sets(c, &ids, asked, &periods, owed_at)?;
    let mut by_plan: HashMap<PlanId, Vec<KnownPeriod>> = HashMap::new();
    for period in periods {
        let due = match basis {
            // What was over before the plan was loaded was never asked for.
            Basis::Accepted => period.due_at <= now && (period.frozen || period.status != "closed"),
            Basis::Published => covering.due(&period),
        };
        let plan = period.plan_id.clone();
        let of_period = published.remove(&period.id);
        by_plan.entry(plan).or_default().push(given.known(period, due, of_period));
    }
    let mut cells = cells(c, &ids, asked, view)?;
    if as_of.is_some() && basis == Basis::Accepted {
        keep_owed(&mut cells, &by_plan);
    }
    let mut chosen: HashMap<PlanId, HashMap<(PeriodId, IndicatorId), UnitId>> = HashMap::new();
    for made in &consolidated {
        // Only what the latest revision decides counts.
        chosen.entry(made.plan_id.clone()).or_default().retain(|(period, _), _| *period != made.period_id);
        for choice in db::from_json::<Vec<Choice>>(&made.resolutions)? {
            let place = (made.period_id.clone(), IndicatorId::from_text(choice.indicator.id));
            chosen.entry(made.plan_id.clone()).or_default().insert(place, UnitId::from_text(choice.unit.id));
        }
    }
    let figures = |plan: &PlanKey| {
        let mut periods = by_plan.remove(&plan.id).unwrap_or_default();
        periods.sort_by(|a, b| (a.label, a.ends_on, &a.id).cmp(&(b.label, b.ends_on, &b.id)));
        PlanFigures {
            plan: plan.clone(),
            known: known.get(plan.id.as_str()).cloned().unwrap_or_default(),
            units: units.get(&plan.jurisdiction).cloned().unwrap_or_default(),
            periods,
            cells: cells.remove(&plan.id).unwrap_or_default(),
            splits: HashMap::new(),
            chosen: chosen.remove(&plan.id).unwrap_or_default(),
            computed: if basis == Basis::Published { covering.years_of(&plan.id) } else { HashMap::new() },
        }
    };
    Ok(plans.iter().map(figures).collect())
}

fn grouped<T, K: std::hash::Hash + Eq>(items: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}

/// A decision whose single-source figure counts, as a consolidated report keeps it.
#[derive(Deserialize)]
struct Choice {
    indicator: Ref,
    unit: Ref,
}

#[derive(Queryable)]
struct Consolidated {
    plan_id: PlanId,
    period_id: PeriodId,
    resolutions: String,
    made: Made,
}

/// The consolidated reports of plans, those of one period together and later revisions last; as of an instant those that were
/// published then.
fn consolidated(c: &mut Conn, plans: &[PlanId], as_of: Option<UtcTime>) -> Result<Vec<Consolidated>> {
    use consolidated_reports as k;
    let columns = (k::plan_id, k::period_id, k::resolutions, made_columns!());
    let query = k::table.filter(k::plan_id.eq_any(plans)).order((k::period_id, k::revision)).select(columns).into_boxed();
    let Some(at) = as_of else { return Ok(query.load(c)?) };
    let mut then: Vec<Consolidated> = query.filter(published_at!(at)).load(c)?;
    for one in &mut then {
        one.made.published = true;
        // What has become of it since is not told.
        "sent".clone_into(&mut one.made.status);
    }
    Ok(then)
}

/// The figures of those who owed them, where that was frozen: who was excused may have given them all the same.
fn keep_owed(cells: &mut Totals, periods: &HashMap<PlanId, Vec<KnownPeriod>>) {
    for (plan, of_plan) in cells {
        let known: HashMap<&PeriodId, &KnownPeriod> = periods.get(plan).into_iter().flatten().map(|period| (&period.id, period)).collect();
        for ((period, indicator), totals) in of_plan {
            let asked = known.get(period).and_then(|period| period.frozen.as_ref()).map(|frozen| frozen.get(indicator));
            if let Some(asked) = asked {
                totals.retain(|total| asked.is_some_and(|of| of.units.contains(&total.unit) || of.excused.contains(&total.unit)));
            }
        }
    }
}

/// What is published of each period, of its own.
fn published(all: &[Consolidated]) -> HashMap<PeriodId, Published> {
    let of = |one: &[Consolidated]| Some((one.first()?.period_id.clone(), Published::among(one.iter().map(|c| &c.made))?));
    all.chunk_by(|a, b| a.period_id == b.period_id).filter_map(of).collect()
}

#[derive(Queryable)]
struct PeriodRow {
    id: PeriodId,
    plan_id: PlanId,
    kind: String,
    label: String,
    ends_on: NaiveDate,
    due_at: UtcTime,
    status: String,
    frozen: bool,
}

impl PeriodRow {
    fn regular(&self) -> Option<Label> {
        if self.kind == "periodic" { Label::parse(&self.label) } else { None }
    }
}

/// Which periods are asked for.
enum Asked<'a> {
    /// The regular ones of the plans.
    Regular,
    /// These, and one more.
    And(&'a PeriodId),
    /// Those of every kind.
    Every,
}

impl Asked<'_> {
    fn kinds(&self) -> &'static [&'static str] {
        if matches!(self, Self::Every) { &["periodic", "thematic", "ad_hoc"] } else { &["periodic"] }
    }

    fn more(&self) -> &str {
        if let Self::And(period) = self { period.as_str() } else { "" }
    }
}

macro_rules! wanted {
    ($plans:expr, $asked:expr) => {
        reporting_periods::plan_id
            .eq_any($plans.to_vec())
            .and(reporting_periods::kind.eq_any($asked.kinds()))
            .or(reporting_periods::id.eq($asked.more()))
    };
}

fn periods(c: &mut Conn, plans: &[PlanId], asked: &Asked<'_>) -> Result<Vec<PeriodRow>> {
    let columns = (
        reporting_periods::id,
        reporting_periods::plan_id,
        reporting_periods::kind,
        reporting_periods::label,
        reporting_periods::ends_on,
        reporting_periods::due_at,
        reporting_periods::status,
        reporting_periods::frozen,
    );
    Ok(reporting_periods::table.filter(wanted!(plans, asked)).select(columns).load(c)?)
}

/// What opened periods froze.
struct Given {
    asked: HashMap<PeriodId, BTreeMap<IndicatorId, AskedOf>>,
}

/// Who owes an indicator, and from when until when.
type Owing = (UnitId, UtcTime, Option<UtcTime>);
/// An indicator that a period asks in a version, and one of the units that owe it or did.
type AskedRow = (PeriodId, IndicatorId, (Option<i32>, Option<IndicatorId>), Option<Owing>);

/// At which instant it counts who owes what.
#[derive(Clone, Copy)]
enum OwedAt<'a> {
    /// When what is published of each period was computed.
    Computing(&'a Covering),
    /// Of all periods at this one.
    Instant(UtcTime),
}

/// Who owes what in these periods, now or at another instant.
fn period_sets(c: &mut Conn, plans: &[PlanId], asked: &Asked<'_>, periods: &[PeriodRow], at: Option<OwedAt<'_>>) -> Result<Given> {
    use {period_excusals as e, period_indicators as i, period_obligations as o};
    let ids = || reporting_periods::table.filter(wanted!(plans, asked)).select(reporting_periods::id);
    let of = o::period_id.eq(i::period_id).and(o::indicator_id.eq(i::indicator_id));
    let rows: Vec<AskedRow> = i::table
        .left_join(o::table.on(of))
        .filter(i::period_id.eq_any(ids()))
        .select((i::period_id, i::indicator_id, (i::definition_version, i::counterpart_id), (o::unit_id, o::since, o::until).nullable()))
        .load(c)?;
    let excused: Vec<(PeriodId, Owing)> =
        e::table.filter(e::period_id.eq_any(ids())).select((e::period_id, (e::unit_id, e::since, e::until))).load(c)?;
    let instant = |period: &PeriodRow| match at? {
        OwedAt::Computing(covering) => covering.computed_at(period),
        OwedAt::Instant(at) => Some(at),
    };
    let instants: HashMap<&PeriodId, UtcTime> = periods.iter().filter_map(|period| Some((&period.id, instant(period)?))).collect();
    let holds = |period: &PeriodId, (_, since, until): &Owing| match instants.get(period) {
        None => until.is_none(),
        Some(at) => since <= at && until.is_none_or(|until| *at < until),
    };
    let excused: HashSet<(PeriodId, UnitId)> =
        excused.into_iter().filter(|(period, owing)| holds(period, owing)).map(|(period, (unit, ..))| (period, unit)).collect();
    let mut asked: HashMap<PeriodId, BTreeMap<IndicatorId, AskedOf>> = HashMap::new();
    for (period, indicator, (version, counterpart), owing) in rows {
        let of = asked.entry(period.clone()).or_default().entry(indicator).or_default();
        of.version = version.unwrap_or_default();
        of.counterpart = counterpart;
        if let Some((unit, ..)) = owing.filter(|owing| holds(&period, owing)) {
            let away = excused.contains(&(period, unit.clone()));
            if away {
                of.excused.insert(unit)
            } else {
                of.units.insert(unit)
            };
        }
    }
    Ok(Given { asked })
}

impl Given {
    fn known(&mut self, period: PeriodRow, due: bool, published: Option<Published>) -> KnownPeriod {
        let label = period.regular();
        KnownPeriod {
            label,
            due,
            published,
            frozen: period.frozen.then(|| self.asked.remove(&period.id).unwrap_or_default()),
            id: period.id,
            name: period.label,
            ends_on: period.ends_on,
        }
    }
}

/// Until when published reports speak of a period: a quarter's own one, or that of its year. To the public a quarter is
/// due if what was sent counts it so; before that, nothing is said of it.
struct Covering {
    own: HashMap<PeriodId, UtcTime>,
    yearly: HashMap<(PlanId, i32), UtcTime>,
}

impl Covering {
    fn of(periods: &[PeriodRow], consolidated: &[Consolidated]) -> Self {
        let own: HashMap<PeriodId, UtcTime> = consolidated.iter().map(|c| (c.period_id.clone(), c.made.computed_at)).collect();
        let yearly = periods.iter().filter_map(|period| match period.regular() {
            Some(Label::Year(year)) => Some(((period.plan_id.clone(), year), *own.get(&period.id)?)),
            _ => None,
        });
        Self { yearly: yearly.collect(), own }
    }

    /// When that which was published last of each year of a plan was computed.
    fn years_of(&self, plan: &PlanId) -> HashMap<i32, UtcTime> {
        self.yearly.iter().filter(|((of, _), _)| of == plan).map(|((_, year), at)| (*year, *at)).collect()
    }

    fn of_year(&self, period: &PeriodRow) -> Option<UtcTime> {
        let label = period.regular()?;
        self.yearly.get(&(period.plan_id.clone(), label.year())).copied()
    }

    /// When that which was published last of a period was computed.
    fn computed_at(&self, period: &PeriodRow) -> Option<UtcTime> {
        self.own.get(&period.id).copied().max(self.of_year(period))
    }

    fn due(&self, period: &PeriodRow) -> bool {
        let year = self.of_year(period);
        let passed = |computed_at: &UtcTime| period.due_at <= *computed_at && (period.frozen || period.status != "closed");
        self.own.get(&period.id).is_some_and(passed) || year.as_ref().is_some_and(passed)
    }
}

type Totals = HashMap<PlanId, HashMap<(PeriodId, IndicatorId), Vec<ReportedTotal>>>;

/// What a unit says of the whole, or of one part of it.
#[derive(Queryable)]
struct CellRow {
    plan_id: PlanId,
    period_id: PeriodId,
    report_id: ReportId,
    unit_id: UnitId,
    indicator_id: IndicatorId,
    disaggregation: String,
    observation: Observation,
}

/// The columns of [`CellRow`] in the one table or the other, which are alike.
macro_rules! cell_columns {
    ($table:ident) => {
        (
            $table::plan_id,
            $table::period_id,
            $table::report_id,
            $table::unit_id,
            $table::indicator_id,
            $table::disaggregation,
            observation_columns!($table),
        )
    };
}

/// Of cells that are split by two dimensions nothing is made here; codes hold no quotation marks.
const SEVERAL: &str = r#"%","%"#;

fn cells(c: &mut Conn, plans: &[PlanId], asked: &Asked<'_>, View { basis, as_of }: View) -> Result<Totals> {
    let within = reporting_periods::table.filter(wanted!(plans, asked)).select(reporting_periods::id);
    let rows: Vec<CellRow> = match (basis, as_of) {
        (Basis::Accepted, Some(at)) => observations::table
            .filter(observations::period_id.eq_any(within))
            .filter(held_at!(observations, at))
            .filter(observations::disaggregation.not_like(SEVERAL))
            .order((observations::period_id, observations::id))
            .select(cell_columns!(observations))
            .load(c)?,
        (Basis::Published, Some(at)) => frozen_observations::table
            .inner_join(consolidated_reports::table)
            .filter(published_at!(at))
            .filter(held_at!(frozen_observations, at))
            .filter(frozen_observations::period_id.eq_any(within))
            .filter(frozen_observations::disaggregation.not_like(SEVERAL))
            .order((consolidated_reports::sent_at, consolidated_reports::id, frozen_observations::id))
            .select(cell_columns!(frozen_observations))
            .load(c)?,
        (Basis::Accepted, None) => observations::table
            .filter(observations::period_id.eq_any(within))
            .filter(observations::since.is_not_null().and(observations::until.is_null()))
            .filter(observations::counted.eq(true))
            .filter(observations::disaggregation.not_like(SEVERAL))
            .order((observations::period_id, observations::id))
            .select(cell_columns!(observations))
            .load(c)?,
        (Basis::Published, None) => frozen_observations::table
            .inner_join(consolidated_reports::table)
            .filter(consolidated_reports::published.eq(true))
            .filter(frozen_observations::since.is_not_null().and(frozen_observations::until.is_null()))
            .filter(frozen_observations::period_id.eq_any(within))
            .filter(frozen_observations::disaggregation.not_like(SEVERAL))
            .order((consolidated_reports::sent_at, consolidated_reports::id, frozen_observations::id))
            .select(cell_columns!(frozen_observations))
            .load(c)?,
    };
    let (wholes, parts): (Vec<CellRow>, Vec<CellRow>) = rows.into_iter().partition(|row| row.disaggregation == "{}");
    let mut totals = Totals::new();
    for row in wholes {
        let of_plan = totals.entry(row.plan_id).or_default().entry((row.period_id, row.indicator_id)).or_default();
        let cell = ReportedTotal { unit: row.unit_id, report: row.report_id, observation: row.observation, parts: Vec::new() };
        of_plan.push(cell);
    }
    for row in parts {
        let of_plan = totals.get_mut(&row.plan_id).and_then(|of_plan| of_plan.get_mut(&(row.period_id, row.indicator_id)));
        let total = of_plan.and_then(|cells| cells.iter_mut().find(|cell| cell.report == row.report_id));
        let place: BTreeMap<String, String> = db::from_json(&row.disaggregation)?;
        if let (Some(total), Some(place)) = (total, place.into_iter().next()) {
            total.parts.push((place, row.observation));
        }
    }
    Ok(totals)
}
