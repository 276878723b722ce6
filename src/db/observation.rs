//! How an [`Observation`] lies in its two tables: `observations`, where units write it, and `frozen_observations`, where an
//! approved consolidated report keeps it. Rows of either embed it.

use super::Backend;
use super::schema::{frozen_observations, observations};
use crate::figures::{Observation, ObservationStatus};
use crate::values::decimal::Decimal4;
use diesel::dsl::Eq;
use diesel::prelude::*;
use diesel::query_builder::AsChangeset;

/// The columns of an [`Observation`], in the order of its members.
macro_rules! observation_columns {
    ($table:ident) => {
        (($table::numerator, $table::denominator), $table::answer, $table::status, $table::not_applicable, $table::definition_version)
    };
}
pub(crate) use observation_columns;

/// Says what is written of an [`Observation`] into a table; `$Written` names its type.
macro_rules! written_into {
    ($table:ident, $Written:ident) => {
        type $Written<T> = (
            Eq<$table::numerator, Option<Decimal4>>,
            Eq<$table::denominator, Option<Decimal4>>,
            Eq<$table::answer, Option<bool>>,
            Eq<$table::status, ObservationStatus>,
            Eq<$table::not_applicable, Option<T>>,
            Eq<$table::definition_version, i32>,
        );

        impl<'a> Insertable<$table::table> for &'a Observation {
            type Values = <$Written<&'a str> as Insertable<$table::table>>::Values;

            fn values(self) -> Self::Values {
                assignments!($table, self, self.not_applicable.as_deref()).values()
            }
        }

        impl Insertable<$table::table> for Observation {
            type Values = <$Written<String> as Insertable<$table::table>>::Values;

            fn values(self) -> Self::Values {
                assignments!($table, self, self.not_applicable).values()
            }
        }
    };
}

macro_rules! assignments {
    ($table:ident, $observation:expr, $not_applicable:expr) => {
        (
            $table::numerator.eq($observation.amounts.numerator),
            $table::denominator.eq($observation.amounts.denominator),
            $table::answer.eq($observation.answer),
            $table::status.eq($observation.status),
            $table::not_applicable.eq($not_applicable),
            $table::definition_version.eq($observation.definition_version),
        )
    };
}

written_into!(observations, Written);
written_into!(frozen_observations, Frozen);

impl Selectable<Backend> for Observation {
    type SelectExpression = observation_columns!(observations);

    fn construct_selection() -> Self::SelectExpression {
        observation_columns!(observations)
    }
}

impl<'a> AsChangeset for &'a Observation {
    type Target = observations::table;
    type Changeset = <Written<&'a str> as AsChangeset>::Changeset;

    fn as_changeset(self) -> Self::Changeset {
        assignments!(observations, self, self.not_applicable.as_deref()).as_changeset()
    }
}

impl AsChangeset for Observation {
    type Target = observations::table;
    type Changeset = <Written<String> as AsChangeset>::Changeset;

    fn as_changeset(self) -> Self::Changeset {
        assignments!(observations, self, self.not_applicable).as_changeset()
    }
}
