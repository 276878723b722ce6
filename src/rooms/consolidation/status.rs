//! Where a consolidated report can stand.

use crate::problem::words::Called;
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

    /// What is said of a consolidated report that stands there.
    #[must_use]
    pub fn called(self) -> Called {
        match self {
            Draft => ("còn là dự thảo", "is a draft"),
            Approved => ("đã được duyệt", "is approved"),
            Sent => ("đã gửi Sở Nội vụ", "was sent to the province"),
            Acknowledged => ("đã được Sở Nội vụ tiếp nhận", "was acknowledged by the province"),
            Returned => ("đã bị Sở Nội vụ trả lại", "was returned by the province"),
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
