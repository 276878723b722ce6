//! A page of observations: accepted ones of the caller's own wards and published ones of all others, in one order.

use super::beside;
use super::rows::{ReadableRow, SINCE};
use super::wanted::{self, Wanted};
use super::wire::{ObservationFilter, ObservationOut};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{frozen_observations, indicators, observations, reporting_periods};
use crate::db::sort::{Key, Kind, SortField};
use crate::problem::Result;
use crate::reading::paging::{Page, Paging, Window};
use crate::rooms::progress::area;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamp};
use serde_json::{Map, Value};

const FIELDS: &[SortField] = &[SortField { name: "updated_at", sql: SINCE, kind: Kind::Time }];
const TIE: SortField = SortField { name: "id", sql: "id", kind: Kind::Text };

fn key(row: &ReadableRow, field: &str) -> Key {
    match field {
        "updated_at" => Key::time(row.since),
        _ => Key::from(row.id.as_str()),
    }
}

/// The first rows of a query after the cursor.
macro_rules! first_rows {
    ($c:expr, $table:ident, $unit:expr, $indicator:expr, $window:expr, $query:expr) => {{
        let window: &Window = $window;
        let mut query = $query;
        if let Some(after) = window.keyset.condition::<$table::table>() {
            query = query.filter(after);
        }
        query.select(columns!($table, $unit, $indicator)).order_by(window.keyset.order()).limit(window.fetch()).load::<ReadableRow>($c)?
    }};
}

macro_rules! accepted {
    ($wanted:expr, $own:expr) => {{
        let query = wanted_in!(observations, $wanted);
        // Most people have one ward: a statement that names one is prepared once.
        match $own.map(Vec::as_slice) {
            Some([ward]) => query.filter(observations::jurisdiction.eq(ward)),
            Some(own) => query.filter(observations::jurisdiction.eq_any(own)),
            None => query,
        }
    }};
}

macro_rules! published {
    ($wanted:expr, $own:expr) => {{
        let query = wanted_in!(frozen_observations, $wanted);
        match $own.as_slice() {
            [ward] => query.filter(frozen_observations::jurisdiction.ne(ward)),
            own => query.filter(frozen_observations::jurisdiction.ne_all(own)),
        }
    }};
}

/// A page of observations. Either table gives as many rows as the page may hold; together they are cut again, so that
/// none is skipped and none comes twice.
pub(in crate::rooms::progress) fn list(
    c: &mut Conn,
    actor: &Actor,
    filter: &ObservationFilter,
    query: &Map<String, Value>,
    paging: &Paging,
) -> Result<Page<ObservationOut>> {
    let accepted_window = paging.window(FIELDS, "updated_at", TIE)?;
    let published_window = paging.window(FIELDS, "updated_at", TIE)?;
    let wanted = wanted::read(c, actor, filter, query)?;
    let own = area::own(actor).codes();
    let mut rows = Vec::new();
    let mut total = 0;
    if own.as_ref().is_none_or(|own| !own.is_empty()) {
        rows = first_rows!(c, observations, no_code!(), no_code!(), &accepted_window, accepted!(&wanted, own.as_ref()));
        if accepted_window.include_total {
            total += accepted!(&wanted, own.as_ref()).count().get_result::<i64>(c)?;
        }
    }
    if let Some(own) = &own {
        let (unit, indicator) = (frozen_observations::unit_code, frozen_observations::indicator_code);
        rows.append(&mut first_rows!(c, frozen_observations, unit, indicator, &published_window, published!(&wanted, own)));
        if accepted_window.include_total {
            total += published!(&wanted, own).count().get_result::<i64>(c)?;
        }
    }
    rows.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
    if paging.sort.as_deref().is_some_and(|sort| sort.starts_with('-')) {
        rows.reverse();
    }
    let page = accepted_window.cut(rows, accepted_window.include_total.then_some(total), key);
    let Page { items, next_cursor, total } = page;
    Ok(Page { items: beside::shown(c, actor, items, wanted.as_of.is_some())?, next_cursor, total })
}
