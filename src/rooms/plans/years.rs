//! One plan a year: the years of a plan in force meet those of no other one of its ward, unless it takes that one's place
//! (contract, section 3a).

use super::rules;
use super::table::{self, PlanRow};
use super::wire::{PlanIn, PlanStatus};
use crate::actor::Actor;
use crate::change::{self, Event, Update};
use crate::db::schema::{consolidated_reports, plans, reporting_periods as periods, reports};
use crate::db::{self, Conn};
use crate::problem::{Place, Problem, Result, codes};
use crate::reading::references::{PlanKey, Scope};
use crate::rooms::jurisdictions;
use crate::values::id::{PeriodId, PlanId};
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use serde_json::json;

/// Why a period goes, as the audit trail tells it.
const NO_YEAR_OF_IT: &str = "Năm này không còn thuộc kế hoạch";
/// Why a plan ends earlier, as the audit trail tells it.
const REPLACED: &str = "Được kế hoạch khác thay thế";

/// The condition that a period is a regular one of this plan and lies outside these years.
macro_rules! outside {
    ($plan:expr, $start_year:expr, $end_year:expr) => {{
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let outside = periods::ends_on.lt(day($start_year, 1, 1)).or(periods::ends_on.gt(day($end_year, 12, 31)));
        periods::plan_id.eq($plan).and(periods::kind.eq("periodic")).and(outside)
    }};
}

/// Lets one transaction at a time decide which plan holds which years.
///
/// # Errors
/// If the database fails.
pub(super) fn lock(c: &mut Conn) -> Result<()> {
    db::lock_name(c, "plan.years")
}

/// Finds the plan that an input names as the one it replaces, and names it by its id.
///
/// # Errors
/// 422 for one that the jurisdiction does not have, and for itself.
pub(super) fn find_replaced(c: &mut Conn, own: &PlanId, input: &mut PlanIn) -> Result<()> {
    let Some(named) = &input.replaces else { return Ok(()) };
    let place = Place::body("/replaces");
    let scope = Scope::of_jurisdiction(&input.jurisdiction);
    let found: PlanKey = scope.one(c, named, &place)?;
    if found.id == *own {
        return Err(scope.unknown::<PlanKey>(named, &place));
    }
    input.replaces = Some(found.id.into());
    Ok(())
}

/// Checks the years of a plan that is in force, or comes into force with `activated`, against those of the others of its ward.
///
/// # Errors
/// 409 `plan.overlap`; `plan.in_use` with `first_free_year` where something was submitted to the plan that it replaces.
pub(super) fn check(c: &mut Conn, row: &PlanRow, activated: bool) -> Result<()> {
    let replaced = row.replaces_id.as_ref().filter(|_| activated);
    let others = plans::table
        .filter(plans::jurisdiction.eq(&row.jurisdiction))
        .filter(plans::id.ne(&row.id))
        .filter(plans::status.eq(PlanStatus::Active.as_str()))
        .filter(plans::start_year.le(row.end_year).and(plans::end_year.ge(row.start_year)))
        .order((plans::start_year, plans::id));
    let met: Vec<PlanKey> = others.select(PlanKey::as_select()).load(c)?;
    if let Some(other) = met.iter().find(|other| Some(&other.id) != replaced) {
        return Err(overlaps(other));
    }
    let Some(replaced) = replaced else { return Ok(()) };
    let replaced = super::keys::find_key(c, replaced)?;
    if replaced.status == PlanStatus::Draft.as_str() {
        return Err(rules::replaces_a_draft());
    }
    match last_used_year(c, &replaced.id)? {
        Some(last) if last >= row.start_year => Err(rules::submitted_already(&replaced.code, last)),
        _ if replaced.start_year >= row.start_year => Err(overlaps(&replaced)),
        _ => Ok(()),
    }
}

/// Goes on only if a plan that comes into force, or gets further years, does not outlast its ward.
///
/// # Errors
/// 409 `jurisdiction.dissolved` with `last_year`.
pub(super) fn check_ward(c: &mut Conn, row: &PlanRow) -> Result<()> {
    rules::ends_with_ward(&row.jurisdiction, jurisdictions::days_of(c, &row.jurisdiction)?, row.end_year)
}

fn overlaps(other: &PlanKey) -> crate::problem::Error {
    let PlanKey { code, start_year, end_year, .. } = other;
    Problem::new(codes::PLAN_OVERLAP)
        .saying(
            format!("Kế hoạch «{code}» đang thực hiện cho các năm {start_year}-{end_year}. Hãy chọn những năm khác, hoặc nêu kế hoạch được thay thế («replaces») và bắt đầu từ một năm sau năm {start_year}."),
            format!("The plan {code} is in force for {start_year}-{end_year}. Choose other years, or say in replaces that this one takes its place from a year after {start_year}."),
        )
        .member("plan", json!({"id": other.id, "code": code}))
        .into()
}

/// The last year of a plan of which a unit or the ward submitted something.
fn last_used_year(c: &mut Conn, id: &PlanId) -> Result<Option<i32>> {
    let submitted = reports::table.filter(reports::first_submitted_at.is_not_null()).select(reports::period_id);
    let consolidated = consolidated_reports::table.filter(consolidated_reports::plan_id.eq(id)).select(consolidated_reports::period_id);
    let last: Option<NaiveDate> = periods::table
        .filter(periods::plan_id.eq(id).and(periods::kind.eq("periodic")))
        .filter(periods::id.eq_any(submitted).or(periods::id.eq_any(consolidated)))
        .select(diesel::dsl::max(periods::ends_on))
        .first(c)?;
    Ok(last.map(|day| day.year()))
}

/// Takes what a plan that came into force holds from then on out of the plan that it replaces, which ends with the year before.
///
/// # Errors
/// If the database fails.
pub(super) fn hand_over(c: &mut Conn, actor: &Actor, row: &PlanRow) -> Result<()> {
    let Some(replaced) = &row.replaces_id else { return Ok(()) };
    let mut old = change::begin(c, replaced.as_str(), None, |c| table::find(c, replaced), |_, _| Ok(()))?;
    let before = old.clone().into_out(None)?.to_input();
    let end_year = before.end_year.min(row.start_year - 1);
    let after = PlanIn { end_year, ..before.clone() };
    let update = Update::new(&before, after).because(Some(REPLACED));
    change::update(c, actor, &mut old, update, |_, row, after| row.fill(after), |w, row, ()| table::update(w, row))?;
    leave_out(c, actor, &old)
}

/// How many regular periods of a plan lie outside these years that were opened or consolidated.
///
/// # Errors
/// If the database fails.
pub(super) fn used_outside(c: &mut Conn, id: &PlanId, start_year: i32, end_year: i32) -> Result<i64> {
    let consolidated = consolidated_reports::table.filter(consolidated_reports::plan_id.eq(id)).select(consolidated_reports::period_id);
    let used = periods::frozen.eq(true).or(periods::id.eq_any(consolidated));
    Ok(periods::table.filter(outside!(id, start_year, end_year)).filter(used).count().get_result(c)?)
}

/// A regular period of a plan that lies outside its years.
#[derive(Queryable, Selectable)]
#[diesel(table_name = periods)]
struct LeftOut {
    id: PeriodId,
    jurisdiction: String,
    label: String,
    status: String,
    frozen: bool,
    version: i64,
}

/// Lets the regular periods outside a plan's years go: those that were never opened are deleted; one that was opened, but to which
/// nothing was submitted, is closed, so that nobody is asked twice.
///
/// # Errors
/// If the database fails.
pub(super) fn leave_out(c: &mut Conn, actor: &Actor, row: &PlanRow) -> Result<()> {
    db::lock_name(c, "periods.implied")?;
    let outside = periods::table.filter(outside!(&row.id, row.start_year, row.end_year)).order((periods::ends_on, periods::id));
    let outside: Vec<LeftOut> = outside.select(LeftOut::as_select()).load(c)?;
    for period in outside.iter().filter(|period| !period.frozen || period.status == "open") {
        let said = json!({"plan": row.id, "label": period.label, "status": period.status});
        let (verb, after) =
            if period.frozen { ("reporting_period.closed", Some(json!({"status": "closed"}))) } else { ("reporting_period.deleted", None) };
        let version = period.version + i64::from(period.frozen);
        let event = Event::new(verb, "reporting_period", period.id.as_str(), version, Some(&period.jurisdiction));
        let event = event.change(Some(said), after).because(Some(NO_YEAR_OF_IT));
        change::save(c, actor, &event, |w| {
            let there = periods::table.find(&period.id);
            if period.frozen {
                let closed = (periods::status.eq("closed"), periods::version.eq(version), periods::updated_at.eq(actor.now));
                diesel::update(there).set(closed).execute(w.conn())?;
            } else {
                diesel::delete(there).execute(w.conn())?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
