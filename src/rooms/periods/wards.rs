//! The wards that an ad hoc period of the province is meant for, and their active plans.

use super::wire::NotAsked;
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::db::schema::{indicators, jurisdictions, plans};
use crate::problem::{Faults, Place, Result, said};
use crate::reading::references::{self, IndicatorKey, JurisdictionKey, Scope};
use crate::rooms::jurisdictions as jurisdictions_room;
use crate::rooms::plans::PlanKey;
use crate::values::days::Days;
use crate::values::id::PlanId;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An administrative unit.
#[derive(Queryable)]
struct Unit {
    code: String,
    level: String,
    parent: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

/// The plan of each ward named that is in force in the year of a day, by official code or by the code of a province above it. Wards that
/// are not there on that day are left out.
///
/// # Errors
/// 403 beyond the caller's reach; 409 `jurisdiction.dissolved` for a ward named by itself that is not there on that day; 422 for a code
/// that fits nothing, and a ward without an active plan.
pub(super) fn active_plans(c: &mut Conn, actor: &Actor, named: &[String], day: NaiveDate) -> Result<Vec<PlanKey>> {
    let known = with_those_below(c, named)?;
    for unit in known.iter().filter(|unit| named.contains(&unit.code)) {
        actor.must(&[Role::Coordinator, Role::Province], &unit.code)?;
    }
    let days = |unit: &Unit| Days::new(unit.valid_from, unit.valid_until);
    for ward in known.iter().filter(|unit| unit.level == "commune" && named.contains(&unit.code)) {
        jurisdictions_room::exists(&ward.code, days(ward), day)?;
    }
    let known: Vec<Unit> = known.into_iter().filter(|unit| unit.level != "commune" || days(unit).hold(day)).collect();
    let wards: Vec<Vec<&str>> = named.iter().map(|code| wards_of(&known, code)).collect();
    let plans = in_force(c, &wards.iter().flatten().copied().collect(), day.year())?;
    let mut faults = Faults::default();
    let mut chosen: BTreeMap<&str, PlanKey> = BTreeMap::new();
    for (position, (code, wards)) in named.iter().zip(&wards).enumerate() {
        let pointer = format!("/jurisdictions/{position}");
        let found: Vec<&PlanKey> = wards.iter().filter_map(|ward| plans.get(*ward)).collect();
        match (known.iter().any(|unit| unit.code == *code), found.is_empty()) {
            (false, _) => {
                faults.keep::<()>(Err(Scope::default().unknown::<JurisdictionKey>(code, &Place::body(pointer))))?;
            }
            (true, true) => {
                let there = said(format!("đang thực hiện ở địa bàn {code}"), format!("in force in the jurisdiction {code}"));
                faults.keep::<()>(Err(references::none::<PlanKey>(&Place::body(pointer), &there)))?;
            }
            (true, false) => chosen.extend(wards.iter().filter_map(|ward| Some((*ward, plans.get(*ward)?.clone())))),
        }
    }
    faults.check()?;
    Ok(chosen.into_values().collect())
}

/// What the wards of an inquiry are asked.
pub(super) struct Asked {
    /// Each plan with the ids of its indicators that are asked; `None` where none was named.
    pub of_plans: Vec<(PlanKey, Option<Vec<String>>)>,
    /// What wards do not have.
    pub not_asked: Vec<NotAsked>,
}

/// Finds in each plan the indicators named: those that answer to the province's of this code, else those of the code itself.
///
/// # Errors
/// 422 for one that no ward has.
pub(super) fn asked(c: &mut Conn, plans: Vec<PlanKey>, named: Option<&[String]>) -> Result<Asked> {
    use indicators as i;
    let Some(named) = named else {
        return Ok(Asked { of_plans: plans.into_iter().map(|plan| (plan, None)).collect(), not_asked: Vec::new() });
    };
    let other = diesel::alias!(indicators as other);
    let answering = other.filter(other.field(i::code).eq_any(named)).select(other.field(i::id));
    let wanted = i::code.eq_any(named).or(i::counterpart.assume_not_null().eq_any(answering));
    let mut found: HashMap<PlanId, Vec<Having>> = HashMap::new();
    for some in plans.chunks(500) {
        let ids: Vec<&PlanId> = some.iter().map(|plan| &plan.id).collect();
        let code = other.filter(other.field(i::id).nullable().eq(i::counterpart)).select(other.field(i::code)).single_value();
        let rows: Vec<(PlanId, String, String, Option<String>)> =
            i::table.filter(i::plan_id.eq_any(ids)).filter(wanted.clone()).select((i::plan_id, i::id, i::code, code)).load(c)?;
        for (plan, id, own, counterpart) in rows {
            found.entry(plan).or_default().push(Having { id, answers_to: counterpart.unwrap_or(own) });
        }
    }
    let has = |plan: &PlanKey, code: &str| found.get(&plan.id).and_then(|all| all.iter().find(|one| one.answers_to == code));
    let mut faults = Faults::default();
    for (n, code) in named.iter().enumerate().filter(|(_, code)| !plans.iter().any(|plan| has(plan, code).is_some())) {
        faults.keep::<()>(Err(Scope::default().unknown::<IndicatorKey>(code, &Place::body(format!("/indicators/{n}")))))?;
    }
    faults.check()?;
    let missing = |plan: &PlanKey, code: &String| NotAsked { jurisdiction: plan.jurisdiction.clone(), indicator: code.clone() };
    let not_asked = plans.iter().flat_map(|plan| named.iter().filter(|code| has(plan, code).is_none()).map(|code| missing(plan, code)));
    let not_asked = not_asked.collect();
    let ids = |plan: &PlanKey| named.iter().filter_map(|code| has(plan, code)).map(|one| one.id.clone()).collect();
    let of_plans = plans.iter().map(|plan| (plan.clone(), Some(ids(plan)))).collect();
    Ok(Asked { of_plans, not_asked })
}

/// An indicator of a ward, and the code to which it answers.
struct Having {
    id: String,
    answers_to: String,
}

/// The units named and all below them: one statement a level of the country.
fn with_those_below(c: &mut Conn, named: &[String]) -> Result<Vec<Unit>> {
    let columns = (jurisdictions::code, jurisdictions::level, jurisdictions::parent, jurisdictions::valid_from, jurisdictions::valid_until);
    let mut all: Vec<Unit> = jurisdictions::table.filter(jurisdictions::code.eq_any(named)).select(columns).load(c)?;
    let mut above: Vec<String> = all.iter().map(|unit| unit.code.clone()).collect();
    while !above.is_empty() {
        let below: Vec<Unit> = jurisdictions::table.filter(jurisdictions::parent.eq_any(&above)).select(columns).load(c)?;
        let fresh: Vec<Unit> = below.into_iter().filter(|unit| !all.iter().any(|known| known.code == unit.code)).collect();
        above = fresh.iter().map(|unit| unit.code.clone()).collect();
        all.extend(fresh);
    }
    Ok(all)
}

/// The communes at or below this code.
fn wards_of<'a>(known: &'a [Unit], code: &str) -> Vec<&'a str> {
    let mut inside: BTreeSet<&str> = known.iter().filter(|unit| unit.code == code).map(|unit| unit.code.as_str()).collect();
    loop {
        let size = inside.len();
        let is_below = |unit: &&Unit| unit.parent.as_deref().is_some_and(|parent| inside.contains(parent));
        let below = known.iter().filter(is_below).map(|unit| unit.code.as_str());
        let more: Vec<&str> = below.collect();
        inside.extend(more);
        if inside.len() == size {
            break;
        }
    }
    known
        .iter()
        .map(|unit| (unit.level.as_str(), unit.code.as_str()))
        .filter(|(level, code)| *level == "commune" && inside.contains(code))
        .map(|(_, code)| code)
        .collect()
}

/// The active plan of each ward; of several the one that holds this year, else the one that begins last.
fn in_force(c: &mut Conn, wards: &BTreeSet<&str>, year: i32) -> Result<HashMap<String, PlanKey>> {
    let wards: Vec<&str> = wards.iter().copied().collect();
    let mut found = HashMap::new();
    for some in wards.chunks(500) {
        let mut plans: Vec<PlanKey> = plans::table
            .filter(plans::jurisdiction.eq_any(some))
            .filter(plans::status.eq("active"))
            .order((plans::start_year, plans::id))
            .select((plans::id, plans::code, plans::jurisdiction, plans::start_year, plans::end_year, plans::status))
            .load(c)?;
        plans.sort_by_key(|plan| (plan.start_year..=plan.end_year).contains(&year));
        found.extend(plans.into_iter().map(|plan| (plan.jurisdiction.clone(), plan)));
    }
    Ok(found)
}
