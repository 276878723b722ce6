//! One event of the story after the other, through the functions that answer requests.

use super::MARK;
use super::cast::WARD;
use super::stage::{Stage, plan_of};
use super::story::{Act, Event};
use super::turns;
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::Conn;
use crate::db::schema::{consolidated_reports, reports as report_rows, tasks as task_rows, units as unit_rows};
use crate::problem::{Place, Result};
use crate::reading::references::Scope;
use crate::rooms::consolidation::{self, ConsolidatedIn, ConsolidatedOut, Step};
use crate::rooms::outline::{self, PlanCopyIn};
use crate::rooms::periods::{self, PeriodKey};
use crate::rooms::plans::{self, PlanIn, PlanKey};
use crate::rooms::reports::{self, CellIn, Narrative};
use crate::rooms::tasks::{self, TaskUpdateIn};
use crate::values::id::{ConsolidatedId, PlanId, ReportId, TaskId};
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde_json::json;

/// Where an event takes place.
struct Scene {
    actor: Actor,
    secrets: SecretCipher,
    plan: PlanKey,
}

/// Performs an event.
///
/// # Errors
/// If the database fails or a rule refuses it.
pub(super) fn perform(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, stage: &Stage, event: &Event) -> Result<()> {
    let actor = actor.clone().at(event.at);
    let actor = match stage.cast.get(event.by.as_str()) {
        Some(caller) => actor.done_by(caller.clone()),
        None => actor,
    };
    let ward = event.ward.as_deref().unwrap_or(WARD);
    if let Act::Adopt { title } = &event.act {
        return adopt(c, &actor, ward, title);
    }
    if let Act::Found { plan, goals, indicators } = &event.act {
        return turns::found(c, &actor, plan, goals, indicators);
    }
    let scene = Scene { actor, secrets: secrets.clone(), plan: plan_of(c, ward)? };
    scene.act(c, &event.act)
}

/// A ward takes over the plan, and reports by it from then on.
fn adopt(c: &mut Conn, actor: &Actor, ward: &str, title: &Bilingual) -> Result<()> {
    let original = plan_of(c, WARD)?;
    let copy = outline::copy(c, actor, &original.id, &PlanCopyIn { jurisdiction: ward.to_owned(), title: title.clone() })?;
    let patch: Patch<PlanIn> = serde_json::from_value(json!({"status": "active"}))?;
    plans::update(c, actor, &PlanId::from_text(copy.id), &Expected::version(copy.version), &patch)?;
    let plan = plan_of(c, ward)?;
    periods::ensure_implied(c, actor, &plan).map(drop)
}

impl Scene {
    fn act(&self, c: &mut Conn, act: &Act) -> Result<()> {
        let actor = &self.actor;
        match act {
            Act::Adopt { .. } | Act::Found { .. } => Ok(()),
            Act::Amend { amendment, indicators } => turns::amend(c, actor, &self.plan, amendment, indicators),
            Act::Merge { unit, into, reason } => turns::merge(c, actor, &self.plan, unit, into, reason),
            Act::Open { period } => {
                let period = self.period(c, period)?;
                periods::open(c, actor, &period.id)
            }
            Act::Close { period } => {
                let period = self.period(c, period)?;
                periods::close(c, actor, &period.id)
            }
            Act::Extend { period, extension } => {
                let period = self.period(c, period)?;
                periods::extend(c, actor, &period.id, extension).map(drop)
            }
            Act::Write { period, unit, narrative, observations } => {
                let report = self.report(c, period, unit)?;
                if let Some(narrative) = narrative {
                    reports::write_narrative(c, actor, &report, &marked(narrative))?;
                }
                let cells: Vec<CellIn> = observations.iter().map(noted).collect();
                reports::write_cells(c, actor, &report, &cells).map(drop)
            }
            Act::Submit { period, unit } => {
                let report = self.report(c, period, unit)?;
                reports::submit(c, actor, &report).map(drop)
            }
            Act::Accept { period, unit } => {
                let report = self.report(c, period, unit)?;
                reports::accept(c, actor, &report).map(drop)
            }
            Act::Return { period, unit, reason, remarks } => {
                let report = self.report(c, period, unit)?;
                reports::return_to_unit(c, actor, &report, reason, remarks).map(drop)
            }
            Act::Reopen { period, unit, reason } => {
                let report = self.report(c, period, unit)?;
                reports::reopen(c, actor, &report, reason).map(drop)
            }
            Act::Progress { task, update } => {
                let task = self.task(c, task)?;
                let note = Some(with_mark(update.note.as_deref()));
                tasks::add_update(c, actor, &task, &TaskUpdateIn { note, ..update.clone() }).map(drop)
            }
            Act::Consolidate { period } => {
                let input = ConsolidatedIn {
                    plan: Some(self.plan.id.as_str().to_owned()),
                    period: period.clone(),
                    reason: None,
                    compile_narrative: None,
                };
                let made = consolidation::create(c, actor, &self.secrets, &input)?;
                let narrative = json!({"narrative": {"results": MARK}});
                self.edit(c, &made, &serde_json::from_value(narrative)?)
            }
            Act::Edit { period, edit } => {
                let whole = self.consolidated(c, period)?;
                self.edit(c, &whole, edit)
            }
            Act::Approve { period } => self.step(c, period, Step::Approve, None),
            Act::Send { period } => self.step(c, period, Step::Send, None),
            Act::Acknowledge { period } => self.step(c, period, Step::Acknowledge, None),
            Act::SendBack { period, reason } => self.step(c, period, Step::Return, Some(reason)),
        }
    }

    fn period(&self, c: &mut Conn, label: &str) -> Result<PeriodKey> {
        Scope::of_plan(&self.plan).one(c, label, &Place::body("/period"))
    }

    fn report(&self, c: &mut Conn, period: &str, unit: &str) -> Result<ReportId> {
        let period = self.period(c, period)?;
        Ok(report_rows::table
            .inner_join(unit_rows::table)
            .filter(report_rows::period_id.eq(&period.id))
            .filter(unit_rows::code.eq(unit))
            .select(report_rows::id)
            .first(c)?)
    }

    fn task(&self, c: &mut Conn, code: &str) -> Result<TaskId> {
        Ok(task_rows::table.filter(task_rows::plan_id.eq(&self.plan.id)).filter(task_rows::code.eq(code)).select(task_rows::id).first(c)?)
    }

    fn consolidated(&self, c: &mut Conn, period: &str) -> Result<ConsolidatedOut> {
        let period = self.period(c, period)?;
        let id: ConsolidatedId = consolidated_reports::table
            .filter(consolidated_reports::period_id.eq(&period.id))
            .order(consolidated_reports::revision.desc())
            .select(consolidated_reports::id)
            .first(c)?;
        consolidation::find(c, &self.actor, &self.secrets, &id)
    }

    fn edit(&self, c: &mut Conn, whole: &ConsolidatedOut, edit: &Patch<consolidation::ConsolidatedEdit>) -> Result<()> {
        let (id, expected) = (ConsolidatedId::from_text(whole.id.clone()), Expected::version(whole.version));
        consolidation::update(c, &self.actor, &self.secrets, &id, &expected, edit).map(drop)
    }

    fn step(&self, c: &mut Conn, period: &str, step: Step, reason: Option<&str>) -> Result<()> {
        let whole = self.consolidated(c, period)?;
        let (id, expected) = (ConsolidatedId::from_text(whole.id), Expected::version(whole.version));
        let given = consolidation::Given { reason, ..Default::default() };
        consolidation::take(c, &self.actor, &self.secrets, &id, &expected, step, given).map(drop)
    }
}

fn with_mark(text: Option<&str>) -> String {
    text.map_or_else(|| MARK.to_owned(), |text| format!("{text} {MARK}"))
}

fn marked(narrative: &Narrative) -> Narrative {
    Narrative { results: Some(with_mark(narrative.results.as_deref())), ..narrative.clone() }
}

fn noted(cell: &CellIn) -> CellIn {
    CellIn { note: Some(with_mark(cell.note.as_deref())), ..cell.clone() }
}
