//! What an earlier version of the service did not compute of a consolidated report is filled in once, from the rows as they stand:
//! coverage, breakdowns, how the year's target was met, and how it looks back. What was frozen keeps its bytes.

use super::compute::Computed;
use super::table::{self, ConsolidatedRow};
use crate::actor::Actor;
use crate::change::{self, Event};
use crate::db::schema::consolidated_reports as k;
use crate::db::{self, Conn};
use crate::figures::Outcome;
use crate::problem::{Error, Result, codes};
use crate::rooms::plans;
use crate::rooms::results::{self, Basis, DisclosureMask, KnownPeriod, LookingBack, PlanFigures, ResultRow};
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;
use serde::Deserialize;

/// The version of what is computed.
const RESULTS_VERSION: i32 = 2;

/// Those whose results lack something.
///
/// # Errors
/// If the database fails.
pub fn incomplete(c: &mut Conn) -> Result<Vec<ConsolidatedId>> {
    Ok(k::table.filter(k::results_version.lt(RESULTS_VERSION)).order(k::id).select(k::id).load(c)?)
}

/// Fills one in. One that another has replaced keeps what it has: of what it was made nothing else is left.
///
/// # Errors
/// If the database fails.
pub fn complete(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<()> {
    let load = |c: &mut Conn| table::row_with_names(c, id)?.map(|(row, ..)| row).ok_or_else(|| codes::NOT_FOUND.into());
    let mut row: ConsolidatedRow = change::begin(c, id.as_str(), None, load, |_, _| Ok(()))?;
    let (published, version): (bool, i32) = k::table.find(id).select((k::published, k::results_version)).first(c)?;
    if version >= RESULTS_VERSION {
        // Another server that starts as well was first.
        return Ok(());
    }
    let basis = if published { Basis::Published } else { Basis::Accepted };
    if published || row.sent_at.is_none() {
        let plan = plans::find_key(c, &row.plan_id)?;
        let figures = results::load_period(c, actor, &plan, &row.period_id, basis)?;
        let period = figures.period(&row.period_id).ok_or_else(|| Error::internal("a period that its plan does not have"))?;
        let mask = results::mask(c, &[&figures], basis, actor.settings.smallest_count)?;
        let mut computed = row.computed()?;
        fill_in(&mut computed, &figures, period, &mask);
        row.computed = db::to_json(&computed)?;
    }
    row.version += 1;
    row.updated_at = actor.now;
    let event = Event::of("updated", &row).because(Some("Bổ sung mức độ đầy đủ, phân tổ và kết quả năm mà phiên bản trước chưa tính."));
    let back: (Option<String>, Option<String>) = k::table.find(id).select((k::content_full, k::content_public)).first(c)?;
    let back = (k::looking_back_full.eq(looking_back(back.0.as_deref())?), k::looking_back_public.eq(looking_back(back.1.as_deref())?));
    change::save(c, actor, &event, |w| {
        let computed = (k::computed.eq(&row.computed), k::results_version.eq(RESULTS_VERSION));
        let changes = (computed, back, k::version.eq(row.version), k::updated_at.eq(row.updated_at));
        diesel::update(k::table.find(id)).set(changes).execute(w.conn())?;
        Ok(())
    })
}

/// How a frozen content looks back, as it is kept beside it.
fn looking_back(content: Option<&str>) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Content {
        results: Vec<LookingBack>,
    }
    let content: Option<Content> = db::from_json_opt(content)?;
    content.map(|content| db::to_json(&content.results)).transpose()
}

fn fill_in(computed: &mut Computed, figures: &PlanFigures, period: &KnownPeriod, mask: &DisclosureMask) {
    let now = |row: &ResultRow| {
        let known = figures.known.iter().find(|known| known.id.as_str() == row.indicator.id).filter(|_| row.coverage.is_none())?;
        Some((known, figures.row_in_period(known, period)))
    };
    for row in &mut computed.results {
        if let Some((_, now)) = now(row) {
            (row.coverage, row.breakdowns, row.year_result) = (now.coverage, now.breakdowns, now.year_result);
        }
    }
    for row in &mut computed.public_results {
        if let Some((known, now)) = now(row) {
            let shown = figures.masked_in_period(mask, known, period, now);
            // What was hidden stays so, and with it whatever would give it away.
            let shown = if row.suppressed && !shown.suppressed { shown.hidden_with_contributors() } else { shown };
            (row.coverage, row.breakdowns) = (shown.coverage, shown.breakdowns);
            row.year_result = if row.suppressed { Some(Outcome::Suppressed) } else { shown.year_result };
        }
    }
}
