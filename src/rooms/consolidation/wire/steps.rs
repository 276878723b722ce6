//! What the steps of a consolidated report take along.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A step that needs a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsolidatedReason {
    /// Why.
    #[schema(min_length = 1, max_length = 4000, example = "Đề nghị kiểm tra chỉ tiêu 4.1", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// How a draft is computed anew.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// Whether its words, too, begin anew as what the units wrote; false if left out.
    #[serde(default)]
    #[schema(example = true)]
    pub compile_narrative: Option<bool>,
}

/// How a draft is approved.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveIn {
    /// Who signs the paper; left out, the one who approves, with the position that the account names.
    #[serde(default)]
    pub signatory: Option<Signatory>,
}

/// Who signs the paper (Nghị định 30/2020/NĐ-CP, appendix I: chức vụ, họ tên và quyền hạn của người ký).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Trần Thị Bình", "position": "Phó Chủ tịch", "signing_capacity": [{"kind": "TM", "of": "Ủy ban nhân dân"}, {"kind": "KT", "of": "Chủ tịch"}]}))]
pub struct Signatory {
    /// The name.
    #[schema(min_length = 1, max_length = 200, example = "Trần Thị Bình")]
    pub name: String,
    /// The office held (chức vụ).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Phó Chủ tịch")]
    pub position: Option<String>,
    /// In whose place, in the order of the paper.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub signing_capacity: Vec<SigningCapacity>,
}

/// In whose place somebody signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "KT", "of": "Chủ tịch"}))]
pub struct SigningCapacity {
    /// By which authority.
    pub kind: SigningKind,
    /// Of whom or of which body.
    #[schema(min_length = 1, max_length = 200, example = "Chủ tịch")]
    pub of: String,
}

/// By which authority a paper is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum SigningKind {
    /// On behalf of a collective body (thay mặt).
    #[serde(rename = "TM")]
    OnBehalf,
    /// In place of the head, by a deputy (ký thay).
    #[serde(rename = "KT")]
    InPlace,
    /// As acting head (quyền).
    #[serde(rename = "Q")]
    Acting,
    /// By order of the head (thừa lệnh).
    #[serde(rename = "TL")]
    ByOrder,
    /// By authorisation of the head (thừa uỷ quyền).
    #[serde(rename = "TUQ")]
    Authorised,
}
