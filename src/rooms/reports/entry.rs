//! Writing figures: the hottest path of the service. Whatever the number of cells, the report, the obligations and the cells
//! that are there are each read once, and only what differs is written.

use super::aggregate::ReportWithPeriod;
use super::checks::{self, CellChange};
use super::obligations::Obligations;
use super::scope;
use super::table::{self, CellKey, ObservationRow, ReportRow};
use super::wire::observation::{CellCounts, CellIn};
use crate::actor::Actor;
use crate::change::{self, Event, Expected, Versioned, Write};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::ReportId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Writes cells: all or none. `seen` is what the client has seen of the report, where he had to say so. Answers the counts
/// and the report's version, which rises only if something changed.
///
/// # Errors
/// 404, 403, 412, 409 `report.not_editable`, 422 with every fault of every cell.
pub(super) fn write(c: &mut Conn, actor: &Actor, id: &ReportId, cells: &[CellIn], seen: Option<&Expected>) -> Result<(CellCounts, i64)> {
    db::lock(c, "reports", id.as_str())?;
    let report = ReportWithPeriod::find(c, actor, id)?;
    scope::must_report_for(actor, &report.row.jurisdiction, &report.row.unit_id)?;
    seen.map_or(Ok(()), |seen| seen.must_match(report.row.version))?;
    report.may_edit(actor)?;
    let obligations = report.obligations(c)?;
    let mut there: HashMap<CellKey, ObservationRow> = table::observations_of(c, &[id])?.into_iter().map(|row| (row.key(), row)).collect();
    let changes = checks::read(&obligations, cells, |key| there.contains_key(key), report.coordinator(actor))?;
    let mut work = Work::default();
    for (key, change) in changes {
        work.add(&report, actor.now, &obligations, there.remove(&key), key, change);
    }
    let counts = work.counts;
    if !counts.any() {
        return Ok((counts, report.row.version));
    }
    let mut row = report.row;
    row.touch(row.version + 1, actor.now);
    change::save(c, actor, &work.event(&row), |w| {
        work.run(w)?;
        table::raise_version(w, &row)
    })?;
    Ok((counts, row.version))
}

/// What is to be written, and what the audit trail says of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Work {
    /// How many figures are new, changed, or there already.
    pub counts: CellCounts,
    new: Vec<ObservationRow>,
    changed: Vec<ObservationRow>,
    gone: Vec<String>,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Work {
    pub(super) fn add(
        &mut self,
        report: &ReportWithPeriod,
        now: UtcTime,
        obligations: &Obligations,
        there: Option<ObservationRow>,
        key: CellKey,
        change: CellChange,
    ) {
        match (there, change) {
            (Some(row), CellChange::Write(content)) if row.content.agrees_with(&content) => self.counts.unchanged += 1,
            (Some(mut row), CellChange::Write(content)) => {
                self.before.push(audited(obligations, &row));
                (row.content, row.updated_at) = (content, now);
                self.after.push(audited(obligations, &row));
                self.counts.updated += 1;
                self.changed.push(row);
            }
            (None, CellChange::Write(content)) => {
                let row = ObservationRow::new(&report.row, key, content, now);
                self.after.push(audited(obligations, &row));
                self.counts.created += 1;
                self.new.push(row);
            }
            (Some(row), CellChange::Delete) => {
                self.before.push(audited(obligations, &row));
                self.counts.deleted += 1;
                self.gone.push(row.id);
            }
            // Refused when the body was read.
            (None, CellChange::Delete) => {}
        }
    }

    /// What was found before is written only now: who asks for what changed since an instant must not miss it.
    pub(super) fn is_done_at(&mut self, now: UtcTime) {
        for row in self.new.iter_mut().chain(&mut self.changed) {
            row.updated_at = now;
        }
    }

    /// What the audit trail says of it.
    pub(super) fn event<'a>(&self, row: &'a ReportRow) -> Event<'a> {
        let (before, after) = (json!({"observations": self.before}), json!({"observations": self.after}));
        Event::of("updated", row).change(Some(before), Some(after))
    }

    pub(super) fn run(&self, w: &mut Write<'_>) -> Result<()> {
        table::write_observations(w, &self.new, &self.changed, &self.gone)
    }
}

/// A cell in the audit trail, whose readers need not have the scope: of restricted figures it says only that they changed.
fn audited(obligations: &Obligations, row: &ObservationRow) -> Value {
    let code = obligations.find(row.indicator_id.as_str()).map_or("", |(_, known)| known.code.as_str());
    let disaggregation: Value = serde_json::from_str(&row.disaggregation).unwrap_or_default();
    let observation = &row.content.observation;
    if obligations.restricts(row.indicator_id.as_str()) {
        return json!({"indicator": code, "disaggregation": disaggregation, "status": observation.status, "suppressed": true});
    }
    json!({"indicator": code, "disaggregation": disaggregation, "status": observation.status,
        "numerator": observation.amounts.numerator, "denominator": observation.amounts.denominator, "answer": observation.answer,
        "not_applicable": observation.not_applicable})
}
