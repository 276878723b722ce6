//! `GET /progress`: how a plan stands, or the plans of all wards below an administrative unit.

use super::indicator_status::{self, Together, Yardstick};
use super::wire::{Progress, ProgressFilter, ProgressPeriod, WardFigure, WardProgress};
use super::{area, years};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::schema::reporting_periods;
use crate::figures::Counts;
use crate::problem::{Place, Result, said};
use crate::reading::read_scope::ReadScope;
use crate::reading::references::{self, Named, PeriodKey, Scope};
use crate::rooms::indicators::{self, IndicatorSummary};
use crate::rooms::plans::{self, PlanKey};
use crate::rooms::results::{self, Basis, DisclosureMask, Judged, Outline, PlanFigures, Signed, View, ever_measured};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, looks_like_id};
use crate::values::period::Label;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// How things stand, the next instant at which they stand differently though nobody does anything, a deadline, and of whom is told.
pub(super) fn find(c: &mut Conn, actor: &Actor, asked: &ProgressFilter) -> Result<(Progress, Option<UtcTime>, ReadScope)> {
    let scope = place_of(c, asked)?;
    let period = asked.period.as_deref();
    let as_of = area::instant(actor, asked.as_of)?;
    let Some(plan) = scope.plan() else {
        let code = asked.jurisdiction.as_deref().unwrap_or_default();
        return of_area(c, actor, &Area { code, scope: &scope, plan: None, as_of }, period);
    };
    // A ward's plan is one for which figures are reported; only of one without periods is it asked whose it is.
    let mut figures = results::load(c, actor, plan, View { basis: basis(actor, &plan.jurisdiction), as_of })?;
    if figures.periods.is_empty() && !area::is_ward(c, &plan.jurisdiction)? {
        let within = Scope::of_query(c, Named { jurisdiction: Some(&plan.jurisdiction), ..Named::default() })?;
        return of_area(c, actor, &Area { code: &plan.jurisdiction, scope: &within, plan: Some(plan), as_of }, period);
    }
    let until = next_deadline(c, std::slice::from_ref(plan), actor.now)?;
    let told_of = ReadScope::named(asked.plan.as_deref(), asked.jurisdiction.as_deref());
    Ok((of_plan(c, actor, &mut figures, (period, as_of), &scope)?, until, told_of))
}

/// Where progress is asked for: of the one plan in force, if nothing is named.
fn place_of(c: &mut Conn, asked: &ProgressFilter) -> Result<Scope> {
    if asked.plan.is_some() || asked.jurisdiction.is_some() {
        return area::scope(c, asked.plan.as_deref(), asked.jurisdiction.as_deref());
    }
    let place = Place::query("plan");
    match plans::active(c)?.as_slice() {
        [plan] => Ok(Scope::of_plan(plan)),
        [] => Err(references::none::<PlanKey>(&place, &said("đang thực hiện", "in force"))),
        [_, _, ..] => Err(references::several::<PlanKey>(
            &place,
            &said("đang thực hiện", "in force"),
            &said("Hãy nêu kế hoạch («plan») hoặc địa bàn («jurisdiction»).", "Name plan or jurisdiction."),
        )),
    }
}

/// An administrative unit of whose wards the figures are made one.
struct Area<'a> {
    code: &'a str,
    scope: &'a Scope,
    /// Its own plan, where that was named.
    plan: Option<&'a PlanKey>,
    /// The instant as of which it is asked; `None` for now.
    as_of: Option<UtcTime>,
}

fn basis(actor: &Actor, jurisdiction: &str) -> Basis {
    if area::is_own(actor, jurisdiction) { Basis::Accepted } else { Basis::Published }
}

fn of_plan(
    c: &mut Conn,
    actor: &Actor,
    figures: &mut PlanFigures,
    (named, as_of): (Option<&str>, Option<UtcTime>),
    scope: &Scope,
) -> Result<Progress> {
    let years = years::of(std::slice::from_ref(figures));
    let named = named.map_or_else(|| years::last_spoken_of(figures, &years).to_string(), str::to_owned);
    let (label, period) = spoken(figures, &named).ok_or_else(|| scope.unknown::<PeriodKey>(&named, &Place::query("period")))?;
    results::load_parts(c, std::slice::from_mut(figures), label.year())?;
    let (figures, plan) = (&*figures, &figures.plan);
    let outline = Outline::load(c, std::slice::from_ref(&plan.id))?;
    let exact = actor.sees_restricted(&plan.jurisdiction);
    let mask = mask(c, actor, &[figures], as_of)?;
    let signed = signed(c, actor, std::slice::from_ref(figures), label, as_of)?.remove(&plan.id).unwrap_or_default();
    let (mut items, mut indicators) = (Vec::new(), Vec::new());
    for known in figures.spoken_of(label) {
        let progress = indicator_status::of_plan(figures, &known, label, &mask, &signed);
        if exact && progress.says_something_restricted(label, |year| known.restricted_in_year(year)) {
            actor.reads_exactly("progress", plan.id.as_str(), &plan.jurisdiction, &known.code);
        }
        items.push(progress.judged(&known.printed));
        indicators.push(progress);
    }
    let (plan_indicators, goals) = outline.judged(&items, is_year(label), ever_measured(figures.known.iter()));
    Ok(Progress {
        plan: Some(Ref::new(plan.id.clone(), plan.code.clone())),
        jurisdiction: plan.jurisdiction.clone(),
        period,
        under_revision: figures.published(label).is_some_and(|published| published.under_revision),
        unpublished_changes: as_of.is_none() && any_unpublished_changes(c, actor, std::slice::from_ref(figures), label)?,
        years,
        indicators,
        plan_indicators,
        goals,
        wards: Vec::new(),
    })
}

/// What is published of a year, quarter or month of these plans by reports of its own, where the caller reads that.
pub(super) fn signed(
    c: &mut Conn,
    actor: &Actor,
    wards: &[PlanFigures],
    label: Label,
    as_of: Option<UtcTime>,
) -> Result<HashMap<PlanId, Signed>> {
    let mut of_plans = HashMap::new();
    for exact in [true, false] {
        let read = |figures: &&PlanFigures| {
            let ward = &figures.plan.jurisdiction;
            basis(actor, ward) == Basis::Published && actor.sees_restricted(ward) == exact
        };
        let published = wards.iter().filter(read).filter_map(|figures| Some((figures, figures.labelled(label)?)));
        let published: Vec<_> = published.filter(|(_, period)| period.published.is_some()).collect();
        if published.is_empty() {
            continue;
        }
        let mut signed = Signed::load(c, &published.iter().map(|(_, period)| &period.id).collect::<Vec<_>>(), exact, as_of)?;
        for (figures, period) in published {
            let Some(signed) = signed.remove(&period.id) else { continue };
            // Once its year is published, a quarter's or month's figures are those of the year's report.
            let of_year = !is_year(label) && figures.labelled(Label::Year(label.year())).is_some_and(|year| year.published.is_some());
            of_plans.insert(figures.plan.id.clone(), if of_year { signed.in_words() } else { signed });
        }
    }
    Ok(of_plans)
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

/// The plan of an administrative unit above the wards by which their sums are judged, if it has one for the year.
pub(super) fn yardstick(c: &mut Conn, code: &str, named: Option<&PlanKey>, label: Label) -> Result<Option<Yardstick>> {
    let plan = match named {
        Some(plan) => Some(plan.clone()).filter(|plan| covers(plan, label)),
        None => area::own_plan(c, code, label.year())?,
    };
    let Some(plan) = plan else { return Ok(None) };
    Ok(Some(Yardstick { known: indicators::of_plan(c, &plan.id)?, plan }))
}

fn is_year(label: Label) -> bool {
    matches!(label, Label::Year(_))
}

fn of_area(c: &mut Conn, actor: &Actor, area: &Area<'_>, named: Option<&str>) -> Result<(Progress, Option<UtcTime>, ReadScope)> {
    let Area { code, scope, plan, as_of } = *area;
    let unknown = |period: &str| scope.unknown::<PeriodKey>(period, &Place::query("period"));
    let asked = named.map(|text| Label::parse(text).ok_or_else(|| unknown(text))).transpose()?;
    let (mut all, mut moved) = area::plans_of_wards(c, scope, asked)?;
    let mut wards = load(c, actor, &all, as_of)?;
    let years = years::of(&wards);
    let label = asked.unwrap_or_else(|| years::last_of(&years, &all, actor.now));
    if asked.is_none() {
        (all, moved) = area::plans_of_wards(c, scope, Some(label))?;
        if moved {
            wards = load(c, actor, &all, as_of)?;
        }
    }
    let period = label.to_string();
    let plans: Vec<PlanKey> = all.iter().filter(|p| covers(p, label)).cloned().collect();
    let yardstick = yardstick(c, code, plan, label)?;
    if plans.is_empty() && !all.is_empty() && yardstick.is_none() {
        return Err(unknown(&period));
    }
    let plans = area::one_a_ward(c, plans, &period)?;
    wards.retain(|figures| plans.iter().any(|plan| plan.id == figures.plan.id));
    let until = next_deadline(c, &plans, actor.now)?;
    results::load_parts(c, &mut wards, label.year())?;
    let ids: Vec<PlanId> = yardstick.iter().map(|of_province| &of_province.plan).chain(&plans).map(|p| p.id.clone()).collect();
    let outline = Outline::load(c, &ids)?;
    let names = area::names(c, &plans)?;
    // A sum shows what a ward in it shows.
    let exact = wards.iter().any(|figures| actor.sees_restricted(&figures.plan.jurisdiction));
    let mask = mask(c, actor, &wards.iter().collect::<Vec<_>>(), as_of)?;
    let (mut items, mut indicators): (Vec<Judged>, _) = (Vec::new(), Vec::new());
    let one_ward = plans.iter().all(|plan| plan.jurisdiction == code);
    let signed = signed(c, actor, &wards, label, as_of)?;
    let none = Signed::default();
    let of_sum = plans.first().filter(|_| one_ward && plans.len() == 1).and_then(|plan| signed.get(&plan.id)).unwrap_or(&none);
    for together in Together::all(&wards, yardstick.as_ref(), one_ward, label) {
        let progress = together.progress(label, &mask, of_sum);
        if exact && progress.says_something_restricted(label, |year| together.restricted_in_year(year)) {
            actor.reads_exactly("progress", code, code, &progress.indicator.code);
        }
        items.push(progress.judged(together.printed()));
        indicators.push(progress);
    }
    let measured =
        yardstick.iter().flat_map(|of_province| of_province.known.iter()).chain(wards.iter().flat_map(|figures| figures.known.iter()));
    let (plan_indicators, goals) = outline.judged(&items, is_year(label), ever_measured(measured));
    let progress = Progress {
        plan: yardstick.as_ref().map(|of_province| Ref::new(of_province.plan.id.clone(), of_province.plan.code.clone())),
        jurisdiction: code.to_owned(),
        period: ProgressPeriod { id: None, label: label.to_string() },
        under_revision: wards.iter().any(|figures| figures.published(label).is_some_and(|published| published.under_revision)),
        unpublished_changes: as_of.is_none() && any_unpublished_changes(c, actor, &wards, label)?,
        years,
        indicators,
        plan_indicators,
        goals,
        wards: wards
            .iter()
            .map(|figures| ward(actor, figures, &mask, (signed.get(&figures.plan.id).unwrap_or(&none), &names), label))
            .collect(),
    };
    // A ward that was here then is found elsewhere now.
    let told_of = if moved { ReadScope::Everywhere } else { ReadScope::Jurisdiction(code.to_owned()) };
    Ok((progress, until, told_of))
}

/// Whether the caller reads of a ward of his own something else than what was sent of a year, quarter or month.
fn any_unpublished_changes(c: &mut Conn, actor: &Actor, wards: &[PlanFigures], label: Label) -> Result<bool> {
    let own = wards.iter().filter(|figures| area::is_own(actor, &figures.plan.jurisdiction) && figures.published(label).is_some());
    let periods: Vec<&PeriodId> = own.filter_map(|figures| figures.labelled(label)).map(|period| &period.id).collect();
    results::any_unpublished(c, &periods)
}

/// Whether a plan is about a year, quarter or month.
pub(super) fn covers(plan: &PlanKey, label: Label) -> bool {
    (plan.start_year..=plan.end_year).contains(&label.year())
}

/// The figures of several plans, in their order: accepted ones where the caller belongs, published ones elsewhere.
pub(super) fn load(c: &mut Conn, actor: &Actor, plans: &[PlanKey], as_of: Option<UtcTime>) -> Result<Vec<PlanFigures>> {
    let (own, others): (Vec<PlanKey>, Vec<PlanKey>) = plans.iter().cloned().partition(|p| area::is_own(actor, &p.jurisdiction));
    let mut loaded = Vec::with_capacity(plans.len());
    for (plans, basis) in [(own, Basis::Accepted), (others, Basis::Published)] {
        if !plans.is_empty() {
            loaded.extend(results::load_all(c, actor, &plans, View { basis, as_of })?);
        }
    }
    loaded.sort_by_cached_key(|figures| plans.iter().position(|p| p.id == figures.plan.id));
    Ok(loaded)
}

/// What is hidden from this caller of these plans' figures.
pub(super) fn mask(c: &mut Conn, actor: &Actor, plans: &[&PlanFigures], as_of: Option<UtcTime>) -> Result<DisclosureMask> {
    let hidden = |figures: &&PlanFigures| {
        !actor.sees_restricted(&figures.plan.jurisdiction) && figures.known.iter().any(IndicatorSummary::ever_restricted)
    };
    if as_of.is_some() {
        return Ok(results::mask_of_everything(&plans.iter().copied().filter(hidden).collect::<Vec<_>>()));
    }
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

/// A ward's line; beside it what is published of it and the wards' names.
fn ward(
    actor: &Actor,
    figures: &PlanFigures,
    mask: &DisclosureMask,
    (signed, names): (&Signed, &HashMap<String, Bilingual>),
    label: Label,
) -> WardProgress {
    let plan = &figures.plan;
    let exact = actor.sees_restricted(&plan.jurisdiction);
    let row = |known: Cow<'_, IndicatorSummary>| {
        let row = signed.looking_back(&known, figures.masked(mask, &known, label, figures.row(&known, label)));
        if exact && row.says_something_restricted(label, |year| known.restricted_in_year(year)) {
            actor.reads_exactly("progress", plan.id.as_str(), &plan.jurisdiction, &known.code);
        }
        WardFigure::of(row)
    };
    let indicators: Vec<WardFigure> = figures.spoken_of(label).map(row).collect();
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
