//! What a kept answer may hang on: kinds of rows. Which table holds rows of which kind, and which events tell of them, stands
//! here and nowhere else.

use std::fmt;

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kinds(u16);

impl Kinds {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 12;
    /// None at all.
    pub const NONE: Self = Self(0);
    /// Plans with the decisions that amended them.
    pub const PLAN: Self = Self(1);
    /// Goals.
    pub const GOAL: Self = Self(1 << 1);
    /// Printed targets.
    pub const PLAN_INDICATOR: Self = Self(1 << 2);
    /// Dimensions with their values.
    pub const DIMENSION: Self = Self(1 << 3);
    /// Measured indicators with their definitions, duties and dimensions.
    pub const INDICATOR: Self = Self(1 << 4);
    /// Units.
    pub const UNIT: Self = Self(1 << 5);
    /// Tasks with their links and history.
    pub const TASK: Self = Self(1 << 6);
    /// Reporting periods with the units and indicators they ask.
    pub const PERIOD: Self = Self(1 << 7);
    /// Reports of units with their figures and history.
    pub const REPORT: Self = Self(1 << 8);
    /// Consolidated reports with what was frozen in them.
    pub const CONSOLIDATED: Self = Self(1 << 9);
    /// Accounts with their grants.
    pub const ACCOUNT: Self = Self(1 << 10);
    /// What is said of reports.
    pub const COMMENT: Self = Self(1 << 11);
    /// All of them.
    pub const ALL: Self = Self((1 << Self::COUNT) - 1);

    const NAMES: [&'static str; Self::COUNT] = [
        "plan",
        "goal",
        "plan_indicator",
        "dimension",
        "indicator",
        "unit",
        "task",
        "period",
        "report",
        "consolidated",
        "account",
        "comment",
    ];

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether any kind is in both.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Picks what belongs to these kinds from a list with one for each kind.
    pub(super) fn of<T>(self, each: &[T; Self::COUNT]) -> impl Iterator<Item = &T> {
        each.iter().enumerate().filter(move |(at, _)| self.0 & (1 << at) != 0).map(|(_, one)| one)
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.of(&Self::NAMES)).finish()
    }
}

/// What an event tells of, by its resource. A resource that this version does not know may be anything.
pub(super) fn of_resource(resource: &str) -> Told {
    Told::Kinds(match resource {
        "jurisdiction" => return Told::Everything,
        "plan" | "amendment" => Kinds::PLAN,
        "goal" => Kinds::GOAL,
        "plan_indicator" => Kinds::PLAN_INDICATOR,
        "disaggregation" => Kinds::DIMENSION,
        // One that goes leaves the periods that have not opened.
        "indicator" => Kinds::INDICATOR.and(Kinds::PERIOD),
        "unit" => Kinds::UNIT,
        "task" => Kinds::TASK,
        "reporting_period" => Kinds::PERIOD,
        "report" => Kinds::REPORT,
        "report_comment" => Kinds::COMMENT,
        "consolidated_report" => Kinds::CONSOLIDATED,
        // It is said to belong where its first grant holds.
        "user" | "client" => return Told::Anywhere(Kinds::ACCOUNT),
        "signing_key" | "webhook" => Kinds::NONE,
        _ => return Told::Everything,
    })
}

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Rows of these kinds where it happened.
    Kinds(Kinds),
    /// Rows of these kinds, perhaps elsewhere as well.
    Anywhere(Kinds),
    /// What every answer may hang on: the tree of administrative units, by which places are found.
    Everything,
}

/// Of which kind the rows of a table are.
#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// What answers may hang on.
    Of(Kinds),
    /// The tree of administrative units: a change of it raises everything.
    Places,
    /// The service's own: no answer that is kept may read it, and whoever writes it need not say so.
    Housekeeping,
}

/// The kind of a table's rows; `None` if there is no such table.
#[cfg(debug_assertions)]
pub(super) fn of_table(table: &str) -> Option<Rows> {
    Some(Rows::Of(match table {
        "jurisdictions" | "former_parents" | "jurisdiction_dissolutions" | "jurisdiction_successors" => return Some(Rows::Places),
        "plans" | "amendments" => Kinds::PLAN,
        "goals" => Kinds::GOAL,
        "plan_indicators" => Kinds::PLAN_INDICATOR,
        "dimensions" => Kinds::DIMENSION,
        "indicators" | "indicator_definitions" | "indicator_units" | "indicator_dimensions" => Kinds::INDICATOR,
        "units" | "unit_dissolutions" | "unit_successors" => Kinds::UNIT,
        "tasks" | "task_goals" | "task_indicators" | "task_assignments" | "task_updates" => Kinds::TASK,
        "reporting_periods"
        | "period_units"
        | "period_indicators"
        | "period_extensions"
        | "period_obligations"
        | "period_transfers"
        | "period_excusals"
        | "consolidation_deadlines" => Kinds::PERIOD,
        "report_comments" => Kinds::COMMENT,
        "reports" | "observations" | "report_events" | "report_rounds" => Kinds::REPORT,
        "consolidated_reports" | "consolidated_members" | "consolidated_events" | "frozen_observations" | "rejected_approvals" => {
            Kinds::CONSOLIDATED
        }
        "accounts" | "grants" => Kinds::ACCOUNT,
        "second_factors" | "recovery_codes" | "sessions" | "refresh_tokens" | "sign_in_failures" | "sign_in_attempts"
        | "sign_in_places" | "signing_keys" | "idempotency_keys" | "leases" | "audit_events" | "audit_chain" | "audit_pending"
        | "audit_head" | "changes" | "change_counter" | "imports" | "webhooks" | "webhook_deliveries" => return Some(Rows::Housekeeping),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_kind() {
        let schema = include_str!("../schema.rs");
        let tables: Vec<&str> = schema.split("diesel::table! {\n").skip(1).filter_map(|text| text.trim_start().split(' ').next()).collect();
        assert!(tables.len() > 40, "{tables:?}");
        for table in tables {
            assert!(of_table(table).is_some(), "{table}: say in `of_table` of which kind its rows are");
        }
    }

    #[test]
    fn every_kind_is_told_of() {
        let resources = [
            "plan",
            "reporting_period",
            "goal",
            "plan_indicator",
            "disaggregation",
            "indicator",
            "unit",
            "task",
            "report",
            "report_comment",
            "consolidated_report",
            "user",
        ];
        let mut all = Kinds::NONE;
        for resource in resources {
            let (Told::Kinds(kinds) | Told::Anywhere(kinds)) = of_resource(resource) else { panic!("{resource}") };
            assert_ne!(kinds.without(all), Kinds::NONE, "{resource}");
            all = all.and(kinds);
        }
        assert_eq!(all, Kinds::ALL);
        assert_eq!(of_resource("something_new"), Told::Everything);
        assert_eq!(format!("{:?}", Kinds::GOAL.and(Kinds::ACCOUNT)), r#"{"goal", "account"}"#);
    }
}
