//! Figures of reports in the database. Writing them is the hottest path of the service: whatever the number of cells, the
//! report, the duties and the cells that are there are each read once, and only what differs is written.

use super::checks::{self, CellKey, Figures, Wish};
use super::obligations::Obligations;
use super::readiness::{self, Part, ReadinessCheck};
use super::rules::Status;
use super::scope;
use super::store::{ReportAggregate, ReportWithPeriod, report_with_period};
use super::wire::observation::{CellCounts, CellIn, ObservationStatus, ReportObservation};
use crate::actor::Actor;
use crate::both;
use crate::change::{self, Event, Expected, Versioned, Write};
use crate::db::schema::{indicator_definitions, observations, reports};
use crate::db::{self, Conn};
use crate::figures::value_of;
use crate::problem::{Error, Result};
use crate::rooms::indicators::{Definition, IndicatorSummary};
use crate::rooms::results::{Basis, Masks};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::{IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::reference;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many rows one statement inserts: PostgreSQL binds at most 65,535 values.
const BATCH: usize = 1000;

/// A row of `observations`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = observations, treat_none_as_null = true)]
pub(super) struct CellRow {
    pub id: String,
    pub jurisdiction: String,
    pub plan_id: PlanId,
    pub period_id: PeriodId,
    pub report_id: ReportId,
    pub unit_id: UnitId,
    pub indicator_id: IndicatorId,
    pub disaggregation: String,
    pub numerator: Option<Decimal4>,
    pub denominator: Option<Decimal4>,
    pub answer: Option<bool>,
    pub status: String,
    pub not_applicable: Option<String>,
    pub note: Option<String>,
    pub extra: Option<String>,
    pub definition_version: i32,
    pub updated_at: UtcTime,
}

impl CellRow {
    fn key(&self) -> CellKey {
        (self.indicator_id.clone(), self.disaggregation.clone())
    }

    fn figures(&self) -> Figures {
        Figures {
            numerator: self.numerator,
            denominator: self.denominator,
            answer: self.answer,
            status: if self.status == ObservationStatus::Estimate.as_str() {
                ObservationStatus::Estimate
            } else {
                ObservationStatus::Final
            },
            not_applicable: self.not_applicable.clone(),
            note: self.note.clone(),
            extra: self.extra.clone(),
        }
    }

    fn take(&mut self, figures: Figures, definition_version: i32, now: UtcTime) {
        let Figures { numerator, denominator, answer, status, not_applicable, note, extra } = figures;
        (self.numerator, self.denominator, self.answer) = (numerator, denominator, answer);
        status.as_str().clone_into(&mut self.status);
        (self.not_applicable, self.note, self.extra) = (not_applicable, note, extra);
        self.definition_version = definition_version;
        self.updated_at = now;
    }

    fn new(report_with_period: &ReportWithPeriod, (indicator_id, disaggregation): CellKey, now: UtcTime) -> Self {
        let row = &report_with_period.row;
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            jurisdiction: row.jurisdiction.clone(),
            plan_id: row.plan_id.clone(),
            period_id: row.period_id.clone(),
            report_id: row.id.clone(),
            unit_id: row.unit_id.clone(),
            indicator_id,
            disaggregation,
            numerator: None,
            denominator: None,
            answer: None,
            status: String::new(),
            not_applicable: None,
            note: None,
            extra: None,
            definition_version: 1,
            updated_at: now,
        }
    }
}

/// A cell as read, with its disaggregation taken apart.
struct Stored {
    row: CellRow,
    disaggregation: BTreeMap<String, String>,
    figures: Figures,
}

/// The cells of a report.
pub(super) struct Cells(Vec<Stored>);

fn rows_of(c: &mut Conn, report: &ReportId) -> Result<Vec<CellRow>> {
    Ok(observations::table.filter(observations::report_id.eq(report)).load(c)?)
}

impl Cells {
    /// All cells of a report.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn load(c: &mut Conn, report: &ReportId) -> Result<Self> {
        let stored = |row: CellRow| Ok(Stored { disaggregation: db::from_json(&row.disaggregation)?, figures: row.figures(), row });
        rows_of(c, report)?.into_iter().map(stored).collect::<Result<_>>().map(Self)
    }

    /// Whether figures that point at persons are among them.
    pub(super) fn hold_restricted(&self, obligations: &Obligations) -> bool {
        self.0.iter().any(|cell| cell.figures.says_something() && obligations.restricts(cell.row.indicator_id.as_str()))
    }

    /// As they are, whoever reads them: in the plan's order, totals first.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn exact(&self, c: &mut Conn, aggregate: &ReportAggregate) -> Result<Vec<ReportObservation>> {
        let former = former_definitions(c, &self.0, &aggregate.obligations)?;
        let mut told: Vec<(usize, ReportObservation)> = Vec::with_capacity(self.0.len());
        for cell in &self.0 {
            let Some((place, known)) = aggregate.obligations.find(cell.row.indicator_id.as_str()) else {
                return Err(Error::internal("a figure of an indicator of another plan"));
            };
            let definition = former.get(&(cell.row.indicator_id.clone(), cell.row.definition_version)).unwrap_or(&known.definition);
            told.push((place, observation(aggregate, known, definition, cell)?));
        }
        told.sort_by(|(a, x), (b, y)| (a, x.disaggregation.len(), &x.disaggregation).cmp(&(b, y.disaggregation.len(), &y.disaggregation)));
        Ok(told.into_iter().map(|(_, observation)| observation).collect())
    }

    /// As the caller may see them.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn shown(&self, c: &mut Conn, actor: &Actor, aggregate: &ReportAggregate) -> Result<Vec<ReportObservation>> {
        let row = &aggregate.report_with_period.row;
        let counts = matches!(aggregate.report_with_period.status, Status::Accepted | Status::Consolidated);
        let mut masks = None;
        if counts && self.hold_restricted(&aggregate.obligations) && !scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id) {
            let plan = BTreeMap::from([(row.plan_id.as_str(), row.jurisdiction.as_str())]);
            masks = Some(Masks::load(c, actor, plan, Basis::Accepted)?);
        }
        Ok(shown(actor, aggregate, self.exact(c, aggregate)?, masks.as_ref()))
    }
}

/// Figures as the caller may see them: the one place of this room that hides any. Without a veil, which speaks of accepted
/// figures only, every restricted one is hidden.
pub(super) fn shown(
    actor: &Actor,
    aggregate: &ReportAggregate,
    exact: Vec<ReportObservation>,
    masks: Option<&Masks>,
) -> Vec<ReportObservation> {
    let row = &aggregate.report_with_period.row;
    if scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id) {
        // A unit's reading of its own figures is nobody's business; whoever reports on others' behalf reads theirs.
        if !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id)) {
            for o in exact.iter().filter(|o| aggregate.obligations.restricts(&o.indicator.id) && o.says_something()) {
                actor.reads_exactly("report", row.id.as_str(), &row.jurisdiction, &o.indicator.code);
            }
        }
        return exact;
    }
    let hide_it = |masks: &Masks, o: &ReportObservation| {
        let indicator = IndicatorId::from_text(o.indicator.id.clone());
        db::to_json(&o.disaggregation).map_or(true, |part| masks.hide(&row.plan_id, &row.period_id, &indicator, &row.unit_id, &part))
    };
    let hide = |o: ReportObservation| match masks {
        _ if !aggregate.obligations.restricts(&o.indicator.id) => o,
        Some(masks) if !hide_it(masks, &o) => o.without_words(),
        _ => o.hidden(),
    };
    exact.into_iter().map(hide).collect()
}

fn observation(aggregate: &ReportAggregate, known: &IndicatorSummary, definition: &Definition, cell: &Stored) -> Result<ReportObservation> {
    let Stored { row, disaggregation, figures } = cell;
    let amounts_to = value_of(&definition.measure(known.frequency), figures.numerator, figures.denominator, figures.answer);
    let period = &aggregate.report_with_period.period;
    Ok(ReportObservation {
        indicator: known.reference(),
        disaggregation: disaggregation.clone(),
        numerator: figures.numerator,
        denominator: figures.denominator,
        value: amounts_to.rounded_value(),
        answer: amounts_to.answer,
        status: figures.status,
        not_applicable: figures.not_applicable.clone(),
        note: figures.note.clone(),
        extra: db::from_json_opt(figures.extra.as_deref())?,
        suppressed: false,
        definition_version: row.definition_version,
        reference: reference(definition.reference_period, period.starts_on, period.ends_on, &period.label),
    })
}

/// The definitions under which older cells were written, where they have changed since.
fn former_definitions(c: &mut Conn, cells: &[Stored], obligations: &Obligations) -> Result<HashMap<(IndicatorId, i32), Definition>> {
    let current =
        |row: &CellRow| obligations.find(row.indicator_id.as_str()).is_some_and(|(_, k)| k.definition_version == row.definition_version);
    let older: BTreeSet<&IndicatorId> = cells.iter().filter(|cell| !current(&cell.row)).map(|cell| &cell.row.indicator_id).collect();
    if older.is_empty() {
        return Ok(HashMap::new());
    }
    use indicator_definitions as d;
    let found: Vec<(IndicatorId, i32, String)> =
        d::table.filter(d::indicator_id.eq_any(older)).select((d::indicator_id, d::definition_version, d::definition)).load(c)?;
    found.into_iter().map(|(id, version, definition)| Ok(((id, version), db::from_json(&definition)?))).collect()
}

/// What stands between a report and submitting it, as far as the caller may know.
///
/// # Errors
/// None but internal ones.
pub(super) fn look_for(actor: &Actor, aggregate: &ReportAggregate) -> Result<ReadinessCheck> {
    let row = &aggregate.report_with_period.row;
    let exact = scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id);
    Ok(look(aggregate)?.without_figures_of(|indicator| !exact && aggregate.obligations.restricts(&indicator.id)))
}

/// Looks at what stands between a report and submitting it.
///
/// # Errors
/// None but internal ones.
pub(super) fn look(aggregate: &ReportAggregate) -> Result<ReadinessCheck> {
    let cells = |known: &IndicatorSummary| {
        let own = aggregate.cells.0.iter().filter(|cell| cell.row.indicator_id == known.id);
        own.map(|cell| Part { disaggregation: &cell.disaggregation, figures: &cell.figures }).collect()
    };
    let stray: BTreeSet<&str> = aggregate
        .cells
        .0
        .iter()
        .filter(|cell| cell.figures.says_something() && !aggregate.obligations.owes(&cell.row.indicator_id))
        .map(|cell| cell.row.indicator_id.as_str())
        .collect();
    let stray = stray.into_iter().filter_map(|id| aggregate.obligations.find(id)).map(|(_, known)| known);
    Ok(readiness::look(aggregate.obligations.due(), cells, stray, &aggregate.narrative))
}

/// Writes cells: all or none. `seen` is what the client has seen of the report, where he had to say so. Answers the counts
/// and the report's version, which rises only if something changed.
///
/// # Errors
/// 404, 403, 412, 409 `report.not_editable`, 422 with every fault of every cell.
pub(super) fn write(c: &mut Conn, actor: &Actor, id: &ReportId, cells: &[CellIn], seen: Option<&Expected>) -> Result<(CellCounts, i64)> {
    db::lock(c, "reports", id.as_str())?;
    let report_with_period = report_with_period(c, actor, id)?;
    scope::must_report_for(actor, &report_with_period.row.jurisdiction, &report_with_period.row.unit_id)?;
    seen.map_or(Ok(()), |seen| seen.must_match(report_with_period.row.version))?;
    report_with_period.may_edit(actor)?;
    let obligations = report_with_period.obligations(c)?;
    let mut there: HashMap<CellKey, CellRow> = rows_of(c, id)?.into_iter().map(|row| (row.key(), row)).collect();
    let wishes = checks::read(&obligations, cells, |key| there.contains_key(key))?;
    let mut work = Work::default();
    for (key, wish) in wishes {
        work.note(&report_with_period, actor.now, &obligations, there.remove(&key), key, wish);
    }
    let counts = work.counts;
    if !counts.any() {
        return Ok((counts, report_with_period.row.version));
    }
    let mut row = report_with_period.row;
    row.touch(row.version + 1, actor.now);
    let (before, after) = (json!({"observations": work.before}), json!({"observations": work.after}));
    let event = Event::of("updated", &row).change(Some(before), Some(after));
    change::save(c, actor, &event, |w| {
        work.run(w)?;
        diesel::update(reports::table.find(id))
            .set((reports::version.eq(row.version), reports::updated_at.eq(actor.now)))
            .execute(w.conn())?;
        Ok(())
    })?;
    Ok((counts, row.version))
}

/// What is to be written, and what the journal says of it.
#[derive(Default)]
struct Work {
    counts: CellCounts,
    new: Vec<CellRow>,
    changed: Vec<CellRow>,
    gone: Vec<String>,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Work {
    fn note(
        &mut self,
        report_with_period: &ReportWithPeriod,
        now: UtcTime,
        obligations: &Obligations,
        there: Option<CellRow>,
        key: CellKey,
        wish: Wish,
    ) {
        match (there, wish) {
            (Some(row), Wish::Write(figures, _)) if row.figures() == figures => self.counts.unchanged += 1,
            (Some(mut row), Wish::Write(figures, definition_version)) => {
                self.before.push(trace(obligations, &row));
                row.take(figures, definition_version, now);
                self.after.push(trace(obligations, &row));
                self.counts.updated += 1;
                self.changed.push(row);
            }
            (None, Wish::Write(figures, definition_version)) => {
                let mut row = CellRow::new(report_with_period, key, now);
                row.take(figures, definition_version, now);
                self.after.push(trace(obligations, &row));
                self.counts.created += 1;
                self.new.push(row);
            }
            (Some(row), Wish::Delete) => {
                self.before.push(trace(obligations, &row));
                self.counts.deleted += 1;
                self.gone.push(row.id);
            }
            // Refused when the body was read.
            (None, Wish::Delete) => {}
        }
    }

    fn run(&self, w: &mut Write<'_>) -> Result<()> {
        for batch in self.new.chunks(BATCH) {
            both!(w.conn(), c => diesel::insert_into(observations::table).values(batch).execute(c))?;
        }
        for row in &self.changed {
            diesel::update(observations::table.find(&row.id)).set(row).execute(w.conn())?;
        }
        for id in &self.gone {
            diesel::delete(observations::table.find(id)).execute(w.conn())?;
        }
        Ok(())
    }
}

/// A cell in the journal, whose readers need not have the scope: of restricted figures it says only that they changed.
fn trace(obligations: &Obligations, row: &CellRow) -> Value {
    let code = obligations.find(row.indicator_id.as_str()).map_or("", |(_, known)| known.code.as_str());
    let disaggregation: Value = serde_json::from_str(&row.disaggregation).unwrap_or_default();
    if obligations.restricts(row.indicator_id.as_str()) {
        return json!({"indicator": code, "disaggregation": disaggregation, "status": row.status, "suppressed": true});
    }
    json!({"indicator": code, "disaggregation": disaggregation, "status": row.status, "numerator": row.numerator,
        "denominator": row.denominator, "answer": row.answer, "not_applicable": row.not_applicable})
}
