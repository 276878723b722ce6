//! `GET /progress`: how a plan stands, or the plans of all wards below an administrative unit.

use super::area;
use super::indicator_status::{self, Together};
use super::outline::Outline;
use super::wire::{Progress, ProgressPeriod, WardFigure, WardProgress, WhereAndWhen};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::schema::reporting_periods;
use crate::figures::{Counts, Outcome};
use crate::problem::{Place, Result};
use crate::reading::read_scope::ReadScope;
use crate::reading::references::{PeriodKey, Scope};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::plans::PlanKey;
use crate::rooms::results::{self, Basis, DisclosureMask, PlanFigures};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, PlanIndicatorId, looks_like_id};
use crate::values::period::Label;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// How things stand, the next instant at which they stand differently though nobody does anything, a deadline, and of whom is told.
pub(super) fn find(c: &mut Conn, actor: &Actor, asked: &WhereAndWhen) -> Result<(Progress, Option<UtcTime>, ReadScope)> {
    let scope = area::scope(c, asked)?;
    if let Some(plan) = scope.plan() {
        let until = next_deadline(c, std::slice::from_ref(plan), actor.now)?;
        let told_of = ReadScope::named(asked.plan.as_deref(), asked.jurisdiction.as_deref());
        return Ok((of_plan(c, actor, plan, &asked.period, &scope)?, until, told_of));
    }
    of_area(c, actor, asked.jurisdiction.as_deref().unwrap_or_default(), &scope, &asked.period)
}

fn basis(actor: &Actor, jurisdiction: &str) -> Basis {
    if area::is_own(actor, jurisdiction) { Basis::Accepted } else { Basis::Published }
}

fn of_plan(c: &mut Conn, actor: &Actor, plan: &PlanKey, named: &str, scope: &Scope) -> Result<Progress> {
    let figures = results::load(c, plan, basis(actor, &plan.jurisdiction), actor.now)?;
    let (label, period) = spoken(&figures, named).ok_or_else(|| scope.unknown::<PeriodKey>(named, &Place::query("period")))?;
    let outline = Outline::load(c, std::slice::from_ref(&plan.id))?;
    let exact = actor.sees_restricted(&plan.jurisdiction);
    let mask = mask(c, actor, &[&figures])?;
    let (mut items, mut indicators) = (Vec::new(), Vec::new());
    for known in indicator_status::spoken_of(&figures, label) {
        let progress = indicator_status::of_plan(&figures, &known, label, &mask);
        if exact && known.restricted && progress.says_something() {
            actor.reads_exactly("progress", plan.id.as_str(), &plan.jurisdiction, &known.code);
        }
        items.push((known.printed.clone(), progress.result));
        indicators.push(progress);
    }
    let (plan_indicators, goals) = outline.judged(&items, is_year(label));
    Ok(Progress {
        plan: Some(Ref::new(plan.id.clone(), plan.code.clone())),
        jurisdiction: plan.jurisdiction.clone(),
        period,
        indicators,
        plan_indicators,
        goals,
        wards: Vec::new(),
    })
}

/// The period that a query names: by id a periodic one, for figures of thematic and ad hoc ones stay out of progress; by
/// label also a year, quarter or month of the plan for which no period has been made.
fn spoken(figures: &PlanFigures, named: &str) -> Option<(Label, ProgressPeriod)> {
    if looks_like_id(named) {
        let period = figures.period(&PeriodId::from_text(named.to_ascii_lowercase()))?;
        return Some((period.label?, period.reference().into()));
    }
    let label = Label::parse(named)?;
    match figures.labelled(label) {
        Some(period) => Some((label, period.reference().into())),
        None => covers(&figures.plan, label).then(|| (label, ProgressPeriod { id: None, label: label.to_string() })),
    }
}

fn is_year(label: Label) -> bool {
    matches!(label, Label::Year(_))
}

fn of_area(c: &mut Conn, actor: &Actor, code: &str, scope: &Scope, period: &str) -> Result<(Progress, Option<UtcTime>, ReadScope)> {
    let unknown = || scope.unknown::<PeriodKey>(period, &Place::query("period"));
    let label = Label::parse(period).ok_or_else(unknown)?;
    let (all, moved) = area::plans_of_wards(c, scope, Some(label))?;
    let plans: Vec<PlanKey> = all.iter().filter(|p| covers(p, label)).cloned().collect();
    if plans.is_empty() && !all.is_empty() {
        return Err(unknown());
    }
    let plans = area::one_a_ward(c, plans, period)?;
    let until = next_deadline(c, &plans, actor.now)?;
    let wards = load(c, actor, &plans)?;
    let ids: Vec<PlanId> = plans.iter().map(|p| p.id.clone()).collect();
    let outline = Outline::load(c, &ids)?;
    let names = area::names(c, &plans)?;
    // A sum shows what a ward in it shows.
    let exact = wards.iter().any(|figures| actor.sees_restricted(&figures.plan.jurisdiction));
    let mask = mask(c, actor, &wards.iter().collect::<Vec<_>>())?;
    let (mut items, mut indicators): (Vec<(PlanIndicatorId, Outcome)>, _) = (Vec::new(), Vec::new());
    for together in Together::all(&wards, label) {
        let progress = together.progress(label, &mask);
        if exact && together.restricted() && progress.says_something() {
            actor.reads_exactly("progress", code, code, &progress.indicator.code);
        }
        items.push((together.printed().clone(), progress.result));
        indicators.push(progress);
    }
    let (plan_indicators, goals) = outline.judged(&items, is_year(label));
    let progress = Progress {
        plan: None,
        jurisdiction: code.to_owned(),
        period: ProgressPeriod { id: None, label: label.to_string() },
        indicators,
        plan_indicators,
        goals,
        wards: wards.iter().map(|figures| ward(actor, figures, &mask, &names, label)).collect(),
    };
    // A ward that was here then is found elsewhere now.
    let told_of = if moved { ReadScope::Everywhere } else { ReadScope::Jurisdiction(code.to_owned()) };
    Ok((progress, until, told_of))
}

fn covers(plan: &PlanKey, label: Label) -> bool {
    (plan.start_year..=plan.end_year).contains(&label.year())
}

/// The figures of several plans, in their order: accepted ones where the caller belongs, published ones elsewhere.
fn load(c: &mut Conn, actor: &Actor, plans: &[PlanKey]) -> Result<Vec<PlanFigures>> {
    let (own, others): (Vec<PlanKey>, Vec<PlanKey>) = plans.iter().cloned().partition(|p| area::is_own(actor, &p.jurisdiction));
    let mut loaded = Vec::with_capacity(plans.len());
    for (plans, basis) in [(own, Basis::Accepted), (others, Basis::Published)] {
        if !plans.is_empty() {
            loaded.extend(results::load_all(c, &plans, basis, actor.now)?);
        }
    }
    loaded.sort_by_cached_key(|figures| plans.iter().position(|p| p.id == figures.plan.id));
    Ok(loaded)
}

/// What is hidden from this caller of these plans' figures.
fn mask(c: &mut Conn, actor: &Actor, plans: &[&PlanFigures]) -> Result<DisclosureMask> {
    let hidden = |figures: &&PlanFigures| {
        !actor.sees_restricted(&figures.plan.jurisdiction) && figures.known.iter().any(IndicatorSummary::ever_restricted)
    };
    let (own, others): (Vec<&PlanFigures>, Vec<&PlanFigures>) =
        plans.iter().copied().filter(hidden).partition(|figures| area::is_own(actor, &figures.plan.jurisdiction));
    let mut mask = DisclosureMask::default();
    for (plans, basis) in [(own, Basis::Accepted), (others, Basis::Published)] {
        if !plans.is_empty() {
            mask.extend(results::mask(c, &plans, basis, actor.settings.smallest_count)?);
        }
    }
    Ok(mask)
}

fn ward(actor: &Actor, figures: &PlanFigures, mask: &DisclosureMask, names: &HashMap<String, Bilingual>, label: Label) -> WardProgress {
    let plan = &figures.plan;
    let exact = actor.sees_restricted(&plan.jurisdiction);
    let row = |known: Cow<'_, IndicatorSummary>| {
        let row = figures.masked(mask, &known, label, figures.row(&known, label));
        if known.restricted && exact && row.says_something() {
            actor.reads_exactly("progress", plan.id.as_str(), &plan.jurisdiction, &known.code);
        }
        WardFigure::of(row)
    };
    let indicators: Vec<WardFigure> = indicator_status::spoken_of(figures, label).map(row).collect();
    WardProgress {
        jurisdiction: plan.jurisdiction.clone(),
        name: area::name_in(names, &plan.jurisdiction),
        plan: Ref::new(plan.id.clone(), plan.code.clone()),
        counts: Counts::of(indicators.iter().map(|i| i.result)),
        indicators,
    }
}

/// The next instant at which a period of these plans falls due, so that what was not reported counts as not given.
fn next_deadline(c: &mut Conn, plans: &[PlanKey], now: UtcTime) -> Result<Option<UtcTime>> {
    let mut next: Option<UtcTime> = None;
    for some in plans.chunks(500) {
        let ids: Vec<&PlanId> = some.iter().map(|p| &p.id).collect();
        let found: Option<UtcTime> = reporting_periods::table
            .filter(reporting_periods::plan_id.eq_any(ids))
            .filter(reporting_periods::due_at.gt(now))
            .select(diesel::dsl::min(reporting_periods::due_at))
            .first(c)?;
        next = next.into_iter().chain(found).min();
    }
    Ok(next)
}
