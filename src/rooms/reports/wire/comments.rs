//! What is said of reports, on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::{ActorRef, Ref};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something to be said of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentIn {
    /// The indicator it is about, by id or code; left out, the report as a whole.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "4.1")]
    pub indicator: Option<String>,
    /// What is said.
    #[schema(min_length = 1, max_length = 4000, example = "Đã đủ số chưa?", extensions(("x-multiline" = json!(true))))]
    pub text: String,
}

/// What of a comment can be changed: whether it is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportCommentPatch)]
pub struct CommentState {
    /// Whether it is resolved.
    #[schema(example = true)]
    pub resolved: bool,
}

/// What somebody says of a report (trao đổi): the unit, the coordinator or the leader. Never public.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportComment {
    /// Its id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The report's id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub report: String,
    /// The indicator it is about; null if the report as a whole.
    #[schema(required, example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "4.1"}))]
    pub indicator: Option<Ref>,
    /// What is said.
    #[schema(example = "Đã đủ số chưa?")]
    pub text: String,
    /// Who says it.
    pub by: ActorRef,
    /// Whether it is resolved.
    #[schema(example = false)]
    pub resolved: bool,
    /// Who resolved it; null while it is open.
    #[schema(required, example = json!(null))]
    pub resolved_by: Option<ActorRef>,
    /// When it was resolved; null while it is open.
    #[schema(required, example = json!(null))]
    pub resolved_at: Option<UtcTime>,
    /// When it was said.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}
