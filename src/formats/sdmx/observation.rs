//! What is known at one place of the cube.

use super::model::{COMPONENTS, Kind};
use crate::values::decimal::Decimal4;
use crate::values::period::Label;

/// The dimensions of a series' key, in its order.
pub const SERIES_DIMENSIONS: [&str; 5] = ["FREQ", "REF_AREA", "UNIT", "INDICATOR", "SEX"];

/// The key of a series: a code of each dimension but time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// How often: `A`, `Q`, `M`.
    pub frequency: &'static str,
    /// Of which administrative unit.
    pub area: String,
    /// Of which responsible unit, or `_T`.
    pub unit: String,
    /// Of which indicator.
    pub indicator: String,
    /// Of whom: `F`, `M`, or `_T`.
    pub sex: String,
}

impl Series {
    /// Its codes, in the order of [`SERIES_DIMENSIONS`].
    #[must_use]
    pub fn codes(&self) -> [&str; 5] {
        [self.frequency, &self.area, &self.unit, &self.indicator, &self.sex]
    }
}

/// How certain a value is, or why there is none (`CL_OBS_STATUS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// A normal value.
    Normal,
    /// An estimate.
    Estimate,
    /// There can be no value: no cases, or it does not apply.
    CannotExist,
    /// There is a value, which is not shown.
    Suppressed,
}

impl Status {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "A",
            Self::Estimate => "E",
            Self::CannotExist => "M",
            Self::Suppressed => "Q",
        }
    }
}

/// Who may see a value (`CL_CONF_STATUS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confidentiality {
    /// Everybody.
    Free,
    /// It is hidden: because it is small itself, or because another one could be had from it. Which of the two would tell something of
    /// the value, so that both have the code of the first.
    Confidential,
}

impl Confidentiality {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "F",
            Self::Confidential => "C",
        }
    }
}

/// An observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Its series.
    pub series: Series,
    /// Its period.
    pub period: Label,
    /// Its value; 1 and 0 are yes and no.
    pub value: Option<Decimal4>,
    /// How certain that is.
    pub status: Status,
    /// Who may see it.
    pub confidentiality: Confidentiality,
    /// Of what the value is made.
    pub numerator: Option<Decimal4>,
    /// The same.
    pub denominator: Option<Decimal4>,
    /// The unit of the value, in words.
    pub unit_measure: String,
}

/// What of an observation stands beside its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A code or a text.
    Text(&'a str),
    /// A number.
    Number(Decimal4),
}

impl Observation {
    /// Its measure or attribute of this id.
    pub(super) fn cell(&self, id: &str) -> Option<Cell<'_>> {
        match id {
            "OBS_VALUE" => self.value.map(Cell::Number),
            "OBS_STATUS" => Some(Cell::Text(self.status.code())),
            "CONF_STATUS" => Some(Cell::Text(self.confidentiality.code())),
            "NUMERATOR" => self.numerator.map(Cell::Number),
            "DENOMINATOR" => self.denominator.map(Cell::Number),
            "UNIT_MEASURE" => Some(self.unit_measure.as_str()).filter(|unit| !unit.is_empty()).map(Cell::Text),
            _ => None,
        }
    }
}

/// Which measures and attributes are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(pub Vec<&'static str>);

impl Columns {
    /// Those of which a condition holds.
    #[must_use]
    pub fn of(wanted: impl Fn(&'static str, Kind) -> bool) -> Self {
        let beside = COMPONENTS.iter().filter(|component| !matches!(component.kind, Kind::Dimension | Kind::Time));
        Self(beside.filter(|component| wanted(component.id, component.kind)).map(|component| component.id).collect())
    }

    /// Whether the measure is among them.
    pub(super) fn has_value(&self) -> bool {
        self.0.contains(&"OBS_VALUE")
    }

    /// The attributes among them.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied().filter(|id| *id != "OBS_VALUE")
    }
}
