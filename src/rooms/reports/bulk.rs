//! Writing the figures of reports line by line, as an import does: each line is what a `PATCH` of the report's figures would
//! hold, is checked by the same rules, and has a fate of its own. Lines come in blocks: of those before, memory holds which cells
//! they named.

use super::aggregate::ReportWithPeriod;
use super::checks;
use super::entry::Work;
use super::obligations::Obligations;
use super::scope;
use super::table::{self, CellKey};
use super::wire::observation::CellIn;
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::auth::denied::reports_for_others;
use crate::change::{self, Versioned};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes, said};
use crate::reading::references::{self, PeriodKey, PlanKey, Scope, UnitKey};
use crate::rooms::indicators::{DimensionValue, IndicatorDimension, IndicatorSummary};
use crate::values::id::ReportId;
use crate::values::text::Bilingual;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// What a line does not speak of and leaves as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// The remark.
    pub note: bool,
    /// The further inputs.
    pub extra: bool,
}

/// A line that is to be written.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number where it comes from.
    pub number: usize,
    /// What it says.
    pub cell: CellIn,
    /// What it does not speak of.
    pub kept: Kept,
}

/// A line that is refused, with all that is wrong with it; pointers are within its cell.
pub type Rejected = (usize, Vec<FieldError>);

/// What was found of some lines.
#[derive(Debug, Default)]
pub struct Checked {
    /// What those that are right do to the figures.
    pub work: Work,
    /// Those that were refused.
    pub rejected: Vec<Rejected>,
}

/// What checks have read of a report: as long as it is the same, lines that were right still are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    report: ReportId,
    version: i64,
    /// Of what the period asks: see [`table::Marks`].
    mark: String,
}

impl Basis {
    /// The report's id.
    #[must_use]
    pub fn report(&self) -> &ReportId {
        &self.report
    }
}

/// The report that lines speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Named<'a> {
    /// The administrative unit, by official code.
    pub jurisdiction: Option<&'a str>,
    /// The plan, by id or code.
    pub plan: Option<&'a str>,
    /// The unit, by id or code.
    pub unit: &'a str,
    /// The period, by id or label.
    pub period: &'a str,
}

/// The report that is named, if the caller reports for its unit. Faults are at `/jurisdiction`, `/plan`, `/period` and `/unit`.
///
/// # Errors
/// 422 `reference.unknown`, `reference.ambiguous`, `access.denied` at its place.
pub fn locate(c: &mut Conn, actor: &Actor, named: Named<'_>) -> Result<ReportId> {
    let mut scope = match named.jurisdiction {
        Some(code) => Scope::beneath(c, code, &Place::body("/jurisdiction"))?,
        None => own_area(actor),
    };
    if let Some(plan) = named.plan {
        let plan: PlanKey = scope.one(c, plan, &Place::body("/plan"))?;
        scope = Scope::of_plan(&plan);
    }
    let period: PeriodKey = scope.one(c, named.period, &Place::body("/period"))?;
    let unit: UnitKey = Scope::of_jurisdiction(&period.jurisdiction).one(c, named.unit, &Place::body("/unit"))?;
    if !scope::reports_for(actor, &unit.jurisdiction, &unit.id) {
        let denied = reports_for_others(actor.caller.as_deref()).detail().clone();
        return Err(Place::body("/unit").fault(codes::ACCESS_DENIED, denied).into());
    }
    table::report_of_unit(c, &period.id, unit.id.as_str())?.map(|row| row.id).ok_or_else(|| {
        let detail = said(
            format!("Đơn vị «{}» không có báo cáo trong kỳ «{}». Hãy kiểm tra lại đơn vị và kỳ báo cáo.", unit.code, period.label),
            format!("The unit {} has no report in the period {}. Check the unit and the period.", unit.code, period.label),
        );
        Problem::invalid(vec![references::mistaken("/unit", detail)]).into()
    })
}

/// Where the caller reports, if that is one place.
fn own_area(actor: &Actor) -> Scope {
    let Some(caller) = &actor.caller else { return Scope::default() };
    let mut places = caller.grants.iter().filter(|grant| grant.role == Role::Reporter);
    match (places.next(), places.next()) {
        (Some(grant), None) => Scope::of_reach(&grant.jurisdiction, &grant.reach),
        _ => Scope::default(),
    }
}

/// A report into which lines are written, or only read as if they were.
pub struct BulkEntry {
    report: ReportWithPeriod,
    obligations: Obligations,
    /// Which lines named which cells, by a hash that nobody outside can foresee.
    seen: HashMap<(u64, u64), usize>,
    hashers: (RandomState, RandomState),
    /// Whether the change feed has been told of it.
    told: bool,
}

impl BulkEntry {
    /// The report, if the caller may write it now. Who means to write locks it.
    ///
    /// # Errors
    /// 404, 403, 409 `report.not_editable`.
    pub fn open(c: &mut Conn, actor: &Actor, id: &ReportId, to_write: bool) -> Result<Self> {
        if to_write {
            db::lock(c, "reports", id.as_str())?;
        }
        let report = ReportWithPeriod::find(c, actor, id)?;
        report.may_edit(actor)?;
        let obligations = report.obligations(c)?;
        Ok(Self { report, obligations, seen: HashMap::new(), hashers: Default::default(), told: false })
    }

    /// What the checks of its lines hang on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        let ReportWithPeriod { row, marks, .. } = &self.report;
        Basis { report: row.id.clone(), version: row.version, mark: marks.of_period() }
    }

    /// Checks a block of lines. Nothing is written.
    ///
    /// # Errors
    /// If the database fails; what is wrong with a line is told with it.
    pub fn check(&mut self, c: &mut Conn, actor: &Actor, lines: Vec<Line>) -> Result<Checked> {
        let mut checked = Checked::default();
        let obligations = self.obligations.clone();
        let coordinator = self.report.coordinator(actor);
        let mut known: Vec<(Line, &IndicatorSummary, CellKey)> = Vec::with_capacity(lines.len());
        for line in lines {
            // Mostly the same as in the line before.
            let same = known.last().filter(|(before, ..)| before.cell.indicator == line.cell.indicator).map(|(_, indicator, _)| *indicator);
            let mut faults = Faults::default();
            let named = same.map_or_else(|| obligations.named(&line.cell.indicator, &Place::body("/indicator")), Ok);
            match faults.keep(named)? {
                None => checked.rejected.push((line.number, faults.into_errors())),
                Some(indicator) => {
                    let mut line = line;
                    by_code(&mut line.cell, indicator);
                    let key = (indicator.id.clone(), checks::canonical(line.cell.disaggregation.as_ref())?);
                    known.push((line, indicator, key));
                }
            }
        }
        let keys: Vec<CellKey> = known.iter().map(|(.., key)| key.clone()).collect();
        let mut there = table::observations_at(c, &self.report.row.id, &keys)?;
        for (mut line, indicator, key) in known {
            let mut faults = Faults::default();
            if let Some(earlier) = self.first_named(&key, line.number) {
                faults.add(checks::twice(indicator, &line.cell, "", earlier, line.number));
            }
            let row = there.get(&key);
            if let Some(row) = row {
                leave_the_rest(&mut line, row)?;
            }
            let change = checks::change(&obligations, indicator, &line.cell, row.is_some(), "", coordinator, &mut faults)?;
            if faults.is_empty() {
                checked.work.add(&self.report, actor.now, &obligations, there.remove(&key), key, change);
            } else {
                checked.rejected.push((line.number, faults.into_errors()));
            }
        }
        Ok(checked)
    }

    /// The line that named a cell before this one did.
    fn first_named(&mut self, key: &CellKey, line: usize) -> Option<usize> {
        let hash = (self.hashers.0.hash_one(key), self.hashers.1.hash_one(key));
        let first = *self.seen.entry(hash).or_insert(line);
        (first != line).then_some(first)
    }

    /// Writes what checked lines do. The report must be as it was then, and opened to be written.
    ///
    /// # Errors
    /// If the database fails.
    pub fn write(&mut self, c: &mut Conn, actor: &Actor, mut work: Work) -> Result<()> {
        if !work.counts.any() {
            return Ok(());
        }
        work.is_done_at(actor.now);
        let row = &mut self.report.row;
        if self.told {
            return change::save_further(c, actor, &work.event(row), |w| work.run(w));
        }
        row.touch(row.version + 1, actor.now);
        change::save(c, actor, &work.event(row), |w| {
            work.run(w)?;
            table::raise_version(w, row)
        })?;
        self.told = true;
        Ok(())
    }
}

/// Who writes by hand gives the values of dimensions by their names («Nữ»): they become codes, where only one value is called so.
fn by_code(cell: &mut CellIn, indicator: &IndicatorSummary) {
    for (dimension, value) in cell.disaggregation.iter_mut().flatten() {
        let Some(IndicatorDimension { values, .. }) = indicator.dimensions.iter().find(|known| known.code == *dimension) else { continue };
        if values.iter().any(|known| known.code == *value) {
            continue;
        }
        let name = value.to_lowercase();
        let mut called = values.iter().filter(|known| {
            let DimensionValue { name: Bilingual { vi, en }, .. } = known;
            [Some(vi), en.as_ref()].into_iter().flatten().any(|own| own.to_lowercase() == name)
        });
        if let (Some(one), None) = (called.next(), called.next()) {
            value.clone_from(&one.code);
        }
    }
}

/// What a line does not speak of stays as it is, but beside a reason why the indicator does not concern the unit there is nothing.
fn leave_the_rest(line: &mut Line, row: &table::ObservationRow) -> Result<()> {
    if line.kept.note {
        line.cell.note.clone_from(&row.content.note);
    }
    if line.kept.extra && line.cell.not_applicable.is_none() {
        line.cell.extra = db::from_json_opt(row.content.extra.as_deref())?;
    }
    Ok(())
}
