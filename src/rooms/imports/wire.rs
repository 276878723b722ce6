//! Imports on the wire.

use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// What becomes of the good rows of a file that has bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ImportMode)]
pub enum Mode {
    /// Nothing is written.
    #[default]
    Atomic,
    /// They are written.
    Partial,
}

impl Mode {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Atomic => "atomic",
            Self::Partial => "partial",
        }
    }

    /// The mode of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Atomic, Self::Partial].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// How a file is imported.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Whether to check only: the answer is the same, and nothing is written.
    pub dry_run: Option<bool>,
    /// What becomes of the good rows if there are bad ones: nothing (`atomic`), or they are written (`partial`).
    #[param(inline)]
    pub mode: Option<Mode>,
}

/// An amount: a number, or a text in which the decimal mark is a point or a comma.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "stands in the document; rows are read one by one, each as it is written")]
pub enum ImportAmount {
    /// A number.
    Number(Decimal4),
    /// A text.
    Text(String),
}

/// One row of a JSON import: a figure, with the report it belongs to. Dimensions are members by their codes (`sex`).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document; rows are read one by one, each as it is written")]
#[schema(example = json!({"unit": "U5", "period": "2026", "indicator": "5.2a", "sex": "female", "numerator": 48, "denominator": 48, "status": "final"}))]
pub struct ImportRow {
    /// The administrative unit, by official code; left out, where the caller reports.
    #[schema(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The plan, by id or code; needed where several plans have such a period.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// The unit, by id or code.
    #[schema(example = "U5")]
    pub unit: String,
    /// The period, by label or id.
    #[schema(example = "2026")]
    pub period: String,
    /// The indicator, by id or code.
    #[schema(example = "5.2a")]
    pub indicator: String,
    /// What is counted above; of a count, the count.
    #[schema(example = 48)]
    pub numerator: Option<ImportAmount>,
    /// What is counted below.
    #[schema(example = 48)]
    pub denominator: Option<ImportAmount>,
    /// The answer to a qualitative indicator.
    #[schema(example = json!(null))]
    pub answer: Option<bool>,
    /// How sure it is; left out, final.
    #[schema(example = "final")]
    pub status: Option<String>,
    /// Why the indicator does not concern the unit; there are then no figures.
    #[schema(example = json!(null))]
    pub not_applicable: Option<String>,
    /// What there is to remark; where no row has the member, remarks stay as they are.
    #[schema(example = json!(null))]
    pub note: Option<String>,
    /// The indicator's further inputs, by key; where no row has the member, they stay as they are.
    #[schema(example = json!(null))]
    pub extra: Option<BTreeMap<String, Value>>,
    /// The part of the total: the value of each dimension by the dimension's code.
    #[serde(flatten)]
    pub disaggregation: BTreeMap<String, String>,
}

/// Rows to be imported.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "stands in the document; rows are read one by one, each as it is written")]
pub struct ImportIn {
    /// The rows.
    pub rows: Vec<ImportRow>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// It waits for others.
    Queued,
    /// It is being checked or written.
    Running,
    /// It went to its end; the counts say what became of the rows.
    Completed,
    /// It broke off; `problem` says why, the counts what was written.
    Failed,
    /// Its owner stopped it; the counts say what was written.
    Cancelled,
}

impl ImportStatus {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Queued, Self::Running, Self::Completed, Self::Failed, Self::Cancelled];
        all.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conflict {
    /// The row: a sheet's own number (the header is row 1), in JSON from 1.
    #[schema(example = 2)]
    pub row: usize,
    /// The header of its column.
    #[schema(example = "numerator")]
    pub column: String,
    /// The code that the same figure gets in a `PATCH` of the report.
    #[schema(example = "number.ambiguous")]
    pub code: String,
    /// In words.
    #[schema(
        example = "«1.000» có thể hiểu theo hai cách: dấu chấm hoặc phẩy là phân cách hàng nghìn hay phần thập phân. Hãy ghi không có dấu phân cách hàng nghìn."
    )]
    pub detail: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportProgress {
    /// Rows that were worked on.
    #[schema(example = 5000)]
    pub done: usize,
    /// All rows.
    #[schema(example = 20000)]
    pub total: usize,
}

/// Why an import broke off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportProblem {
    /// The problem's code.
    #[schema(example = "import.interrupted")]
    pub code: String,
    /// In words.
    #[schema(example = "Máy chủ khởi động lại khi đang nhập. Chưa có hàng nào được ghi; hãy gửi lại tệp.")]
    pub detail: String,
}

/// What became of an import. The four counts add up to `rows` once it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportOut {
    /// Its id, a UUIDv7, where it is a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub id: Option<String>,
    /// Where it stands.
    pub status: ImportStatus,
    /// What becomes of the good rows if there are bad ones.
    pub mode: Mode,
    /// Whether nothing is written.
    #[schema(example = false)]
    pub dry_run: bool,
    /// How many rows there are; empty ones do not count.
    #[schema(example = 2)]
    pub rows: usize,
    /// How many figures are new, or would be.
    #[schema(example = 1)]
    pub created: usize,
    /// How many were changed, or would be.
    #[schema(example = 0)]
    pub updated: usize,
    /// How many said so already.
    #[schema(example = 0)]
    pub unchanged: usize,
    /// How many rows were refused: of a refused `atomic` import, all.
    #[schema(example = 1)]
    pub rejected: usize,
    /// What is wrong with rows, in their order: the first 10,000 things.
    pub conflicts: Vec<Conflict>,
    /// How many more things are wrong than are listed.
    #[schema(example = 0)]
    pub conflicts_omitted: usize,
    /// How far it is, where it is a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub progress: Option<ImportProgress>,
    /// Why it broke off, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<ImportProblem>,
    /// When it was asked for, where it is a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created_at: Option<UtcTime>,
    /// When it was over, where it is a job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub finished_at: Option<UtcTime>,
}
