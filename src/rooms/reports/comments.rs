//! What the unit, the coordinator and the leader say to each other about a report, without sending it back and forth. Nothing of it
//! changes the report, and nothing of it is published. What is said of a restricted indicator is for the unit and for those who may
//! see its figures: words tell what they like.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::obligations::Obligations;
use super::table::comments::{self as table, AboutComment, CommentRow, OpenComment};
use super::wire::comments::{CommentIn, CommentState, ReportComment};
use super::{checks, scope, wording};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, Write};
use crate::db::Conn;
use crate::problem::{FieldError, Place, Problem, Result, codes, said};
use crate::reading::paging::{Page, Paging};
use crate::values::id::{CommentId, IndicatorId, ReportId};
use crate::values::{ActorRef, Ref};
use serde::{Serialize, Serializer};
use serde_json::json;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// A report that the caller may read, with what its unit owes and whether he sees its restricted figures.
struct Seen {
    report: ReportWithPeriod,
    obligations: Obligations,
    exact: bool,
}

impl Seen {
    fn find(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Self> {
        let report = ReportWithPeriod::find(c, actor, id)?;
        let obligations = report.obligations(c)?;
        let exact = scope::shows_restricted(actor, &report.row.jurisdiction, &report.row.unit_id);
        Ok(Self { report, obligations, exact })
    }

    /// Whether what is said of an indicator is hidden from the caller.
    fn hides(&self, indicator: Option<&IndicatorId>) -> bool {
        !self.exact && indicator.is_some_and(|indicator| self.obligations.restricts(indicator.as_str()))
    }

    fn comment(&self, c: &mut Conn, id: &CommentId) -> Result<CommentRow> {
        let row = table::find(c, &self.report.row.id, id)?;
        if self.hides(row.indicator_id.as_ref()) { Err(codes::NOT_FOUND.into()) } else { Ok(row) }
    }

    /// Whether the caller takes part: the unit, the coordinator and the leader do.
    fn may_speak(&self, actor: &Actor) -> Result<()> {
        let row = &self.report.row;
        if actor.may(&[Role::Coordinator, Role::Leader], &row.jurisdiction) {
            return Ok(());
        }
        scope::must_report_for(actor, &row.jurisdiction, &row.unit_id)
    }

    /// Whether the caller settles this comment: the coordinator does, and whoever said it.
    fn may_resolve(&self, actor: &Actor, row: &CommentRow) -> Result<()> {
        let own = row.by_id.is_some() && row.by_id == actor.id();
        if own || actor.may(&[Role::Coordinator], &self.report.row.jurisdiction) { Ok(()) } else { Err(not_his_own().into()) }
    }

    fn represent(&self, row: CommentRow) -> ReportComment {
        let CommentRow {
            id,
            report_id,
            jurisdiction: _,
            indicator_id,
            text,
            by_id,
            by_name,
            resolved_at,
            resolved_by_id,
            resolved_by_name,
            version,
            created_at,
            updated_at,
        } = row;
        let code = |id: &IndicatorId| self.obligations.find(id.as_str()).map(|(_, known)| known.code.clone()).unwrap_or_default();
        ReportComment {
            id: id.into(),
            version,
            report: report_id.into(),
            indicator: indicator_id.map(|id| Ref::new(id.clone(), code(&id))),
            text,
            by: ActorRef { id: by_id, name: by_name },
            resolved: resolved_at.is_some(),
            resolved_by: resolved_by_name.map(|name| ActorRef { id: resolved_by_id, name }),
            resolved_at,
            created_at,
            updated_at,
            actions: None,
        }
    }

    fn with_actions(&self, actor: &Actor, row: CommentRow) -> Result<ReportComment> {
        let actions = Actions::default().with(actor, "update", self.may_resolve(actor, &row))?;
        Ok(ReportComment { actions: Some(actions), ..self.represent(row) })
    }
}

fn not_his_own() -> Problem {
    Problem::new(codes::ACCESS_DENIED).saying(
        "Chỉ người đã viết trao đổi này hoặc điều phối viên (Phòng Văn hoá - Xã hội) đánh dấu đã giải quyết. Hãy trả lời bằng một trao đổi mới.",
        "Only whoever wrote this comment, or the coordinator, resolves it. Answer with a comment of your own.",
    )
}

/// What is said of a report, as far as the caller may know; the oldest first.
///
/// # Errors
/// 404, 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, id: &ReportId, paging: &Paging) -> Result<Page<ReportComment>> {
    let window = table::window(paging)?;
    let seen = Seen::find(c, actor, id)?;
    let hidden = if seen.exact { Vec::new() } else { seen.obligations.restricted() };
    table::page(c, &window, id, &hidden)?.try_map(|row| Ok(seen.represent(row)))
}

/// One comment.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, report: &ReportId, id: &CommentId) -> Result<ReportComment> {
    let seen = Seen::find(c, actor, report)?;
    let row = seen.comment(c, id)?;
    seen.with_actions(actor, row)
}

/// The comments that wait for somebody, of reports of one ward, as far as the caller may know: of which report, and of which indicator.
///
/// # Errors
/// If the database fails.
pub(super) fn open(c: &mut Conn, actor: &Actor, reports: &[ReportAggregate]) -> Result<Vec<OpenComment>> {
    let found = table::open(c, &reports.iter().map(|report| &report.report.row.id).collect::<Vec<_>>())?;
    let told = |(of, indicator): &OpenComment| {
        let report = reports.iter().find(|report| report.report.row.id == *of);
        let hides = |report: &ReportAggregate| {
            !report.is_exact(actor) && indicator.as_ref().is_some_and(|id| report.obligations.restricts(id.as_str()))
        };
        report.is_some_and(|report| !hides(report))
    };
    Ok(found.into_iter().filter(told).collect())
}

/// Those of some comments that the caller may read.
///
/// # Errors
/// If the database fails.
pub fn readable_among(c: &mut Conn, actor: &Actor, ids: &[&str]) -> Result<HashSet<String>> {
    let mut seen: HashMap<ReportId, Seen> = HashMap::new();
    let mut readable = HashSet::new();
    let about = table::about(c, ids)?;
    let reports = scope::readable_among(c, actor, &about.iter().map(|about| about.report.as_str()).collect::<Vec<_>>())?;
    for AboutComment { id, report, indicator, may_be_restricted } in about {
        if !reports.contains(report.as_str()) {
            continue;
        }
        let hidden = match (indicator, may_be_restricted) {
            (Some(indicator), true) => {
                let seen = match seen.entry(report) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        let found = Seen::find(c, actor, new.key())?;
                        new.insert(found)
                    }
                };
                seen.hides(Some(&indicator))
            }
            _ => false,
        };
        if !hidden {
            readable.insert(id);
        }
    }
    Ok(readable)
}

/// Says something of a report.
///
/// # Errors
/// 404, 403 for those who take no part, or `access.restricted`; 422 for an indicator that the unit does not owe.
pub(super) fn add(c: &mut Conn, actor: &Actor, report: &ReportId, input: &CommentIn) -> Result<ReportComment> {
    let seen = Seen::find(c, actor, report)?;
    seen.may_speak(actor)?;
    let known = input.indicator.as_deref().map(|named| seen.obligations.named(named, &Place::body("/indicator"))).transpose()?;
    if let Some(known) = known.filter(|known| !seen.obligations.owes(&known.id)) {
        let why = checks::not_due(
            &seen.obligations,
            "Hãy bỏ mục «indicator» để trao đổi về cả báo cáo.",
            "Leave indicator out to speak of the whole report.",
            seen.report.coordinator(actor),
        );
        let what = wording::of(known, &said("", ""), &why);
        let fault = FieldError::new("/indicator", codes::INDICATOR_NOT_DUE).told(what).about(Some(known.reference()));
        return Err(Problem::invalid(vec![fault]).into());
    }
    let indicator = known.map(|known| known.id.clone());
    if seen.hides(indicator.as_ref()) {
        return Err(codes::ACCESS_RESTRICTED.into());
    }
    let row = CommentRow::new(actor, &seen.report.row, indicator, &input.text);
    insert(c, actor, &seen.obligations, &row)?;
    seen.with_actions(actor, row)
}

/// Settles a comment, or opens it again.
///
/// # Errors
/// 404, 403, 412.
pub(super) fn update(
    c: &mut Conn,
    actor: &Actor,
    report: &ReportId,
    id: &CommentId,
    expected: &Expected,
    patch: &Patch<CommentState>,
) -> Result<ReportComment> {
    let seen = Seen::find(c, actor, report)?;
    // Who takes no part is told so, whichever comment he names.
    seen.may_speak(actor)?;
    let allowed = |_: &mut Conn, row: &CommentRow| seen.may_resolve(actor, row);
    let mut row = change::begin(c, id.as_str(), Some(expected), |c| seen.comment(c, id), allowed)?;
    let before = CommentState { resolved: row.resolved_at.is_some() };
    let after = patch.merge(&before)?;
    let verb = if after.resolved { "resolved" } else { "reopened" };
    let decide = |_: &mut Conn, row: &mut CommentRow, after: &mut CommentState| {
        row.resolve(actor, after.resolved);
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after).told_as(verb), decide, |w, row, ()| table::update(w, row))?;
    seen.with_actions(actor, row)
}

/// Keeps what was remarked when a report was returned: open until somebody settles it.
///
/// # Errors
/// If the database fails.
pub(super) fn remarked(c: &mut Conn, actor: &Actor, obligations: &Obligations, rows: &[CommentRow]) -> Result<()> {
    rows.iter().try_for_each(|row| insert(c, actor, obligations, row))
}

fn insert(c: &mut Conn, actor: &Actor, obligations: &Obligations, row: &CommentRow) -> Result<()> {
    let said = Audited { indicator: row.indicator_id.as_ref(), text: &row.text, restricted: restricted(obligations, row) };
    let event = Event::of("created", row).change(None, Some(json!(said)));
    change::save(c, actor, &event, |w: &mut Write<'_>| table::insert(w, row))
}

fn restricted(obligations: &Obligations, row: &CommentRow) -> bool {
    row.indicator_id.as_ref().is_some_and(|indicator| obligations.restricts(indicator.as_str()))
}

/// A comment as the audit trail tells it, whose readers need not have the scope.
struct Audited<'a> {
    indicator: Option<&'a IndicatorId>,
    text: &'a str,
    restricted: bool,
}

impl Serialize for Audited<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let text = if self.restricted { json!({"suppressed": true}) } else { json!(self.text) };
        json!({"indicator": self.indicator, "text": text}).serialize(serializer)
    }
}
