//! `GET /completeness`: which wards have sent their consolidated reports, when, and what the province said. What it has returned
//! stays published until the next one is sent, and counts as sent and as returned.

use super::area;
use super::wire::{CompletenessOut, SentStage, WardCompleteness, WardsCompleteness, WhereAndWhen};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::schema::{consolidated_reports, jurisdictions, reporting_periods};
use crate::db::{self, Conn};
use crate::problem::{Place, Result};
use crate::reading::read_scope::ReadScope;
use crate::reading::references::{PeriodKey, Scope};
use crate::rooms::jurisdictions::there_on;
use crate::rooms::periods::{self, Completeness};
use crate::rooms::plans::PlanKey;
use crate::rooms::reports;
use crate::rooms::results;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, looks_like_id};
use crate::values::period::Label;
use crate::values::{PeriodRef, Ref};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

/// A period for which a ward owes a consolidated report.
#[derive(Debug, Queryable)]
struct Owed {
    id: PeriodId,
    plan_id: PlanId,
    label: String,
    kind: String,
    due_at: Option<UtcTime>,
}

/// A consolidated report that was sent, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sending {
    stage: SentStage,
    sent_at: UtcTime,
    /// Whether another one is being made in its place.
    anew: bool,
    /// The deadline that was in force then.
    due_at: Option<UtcTime>,
}

/// How complete a period is: of a plan unit by unit, for its own people as it is, for the others as it was sent, and until then only
/// that nothing was; of an administrative unit ward by ward. And of whom is told.
pub(super) fn find(c: &mut Conn, actor: &Actor, asked: &WhereAndWhen) -> Result<(CompletenessOut, ReadScope)> {
    let mut told_of = ReadScope::named(asked.plan.as_deref(), asked.jurisdiction.as_deref());
    let as_of = area::instant(actor, asked.as_of)?;
    let scope = area::scope(c, asked.plan.as_deref(), asked.jurisdiction.as_deref())?;
    let plans = match scope.plan() {
        None => {
            let label = Label::parse(&asked.period);
            let (all, moved) = area::plans_of_wards(c, &scope, label)?;
            if moved {
                told_of = ReadScope::Everywhere;
            }
            match label {
                None => all,
                Some(label) => {
                    let covering = all.into_iter().filter(|plan| (plan.start_year..=plan.end_year).contains(&label.year()));
                    area::one_a_ward(c, covering.collect(), &asked.period)?
                }
            }
        }
        Some(plan) if area::is_own(actor, &plan.jurisdiction) => {
            let period: PeriodKey = scope.one(c, &asked.period, &Place::query("period"))?;
            let units = match as_of {
                None => reports::completeness(c, actor, &period.id)?.0,
                Some(at) => of_another_instant(periods::completeness_at(c, &period.id, at)?),
            };
            return Ok((CompletenessOut::Units(units), told_of));
        }
        Some(plan) => match published(c, &scope, &asked.period, as_of)? {
            Some(told) => return Ok((CompletenessOut::Units(told), told_of)),
            None => vec![plan.clone()],
        },
    };
    Ok((CompletenessOut::Wards(of_wards(c, actor, &plans, (&asked.period, as_of), &scope)?), told_of))
}

/// What is known of another instant: not what had become by then of what was sent.
fn of_another_instant(told: Completeness) -> Completeness {
    Completeness { under_revision: Some(false), unpublished_changes: Some(false), ..told }
}

/// What was sent of a plan's period about its units; `None` of one of which nothing was.
fn published(c: &mut Conn, scope: &Scope, period: &str, as_of: Option<UtcTime>) -> Result<Option<Completeness>> {
    #[derive(Deserialize)]
    struct Sent {
        completeness: Completeness,
    }
    let found = scope.any::<PeriodKey>(c, period)?;
    let Some(period) = found.first() else { return Ok(None) };
    use consolidated_reports as k;
    let published = k::table.filter(k::period_id.eq(&period.id)).into_boxed();
    let published = match as_of {
        None => published.filter(k::published.eq(true)),
        Some(at) => {
            published.filter(k::sent_at.le(at).assume_not_null()).filter(k::published_until.is_null().or(k::published_until.gt(at)))
        }
    };
    let computed: Option<String> = published.select(k::computed).first(c).optional()?;
    let Some(Sent { completeness }) = db::from_json_opt(computed.as_deref())? else { return Ok(None) };
    if as_of.is_some() {
        return Ok(Some(of_another_instant(completeness.without_reasons())));
    }
    let under_revision = results::published_of(c, &period.id)?.is_some_and(|published| published.under_revision);
    let told = completeness.without_reasons();
    Ok(Some(Completeness { under_revision: Some(under_revision), unpublished_changes: Some(false), ..told }))
}

/// Which of these plans' wards have sent the consolidated report of a period, named by its label or id. The id of a period
/// that was asked of several wards at once stands for those of all of them.
fn of_wards(
    c: &mut Conn,
    actor: &Actor,
    plans: &[PlanKey],
    (period, as_of): (&str, Option<UtcTime>),
    scope: &Scope,
) -> Result<WardsCompleteness> {
    let owed = owed(c, plans, period)?;
    let sent = sendings(c, &owed, as_of)?;
    let names = area::names(c, plans)?;
    let mut wards = Vec::with_capacity(owed.len());
    for plan in plans {
        let inside = area::is_own(actor, &plan.jurisdiction) || actor.may(&[Role::Province], &plan.jurisdiction);
        for period in owed.iter().filter(|o| o.plan_id == plan.id) {
            let sendings = sent.get(&period.id).map_or(&[][..], Vec::as_slice);
            // That the ward is asked for anything beside the plan is not public.
            if !inside && period.kind != "periodic" && sendings.is_empty() {
                continue;
            }
            let standing = Standing::of(period.due_at, sendings, as_of.unwrap_or(actor.now));
            wards.push(WardCompleteness {
                jurisdiction: plan.jurisdiction.clone(),
                name: area::name_in(&names, &plan.jurisdiction),
                plan: Ref::new(plan.id.clone(), plan.code.clone()),
                period: PeriodRef { id: period.id.clone().into(), label: period.label.clone() },
                status: standing.stage,
                consolidated_due_at: period.due_at,
                sent_at: standing.sent_at,
                expected: 1,
                sent: i64::from(standing.sent_at.is_some()),
                on_time: i64::from(standing.on_time),
                late: i64::from(standing.late),
                acknowledged: i64::from(standing.stage == SentStage::Acknowledged),
                returned: i64::from(standing.stage == SentStage::Returned),
                missing: i64::from(standing.sent_at.is_none()),
                overdue: i64::from(standing.overdue),
            });
        }
    }
    if wards.is_empty() {
        let place = Place::query("period");
        // That a ward was asked for anything beside its plan is not public.
        if looks_like_id(period) {
            return Err(scope.unknown::<PeriodKey>(period, &place));
        }
        scope.all::<PeriodKey>(c, period, &place)?;
    }
    if as_of.is_some() {
        return Ok(sum(wards));
    }
    let under_revision = sent.values().filter_map(|sendings| sendings.last()).any(|last| last.anew || last.stage == SentStage::Returned);
    let own =
        |id: &PeriodId| owed.iter().any(|o| o.id == *id && plans.iter().any(|p| p.id == o.plan_id && area::is_own(actor, &p.jurisdiction)));
    let own: Vec<&PeriodId> = sent.keys().filter(|period| own(period)).collect();
    let unpublished_changes = results::any_unpublished(c, &own)?;
    Ok(WardsCompleteness { under_revision, unpublished_changes, ..sum(wards) })
}

fn sum(wards: Vec<WardCompleteness>) -> WardsCompleteness {
    let of = |count: fn(&WardCompleteness) -> i64| wards.iter().map(count).sum();
    WardsCompleteness {
        expected: of(|w| w.expected),
        sent: of(|w| w.sent),
        on_time: of(|w| w.on_time),
        late: of(|w| w.late),
        acknowledged: of(|w| w.acknowledged),
        returned: of(|w| w.returned),
        missing: of(|w| w.missing),
        overdue: of(|w| w.overdue),
        under_revision: false,
        unpublished_changes: false,
        wards,
    }
}

/// How a ward stands towards its deadline.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    stage: SentStage,
    sent_at: Option<UtcTime>,
    on_time: bool,
    late: bool,
    overdue: bool,
}

impl Standing {
    /// The first sending decides whether it was in time, by the deadline that was in force then; without one it was neither in time
    /// nor late. The last one says what has become of it. `due` is the first instant at which one that is missing is overdue.
    fn of(due: Option<UtcTime>, sendings: &[Sending], now: UtcTime) -> Self {
        let first = sendings.iter().min_by_key(|s| s.sent_at);
        let sent_at = first.map(|s| s.sent_at);
        let judged = first.and_then(|s| Some((s.sent_at, s.due_at?)));
        Self {
            stage: sendings.last().map_or(SentStage::Missing, |s| s.stage),
            sent_at,
            on_time: judged.is_some_and(|(sent, due)| sent < due),
            late: judged.is_some_and(|(sent, due)| due <= sent),
            overdue: sent_at.is_none() && due.is_some_and(|due| due <= now),
        }
    }
}

fn owed(c: &mut Conn, plans: &[PlanKey], period: &str) -> Result<Vec<Owed>> {
    let mut found = Vec::new();
    let id = looks_like_id(period).then(|| period.to_ascii_lowercase());
    let request: Option<Option<String>> = match &id {
        Some(id) => reporting_periods::table.find(id).select(reporting_periods::request_id).first(c).optional()?,
        None => None,
    };
    for some in plans.chunks(500) {
        let ids: Vec<&PlanId> = some.iter().map(|p| &p.id).collect();
        let columns = (
            reporting_periods::id,
            reporting_periods::plan_id,
            reporting_periods::label,
            reporting_periods::kind,
            reporting_periods::consolidated_due_at,
        );
        // What was over before the plan was loaded counts nowhere until it is reopened.
        let counts = reporting_periods::status.ne("closed").or(reporting_periods::frozen.eq(true));
        // Nor does what ends when its ward is not there, unless it was sent.
        let there = there_on!(reporting_periods::ends_on.nullable());
        let sent = consolidated_reports::table.filter(consolidated_reports::published.eq(true)).select(consolidated_reports::period_id);
        let query = reporting_periods::table
            .inner_join(jurisdictions::table.on(jurisdictions::code.eq(reporting_periods::jurisdiction)))
            .filter(reporting_periods::plan_id.eq_any(ids))
            .filter(counts)
            .filter(there.or(reporting_periods::id.eq_any(sent)))
            .into_boxed();
        let query = match (&id, &request) {
            (_, Some(Some(request))) => query.filter(reporting_periods::request_id.eq(request)),
            (Some(id), _) => query.filter(reporting_periods::id.eq(id)),
            (None, _) => query.filter(reporting_periods::label.eq(period)).filter(reporting_periods::kind.eq("periodic")),
        };
        found.append(&mut query.order(reporting_periods::id).select(columns).load::<Owed>(c)?);
    }
    Ok(found)
}

/// What was sent for each period, the latest last.
fn sendings(c: &mut Conn, owed: &[Owed], as_of: Option<UtcTime>) -> Result<HashMap<PeriodId, Vec<Sending>>> {
    let mut sent: HashMap<PeriodId, Vec<Sending>> = HashMap::new();
    for some in owed.chunks(500) {
        let ids: Vec<&PeriodId> = some.iter().map(|o| &o.id).collect();
        type Row = (PeriodId, String, Option<UtcTime>, Option<UtcTime>, Option<UtcTime>);
        let found: Vec<Row> = consolidated_reports::table
            .filter(consolidated_reports::period_id.eq_any(ids))
            .order((consolidated_reports::period_id, consolidated_reports::revision))
            .select((
                consolidated_reports::period_id,
                consolidated_reports::status,
                consolidated_reports::sent_at,
                consolidated_reports::sent_due_at,
                diesel::dsl::case_when(consolidated_reports::acknowledged_at.is_not_null(), consolidated_reports::acknowledged_at)
                    .otherwise(consolidated_reports::returned_at),
            ))
            .load(c)?;
        for (period, status, sent_at, due_at, answered_at) in found {
            if as_of.is_some_and(|at| sent_at.is_none_or(|sent| at < sent)) {
                continue;
            }
            // What the province said later it had not said.
            let answered = as_of.is_none_or(|at| answered_at.is_some_and(|answered| answered <= at));
            let stage = match status.as_str() {
                _ if !answered => SentStage::Sent,
                "acknowledged" => SentStage::Acknowledged,
                "returned" => SentStage::Returned,
                _ => SentStage::Sent,
            };
            let sendings = sent.entry(period).or_default();
            match (sent_at, sendings.last_mut()) {
                (Some(sent_at), _) => sendings.push(Sending { stage, sent_at, due_at, anew: false }),
                (None, Some(last)) => last.anew = true,
                (None, None) => {}
            }
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> UtcTime {
        UtcTime::parse(&format!("2027-12-{day:02}T17:00:00Z")).unwrap()
    }

    /// Sent on a day, while the deadline was the 5th.
    fn sending(stage: SentStage, day: u32) -> Sending {
        Sending { stage, sent_at: at(day), due_at: Some(at(5)), anew: false }
    }

    #[test]
    fn the_first_sending_decides_the_last_one_says_what_became_of_it() {
        let twice = [sending(SentStage::Returned, 4), sending(SentStage::Acknowledged, 9)];
        let standing = Standing::of(Some(at(5)), &twice, at(20));
        assert_eq!((standing.on_time, standing.stage, standing.sent_at), (true, SentStage::Acknowledged, Some(at(4))));
        assert!(!standing.overdue);
    }

    #[test]
    fn the_deadline_itself_is_late() {
        let standing = |day| Standing::of(Some(at(5)), &[sending(SentStage::Sent, day)], at(20));
        assert_eq!([4, 5, 6].map(|day| (standing(day).on_time, standing(day).late)), [(true, false), (false, true), (false, true)]);
        // A deadline that was moved since does not judge it anew.
        assert!(Standing::of(Some(at(3)), &[sending(SentStage::Sent, 4)], at(20)).on_time);
    }

    #[test]
    fn overdue_is_what_is_missing_after_the_deadline() {
        assert!(!Standing::of(Some(at(5)), &[], at(4)).overdue);
        assert!(Standing::of(Some(at(5)), &[], at(5)).overdue);
        let without = Standing::of(None, &[], at(20));
        assert_eq!((without.overdue, without.stage), (false, SentStage::Missing));
        let unasked = Standing::of(Some(at(3)), &[Sending { due_at: None, ..sending(SentStage::Sent, 9) }], at(20));
        assert_eq!((unasked.on_time, unasked.late, unasked.overdue), (false, false, false), "without a deadline it is neither");
    }
}
