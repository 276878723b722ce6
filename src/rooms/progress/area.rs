//! Where somebody reads, and which data he reads there.

use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::auth::store;
use crate::db::Conn;
use crate::db::schema::{jurisdictions, plans as plan_rows};
use crate::problem::{Error, FieldError, Place, Problem, Result, codes};
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::looks_like_id;
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

/// The administrative unit with this code and all below it.
pub(super) fn below(c: &mut Conn, code: &str) -> Result<Reach> {
    let known: i64 = jurisdictions::table.filter(jurisdictions::code.eq(code)).count().get_result(c)?;
    if known == 0 {
        return Err(Place::Query("jurisdiction").unknown().into());
    }
    store::reach_of(c, code)
}

type PlanColumns = (plan_rows::id, plan_rows::code, plan_rows::jurisdiction, plan_rows::start_year, plan_rows::end_year, plan_rows::status);
const PLAN: PlanColumns =
    (plan_rows::id, plan_rows::code, plan_rows::jurisdiction, plan_rows::start_year, plan_rows::end_year, plan_rows::status);

/// A plan by id or code. Wards may have plans of the same code: the administrative unit, if one is given, tells them apart.
pub(super) fn plan_in(c: &mut Conn, named: &str, area: Option<&Reach>) -> Result<PlanKey> {
    let place = Place::Query("plan");
    let Some(area) = area else { return plans::resolve(c, named, &place) };
    let query = plan_rows::table.select(PLAN).into_boxed();
    let query = if looks_like_id(named) {
        query.filter(plan_rows::id.eq(named.to_ascii_lowercase()))
    } else {
        query.filter(plan_rows::code.eq(named))
    };
    let mut found: Vec<PlanKey> = query.load(c)?;
    found.retain(|plan| area.covers(&plan.jurisdiction));
    match (found.pop(), found.is_empty()) {
        (Some(plan), true) => Ok(plan),
        (Some(_), false) => Err(place.ambiguous().into()),
        (None, _) => Err(place.unknown().into()),
    }
}

/// Neither a plan nor an administrative unit was named.
pub(super) fn nowhere_named() -> Error {
    let (vi, en) = ("Cần cho plan hoặc jurisdiction.", "Either plan or jurisdiction must be given.");
    let fault = FieldError::new("plan", codes::QUERY_INVALID).saying(vi, en);
    Problem::new(codes::QUERY_INVALID).with_errors(vec![fault]).saying(vi, en).into()
}

/// The active plans of the wards in an administrative unit, by ward.
pub(super) fn active_plans(c: &mut Conn, area: &Reach) -> Result<Vec<PlanKey>> {
    let communes = jurisdictions::table.filter(jurisdictions::level.eq("commune")).select(jurisdictions::code);
    let mut query = plan_rows::table.filter(plan_rows::status.eq("active")).filter(plan_rows::jurisdiction.eq_any(communes)).into_boxed();
    if let Some(codes) = area.codes() {
        query = query.filter(plan_rows::jurisdiction.eq_any(codes));
    }
    Ok(query.order((plan_rows::jurisdiction, plan_rows::start_year, plan_rows::id)).select(PLAN).load(c)?)
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
