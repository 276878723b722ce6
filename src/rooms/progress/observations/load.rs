//! Observations in the database: accepted ones of the caller's own wards and published ones of all others, in one order.

use super::wanted::{self, Wanted};
use super::wire::{FigureStatus, ObservationFilter, ObservationOut};
use crate::actor::Actor;
use crate::db::schema::{
    consolidated_reports, frozen_observations, indicator_definitions, indicators, observations, reporting_periods, reports,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Conn};
use crate::figures::value_of;
use crate::problem::{Error, Result};
use crate::reading::paging::{Page, Paging, Window};
use crate::rooms::indicators::Definition;
use crate::rooms::plans;
use crate::rooms::progress::area;
use crate::rooms::results::{self, Basis, DisclosureMask};
use crate::rooms::units;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::{Frequency, reference};
use crate::values::{PeriodRef, Ref};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamp};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

/// Since when an accepted figure can be read. Accepted data are immutable, so it is also when it last changed.
const ACCEPTED_AT: &str = "(SELECT coalesce(r.accepted_at, r.updated_at) FROM reports r WHERE r.id = report_id)";
/// Since when a published figure can be read.
const SENT_AT: &str = "(SELECT coalesce(k.sent_at, k.updated_at) FROM consolidated_reports k WHERE k.id = consolidated_id)";

const ACCEPTED: &[SortField] = &[SortField { name: "updated_at", sql: ACCEPTED_AT, kind: Kind::Time }];
const PUBLISHED: &[SortField] = &[SortField { name: "updated_at", sql: SENT_AT, kind: Kind::Time }];
const TIE: SortField = SortField { name: "id", sql: "id", kind: Kind::Text };

/// A figure, from either table.
#[derive(Debug, Clone, Queryable)]
struct CellRow {
    id: String,
    jurisdiction: String,
    plan_id: PlanId,
    period_id: PeriodId,
    unit_id: UnitId,
    indicator_id: IndicatorId,
    disaggregation: String,
    numerator: Option<Decimal4>,
    denominator: Option<Decimal4>,
    answer: Option<bool>,
    status: String,
    not_applicable: Option<String>,
    note: Option<String>,
    extra: Option<String>,
    definition_version: i32,
    since: UtcTime,
}

fn key(row: &CellRow, field: &str) -> Key {
    match field {
        "updated_at" => Key::time(row.since),
        _ => Key::from(row.id.as_str()),
    }
}

/// The figures of one table that are wanted; the two tables have these columns in common.
macro_rules! wanted_in {
    ($table:ident, $since:expr, $wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = $table::table.into_boxed();
        if let Some(plan) = &wanted.plan {
            query = query.filter($table::plan_id.eq(plan));
        }
        if let Some(area) = &wanted.area {
            query = query.filter($table::jurisdiction.eq_any(area));
        }
        if let Some(named) = &wanted.indicators {
            query = query.filter($table::indicator_id.eq_any(named));
        }
        if let Some(goals) = &wanted.goals {
            let of_goal = indicators::table.filter(indicators::goal_id.eq_any(goals)).select(indicators::id);
            query = query.filter($table::indicator_id.eq_any(of_goal));
        }
        if let Some(units) = &wanted.units {
            query = query.filter($table::unit_id.eq_any(units));
        }
        if let Some(periods) = &wanted.periods {
            query = query.filter($table::period_id.eq_any(periods));
        }
        if let Some(from) = wanted.from {
            let later = reporting_periods::table.filter(reporting_periods::starts_on.ge(from)).select(reporting_periods::id);
            query = query.filter($table::period_id.eq_any(later));
        }
        if let Some(to) = wanted.to {
            let earlier = reporting_periods::table.filter(reporting_periods::ends_on.le(to)).select(reporting_periods::id);
            query = query.filter($table::period_id.eq_any(earlier));
        }
        for part in &wanted.parts {
            // Unlike LIKE, this minds the case on both databases and knows no wildcards.
            query = query.filter(sql::<Bool>("replace(disaggregation, ").bind::<Text, _>(part).sql(", '') <> disaggregation"));
        }
        if let Some(status) = wanted.status {
            query = query.filter($table::status.eq(status.as_str()));
        }
        if let Some(since) = wanted.since {
            query = query.filter(sql::<Bool>($since).sql(" >= ").bind::<Timestamp, _>(since.naive()));
        }
        query
    }};
}

/// The first rows of a query after the cursor.
macro_rules! first_rows {
    ($c:expr, $table:ident, $since:expr, $window:expr, $query:expr) => {{
        let window: &Window = $window;
        let mut query = $query;
        if let Some(after) = window.keyset.condition::<$table::table>() {
            query = query.filter(after);
        }
        query
            .select((
                $table::id,
                $table::jurisdiction,
                $table::plan_id,
                $table::period_id,
                $table::unit_id,
                $table::indicator_id,
                $table::disaggregation,
                $table::numerator,
                $table::denominator,
                $table::answer,
                $table::status,
                $table::not_applicable,
                $table::note,
                $table::extra,
                $table::definition_version,
                sql::<Timestamp>($since),
            ))
            .order_by(sql::<Text>(&window.keyset.order_sql()))
            .limit(window.fetch())
            .load::<CellRow>($c)?
    }};
}

macro_rules! accepted {
    ($wanted:expr, $own:expr) => {{
        let accepted = reports::table.filter(reports::status.eq_any(["accepted", "consolidated"])).select(reports::id);
        let query = wanted_in!(observations, ACCEPTED_AT, $wanted).filter(observations::report_id.eq_any(accepted));
        match $own {
            Some(own) => query.filter(observations::jurisdiction.eq_any(own)),
            None => query,
        }
    }};
}

macro_rules! published {
    ($wanted:expr, $own:expr) => {{
        let published = consolidated_reports::table.filter(consolidated_reports::published.eq(true)).select(consolidated_reports::id);
        let query = wanted_in!(frozen_observations, SENT_AT, $wanted).filter(frozen_observations::consolidated_id.eq_any(published));
        query.filter(frozen_observations::jurisdiction.ne_all($own))
    }};
}

/// A page of observations. Either table gives as many rows as the page may hold; together they are cut again, so that
/// none is skipped and none comes twice.
pub(in crate::rooms::progress) fn list(
    c: &mut Conn,
    actor: &Actor,
    filter: &ObservationFilter,
    query: &Map<String, Value>,
    paging: &Paging,
) -> Result<Page<ObservationOut>> {
    let accepted_window = paging.window(ACCEPTED, "updated_at", TIE)?;
    let published_window = paging.window(PUBLISHED, "updated_at", TIE)?;
    let wanted = wanted::read(c, filter, query)?;
    let own = area::own(actor).codes();
    let mut rows = Vec::new();
    let mut total = 0;
    if own.as_ref().is_none_or(|own| !own.is_empty()) {
        rows = first_rows!(c, observations, ACCEPTED_AT, &accepted_window, accepted!(&wanted, own.as_ref()));
        if accepted_window.include_total {
            total += accepted!(&wanted, own.as_ref()).count().get_result::<i64>(c)?;
        }
    }
    if let Some(own) = &own {
        rows.append(&mut first_rows!(c, frozen_observations, SENT_AT, &published_window, published!(&wanted, own)));
        if accepted_window.include_total {
            total += published!(&wanted, own).count().get_result::<i64>(c)?;
        }
    }
    rows.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
    if paging.sort.as_deref().is_some_and(|sort| sort.starts_with('-')) {
        rows.reverse();
    }
    let page = accepted_window.cut(rows, accepted_window.include_total.then_some(total), key);
    let beside = Beside::load(c, &page.items)?;
    let mask = beside.mask(c, actor, &page.items)?;
    page.try_map(|row| beside.shown(actor, &mask, row))
}

/// What answers name beside the figures: one statement each, however many rows there are.
struct Beside {
    plans: HashMap<PlanId, String>,
    units: HashMap<UnitId, Ref>,
    periods: HashMap<PeriodId, (String, NaiveDate, NaiveDate)>,
    indicators: HashMap<IndicatorId, Named>,
    definitions: HashMap<(IndicatorId, i32), Definition>,
}

struct Named {
    code: String,
    frequency: Frequency,
    restricted: bool,
    version: i32,
}

impl Beside {
    fn load(c: &mut Conn, rows: &[CellRow]) -> Result<Self> {
        let periods: BTreeSet<&PeriodId> = rows.iter().map(|r| &r.period_id).collect();
        let periods: Vec<(PeriodId, String, NaiveDate, NaiveDate)> = reporting_periods::table
            .filter(reporting_periods::id.eq_any(periods))
            .select((reporting_periods::id, reporting_periods::label, reporting_periods::starts_on, reporting_periods::ends_on))
            .load(c)?;
        let mut beside = Self {
            plans: plans::codes_of(c, None, rows.iter().map(|r| &r.plan_id))?,
            units: units::references(c, rows.iter().map(|r| &r.unit_id))?,
            periods: periods.into_iter().map(|(id, label, from, to)| (id, (label, from, to))).collect(),
            indicators: HashMap::new(),
            definitions: HashMap::new(),
        };
        beside.load_indicators(c, rows)?;
        Ok(beside)
    }

    /// The indicators, with the definitions under which the figures were reported.
    fn load_indicators(&mut self, c: &mut Conn, rows: &[CellRow]) -> Result<()> {
        let ids: BTreeSet<&IndicatorId> = rows.iter().map(|r| &r.indicator_id).collect();
        let found: Vec<(IndicatorId, String, String, bool, String, i32)> = indicators::table
            .filter(indicators::id.eq_any(ids))
            .select((
                indicators::id,
                indicators::code,
                indicators::frequency,
                indicators::restricted,
                indicators::definition,
                indicators::definition_version,
            ))
            .load(c)?;
        for (id, code, frequency, restricted, definition, version) in found {
            let frequency = Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?;
            self.definitions.insert((id.clone(), version), db::from_json(&definition)?);
            self.indicators.insert(id, Named { code, frequency, restricted, version });
        }
        let older: BTreeSet<&IndicatorId> = rows
            .iter()
            .filter(|r| !self.definitions.contains_key(&(r.indicator_id.clone(), r.definition_version)))
            .map(|r| &r.indicator_id)
            .collect();
        if older.is_empty() {
            return Ok(());
        }
        let earlier: Vec<(IndicatorId, i32, String)> = indicator_definitions::table
            .filter(indicator_definitions::indicator_id.eq_any(older))
            .select((indicator_definitions::indicator_id, indicator_definitions::definition_version, indicator_definitions::definition))
            .load(c)?;
        for (id, version, definition) in earlier {
            self.definitions.insert((id, version), db::from_json(&definition)?);
        }
        Ok(())
    }

    /// What is hidden of these rows from the caller: of his own wards decided by what was accepted, elsewhere by what was
    /// published.
    fn mask(&self, c: &mut Conn, actor: &Actor, rows: &[CellRow]) -> Result<DisclosureMask> {
        let restricted = |row: &&CellRow| self.indicators.get(&row.indicator_id).is_some_and(|i| i.restricted) && !is_exact(actor, row);
        let (mut own, mut others): (BTreeSet<PlanId>, BTreeSet<PlanId>) = Default::default();
        for row in rows.iter().filter(restricted) {
            let plans = if area::is_own(actor, &row.jurisdiction) { &mut own } else { &mut others };
            plans.insert(row.plan_id.clone());
        }
        let mut mask = DisclosureMask::default();
        for (plans, basis) in [(own, Basis::Accepted), (others, Basis::Published)] {
            if !plans.is_empty() {
                let plans = plans::find_keys(c, &plans.into_iter().collect::<Vec<_>>())?;
                mask.extend(results::mask_of(c, &plans, basis, actor.now, actor.settings.smallest_count)?);
            }
        }
        Ok(mask)
    }

    fn shown(&self, actor: &Actor, mask: &DisclosureMask, row: CellRow) -> Result<ObservationOut> {
        let lost = || Error::internal("a figure whose surroundings are gone");
        let indicator = self.indicators.get(&row.indicator_id).ok_or_else(lost)?;
        let definition = self
            .definitions
            .get(&(row.indicator_id.clone(), row.definition_version))
            .or_else(|| self.definitions.get(&(row.indicator_id.clone(), indicator.version)))
            .ok_or_else(lost)?;
        let (label, from, to) = self.periods.get(&row.period_id).ok_or_else(lost)?;
        let unit = self.units.get(&row.unit_id).cloned().ok_or_else(lost)?;
        let rolled = value_of(&definition.measure(indicator.frequency), row.numerator, row.denominator, row.answer);
        let exact = !indicator.restricted || is_exact(actor, &row);
        let hidden = !exact && mask.hides(&row.period_id, &row.indicator_id, &row.unit_id, &row.disaggregation);
        let says = row.numerator.is_some() || row.denominator.is_some() || row.answer.is_some();
        if indicator.restricted && says && exact && !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id)) {
            actor.reads_exactly("observation", &row.id, &row.jurisdiction, &indicator.code);
        }
        let own = area::is_own(actor, &row.jurisdiction);
        Ok(ObservationOut {
            plan: Ref::new(row.plan_id.clone(), plans::code_in(&self.plans, &row.plan_id)),
            indicator: Ref::new(row.indicator_id, indicator.code.clone()),
            unit,
            period: PeriodRef { id: row.period_id.into(), label: label.clone() },
            reference: reference(definition.reference_period, *from, *to, label),
            disaggregation: db::from_json(&row.disaggregation)?,
            numerator: row.numerator.filter(|_| !hidden),
            denominator: row.denominator.filter(|_| !hidden),
            value: rolled.rounded_value().filter(|_| !hidden),
            answer: rolled.answer.filter(|_| !hidden),
            status: FigureStatus::parse(&row.status).ok_or_else(|| Error::internal("a figure of unknown status"))?,
            not_applicable: row.not_applicable.filter(|_| !hidden),
            // Words, and what stands beside the figures, may tell more than they do.
            note: row.note.filter(|_| own && exact),
            extra: db::from_json_opt(row.extra.filter(|_| exact).as_deref())?,
            suppressed: hidden,
            definition_version: row.definition_version,
            updated_at: row.since,
            id: row.id,
            jurisdiction: row.jurisdiction,
        })
    }
}

/// Whether the caller reads a figure exactly though it is restricted. What a unit reported itself it sees.
fn is_exact(actor: &Actor, row: &CellRow) -> bool {
    actor.sees_restricted(&row.jurisdiction) || actor.caller.as_ref().is_some_and(|c| c.reports_for(&row.unit_id, &row.jurisdiction))
}
