//! The rows that a text fits, each with what those who refer to it need of it.

use super::referable::{Referable, Stored, spelt};
use super::references::Scope;
use crate::db::schema::{
    accounts, amendments, dimensions, goals, indicator_definitions, indicators, jurisdictions, plan_indicators, plans, reporting_periods,
    reports, units,
};
use crate::db::{Condition, Conn};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::{
    AccountId, AmendmentId, DimensionId, GoalId, IndicatorId, JurisdictionId, PeriodId, PlanId, PlanIndicatorId, ReportId, UnitId,
    looks_like_id,
};
use crate::values::{PeriodRef, Ref};
use chrono::NaiveDate;
use diesel::prelude::*;

/// The condition that one of some texts is a row's id, or else its code.
macro_rules! named_by {
    ($table:ident, $named:expr, $by_code:expr) => {{
        let (ids, codes): (Vec<String>, Vec<String>) = $named.iter().cloned().partition(|text| looks_like_id(text));
        let condition: Condition<$table::table> = match (ids.is_empty(), codes.is_empty()) {
            (_, true) => Box::new($table::id.eq_any(ids)),
            (true, _) => Box::new($by_code(codes)),
            _ => Box::new($table::id.eq_any(ids).or($by_code(codes))),
        };
        condition
    }};
}

/// The rows that fit a condition within the plans or, where none is named, the jurisdictions of a scope.
macro_rules! within_plans {
    ($table:ident, $condition:expr, $c:expr, $within:expr, $limit:expr) => {{
        let mut query = $table::table.select(Self::as_select()).filter($condition).into_boxed();
        match ($within.plans(), $within.area()) {
            (Some(plans), _) => query = query.filter($table::plan_id.eq_any(plans)),
            (None, Some(area)) => query = query.filter($table::jurisdiction.eq_any(area)),
            (None, None) => {}
        }
        if let Some(limit) = $limit {
            query = query.limit(limit);
        }
        Ok(query.load($c)?)
    }};
}

/// The condition that an indicator answers to one of the province's plan that this names: by name in any version, else by its code.
fn answers_to(named: &str) -> Condition<indicators::table> {
    use indicator_definitions as d;
    let (of_province, same_code) = diesel::alias!(indicators as of_province, indicators as same_code);
    let (above, beside) = (of_province.fields((indicators::id, indicators::code)), same_code.fields(indicators::id));
    let is_named = above.0.eq(named.to_owned()).or(above.1.eq(named.to_owned()));
    let by_name = d::table.inner_join(of_province.on(d::counterpart.eq(above.0.nullable()))).filter(is_named).select(d::indicator_id);
    let ward = jurisdictions::code.eq(indicators::jurisdiction);
    let right_below =
        same_code.inner_join(jurisdictions::table.on(jurisdictions::parent.eq(same_code.field(indicators::jurisdiction).nullable())));
    let by_code = right_below.filter(ward.and(beside.eq(named.to_owned())).and(same_code.field(indicators::code).eq(indicators::code)));
    Box::new(indicators::id.eq_any(by_name).or(indicators::counterpart.is_null().and(diesel::dsl::exists(by_code))))
}

/// What belongs to a plan: its rows lie in the plans or, where none is named, in the jurisdictions of the scope.
macro_rules! items_of_plans {
    ($($(#[$doc:meta])* $name:ident in $table:ident, $id:ty, $called:expr $(=> $answering:ident)? $(, $(#[$field_doc:meta])* $field:ident: $type:ty)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
        #[diesel(table_name = $table)]
        pub struct $name {
            /// Its id.
            pub id: $id,
            /// Its code, unique within the plan.
            pub code: String,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Referable for $name {
            const CALLED: (&'static str, &'static str) = $called;
        }

        impl Stored for $name {
            type Id = $id;

            fn into_id(self) -> $id {
                self.id
            }

            fn is_named(&self, named: &str) -> bool {
                self.code == named || self.id.as_str() == named
            }

            fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
                let condition = named_by!($table, named, |codes: Vec<String>| $table::code.eq_any(codes));
                within_plans!($table, condition, c, within, limit)
            }

            $(fn load_meant(c: &mut Conn, named: &str, within: &Scope) -> Result<Vec<Self>> {
                let named = [spelt(named)];
                let itself = named_by!($table, named, |codes: Vec<String>| $table::code.eq_any(codes));
                let condition: Condition<$table::table> = Box::new(itself.or($answering(&named[0])));
                within_plans!($table, condition, c, within, None::<i64>)
            })?
        }
    )*};
}

items_of_plans! {
    /// A goal, as it is named.
    GoalKey in goals, GoalId, ("mục tiêu", "goal");
    /// A target as the plan prints it, as it is named.
    PlanIndicatorKey in plan_indicators, PlanIndicatorId, ("chỉ tiêu in trong kế hoạch", "printed indicator"),
        /// Its goal.
        goal_id: GoalId;
    /// A measured indicator, as it is named.
    IndicatorKey in indicators, IndicatorId, ("chỉ tiêu", "indicator") => answers_to;
    /// A dimension, as it is named.
    DimensionKey in dimensions, DimensionId, ("phân tổ", "dimension"),
        /// Its values, as they are stored.
        dimension_values: String;
}

/// A plan, as far as what belongs to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub struct PlanKey {
    /// Its id.
    pub id: PlanId,
    /// Its code.
    pub code: String,
    /// Its jurisdiction, by official code.
    pub jurisdiction: String,
    /// First year.
    pub start_year: i32,
    /// Last year.
    pub end_year: i32,
    /// `draft`, `active` or `closed`.
    pub status: String,
}

impl Referable for PlanKey {
    const CALLED: (&'static str, &'static str) = ("kế hoạch", "plan");
}

impl Stored for PlanKey {
    type Id = PlanId;

    fn into_id(self) -> PlanId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.code == named || self.id.as_str() == named
    }

    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
        let mut query = plans::table.select(Self::as_select()).into_boxed();
        query = query.filter(named_by!(plans, named, |codes: Vec<String>| plans::code.eq_any(codes)));
        if let Some(of) = within.plans() {
            query = query.filter(plans::id.eq_any(of));
        }
        if let Some(area) = within.area() {
            query = query.filter(plans::jurisdiction.eq_any(area));
        }
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        Ok(query.load(c)?)
    }
}

/// A unit, as far as what refers to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = units)]
pub struct UnitKey {
    /// Its id.
    pub id: UnitId,
    /// Its jurisdiction, by official code.
    pub jurisdiction: String,
    /// The group it is a member of.
    #[diesel(column_name = parent_id)]
    pub parent: Option<UnitId>,
    /// Its code, unique within the jurisdiction.
    pub code: String,
    /// Its Vietnamese name.
    #[diesel(column_name = name_vi)]
    pub name: String,
    /// Whether it stands for its members.
    pub is_group: bool,
    /// Whether it owes reports.
    pub reports: bool,
    /// Whether it is in force: active, and today lies in its days.
    #[diesel(select_expression = units::active.and(units::in_force))]
    pub active: bool,
}

impl UnitKey {
    /// Its code and its name, as a text names it.
    #[must_use]
    pub fn called(&self) -> String {
        format!("{} ({})", self.code, self.name)
    }

    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> Ref {
        Ref::new(self.id.clone(), self.code.clone())
    }
}

impl Referable for UnitKey {
    const CALLED: (&'static str, &'static str) = ("đơn vị", "unit");
}

impl Stored for UnitKey {
    type Id = UnitId;

    fn into_id(self) -> UnitId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.code == named || self.id.as_str() == named
    }

    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
        let mut query = units::table.select(Self::as_select()).into_boxed();
        query = query.filter(named_by!(units, named, |codes: Vec<String>| units::code.eq_any(codes)));
        if let Some(wards) = within.wards() {
            query = query.filter(units::jurisdiction.eq_any(wards));
        }
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        Ok(query.load(c)?)
    }
}

/// A reporting period, as far as what refers to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = reporting_periods)]
pub struct PeriodKey {
    /// Its id.
    pub id: PeriodId,
    /// Its plan.
    pub plan_id: PlanId,
    /// Its ward, by official code.
    pub jurisdiction: String,
    /// `periodic`, `thematic` or `ad_hoc`.
    pub kind: String,
    /// `annual`, `quarterly` or `monthly`, if it comes round.
    pub frequency: Option<String>,
    /// Its label.
    pub label: String,
    /// The first day it is about.
    pub starts_on: NaiveDate,
    /// The last day it is about.
    pub ends_on: NaiveDate,
    /// `planned`, `open` or `closed`.
    pub status: String,
    /// Whether it has ever been opened, so that its units and indicators are fixed.
    pub frozen: bool,
    /// The first instant at which a report is late.
    pub due_at: UtcTime,
    /// When the ward owes the province its consolidated report.
    pub consolidated_due_at: Option<UtcTime>,
}

impl PeriodKey {
    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> PeriodRef {
        PeriodRef { id: self.id.as_str().to_owned(), label: self.label.clone() }
    }
}

impl Referable for PeriodKey {
    const CALLED: (&'static str, &'static str) = ("kỳ báo cáo", "reporting period");
    const NAMED_BY: (&'static str, &'static str) = ("nhãn hoặc «id»", "label or id");
}

impl Stored for PeriodKey {
    type Id = PeriodId;

    fn into_id(self) -> PeriodId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.label == named || self.id.as_str() == named
    }

    /// Thematic and ad hoc periods may repeat a label: they are named by their ids alone.
    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
        let mut query = reporting_periods::table.select(Self::as_select()).into_boxed();
        query = query.filter(named_by!(reporting_periods, named, |labels: Vec<String>| {
            reporting_periods::label.eq_any(labels).and(reporting_periods::kind.eq("periodic"))
        }));
        match (within.plans(), within.area()) {
            (Some(plans), _) => query = query.filter(reporting_periods::plan_id.eq_any(plans)),
            (None, Some(area)) => query = query.filter(reporting_periods::jurisdiction.eq_any(area)),
            (None, None) => {}
        }
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        Ok(query.load(c)?)
    }
}

/// A unit's report, which has no code.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct ReportKey {
    /// Its id.
    pub id: ReportId,
    /// Its unit.
    pub unit_id: UnitId,
}

impl Referable for ReportKey {
    const CALLED: (&'static str, &'static str) = ("báo cáo", "report");
    const NAMED_BY: (&'static str, &'static str) = ("id", "id");
}

impl Stored for ReportKey {
    type Id = ReportId;

    fn into_id(self) -> ReportId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.id.as_str() == named
    }

    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
        let mut query = reports::table.select(Self::as_select()).filter(reports::id.eq_any(named)).into_boxed();
        match (within.plans(), within.area()) {
            (Some(plans), _) => query = query.filter(reports::plan_id.eq_any(plans)),
            (None, Some(area)) => query = query.filter(reports::jurisdiction.eq_any(area)),
            (None, None) => {}
        }
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        Ok(query.load(c)?)
    }
}

/// A decision that amended a plan, which has no code.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = amendments)]
pub struct AmendmentKey {
    /// Its id.
    pub id: AmendmentId,
}

impl Referable for AmendmentKey {
    const CALLED: (&'static str, &'static str) = ("quyết định điều chỉnh", "amendment");
    const NAMED_BY: (&'static str, &'static str) = ("id", "id");
}

impl Stored for AmendmentKey {
    type Id = AmendmentId;

    fn into_id(self) -> AmendmentId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.id.as_str() == named
    }

    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>> {
        let mut query = amendments::table.select(Self::as_select()).filter(amendments::id.eq_any(named)).into_boxed();
        match (within.plans(), within.area()) {
            (Some(plans), _) => query = query.filter(amendments::plan_id.eq_any(plans)),
            (None, Some(area)) => query = query.filter(amendments::jurisdiction.eq_any(area)),
            (None, None) => {}
        }
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        Ok(query.load(c)?)
    }
}

/// An administrative unit of the country, which clients always name by its official code.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jurisdictions)]
pub struct JurisdictionKey {
    /// Its id.
    pub id: JurisdictionId,
    /// Its official code.
    pub code: String,
    /// `commune`, `province` or `country`.
    pub level: String,
}

impl Referable for JurisdictionKey {
    const CALLED: (&'static str, &'static str) = ("địa bàn", "jurisdiction");
    const NAMED_BY: (&'static str, &'static str) = ("mã đơn vị hành chính", "official code");
}

impl Stored for JurisdictionKey {
    type Id = JurisdictionId;

    fn into_id(self) -> JurisdictionId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.code == named
    }

    fn load(c: &mut Conn, named: &[String], _: &Scope, _: Option<i64>) -> Result<Vec<Self>> {
        Ok(jurisdictions::table.filter(jurisdictions::code.eq_any(named)).select(Self::as_select()).load(c)?)
    }
}

/// A person's or machine's account, which is named by what it signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct AccountKey {
    /// Its id.
    pub id: AccountId,
    /// The name under which it signs in, in small letters.
    pub login_key: String,
}

impl Referable for AccountKey {
    const CALLED: (&'static str, &'static str) = ("tài khoản", "account");
    const NAMED_BY: (&'static str, &'static str) = ("tên đăng nhập hoặc «id»", "user name or id");
}

impl Stored for AccountKey {
    type Id = AccountId;

    fn into_id(self) -> AccountId {
        self.id
    }

    fn is_named(&self, named: &str) -> bool {
        self.login_key == named || self.id.as_str() == named
    }

    fn load(c: &mut Conn, named: &[String], _: &Scope, _: Option<i64>) -> Result<Vec<Self>> {
        let named: Vec<String> = named.iter().map(|text| text.to_lowercase()).collect();
        let any = named_by!(accounts, named, |keys: Vec<String>| accounts::login_key.eq_any(keys));
        Ok(accounts::table.filter(any).select(Self::as_select()).load(c)?)
    }
}
