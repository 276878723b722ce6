//! What everybody reads of an administrative unit, one year, quarter or month after the other: just what [`super::overview`] says of
//! each to somebody who has not signed in, but with what is read once for all of them read once.

use super::indicator_status::{Together, Yardstick};
use super::observations::ObservationOut;
use super::wire::IndicatorProgress;
use super::{area, overview};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::schema::{consolidated_reports, reporting_periods};
use crate::problem::Result;
use crate::reading::references::{Named, Scope};
use crate::rooms::plans::PlanKey;
use crate::rooms::results::{self, DisclosureMask, PlanFigures, Signed};
use crate::values::clock::UtcTime;
use crate::values::period::{Frequency, Label};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What is published of a year, quarter or month.
#[derive(Debug, Clone)]
pub struct PublishedPeriod {
    /// Which.
    pub label: Label,
    /// When the consolidated report that says it was sent; of several wards the last.
    pub since: UtcTime,
    /// Every indicator, in the plan's order.
    pub indicators: Vec<PublishedIndicator>,
}

/// An indicator in it.
#[derive(Debug, Clone)]
pub struct PublishedIndicator {
    /// How it stands.
    pub progress: IndicatorProgress,
    /// Whether an estimate is among the figures that it is made of.
    pub estimate: bool,
}

/// What is published of an administrative unit and all below it, of the years, quarters and months that are wanted.
///
/// # Errors
/// 400 for one that there is not; if the database fails.
pub fn published(c: &mut Conn, actor: &Actor, code: &str, wanted: &dyn Fn(Label) -> bool) -> Result<Vec<PublishedPeriod>> {
    let actor = actor.public();
    let scope = Scope::of_query(c, Named { jurisdiction: Some(code), ..Named::default() })?;
    // Which wards lay below it depends on the day; a ward that is named itself is read wherever it lay.
    let fixed = if area::is_ward(c, code)? { Some(area::plans_of_wards(c, &scope, None)?.0) } else { None };
    let mut reading = Reading { actor: &actor, code, loaded: None, yardstick: None };
    let mut found = Vec::new();
    for label in labels(c)?.into_iter().filter(|label| wanted(*label)) {
        let plans = match &fixed {
            Some(plans) => plans.clone(),
            None => area::plans_of_wards(c, &scope, Some(label))?.0,
        };
        let plans: Vec<PlanKey> = plans.into_iter().filter(|plan| overview::covers(plan, label)).collect();
        let plans = area::one_a_ward(c, plans, &label.to_string())?;
        found.extend(reading.period(c, &plans, label)?);
    }
    Ok(found)
}

/// The years of which anything was sent, with their quarters and months.
fn labels(c: &mut Conn) -> Result<BTreeSet<Label>> {
    use {consolidated_reports as k, reporting_periods as p};
    let sent = k::table.filter(k::published.eq(true)).select(k::period_id);
    let sent = p::table.filter(p::kind.eq("periodic")).filter(p::id.eq_any(sent)).select(p::label).distinct();
    let years: BTreeSet<i32> = sent.load::<String>(c)?.iter().filter_map(|label| Label::parse(label)).map(Label::year).collect();
    let all = [Frequency::Annual, Frequency::Quarterly, Frequency::Monthly];
    Ok(years.into_iter().flat_map(|year| all.into_iter().flat_map(move |frequency| Label::of_year(frequency, year))).collect())
}

/// What was read for one period and serves the next.
struct Reading<'a> {
    actor: &'a Actor,
    code: &'a str,
    loaded: Option<Loaded>,
    /// The province's plan for a year, if it has one.
    yardstick: Option<(i32, Option<Yardstick>)>,
}

/// The figures of some plans, and what is hidden of them.
struct Loaded {
    wards: Vec<PlanFigures>,
    mask: DisclosureMask,
    /// The year of whose parts can be told.
    year: Option<i32>,
}

impl Reading<'_> {
    /// What is published of a period of these plans, if anything is.
    fn period(&mut self, c: &mut Conn, plans: &[PlanKey], label: Label) -> Result<Option<PublishedPeriod>> {
        if plans.is_empty() {
            return Ok(None);
        }
        let same = |loaded: &Loaded| loaded.wards.iter().map(|figures| &figures.plan.id).eq(plans.iter().map(|plan| &plan.id));
        if !self.loaded.as_ref().is_some_and(same) {
            let wards = overview::load(c, self.actor, plans, None)?;
            let mask = overview::mask(c, self.actor, &wards.iter().collect::<Vec<_>>(), None)?;
            self.loaded = Some(Loaded { wards, mask, year: None });
        }
        if self.yardstick.as_ref().is_none_or(|(year, _)| *year != label.year()) {
            self.yardstick = Some((label.year(), overview::yardstick(c, self.code, None, label)?));
        }
        let (Some(loaded), Some((_, yardstick))) = (&mut self.loaded, &self.yardstick) else { return Ok(None) };
        let Some(since) = since(&loaded.wards, label) else { return Ok(None) };
        if loaded.year != Some(label.year()) {
            // Of another year than that spoken of, parts are only judged, by what the plan says now.
            loaded.wards.iter_mut().for_each(|figures| figures.splits.clear());
            results::load_parts(c, &mut loaded.wards, label.year())?;
            loaded.year = Some(label.year());
        }
        let one_ward = plans.iter().all(|plan| plan.jurisdiction == self.code);
        let signed = overview::signed(c, self.actor, &loaded.wards, label, None)?;
        let none = Signed::default();
        let signed = plans.first().filter(|_| one_ward && plans.len() == 1).and_then(|plan| signed.get(&plan.id)).unwrap_or(&none);
        let indicator = |together: Together<'_>| PublishedIndicator {
            progress: together.progress(label, &loaded.mask, signed),
            estimate: together.is_estimate(label),
        };
        let indicators = Together::all(&loaded.wards, yardstick.as_ref(), one_ward, label).into_iter().map(indicator).collect();
        Ok(Some(PublishedPeriod { label, since, indicators }))
    }
}

/// When what is published of a period was sent: by its own report, by that of its year, or for a year by one of its quarters or months.
fn since(wards: &[PlanFigures], label: Label) -> Option<UtcTime> {
    let of = |figures: &PlanFigures| {
        let own = figures.published(label).map(|published| published.sent_at);
        let within = figures.periods.iter().filter(|period| period.label.is_some_and(|of| of.year() == label.year()));
        own.or_else(|| within.filter_map(|period| Some(period.published?.sent_at)).max().filter(|_| figures.has_figures(label)))
    };
    wards.iter().filter_map(of).max()
}

/// Every figure of a unit of one ward that is published of a regular period, as everybody reads it. All are in memory at once: a ward
/// has some thousands in its years.
///
/// # Errors
/// If the database fails.
pub fn published_observations(c: &mut Conn, actor: &Actor, ward: &str) -> Result<Vec<ObservationOut>> {
    use reporting_periods as p;
    let regular = p::table.filter(p::jurisdiction.eq(ward)).filter(p::kind.eq("periodic")).select(p::id);
    let regular = regular.order(p::id).load(c)?;
    super::observations::every(c, &actor.public(), ward, regular)
}
