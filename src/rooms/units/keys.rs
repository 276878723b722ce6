//! What other rooms need to know of units: who they are, and who reports in place of a group.

use crate::db::Conn;
use crate::db::schema::{plans, units};
use crate::problem::{Result, codes};
use crate::values::Ref;
use crate::values::id::{PlanId, UnitId};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

pub use crate::reading::references::UnitKey;

use crate::reading::references::PlanKey;

/// All units of a jurisdiction in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn of_jurisdiction(c: &mut Conn, jurisdiction: &str) -> Result<Vec<UnitKey>> {
    Ok(units::table
        .filter(units::jurisdiction.eq(jurisdiction))
        .order((units::plan_order, units::id))
        .select(UnitKey::as_select())
        .load(c)?)
}

/// The same of several jurisdictions; each one's units are in its plan's order.
///
/// # Errors
/// If the database fails.
pub fn of_jurisdictions(c: &mut Conn, jurisdictions: &[String]) -> Result<Vec<UnitKey>> {
    Ok(units::table
        .filter(units::jurisdiction.eq_any(jurisdictions))
        .order((units::plan_order, units::id))
        .select(UnitKey::as_select())
        .load(c)?)
}

/// A plan, and the units of its jurisdiction in its order: one statement.
///
/// # Errors
/// 404.
pub fn beside_plan(c: &mut Conn, plan: &PlanId) -> Result<(PlanKey, Vec<UnitKey>)> {
    let found: Vec<(PlanKey, Option<UnitKey>)> = plans::table
        .left_join(units::table.on(units::jurisdiction.eq(plans::jurisdiction)))
        .filter(plans::id.eq(plan))
        .order((units::plan_order, units::id))
        .select((PlanKey::as_select(), Option::<UnitKey>::as_select()))
        .load(c)?;
    let (mut plan, mut units) = (None, Vec::new());
    for (key, unit) in found {
        plan = Some(key);
        units.extend(unit);
    }
    Ok((plan.ok_or(codes::NOT_FOUND)?, units))
}

/// These units as answers name them.
///
/// # Errors
/// If the database fails.
pub fn references<'a>(c: &mut Conn, ids: impl IntoIterator<Item = &'a UnitId>) -> Result<HashMap<UnitId, Ref>> {
    let ids: BTreeSet<&UnitId> = ids.into_iter().collect();
    let found: Vec<(UnitId, String)> = units::table.filter(units::id.eq_any(ids)).select((units::id, units::code)).load(c)?;
    Ok(found.into_iter().map(|(id, code)| (id.clone(), Ref::new(id, code))).collect())
}

/// These units, and of groups their members.
///
/// # Errors
/// If the database fails.
pub fn and_members(c: &mut Conn, mut wanted: Vec<UnitId>) -> Result<Vec<UnitId>> {
    let members = units::table.filter(units::parent_id.assume_not_null().eq_any(&wanted)).select(units::id).load::<UnitId>(c)?;
    wanted.extend(members);
    Ok(wanted)
}

/// Replaces groups by their reporting members; a group without any reports itself. `all` are the units of the
/// jurisdiction; their order is kept.
#[must_use]
pub fn with_members(all: &[UnitKey], wanted: &BTreeSet<UnitId>) -> Vec<UnitKey> {
    let members = |group: &UnitId| all.iter().any(|u| u.parent.as_ref() == Some(group) && u.reports && u.active);
    all.iter()
        .filter(|u| {
            let named = wanted.contains(&u.id) && !(u.is_group && members(&u.id));
            let of_group = u.reports && u.active && u.parent.as_ref().is_some_and(|p| wanted.contains(p) && is_group(all, p));
            named || of_group
        })
        .cloned()
        .collect()
}

fn is_group(all: &[UnitKey], id: &UnitId) -> bool {
    all.iter().any(|u| u.id == *id && u.is_group)
}

/// Those who owe an annual report: every active unit that reports, groups replaced by their members.
#[must_use]
pub fn reporting(all: &[UnitKey]) -> Vec<UnitKey> {
    let wanted = all.iter().filter(|u| u.active && u.reports).map(|u| u.id.clone()).collect();
    with_members(all, &wanted)
}

/// Those who owe an indicator's figure, of the units that its `units[]` charges with reporting: naming members of a group
/// overrides the group.
#[must_use]
pub fn charged(all: &[UnitKey], named: &BTreeSet<UnitId>) -> Vec<UnitKey> {
    let overridden: BTreeSet<&UnitId> = all.iter().filter(|u| named.contains(&u.id)).filter_map(|u| u.parent.as_ref()).collect();
    let wanted: BTreeSet<UnitId> = named.iter().filter(|id| !overridden.contains(id)).cloned().collect();
    with_members(all, &wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, parent: Option<&str>, is_group: bool) -> UnitKey {
        let id_of = UnitId::from_text;
        let (jurisdiction, code) = ("09385".to_owned(), id.to_owned());
        UnitKey { id: id_of(id), jurisdiction, parent: parent.map(id_of), code, name: String::new(), is_group, reports: true, active: true }
    }

    fn codes(units: &[UnitKey]) -> Vec<&str> {
        units.iter().map(|u| u.code.as_str()).collect()
    }

    fn set(ids: &[&str]) -> BTreeSet<UnitId> {
        ids.iter().map(|id| UnitId::from_text(*id)).collect()
    }

    #[test]
    fn members_stand_in_for_their_group() {
        let mut all = vec![unit("U5", None, false), unit("U7", None, true)];
        assert_eq!(codes(&reporting(&all)), ["U5", "U7"]);
        all.extend([unit("U7.1", Some("U7"), false), unit("U7.2", Some("U7"), false)]);
        assert_eq!(codes(&reporting(&all)), ["U5", "U7.1", "U7.2"]);
        assert_eq!(codes(&charged(&all, &set(&["U7"]))), ["U7.1", "U7.2"]);
        assert_eq!(codes(&charged(&all, &set(&["U7", "U7.2"]))), ["U7.2"]);
        all.iter_mut().filter(|u| u.parent.is_some()).for_each(|u| u.active = false);
        assert_eq!(codes(&reporting(&all)), ["U5", "U7"]);
    }
}
