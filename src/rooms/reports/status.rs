//! Where a report can stand.

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

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}
