//! Rows of reporting periods and of what is kept with them, and the statements that read and write them. Nothing is decided
//! here.

use super::asked::{AskedIndicator, OwedBy};
use super::rules::Times;
use super::wire::{Excused, ExtensionOut, PeriodKind, PeriodStatus};
use crate::actor::Actor;
use crate::change::Write;
use crate::db::schema::{
    consolidated_reports, indicators, jurisdictions, period_extensions, period_indicators, period_obligations, period_units, plans,
    reporting_periods as periods, reports, units,
};
use crate::db::{self, Conn};
use crate::problem::{Error, Result, codes};
use crate::rooms::indicators::{IndicatorDimension, IndicatorSummary};
use crate::rooms::plans::PlanKey;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::days::Days;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::text;
use crate::{both, versioned};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `reporting_periods`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = periods, treat_none_as_null = true)]
pub(super) struct PeriodRow {
    pub id: PeriodId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub kind: String,
    pub frequency: Option<String>,
    pub label: String,
    pub title_vi: Option<String>,
    pub title_en: Option<String>,
    pub instructions: Option<String>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub data_cutoff: Option<NaiveDate>,
    pub opens_at: UtcTime,
    pub due_at: UtcTime,
    pub consolidated_due_at: Option<UtcTime>,
    pub status: String,
    pub units_given: bool,
    pub indicators_given: bool,
    pub frozen: bool,
    pub requested_by: Option<String>,
    pub request_id: Option<String>,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    /// What it asks beside its indicators, as JSON.
    pub questions: String,
}

impl PeriodRow {
    /// Where it stands.
    ///
    /// # Errors
    /// Internal, if the column holds something else.
    pub(super) fn status(&self) -> Result<PeriodStatus> {
        PeriodStatus::parse(&self.status).ok_or_else(|| Error::internal("a period of unknown status"))
    }

    /// The text that `q` searches.
    pub(super) fn refold(&mut self) {
        let texts = [Some(self.label.as_str()), self.title_vi.as_deref(), self.title_en.as_deref(), self.instructions.as_deref()];
        self.fold = text::fold_all(texts);
    }

    /// A new one of a plan, that says nothing yet but which days it is about and when it opens and is due.
    pub(super) fn new(plan: &PlanKey, actor: &Actor, times: &Times) -> Self {
        Self {
            id: PeriodId::new(),
            plan_id: plan.id.clone(),
            jurisdiction: plan.jurisdiction.clone(),
            kind: PeriodKind::Periodic.as_str().to_owned(),
            frequency: None,
            label: times.label.clone(),
            title_vi: None,
            title_en: None,
            instructions: None,
            starts_on: times.starts_on,
            ends_on: times.ends_on,
            data_cutoff: None,
            opens_at: times.opens_at,
            due_at: times.due_at,
            consolidated_due_at: None,
            status: "planned".to_owned(),
            units_given: false,
            indicators_given: false,
            frozen: false,
            requested_by: None,
            request_id: None,
            fold: String::new(),
            version: 1,
            created_at: actor.now,
            updated_at: actor.now,
            questions: "[]".to_owned(),
        }
    }
}

versioned!(PeriodRow, "reporting_period", "reporting_periods");

/// The code of a period's plan, beside the columns of the period.
macro_rules! plan_code {
    () => {
        plans::table.filter(plans::id.eq(periods::plan_id)).select(plans::code).single_value().assume_not_null()
    };
}
pub(super) use plan_code;

/// A period with the code of its plan.
pub(super) type PeriodWithPlan = (PeriodRow, String);

/// How many reports and consolidated reports there are of a period.
pub(super) type Referrers = (db::Count, db::Count);

/// A period with the code of its plan, what refers to it and the days of its ward.
pub(super) type PeriodWithReferrers = (PeriodRow, String, Referrers, Days);

/// A period with what its answer tells beside its lists, if there is such a period.
pub(super) fn period_with_referrers(c: &mut Conn, id: &PeriodId) -> Result<Option<PeriodWithReferrers>> {
    type Row = (PeriodRow, String, Referrers, (Option<NaiveDate>, Option<NaiveDate>));
    let referrers = (
        reports::table.filter(reports::period_id.eq(periods::id)).count().single_value(),
        consolidated_reports::table.filter(consolidated_reports::period_id.eq(periods::id)).count().single_value(),
    );
    let found = periods::table.inner_join(jurisdictions::table.on(jurisdictions::code.eq(periods::jurisdiction)));
    let days = (jurisdictions::valid_from, jurisdictions::valid_until);
    let columns = (PeriodRow::as_select(), plan_code!(), referrers, days);
    let found: Option<Row> = found.filter(periods::id.eq(id)).select(columns).first(c).optional()?;
    Ok(found.map(|(row, plan, referrers, (from, until))| (row, plan, referrers, Days::new(from, until))))
}

/// A period, if there is such a period.
pub(super) fn period(c: &mut Conn, id: &PeriodId) -> Result<Option<PeriodRow>> {
    Ok(periods::table.find(id).first(c).optional()?)
}

/// These periods, in the order of their making.
pub(super) fn periods_with_plan(c: &mut Conn, ids: &[PeriodId]) -> Result<Vec<PeriodWithPlan>> {
    let found = periods::table.filter(periods::id.eq_any(ids)).order(periods::id);
    Ok(found.select((PeriodRow::as_select(), plan_code!())).load(c)?)
}

/// The periods of a ward that end on a day or later and are not closed, the earliest first.
pub(super) fn unclosed_from(c: &mut Conn, jurisdiction: &str, day: NaiveDate) -> Result<Vec<PeriodRow>> {
    let later = periods::table.filter(periods::jurisdiction.eq(jurisdiction)).filter(periods::ends_on.ge(day));
    Ok(later.filter(periods::status.ne(PeriodStatus::Closed.as_str())).order((periods::ends_on, periods::id)).load(c)?)
}

/// What refers to a period.
pub(super) fn referrers(c: &mut Conn, id: &PeriodId) -> Result<Referrers> {
    Ok(diesel::select((
        reports::table.filter(reports::period_id.eq(id)).count().single_value(),
        consolidated_reports::table.filter(consolidated_reports::period_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?)
}

/// Writes a changed row.
///
/// # Errors
/// 409 `period.exists`.
pub(super) fn update(w: &mut Write<'_>, row: &PeriodRow) -> Result<()> {
    diesel::update(periods::table.find(&row.id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::PERIOD_EXISTS))?;
    Ok(())
}

/// A unit that is kept with a period, and the time that it was given.
pub(super) struct KeptUnit {
    pub period: PeriodId,
    pub unit: Ref,
    pub excused: Option<Excused>,
    pub extension: Option<ExtensionOut>,
}

/// The units that are kept with these periods, in their order; one with several extensions stands there as often.
pub(super) fn units_of(c: &mut Conn, ids: &[&PeriodId]) -> Result<Vec<KeptUnit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    use {period_extensions as e, period_units as u};
    type Given = (String, UtcTime, String, String, UtcTime);
    let given = e::period_id.eq(u::period_id).and(e::unit_id.eq(u::unit_id));
    type Away = (Option<UtcTime>, Option<String>);
    let found: Vec<(PeriodId, UnitId, String, Away, Option<Given>)> = u::table
        .inner_join(units::table)
        .left_join(e::table.on(given))
        .filter(u::period_id.eq_any(ids))
        .order((u::position, e::created_at, e::id))
        .select((
            u::period_id,
            units::id,
            units::code,
            (u::excused_at, u::excused_reason),
            (e::id, e::due_at, e::reason, e::given_by_name, e::created_at).nullable(),
        ))
        .load(c)?;
    let kept = |(period, id, code, (at, reason), given): (PeriodId, UnitId, String, Away, Option<Given>)| {
        let unit = Ref::new(id, code);
        let extension = given.map(|(id, due_at, reason, given_by, created_at)| {
            let unit = unit.clone();
            ExtensionOut { id, unit, due_at, reason, given_by, created_at }
        });
        KeptUnit { period, unit, excused: at.map(|at| Excused { reason, at }), extension }
    };
    Ok(found.into_iter().map(kept).collect())
}

/// An indicator that is kept with a period, and one of those who owe it.
pub(super) struct KeptIndicator {
    pub period: PeriodId,
    pub indicator: Ref,
    /// The version that is asked; 0 before the opening.
    pub version: i32,
    pub counterpart: Option<Ref>,
    pub owed_by: Option<OwedBy>,
}

/// The indicators that are kept with these periods, in their order; one that several units owe stands there as often.
pub(super) fn indicators_of(c: &mut Conn, ids: &[&PeriodId]) -> Result<Vec<KeptIndicator>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    use {period_indicators as i, period_obligations as o};
    type Owing = (UnitId, Option<UnitId>);
    type Row = (PeriodId, IndicatorId, String, Option<i32>, Option<String>, Option<Owing>);
    let held = o::period_id.eq(i::period_id).and(o::indicator_id.eq(i::indicator_id)).and(o::until.is_null());
    let found: Vec<Row> = i::table
        .inner_join(indicators::table)
        .left_join(o::table.on(held))
        .filter(i::period_id.eq_any(ids))
        .order((i::period_id, i::position, o::unit_id))
        .select((
            i::period_id,
            indicators::id,
            indicators::code,
            i::definition_version,
            i::counterpart,
            (o::unit_id, o::via_group).nullable(),
        ))
        .load(c)?;
    let kept = |(period, id, code, version, counterpart, owing): Row| {
        Ok(KeptIndicator {
            period,
            indicator: Ref::new(id, code),
            version: version.unwrap_or_default(),
            counterpart: db::from_json_opt(counterpart.as_deref())?,
            owed_by: owing.map(|(unit, via_group)| OwedBy { unit, via_group }),
        })
    };
    found.into_iter().map(kept).collect()
}

/// Keeps a period's units with it, in place of those kept before.
///
/// # Errors
/// If the database fails.
pub(super) fn keep_units(w: &mut Write<'_>, period: &PeriodId, units: &[Ref]) -> Result<()> {
    diesel::delete(period_units::table.filter(period_units::period_id.eq(period))).execute(w.conn())?;
    add_units(w, period, units, 0)
}

/// Keeps further units with it, from this place on.
///
/// # Errors
/// If the database fails.
pub(super) fn add_units(w: &mut Write<'_>, period: &PeriodId, units: &[Ref], place: i32) -> Result<()> {
    use period_units as u;
    let row = |(position, unit): (i32, &Ref)| (u::period_id.eq(period.clone()), u::unit_id.eq(unit.id.clone()), u::position.eq(position));
    let rows: Vec<_> = (place..).zip(units).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(u::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Keeps a period's indicators with it, in place of those kept before.
///
/// # Errors
/// If the database fails.
pub(super) fn keep_indicators(w: &mut Write<'_>, period: &PeriodId, indicators: &[Ref]) -> Result<()> {
    diesel::delete(period_indicators::table.filter(period_indicators::period_id.eq(period))).execute(w.conn())?;
    use period_indicators as i;
    let row = |(position, of): (i32, &Ref)| (i::period_id.eq(period.clone()), i::indicator_id.eq(of.id.clone()), i::position.eq(position));
    let rows: Vec<_> = (0..).zip(indicators).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(i::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Keeps with a period for good what it asks, in which version and with which values, in place of what was kept before; `known`
/// are the indicators of its plan.
///
/// # Errors
/// If the database fails.
pub(super) fn freeze_indicators(w: &mut Write<'_>, period: &PeriodId, asked: &[AskedIndicator], known: &[IndicatorSummary]) -> Result<()> {
    use period_indicators as i;
    diesel::delete(i::table.filter(i::period_id.eq(period))).execute(w.conn())?;
    let mut rows = Vec::with_capacity(asked.len());
    for (position, asked) in (0_i32..).zip(asked) {
        let version = known.iter().find(|k| k.id.as_str() == asked.reference.id).and_then(|k| k.in_version(asked.version));
        let dimensions = version.map(|version| version.dimensions).unwrap_or_default();
        rows.push((
            i::period_id.eq(period.clone()),
            i::indicator_id.eq(asked.reference.id.clone()),
            i::position.eq(position),
            i::definition_version.eq(asked.version),
            i::counterpart.eq(db::to_json_opt(asked.counterpart.as_ref())?),
            i::counterpart_id.eq(asked.counterpart.as_ref().map(|of_province| of_province.id.clone())),
            i::dimensions.eq(db::to_json(&dimensions.into_iter().map(active_values).collect::<Vec<_>>())?),
        ));
    }
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(i::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn active_values(mut dimension: IndicatorDimension) -> IndicatorDimension {
    dimension.values.retain(|value| value.active);
    dimension
}

/// Writes who owes what from now on.
///
/// # Errors
/// If the database fails.
pub(super) fn insert_obligations<'a>(
    w: &mut Write<'_>,
    period: &PeriodId,
    owed: impl Iterator<Item = (&'a str, &'a OwedBy)>,
    now: UtcTime,
) -> Result<()> {
    use period_obligations as o;
    let row = |(indicator, by): (&str, &OwedBy)| {
        (
            o::period_id.eq(period.clone()),
            o::unit_id.eq(by.unit.clone()),
            o::indicator_id.eq(indicator.to_owned()),
            o::via_group.eq(by.via_group.clone()),
            o::since.eq(now),
        )
    };
    let rows: Vec<_> = owed.map(row).collect();
    for batch in rows.chunks(1000) {
        both!(w.conn(), c => diesel::insert_into(o::table).values(batch).execute(c))?;
    }
    Ok(())
}
