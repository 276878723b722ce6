//! What the code lists are made of, in the database: the plans' own words, over which go those that were published.

use crate::db::schema::{
    consolidated_reports as k, dimensions as d, former_parents, frozen_observations as f, indicators as i, jurisdictions as j, plans,
    reporting_periods as p, units as u,
};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::rooms::indicators::DimensionValue;
use crate::values::Ref;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Something with a code and a name.
pub(super) type Named = (String, Bilingual);
/// The columns of one.
type NamedRow = (String, String, Option<String>);

fn named((code, vi, en): NamedRow) -> Named {
    (code, Bilingual { vi, en })
}

/// An administrative unit of which there are, or may come to be, figures.
#[derive(Debug, Clone)]
pub(super) struct Area {
    /// Its official code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// That above it.
    pub parent: Option<String>,
    /// Whether it is a ward, which has units of its own.
    pub is_ward: bool,
    /// Whether anything is published: by itself, or below it.
    pub published: bool,
}

/// The plans that hold or held.
macro_rules! held {
    () => {
        plans::table.filter(plans::status.eq_any(["active", "closed"]))
    };
}

/// The provinces, then the wards that have a plan or published something; each in their order. Four statements.
pub(super) fn areas(c: &mut Conn) -> Result<Vec<Area>> {
    let published: BTreeSet<String> =
        k::table.filter(k::published.eq(true)).select(k::jurisdiction).distinct().load::<String>(c)?.into_iter().collect();
    let wards = j::table.filter(j::level.eq("commune")).filter(
        j::code
            .eq_any(held!().select(plans::jurisdiction))
            .or(j::code.eq_any(k::table.filter(k::published.eq(true)).select(k::jurisdiction))),
    );
    let columns = (j::code, j::name_vi, j::name_en, j::parent);
    let wards: Vec<(String, String, Option<String>, Option<String>)> = wards.order((j::plan_order, j::code)).select(columns).load(c)?;
    let former: BTreeSet<String> = former_parents::table.select(former_parents::parent).distinct().load::<String>(c)?.into_iter().collect();
    let provinces: Vec<NamedRow> =
        j::table.filter(j::level.eq("province")).order((j::plan_order, j::code)).select((j::code, j::name_vi, j::name_en)).load(c)?;
    let above: BTreeSet<&String> = wards.iter().filter_map(|(_, _, _, parent)| parent.as_ref()).chain(&former).collect();
    let provinces = provinces.into_iter().filter(|(code, ..)| above.contains(code)).map(named);
    let mut all: Vec<Area> =
        provinces.map(|(code, name)| Area { code, name, parent: None, is_ward: false, published: !published.is_empty() }).collect();
    all.extend(wards.into_iter().map(|(code, vi, en, parent)| {
        let published = published.contains(&code);
        Area { code, name: Bilingual { vi, en }, parent, is_ward: true, published }
    }));
    Ok(all)
}

/// The units of the wards that have a plan, then those under whose earlier codes figures were published. Two statements.
pub(super) fn units(c: &mut Conn) -> Result<Vec<Named>> {
    let now = u::table.filter(u::jurisdiction.eq_any(held!().select(plans::jurisdiction)));
    let mut found: Vec<NamedRow> = now.order((u::jurisdiction, u::plan_order, u::id)).select((u::code, u::name_vi, u::name_en)).load(c)?;
    let then = f::table.inner_join(u::table).filter(f::since.is_not_null());
    let then: Vec<(Option<String>, String, Option<String>)> =
        then.select((f::unit_code, u::name_vi, u::name_en)).distinct().order((f::unit_code, u::name_vi)).load(c)?;
    found.extend(then.into_iter().filter_map(|(code, vi, en)| Some((code?, vi, en))));
    Ok(found.into_iter().map(named).collect())
}

/// What is read of an indicator's definition.
#[derive(Deserialize)]
struct Definition {
    name: Bilingual,
}

/// What a published report keeps of one.
#[derive(Deserialize)]
struct Kept {
    indicator: Ref,
    #[serde(default)]
    name: Option<Bilingual>,
}

/// The indicators as the plans name them, then as what was published names them, the latest last. Three statements.
pub(super) fn indicators(c: &mut Conn) -> Result<(Vec<Named>, Vec<Named>)> {
    let read = |(code, definition): (String, String)| Ok((code, db::from_json::<Definition>(&definition)?.name));
    let now = i::table.filter(i::plan_id.eq_any(held!().select(plans::id)));
    let mut own: Vec<(String, String)> = now.order((i::plan_order, i::plan_id, i::id)).select((i::code, i::definition)).load(c)?;
    let then = f::table.inner_join(i::table).filter(f::since.is_not_null());
    let then: Vec<(Option<String>, String)> =
        then.select((f::indicator_code, i::definition)).distinct().order(f::indicator_code).load(c)?;
    own.extend(then.into_iter().filter_map(|(code, definition)| Some((code?, definition))));
    let own = own.into_iter().map(read).collect::<Result<_>>()?;
    let kept = k::table.inner_join(p::table).filter(k::published.eq(true)).order((p::ends_on, p::starts_on.desc(), k::id));
    let mut published = Vec::new();
    for text in kept.select(k::looking_back_public).load::<Option<String>>(c)? {
        let rows: Vec<Kept> = db::from_json_opt(text.as_deref())?.unwrap_or_default();
        published.extend(rows.into_iter().filter_map(|kept| Some((kept.indicator.code, kept.name?))));
    }
    Ok((own, published))
}

/// The values of the dimensions by sex. One statement.
pub(super) fn sexes(c: &mut Conn) -> Result<Vec<Named>> {
    let texts: Vec<String> =
        d::table.filter(d::code.eq("sex")).select(d::dimension_values).distinct().order(d::dimension_values).load(c)?;
    let mut all = Vec::new();
    for text in texts {
        let values: Vec<DimensionValue> = db::from_json(&text)?;
        all.extend(values.into_iter().map(|value| (value.code, value.name)));
    }
    Ok(all)
}
