//! What clients ask for, in the words of the standard.

use serde::Deserialize;
use utoipa::IntoParams;

/// Conditions on the codes of dimensions (SDMX REST 2, component filters): values separated by commas, of which one must hold, each
/// perhaps after an operator (`eq:`, `ne:`, `lt:`, `le:`, `gt:`, `ge:`, `co:`, `nc:`, `sw:`, `ew:`); `+` (in a query `%2B`, or a blank)
/// between conditions of which all must hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Conditions {
    /// Frequency: `A` annual, `Q` quarterly, `M` monthly.
    #[serde(rename = "c[FREQ]")]
    #[param(max_length = 400, example = "A")]
    pub frequency: Option<String>,
    /// Administrative unit: `VN_` and its official code.
    #[serde(rename = "c[REF_AREA]")]
    #[param(max_length = 4000, example = "VN_09385,VN_24")]
    pub area: Option<String>,
    /// Responsible unit by its code; `_T` for all together.
    #[serde(rename = "c[UNIT]")]
    #[param(max_length = 4000, example = "_T")]
    pub unit: Option<String>,
    /// Indicator: `I` and its code, in which a full stop is an underscore.
    #[serde(rename = "c[INDICATOR]")]
    #[param(max_length = 4000, example = "I3_2a")]
    pub indicator: Option<String>,
    /// `F` women and girls, `M` men and boys, `_T` both.
    #[serde(rename = "c[SEX]")]
    #[param(max_length = 400, example = "_T")]
    pub sex: Option<String>,
    /// Period: `2026`, `2026-Q3`, `2026-07`. With `ge` and `le` what begins not before it and ends not after it.
    #[serde(rename = "c[TIME_PERIOD]")]
    #[param(max_length = 400, example = "ge:2026+le:2028")]
    pub period: Option<String>,
    /// What became readable after this instant, or day.
    #[serde(rename = "updatedAfter")]
    #[param(max_length = 40, example = "2026-12-01T00:00:00Z")]
    pub updated_after: Option<String>,
}

/// What of the data is wanted, beside [`Conditions`].
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DataOptions {
    /// Of each series so many of the earliest observations.
    #[param(minimum = 1, maximum = 1000)]
    pub first_n_observations: Option<usize>,
    /// Of each series so many of the latest observations.
    #[param(minimum = 1, maximum = 1000)]
    pub last_n_observations: Option<usize>,
    /// `TIME_PERIOD` or `AllDimensions`: how observations are grouped, where the format groups them.
    #[param(max_length = 40, pattern = "^(TIME_PERIOD|AllDimensions)$", example = "AllDimensions")]
    pub dimension_at_observation: Option<String>,
    /// Earlier states of the figures as well; they are not given here: 501 for `true`.
    pub include_history: Option<bool>,
}

/// What of each observation is told (SDMX REST 2).
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Told {
    /// `all`, `dsd` and `obs` for every attribute; `none`, `dataset`, `series` and `msd`, of which there are none, for none; or ids,
    /// separated by commas.
    #[param(max_length = 200, default = "dsd", example = "OBS_STATUS,CONF_STATUS")]
    pub attributes: Option<String>,
    /// `all`, `none`, or `OBS_VALUE`.
    #[param(max_length = 40, default = "all", pattern = "^(all|none|OBS_VALUE)$", example = "all")]
    pub measures: Option<String>,
}

/// Of which periods, and how much (SDMX REST 1.5).
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct MlDataOptions {
    /// Periods that begin with this one or later.
    #[param(max_length = 40, example = "2026")]
    pub start_period: Option<String>,
    /// Periods that end with this one or before.
    #[param(max_length = 40, example = "2028")]
    pub end_period: Option<String>,
    /// What became readable after this instant, or day.
    #[param(max_length = 40, example = "2026-12-01T00:00:00Z")]
    pub updated_after: Option<String>,
    /// `full`; `dataonly` without attributes; `serieskeysonly` and `nodata` the series alone.
    #[param(max_length = 40, default = "full", pattern = "^(full|dataonly|serieskeysonly|nodata)$", example = "full")]
    pub detail: Option<String>,
}

/// How much is told of structures.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StructureOptions {
    /// `full`, `raw` and `referencepartial` all of it; `allstubs` and `allcompletestubs` ids and names; `referencestubs` and
    /// `referencecompletestubs` these of what is referred to.
    #[param(
        max_length = 40,
        default = "full",
        pattern = "^(full|raw|allstubs|allcompletestubs|referencestubs|referencecompletestubs|referencepartial)$",
        example = "full"
    )]
    pub detail: Option<String>,
    /// What is told beside it: `none`, `parents`, `parentsandsiblings`, `ancestors`, `children`, `descendants`, `all`, or kinds of
    /// structures, separated by commas.
    #[param(max_length = 200, default = "none", pattern = "^[a-z]+(,[a-z]+)*$", example = "all")]
    pub references: Option<String>,
}

/// How the availability of data is told (SDMX REST 2).
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AvailabilityOptions {
    /// `exact`: the values of what is asked for. Those that might be added to it, `available`, are not given here: 501.
    #[param(max_length = 20, default = "exact", pattern = "^(exact|available)$", example = "exact")]
    pub mode: Option<String>,
    /// What is told beside it: `none`, `all`, or kinds of structures, separated by commas.
    #[param(max_length = 200, default = "none", pattern = "^[a-z]+(,[a-z]+)*$", example = "all")]
    pub references: Option<String>,
}

/// How the structure of data is told (SDMX REST 2).
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "however observations are grouped, the structure is the same")]
pub struct SchemaOptions {
    /// `TIME_PERIOD` or `AllDimensions`.
    #[param(max_length = 40, pattern = "^(TIME_PERIOD|AllDimensions)$", example = "AllDimensions")]
    pub dimension_at_observation: Option<String>,
}
