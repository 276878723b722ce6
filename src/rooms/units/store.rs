//! Units in the database.

use super::keys::{self, UnitKey};
use super::rules;
use super::wire::{UnitFilter, UnitIn, UnitOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update, Write};
use crate::db::schema::{grants, indicator_units, period_extensions, period_units, reports, task_assignments, units};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Named, Scope};
use crate::values::clock::UtcTime;
use crate::values::id::UnitId;
use crate::values::text;
use crate::versioned;
use diesel::prelude::*;

/// A row of `units`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = units, treat_none_as_null = true)]
pub(super) struct UnitRow {
    pub id: UnitId,
    pub jurisdiction: String,
    pub parent_id: Option<UnitId>,
    pub code: String,
    pub kind: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub short_name: Option<String>,
    pub is_group: bool,
    pub reports: bool,
    pub active: bool,
    pub agency_code: Option<String>,
    pub editorial_note: Option<String>,
    pub source: Option<String>,
    pub transcription: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(UnitRow, "unit", "units");

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "units.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "units.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "units.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "units.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "units.id", kind: Kind::Text };

fn key(row: &UnitRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a UnitFilter, scope: &'a Scope, parents: Option<&'a Vec<UnitId>>) -> units::BoxedQuery<'a, Backend> {
    let mut query = units::table.into_boxed();
    if let Some(wards) = scope.wards() {
        query = query.filter(units::jurisdiction.eq_any(wards));
    }
    if let Some(parents) = parents {
        query = query.filter(units::parent_id.eq_any(parents));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(units::kind.eq(kind.as_str()));
    }
    if let Some(code) = &filter.code {
        query = query.filter(units::code.eq(code));
    }
    if let Some(is_group) = filter.is_group {
        query = query.filter(units::is_group.eq(is_group));
    }
    if let Some(reports) = filter.reports {
        query = query.filter(units::reports.eq(reports));
    }
    if let Some(active) = filter.active {
        query = query.filter(units::active.eq(active));
    }
    if let Some(q) = &filter.q {
        query = query.filter(units::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(units::updated_at.ge(since));
    }
    query
}

/// A page of units.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &UnitFilter, paging: &Paging) -> Result<Page<UnitOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let parents = scope.filter::<UnitKey>(c, filter.parent.as_deref(), "parent")?;
    let page: Page<UnitRow> = page_of!(c, &window, units::table, filtered(filter, &scope, parents.as_ref()), key);
    let groups = keys::references(c, page.items.iter().filter_map(|u| u.parent_id.as_ref()))?;
    page.try_map(|row| {
        let group = row.parent_id.as_ref().and_then(|id| groups.get(id)).map(|r| r.code.as_str());
        UnitOut::of(row, group)
    })
}

/// The units of a jurisdiction in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_jurisdiction(c: &mut Conn, jurisdiction: &str) -> Result<Vec<UnitOut>> {
    let rows: Vec<UnitRow> = units::table.filter(units::jurisdiction.eq(jurisdiction)).order((units::plan_order, units::id)).load(c)?;
    let groups = keys::references(c, rows.iter().filter_map(|u| u.parent_id.as_ref()))?;
    let code = |row: &UnitRow| row.parent_id.as_ref().and_then(|id| groups.get(id)).map(|r| r.code.clone());
    rows.into_iter().map(|row| (code(&row), row)).map(|(group, row)| UnitOut::of(row, group.as_deref())).collect()
}

fn load(c: &mut Conn, id: &UnitId) -> Result<UnitOut> {
    let row: UnitRow = units::table.find(id).first(c).optional()?.ok_or(codes::NOT_FOUND)?;
    let group: Option<String> = match &row.parent_id {
        Some(parent) => Some(units::table.find(parent).select(units::code).first(c)?),
        None => None,
    };
    UnitOut::of(row, group.as_deref())
}

/// One unit, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &UnitId) -> Result<UnitOut> {
    let unit = load(c, id)?;
    let edit = || actor.must(&[Role::Coordinator], &unit.jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, id),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(UnitOut { actions: Some(actions), ..unit })
}

/// The group that an input names, kept from ceasing to be one until this transaction ends.
fn group(c: &mut Conn, input: &UnitIn) -> Result<Option<UnitKey>> {
    let Some(named) = &input.parent else { return Ok(None) };
    let found = Scope::of_jurisdiction(&input.jurisdiction).one::<UnitKey>(c, named, &Place::body("/parent"))?;
    db::lock(c, "units", found.id.as_str())?;
    Ok(Some(keys::key(c, &found.id)?))
}

/// Checks an input against the other units, and fills the row with it.
fn fill(c: &mut Conn, row: &mut UnitRow, input: &UnitIn) -> Result<()> {
    let mut faults = Faults::default();
    let group = faults.keep(group(c, input))?.flatten();
    let members: i64 = units::table.filter(units::parent_id.eq(&row.id)).count().get_result(c)?;
    if let Some(fault) = rules::membership(input, group.as_ref().map(|g| g.is_group), members) {
        faults.add(fault);
    }
    faults.check()?;
    agency_code_is_free(c, &row.id, input.agency_code.as_deref())?;
    let group_order: Option<String> = match &group {
        Some(group) => Some(units::table.find(&group.id).select(units::plan_order).first(c)?),
        None => None,
    };
    row.code.clone_from(&input.code);
    row.parent_id = group.map(|g| g.id);
    input.kind.as_str().clone_into(&mut row.kind);
    row.name_vi.clone_from(&input.name.vi);
    row.name_en.clone_from(&input.name.en);
    row.short_name.clone_from(&input.short_name);
    row.is_group = input.is_group;
    row.reports = input.reports;
    row.active = input.active;
    row.agency_code.clone_from(&input.agency_code);
    row.editorial_note.clone_from(&input.editorial_note);
    row.source = db::to_json_opt(input.source.as_ref())?;
    row.transcription = db::to_json_opt(input.transcription.as_ref())?;
    row.plan_order = rules::order(input, group_order.as_deref());
    let full_name = input.transcription.as_ref().and_then(|t| t.get("full_name_vi")).and_then(serde_json::Value::as_str);
    let names = [Some(input.code.as_str()), input.short_name.as_deref(), full_name, input.agency_code.as_deref()];
    row.fold = text::fold_all(names.into_iter().chain(text::both(&input.name)));
    Ok(())
}

/// Tells a taken agency code apart from a taken code; the database decides in the end.
fn agency_code_is_free(c: &mut Conn, id: &UnitId, agency_code: Option<&str>) -> Result<()> {
    let Some(agency_code) = agency_code else { return Ok(()) };
    let taken: i64 = units::table.filter(units::agency_code.eq(agency_code)).filter(units::id.ne(id)).count().get_result(c)?;
    if taken == 0 {
        return Ok(());
    }
    Err(Problem::new(codes::CODE_TAKEN).with_errors(vec![FieldError::new("/agency_code", codes::CODE_TAKEN)]).into())
}

/// Adds a unit to a jurisdiction.
///
/// # Errors
/// 422 for an unknown jurisdiction or group, 403 without the right, 409 if a code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &UnitIn) -> Result<UnitOut> {
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    actor.must(&[Role::Coordinator], &input.jurisdiction)?;
    let mut row = UnitRow {
        id: UnitId::new(),
        jurisdiction: input.jurisdiction.clone(),
        parent_id: None,
        code: String::new(),
        kind: String::new(),
        name_vi: String::new(),
        name_en: None,
        short_name: None,
        is_group: false,
        reports: false,
        active: false,
        agency_code: None,
        editorial_note: None,
        source: None,
        transcription: None,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(c, &mut row, input)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(units::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected) -> Result<UnitRow> {
    let load = |c: &mut Conn| units::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    change::begin(c, id.as_str(), Some(expected), load, |_, row: &UnitRow| actor.must(&[Role::Coordinator], &row.jurisdiction))
}

/// Changes a unit.
///
/// # Errors
/// 404, 403, 412, 409 if a code is taken, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected, patch: &Patch<UnitIn>) -> Result<UnitOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = load(c, id)?.to_input();
    let after = patch.merge(&before)?;
    let place = row.plan_order.clone();
    let decide = |c: &mut Conn, row: &mut UnitRow, after: &mut UnitIn| {
        if after.jurisdiction != before.jurisdiction {
            return Err(Problem::at("/jurisdiction", codes::FIELD_IMMUTABLE).into());
        }
        fill(c, row, after)?;
        after.parent = row.parent_id.as_ref().map(|parent| parent.as_str().to_owned());
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(units::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        if row.plan_order == place { Ok(()) } else { move_members(w, id, &place, &row.plan_order) }
    })?;
    find(c, actor, id)
}

/// Members follow their group to its new place in the order; they themselves do not change.
fn move_members(w: &mut Write<'_>, id: &UnitId, from: &str, to: &str) -> Result<()> {
    let members = units::table.filter(units::parent_id.eq(id)).select((units::id, units::plan_order));
    let members: Vec<(UnitId, String)> = members.load(w.conn())?;
    for (member, order) in members {
        let own = order.strip_prefix(from).unwrap_or(&order);
        diesel::update(units::table.find(&member)).set(units::plan_order.eq(format!("{to}{own}"))).execute(w.conn())?;
    }
    Ok(())
}

/// Deletes a unit that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `unit.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = load(c, id)?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(units::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

/// Figures, received or published, stand in reports and periods.
fn unused(c: &mut Conn, id: &UnitId) -> Result<()> {
    let (members, indicators, tasks, granted, periods, extensions, reported): (
        db::Count,
        db::Count,
        db::Count,
        db::Count,
        db::Count,
        db::Count,
        db::Count,
    ) = diesel::select((
        units::table.filter(units::parent_id.eq(id)).count().single_value(),
        indicator_units::table.filter(indicator_units::unit_id.eq(id)).count().single_value(),
        task_assignments::table.filter(task_assignments::unit_id.eq(id)).count().single_value(),
        grants::table.filter(grants::unit_id.eq(id)).count().single_value(),
        period_units::table.filter(period_units::unit_id.eq(id)).count().single_value(),
        period_extensions::table.filter(period_extensions::unit_id.eq(id)).count().single_value(),
        reports::table.filter(reports::unit_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    let referrers = [
        ("members", members),
        ("indicators", indicators),
        ("task_assignments", tasks),
        ("grants", granted),
        ("reporting_periods", periods),
        ("extensions", extensions),
        ("reports", reported),
    ];
    db::in_use(codes::UNIT_IN_USE, &referrers)
}
