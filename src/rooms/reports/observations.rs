//! Figures of a report as they are read: exactly, or as the caller may see them.

use super::aggregate::{ReportAggregate, ReportedCell};
use super::obligations::Obligations;
use super::scope;
use super::status::Status;
use super::table::ReportRow;
use super::wire::observation::ReportObservation;
use crate::actor::Actor;
use crate::db::schema::indicator_definitions;
use crate::db::{self, Conn};
use crate::figures::value_of;
use crate::problem::{Error, Result};
use crate::rooms::indicators::{Definition, IndicatorSummary};
use crate::rooms::results::{Basis, Masks};
use crate::values::id::IndicatorId;
use crate::values::period::reference;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// As they are, whoever reads them: in the plan's order, totals first.
///
/// # Errors
/// If the database fails.
pub(super) fn exact(c: &mut Conn, aggregate: &ReportAggregate) -> Result<Vec<ReportObservation>> {
    let former = former_definitions(c, &aggregate.cells, &aggregate.obligations)?;
    let mut found: Vec<(usize, ReportObservation)> = Vec::with_capacity(aggregate.cells.len());
    for cell in &aggregate.cells {
        let Some((place, known)) = aggregate.obligations.find(cell.row.indicator_id.as_str()) else {
            return Err(Error::internal("a figure of an indicator of another plan"));
        };
        let version = (cell.row.indicator_id.clone(), cell.row.content.observation.definition_version);
        let definition = former.get(&version).unwrap_or(&known.definition);
        found.push((place, represented(aggregate, known, definition, cell)?));
    }
    found.sort_by(|(a, x), (b, y)| (a, x.disaggregation.len(), &x.disaggregation).cmp(&(b, y.disaggregation.len(), &y.disaggregation)));
    Ok(found.into_iter().map(|(_, observation)| observation).collect())
}

/// As the caller may see them.
///
/// # Errors
/// If the database fails.
pub(super) fn shown(c: &mut Conn, actor: &Actor, aggregate: &ReportAggregate) -> Result<Vec<ReportObservation>> {
    let row = &aggregate.report.row;
    let counts = matches!(aggregate.report.status, Status::Accepted | Status::Consolidated);
    let mut masks = None;
    if counts && aggregate.holds_restricted() && !scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id) {
        let plan = BTreeMap::from([(row.plan_id.as_str(), row.jurisdiction.as_str())]);
        masks = Some(Masks::load(c, actor, plan, Basis::Accepted)?);
    }
    Ok(masked(actor, row, &aggregate.obligations, exact(c, aggregate)?, masks.as_ref()))
}

/// Figures as the caller may see them: the one place of this room that hides any. Without a mask, which speaks of accepted
/// figures only, every restricted one is hidden.
pub(super) fn masked(
    actor: &Actor,
    row: &ReportRow,
    obligations: &Obligations,
    exact: Vec<ReportObservation>,
    masks: Option<&Masks>,
) -> Vec<ReportObservation> {
    if scope::shows_restricted(actor, &row.jurisdiction, &row.unit_id) {
        // A unit's reading of its own figures is nobody's business; whoever reports on others' behalf reads theirs.
        if !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id)) {
            for o in exact.iter().filter(|o| obligations.restricts(&o.indicator.id) && o.says_something()) {
                actor.reads_exactly("report", row.id.as_str(), &row.jurisdiction, &o.indicator.code);
            }
        }
        return exact;
    }
    let is_hidden = |masks: &Masks, o: &ReportObservation| {
        let indicator = IndicatorId::from_text(o.indicator.id.clone());
        db::to_json(&o.disaggregation).map_or(true, |part| masks.hides(&row.plan_id, &row.period_id, &indicator, &row.unit_id, &part))
    };
    let hide = |o: ReportObservation| match masks {
        _ if !obligations.restricts(&o.indicator.id) => o,
        Some(masks) if !is_hidden(masks, &o) => o.without_words(),
        _ => o.hidden(),
    };
    exact.into_iter().map(hide).collect()
}

fn represented(
    aggregate: &ReportAggregate,
    known: &IndicatorSummary,
    definition: &Definition,
    cell: &ReportedCell,
) -> Result<ReportObservation> {
    let content = &cell.row.content;
    let observation = &content.observation;
    let rolled = value_of(&definition.measure(known.frequency), observation);
    let period = &aggregate.report.period;
    Ok(ReportObservation {
        indicator: known.reference(),
        disaggregation: cell.disaggregation.clone(),
        numerator: observation.amounts.numerator,
        denominator: observation.amounts.denominator,
        value: rolled.rounded_value(),
        answer: rolled.answer,
        status: observation.status,
        not_applicable: observation.not_applicable.clone(),
        note: content.note.clone(),
        extra: db::from_json_opt(content.extra.as_deref())?,
        counted: cell.row.counted,
        suppressed: false,
        definition_version: observation.definition_version,
        reference: reference(definition.reference_period, period.starts_on, period.ends_on, &period.label),
    })
}

/// The definitions under which older cells were written, where they have changed since.
fn former_definitions(c: &mut Conn, cells: &[ReportedCell], obligations: &Obligations) -> Result<HashMap<(IndicatorId, i32), Definition>> {
    let current = |cell: &ReportedCell| {
        let version = cell.row.content.observation.definition_version;
        obligations.find(cell.row.indicator_id.as_str()).is_some_and(|(_, known)| known.definition_version == version)
    };
    let older: BTreeSet<&IndicatorId> = cells.iter().filter(|cell| !current(cell)).map(|cell| &cell.row.indicator_id).collect();
    if older.is_empty() {
        return Ok(HashMap::new());
    }
    use indicator_definitions as d;
    let found: Vec<(IndicatorId, i32, String)> =
        d::table.filter(d::indicator_id.eq_any(older)).select((d::indicator_id, d::definition_version, d::definition)).load(c)?;
    found.into_iter().map(|(id, version, definition)| Ok(((id, version), db::from_json(&definition)?))).collect()
}
