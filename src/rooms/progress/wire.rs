//! Progress and completeness on the wire.

use crate::figures::{Counts, Coverage, Direction, Outcome, Pace, TargetValue};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::Completeness;
use crate::rooms::results::{Breakdown, GoalProgress, Judged, PrintedProgress, ResultRow};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::PlanIndicatorId;
use crate::values::period::Label;
use crate::values::text::Bilingual;
use crate::values::{PeriodRef, Ref};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of what progress, or completeness, is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhereAndWhen {
    /// The plan, by id or code. This or `jurisdiction` must be given.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// An administrative unit, by official code: the plans of every ward below it, judged by its own plan where it has one.
    #[param(max_length = 16, example = "24")]
    pub jurisdiction: Option<String>,
    /// The period: the label of a year, a quarter or a month, or the period's id.
    #[param(max_length = 200, example = "2027")]
    pub period: String,
    /// As it was at this instant, not after now, by the deadlines of now; `under_revision` and `unpublished_changes` are false.
    #[param(example = "2027-01-15T00:00:00Z")]
    pub as_of: Option<UtcTime>,
}

/// Of what progress is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProgressFilter {
    /// The plan, by id or code. Without it and `jurisdiction`: the plan in force, where there is only one.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// An administrative unit, by official code: the plans of every ward below it.
    #[param(max_length = 16, example = "24")]
    pub jurisdiction: Option<String>,
    /// The period: the label of a year, a quarter or a month, or the period's id. Without it: the last year of which the caller may
    /// read figures.
    #[param(max_length = 200, example = "2027")]
    pub period: Option<String>,
    /// As it was at this instant, not after now: what was accepted or published then, and who owed it; plans, units and wards are those
    /// of now. Restricted figures are hidden but from those who read them exactly; `under_revision` and `unpublished_changes` are false.
    #[param(example = "2027-01-15T00:00:00Z")]
    pub as_of: Option<UtcTime>,
}

/// Of what a projection is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"plan": "KH-BDG-DN-2026-2030", "indicator": "1.1", "period": "2027"}))]
pub struct ProjectionIn {
    /// The plan, by id or code.
    #[schema(min_length = 1, max_length = 64)]
    pub plan: String,
    /// The indicator, by id or code.
    #[schema(min_length = 1, max_length = 64)]
    pub indicator: String,
    /// The period: the label of a year, a quarter or a month, or the period's id. Left out, the last year of which the caller may read
    /// figures.
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub period: Option<String>,
}

/// How much an indicator needs to reach its target (dự kiến).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProjectionOut {
    /// The plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "1.1"}))]
    pub indicator: Ref,
    /// The period.
    pub period: ProgressPeriod,
    /// The numerator, as progress shows it.
    #[schema(required, example = 53)]
    pub numerator: Option<Decimal4>,
    /// The denominator.
    #[schema(required, example = 87)]
    pub denominator: Option<Decimal4>,
    /// The value.
    #[schema(required, example = 60.9195)]
    pub value: Option<Decimal4>,
    /// The number to be reached at last; null where none is.
    #[schema(required, example = 70)]
    pub target: Option<Decimal4>,
    /// Which values meet it.
    #[schema(example = "at_least")]
    pub direction: Direction,
    /// How many whole people or cases more in the numerator would meet the target, or fewer where less is a merit (`at_most`, `below`), with
    /// the denominator as it is; 0 if it is met. Null if there is no figure or no target, or if no whole number would do.
    #[schema(required, example = 8)]
    pub needed: Option<i64>,
    /// How the figure stands against the target.
    #[schema(example = "not_achieved")]
    pub result: Outcome,
    /// Whether the figure is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
}

/// Whose figures of a year the caller reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YearStatus {
    /// Those that were sent to the province.
    Published,
    /// Accepted ones, of which nothing was sent yet.
    Accepted,
}

/// A year with figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"label": "2026", "status": "published", "under_revision": false, "published_at": "2026-11-26T03:00:00Z", "revision": 1}))]
pub struct ProgressYear {
    /// Its label.
    pub label: Label,
    /// Whether it was sent; in a roll-up, by any of the wards.
    pub status: YearStatus,
    /// Whether what was sent was returned or is being corrected; in a roll-up, of any of the wards.
    pub under_revision: bool,
    /// When what is published was sent; in a roll-up the last of the wards.
    #[schema(required)]
    pub published_at: Option<UtcTime>,
    /// Its revision; null in a roll-up.
    #[schema(required)]
    pub revision: Option<i32>,
}

/// The figure of an indicator in one period of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeriesPoint {
    /// The period.
    #[schema(example = "2026")]
    pub period: Label,
    /// Its value.
    #[schema(required, example = 110.5)]
    pub value: Option<Decimal4>,
    /// The numerator.
    #[schema(required, example = 221)]
    pub numerator: Option<Decimal4>,
    /// The denominator.
    #[schema(required, example = 200)]
    pub denominator: Option<Decimal4>,
    /// The answer of a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// How it stands against the final target.
    #[schema(example = "not_achieved")]
    pub result: Outcome,
    /// The version of its definition; null where several wards' figures are made one.
    #[schema(required, example = 1)]
    pub definition_version: Option<i32>,
    /// Whether it counts something else than the period's own version, or otherwise, so that the two are not compared.
    #[serde(rename = "break")]
    #[schema(rename = "break", example = false)]
    pub breaks: bool,
}

/// How an indicator stands (tiến độ thực hiện chỉ tiêu).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorProgress {
    /// The indicator; in a roll-up that of the province's plan, by which the wards' figures are judged, or where it has none that of the
    /// first ward's plan, without a target.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}))]
    pub indicator: Ref,
    /// Its name.
    #[schema(example = json!({"vi": "Tỷ số giới tính khi sinh", "en": "Sex ratio at birth"}))]
    pub name: Bilingual,
    /// The unit of its value.
    #[schema(example = json!({"vi": "bé trai/100 bé gái", "en": "boys per 100 girls"}))]
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    #[schema(example = "at_most")]
    pub direction: Direction,
    /// The value, rounded once to 4 digits.
    #[schema(required, example = 109)]
    pub value: Option<Decimal4>,
    /// The sum of the numerators; of a share of periods those that met their target.
    #[schema(required, example = 218)]
    pub numerator: Option<Decimal4>,
    /// The sum of the denominators; of a share of periods those that are due or accepted.
    #[schema(required, example = 200)]
    pub denominator: Option<Decimal4>,
    /// The answer of a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// The value of the year, quarter or month before.
    #[schema(required, example = 110.5)]
    pub previous_value: Option<Decimal4>,
    /// By how much the value differs from that.
    #[schema(required, example = -1.5)]
    pub change: Option<Decimal4>,
    /// The target that is in force in the period; null if none is.
    #[schema(required, example = json!(null))]
    pub target: Option<TargetValue>,
    /// The target by which the result is judged, also before its year.
    #[schema(required, example = 109)]
    pub final_target: Option<TargetValue>,
    /// How the figure stands against the final target.
    #[schema(example = "achieved")]
    pub result: Outcome,
    /// How it stands against the target in force; null where none is.
    #[schema(required, example = json!(null))]
    pub year_result: Option<Outcome>,
    /// Whether the line to the final target is kept; null if the figure is hidden from this reader.
    #[schema(required, example = "on_track")]
    pub pace: Option<Pace>,
    /// How many of those who owe the figure have given it; over wards the sum of theirs.
    pub coverage: Coverage,
    /// Whether fewer have given it than owe it, so that the figure may still change.
    #[schema(example = true)]
    pub partial: bool,
    /// What it is of each value of the dimensions that split what is counted without overlap, as the period asks them: of women and
    /// of men. Empty of a yearly share of periods.
    pub breakdowns: Vec<Breakdown>,
    /// Whether the figure is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
    /// What was reported: of a year the plan's years, of a quarter or a month those of its year.
    pub series: Vec<SeriesPoint>,
    /// Wards whose figures cannot be added to the others' and are left out of the sum: theirs are of another kind, or made otherwise.
    pub not_comparable: Vec<NotComparable>,
}

/// A ward whose indicator means something else than the others'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"jurisdiction": "09367", "indicator": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}}))]
pub struct NotComparable {
    /// The ward, by official code.
    pub jurisdiction: String,
    /// The indicator of its plan.
    pub indicator: Ref,
}

impl IndicatorProgress {
    /// A result of an indicator, as it is in the period, beside its series.
    pub(super) fn of(known: &IndicatorSummary, row: ResultRow, series: Vec<SeriesPoint>) -> Self {
        let ResultRow {
            indicator,
            value,
            numerator,
            denominator,
            answer,
            previous_value,
            change,
            target,
            final_target,
            result,
            year_result,
            pace,
            coverage,
            breakdowns,
            contributors: _,
            suppressed,
        } = row;
        let coverage = coverage.unwrap_or_default();
        Self {
            indicator,
            name: known.definition.name.clone(),
            unit_of_measure: known.definition.unit_of_measure.clone(),
            direction: known.definition.direction,
            value,
            numerator,
            denominator,
            answer,
            previous_value,
            change,
            target,
            final_target,
            result,
            year_result,
            pace,
            partial: coverage.missing() > 0,
            coverage,
            breakdowns,
            suppressed,
            series,
            not_comparable: Vec::new(),
        }
    }
}

impl IndicatorProgress {
    /// As its printed target depends on it.
    pub(super) fn judged(&self, printed: &PlanIndicatorId) -> Judged {
        Judged { printed: printed.clone(), result: self.result, year_result: self.year_result }
    }

    /// Whether it shows a figure, of this period or of another, that was `restricted` in its year.
    pub(super) fn says_something_restricted(&self, label: Label, restricted: impl Fn(i32) -> bool) -> bool {
        let given = self.value.is_some() || self.numerator.is_some() || self.denominator.is_some() || self.answer.is_some();
        let now = given || self.breakdowns.iter().any(Breakdown::says_something);
        let point = |p: &SeriesPoint| (p.value.is_some() || p.numerator.is_some() || p.answer.is_some()) && restricted(p.period.year());
        (now && restricted(label.year()))
            || (self.previous_value.is_some() && restricted(label.before().year()))
            || self.series.iter().any(point)
    }
}

impl SeriesPoint {
    /// The same for a reader who may not see its figure.
    pub(super) fn hidden(self) -> Self {
        Self { value: None, numerator: None, denominator: None, answer: None, result: Outcome::Suppressed, ..self }
    }
}

/// An indicator's figure in one ward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WardFigure {
    /// The indicator, in the ward's own plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}))]
    pub indicator: Ref,
    /// The value.
    #[schema(required, example = 109)]
    pub value: Option<Decimal4>,
    /// The numerator.
    #[schema(required, example = 218)]
    pub numerator: Option<Decimal4>,
    /// The denominator.
    #[schema(required, example = 200)]
    pub denominator: Option<Decimal4>,
    /// The answer of a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// How it stands against the ward's own final target.
    #[schema(example = "achieved")]
    pub result: Outcome,
    /// How it stands against the target in force; null where none is.
    #[schema(required, example = json!(null))]
    pub year_result: Option<Outcome>,
    /// Whether the line to that is kept; null if the figure is hidden from this reader.
    #[schema(required, example = "on_track")]
    pub pace: Option<Pace>,
    /// Whether the figure is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
}

impl WardFigure {
    /// The part of a result that the table of wards shows.
    pub(super) fn of(row: ResultRow) -> Self {
        Self {
            indicator: row.indicator,
            value: row.value,
            numerator: row.numerator,
            denominator: row.denominator,
            answer: row.answer,
            result: row.result,
            year_result: row.year_result,
            pace: row.pace,
            suppressed: row.suppressed,
        }
    }
}

/// A ward in the table of wards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WardProgress {
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Its name.
    #[schema(example = json!({"vi": "Phường Đồng Nguyên", "en": "Dong Nguyen Ward"}))]
    pub name: Bilingual,
    /// Its plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// Its figures, in the order of its plan.
    pub indicators: Vec<WardFigure>,
    /// How many of its indicators stand how.
    pub counts: Counts,
}

/// The period that progress speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a66", "label": "2027"}))]
pub struct ProgressPeriod {
    /// Its id; null in a roll-up, where every ward has a period of its own, and where the plan has none of this label yet.
    #[schema(required, format = "uuid")]
    pub id: Option<String>,
    /// Its label.
    pub label: String,
}

impl From<PeriodRef> for ProgressPeriod {
    fn from(period: PeriodRef) -> Self {
        Self { id: Some(period.id), label: period.label }
    }
}

/// How a plan, or the plans of all wards below an administrative unit, stand in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// The plan; of a roll-up that of the province, null where it has none.
    #[schema(required, example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Option<Ref>,
    /// The administrative unit, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The period.
    pub period: ProgressPeriod,
    /// Whether what was sent of the period was returned by the province or is being corrected; until the next one is sent it stays what
    /// everybody reads. In a roll-up: of any of the wards.
    #[schema(example = false)]
    pub under_revision: bool,
    /// Whether the ward's own people, who read accepted figures, read something else than what was sent; false for everybody else.
    #[schema(example = false)]
    pub unpublished_changes: bool,
    /// The years of which the caller may read figures.
    pub years: Vec<ProgressYear>,
    /// Every indicator of the period, in the plan's order.
    pub indicators: Vec<IndicatorProgress>,
    /// Every target that the plan prints.
    pub plan_indicators: Vec<PrintedProgress>,
    /// Every goal.
    pub goals: Vec<GoalProgress>,
    /// The wards, by code; of one plan none.
    pub wards: Vec<WardProgress>,
}

/// What became of a ward's consolidated report, as others than the ward may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SentStage {
    /// None was sent.
    Missing,
    /// Sent to the province.
    Sent,
    /// The province has taken note of it.
    Acknowledged,
    /// The province has returned it.
    Returned,
}

/// Whether one ward has sent its consolidated report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WardCompleteness {
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Its name.
    #[schema(example = json!({"vi": "Phường Đồng Nguyên", "en": "Dong Nguyen Ward"}))]
    pub name: Bilingual,
    /// Its plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// Its own period.
    pub period: PeriodRef,
    /// What became of its latest consolidated report.
    pub status: SentStage,
    /// When it owes the province the consolidated report; null until the province says so.
    #[schema(required)]
    pub consolidated_due_at: Option<UtcTime>,
    /// When it first sent one.
    #[schema(required)]
    pub sent_at: Option<UtcTime>,
    /// Whether a report is owed: 1.
    #[schema(example = 1)]
    pub expected: i64,
    /// Whether one was sent.
    #[schema(example = 1)]
    pub sent: i64,
    /// Whether the first one was in time.
    #[schema(example = 1)]
    pub on_time: i64,
    /// Whether the first one was late.
    #[schema(example = 0)]
    pub late: i64,
    /// Whether the province has acknowledged it.
    #[schema(example = 0)]
    pub acknowledged: i64,
    /// Whether the province has returned it; it counts as sent all the same.
    #[schema(example = 0)]
    pub returned: i64,
    /// Whether none was sent.
    #[schema(example = 0)]
    pub missing: i64,
    /// Whether none was sent though the deadline has passed.
    #[schema(example = 0)]
    pub overdue: i64,
}

/// How many wards have sent their consolidated reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WardsCompleteness {
    /// The consolidated reports that are owed: one for each period of an active plan.
    #[schema(example = 2)]
    pub expected: i64,
    /// Those sent, returned ones included.
    #[schema(example = 1)]
    pub sent: i64,
    /// Those whose first sending was in time; without a deadline every one is.
    #[schema(example = 1)]
    pub on_time: i64,
    /// Those whose first sending was late.
    #[schema(example = 0)]
    pub late: i64,
    /// Those that the province has acknowledged.
    #[schema(example = 0)]
    pub acknowledged: i64,
    /// Those that the province has returned; they count as sent all the same, and stay published until the next one is sent.
    #[schema(example = 0)]
    pub returned: i64,
    /// Those not sent.
    #[schema(example = 1)]
    pub missing: i64,
    /// Those not sent though `consolidated_due_at` has passed.
    #[schema(example = 0)]
    pub overdue: i64,
    /// Whether what any of the wards sent was returned or is being corrected.
    #[schema(example = false)]
    pub under_revision: bool,
    /// Whether, in a ward of the caller's own, something else is accepted by now than what was sent.
    #[schema(example = false)]
    pub unpublished_changes: bool,
    /// The same for each ward, by code.
    pub wards: Vec<WardCompleteness>,
}

/// Who has reported: the units of a ward for its own people, the wards for everybody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CompletenessOut {
    /// The units' reports in a period.
    Units(Completeness),
    /// The wards' consolidated reports.
    Wards(WardsCompleteness),
}

impl CompletenessOut {
    /// The next instant at which a report that is missing becomes overdue.
    pub(super) fn next_deadline(&self, now: UtcTime) -> Option<UtcTime> {
        match self {
            Self::Units(units) => units.next_deadline(now),
            Self::Wards(all) => all.wards.iter().filter_map(|ward| ward.consolidated_due_at).filter(|due_at| now < *due_at).min(),
        }
    }
}
