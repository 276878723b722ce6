//! Where somebody reads, and which data he reads there.

use crate::auth::caller::{Reach, Role};
use crate::auth::store;
use crate::db::Conn;
use crate::db::schema::jurisdictions;
use crate::http::ctx::By;
use crate::problem::{Place, Result};
use diesel::prelude::*;

/// The roles of a ward's own people.
const OWN: [Role; 4] = [Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter];

/// Where the caller belongs to the ward's own people: there he reads what was accepted, elsewhere what was published.
pub(super) fn own(by: &By) -> Reach {
    by.reach(&OWN)
}

/// Whether the caller is one of this ward's own people.
pub(super) fn is_own(by: &By, jurisdiction: &str) -> bool {
    by.may(&OWN, jurisdiction)
}

/// The administrative unit with this code and all below it.
pub(super) fn below(c: &mut Conn, code: &str) -> Result<Reach> {
    let known: i64 = jurisdictions::table.filter(jurisdictions::code.eq(code)).count().get_result(c)?;
    if known == 0 {
        return Err(Place::Query("jurisdiction").unknown().into());
    }
    store::reach_of(c, code)
}
