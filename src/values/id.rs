//! Typed identifiers: a `GoalId` cannot be passed where a `UnitId` is meant.

use diesel_derive_newtype::DieselNewType;
use serde::{Deserialize, Serialize};

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DieselNewType)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A fresh UUIDv7 (RFC 9562): ids made later by this process sort later.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default that differs each time would surprise")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7().to_string())
            }

            /// An id as somebody wrote it. It need not exist: looking it up answers that.
            #[must_use]
            pub fn from_text(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The textual form, `0199…-….`
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

typed_ids! {
    /// A person or a machine that signs in.
    AccountId,
    /// One sign-in of a person: all refresh tokens that descend from it.
    SessionId,
    /// A decision that amends a plan.
    AmendmentId,
    /// An administrative unit of the country.
    JurisdictionId,
    /// A plan.
    PlanId,
    /// A goal of a plan.
    GoalId,
    /// A target as the plan prints it.
    PlanIndicatorId,
    /// A dimension of disaggregation.
    DimensionId,
    /// A measured indicator.
    IndicatorId,
    /// A responsible unit.
    UnitId,
    /// A task, solution or assignment of a plan.
    TaskId,
    /// A reporting period.
    PeriodId,
    /// What somebody says of a report.
    CommentId,
    /// An address to which changes are sent.
    WebhookId,
    /// A message to such an address.
    DeliveryId,
    /// What a province asked of several wards at once.
    InquiryId,
    /// A unit's report.
    ReportId,
    /// A consolidated report.
    ConsolidatedId,
}

/// Whether a text has the form of an id, so that a reference can tell an id from a code.
#[must_use]
pub fn looks_like_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
