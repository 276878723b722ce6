//! What a period asks, and of whom.

use crate::values::Ref;
use crate::values::id::UnitId;

/// A unit that owes an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwedBy {
    pub unit: UnitId,
    /// The group for which it owes it.
    pub via_group: Option<UnitId>,
}

/// An indicator that a period asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskedIndicator {
    pub reference: Ref,
    /// The version of its definition.
    pub version: i32,
    /// The indicator of the province's plan to which it answers.
    pub counterpart: Option<Ref>,
    pub owed_by: Vec<OwedBy>,
}
