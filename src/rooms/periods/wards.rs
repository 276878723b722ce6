//! The wards that an ad hoc period of the province is meant for, and their active plans.

use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::db::schema::{jurisdictions, plans};
use crate::problem::{Faults, Place, Result, said};
use crate::reading::references::{self, JurisdictionKey, Scope};
use crate::rooms::plans::PlanKey;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An administrative unit: its code, its level, the one above it.
type Unit = (String, String, Option<String>);

/// The plan of each ward named that is in force in a year, by official code or by the code of a province above it.
///
/// # Errors
/// 403 beyond the caller's reach; 422 for a code that fits nothing, and a ward without an active plan.
pub(super) fn active_plans(c: &mut Conn, actor: &Actor, named: &[String], year: i32) -> Result<Vec<PlanKey>> {
    let known = with_those_below(c, named)?;
    for (code, ..) in known.iter().filter(|(code, ..)| named.contains(code)) {
        actor.must(&[Role::Coordinator, Role::Province], code)?;
    }
    let wards: Vec<Vec<&str>> = named.iter().map(|code| wards_of(&known, code)).collect();
    let plans = in_force(c, &wards.iter().flatten().copied().collect(), year)?;
    let mut faults = Faults::default();
    let mut chosen: BTreeMap<&str, PlanKey> = BTreeMap::new();
    for (position, (code, wards)) in named.iter().zip(&wards).enumerate() {
        let pointer = format!("/jurisdictions/{position}");
        let found: Vec<&PlanKey> = wards.iter().filter_map(|ward| plans.get(*ward)).collect();
        match (known.iter().any(|(known, ..)| known == code), found.is_empty()) {
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

/// The units named and all below them: one statement a level of the country.
fn with_those_below(c: &mut Conn, named: &[String]) -> Result<Vec<Unit>> {
    let columns = (jurisdictions::code, jurisdictions::level, jurisdictions::parent);
    let mut all: Vec<Unit> = jurisdictions::table.filter(jurisdictions::code.eq_any(named)).select(columns).load(c)?;
    let mut above: Vec<String> = all.iter().map(|(code, ..)| code.clone()).collect();
    while !above.is_empty() {
        let below: Vec<Unit> = jurisdictions::table.filter(jurisdictions::parent.eq_any(&above)).select(columns).load(c)?;
        let fresh: Vec<Unit> = below.into_iter().filter(|(code, ..)| !all.iter().any(|(known, ..)| known == code)).collect();
        above = fresh.iter().map(|(code, ..)| code.clone()).collect();
        all.extend(fresh);
    }
    Ok(all)
}

/// The communes at or below this code.
fn wards_of<'a>(known: &'a [Unit], code: &str) -> Vec<&'a str> {
    let mut inside: BTreeSet<&str> = known.iter().filter(|(own, ..)| own == code).map(|(own, ..)| own.as_str()).collect();
    loop {
        let size = inside.len();
        let below = known.iter().filter(|(.., parent)| parent.as_deref().is_some_and(|p| inside.contains(p))).map(|(own, ..)| own.as_str());
        let more: Vec<&str> = below.collect();
        inside.extend(more);
        if inside.len() == size {
            break;
        }
    }
    known.iter().filter(|(own, level, _)| level == "commune" && inside.contains(own.as_str())).map(|(own, ..)| own.as_str()).collect()
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
