//! Where somebody reads, and which data he reads there.

use super::wire::WhereAndWhen;
use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::db::Conn;
use crate::db::schema::{jurisdictions, plans as plan_rows};
use crate::problem::{Error, FieldError, Problem, Result, codes};
use crate::reading::references::{Named, Scope};
use crate::rooms::plans::PlanKey;
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

/// Neither a plan nor an administrative unit was named.
fn nowhere_named() -> Error {
    let (vi, en) = ("Cần cho plan hoặc jurisdiction.", "Either plan or jurisdiction must be given.");
    let fault = FieldError::new("plan", codes::QUERY_INVALID).saying(vi, en);
    Problem::new(codes::QUERY_INVALID).with_errors(vec![fault]).saying(vi, en).into()
}

/// The active plans of the wards in an administrative unit, by ward.
pub(super) fn active_plans(c: &mut Conn, scope: &Scope) -> Result<Vec<PlanKey>> {
    let communes = jurisdictions::table.filter(jurisdictions::level.eq("commune")).select(jurisdictions::code);
    let mut query = plan_rows::table.filter(plan_rows::status.eq("active")).filter(plan_rows::jurisdiction.eq_any(communes)).into_boxed();
    if let Some(codes) = scope.area() {
        query = query.filter(plan_rows::jurisdiction.eq_any(codes));
    }
    Ok(query.order((plan_rows::jurisdiction, plan_rows::start_year, plan_rows::id)).select(PlanKey::as_select()).load(c)?)
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
pub(super) fn scope(c: &mut Conn, asked: &WhereAndWhen) -> Result<Scope> {
    if asked.plan.is_none() && asked.jurisdiction.is_none() {
        return Err(nowhere_named());
    }
    Scope::of_query(c, Named { jurisdiction: asked.jurisdiction.as_deref(), plan: asked.plan.as_deref(), period: None })
}
