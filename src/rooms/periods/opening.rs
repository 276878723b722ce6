//! Opening, closing and reopening periods; the drafts that an opening makes; units added and time given later.

use super::lists::{self, Lists};
use super::rules::{self, Step};
use super::table::{self, PeriodRow};
use super::unsettled;
use super::use_cases;
use super::wire::{ExtensionIn, ExtensionOut, PeriodOut, PeriodStatus, PeriodUnitIn};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Expected, Versioned, Write};
use crate::db::schema::{jurisdictions as places, period_extensions, plans as plan_rows, reporting_periods as periods, reports};
use crate::db::{self, Conn};
use crate::problem::{Error, FieldError, Place, Problem, Result, codes, said};
use crate::reading::references::{self, Scope, UnitKey};
use crate::rooms::indicators::{self, IndicatorSummary};
use crate::rooms::{jurisdictions, plans, units};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, ReportId, UnitId};
use diesel::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

/// The usual outline of a result report, not yet written.
const EMPTY_NARRATIVE: &str = r#"{"direction":null,"results":null,"difficulties":null,"causes":null,"next_steps":null,"proposals":null}"#;

/// Takes a step in a period's life, for a reason where one is given.
///
/// # Errors
/// 404, 403, 412, 409 `period.invalid_transition`, and `jurisdiction.dissolved` to open one that ends when the ward is no longer there,
/// 422 without a reason to close one that was never opened.
pub(super) fn step(c: &mut Conn, actor: &Actor, id: &PeriodId, expected: &Expected, step: Step, reason: Option<&str>) -> Result<PeriodOut> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], Some(expected))?;
    take(c, actor, &mut row, step, reason)?;
    use_cases::find(c, actor, id)
}

/// Opens a period, early or late, for somebody who has just looked at it.
///
/// # Errors
/// 404, 403, 409 `period.invalid_transition` or `jurisdiction.dissolved`.
pub fn open(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<()> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    take(c, actor, &mut row, Step::Open, None)
}

/// Closes a period, for somebody who has just looked at it.
///
/// # Errors
/// 404, 403, 409 `period.invalid_transition`.
pub fn close(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<()> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    take(c, actor, &mut row, Step::Close, None)
}

/// Goes on only if a period was opened at some time: before that nothing can have been reported in it.
///
/// # Errors
/// 409 `period.not_open`.
pub fn must_have_been_opened(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<()> {
    let row = table::period(c, id)?.ok_or(codes::NOT_FOUND)?;
    rules::was_opened(row.status()?, row.frozen, actor.helper(Role::Coordinator, &row.jurisdiction))
}

fn take(c: &mut Conn, actor: &Actor, row: &mut PeriodRow, step: Step, reason: Option<&str>) -> Result<()> {
    let before = row.status()?;
    let status = rules::after(before, step)?.as_str();
    if (before, step) == (PeriodStatus::Planned, Step::Close) && reason.is_none() {
        let (vi, en) = (
            "Kỳ này chưa mở lần nào; đóng kỳ thì không ai phải báo cáo. Hãy nêu lý do («reason»).",
            "This period was never opened; once closed nobody reports in it. Give a reason.",
        );
        return Err(Problem::invalid(vec![FieldError::new("/reason", codes::FIELD_REQUIRED).saying(vi, en)]).into());
    }
    if status == PeriodStatus::Open.as_str() {
        jurisdictions::must_exist(c, &row.jurisdiction, row.ends_on)?;
    }
    // One that was closed without having been opened is opened when it is reopened.
    let opens = status == PeriodStatus::Open.as_str() && !row.frozen;
    let followed = if opens { Some(Followed::of(c, row)?) } else { None };
    let verb = match step {
        Step::Open => "opened",
        Step::Close => "closed",
        Step::Reopen => "reopened",
    };
    let (before, after) = (json!({"status": row.status}), json!({"status": status}));
    status.clone_into(&mut row.status);
    row.frozen |= opens;
    row.touch(row.version + 1, actor.now);
    change::save(c, actor, &Event::of(verb, row).because(reason).change(Some(before), Some(after)), |w| {
        table::update(w, row)?;
        followed.as_ref().map_or(Ok(()), |followed| followed.freeze(w, row, actor.now))
    })?;
    followed.iter().flat_map(|followed| &followed.lists.units).try_for_each(|part| make_draft(c, actor, row, &part.unit))
}

/// What a period followed until it opens.
struct Followed {
    lists: Lists,
    /// The indicators of its plan.
    known: Vec<IndicatorSummary>,
}

impl Followed {
    /// # Errors
    /// 409 `plan.closed`.
    fn of(c: &mut Conn, row: &PeriodRow) -> Result<Self> {
        if plans::find_key(c, &row.plan_id)?.status == "closed" {
            return Err(Problem::new(codes::PLAN_CLOSED).in_state("closed", []).into());
        }
        Ok(Self { lists: lists::of_one(c, row)?, known: indicators::of_plan(c, &row.plan_id)? })
    }

    /// Fixes who reports on what, in which version and with which values.
    fn freeze(&self, w: &mut Write<'_>, row: &PeriodRow, now: UtcTime) -> Result<()> {
        table::keep_units(w, &row.id, &self.lists.unit_refs())?;
        table::freeze_indicators(w, &row.id, &self.lists.asked, &self.known)?;
        let owed = self.lists.asked.iter().flat_map(|asked| asked.owed_by.iter().map(|by| (asked.reference.id.as_str(), by)));
        table::insert_obligations(w, &row.id, owed, now)
    }
}

/// Makes the draft of a unit's report.
pub(super) fn make_draft(c: &mut Conn, actor: &Actor, period: &PeriodRow, unit: &Ref) -> Result<()> {
    let id = ReportId::new();
    let draft = (
        (
            reports::id.eq(&id),
            reports::jurisdiction.eq(&period.jurisdiction),
            reports::plan_id.eq(&period.plan_id),
            reports::period_id.eq(&period.id),
            reports::unit_id.eq(&unit.id),
            reports::status.eq("draft"),
            reports::revision.eq(1),
            reports::round.eq(0),
        ),
        reports::due_at.eq(period.due_at),
        reports::on_behalf.eq(false),
        reports::narrative.eq(EMPTY_NARRATIVE),
        reports::version.eq(1_i64),
        reports::created_at.eq(actor.now),
        reports::updated_at.eq(actor.now),
    );
    let event = Event::new("report.created", "report", id.as_str(), 1, Some(&period.jurisdiction));
    let event = event.change(None, Some(json!({"period": period.id, "unit": unit.code, "due_at": period.due_at})));
    change::save(c, actor, &event, |w| {
        diesel::insert_into(reports::table).values(draft).execute(w.conn())?;
        Ok(())
    })
}

/// The periods whose time to open has come, the earliest first; none of a plan that is closed, or that ends when its ward is not there.
///
/// # Errors
/// If the database fails.
pub fn due_to_open(c: &mut Conn, now: UtcTime) -> Result<Vec<PeriodId>> {
    Ok(periods::table
        .inner_join(plan_rows::table)
        .inner_join(places::table.on(places::code.eq(periods::jurisdiction)))
        .filter(plan_rows::status.ne("closed"))
        .filter(jurisdictions::there_on!(periods::ends_on.nullable()))
        .filter(periods::status.eq(PeriodStatus::Planned.as_str()))
        .filter(periods::opens_at.le(now))
        .order((periods::opens_at, periods::id))
        .limit(200)
        .select(periods::id)
        .load(c)?)
}

/// Opens a period whose time has come, unless somebody opened, moved or deleted it meanwhile. Tells whether it did.
///
/// # Errors
/// If the database fails.
pub fn open_if_due(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<bool> {
    db::lock(c, "reporting_periods", id.as_str())?;
    let Some(mut row) = table::period(c, id)? else { return Ok(false) };
    if row.status()? != PeriodStatus::Planned || row.opens_at > actor.now || plans::find_key(c, &row.plan_id)?.status == "closed" {
        return Ok(false);
    }
    take(c, actor, &mut row, Step::Open, None)?;
    Ok(true)
}

/// Adds a unit to a period, with what its duties of now ask among the period's indicators; in an open one it gets its draft at
/// once. A group stands for its members.
///
/// # Errors
/// 404, 403, 409 `period.closed`, `consolidated_report.exists` or `period.unit_exists`, 422 for a unit that the ward does not have.
pub(super) fn add_unit(c: &mut Conn, actor: &Actor, id: &PeriodId, input: &PeriodUnitIn) -> Result<PeriodOut> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    rules::takes_units(row.status()?, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    unsettled::check(c, id)?;
    let unit = Scope::of_jurisdiction(&row.jurisdiction).one::<UnitKey>(c, &input.unit, &Place::body("/unit"))?;
    let all = units::of_jurisdiction(c, &row.jurisdiction)?;
    let lists = lists::of_one(c, &row)?;
    let there: BTreeSet<&str> = lists.units.iter().map(|part| part.unit.id.as_str()).collect();
    let unit_code = unit.code;
    let named = units::with_members(&all, &BTreeSet::from([unit.id]));
    let fresh: Vec<Ref> = named.iter().filter(|u| !there.contains(u.id.as_str())).map(units::UnitKey::reference).collect();
    if fresh.is_empty() {
        let (vi, en) = (
            format!(
                "Đơn vị {} đã nằm trong kỳ này, không cần thêm lần nữa. Muốn giao thêm chỉ tiêu, hãy chuyển giao chỉ tiêu cho đơn vị.",
                unit_code
            ),
            format!("The unit {} is in this period already. To charge it with an indicator more, hand the indicator over.", unit_code),
        );
        return Err(Problem::new(codes::PERIOD_UNIT_EXISTS).saying(vi, en).into());
    }
    let owed = if row.frozen { lists::owed_by_added(c, &row, &lists, &fresh)? } else { Vec::new() };
    let codes: Vec<&str> = fresh.iter().map(|r| r.code.as_str()).collect();
    // From now on the list is one made by hand.
    row.units_given = true;
    row.touch(row.version + 1, actor.now);
    let event = Event::of("unit_added", &row).change(None, Some(json!({"units": codes})));
    change::save(c, actor, &event, |w| {
        if !row.frozen {
            table::keep_units(w, id, &lists.unit_refs())?;
        }
        table::add_units(w, id, &fresh, i32::try_from(lists.units.len()).map_err(Error::internal)?)?;
        table::insert_obligations(w, id, owed.iter().map(|(indicator, by)| (indicator.as_str(), by)), actor.now)?;
        table::update(w, &row)
    })?;
    if row.frozen {
        fresh.iter().try_for_each(|unit| make_draft(c, actor, &row, unit))?;
    }
    use_cases::find(c, actor, id)
}

/// Gives one unit more time. A report that was submitted already is judged anew by it.
///
/// # Errors
/// 404, 403, 409 unless the period is open, 422 for a unit that is not in it, and `extension.earlier` for a deadline that gives no
/// time.
pub fn extend(c: &mut Conn, actor: &Actor, id: &PeriodId, input: &ExtensionIn) -> Result<ExtensionOut> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    rules::takes_reports(row.status()?, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    let lists = lists::of_one(c, &row)?;
    let within = said(format!("trong kỳ «{}»", row.label), format!("in the period {}", row.label));
    let unit = references::among::<UnitKey, _>(&lists.unit_refs(), Ref::names, &input.unit, &Place::body("/unit"), &within)?.clone();
    rules::extends(rules::due_of(row.due_at, lists.extension_of(&unit.id).map(|e| e.due_at)), input.due_at)?;
    let extension = ExtensionOut {
        id: uuid::Uuid::now_v7().to_string(),
        unit,
        due_at: input.due_at,
        reason: input.reason.clone(),
        given_by: actor.name().to_owned(),
        created_at: actor.now,
    };
    let written = (
        period_extensions::id.eq(&extension.id),
        period_extensions::period_id.eq(id),
        period_extensions::unit_id.eq(&extension.unit.id),
        period_extensions::due_at.eq(extension.due_at),
        period_extensions::reason.eq(&extension.reason),
        period_extensions::given_by.eq(actor.id()),
        period_extensions::given_by_name.eq(&extension.given_by),
        period_extensions::created_at.eq(actor.now),
    );
    row.touch(row.version + 1, actor.now);
    let event = Event::of("extended", &row).change(None, Some(json!(extension))).because(Some(&input.reason));
    change::save(c, actor, &event, |w| {
        use period_extensions as e;
        let earlier = e::table.filter(e::period_id.eq(id)).filter(e::unit_id.eq(&extension.unit.id)).filter(e::until.is_null());
        diesel::update(earlier).set(e::until.eq(actor.now)).execute(w.conn())?;
        diesel::insert_into(e::table).values(written).execute(w.conn())?;
        table::update(w, &row)
    })?;
    let of_unit: Option<ReportId> = reports::table
        .filter(reports::period_id.eq(id))
        .filter(reports::unit_id.eq(&extension.unit.id))
        .select(reports::id)
        .first(c)
        .optional()?;
    if let Some(report) = of_unit {
        move_deadline(c, actor, &report, "report.extended", input.due_at, Some(&input.reason))?;
    }
    Ok(extension)
}

/// Moves the deadlines of a period's reports after its own was moved; extensions stay what they are. A report that was submitted
/// is judged already, by the deadline that was in force then.
///
/// # Errors
/// If the database fails.
pub(super) fn move_deadlines(c: &mut Conn, actor: &Actor, row: &PeriodRow, lists: &Lists) -> Result<()> {
    let made: Vec<(ReportId, UnitId, UtcTime)> = reports::table
        .filter(reports::period_id.eq(&row.id))
        .filter(reports::first_submitted_at.is_null())
        .order(reports::id)
        .select((reports::id, reports::unit_id, reports::due_at))
        .load(c)?;
    for (report, unit, due_at) in made {
        let extension = lists.extension_of(unit.as_str()).map(|e| e.due_at);
        let now_due = rules::due_of(row.due_at, extension);
        if now_due != due_at {
            move_deadline(c, actor, &report, "report.updated", now_due, None)?;
        }
    }
    Ok(())
}

fn move_deadline(c: &mut Conn, actor: &Actor, id: &ReportId, action: &'static str, due_at: UtcTime, reason: Option<&str>) -> Result<()> {
    db::lock(c, "reports", id.as_str())?;
    let (jurisdiction, before, version): (String, UtcTime, i64) =
        reports::table.find(id).select((reports::jurisdiction, reports::due_at, reports::version)).first(c)?;
    let version = version + 1;
    let event = Event::new(action, "report", id.as_str(), version, Some(&jurisdiction)).because(reason);
    let event = event.change(Some(json!({"due_at": before})), Some(json!({"due_at": due_at})));
    change::save(c, actor, &event, |w| {
        let moved = (reports::due_at.eq(due_at), reports::version.eq(version), reports::updated_at.eq(actor.now));
        diesel::update(reports::table.find(id)).set(moved).execute(w.conn())?;
        Ok(())
    })
}
