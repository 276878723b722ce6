//! What other rooms need to know of amendments: which one a change names.

use crate::db::Conn;
use crate::problem::{Place, Result};
use crate::reading::references::{AmendmentKey, Scope};
use crate::values::id::AmendmentId;

/// The amendment that a body names as that which made its change. One that was named `before` is not looked up again.
///
/// # Errors
/// 422 `reference.unknown` for one that is none of the scope's.
pub fn named(c: &mut Conn, scope: &Scope, named: Option<&str>, before: Option<&AmendmentId>) -> Result<Option<AmendmentId>> {
    let Some(named) = named else { return Ok(None) };
    if let Some(same) = before.filter(|before| before.as_str() == named) {
        return Ok(Some(same.clone()));
    }
    Ok(Some(scope.one::<AmendmentKey>(c, named, &Place::body("/amendment"))?.id))
}
