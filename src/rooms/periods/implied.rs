//! The periods that a ward's plan implies by its rules: every year, and the quarters and months of the years in which it has indicators
//! for them, as far as they end while the ward is there. The service makes them by itself, each once: one that somebody deletes stays away.
//! A province's plan implies none.

use super::deadlines;
use super::rules::Times;
use super::table::PeriodRow;
use super::wire::{PeriodIn, PeriodKind, PeriodStatus};
use crate::actor::Actor;
use crate::both;
use crate::change::{self, Event};
use crate::db::schema::{audit_events, indicator_definitions, indicators, jurisdictions, plans, reporting_periods as periods};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::rooms::plans::PlanKey;
use crate::values::days::Days;
use crate::values::id::PlanId;
use crate::values::period::{Frequency, Implied, Schedule, implied};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;

/// A period's place among those of a plan.
type Slot = (String, String);

/// The active plans that lack periods which their rules imply.
///
/// # Errors
/// If the database fails.
pub fn plans_lacking(c: &mut Conn, schedule: &Schedule) -> Result<Vec<PlanKey>> {
    let active: Vec<PlanKey> = plans::table
        .filter(plans::status.eq("active"))
        .order(plans::id)
        .select((plans::id, plans::code, plans::jurisdiction, plans::start_year, plans::end_year, plans::status))
        .load(c)?;
    Ok(lacking(c, active, schedule)?.into_iter().map(|(plan, _)| plan).collect())
}

/// Makes the periods that an active plan's rules imply and that it lacks. Those already due are made closed: they count
/// nowhere until somebody reopens them. Tells how many it made.
///
/// # Errors
/// If the database fails.
pub fn ensure_implied(c: &mut Conn, actor: &Actor, plan: &PlanKey) -> Result<usize> {
    if plan.status != "active" {
        return Ok(0);
    }
    db::lock_name(c, "periods.implied")?;
    // Its years may have changed meanwhile.
    let plan = crate::rooms::plans::find_key(c, &plan.id)?;
    let mut made = 0;
    for (plan, missing) in lacking(c, vec![plan], &actor.settings.schedule)? {
        for period in missing {
            made += insert(c, actor, &plan, &period)?;
        }
    }
    Ok(made)
}

/// Whether the rules of its plan imply a period, so that the service would make it again.
///
/// # Errors
/// If the database fails.
pub(super) fn is_implied(c: &mut Conn, row: &PeriodRow) -> Result<bool> {
    let (Some(frequency), PeriodKind::Periodic) = (&row.frequency, PeriodKind::parse(&row.kind).unwrap_or_default()) else {
        return Ok(false);
    };
    let plan = crate::rooms::plans::find_key(c, &row.plan_id)?;
    let year = crate::values::period::Label::parse(&row.label).map(|label| label.year());
    if plan.status != "active" || !year.is_some_and(|year| (plan.start_year..=plan.end_year).contains(&year)) {
        return Ok(false);
    }
    let measured = measured_years(c, &[&plan.id])?.remove(&plan.id).unwrap_or_default();
    let is_its = |f: Frequency| f.as_str() == frequency;
    let asked = |year: i32| measured.asked.iter().any(|(f, years)| is_its(*f) && asks(*f, years, year));
    Ok(year.is_some_and(asked) && measured.days.hold(row.ends_on))
}

/// What a ward's plan measures.
#[derive(Default)]
struct Measured {
    /// On which days the ward exists.
    days: Days,
    /// How often each indicator is reported, and from which year until which.
    asked: Vec<(Frequency, RangeInclusive<i32>)>,
}

/// What wards' plans measure.
fn measured_years(c: &mut Conn, plans: &[&PlanId]) -> Result<HashMap<PlanId, Measured>> {
    use indicator_definitions as d;
    type Row = (PlanId, String, Option<i32>, Option<i32>, (Option<NaiveDate>, Option<NaiveDate>));
    let begins = d::table.filter(d::indicator_id.eq(indicators::id)).select(diesel::dsl::min(d::effective_from)).single_value();
    let days = (jurisdictions::valid_from, jurisdictions::valid_until);
    let found: Vec<Row> = indicators::table
        .inner_join(jurisdictions::table.on(jurisdictions::code.eq(indicators::jurisdiction)))
        .filter(jurisdictions::level.eq("commune"))
        .filter(indicators::plan_id.eq_any(plans))
        .select((indicators::plan_id, indicators::frequency, begins, indicators::last_year, days))
        .load(c)?;
    let mut measured: HashMap<PlanId, Measured> = HashMap::new();
    for (plan, frequency, first, last, (from, until)) in found {
        let years = first.unwrap_or(i32::MIN)..=last.unwrap_or(i32::MAX);
        let of_plan = measured.entry(plan).or_default();
        of_plan.days = Days::new(from, until);
        of_plan.asked.extend(Frequency::parse(&frequency).map(|frequency| (frequency, years)));
    }
    Ok(measured)
}

/// Whether the rules imply such periods of a year for an indicator with these years: every unit owes its words each year, quarters and
/// months are for the figures alone.
fn asks(frequency: Frequency, years: &RangeInclusive<i32>, year: i32) -> bool {
    frequency == Frequency::Annual || years.contains(&year)
}

fn lacking(c: &mut Conn, plans: Vec<PlanKey>, schedule: &Schedule) -> Result<Vec<(PlanKey, Vec<Implied>)>> {
    let ids: Vec<&PlanId> = plans.iter().map(|plan| &plan.id).collect();
    let mut measured: HashMap<PlanId, Measured> = HashMap::new();
    let mut there: HashMap<PlanId, HashSet<Slot>> = HashMap::new();
    for some in ids.chunks(500) {
        measured.extend(measured_years(c, some)?);
        let made: Vec<(PlanId, Option<String>, String)> = periods::table
            .filter(periods::plan_id.eq_any(some))
            .filter(periods::kind.eq(PeriodKind::Periodic.as_str()))
            .select((periods::plan_id, periods::frequency, periods::label))
            .load(c)?;
        for (plan, frequency, label) in made {
            there.entry(plan).or_default().insert((frequency.unwrap_or_default(), label));
        }
    }
    let mut all = Vec::new();
    for plan in plans {
        let there = there.remove(&plan.id).unwrap_or_default();
        let measured = measured.remove(&plan.id).unwrap_or_default();
        let frequencies: BTreeSet<Frequency> = measured.asked.iter().map(|(frequency, _)| *frequency).collect();
        let asked = |i: &Implied| measured.asked.iter().any(|(f, years)| *f == i.frequency && asks(*f, years, i.label.year()));
        let wanted = |i: &Implied| asked(i) && measured.days.hold(i.ends_on) && !there.contains(&slot(i));
        let by_rules = frequencies.into_iter().flat_map(|f| implied(f, plan.start_year, plan.end_year, schedule));
        let mut missing: Vec<Implied> = by_rules.filter(wanted).collect();
        if !missing.is_empty() {
            let deleted = deleted(c, &plan)?;
            missing.retain(|i| !deleted.contains(&slot(i)));
        }
        if !missing.is_empty() {
            all.push((plan, missing));
        }
    }
    Ok(all)
}

fn slot(period: &Implied) -> Slot {
    (period.frequency.as_str().to_owned(), period.label.to_string())
}

/// The periods of a plan that somebody deleted, as the audit trail remembers them. One that went with its year has a reason: it comes
/// back with it.
fn deleted(c: &mut Conn, plan: &PlanKey) -> Result<HashSet<Slot>> {
    let befores: Vec<Option<String>> = audit_events::table
        .filter(audit_events::resource.eq("reporting_period"))
        .filter(audit_events::action.eq("reporting_period.deleted"))
        .filter(audit_events::jurisdiction.eq(&plan.jurisdiction))
        .filter(audit_events::reason.is_null())
        .select(audit_events::before)
        .load(c)?;
    let mut slots = HashSet::new();
    for before in befores.into_iter().flatten() {
        let was: PeriodIn = db::from_json(&before)?;
        if was.plan.as_deref() == Some(plan.id.as_str())
            && let (Some(frequency), Some(label)) = (was.frequency, was.label)
        {
            slots.insert((frequency.as_str().to_owned(), label));
        }
    }
    Ok(slots)
}

fn insert(c: &mut Conn, actor: &Actor, plan: &PlanKey, period: &Implied) -> Result<usize> {
    let Implied { label, frequency, starts_on, ends_on, opens_at, due_at } = *period;
    let times = Times { label: label.to_string(), starts_on, ends_on, opens_at, due_at };
    let status = if due_at <= actor.now { PeriodStatus::Closed } else { PeriodStatus::Planned };
    let mut row = PeriodRow {
        frequency: Some(frequency.as_str().to_owned()),
        status: status.as_str().to_owned(),
        consolidated_due_at: deadlines::of_new(c, &plan.jurisdiction, &times.label)?,
        ..PeriodRow::new(plan, actor, &times)
    };
    row.refold();
    let said = json!({"plan": plan.id, "kind": "periodic", "frequency": frequency, "label": label, "status": status});
    let event = Event::of("created", &row).change(None, Some(said));
    // Somebody may be making the same one by hand at this moment.
    let made = change::save_if(c, actor, &event, |w| {
        Ok(both!(w.conn(), c => diesel::insert_into(periods::table).values(&row).on_conflict_do_nothing().execute(c))? == 1)
    })?;
    Ok(usize::from(made))
}
