//! Where a report can stand.

use crate::problem::words::Called;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportStatus)]
pub enum Status {
    /// Its unit writes it.
    Draft,
    /// The coordinator has it.
    Submitted,
    /// Its unit mends it.
    Returned,
    /// Its figures count.
    Accepted,
    /// Its figures were sent to the province.
    Consolidated,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Submitted, Self::Returned, Self::Accepted, Self::Consolidated];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Consolidated => "consolidated",
        }
    }

    /// What is said of a report that stands there.
    #[must_use]
    pub fn called(self) -> Called {
        match self {
            Self::Draft => ("còn là bản nháp", "is a draft"),
            Self::Submitted => ("đã gửi và đang chờ tiếp nhận", "was submitted and waits to be accepted"),
            Self::Returned => ("đang được trả lại để sửa", "was returned to be mended"),
            Self::Accepted => ("đã được tiếp nhận", "was accepted"),
            Self::Consolidated => ("đã nằm trong báo cáo tổng hợp gửi Sở Nội vụ", "is inside a consolidated report that was sent"),
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}
