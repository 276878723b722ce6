//! Making, changing and deleting periods.

use super::deadlines;
use super::implied;
use super::lists::{self, Lists};
use super::opening;
use super::rules::{self, Times};
use super::table::{self, PeriodRow};
use super::use_cases;
use super::views::input_of;
use super::wards;
use super::wire::{NotAsked, PeriodIn, PeriodKind, PeriodOut, PeriodStatus, RequestedBy};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update, Write};
use crate::db::schema::reporting_periods as periods;
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, FieldError, Place, Problem, Result, Said, codes, said, words};
use crate::reading::references::{IndicatorKey, Scope, UnitKey};
use crate::rooms::jurisdictions;
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;
use crate::values::id::PeriodId;
use crate::values::period::today_local;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Everything in a period that is not the province's to set.
const COORDINATORS: &[&str] = &[
    "plan",
    "jurisdictions",
    "kind",
    "frequency",
    "label",
    "title",
    "instructions",
    "starts_on",
    "ends_on",
    "data_cutoff",
    "opens_at",
    "due_at",
    "units",
    "indicators",
    "questions",
    "requested_by",
    "reason",
];

/// What was made: one period of a plan, or one for each of several wards.
pub(super) enum Made {
    /// The period of a plan.
    One(PeriodId),
    /// The periods of several wards, the inquiry that they share, and what wards were not asked.
    Several(Vec<PeriodId>, String, Vec<NotAsked>),
}

/// Makes a period of a plan, or one for each of several wards.
///
/// # Errors
/// 422, 403 without the right, 409 `period.exists`, or `jurisdiction.dissolved` for one that ends when the ward is not there.
pub(super) fn create(c: &mut Conn, actor: &Actor, input: &PeriodIn) -> Result<Made> {
    match (&input.plan, &input.jurisdictions) {
        (Some(plan), None) => {
            let plan = Scope::default().one::<PlanKey>(c, plan, &Place::body("/plan"))?;
            may_make(actor, input, &plan.jurisdiction)?;
            insert(c, actor, &plan, input, None).map(Made::One)
        }
        (None, Some(named)) => {
            if input.kind != PeriodKind::AdHoc {
                let fault = FieldError::new("/kind", codes::FIELD_CONFLICT).saying(
                    "Chỉ kỳ đột xuất («ad_hoc») mới lập được cho nhiều địa bàn cùng lúc. Hãy đổi loại kỳ, hoặc lập cho từng kế hoạch.",
                    "Only an ad_hoc period is made for several jurisdictions. Choose that kind, or make one for each plan.",
                );
                return Err(Problem::invalid(vec![fault]).into());
            }
            let ends_on = input.ends_on.unwrap_or_else(|| today_local(actor.now));
            let plans = wards::active_plans(c, actor, named, ends_on)?;
            let wards::Asked { of_plans, not_asked } = wards::asked(c, plans, input.indicators.as_deref())?;
            let inquiry = uuid::Uuid::now_v7().to_string();
            let mut ids = Vec::with_capacity(of_plans.len());
            for (plan, indicators) in of_plans {
                // A ward that has none of what is asked gets no period.
                if indicators.as_ref().is_some_and(Vec::is_empty) && input.questions.is_empty() {
                    continue;
                }
                let input = PeriodIn { indicators, ..input.clone() };
                ids.push(insert(c, actor, &plan, &input, Some(&inquiry))?);
            }
            Ok(Made::Several(ids, inquiry, not_asked))
        }
        (None, None) => {
            let fault = FieldError::new("/plan", codes::FIELD_MISSING).saying(
                "Thiếu kế hoạch («plan»). Hãy nêu kế hoạch; kỳ đột xuất có thể nêu danh sách địa bàn («jurisdictions») thay cho kế hoạch.",
                "The field plan is missing. Name the plan, or jurisdictions in its place for an ad hoc period.",
            );
            Err(Problem::invalid(vec![fault]).into())
        }
        (Some(_), Some(_)) => {
            let fault = FieldError::new("/jurisdictions", codes::FIELD_CONFLICT).saying(
                "Chỉ nêu kế hoạch («plan») hoặc danh sách địa bàn («jurisdictions»), không nêu cả hai.",
                "Name either a plan or jurisdictions, not both.",
            );
            Err(Problem::invalid(vec![fault]).into())
        }
    }
}

/// The coordinator makes any period, the province ad hoc ones.
fn may_make(actor: &Actor, input: &PeriodIn, jurisdiction: &str) -> Result<()> {
    let roles: &[Role] = if input.kind == PeriodKind::AdHoc { &[Role::Coordinator, Role::Province] } else { &[Role::Coordinator] };
    actor.must(roles, jurisdiction)
}

fn insert(c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &PeriodIn, request_id: Option<&str>) -> Result<PeriodId> {
    let mut faults = Faults::default();
    let times = faults.keep(rules::times(input, &actor.settings.schedule, actor.now, false))?;
    let named = NamedContent::find(c, plan, input, &mut faults)?;
    rules::questions(input).into_iter().for_each(|fault| faults.add(fault));
    faults.check()?;
    let Some(times) = times else { return Err(codes::BODY_INVALID.into()) };
    jurisdictions::must_exist(c, &plan.jurisdiction, times.ends_on)?;
    let mut row = PeriodRow::new(plan, actor, &times);
    row.request_id = request_id.map(str::to_owned);
    row.requested_by = db::to_json_opt(requested(actor, plan, input).as_ref())?;
    fill(&mut row, input, times)?;
    if input.kind == PeriodKind::Periodic && row.consolidated_due_at.is_none() {
        row.consolidated_due_at = deadlines::of_new(c, &row.jurisdiction, &row.label)?;
    }
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(periods::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::PERIOD_EXISTS))?;
        named.keep(w, &row.id, (false, false))
    })?;
    // Where the time to open has come already, its maker need not wait for the service to notice.
    if row.opens_at <= actor.now {
        opening::open_if_due(c, actor, &row.id)?;
    }
    Ok(row.id)
}

fn fill(row: &mut PeriodRow, input: &PeriodIn, times: Times) -> Result<()> {
    let Times { label, starts_on, ends_on, opens_at, due_at } = times;
    row.kind = input.kind.as_str().to_owned();
    row.frequency = input.frequency.map(|f| f.as_str().to_owned());
    row.label = label;
    row.title_vi = input.title.as_ref().map(|t| t.vi.clone());
    row.title_en = input.title.as_ref().and_then(|t| t.en.clone());
    row.instructions.clone_from(&input.instructions);
    (row.starts_on, row.ends_on, row.opens_at, row.due_at) = (starts_on, ends_on, opens_at, due_at);
    row.data_cutoff = input.data_cutoff;
    row.consolidated_due_at = input.consolidated_due_at;
    row.units_given = input.units.is_some();
    // What asks questions asks no indicator that it does not name.
    row.indicators_given = input.indicators.is_some() || !input.questions.is_empty();
    row.questions = db::to_json(&input.questions)?;
    row.refold();
    Ok(())
}

/// Who asks: the province when it makes the period itself, or whom the coordinator names.
fn requested(actor: &Actor, plan: &PlanKey, input: &PeriodIn) -> Option<RequestedBy> {
    let own = actor.may(&[Role::Coordinator], &plan.jurisdiction);
    if own && input.requested_by.is_none() {
        return None;
    }
    let given = input.requested_by.clone();
    Some(RequestedBy {
        account: actor.caller.as_ref().map(|caller| Ref::new(caller.id.clone(), caller.username.clone())),
        organisation: given.as_ref().and_then(|t| t.organisation.clone()),
        basis: given.and_then(|t| t.basis),
    })
}

/// The units and indicators that a body names.
struct NamedContent {
    units: Option<Vec<Ref>>,
    indicators: Option<Vec<Ref>>,
}

impl NamedContent {
    /// Looks up what is named; what the plan does not have is noted with its place.
    fn find(c: &mut Conn, plan: &PlanKey, input: &PeriodIn, faults: &mut Faults) -> Result<Self> {
        let scope = Scope::of_plan(plan);
        let units = match &input.units {
            Some(named) => Some(once(&scope.each(c, &texts(named), |at| format!("/units/{at}"), faults)?, UnitKey::reference)),
            None => None,
        };
        let indicators = match &input.indicators {
            Some(named) => {
                let found = scope.each(c, &texts(named), |at| format!("/indicators/{at}"), faults)?;
                Some(once(&found, |key: &IndicatorKey| Ref::new(key.id.clone(), key.code.clone())))
            }
            None => None,
        };
        Ok(Self { units, indicators })
    }

    /// Names in an input what was found, by the ids.
    fn name_in(&self, input: &mut PeriodIn) {
        let ids = |refs: &Vec<Ref>| refs.iter().map(|r| r.id.clone()).collect();
        input.units = self.units.as_ref().map(ids);
        input.indicators = self.indicators.as_ref().map(ids);
    }

    /// Keeps it with a period; `given` says whether units and indicators are kept with it so far.
    fn keep(&self, w: &mut Write<'_>, period: &PeriodId, given: (bool, bool)) -> Result<()> {
        if self.units.is_some() || given.0 {
            table::keep_units(w, period, self.units.as_deref().unwrap_or_default())?;
        }
        if self.indicators.is_some() || given.1 {
            table::keep_indicators(w, period, self.indicators.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

fn texts(named: &[String]) -> Vec<&str> {
    named.iter().map(String::as_str).collect()
}

/// What was found, in the order of naming and each once.
fn once<R>(found: &[Option<R>], reference: impl Fn(&R) -> Ref) -> Vec<Ref> {
    let mut seen = BTreeSet::new();
    found.iter().flatten().map(reference).filter(|r| seen.insert(r.id.clone())).collect()
}

/// Changes a period: the coordinator what is not frozen, the province when the ward owes it the consolidated report.
///
/// # Errors
/// 404, 403, 412, 409 `period.frozen`, `period.exists`, or `jurisdiction.dissolved` for a last day on which the ward is not there, 422.
pub(super) fn update(c: &mut Conn, actor: &Actor, id: &PeriodId, expected: &Expected, patch: &Patch<PeriodIn>) -> Result<PeriodOut> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator, Role::Province], None)?;
    if COORDINATORS.iter().any(|member| patch.touches(member)) {
        actor.must(&[Role::Coordinator], &row.jurisdiction)?;
    }
    expected.must_match(row.version)?;
    let lists = lists::kept_with(c, &row)?;
    let before = input_of(&row, &lists)?;
    let after = patch.merge(&before)?;
    let due_before = row.due_at;
    let decide = |c: &mut Conn, row: &mut PeriodRow, after: &mut PeriodIn| {
        let reason = after.reason.take();
        if row.frozen {
            stays_frozen(row.status()?, patch, &before, after, &lists)?;
            after.units.clone_from(&before.units);
            after.indicators.clone_from(&before.indicators);
        }
        let plan = unmoved(c, row, after)?;
        if row.status != "planned" && after.due_at.is_some_and(|due| due != row.due_at) && reason.is_none() {
            return Err(why_another_deadline().into());
        }
        let mut faults = Faults::default();
        let times = faults.keep(rules::times(after, &actor.settings.schedule, actor.now, row.frozen))?;
        let named = if row.frozen { None } else { Some(NamedContent::find(c, &plan, after, &mut faults)?) };
        rules::questions(after).into_iter().for_each(|fault| faults.add(fault));
        faults.check()?;
        let Some(times) = times else { return Err(codes::BODY_INVALID.into()) };
        if times.ends_on != row.ends_on {
            jurisdictions::must_exist(c, &row.jurisdiction, times.ends_on)?;
        }
        let given = (row.units_given, row.indicators_given);
        fill(row, after, times)?;
        if row.frozen {
            (row.units_given, row.indicators_given) = given;
        }
        if patch.touches("requested_by") {
            row.requested_by = db::to_json_opt(requested(actor, &plan, after).as_ref())?;
        }
        if let Some(named) = &named {
            named.name_in(after);
        }
        Ok(named.map(|named| (named, given)))
    };
    let reason = after.reason.clone();
    let update = Update::new(&before, after).because(reason.as_deref());
    change::update(c, actor, &mut row, update, decide, |w, row, named| {
        table::update(w, row)?;
        named.map_or(Ok(()), |(named, given)| named.keep(w, id, given))
    })?;
    if row.due_at != due_before && row.frozen {
        opening::move_deadlines(c, actor, &row, &lists)?;
    }
    use_cases::find(c, actor, id)
}

/// The plan of a period, which stays the same; naming another one of a period that has opened is refused as all that it froze.
fn unmoved(c: &mut Conn, row: &PeriodRow, after: &mut PeriodIn) -> Result<PlanKey> {
    let status = row.status()?;
    let moved = |error: Error| match error.code() {
        Some(code) if row.frozen && *code == *codes::FIELD_IMMUTABLE => frozen(status, &said("kế hoạch", "plan"), false).into(),
        _ => error,
    };
    same_plan(c, row, after).map_err(moved)
}

fn same_plan(c: &mut Conn, row: &PeriodRow, after: &mut PeriodIn) -> Result<PlanKey> {
    let mut faults = Faults::default();
    let plan = match &mut after.plan {
        Some(named) => faults.keep(plans::unmoved(c, &row.plan_id, named))?,
        None => None,
    };
    if after.plan.is_none() {
        faults.add(FieldError::fixed("plan"));
    }
    if after.jurisdictions.is_some() {
        faults.add(FieldError::fixed("jurisdictions"));
    }
    faults.check()?;
    plan.ok_or_else(|| Problem::invalid(vec![FieldError::fixed("plan")]).into())
}

/// What a period asks, of whom and about which days is fixed at opening; naming it as it is changes nothing.
fn stays_frozen(status: PeriodStatus, patch: &Patch<PeriodIn>, before: &PeriodIn, after: &PeriodIn, lists: &Lists) -> Result<()> {
    let units = patch.touches("units") && !rules::same_members(after.units.as_deref(), &lists.named_units);
    let indicators = patch.touches("indicators") && !rules::same_members(after.indicators.as_deref(), &lists.named_indicators);
    let days = before.starts_on != after.starts_on || before.ends_on != after.ends_on;
    let questions = before.questions != after.questions;
    let changed = [
        (units, "danh sách đơn vị", "units"),
        (indicators, "danh sách chỉ tiêu", "indicators"),
        (questions, "câu hỏi", "questions"),
        (before.kind != after.kind, "loại kỳ", "kind"),
        (before.frequency != after.frequency, "tần suất", "frequency"),
        (before.label != after.label, "nhãn", "label"),
        (days, "ngày đầu và ngày cuối", "days"),
    ];
    let changed: Vec<Said> = changed.into_iter().filter(|(is, ..)| *is).map(|(_, vi, en)| said(vi, en)).collect();
    if changed.is_empty() { Ok(()) } else { Err(frozen(status, &words::listed(changed), units || indicators).into()) }
}

/// What of an opened period stays, and what can be done in place of changing it.
fn frozen(status: PeriodStatus, what: &Said, who_and_what: bool) -> Problem {
    let why = said(format!("Kỳ đã mở nên không đổi được {}.", what.vi), format!("The period has been opened, so this stays: {}.", what.en));
    let cure = if who_and_what {
        said(
            "Có thể thêm đơn vị, miễn báo cáo cho đơn vị, hoặc chuyển giao chỉ tiêu giữa các đơn vị.",
            "Units can be added or excused, and indicators handed over from one unit to another.",
        )
    } else {
        said(
            "Nếu sai, hãy đóng kỳ này và lập kỳ mới; tiêu đề và hướng dẫn của kỳ vẫn sửa được.",
            "If it is wrong, close the period and make another one; its title and instructions can be changed.",
        )
    };
    rules::conflict(codes::PERIOD_FROZEN, status).told(why.and(&cure))
}

fn why_another_deadline() -> Problem {
    Problem::invalid(vec![
        FieldError::new("/reason", codes::FIELD_REQUIRED).saying(
            "Kỳ đã mở nên đổi hạn nộp phải nêu lý do («reason»).",
            "The period has been opened, so another deadline takes a reason.",
        ),
    ])
}

/// Deletes a period that was never opened and that the plan's rules do not imply.
///
/// # Errors
/// 404, 403, 412, 409 `period.in_use` with the referrers' counts, or `period.implied`.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &PeriodId, expected: &Expected) -> Result<()> {
    let row = use_cases::locked(c, actor, id, &[Role::Coordinator], Some(expected))?;
    use_cases::unused(table::referrers(c, id)?)?;
    use_cases::deletable(implied::is_implied(c, &row)?)?;
    let before = input_of(&row, &lists::kept_with(c, &row)?)?;
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(periods::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}
