//! Indicators (chỉ tiêu): the printed targets of the plan, the indicators that measure them, and the dimensions by which
//! their figures are split. Definitions are data: the rules know none of the plan's indicators by name.
//!
//! Source: section I.2 of the plan; Thông tư 10/2019/TT-BKHĐT for the dimensions.

mod definition;
mod dimension;
mod http;
mod indicator_summary;
mod measured;
mod plan_indicators;
mod printed;
mod scope;

pub use definition::{Definition, ExtraInput, ExtraType, NationalComparison, OfficialDefinition};
pub use dimension::{DimensionIn, DimensionOut, create_dimension, dimensions_of_plan};
pub use http::routes;
pub use indicator_summary::{DimensionValue, IndicatorDimension, IndicatorSummary, IndicatorVersion, of_plan};
pub use measured::{
    Basis, Duty, IndicatorIn, IndicatorOut, SplitIn, SplitOut, UnitDutyIn, UnitDutyOut, create, find, list_of_plan, under_one_province,
    update,
};
pub use plan_indicators::{PlanIndicators, kept_of_plans};
pub use printed::{PlanIndicatorIn, PlanIndicatorOut, create_printed, printed_of_plan};

pub use measured::handing_over::hand_duties_over;
