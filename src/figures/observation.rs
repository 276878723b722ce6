//! What a unit says of an indicator in one cell of its report: one type from the rows of the database to the results. How
//! it lies in its tables is said in `db::observation`.

use crate::values::decimal::Decimal4;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, Queryable};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = Text)]
pub enum ObservationStatus {
    /// An estimate of the whole year, to be made final later.
    Estimate,
    /// The figure as it is.
    #[default]
    Final,
}

impl ObservationStatus {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Final => "final",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Estimate, Self::Final].into_iter().find(|status| status.as_str() == name)
    }
}

impl<DB: Backend> ToSql<Text, DB> for ObservationStatus
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for ObservationStatus
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let name = String::from_sql(bytes)?;
        Self::parse(&name).ok_or_else(|| format!("an observation of unknown status {name}").into())
    }
}

/// The two numbers of a figure: what is divided by what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct Amounts {
    /// What is counted above; of a count, the count.
    pub numerator: Option<Decimal4>,
    /// What is counted below; a count has none.
    pub denominator: Option<Decimal4>,
}

impl Amounts {
    /// Whether there is neither.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.numerator.is_none() && self.denominator.is_none()
    }

    /// Whether what is counted, and what it is counted among, is 0.
    #[must_use]
    pub fn are_zero(self) -> bool {
        let zero = |amount: Decimal4| amount.scaled() == 0;
        self.numerator.is_some_and(zero) && self.denominator.is_none_or(zero)
    }

    /// Both added up, each over those that have it. A sum too large to be told is none.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { numerator: plus(self.numerator, other.numerator), denominator: plus(self.denominator, other.denominator) }
    }
}

impl Amounts {
    /// What is left of both; `None` if nothing is, or more is taken than there is.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let less = |a: Option<Decimal4>, b: Option<Decimal4>| match (a, b) {
            (Some(a), Some(b)) => Decimal4::from_scaled(a.scaled().checked_sub(b.scaled())?).map(Some),
            (one, None) => Some(one),
            (None, Some(_)) => None,
        };
        let left = Self { numerator: less(self.numerator, other.numerator)?, denominator: less(self.denominator, other.denominator)? };
        let none_taken_back = [left.numerator, left.denominator].into_iter().flatten().all(|amount| amount.scaled() >= 0);
        (none_taken_back && !left.are_zero()).then_some(left)
    }
}

fn plus(a: Option<Decimal4>, b: Option<Decimal4>) -> Option<Decimal4> {
    match (a, b) {
        (Some(a), Some(b)) => Decimal4::from_scaled(a.scaled().checked_add(b.scaled())?),
        (one, None) | (None, one) => one,
    }
}

/// What a unit says of an indicator in one cell: the total, or one part of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct Observation {
    /// Its numbers.
    pub amounts: Amounts,
    /// The answer to a qualitative indicator.
    pub answer: Option<bool>,
    /// How sure it is.
    pub status: ObservationStatus,
    /// Why the indicator does not concern the unit; there are then neither numbers nor an answer.
    pub not_applicable: Option<String>,
    /// The version of the indicator's definition under which it was given.
    pub definition_version: i32,
}

/// The reason for which an indicator does not concern a unit, as readers see it who may not read the unit's words about it: that it does
/// not, and nothing more.
#[must_use]
pub fn without_reason(not_applicable: Option<String>) -> Option<String> {
    not_applicable.map(|_| "Không áp dụng".to_owned())
}

impl Observation {
    /// Whether it holds a number or an answer.
    #[must_use]
    pub fn says_something(&self) -> bool {
        !self.amounts.is_empty() || self.answer.is_some()
    }

    /// Whether it says the same, under whatever version of the definition.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let Self { amounts, answer, status, not_applicable, definition_version: _ } = self;
        (amounts, answer, status, not_applicable) == (&other.amounts, &other.answer, &other.status, &other.not_applicable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{decimal, observation};

    #[test]
    fn the_version_of_the_definition_alone_makes_no_other_observation() {
        let said = observation("3", "4", None);
        assert!(said.agrees_with(&Observation { definition_version: 2, ..said.clone() }));
        let others = [
            observation("3", "-", None),
            observation("3", "4", Some(true)),
            Observation { status: ObservationStatus::Estimate, ..said.clone() },
            Observation { not_applicable: Some("Không có".to_owned()), ..said.clone() },
        ];
        assert!(others.iter().all(|other| !said.agrees_with(other)));
    }

    #[test]
    fn amounts_add_up_over_those_that_have_them() {
        let count = Amounts { numerator: Some(decimal("2")), denominator: None };
        let share = Amounts { numerator: Some(decimal("1.5")), denominator: Some(decimal("4")) };
        assert_eq!(count.plus(share), Amounts { numerator: Some(decimal("3.5")), denominator: Some(decimal("4")) });
        assert_eq!(count.plus(Amounts::default()), count);
        let three = Amounts { numerator: Some(decimal("3")), denominator: Some(decimal("4")) };
        assert_eq!(three.minus(share), Some(Amounts { numerator: Some(decimal("1.5")), denominator: Some(Decimal4::ZERO) }));
        assert_eq!((share.minus(three), three.minus(three)), (None, None));
        assert!(Amounts::default().is_empty() && !count.is_empty());
    }
}
