//! Units in the database: rows and statements.

use super::rules;
use super::wire::{UnitFilter, UnitIn, UnitKind, UnitOut};
use crate::change::Write;
use crate::db::schema::{
    grants, indicator_units, period_extensions, period_units, reports, task_assignments, unit_dissolutions, unit_successors, units,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn, Count};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::Scope;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::days::Days;
use crate::values::id::{AmendmentId, UnitId};
use crate::values::period::today_local;
use crate::values::text::{self, Bilingual, Prose};
use crate::{page_of, versioned, writes_rows};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use line::Line;

pub mod line;

/// A row of `units`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = units, treat_none_as_null = true)]
pub struct UnitRow {
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
    pub amendment_id: Option<AmendmentId>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub in_force: bool,
    pub editorial_note_en: Option<String>,
}

versioned!(UnitRow, "unit", "units");
writes_rows!(UnitRow, UnitId, units, codes::CODE_TAKEN);

impl UnitRow {
    /// A new row, a member of this group if of any.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(input: &UnitIn, group: Option<&Group>, at: UtcTime) -> Result<Self> {
        let mut row = Self {
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
            editorial_note_en: None,
            source: None,
            transcription: None,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
            amendment_id: None,
            valid_from: None,
            valid_until: None,
            in_force: true,
        };
        row.fill(input, group, at)?;
        Ok(row)
    }

    /// Makes it say this at an instant, as a member of this group if of any.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &UnitIn, group: Option<&Group>, at: UtcTime) -> Result<()> {
        self.code.clone_from(&input.code);
        self.parent_id = group.map(|g| g.id.clone());
        input.kind.as_str().clone_into(&mut self.kind);
        self.name_vi.clone_from(&input.name.vi);
        self.name_en.clone_from(&input.name.en);
        self.short_name.clone_from(&input.short_name);
        self.is_group = input.is_group;
        self.reports = input.reports;
        self.active = input.active;
        (self.valid_from, self.valid_until) = (input.valid_from, input.valid_until);
        self.in_force = Days::new(self.valid_from, self.valid_until).hold(today_local(at));
        self.agency_code.clone_from(&input.agency_code);
        (self.editorial_note, self.editorial_note_en) = Prose::columns(input.editorial_note.as_ref());
        self.source = db::to_json_opt(input.source.as_ref())?;
        self.transcription = db::to_json_opt(input.transcription.as_ref())?;
        self.plan_order = rules::order(input, group.map(|g| g.plan_order.as_str()));
        let full_name = input.transcription.as_ref().and_then(|t| t.get("full_name_vi")).and_then(serde_json::Value::as_str);
        let names = [Some(input.code.as_str()), input.short_name.as_deref(), full_name, input.agency_code.as_deref()];
        self.fold = text::fold_all(names.into_iter().chain(text::both(&input.name)));
        Ok(())
    }

    /// As clients read it; every column is spoken of. `parent_code` is that of its group, `line` who came before and after it.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    pub fn into_out(self, parent_code: Option<&str>, line: Line) -> Result<UnitOut> {
        let UnitRow {
            id,
            jurisdiction,
            parent_id,
            code,
            kind,
            name_vi,
            name_en,
            short_name,
            is_group,
            reports,
            active,
            agency_code,
            editorial_note,
            source,
            transcription,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            amendment_id,
            valid_from,
            valid_until,
            in_force: _,
            editorial_note_en,
        } = self;
        Ok(UnitOut {
            id: id.into(),
            code,
            version,
            jurisdiction,
            parent: parent_id.map(|id| Ref::new(id, parent_code.unwrap_or_default())),
            kind: UnitKind::parse(&kind).ok_or_else(|| Error::internal("a unit of unknown kind"))?,
            name: Bilingual { vi: name_vi, en: name_en },
            short_name,
            is_group,
            reports,
            agency_code,
            valid_from,
            valid_until,
            successors: line.successors,
            predecessors: line.predecessors,
            active,
            editorial_note: Prose::of_columns(editorial_note, editorial_note_en),
            source: db::from_json_opt(source.as_deref())?,
            transcription: db::from_json_opt(transcription.as_deref())?,
            created_at,
            updated_at,
            amendment: amendment_id.map(Into::into),
            actions: None,
        })
    }
}

/// A unit that another names as its group.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = units)]
pub struct Group {
    pub id: UnitId,
    pub code: String,
    pub is_group: bool,
    pub plan_order: String,
}

/// How many of each kind refer to a unit. Figures, received or published, are in reports and periods.
#[derive(Debug, Clone, Default, Queryable)]
pub struct Referrers {
    pub members: Count,
    pub indicators: Count,
    pub task_assignments: Count,
    pub grants: Count,
    pub reporting_periods: Count,
    pub extensions: Count,
    pub reports: Count,
    pub predecessors: Count,
    /// Whether it is dissolved, or will be.
    pub dissolutions: Count,
}

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

/// Which part of a list is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "plan_order", TIE)
}

/// A page of them.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, filter: &UnitFilter, scope: &Scope, parents: Option<&Vec<UnitId>>) -> Result<Page<UnitRow>> {
    Ok(page_of!(c, window, units::table, filtered(filter, scope, parents), key))
}

/// Those of a jurisdiction, each with the code of its group, in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn of_jurisdiction(c: &mut Conn, jurisdiction: &str) -> Result<Vec<(UnitRow, Option<String>)>> {
    let groups = diesel::alias!(units as groups);
    let found = units::table.left_join(groups.on(units::parent_id.eq(groups.field(units::id).nullable())));
    let found = found.filter(units::jurisdiction.eq(jurisdiction)).order((units::plan_order, units::id));
    Ok(found.select((UnitRow::as_select(), groups.field(units::code).nullable())).load(c)?)
}

/// One of them and the code of its group.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &UnitId) -> Result<(UnitRow, Option<String>)> {
    let groups = diesel::alias!(units as groups);
    let found = units::table.left_join(groups.on(units::parent_id.eq(groups.field(units::id).nullable()))).filter(units::id.eq(id));
    let found = found.select((UnitRow::as_select(), groups.field(units::code).nullable())).first(c).optional()?;
    found.ok_or_else(|| codes::NOT_FOUND.into())
}

/// A group, kept from changing until this transaction ends. On SQLite there is one writer, which holds everything.
///
/// # Errors
/// 404.
pub fn lock_group(c: &mut Conn, id: &UnitId) -> Result<Group> {
    let group = units::table.find(id);
    let found = match c {
        Conn::Postgres(c) => group.for_update().select(Group::as_select()).first(c),
        Conn::Sqlite(c) => group.select(Group::as_select()).first(c),
    };
    found.optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// What refers to it.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, id: &UnitId) -> Result<Referrers> {
    Ok(diesel::select((
        units::table.filter(units::parent_id.eq(id)).count().single_value(),
        indicator_units::table.filter(indicator_units::unit_id.eq(id)).count().single_value(),
        task_assignments::table.filter(task_assignments::unit_id.eq(id)).count().single_value(),
        grants::table.filter(grants::unit_id.eq(id)).count().single_value(),
        period_units::table.filter(period_units::unit_id.eq(id)).count().single_value(),
        period_extensions::table.filter(period_extensions::unit_id.eq(id)).count().single_value(),
        reports::table.filter(reports::unit_id.eq(id)).count().single_value(),
        unit_successors::table.filter(unit_successors::successor_id.eq(id)).count().single_value(),
        unit_dissolutions::table.filter(unit_dissolutions::unit_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?)
}

/// Whether another unit has this agency code.
///
/// # Errors
/// If the database fails.
pub fn has_agency_code(c: &mut Conn, agency_code: &str, but: &UnitId) -> Result<bool> {
    let others = units::table.filter(units::agency_code.eq(agency_code)).filter(units::id.ne(but));
    Ok(diesel::select(diesel::dsl::exists(others)).get_result(c)?)
}

/// Members follow their group to its new place in the order, which their own begins with; they themselves do not change.
///
/// # Errors
/// If the database fails.
pub fn move_members(w: &mut Write<'_>, id: &UnitId, from: &str, to: &str) -> Result<()> {
    let own = i32::try_from(from.chars().count()).map_err(Error::internal)? + 1;
    let moved = sql::<Text>("").bind::<Text, _>(to).sql(" || substr(plan_order, ").bind::<Integer, _>(own).sql(")");
    diesel::update(units::table.filter(units::parent_id.eq(id))).set(units::plan_order.eq(moved)).execute(w.conn())?;
    Ok(())
}
