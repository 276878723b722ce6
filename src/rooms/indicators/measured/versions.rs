//! What an indicator meant through the years: reading its versions, and taking the newest back.

use super::table;
use super::table::definitions::{self, Named};
use super::table::links::Links;
use super::use_cases::{begin, links_of, unused, with_actions};
use super::wire::{IndicatorOut, IndicatorVersions};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Problem, Result, codes};
use crate::values::Ref;
use crate::values::id::{IndicatorId, PlanId};
use crate::values::period::year_local;

/// Those who are told who made a version: the ward's own people.
const HOUSE: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter];

/// The versions of an indicator, the oldest first, and its plan.
///
/// # Errors
/// 404.
pub(super) fn list(c: &mut Conn, actor: &Actor, id: &IndicatorId) -> Result<(PlanId, IndicatorVersions)> {
    let (row, parents) = table::find(c, id)?;
    let tells_who = actor.may(HOUSE, &row.jurisdiction);
    let mut items = Vec::new();
    // From the newest to the oldest: each holds until the next one does.
    let mut until = row.last_year;
    for (version, goal, printed, counterpart) in definitions::of(c, &[id])?.into_iter().rev() {
        let goal = match (&version.goal_id, goal) {
            (Some(id), Some(code)) => Ref::new(id.clone(), code),
            _ => Ref::new(parents.goal.id.clone(), &parents.goal.code),
        };
        let printed = match (&version.plan_indicator_id, printed) {
            (Some(id), Some(code)) => Ref::new(id.clone(), code),
            _ => Ref::new(parents.printed.id.clone(), &parents.printed.code),
        };
        let before = version.effective_from - 1;
        let counterpart = version.counterpart_with(counterpart.as_ref());
        items.push(version.into_out(Named { goal, printed, counterpart }, until, tells_who)?);
        until = Some(until.map_or(before, |until| until.min(before)));
    }
    items.reverse();
    Ok((row.plan_id, IndicatorVersions { items }))
}

/// Takes the newest version back: the indicator means again what it did before, in the words that it has now.
///
/// # Errors
/// 404, 403, 412, 409 `indicator.in_use` if it is the first, if there is a newer one, or if a period was opened with it.
pub(super) fn take_back(c: &mut Conn, actor: &Actor, id: &IndicatorId, number: &str, expected: &Expected) -> Result<IndicatorOut> {
    let (mut row, mut parents) = begin(c, actor, id, expected)?;
    let versions = definitions::of(c, &[id])?;
    let number = number.parse().ok().filter(|n| versions.iter().any(|(v, ..)| v.definition_version == *n));
    let number: i32 = number.ok_or(codes::NOT_FOUND)?;
    let referrers = table::referrers(c, &row, &parents.plan)?;
    let (before_it, answered) = match versions.as_slice() {
        [.., (earlier, .., answered), (newest, ..)] if newest.definition_version == number => (earlier, answered),
        _ => return Err(fixed(number, versions.len()).into()),
    };
    db::in_use(codes::INDICATOR_IN_USE, &[("reporting_periods", referrers.asked_newest)])?;
    let mut links = links_of(c, id)?;
    let year = year_local(actor.now);
    let before = row.clone().into_out(&parents, links.clone(), year)?.to_input();
    let after_links = Links { dimensions: before_it.splits()?, ..links.clone() };
    before_it.restore(&mut row)?;
    (parents.goal, parents.printed) = table::goal_of(c, &row)?;
    parents.counterpart = before_it.counterpart_with(answered.as_ref());
    row.goal_id.clone_from(&parents.goal.id);
    let after = row.clone().into_out(&parents, after_links.clone(), year)?.to_input();
    change::update(
        c,
        actor,
        &mut row,
        Update::new(&before, after),
        |_, _, _| Ok(()),
        |w, row, ()| {
            table::update(w, row)?;
            definitions::delete(w, id, number)?;
            table::links::replace(w, id, &links, &after_links)
        },
    )?;
    links = after_links;
    with_actions(actor, row, &parents, links, || unused(&referrers))
}

/// Why a version stays that is not the newest of several.
fn fixed(number: i32, versions: usize) -> Problem {
    let later = i64::try_from(versions).unwrap_or(i64::MAX) - i64::from(number);
    let problem = Problem::new(codes::INDICATOR_IN_USE);
    if later > 0 {
        return problem.saying(
            format!("Sau định nghĩa số {number} còn {later} định nghĩa mới hơn. Chỉ bỏ được định nghĩa mới nhất."),
            format!("There are {later} newer versions than {number}. Only the newest can be taken back."),
        );
    }
    problem.saying(
        "Đây là định nghĩa đầu tiên của chỉ tiêu, không có định nghĩa trước để quay lại. Hãy sửa chỉ tiêu hoặc xoá chỉ tiêu.",
        "This is the indicator's first meaning, so there is none before it. Change the indicator, or delete it.",
    )
}
