//! Administrative units in the database.

use super::rules;
use super::wire::{JurisdictionFilter, JurisdictionIn, JurisdictionLevel, JurisdictionOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{grants, jurisdictions, plans, units};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::values::clock::UtcTime;
use crate::values::id::JurisdictionId;
use crate::values::text;
use crate::versioned;
use diesel::prelude::*;

/// A row of `jurisdictions`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = jurisdictions, treat_none_as_null = true)]
pub(super) struct JurisdictionRow {
    pub id: JurisdictionId,
    pub code: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub level: String,
    pub kind: String,
    pub parent: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(JurisdictionRow, "jurisdiction", "jurisdictions", code);

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "jurisdictions.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "jurisdictions.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "jurisdictions.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "jurisdictions.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "jurisdictions.id", kind: Kind::Text };

fn key(row: &JurisdictionRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered(filter: &JurisdictionFilter) -> jurisdictions::BoxedQuery<'_, Backend> {
    let mut query = jurisdictions::table.into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(jurisdictions::code.eq(code));
    }
    if let Some(level) = filter.level {
        query = query.filter(jurisdictions::level.eq(level.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(jurisdictions::kind.eq(kind.as_str()));
    }
    if let Some(parent) = &filter.parent {
        query = query.filter(jurisdictions::parent.eq(parent));
    }
    if let Some(q) = &filter.q {
        query = query.filter(jurisdictions::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(jurisdictions::updated_at.ge(since));
    }
    query
}

/// A page of administrative units.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &JurisdictionFilter, paging: &Paging) -> Result<Page<JurisdictionOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    if let Some(parent) = &filter.parent {
        Scope::default().one::<JurisdictionKey>(c, parent, &Place::query("parent"))?;
    }
    let page: Page<JurisdictionRow> = page_of!(c, &window, jurisdictions::table, filtered(filter), key);
    page.try_map(JurisdictionOut::of)
}

fn load(c: &mut Conn, id: &JurisdictionId) -> Result<JurisdictionRow> {
    Ok(jurisdictions::table.find(id).first(c).optional()?.ok_or(codes::NOT_FOUND)?)
}

/// One administrative unit, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &JurisdictionId) -> Result<JurisdictionOut> {
    let there = JurisdictionOut::of(load(c, id)?)?;
    let edit = || authority(actor, &there.code, there.parent.as_deref());
    let delete = match edit() {
        Ok(()) => unused(c, &there.code),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(JurisdictionOut { actions: Some(actions), ..there })
}

/// An administrator of a unit looks after it and all below it. The parent is asked too: what is new below it is not yet
/// in the caller's reach, which was read when the request came.
fn authority(actor: &Actor, code: &str, parent: Option<&str>) -> Result<()> {
    match parent {
        Some(parent) if actor.may(&[Role::Admin], parent) => Ok(()),
        _ => actor.must(&[Role::Admin], code),
    }
}

/// Checks an input against the tree.
fn check(c: &mut Conn, input: &JurisdictionIn) -> Result<()> {
    let mut faults = Faults::default();
    let parent = match &input.parent {
        Some(parent) => faults.keep(Scope::default().one::<JurisdictionKey>(c, parent, &Place::body("/parent")))?,
        None => None,
    };
    rules::check(input, parent.and_then(|parent| JurisdictionLevel::parse(&parent.level)), faults)
}

fn fill(row: &mut JurisdictionRow, input: &JurisdictionIn) {
    row.code.clone_from(&input.code);
    row.name_vi.clone_from(&input.name.vi);
    row.name_en.clone_from(&input.name.en);
    input.level.as_str().clone_into(&mut row.level);
    input.kind.as_str().clone_into(&mut row.kind);
    row.parent.clone_from(&input.parent);
    row.plan_order = rules::order(input);
    row.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.name)));
}

/// Adds an administrative unit below one that the caller looks after.
///
/// # Errors
/// 422 for a wrong place in the tree, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &JurisdictionIn) -> Result<JurisdictionOut> {
    authority(actor, &input.code, input.parent.as_deref())?;
    check(c, input)?;
    let mut row = JurisdictionRow {
        id: JurisdictionId::new(),
        code: String::new(),
        name_vi: String::new(),
        name_en: None,
        level: String::new(),
        kind: String::new(),
        parent: None,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input);
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(jurisdictions::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &JurisdictionId, expected: &Expected) -> Result<JurisdictionRow> {
    let may_edit = |_: &mut Conn, row: &JurisdictionRow| authority(actor, &row.code, row.parent.as_deref());
    change::begin(c, id.as_str(), Some(expected), |c| load(c, id), may_edit)
}

/// Changes an administrative unit. Code and level stay: others know it by the one, and the tree rests on the other.
///
/// # Errors
/// 404, 403, 412, 422.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    id: &JurisdictionId,
    expected: &Expected,
    patch: &Patch<JurisdictionIn>,
) -> Result<JurisdictionOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = JurisdictionOut::of(row.clone())?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut JurisdictionRow, after: &mut JurisdictionIn| {
        stays_in_place(c, &before, after)?;
        if let (true, Some(parent)) = (after.parent != before.parent, &after.parent) {
            // Grants for the new parent will hold here.
            actor.must(&[Role::Admin], parent)?;
        }
        fill(row, after);
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(jurisdictions::table.find(id)).set(row).execute(w.conn())?;
        Ok(())
    })?;
    find(c, actor, id)
}

fn stays_in_place(c: &mut Conn, before: &JurisdictionIn, after: &JurisdictionIn) -> Result<()> {
    let mut faults = Faults::default();
    if after.code != before.code {
        faults.add(FieldError::new("/code", codes::FIELD_IMMUTABLE));
    }
    if after.level != before.level {
        faults.add(FieldError::new("/level", codes::FIELD_IMMUTABLE));
    }
    if faults.is_empty() {
        faults.keep(check(c, after))?;
    }
    faults.check()
}

/// Deletes an administrative unit that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `jurisdiction.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &JurisdictionId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, &row.code)?;
    let before = JurisdictionOut::of(row.clone())?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(jurisdictions::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

/// Whatever else lies in a jurisdiction belongs to a plan of it.
fn unused(c: &mut Conn, code: &str) -> Result<()> {
    let (below, planned, responsible, granted): (db::Count, db::Count, db::Count, db::Count) = diesel::select((
        jurisdictions::table.filter(jurisdictions::parent.eq(code)).count().single_value(),
        plans::table.filter(plans::jurisdiction.eq(code)).count().single_value(),
        units::table.filter(units::jurisdiction.eq(code)).count().single_value(),
        grants::table.filter(grants::jurisdiction.eq(code)).count().single_value(),
    ))
    .get_result(c)?;
    let referrers = [("jurisdictions", below), ("plans", planned), ("units", responsible), ("grants", granted)];
    db::in_use(codes::JURISDICTION_IN_USE, &referrers)
}
