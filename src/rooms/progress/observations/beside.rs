//! Figures as this caller may see them, with what stands beside them in an answer.

use super::context::Context;
use super::rows::ReadableRow;
use super::wire::ObservationOut;
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::figures::{Observation, value_of, without_reason};
use crate::problem::{Error, Result};
use crate::rooms::progress::area;
use crate::rooms::results::{Basis, Masks};
use crate::values::period::reference;
use crate::values::{PeriodRef, Ref};
use std::collections::BTreeMap;

/// Figures as this caller may see them. What he sees exactly though it is restricted, he is told to have read.
pub(super) fn shown(c: &mut Conn, actor: &Actor, rows: Vec<ReadableRow>, of_another_instant: bool) -> Result<Vec<ObservationOut>> {
    let beside = Beside { of_another_instant, ..Beside::load(c, actor, &rows)? };
    rows.into_iter().map(|row| beside.shown(actor, row)).collect()
}

struct Beside {
    context: Context,
    /// What is hidden of the caller's own wards, as far as he may not see all of it: decided by what was accepted.
    own: Masks,
    /// And elsewhere: by what was published.
    others: Masks,
    /// Whether they are figures as of another instant: what is hidden of those nobody has decided, so that all of them are.
    of_another_instant: bool,
}

fn lost() -> Error {
    Error::internal("a figure whose surroundings are gone")
}

impl Beside {
    fn load(c: &mut Conn, actor: &Actor, rows: &[ReadableRow]) -> Result<Self> {
        let context = Context::load(c, actor, rows)?;
        let (mut own, mut others): (BTreeMap<&str, &str>, BTreeMap<&str, &str>) = Default::default();
        for row in rows {
            if context.of(row).ok_or_else(lost)?.1.restricted(row.observation.definition_version) && !is_exact(actor, row) {
                let plans = if area::is_own(actor, &row.jurisdiction) { &mut own } else { &mut others };
                plans.insert(row.plan_id.as_str(), row.jurisdiction.as_str());
            }
        }
        let mut masks =
            |plans: BTreeMap<_, _>, basis| if plans.is_empty() { Ok(Masks::default()) } else { Masks::load(c, actor, plans, basis) };
        Ok(Self { context, own: masks(own, Basis::Accepted)?, others: masks(others, Basis::Published)?, of_another_instant: false })
    }

    fn shown(&self, actor: &Actor, row: ReadableRow) -> Result<ObservationOut> {
        let (plan, indicator) = self.context.of(&row).ok_or_else(lost)?;
        let Observation { amounts, status, definition_version, .. } = row.observation;
        let definition = indicator.definition(definition_version).ok_or_else(lost)?;
        let period = plan.periods.get(&row.period_id).ok_or_else(lost)?;
        let unit = plan.units.get(&row.unit_id).ok_or_else(lost)?;
        let rolled = value_of(&definition.measure(indicator.frequency), &row.observation);
        let own = area::is_own(actor, &row.jurisdiction);
        let restricted = indicator.restricted(definition_version);
        let exact = !restricted || is_exact(actor, &row);
        let masks = if own { &self.own } else { &self.others };
        let hidden = !exact
            && (self.of_another_instant || masks.hides(&row.plan_id, &row.period_id, &row.indicator_id, &row.unit_id, &row.disaggregation));
        let says = row.observation.says_something();
        if restricted && says && exact && !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id)) {
            actor.reads_exactly("observation", &row.id, &row.jurisdiction, &indicator.code);
        }
        Ok(ObservationOut {
            plan: Ref::new(row.plan_id, plan.code.clone()),
            indicator: Ref::new(row.indicator_id, row.indicator_code.unwrap_or_else(|| indicator.code.clone())),
            unit: Ref::new(row.unit_id, row.unit_code.unwrap_or_else(|| unit.clone())),
            reference: reference(definition.reference_period, period.starts_on, period.ends_on, &period.label),
            period: PeriodRef { id: row.period_id.into(), label: period.label.clone() },
            disaggregation: db::from_json(&row.disaggregation)?,
            numerator: amounts.numerator.filter(|_| !hidden),
            denominator: amounts.denominator.filter(|_| !hidden),
            value: rolled.rounded_value().filter(|_| !hidden),
            answer: rolled.answer.filter(|_| !hidden),
            status: status.into(),
            not_applicable: match row.observation.not_applicable {
                reason if exact => reason,
                reason => without_reason(reason).filter(|_| !hidden),
            },
            // Words, and what stands beside the figures, may tell more than they do.
            note: row.note.filter(|_| own && exact),
            extra: db::from_json_opt(row.extra.filter(|_| exact).as_deref())?,
            suppressed: hidden,
            definition_version,
            updated_at: row.since,
            id: row.id,
            jurisdiction: row.jurisdiction,
        })
    }
}

/// Whether the caller reads a figure exactly though it is restricted. What a unit reported itself it sees.
fn is_exact(actor: &Actor, row: &ReadableRow) -> bool {
    actor.sees_restricted(&row.jurisdiction) || actor.caller.as_ref().is_some_and(|c| c.reports_for(&row.unit_id, &row.jurisdiction))
}
