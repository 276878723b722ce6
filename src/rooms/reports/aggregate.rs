//! A report with all that decides what may be done with it.

use super::answers;
use super::findings::Part;
use super::obligations::Obligations;
use super::readiness::{self, ReadinessCheck};
use super::rules::{self, Step};
use super::scope;
use super::status::Status;
use super::table::{self, FormerRow, Marks, ObservationRow, ReportBeside, ReportRow, UnitNames, Which};
use super::warnings::{Beside, FormerFigure};
use super::wire::Answers;
use super::wire::Narrative;
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::db::{self, Conn};
use crate::problem::words::Helper;
use crate::problem::{Error, Problem, Result, codes, said};
use crate::reading::references::PeriodKey;
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::{self, PeriodStatus, Question};
use crate::rooms::plans;
use crate::values::Ref;
use crate::values::id::{IndicatorId, PeriodId, ReportId, UnitId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A report that the caller may read, with its period and the codes of its plan and its unit.
#[derive(Debug, Clone)]
pub(super) struct ReportWithPeriod {
    pub row: ReportRow,
    pub status: Status,
    pub period: PeriodKey,
    pub plan: String,
    pub unit: UnitNames,
    /// Whether its unit need not report.
    excused: bool,
    /// What its period asks beside its indicators.
    pub questions: Vec<Question>,
    pub(super) marks: Marks,
}

/// A cell as read, with its disaggregation taken apart.
pub(super) struct ReportedCell {
    pub row: ObservationRow,
    pub disaggregation: BTreeMap<String, String>,
}

/// A report with all that decides what may be done with it.
pub(super) struct ReportAggregate {
    pub report: ReportWithPeriod,
    pub obligations: Obligations,
    pub cells: Vec<ReportedCell>,
    pub narrative: Narrative,
    pub answers: Answers,
    /// Whether an approved consolidated report holds it.
    held: bool,
}

impl ReportWithPeriod {
    /// A report that the caller may read.
    ///
    /// # Errors
    /// 404.
    pub(super) fn find(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Self> {
        let found = table::reports_beside(c, &Which::One(id))?.pop().map(Self::of).transpose()?;
        found.filter(|report| report.seen_by(actor)).ok_or_else(|| codes::NOT_FOUND.into())
    }

    /// The reports of a period that the caller may read, in the order of their units in the plan.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn of_period(c: &mut Conn, actor: &Actor, period: &PeriodId) -> Result<Vec<Self>> {
        let found = table::reports_beside(c, &Which::OfPeriod(period))?.into_iter().map(Self::of).collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().filter(|report| report.seen_by(actor)).collect())
    }

    fn of((row, period, plan, unit, excused, questions, marks): ReportBeside) -> Result<Self> {
        let (status, questions) = (row.status()?, db::from_json(&questions)?);
        Ok(Self { row, status, period, plan, unit, excused: excused.is_some(), questions, marks })
    }

    fn seen_by(&self, actor: &Actor) -> bool {
        scope::sees(actor, &self.row.jurisdiction, &self.row.unit_id, self.status)
    }

    /// What its unit owes.
    pub(super) fn obligations(&self, c: &mut Conn) -> Result<Obligations> {
        Obligations::load(c, &self.row, &self.marks)
    }

    /// Goes on only if the caller's role takes this step here.
    ///
    /// # Errors
    /// 403 `access.denied`.
    pub(super) fn role(&self, actor: &Actor, step: Step) -> Result<()> {
        match step.role() {
            Role::Reporter => scope::must_report_for(actor, &self.row.jurisdiction, &self.row.unit_id),
            role => actor.must(&[role], &self.row.jurisdiction),
        }
    }

    /// Goes on only if the caller writes this report and it can be written now.
    ///
    /// # Errors
    /// 403, 409.
    pub(super) fn may_edit(&self, actor: &Actor) -> Result<()> {
        scope::must_report_for(actor, &self.row.jurisdiction, &self.row.unit_id)?;
        rules::editable(self.status, self.coordinator(actor))
    }

    fn period_status(&self) -> Result<PeriodStatus> {
        PeriodStatus::parse(&self.period.status).ok_or_else(|| Error::internal("a period of no known status"))
    }

    /// Who can do what only a coordinator can.
    pub(super) fn coordinator(&self, actor: &Actor) -> Helper {
        actor.helper(Role::Coordinator, &self.row.jurisdiction)
    }
}

fn excused(status: Status, coordinator: Helper) -> Error {
    let why = said(
        "Đơn vị đang được miễn báo cáo trong kỳ này nên báo cáo chưa hoàn thành không gửi được.",
        "The unit is excused in this period, so its unfinished report cannot be submitted.",
    );
    let cure = coordinator.please("bỏ miễn cho đơn vị nếu vẫn cần báo cáo", "take the excusal back if the report is needed after all");
    Problem::new(codes::REPORT_EXCUSED).in_state(status.as_str(), []).told(why.and(&cure)).into()
}

impl ReportAggregate {
    /// A report with all that decides what may be done with it.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn of(c: &mut Conn, report: ReportWithPeriod) -> Result<Self> {
        Self::of_all(c, vec![report])?.pop().ok_or_else(|| Error::internal("what decides about one report is none"))
    }

    /// The same of several reports of one period, by as many statements as of one; in their order.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn of_all(c: &mut Conn, reports: Vec<ReportWithPeriod>) -> Result<Vec<Self>> {
        let mut cells: HashMap<ReportId, Vec<ReportedCell>> = HashMap::new();
        for row in table::observations_of(c, &reports.iter().map(|report| &report.row.id).collect::<Vec<_>>())? {
            let cell = ReportedCell { disaggregation: db::from_json(&row.disaggregation)?, row };
            cells.entry(cell.row.report_id.clone()).or_default().push(cell);
        }
        let accepted: Vec<&ReportId> = reports.iter().filter(|r| r.status == Status::Accepted).map(|r| &r.row.id).collect();
        let held: HashSet<ReportId> =
            table::holders(c, &accepted, &["approved", "sent", "acknowledged"])?.into_iter().map(|(_, report)| report).collect();
        let whole = |report: ReportWithPeriod| {
            let obligations = report.obligations(c)?;
            let (narrative, answers) = (report.row.narrative()?, report.row.answers()?);
            let (cells, held) = (cells.remove(&report.row.id).unwrap_or_default(), held.contains(&report.row.id));
            Ok(Self { report, obligations, cells, narrative, answers, held })
        };
        reports.into_iter().map(whole).collect()
    }

    /// Whether figures or answers that point at persons are among its own.
    pub(super) fn holds_restricted(&self) -> bool {
        let restricted = |row: &ObservationRow| self.obligations.restricts(row.indicator_id.as_str());
        self.cells.iter().any(|cell| cell.row.content.observation.says_something() && restricted(&cell.row))
            || answers::holds_restricted(&self.report.questions, &self.answers)
    }

    /// What is to be done or looked at before it is submitted. Its warnings are complete where it is held against all that
    /// stands beside it; the blockers need nothing of that.
    pub(super) fn readiness(&self, beside: &Beside) -> ReadinessCheck {
        let cells = |known: &IndicatorSummary| {
            let own = self.cells.iter().filter(|cell| cell.row.indicator_id == known.id);
            own.map(|cell| Part { disaggregation: &cell.disaggregation, content: &cell.row.content }).collect()
        };
        // What was handed to another unit is no longer checked.
        let due: Vec<&IndicatorSummary> = self.obligations.due().collect();
        let mut readiness = readiness::assess(&due, cells, &self.narrative, self.is_annual(), beside);
        readiness.blockers.extend(answers::missing(&self.report.questions, &self.answers));
        readiness
    }

    /// All of it, as far as the caller may know.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn readiness_for(&self, c: &mut Conn, actor: &Actor) -> Result<ReadinessCheck> {
        Ok(self.readiness_against(&self.beside(c)?, actor))
    }

    /// The same, held against what stands beside it.
    pub(super) fn readiness_against(&self, beside: &Beside, actor: &Actor) -> ReadinessCheck {
        let exact = self.is_exact(actor);
        self.readiness(beside).without_figures_of(
            |indicator| !exact && self.obligations.restricts(&indicator.id),
            |indicator| !exact && self.obligations.ever_restricts(&indicator.id),
        )
    }

    /// Tells the audit trail of which restricted figures a caller learns from what there is to say of them; a unit's reading of its own is
    /// nobody's business.
    pub(super) fn tell_what_is_read(&self, actor: &Actor, readiness: &ReadinessCheck) {
        let row = &self.report.row;
        if !self.is_exact(actor) || actor.caller.as_ref().is_some_and(|caller| caller.belongs_to(&row.unit_id)) {
            return;
        }
        let (of_now, of_before) = (|it: &Ref| self.obligations.restricts(&it.id), |it: &Ref| self.obligations.ever_restricts(&it.id));
        for indicator in readiness.figures_of(of_now, of_before) {
            actor.reads_exactly("report", row.id.as_str(), &row.jurisdiction, &indicator.code);
        }
    }

    /// Whether its restricted figures are shown to the caller.
    pub(super) fn is_exact(&self, actor: &Actor) -> bool {
        scope::shows_restricted(actor, &self.report.row.jurisdiction, &self.report.row.unit_id)
    }

    /// What it is held against: the rules of its plan, and in a regular period the last accepted figures of its unit.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn beside(&self, c: &mut Conn) -> Result<Beside> {
        Ok(Self::beside_all(c, std::slice::from_ref(self))?.pop().unwrap_or_default())
    }

    /// The same of several reports of one period, by as many statements as of one; in their order.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn beside_all(c: &mut Conn, all: &[Self]) -> Result<Vec<Beside>> {
        let owing: Vec<&Self> = all.iter().filter(|one| one.obligations.due().next().is_some()).collect();
        let Some(first) = owing.first().map(|one| &one.report) else { return Ok(vec![Beside::default(); all.len()]) };
        let rules = plans::validation_rules(c, &first.row.plan_id)?;
        let mut former: HashMap<UnitId, Vec<FormerRow>> = HashMap::new();
        if let Some(frequency) = first.period.frequency.as_deref().filter(|_| first.period.kind == "periodic") {
            let units: Vec<&UnitId> = owing.iter().map(|one| &one.report.row.unit_id).collect();
            for row in table::accepted_before(c, &first.row.plan_id, &units, frequency, first.period.ends_on)? {
                former.entry(row.0.clone()).or_default().push(row);
            }
        }
        let beside = |one: &Self| {
            if one.obligations.due().next().is_none() {
                return Ok(Beside::default());
            }
            let former = former.remove(&one.report.row.unit_id).unwrap_or_default();
            Ok(Beside { rules: rules.clone(), former: one.last_of(former)? })
        };
        all.iter().map(beside).collect()
    }

    /// The last figure of each indicator that says something and whose meaning is known; `rows` are the newest first.
    fn last_of(&self, rows: Vec<FormerRow>) -> Result<HashMap<IndicatorId, FormerFigure>> {
        let mut former = HashMap::new();
        for (_, indicator, label, observation, definition) in rows {
            let same =
                self.obligations.find(indicator.as_str()).is_some_and(|(_, k)| k.definition_version == observation.definition_version);
            if observation.says_something() && (same || definition.is_some()) && !former.contains_key(&indicator) {
                let definition = if same { None } else { db::from_json_opt(definition.as_deref())? };
                former.insert(indicator, FormerFigure { label, observation, definition });
            }
        }
        Ok(former)
    }

    /// Whether a unit that owes no figure owes its results in words.
    pub(super) fn is_annual(&self) -> bool {
        self.report.period.kind == "periodic" && self.report.period.frequency.as_deref() == Some("annual")
    }

    /// Whether the caller's role takes this step with these figures.
    ///
    /// # Errors
    /// 403 `access.denied` or `access.restricted`.
    pub(super) fn entitled(&self, actor: &Actor, step: Step) -> Result<()> {
        self.report.role(actor, step)?;
        let hidden = step == Step::Accept && !actor.sees_restricted(&self.report.row.jurisdiction);
        if hidden && self.holds_restricted() { Err(codes::ACCESS_RESTRICTED.into()) } else { Ok(()) }
    }

    /// Whether the step can be taken now, and where it leads.
    ///
    /// # Errors
    /// 409 for the state, 422 with all that is missing.
    pub(super) fn possible(&self, actor: &Actor, step: Step) -> Result<Status> {
        let to = rules::step(self.report.status, step)?;
        match step {
            Step::Submit => {
                let coordinator = self.report.coordinator(actor);
                periods::takes_reports(self.report.period_status()?, coordinator)?;
                // What was accepted once counts, and can be corrected.
                if self.report.excused && self.report.row.revision == 1 {
                    return Err(excused(self.report.status, coordinator));
                }
                self.readiness(&Beside::default()).check()?;
            }
            Step::Reopen if self.held => return Err(Problem::new(codes::REPORT_HELD).in_state(self.report.status.as_str(), []).into()),
            _ => {}
        }
        Ok(to)
    }

    /// What this caller may do with it now.
    pub(super) fn actions(&self, actor: &Actor) -> Result<Actions> {
        Step::OF_PEOPLE.into_iter().try_fold(Actions::default().with(actor, "update", self.report.may_edit(actor))?, |actions, step| {
            actions.with(actor, step.name(), self.entitled(actor, step).and_then(|()| self.possible(actor, step).map(drop)))
        })
    }
}
