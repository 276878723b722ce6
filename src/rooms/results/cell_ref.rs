//! Where a figure stands in an indicator's table.

use crate::values::id::UnitId;
use serde::{Deserialize, Serialize};

/// The whole, as the database writes a disaggregation without parts.
pub(super) const WHOLE: &str = "{}";

/// A cell of an indicator's table: a unit's figure or the total over the units; the whole or a part of it, as the database writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct CellRef {
    pub unit: Option<UnitId>,
    pub part: String,
}

impl CellRef {
    /// What a unit says, of the whole or a part.
    pub(super) fn of(unit: UnitId, part: String) -> Self {
        Self { unit: Some(unit), part }
    }

    /// What all units together say of the whole.
    pub(super) fn total() -> Self {
        Self { unit: None, part: WHOLE.to_owned() }
    }

    /// Everything that all units together say of parts.
    pub(super) fn totals_of_parts() -> Self {
        Self { unit: None, part: "*".to_owned() }
    }

    /// Whether it is what all units together say of a part.
    pub(super) fn is_total_of_part(&self) -> bool {
        self.unit.is_none() && self.part != WHOLE
    }

    /// All that a unit says.
    pub(super) fn whole_of(unit: UnitId) -> Self {
        Self::of(unit, WHOLE.to_owned())
    }

    /// What all units say of a value of a dimension.
    pub(super) fn total_of(dimension: &str, value: &str) -> Self {
        let part = serde_json::json!({dimension: value});
        Self { unit: None, part: part.to_string() }
    }
}
