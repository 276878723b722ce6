//! What a front-end needs to draw a report's form, in one piece: what the unit owes, what it has filled in, what it said last, and what is
//! still to be done.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::findings::Finding;
use super::readiness::ReadinessCheck;
use super::table::comments::OpenComment;
use super::warnings::{Beside, FormerFigure};
use super::wire::form::{
    FormDimension, FormIndicator, FormInput, FormInputType, FormItem, FormPrevious, FormQuestion, FormReport, FormText, FormUnit,
    FormValue, ReportForm,
};
use super::wire::observation::ReportObservation;
use super::wire::readiness::ReadinessItem;
use super::{answers, comments, observations, table};
use crate::actor::Actor;
use crate::db::Conn;
use crate::figures::{final_target, target_in_force, value_of};
use crate::problem::{Language, Result};
use crate::rooms::indicators::{ExtraType, IndicatorDimension, IndicatorSummary};
use crate::rooms::periods::Question;
use crate::rooms::results::judged_as;
use crate::values::PeriodRef;
use crate::values::id::ReportId;
use crate::values::text::Bilingual;
use std::collections::HashMap;

/// The fields of the narrative with what belongs into them, in the usual outline of a Vietnamese result report.
const NARRATIVE: [(&str, &str, &str); 6] = [
    ("direction", "Công tác chỉ đạo, tổ chức triển khai", "Direction and organisation"),
    ("results", "Kết quả đạt được", "Results"),
    ("difficulties", "Khó khăn, vướng mắc", "Difficulties"),
    ("causes", "Nguyên nhân", "Causes"),
    ("next_steps", "Phương hướng, nhiệm vụ thời gian tới", "Next steps"),
    ("proposals", "Đề xuất, kiến nghị", "Proposals"),
];

/// The form of a report that the caller may read, in his language.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<ReportForm> {
    let report = ReportWithPeriod::find(c, actor, id)?;
    let aggregate = ReportAggregate::of(c, report)?;
    let beside = aggregate.beside(c)?;
    let form = Form {
        readiness: aggregate.readiness_against(&beside, actor),
        observations: observations::shown(c, actor, &aggregate)?,
        dimensions: table::dimension_names(c, &aggregate.report.row.plan_id)?,
        open: comments::open(c, actor, std::slice::from_ref(&aggregate))?,
        exact: aggregate.is_exact(actor),
        language: actor.language,
        aggregate: &aggregate,
        beside,
    };
    form.tell_what_is_read(actor);
    form.drawn(actor)
}

/// What a form is drawn from.
struct Form<'a> {
    aggregate: &'a ReportAggregate,
    observations: Vec<ReportObservation>,
    readiness: ReadinessCheck,
    beside: Beside,
    /// The names of the plan's dimensions, by code.
    dimensions: HashMap<String, Bilingual>,
    open: Vec<OpenComment>,
    /// Whether restricted figures are shown to the caller.
    exact: bool,
    language: Language,
}

impl Form<'_> {
    fn drawn(&self, actor: &Actor) -> Result<ReportForm> {
        let report = &self.aggregate.report;
        let name = Bilingual { vi: report.unit.name_vi.clone(), en: report.unit.name_en.clone() };
        Ok(ReportForm {
            report: FormReport {
                id: report.row.id.clone().into(),
                version: report.row.version,
                status: report.status,
                due_at: report.row.due_at,
                actions: self.aggregate.actions(actor)?,
            },
            period: PeriodRef { id: report.period.id.clone().into(), label: report.period.label.clone() },
            unit: FormUnit { id: report.row.unit_id.clone().into(), code: report.unit.code.clone(), name: self.text(&name) },
            items: self.aggregate.obligations.due().map(|known| self.item(known)).collect(),
            questions: self.questions(actor),
            narrative: self.narrative(),
            blockers: self.told(&self.readiness.blockers, None, false),
            warnings: self.told(&self.readiness.warnings, None, true),
            open_comments: self.open.iter().filter(|(_, indicator)| indicator.is_none()).count(),
        })
    }

    /// Tells the audit trail which restricted figures of former periods are shown; a unit's reading of its own is nobody's business.
    fn tell_what_is_read(&self, actor: &Actor) {
        let row = &self.aggregate.report.row;
        if !self.exact || actor.caller.as_ref().is_some_and(|caller| caller.belongs_to(&row.unit_id)) {
            return;
        }
        let restricted = |known: &&IndicatorSummary| self.former(known).is_some_and(|former| former.is_restricted(known));
        for known in self.aggregate.obligations.due().filter(restricted) {
            actor.reads_exactly("report", row.id.as_str(), &row.jurisdiction, &known.code);
        }
    }

    fn former(&self, known: &IndicatorSummary) -> Option<&FormerFigure> {
        self.beside.former.get(&known.id)
    }

    fn text(&self, text: &Bilingual) -> String {
        match self.language {
            Language::Vi => text.vi.clone(),
            Language::En => text.en.as_ref().unwrap_or(&text.vi).clone(),
        }
    }

    /// What was found about one indicator, or about none.
    fn told(&self, findings: &[Finding], indicator: Option<&IndicatorSummary>, warning: bool) -> Vec<ReadinessItem> {
        let about = |finding: &&Finding| finding.indicator.as_ref().map(|it| it.id.as_str()) == indicator.map(|known| known.id.as_str());
        findings.iter().filter(about).map(|finding| finding.clone().represent(self.language, warning)).collect()
    }

    fn item(&self, known: &IndicatorSummary) -> FormItem {
        let observations: Vec<ReportObservation> =
            self.observations.iter().filter(|o| o.indicator.id == known.id.as_str()).cloned().collect();
        let total = observations.iter().find(|o| o.disaggregation.is_empty());
        FormItem {
            indicator: self.indicator(known),
            inputs: self.inputs(known),
            dimensions: known.dimensions.iter().map(|dimension| self.dimension(dimension, &observations)).collect(),
            previous: self.former(known).filter(|former| self.exact || !former.is_restricted(known)).map(|former| previous(known, former)),
            not_applicable: total.and_then(|total| total.not_applicable.clone()),
            note: total.and_then(|total| total.note.clone()),
            blockers: self.told(&self.readiness.blockers, Some(known), false),
            warnings: self.told(&self.readiness.warnings, Some(known), true),
            open_comments: self.open.iter().filter(|(_, indicator)| indicator.as_ref() == Some(&known.id)).count(),
            observations,
        }
    }

    fn indicator(&self, known: &IndicatorSummary) -> FormIndicator {
        let (asks, measure) = (&known.definition, known.measure());
        let label = judged_as(known.frequency, self.aggregate.report.period.ends_on);
        FormIndicator {
            id: known.id.clone().into(),
            code: known.code.clone(),
            definition_version: known.definition_version,
            name: self.text(&asks.name),
            statement: self.text(&asks.statement),
            unit_of_measure: self.text(&asks.unit_of_measure),
            measure_kind: asks.measure_kind,
            integer_parts: asks.integer_parts,
            numerator_definition: asks.numerator_definition.as_ref().map(|text| self.text(text)),
            denominator_definition: asks.denominator_definition.as_ref().map(|text| self.text(text)),
            target: target_in_force(&measure, label),
            final_target: final_target(&measure, label).map(|goalpost| goalpost.value),
        }
    }

    fn dimension(&self, dimension: &IndicatorDimension, given: &[ReportObservation]) -> FormDimension {
        let used = |code: &str| given.iter().any(|o| o.disaggregation.get(&dimension.code).is_some_and(|value| value == code));
        let values = dimension.values.iter().filter(|value| value.active || used(&value.code));
        FormDimension {
            code: dimension.code.clone(),
            name: self.dimensions.get(&dimension.code).map_or_else(|| dimension.code.clone(), |name| self.text(name)),
            additive: dimension.additive,
            expected: dimension.expected,
            values: values.map(|value| FormValue { code: value.code.clone(), name: self.text(&value.name) }).collect(),
        }
    }

    /// What is to be filled in of an indicator's cells.
    fn inputs(&self, known: &IndicatorSummary) -> Vec<FormInput> {
        let (asks, measure) = (&known.definition, known.measure());
        let input = |field: &str, label: &Bilingual, kind| FormInput {
            field: field.to_owned(),
            label: self.text(label),
            unit_of_measure: None,
            integer: false,
            required: false,
            kind,
            values: None,
        };
        let mut found = Vec::new();
        if measure.is_qualitative() {
            found.push(FormInput { required: true, ..input("answer", &asks.name, FormInputType::Boolean) });
        }
        // Beside an answer stand those counts that the indicator defines.
        let halves = [
            ("numerator", &asks.numerator_definition, true, Bilingual::new("Tử số", "Numerator")),
            ("denominator", &asks.denominator_definition, measure.is_quotient(), Bilingual::new("Mẫu số", "Denominator")),
        ];
        let is_count = !measure.is_quotient() && !measure.is_qualitative();
        for (field, definition, taken, name) in halves {
            if definition.is_none() && (measure.is_qualitative() || !taken) {
                continue;
            }
            found.push(FormInput {
                unit_of_measure: is_count.then(|| self.text(&asks.unit_of_measure)),
                integer: asks.integer_parts,
                required: taken && !measure.is_qualitative(),
                ..input(field, definition.as_ref().unwrap_or(&name), FormInputType::Number)
            });
        }
        found.extend(asks.extra_inputs.iter().map(|extra| FormInput {
            integer: extra.kind == ExtraType::Integer,
            values: extra.values.clone(),
            ..input(&format!("extra.{}", extra.key), &extra.name, extra.kind.into())
        }));
        found
    }

    fn questions(&self, actor: &Actor) -> Vec<FormQuestion> {
        let report = &self.aggregate.report;
        let given = answers::shown(actor, &report.row, &report.questions, self.aggregate.answers.clone());
        let asked = |question: &Question| FormQuestion {
            code: question.code.clone(),
            text: self.text(&question.text),
            kind: question.kind,
            unit_of_measure: question.unit_of_measure.as_ref().map(|text| self.text(text)),
            required: question.required,
            answer: given.get(&question.code).cloned(),
        };
        report.questions.iter().map(asked).collect()
    }

    fn narrative(&self) -> Vec<FormText> {
        let owes_words = self.aggregate.is_annual() && self.aggregate.obligations.due().next().is_none();
        let field = |((field, text), (_, vi, en)): ((&str, Option<&str>), (&str, &str, &str))| FormText {
            field: field.to_owned(),
            label: self.text(&Bilingual::new(vi, en)),
            text: text.map(str::to_owned),
            required: owes_words && field == "results",
        };
        self.aggregate.narrative.parts().into_iter().zip(NARRATIVE).map(field).collect()
    }
}

/// What was said last, computed as it was meant then.
fn previous(known: &IndicatorSummary, former: &FormerFigure) -> FormPrevious {
    let meaning = former.definition.as_ref().unwrap_or(&known.definition);
    let rolled = value_of(&meaning.measure(known.frequency), &former.observation);
    FormPrevious {
        label: former.label.clone(),
        value: rolled.rounded_value(),
        numerator: former.observation.amounts.numerator,
        denominator: former.observation.amounts.denominator,
        answer: rolled.answer,
    }
}
