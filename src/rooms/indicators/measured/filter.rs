//! The list of indicators: its filters and its order.

use super::written::{self, WrittenIndicator};
use crate::actor::Actor;
use crate::db::schema::{indicator_units, indicators};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{Backend, Conn};
use crate::page_of;
use crate::problem::{Error, Result};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PlanIndicatorKey, Scope, UnitKey};
use crate::rooms::indicators::scope::Goals;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PlanIndicatorId, UnitId};
use crate::values::period::Frequency;
use crate::values::text;
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

/// Filters of the list of indicators.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IndicatorFilter {
    /// Indicators of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Indicators of this goal, by id or code.
    #[param(max_length = 64, example = "G3")]
    pub goal: Option<String>,
    /// Indicators that measure this printed target, by id or code.
    #[param(max_length = 64, example = "3.2")]
    pub plan_indicator: Option<String>,
    /// Indicators that this unit reports or supports, by id or code.
    #[param(max_length = 64, example = "U6")]
    pub unit: Option<String>,
    /// Indicators reported this often.
    #[param(inline, example = "quarterly")]
    pub frequency: Option<Frequency>,
    /// Only restricted indicators, or only the others.
    pub restricted: Option<bool>,
    /// Indicators of goals whose field is this, in Vietnamese or English, or as the transcription keys it.
    #[param(max_length = 200, example = "family")]
    pub field: Option<String>,
    /// Indicators of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The indicator with this code.
    #[param(max_length = 64, example = "3.2a")]
    pub code: Option<String>,
    /// Indicators whose code, name or statement holds this, without regard to case and marks.
    #[param(max_length = 200, example = "tre em trai")]
    pub q: Option<String>,
    /// Indicators changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "indicators.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "indicators.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "indicators.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "indicators.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "indicators.id", kind: Kind::Text };

/// What a list is sorted by; the rest of it is written already.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = indicators)]
struct Listed {
    id: IndicatorId,
    jurisdiction: String,
    plan_order: String,
    code: String,
    created_at: UtcTime,
    updated_at: UtcTime,
}

fn key(row: &Listed, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// What the filters name, found before the list is read.
struct Found {
    scope: Scope,
    goals: Goals,
    printed: Option<Vec<PlanIndicatorId>>,
    units: Option<Vec<UnitId>>,
}

impl Found {
    fn read(c: &mut Conn, filter: &IndicatorFilter) -> Result<Self> {
        let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
        let scope = Scope::of_query(c, named)?;
        Ok(Self {
            goals: Goals::read(c, &scope, filter.goal.as_deref(), filter.field.as_deref())?,
            printed: scope.filter::<PlanIndicatorKey>(c, filter.plan_indicator.as_deref(), "plan_indicator")?,
            units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?,
            scope,
        })
    }
}

fn filtered<'a>(filter: &'a IndicatorFilter, found: &'a Found) -> indicators::BoxedQuery<'a, Backend> {
    let mut query = indicators::table.into_boxed();
    if let Some(plan) = found.scope.plan() {
        query = query.filter(indicators::plan_id.eq(&plan.id));
    }
    if let Some(goals) = found.goals.ids() {
        query = query.filter(indicators::goal_id.eq_any(goals));
    }
    if let Some(printed) = &found.printed {
        query = query.filter(indicators::plan_indicator_id.eq_any(printed));
    }
    if let Some(units) = &found.units {
        let charged = indicator_units::table.filter(indicator_units::unit_id.eq_any(units)).select(indicator_units::indicator_id);
        query = query.filter(indicators::id.eq_any(charged));
    }
    if let Some(frequency) = filter.frequency {
        query = query.filter(indicators::frequency.eq(frequency.as_str()));
    }
    if let Some(restricted) = filter.restricted {
        query = query.filter(indicators::restricted.eq(restricted));
    }
    if let Some(area) = found.scope.area() {
        query = query.filter(indicators::jurisdiction.eq_any(area));
    }
    if let Some(code) = &filter.code {
        query = query.filter(indicators::code.eq(code));
    }
    if let Some(q) = &filter.q {
        query = query.filter(indicators::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(indicators::updated_at.ge(since));
    }
    query
}

/// A page of indicators.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &IndicatorFilter, paging: &Paging) -> Result<Page<WrittenIndicator>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let found = Found::read(c, filter)?;
    let page: Page<Listed> = page_of!(c, &window, indicators::table, filtered(filter, &found).select(Listed::as_select()), key);
    let written = written::each(c, actor, page.items.iter().map(|row| (row.id.as_str(), row.jurisdiction.as_str())).collect())?;
    let lost = || Error::internal("an indicator that was there a moment ago");
    page.try_map(|row| written.get(row.id.as_str()).cloned().map(WrittenIndicator).ok_or_else(lost))
}
