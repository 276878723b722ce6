//! Where a consolidated report can stand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a consolidated report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsolidatedStatus {
    /// Being prepared (dự thảo).
    Draft,
    /// Approved by the leader, frozen and signed (đã duyệt).
    Approved,
    /// Sent to the province and published (đã gửi).
    Sent,
    /// The province has taken it (đã tiếp nhận).
    Acknowledged,
    /// The province has sent it back (bị trả lại).
    Returned,
}

use ConsolidatedStatus::{Acknowledged, Approved, Draft, Returned, Sent};

impl ConsolidatedStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Draft, Approved, Sent, Acknowledged, Returned];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Draft => "draft",
            Approved => "approved",
            Sent => "sent",
            Acknowledged => "acknowledged",
            Returned => "returned",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// Whether its figures are for everybody to read.
    #[must_use]
    pub fn is_public(self) -> bool {
        matches!(self, Sent | Acknowledged)
    }
}
