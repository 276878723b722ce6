//! Of which years there are figures to be read, and whether what was sent of them still stands.

use super::wire::{ProgressYear, YearStatus};
use crate::rooms::plans::PlanKey;
use crate::rooms::results::{PlanFigures, Published};
use crate::values::clock::UtcTime;
use crate::values::period::{Label, today_local};
use chrono::Datelike;

/// The years of which these figures speak, of one plan or of those of several wards.
pub(super) fn of(all: &[PlanFigures]) -> Vec<ProgressYear> {
    let first = all.iter().map(|figures| figures.plan.start_year).min().unwrap_or_default();
    let last = all.iter().map(|figures| figures.plan.end_year).max().unwrap_or_default();
    let year = |year: i32| {
        let label = Label::Year(year);
        let published: Vec<Published> = all.iter().filter_map(|figures| figures.labelled(label)?.published).collect();
        let sent = published.iter().max_by_key(|one| one.sent_at);
        (sent.is_some() || all.iter().any(|figures| figures.has_figures(label))).then(|| ProgressYear {
            label,
            status: if sent.is_some() { YearStatus::Published } else { YearStatus::Accepted },
            under_revision: published.iter().any(|one| one.under_revision),
            published_at: sent.map(|one| one.sent_at),
            revision: sent.filter(|_| all.len() == 1).map(|one| one.revision),
        })
    };
    (first..=last).filter_map(year).collect()
}

/// The year of which a plan's progress speaks if none is named: the last one with figures, else the last that was opened, else its
/// first.
pub(super) fn last_spoken_of(figures: &PlanFigures, years: &[ProgressYear]) -> Label {
    let opened = figures.periods.iter().rev().filter(|period| period.frozen.is_some()).filter_map(|period| period.label);
    let opened = opened.filter(|label| matches!(label, Label::Year(_))).max();
    years.last().map(|year| year.label).or(opened).unwrap_or(Label::Year(figures.plan.start_year))
}

/// The same of several wards: the last year with figures, else this year as far as their plans reach.
pub(super) fn last_of(years: &[ProgressYear], plans: &[PlanKey], now: UtcTime) -> Label {
    let this_year = today_local(now).year();
    let first = plans.iter().map(|plan| plan.start_year).min().unwrap_or(this_year);
    let last = plans.iter().map(|plan| plan.end_year).max().unwrap_or(this_year);
    years.last().map_or_else(|| Label::Year(this_year.max(first).min(last)), |year| year.label)
}
