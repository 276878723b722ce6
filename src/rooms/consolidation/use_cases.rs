//! What can be done with consolidated reports, their steps apart.

use super::freeze;
use super::rules::{self, Part};
use super::scope::{readable, visible};
use super::status::ConsolidatedStatus;
use super::table::{self, ConsolidatedRow, RowWithNames, columns_with_names};
use super::views::{self, Beside};
use super::wire::{
    ConsolidatedEdit, ConsolidatedFilter, ConsolidatedIn, ConsolidatedNarrative, ConsolidatedOut, ResolutionIn, ResolutionOut,
};
use super::{included_reports, inputs, permitted, scope};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::auth::secret_encryption::SecretCipher;
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, Write};
use crate::db::schema::{consolidated_reports, plans, reporting_periods};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PeriodKey, Scope};
use crate::rooms::periods;
use crate::rooms::plans as plan_room;
use crate::rooms::{jurisdictions, results};
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;
use serde_json::json;

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "consolidated_reports.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "consolidated_reports.updated_at", kind: Kind::Time },
    SortField { name: "computed_at", sql: "consolidated_reports.computed_at", kind: Kind::Time },
    SortField { name: "revision", sql: "consolidated_reports.revision", kind: Kind::Int },
    SortField { name: "status", sql: "consolidated_reports.status", kind: Kind::Text },
    SortField { name: "jurisdiction", sql: "consolidated_reports.jurisdiction", kind: Kind::Text },
];
const TIE: SortField = SortField { name: "id", sql: "consolidated_reports.id", kind: Kind::Text };

fn key((row, ..): &RowWithNames, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        "computed_at" => Key::time(row.computed_at),
        "revision" => Key::Int(row.revision.into()),
        "status" => Key::from(row.status.as_str()),
        "jurisdiction" => Key::from(row.jurisdiction.as_str()),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(actor: &Actor, filter: &'a ConsolidatedFilter, scope: &'a Scope) -> consolidated_reports::BoxedQuery<'a, Backend> {
    let mut query = consolidated_reports::table.into_boxed().filter(readable(actor));
    if let Some(plan) = scope.plan() {
        query = query.filter(consolidated_reports::plan_id.eq(&plan.id));
    }
    if let Some(periods) = scope.periods() {
        query = query.filter(consolidated_reports::period_id.eq_any(periods));
    }
    if let Some(codes) = scope.area() {
        query = query.filter(consolidated_reports::jurisdiction.eq_any(codes));
    }
    if let Some(status) = filter.status {
        query = query.filter(consolidated_reports::status.eq(status.as_str()));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(consolidated_reports::updated_at.ge(since));
    }
    query
}

/// A page of the consolidated reports that the caller may read.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    filter: &ConsolidatedFilter,
    paging: &Paging,
) -> Result<Page<ConsolidatedOut>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: filter.period.as_deref() };
    let scope = Scope::of_query(c, named)?;
    let wanted = || filtered(actor, filter, &scope).select(columns_with_names!());
    let page: Page<RowWithNames> = page_of!(c, &window, consolidated_reports::table, wanted(), key);
    let beside = Beside::of(c, actor, secrets, &page.items)?;
    page.try_map(|row| views::out(actor, &row, row.0.computed()?, &beside))
}

/// One consolidated report, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, id: &ConsolidatedId) -> Result<ConsolidatedOut> {
    let found = table::row_with_names(c, id)?.ok_or(codes::NOT_FOUND)?;
    if !scope::reads(c, actor, &found.0) {
        return Err(codes::NOT_FOUND.into());
    }
    let beside = Beside::of(c, actor, secrets, std::slice::from_ref(&found))?;
    let row = &found.0;
    // Its parts are large: they are read once for all.
    let computed = row.computed()?;
    let edit = actor.must(&[Role::Coordinator], &row.jurisdiction);
    let delete = match &edit {
        Ok(()) => rules::editable(row.status()?, Part::Content),
        Err(_) => actor.must(&[Role::Coordinator], &row.jurisdiction),
    };
    let mut actions = Actions::default().with(actor, "update", edit)?.with(actor, "delete", delete)?;
    let replaced = beside.is_replaced(row);
    for step in rules::Step::ALL {
        actions = actions.with(actor, step.as_str(), permitted::may(c, actor, row, replaced, &computed, step))?;
    }
    let told = beside.is_published(row) && scope::is_of_house(actor, &row.jurisdiction);
    Ok(ConsolidatedOut {
        unpublished_changes: Some(told && results::changed_since(c, &row.period_id, row.computed_at)?),
        content: Some(views::content(c, actor, row, &beside)?),
        history: Some(views::history(c, actor, row)?),
        actions: Some(actions),
        ..views::out(actor, &found, computed, &beside)?
    })
}

/// Makes the consolidated report of a period.
///
/// # Errors
/// 422 for an unknown period, 403 without the right, 409 if there is one already, if the period has never been opened, or if its ward was
/// dissolved before the period ended and had sent nothing of it.
pub fn create(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, input: &ConsolidatedIn) -> Result<ConsolidatedOut> {
    let scope = match input.plan.as_deref() {
        Some(named) => Scope::of_plan(&Scope::default().one(c, named, &Place::body("/plan"))?),
        None => Scope::default(),
    };
    let period: PeriodKey = scope.one(c, &input.period, &Place::body("/period"))?;
    actor.must(&[Role::Coordinator], &period.jurisdiction)?;
    db::lock_all(c, "reports", "period_id", period.id.as_str())?;
    let existing: Vec<ConsolidatedRow> = consolidated_reports::table
        .filter(consolidated_reports::period_id.eq(&period.id))
        .order(consolidated_reports::revision)
        .select(ConsolidatedRow::as_select())
        .load(c)?;
    let existing: Vec<(ConsolidatedRow, ConsolidatedStatus)> =
        existing.into_iter().map(|row| row.status().map(|status| (row, status))).collect::<Result<_>>()?;
    let earlier = rules::replaces(&existing, input.reason.as_deref())?;
    match earlier {
        Some(earlier) => included_reports::release(c, actor, &earlier.id)?,
        None => {
            jurisdictions::not_dissolved(c, &period.jurisdiction, period.ends_on)?;
            periods::must_have_been_opened(c, actor, &period.id)?;
        }
    }
    let row = new_row(c, actor, &period, earlier, input)?;
    let said = json!({"period": period.id, "label": period.label, "revision": row.revision, "supersedes": row.supersedes});
    let event = Event::of("created", &row).change(None, Some(said)).because(row.reason.as_deref());
    change::save(c, actor, &event, |w| {
        diesel::insert_into(consolidated_reports::table)
            .values((&row, consolidated_reports::published.eq(false)))
            .execute(w.conn())
            .map_err(db::unique_means(codes::CONSOLIDATED_EXISTS))?;
        included_reports::replace(w, &row.id, &row.computed()?)?;
        table::insert_step(w, actor, &row, "create", row.reason.as_deref())
    })?;
    find(c, actor, secrets, &row.id)
}

/// What replaces an earlier one begins with its words and decisions.
fn new_row(
    c: &mut Conn,
    actor: &Actor,
    period: &PeriodKey,
    earlier: Option<&ConsolidatedRow>,
    input: &ConsolidatedIn,
) -> Result<ConsolidatedRow> {
    let resolutions = earlier.map(ConsolidatedRow::resolutions).transpose()?.unwrap_or_default();
    let plan = plan_room::find_key(c, &period.plan_id)?;
    let (mut computed, compiled) = inputs::computed(c, actor, &plan, &period.id, &resolutions)?;
    if let Some(earlier) = earlier {
        computed.judged_by_words = earlier.computed()?.known_to_words().cloned();
    }
    let narrative = match earlier {
        Some(earlier) => earlier.narrative()?,
        None if input.compile_narrative.unwrap_or(true) => compiled,
        None => ConsolidatedNarrative::default(),
    };
    Ok(ConsolidatedRow {
        id: ConsolidatedId::new(),
        jurisdiction: period.jurisdiction.clone(),
        plan_id: period.plan_id.clone(),
        period_id: period.id.clone(),
        status: ConsolidatedStatus::Draft.as_str().to_owned(),
        revision: earlier.map_or(0, |e| e.revision) + 1,
        reason: input.reason.clone(),
        narrative: db::to_json(&narrative)?,
        resolutions: db::to_json(&resolutions)?,
        computed: db::to_json(&computed)?,
        computed_at: actor.now,
        prepared_by: actor.id(),
        prepared_by_name: actor.name().to_owned(),
        approved_by: None,
        approved_by_name: None,
        approved_at: None,
        sent_at: None,
        acknowledged_at: None,
        returned_at: None,
        return_reason: None,
        supersedes: earlier.map(|e| e.id.clone()),
        document_number: None,
        document_date: None,
        signatory: None,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    })
}

/// The form in which a row could be edited.
fn to_edit(row: &ConsolidatedRow) -> Result<ConsolidatedEdit> {
    let decided = |r: ResolutionOut| ResolutionIn { indicator: r.indicator.id, unit: r.unit.id, reason: r.reason };
    Ok(ConsolidatedEdit {
        narrative: Some(row.narrative()?),
        resolutions: row.resolutions()?.into_iter().map(decided).collect(),
        document_number: row.document_number.clone(),
        document_date: row.document_date,
    })
}

/// Computes a row anew from the data as they are now, on demand its words too.
pub(super) fn recompute(w: &mut Write<'_>, actor: &Actor, row: &mut ConsolidatedRow, with_words: bool) -> Result<()> {
    let plan = plan_room::find_key(w.conn(), &row.plan_id)?;
    let (mut computed, compiled) = inputs::computed(w.conn(), actor, &plan, &row.period_id, &row.resolutions()?)?;
    if with_words {
        row.narrative = db::to_json(&compiled)?;
    } else {
        computed.judged_by_words = row.computed()?.known_to_words().cloned();
    }
    row.computed = db::to_json(&computed)?;
    row.computed_at = actor.now;
    included_reports::replace(w, &row.id, &computed)
}

/// Edits a draft's words and decisions, or the number and date of the paper.
///
/// # Errors
/// 404, 403, 412, 409 in the wrong status, 422.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    id: &ConsolidatedId,
    expected: &Expected,
    patch: &Patch<ConsolidatedEdit>,
) -> Result<ConsolidatedOut> {
    let mut row = begin(c, actor, id, expected)?;
    let touches = |members: &[&str]| members.iter().any(|m| patch.touches(m));
    let status = row.status()?;
    if touches(&["narrative", "resolutions"]) {
        rules::editable(status, Part::Content)?;
    }
    if touches(&["document_number", "document_date"]) {
        rules::editable(status, Part::Paper)?;
    }
    let before = to_edit(&row)?;
    let wanted = patch.merge(&before)?;
    row.narrative = db::to_json(&wanted.narrative.unwrap_or_default())?;
    row.document_number = wanted.document_number;
    row.document_date = wanted.document_date;
    if patch.touches("resolutions") {
        let plan = plan_room::find_key(c, &row.plan_id)?;
        let decided = inputs::material(c, actor, &plan, &row.period_id, &[])?;
        row.resolutions = db::to_json(&inputs::decide(&decided, &wanted.resolutions, row.resolutions()?)?)?;
    }
    let after = to_edit(&row)?;
    if after.narrative != before.narrative {
        row.computed = db::to_json(&inputs::with_words_of_now(c, &row)?)?;
    }
    let anew = after.resolutions != before.resolutions;
    let decide = |_: &mut Conn, row: &mut ConsolidatedRow, _: &mut ConsolidatedEdit| {
        if status == ConsolidatedStatus::Draft {
            row.prepared(actor);
        }
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        let mut row = row.clone();
        if anew {
            recompute(w, actor, &mut row, false)?;
        }
        diesel::update(consolidated_reports::table.find(id)).set(&row).execute(w.conn())?;
        table::insert_step(w, actor, &row, "update", None)
    })?;
    find(c, actor, secrets, id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &ConsolidatedId, expected: &Expected) -> Result<ConsolidatedRow> {
    let may_edit = |_: &mut Conn, row: &ConsolidatedRow| actor.must(&[Role::Coordinator], &row.jurisdiction);
    change::begin(c, id.as_str(), Some(expected), |c| visible(c, actor, id), may_edit)
}

/// Deletes a draft. If it was to replace one that still stands, that one holds its reports again.
///
/// # Errors
/// 404, 403, 412, 409 for anything but a draft.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &ConsolidatedId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    rules::editable(row.status()?, Part::Content)?;
    if let Some(earlier) = &row.supersedes
        && table::row(c, earlier)?.status()?.is_public()
    {
        db::lock_all(c, "reports", "period_id", row.period_id.as_str())?;
        included_reports::consolidate(c, actor, earlier)?;
    }
    change::delete(c, actor, &row, &to_edit(&row)?, |w| {
        freeze::forget(w, id)?;
        diesel::delete(consolidated_reports::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}
