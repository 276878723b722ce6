//! `POST /projections`: how much more an indicator needs to reach its target, from the very figures that progress shows.

use super::overview;
use super::wire::{IndicatorProgress, ProgressFilter, ProjectionIn, ProjectionOut};
use crate::actor::Actor;
use crate::db::Conn;
use crate::figures::{self, Measure, TargetValue};
use crate::problem::{Error, Place, Result};
use crate::reading::references::{IndicatorKey, PeriodKey, Scope};
use crate::rooms::indicators;
use crate::rooms::plans::PlanKey;
use crate::values::Ref;
use crate::values::id::{IndicatorId, looks_like_id};
use crate::values::period::Label;

/// What is needed, of what the caller may read.
pub(super) fn find(c: &mut Conn, actor: &Actor, asked: &ProjectionIn) -> Result<ProjectionOut> {
    let plan = Scope::default().one::<PlanKey>(c, &asked.plan, &Place::body("/plan"))?;
    let scope = Scope::of_plan(&plan);
    let indicator: IndicatorKey = scope.one(c, &asked.indicator, &Place::body("/indicator"))?;
    if let Some(period) = &asked.period {
        let place = Place::body("/period");
        let covered = |label: Label| (plan.start_year..=plan.end_year).contains(&label.year());
        if looks_like_id(period) {
            scope.one::<PeriodKey>(c, period, &place)?;
        } else if !Label::parse(period).is_some_and(covered) {
            return Err(scope.unknown::<PeriodKey>(period, &place));
        }
    }
    let filter = ProgressFilter { plan: Some(plan.id.as_str().to_owned()), jurisdiction: None, period: asked.period.clone(), as_of: None };
    let (progress, ..) = overview::find(c, actor, &filter)?;
    let label = Label::parse(&progress.period.label).ok_or_else(|| Error::internal("progress of a period without a label"))?;
    let row = progress.indicators.into_iter().find(|row| row.indicator.id == indicator.id.as_str());
    let row = row.ok_or_else(|| scope.unknown::<IndicatorKey>(&asked.indicator, &Place::body("/indicator")))?;
    let measure = measure(c, &plan, &indicator.id, label, &row)?;
    let target = match row.final_target {
        Some(TargetValue::Number(wanted)) => Some(wanted),
        Some(TargetValue::Boolean(_)) | None => None,
    };
    let needed = match (&measure, target, row.numerator) {
        (Some(measure), Some(wanted), Some(numerator)) => figures::needed(measure, label, wanted, (numerator, row.denominator)),
        _ => None,
    };
    Ok(ProjectionOut {
        plan: Ref::new(plan.id, plan.code),
        indicator: row.indicator,
        period: progress.period,
        numerator: row.numerator,
        denominator: row.denominator,
        value: row.value,
        target,
        direction: row.direction,
        needed,
        result: row.result,
        suppressed: row.suppressed,
    })
}

/// By what the figure is made: in the version that its period asked.
fn measure(c: &mut Conn, plan: &PlanKey, id: &IndicatorId, label: Label, row: &IndicatorProgress) -> Result<Option<Measure>> {
    let known = indicators::of_plan(c, &plan.id)?.into_iter().find(|known| known.id == *id);
    let Some(known) = known else { return Ok(None) };
    let version = row.series.iter().find(|point| point.period == label).and_then(|point| point.definition_version);
    let asked =
        version.and_then(|version| known.in_version(version)).or_else(|| known.in_year(label.year()).map(|known| known.into_owned()));
    Ok(asked.map(|known| known.measure()))
}
