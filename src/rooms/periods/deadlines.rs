//! By when the wards below an administrative unit owe the province their consolidated reports: for the periods that exist and for
//! those to come, of the wards that are there on their last day.

use super::table::{self, PeriodRow};
use super::wire::{ConsolidationDeadlineIn, ConsolidationDeadlineOut, PeriodKind};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::auth::store::reach_of;
use crate::change::{self, Event, Versioned};
use crate::db::schema::{consolidation_deadlines as deadlines, jurisdictions, reporting_periods as periods};
use crate::db::{self, Conn};
use crate::problem::{Result, codes};
use crate::rooms::jurisdictions::there_on;
use crate::values::clock::UtcTime;
use crate::values::id::JurisdictionId;
use crate::values::period::Label;
use diesel::prelude::*;
use serde_json::json;

/// The deadline that was set for an administrative unit.
///
/// # Errors
/// 404, 403.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &JurisdictionId, label: &str) -> Result<ConsolidationDeadlineOut> {
    let (code, _) = permitted(c, actor, id)?;
    let label = named(label)?;
    let found: Option<(UtcTime, UtcTime)> =
        deadlines::table.find((&code, &label)).select((deadlines::due_at, deadlines::updated_at)).first(c).optional()?;
    let (due_at, updated_at) = found.unzip();
    Ok(ConsolidationDeadlineOut { jurisdiction: code, label, due_at, updated_at })
}

/// Sets it, for every ward at or below.
///
/// # Errors
/// 404, also for what is no label of regular periods; 403.
pub(super) fn set(
    c: &mut Conn,
    actor: &Actor,
    id: &JurisdictionId,
    label: &str,
    input: &ConsolidationDeadlineIn,
) -> Result<ConsolidationDeadlineOut> {
    let (code, version) = permitted(c, actor, id)?;
    let label = named(label)?;
    db::lock_name(c, "periods.implied")?;
    let now = actor.now;
    let there = deadlines::table.find((&code, &label));
    let before: Option<UtcTime> = there.select(deadlines::due_at).first(c).optional()?;
    if before != Some(input.due_at) {
        let event = Event::new("jurisdiction.deadline_set", "jurisdiction", id.as_str(), version, Some(&code));
        let said = |due_at: UtcTime| json!({"label": label, "due_at": due_at});
        change::save(c, actor, &event.change(before.map(said), Some(said(input.due_at))), |w| {
            let row = (deadlines::due_at.eq(input.due_at), deadlines::updated_at.eq(now));
            match before {
                Some(_) => diesel::update(there).set(row).execute(w.conn())?,
                None => diesel::insert_into(deadlines::table)
                    .values((deadlines::jurisdiction.eq(&code), deadlines::label.eq(&label), row))
                    .execute(w.conn())?,
            };
            Ok(())
        })?;
    }
    for mut row in periods_below(c, &code, &label)? {
        if row.consolidated_due_at == Some(input.due_at) {
            continue;
        }
        let said = |due_at: Option<UtcTime>| json!({"consolidated_due_at": due_at});
        let before = said(row.consolidated_due_at);
        row.consolidated_due_at = Some(input.due_at);
        row.touch(row.version + 1, now);
        let event = Event::of("updated", &row).change(Some(before), Some(said(row.consolidated_due_at)));
        change::save(c, actor, &event, |w| table::update(w, &row))?;
    }
    find(c, actor, id, &label)
}

/// The deadline of a regular period of a ward that is made now: the one that was set last for the ward or above it.
///
/// # Errors
/// If the database fails.
pub(super) fn of_new(c: &mut Conn, jurisdiction: &str, label: &str) -> Result<Option<UtcTime>> {
    let mut above = vec![jurisdiction.to_owned()];
    let mut at = jurisdiction.to_owned();
    // The tree has three levels.
    while let Some(parent) = jurisdictions::table
        .filter(jurisdictions::code.eq(&at))
        .select(jurisdictions::parent)
        .first::<Option<String>>(c)
        .optional()?
        .flatten()
    {
        above.push(parent.clone());
        at = parent;
    }
    Ok(deadlines::table
        .filter(deadlines::label.eq(label))
        .filter(deadlines::jurisdiction.eq_any(above))
        .order(deadlines::updated_at.desc())
        .select(deadlines::due_at)
        .first(c)
        .optional()?)
}

/// The code and the version of an administrative unit, for the province that has a say there.
fn permitted(c: &mut Conn, actor: &Actor, id: &JurisdictionId) -> Result<(String, i64)> {
    let there = jurisdictions::table.find(id).select((jurisdictions::code, jurisdictions::version)).first::<(String, i64)>(c).optional()?;
    let (code, version) = there.ok_or(codes::NOT_FOUND)?;
    actor.must(&[Role::Province], &code)?;
    Ok((code, version))
}

fn named(label: &str) -> Result<String> {
    Label::parse(label).map(|label| label.to_string()).ok_or_else(|| codes::NOT_FOUND.into())
}

fn periods_below(c: &mut Conn, code: &str, label: &str) -> Result<Vec<PeriodRow>> {
    let all = periods::table
        .inner_join(jurisdictions::table.on(jurisdictions::code.eq(periods::jurisdiction)))
        .filter(there_on!(periods::ends_on.nullable()))
        .select(PeriodRow::as_select())
        .filter(periods::kind.eq(PeriodKind::Periodic.as_str()))
        .filter(periods::label.eq(label))
        .order(periods::id)
        .into_boxed();
    let wanted = match reach_of(c, code)?.codes() {
        None => all,
        Some(codes) => all.filter(periods::jurisdiction.eq_any(codes)),
    };
    Ok(wanted.load(c)?)
}
