//! Indicators in the database: rows and statements.

pub mod asked;
pub mod definitions;
pub mod links;

use self::asked::{AskedBy, Charged};
use self::links::Links;
use super::rules;
use super::wire::{IndicatorFilter, IndicatorIn, IndicatorOut};
use crate::change::Write;
use crate::db::schema::{
    frozen_observations, goals, indicator_definitions, indicators, jurisdictions, observations, period_indicators, plan_indicators,
    plans as plan_rows, reporting_periods, task_indicators,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn, Count};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::{GoalKey, PlanIndicatorKey, Scope};
use crate::rooms::indicators::definition::Definition;
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{AmendmentId, GoalId, IndicatorId, PlanId, PlanIndicatorId};
use crate::values::period::{Frequency, Label};
use crate::values::{Ref, code, text};
use crate::{page_of, versioned, writes_rows};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `indicators`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = indicators, treat_none_as_null = true)]
pub struct IndicatorRow {
    pub id: IndicatorId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub goal_id: GoalId,
    pub plan_indicator_id: PlanIndicatorId,
    pub code: String,
    pub frequency: String,
    pub restricted: bool,
    pub definition: String,
    pub definition_version: i32,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    /// The year from which on the newest version holds.
    pub effective_from: i32,
    pub last_year: Option<i32>,
    pub continues: Option<IndicatorId>,
    pub counterpart: Option<IndicatorId>,
    pub amendment_id: Option<AmendmentId>,
}

versioned!(IndicatorRow, "indicator", "indicators");
writes_rows!(IndicatorRow, IndicatorId, indicators, codes::CODE_TAKEN);

/// What an indicator belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parents {
    pub plan: PlanKey,
    pub goal: GoalKey,
    /// The printed target that it measures.
    pub printed: PlanIndicatorKey,
    /// The indicator that it goes on from.
    pub continues: Option<Ref>,
    /// The indicator of the province's plan that it names as the one to which it answers.
    pub counterpart: Option<Ref>,
}

impl IndicatorRow {
    /// A new row.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(parents: &Parents, input: &IndicatorIn, definition: &Definition, at: UtcTime) -> Result<Self> {
        let mut row = Self {
            id: IndicatorId::new(),
            plan_id: parents.plan.id.clone(),
            jurisdiction: parents.plan.jurisdiction.clone(),
            goal_id: parents.goal.id.clone(),
            plan_indicator_id: parents.printed.id.clone(),
            code: String::new(),
            frequency: String::new(),
            restricted: false,
            definition: String::new(),
            definition_version: 1,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
            effective_from: input.effective_from.unwrap_or(parents.plan.start_year),
            last_year: input.last_year,
            continues: None,
            counterpart: None,
            amendment_id: None,
        };
        row.fill(parents, input, definition)?;
        Ok(row)
    }

    /// Makes it say this.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, parents: &Parents, input: &IndicatorIn, definition: &Definition) -> Result<()> {
        self.goal_id.clone_from(&parents.goal.id);
        self.plan_indicator_id.clone_from(&parents.printed.id);
        let id = |named: &Option<Ref>| named.as_ref().map(|named| IndicatorId::from_text(named.id.clone()));
        self.continues = id(&parents.continues);
        self.counterpart = id(&parents.counterpart);
        self.last_year = input.last_year;
        self.code.clone_from(&input.code);
        rules::frequency(input).as_str().clone_into(&mut self.frequency);
        self.restricted = input.restricted.unwrap_or(false);
        self.definition = db::to_json(definition)?;
        self.plan_order = code::natural_key(&input.code);
        let texts = text::both(&input.name).into_iter().chain(text::both(&input.statement));
        self.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(texts));
        Ok(())
    }

    /// As clients read it in a year; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else than this service writes.
    pub fn into_out(self, parents: &Parents, links: Links, year: i32) -> Result<IndicatorOut> {
        let IndicatorRow {
            id,
            plan_id,
            jurisdiction: _,
            goal_id,
            plan_indicator_id,
            code,
            frequency,
            restricted,
            definition,
            definition_version,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            effective_from,
            last_year,
            continues: _,
            counterpart: _,
            amendment_id,
        } = self;
        let meaning: Definition = db::from_json(&definition)?;
        Ok(IndicatorOut {
            id: id.into(),
            code,
            version,
            plan: Ref::new(plan_id, &parents.plan.code),
            goal: Ref::new(goal_id, &parents.goal.code),
            plan_indicator: Ref::new(plan_indicator_id, &parents.printed.code),
            name: meaning.name,
            statement: meaning.statement,
            measure_kind: meaning.measure_kind,
            multiplier: meaning.multiplier,
            unit_of_measure: meaning.unit_of_measure,
            direction: meaning.direction,
            baseline: meaning.baseline,
            targets: meaning.targets,
            frequency: Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?,
            reference_period: meaning.reference_period,
            numerator_definition: meaning.numerator_definition,
            denominator_definition: meaning.denominator_definition,
            integer_parts: meaning.integer_parts,
            valid_min: meaning.valid_min,
            valid_max: meaning.valid_max,
            tolerance: meaning.tolerance,
            extra_inputs: meaning.extra_inputs,
            disaggregations: links.dimensions,
            zero_denominator: meaning.zero_denominator,
            roll_up: meaning.roll_up,
            official_definition: meaning.official_definition,
            national_comparison: meaning.national_comparison,
            plausible: meaning.plausible,
            codes: meaning.codes,
            restricted,
            units: links.units,
            editorial_note: meaning.editorial_note,
            source: meaning.source,
            transcription: meaning.transcription,
            definition_version,
            effective_from,
            in_force: effective_from <= year && last_year.is_none_or(|last| year <= last),
            last_year,
            continues: parents.continues.clone(),
            counterpart: parents.counterpart.clone(),
            amendment: amendment_id.map(Into::into),
            created_at,
            updated_at,
            actions: None,
        })
    }
}

/// What a list is sorted by; the rest of it is written already.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = indicators)]
pub struct Listed {
    pub id: IndicatorId,
    pub jurisdiction: String,
    plan_order: String,
    code: String,
    created_at: UtcTime,
    updated_at: UtcTime,
}

/// What a filter names, found. A code stands for every row that it fits within what else is named.
pub struct FoundFilter {
    pub scope: Scope,
    pub goals: Goals,
    pub printed: Option<Vec<PlanIndicatorId>>,
    pub units: Option<Charged>,
    pub asked: Option<AskedBy>,
}

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "indicators.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "indicators.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "indicators.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "indicators.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "indicators.id", kind: Kind::Text };

fn key(row: &Listed, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a IndicatorFilter, found: &'a FoundFilter) -> indicators::BoxedQuery<'a, Backend> {
    let mut query = indicators::table.into_boxed();
    if let Some(plan) = found.scope.plan() {
        query = query.filter(indicators::plan_id.eq(&plan.id));
    }
    if let Some(goals) = found.goals.ids() {
        query = query.filter(indicators::goal_id.eq_any(goals));
    }
    if let Some(printed) = &found.printed {
        query = query.filter(indicators::plan_indicator_id.eq_any(printed));
    }
    match (&found.asked, &found.units) {
        (Some(asked), of) => query = query.filter(asked.condition(of.as_ref())),
        (None, Some(units)) => query = query.filter(units.condition()),
        (None, None) => {}
    }
    if let Some(frequency) = filter.frequency {
        query = query.filter(indicators::frequency.eq(frequency.as_str()));
    }
    if let Some(restricted) = filter.restricted {
        query = query.filter(indicators::restricted.eq(restricted));
    }
    if let Some(area) = found.scope.area() {
        query = query.filter(indicators::jurisdiction.eq_any(area));
    }
    if let Some(code) = &filter.code {
        query = query.filter(indicators::code.eq(code));
    }
    if let Some(q) = &filter.q {
        query = query.filter(indicators::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(indicators::updated_at.ge(since));
    }
    query
}

/// Which part of a list is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "plan_order", TIE)
}

/// A page of them.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, filter: &IndicatorFilter, found: &FoundFilter) -> Result<Page<Listed>> {
    Ok(page_of!(c, window, indicators::table, filtered(filter, found).select(Listed::as_select()), key))
}

/// A row beside what it belongs to, and the codes of the indicators that it names.
type Joined = (IndicatorRow, PlanKey, GoalKey, PlanIndicatorKey, (Option<String>, Option<String>));

/// Indicators with what they belong to.
macro_rules! with_parents {
    () => {{
        let (old, above) = diesel::alias!(indicators as continued, indicators as above);
        let continued = old.filter(old.field(indicators::id).nullable().eq(indicators::continues)).select(old.field(indicators::code));
        let answered =
            above.filter(above.field(indicators::id).nullable().eq(indicators::counterpart)).select(above.field(indicators::code));
        indicators::table.inner_join(plan_rows::table).inner_join(goals::table).inner_join(plan_indicators::table).select((
            IndicatorRow::as_select(),
            PlanKey::as_select(),
            GoalKey::as_select(),
            PlanIndicatorKey::as_select(),
            (continued.single_value(), answered.single_value()),
        ))
    }};
}

fn with_its_parents((row, plan, goal, printed, (continued, answered)): Joined) -> (IndicatorRow, Parents) {
    let named = |id: &Option<IndicatorId>, code: Option<String>| Some(Ref::new(id.clone()?, code?));
    let (continues, counterpart) = (named(&row.continues, continued), named(&row.counterpart, answered));
    (row, Parents { plan, goal, printed, continues, counterpart })
}

/// Those of a plan with what they belong to, in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<(IndicatorRow, Parents)>> {
    let found: Vec<Joined> =
        with_parents!().filter(indicators::plan_id.eq(plan)).order((indicators::plan_order, indicators::id)).load(c)?;
    Ok(found.into_iter().map(with_its_parents).collect())
}

/// Those of a plan that periods ask with what they belong to, in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plan_asked(c: &mut Conn, plan: &PlanId, asked: &AskedBy) -> Result<Vec<(IndicatorRow, Parents)>> {
    let ids: Vec<IndicatorId> =
        indicators::table.filter(indicators::plan_id.eq(plan)).filter(asked.condition(None)).select(indicators::id).load(c)?;
    let found: Vec<Joined> = with_parents!().filter(indicators::id.eq_any(ids)).order((indicators::plan_order, indicators::id)).load(c)?;
    Ok(found.into_iter().map(with_its_parents).collect())
}

/// These with what they belong to.
///
/// # Errors
/// If the database fails.
pub fn with_ids(c: &mut Conn, ids: &[&str]) -> Result<Vec<(IndicatorRow, Parents)>> {
    let found: Vec<Joined> = with_parents!().filter(indicators::id.eq_any(ids)).load(c)?;
    Ok(found.into_iter().map(with_its_parents).collect())
}

/// One of them with what it belongs to.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &IndicatorId) -> Result<(IndicatorRow, Parents)> {
    let found: Option<Joined> = with_parents!().filter(indicators::id.eq(id)).first(c).optional()?;
    found.map(with_its_parents).ok_or_else(|| codes::NOT_FOUND.into())
}

/// What a row belongs to that is not written yet: a printed target and its goal.
///
/// # Errors
/// If the database fails.
pub fn goal_of(c: &mut Conn, row: &IndicatorRow) -> Result<(GoalKey, PlanIndicatorKey)> {
    let printed = plan_indicators::table.inner_join(goals::table).filter(plan_indicators::id.eq(&row.plan_indicator_id));
    Ok(printed.select((GoalKey::as_select(), PlanIndicatorKey::as_select())).first(c)?)
}

/// The administrative unit above another, if there is one.
///
/// # Errors
/// If the database fails.
pub fn above(c: &mut Conn, jurisdiction: &str) -> Result<Option<String>> {
    Ok(jurisdictions::table.filter(jurisdictions::code.eq(jurisdiction)).select(jurisdictions::parent).first(c).optional()?.flatten())
}

/// How many of each kind refer to an indicator. Its duties, its dimensions and its definitions go with it.
#[derive(Debug, Clone, Default, Queryable)]
pub struct Referrers {
    pub tasks: Count,
    /// Figures that units reported.
    pub observations: Count,
    /// Figures in consolidated reports.
    pub frozen_observations: Count,
    /// Periods that ask for it, opened or not.
    pub periods: Count,
    /// How many that ask it, or what answers to it, have ever been opened, so that their indicators are fixed.
    pub opened_periods: Count,
    /// The last day of the latest regular period that asked it, or what answers to it, when it was opened.
    pub last_asked: Option<NaiveDate>,
    /// How many periods of whatever kind were opened with its newest version.
    pub asked_newest: Count,
    /// The year in which it begins.
    pub first_year: Option<i32>,
    /// The last day of the latest regular period of its frequency that its plan opened, whether or not it asked it.
    pub last_opened: Option<NaiveDate>,
    /// How many other indicators go on from it, or answer to it by name in any version.
    pub named_by: Count,
    /// How many indicators of wards below answer to it by its code.
    pub answering: Count,
}

/// What refers to it; `plan` is its own.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, row: &IndicatorRow, plan: &PlanKey) -> Result<Referrers> {
    use indicator_definitions as d;
    let id = &row.id;
    let asked = || period_indicators::indicator_id.eq(id);
    // A year of an indicator of the province is opened with the first regular period of a ward that asks what answers to it.
    let answered = || period_indicators::counterpart_id.eq(id);
    let periods = || period_indicators::table.inner_join(reporting_periods::table);
    let opened = || reporting_periods::frozen.eq(true);
    let regular = || opened().and(reporting_periods::kind.eq("periodic"));
    let below = jurisdictions::table.filter(jurisdictions::parent.eq(&row.jurisdiction)).select(jurisdictions::code);
    let answered_before = d::table.filter(d::counterpart.eq(id)).select(d::indicator_id);
    let begins = Label::Year(row.effective_from).first_day();
    // Nobody answers to a draft by a code alone.
    let code = if plan.status == "draft" { "" } else { row.code.as_str() };
    Ok(diesel::select((
        task_indicators::table.filter(task_indicators::indicator_id.eq(id)).count().single_value(),
        observations::table.filter(observations::indicator_id.eq(id)).count().single_value(),
        frozen_observations::table.filter(frozen_observations::indicator_id.eq(id)).count().single_value(),
        periods().filter(asked()).count().single_value(),
        periods().filter(opened().and(asked().or(answered()))).count().single_value(),
        periods().filter(regular().and(asked().or(answered()))).select(diesel::dsl::max(reporting_periods::ends_on)).single_value(),
        periods()
            .filter(
                (asked().and(period_indicators::definition_version.eq(row.definition_version)))
                    .or(answered().and(regular()).and(reporting_periods::ends_on.ge(begins))),
            )
            .count()
            .single_value(),
        d::table.filter(d::indicator_id.eq(id)).select(diesel::dsl::min(d::effective_from)).single_value(),
        reporting_periods::table
            .filter(reporting_periods::plan_id.eq(&row.plan_id).and(reporting_periods::frequency.eq(&row.frequency)))
            .filter(regular())
            .select(diesel::dsl::max(reporting_periods::ends_on))
            .single_value(),
        indicators::table.filter(indicators::continues.eq(id).or(indicators::id.eq_any(answered_before))).count().single_value(),
        indicators::table
            .inner_join(plan_rows::table)
            .filter(indicators::code.eq(code).and(indicators::counterpart.is_null()))
            .filter(indicators::jurisdiction.eq_any(below))
            .filter(plan_rows::start_year.le(plan.end_year).and(plan_rows::end_year.ge(plan.start_year)))
            .count()
            .single_value(),
    ))
    .get_result(c)?)
}

/// Takes the indicator out of the periods that ask for it.
///
/// # Errors
/// If the database fails.
pub fn leave_periods(w: &mut Write<'_>, id: &IndicatorId) -> Result<()> {
    diesel::delete(period_indicators::table.filter(period_indicators::indicator_id.eq(id))).execute(w.conn())?;
    Ok(())
}
