//! The units and dimensions of indicators, in the database.

use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{dimensions, indicator_dimensions, indicator_units, units};
use crate::problem::{Error, Result};
use crate::rooms::indicators::measured::wire::{Basis, Duty, SplitOut, UnitDutyOut};
use crate::values::Ref;
use crate::values::id::IndicatorId;
use crate::values::text::Prose;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use std::collections::HashMap;

/// What hangs on an indicator, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The units that report it or help to.
    pub units: Vec<UnitDutyOut>,
    /// The dimensions by which its figures may be split.
    pub dimensions: Vec<SplitOut>,
}

/// What both tables tell of an indicator's duties and dimensions.
#[derive(Debug, Queryable)]
struct LinkRow {
    indicator: IndicatorId,
    /// Its place in its list.
    position: i32,
    /// The id and code of what is named.
    id: String,
    code: String,
    /// What a unit does; null of a dimension.
    duty: Option<String>,
    basis: Option<String>,
    why: Option<String>,
    why_en: Option<String>,
    /// What is so of a dimension; null of a unit.
    additive: Option<bool>,
    expected: Option<bool>,
}

impl LinkRow {
    fn add_to(self, links: &mut Links) -> Result<()> {
        let named = Ref::new(self.id, self.code);
        match (self.duty, self.basis, self.additive, self.expected) {
            (None, None, Some(additive), Some(expected)) => links.dimensions.push(SplitOut { dimension: named, additive, expected }),
            (Some(duty), Some(basis), None, None) => {
                let duty = Duty::parse(&duty).ok_or_else(|| Error::internal("an unknown duty"))?;
                let basis = Basis::parse(&basis).ok_or_else(|| Error::internal("an unknown basis"))?;
                links.units.push(UnitDutyOut { unit: named, duty, basis, why: Prose::of_columns(self.why, self.why_en) });
            }
            _ => return Err(Error::internal("neither a duty nor a dimension")),
        }
        Ok(())
    }
}

/// What hangs on these indicators: one statement for 500 of them.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, indicators: &[&IndicatorId]) -> Result<HashMap<IndicatorId, Links>> {
    let mut all: HashMap<IndicatorId, Links> = HashMap::new();
    for some in indicators.chunks(500) {
        let mut rows = rows_of(c, some)?;
        rows.sort_by_key(|row| row.position);
        for row in rows {
            let links = all.entry(row.indicator.clone()).or_default();
            row.add_to(links)?;
        }
    }
    Ok(all)
}

fn rows_of(c: &mut Conn, indicators: &[&IndicatorId]) -> Result<Vec<LinkRow>> {
    let charged = indicator_units::table.inner_join(units::table).filter(indicator_units::indicator_id.eq_any(indicators)).select((
        indicator_units::indicator_id,
        indicator_units::position,
        units::id,
        units::code,
        indicator_units::duty.nullable(),
        indicator_units::basis.nullable(),
        indicator_units::why,
        indicator_units::why_en,
        sql::<Nullable<Bool>>("NULL"),
        sql::<Nullable<Bool>>("NULL"),
    ));
    let split =
        indicator_dimensions::table.inner_join(dimensions::table).filter(indicator_dimensions::indicator_id.eq_any(indicators)).select((
            indicator_dimensions::indicator_id,
            indicator_dimensions::position,
            dimensions::id,
            dimensions::code,
            sql::<Nullable<Text>>("NULL"),
            sql::<Nullable<Text>>("NULL"),
            sql::<Nullable<Text>>("NULL"),
            sql::<Nullable<Text>>("NULL"),
            indicator_dimensions::additive.nullable(),
            indicator_dimensions::expected.nullable(),
        ));
    Ok(both!(c, c => charged.union_all(split).load(c))?)
}

/// Writes the lists of an indicator that differ from those before.
///
/// # Errors
/// If the database fails.
pub fn replace(w: &mut Write<'_>, indicator: &IndicatorId, before: &Links, after: &Links) -> Result<()> {
    if before.units != after.units {
        if !before.units.is_empty() {
            diesel::delete(indicator_units::table.filter(indicator_units::indicator_id.eq(indicator))).execute(w.conn())?;
        }
        insert_units(w, indicator, &after.units)?;
    }
    if before.dimensions != after.dimensions {
        if !before.dimensions.is_empty() {
            diesel::delete(indicator_dimensions::table.filter(indicator_dimensions::indicator_id.eq(indicator))).execute(w.conn())?;
        }
        insert_dimensions(w, indicator, &after.dimensions)?;
    }
    Ok(())
}

/// Writes what hangs on a new indicator.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, indicator: &IndicatorId, links: &Links) -> Result<()> {
    insert_units(w, indicator, &links.units)?;
    insert_dimensions(w, indicator, &links.dimensions)
}

fn insert_units(w: &mut Write<'_>, indicator: &IndicatorId, units: &[UnitDutyOut]) -> Result<()> {
    let row = |(position, duty): (i32, &UnitDutyOut)| {
        let (why, why_en) = Prose::columns(duty.why.as_ref());
        (
            indicator_units::indicator_id.eq(indicator.clone()),
            indicator_units::unit_id.eq(duty.unit.id.clone()),
            indicator_units::duty.eq(duty.duty.as_str()),
            indicator_units::basis.eq(duty.basis.as_str()),
            indicator_units::why.eq(why),
            indicator_units::why_en.eq(why_en),
            indicator_units::position.eq(position),
        )
    };
    let rows: Vec<_> = (0..).zip(units).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(indicator_units::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn insert_dimensions(w: &mut Write<'_>, indicator: &IndicatorId, dimensions: &[SplitOut]) -> Result<()> {
    let row = |(position, split): (i32, &SplitOut)| {
        (
            indicator_dimensions::indicator_id.eq(indicator.clone()),
            indicator_dimensions::dimension_id.eq(split.dimension.id.clone()),
            indicator_dimensions::additive.eq(split.additive),
            indicator_dimensions::expected.eq(split.expected),
            indicator_dimensions::position.eq(position),
        )
    };
    let rows: Vec<_> = (0..).zip(dimensions).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(indicator_dimensions::table).values(&rows).execute(c))?;
    }
    Ok(())
}
