//! Where somebody reads, and which data he reads there.

use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::db::schema::{consolidated_reports, jurisdictions, plans as plan_rows, reporting_periods};
use crate::db::{Condition, Conn};
use crate::problem::{Error, FieldError, Problem, Result, codes};
use crate::reading::references::{Named, Scope};
use crate::rooms::jurisdictions::{self as jurisdictions_room, there_on};
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::PlanId;
use crate::values::period::Label;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// The roles of a ward's own people.
const OWN: [Role; 4] = [Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter];

/// Where the caller belongs to the ward's own people: there he reads what was accepted, elsewhere what was published.
pub(super) fn own(actor: &Actor) -> Reach {
    actor.reach(&OWN)
}

/// Whether the caller is one of this ward's own people.
pub(super) fn is_own(actor: &Actor, jurisdiction: &str) -> bool {
    actor.may(&OWN, jurisdiction)
}

/// The instant as of which is asked, which is not to come.
///
/// # Errors
/// 400 `query.invalid`.
pub(super) fn instant(actor: &Actor, as_of: Option<UtcTime>) -> Result<Option<UtcTime>> {
    match as_of {
        Some(at) if at > actor.now => {
            let (vi, en) = ("Cần một thời điểm không sau lúc này.", "Must be an instant that is not to come.");
            Err(Problem::in_query(codes::QUERY_INVALID, FieldError::new("as_of", codes::QUERY_INVALID).saying(vi, en)).into())
        }
        as_of => Ok(as_of),
    }
}

/// Neither a plan nor an administrative unit was named.
fn nowhere_named() -> Error {
    let (vi, en) = ("Cần nêu kế hoạch («plan») hoặc địa bàn («jurisdiction»).", "Either plan or jurisdiction must be given.");
    Problem::in_query(codes::QUERY_INVALID, FieldError::new("plan", codes::QUERY_INVALID).saying(vi, en)).into()
}

/// The condition that the ward of a plan was there at the end of a year, quarter or month, or of the plan's period for it, or that
/// something was sent of that.
fn there_or_sent(label: Label) -> Condition<plan_rows::table> {
    use {consolidated_reports as k, reporting_periods as p};
    let there = jurisdictions::table.filter(there_on!(label.last_day())).select(jurisdictions::code);
    let sent = k::table.filter(k::published.eq(true)).select(k::period_id);
    let periods = p::table
        .inner_join(jurisdictions::table.on(jurisdictions::code.eq(p::jurisdiction)))
        .filter(p::kind.eq("periodic").and(p::label.eq(label.to_string())))
        .filter(there_on!(p::ends_on.nullable()).or(p::id.eq_any(sent)))
        .select(p::plan_id);
    Box::new(plan_rows::jurisdiction.eq_any(there).or(plan_rows::id.eq_any(periods)))
}

/// The plans that hold or held in the wards that belonged to an administrative unit on the last day of a year, quarter or month, or
/// belong to it now where none is named: closing a plan changes no figure of its years. A ward that was not there then is left out, unless
/// it had sent something of it. And whether the unit lost or got a ward since.
pub(super) fn plans_of_wards(c: &mut Conn, scope: &Scope, label: Option<Label>) -> Result<(Vec<PlanKey>, bool)> {
    let mut moved = false;
    let mut area = scope.area().map(<[String]>::to_vec);
    if let (Some(codes), Some(label)) = (&mut area, label) {
        let now = codes.clone();
        for (ward, parent) in jurisdictions_room::elsewhere_on(c, label.last_day())? {
            let (is_there, was_there) = (now.contains(&ward), now.contains(&parent));
            // A ward that is named by itself is read wherever it belonged.
            if is_there == was_there || now == [ward.as_str()] {
                continue;
            }
            moved = true;
            codes.retain(|code| *code != ward);
            codes.extend(was_there.then_some(ward));
        }
    }
    let communes = jurisdictions::table.filter(jurisdictions::level.eq("commune")).select(jurisdictions::code);
    let held = plan_rows::status.eq_any(["active", "closed"]);
    let mut query = plan_rows::table.filter(held).filter(plan_rows::jurisdiction.eq_any(communes)).into_boxed();
    // A ward that is named by itself is read whether it was there or not.
    let alone = matches!(area.as_deref(), Some([_]));
    if let Some(codes) = area {
        query = query.filter(plan_rows::jurisdiction.eq_any(codes));
    }
    if let Some(label) = label.filter(|_| !alone) {
        query = query.filter(there_or_sent(label));
    }
    Ok((query.order((plan_rows::jurisdiction, plan_rows::start_year, plan_rows::id)).select(PlanKey::as_select()).load(c)?, moved))
}

/// The plan that an administrative unit above the wards has for a year.
pub(super) fn own_plan(c: &mut Conn, code: &str, year: i32) -> Result<Option<PlanKey>> {
    let above = jurisdictions::table.filter(jurisdictions::level.ne("commune")).select(jurisdictions::code);
    let held = plan_rows::table
        .filter(plan_rows::jurisdiction.eq(code).and(plan_rows::jurisdiction.eq_any(above)))
        .filter(plan_rows::status.eq_any(["active", "closed"]))
        .filter(plan_rows::start_year.le(year).and(plan_rows::end_year.ge(year)));
    Ok(held.order((plan_rows::start_year.desc(), plan_rows::id)).select(PlanKey::as_select()).first(c).optional()?)
}

/// Whether an administrative unit is a ward, so that its plan is reported on.
pub(super) fn is_ward(c: &mut Conn, code: &str) -> Result<bool> {
    let wards = jurisdictions::table.filter(jurisdictions::code.eq(code)).filter(jurisdictions::level.eq("commune"));
    Ok(diesel::select(diesel::dsl::exists(wards)).get_result(c)?)
}

/// Of several plans of a ward that cover a year, quarter or month the one that held it, so that a ward counts once: that of which it
/// was sent, else opened, else the one in force, else the oldest.
pub(super) fn one_a_ward(c: &mut Conn, plans: Vec<PlanKey>, label: &str) -> Result<Vec<PlanKey>> {
    let several = |plan: &&PlanKey| plans.iter().any(|other| other.jurisdiction == plan.jurisdiction && other.id != plan.id);
    let doubtful: Vec<&PlanId> = plans.iter().filter(several).map(|plan| &plan.id).collect();
    if doubtful.is_empty() {
        return Ok(plans);
    }
    use {consolidated_reports as k, reporting_periods as p};
    let of_label = p::table.filter(p::plan_id.eq_any(&doubtful)).filter(p::kind.eq("periodic")).filter(p::label.eq(label));
    let sent = k::table.filter(k::published.eq(true)).filter(k::period_id.eq_any(of_label.clone().select(p::id))).select(k::plan_id);
    let sent: BTreeSet<PlanId> = sent.load::<PlanId>(c)?.into_iter().collect();
    let opened: BTreeSet<PlanId> = of_label.filter(p::frozen.eq(true)).select(p::plan_id).load::<PlanId>(c)?.into_iter().collect();
    let rank = |plan: &PlanKey| (!sent.contains(&plan.id), !opened.contains(&plan.id), plan.status != "active", plan.id.clone());
    let held = |plan: &PlanKey| !plans.iter().any(|other| other.jurisdiction == plan.jurisdiction && rank(other) < rank(plan));
    Ok(plans.iter().filter(|plan| held(plan)).cloned().collect())
}

/// The names of the wards of these plans.
pub(super) fn names(c: &mut Conn, plans: &[PlanKey]) -> Result<HashMap<String, Bilingual>> {
    let codes: BTreeSet<&str> = plans.iter().map(|p| p.jurisdiction.as_str()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let mut names = HashMap::new();
    for some in codes.chunks(500) {
        let found: Vec<(String, String, Option<String>)> = jurisdictions::table
            .filter(jurisdictions::code.eq_any(some))
            .select((jurisdictions::code, jurisdictions::name_vi, jurisdictions::name_en))
            .load(c)?;
        names.extend(found.into_iter().map(|(code, vi, en)| (code, Bilingual { vi, en })));
    }
    Ok(names)
}

/// A name from [`names`].
pub(super) fn name_in(names: &HashMap<String, Bilingual>, code: &str) -> Bilingual {
    names.get(code).cloned().unwrap_or_else(|| Bilingual { vi: code.to_owned(), en: None })
}

/// Where a reading of the figures is asked for.
///
/// # Errors
/// 400 for a reference that fits nothing or several, or if neither a plan nor an administrative unit is named.
pub(super) fn scope(c: &mut Conn, plan: Option<&str>, jurisdiction: Option<&str>) -> Result<Scope> {
    if plan.is_none() && jurisdiction.is_none() {
        return Err(nowhere_named());
    }
    Scope::of_query(c, Named { jurisdiction, plan, period: None })
}
