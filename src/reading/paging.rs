//! Lists: `{items, next_cursor}`, keyset paging.

use crate::db::sort::{Key, Keyset, SortField};
use crate::problem::Result;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The parameters of every list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items a page holds at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<i64>,
    /// Where the page begins: the `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
    /// Fields to sort by, comma-separated, `-` before one for descending
    #[param(max_length = 200)]
    pub sort: Option<String>,
    /// Adds `total`, the number of items on all pages.
    pub include_total: Option<bool>,
}

/// A list's order and the place in it.
pub struct Window {
    limit: i64,
    /// Whether `total` was asked for.
    pub include_total: bool,
    /// The order and the place.
    pub keyset: Keyset,
}

impl Paging {
    /// The parameters that mean something of pages alone.
    pub const OF_PAGES: [&str; 4] = ["limit", "cursor", "sort", "include_total"];

    /// Reads the parameters for a list with these sort fields; `default` is its order without `sort=`.
    ///
    /// # Errors
    /// 400 for an unknown field or a foreign cursor.
    pub fn window(&self, fields: &[SortField], default: &str, tie: SortField) -> Result<Window> {
        Ok(Window {
            limit: self.limit.unwrap_or(50),
            include_total: self.include_total.unwrap_or(false),
            keyset: Keyset::parse(self.sort.as_deref(), default, fields, tie, self.cursor.as_deref())?,
        })
    }
}

impl Window {
    /// How many rows to fetch: one more than the page holds, to know whether there is a next one.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts the fetched rows to a page; `key` tells the value of a sort field in a row.
    pub fn cut<Row>(&self, mut rows: Vec<Row>, total: Option<i64>, key: impl Fn(&Row, &str) -> Key) -> Page<Row> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(self.keyset.cursor_after(|field| key(last, field))),
            _ => None,
        };
        Page { items: rows, next_cursor, total }
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Names the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// The number of items on all pages, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// The same page with its items in another form.
    ///
    /// # Errors
    /// What `f` answers.
    pub fn try_map<U>(self, f: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        Ok(Page { items: self.items.into_iter().map(f).collect::<Result<_>>()?, next_cursor: self.next_cursor, total: self.total })
    }
}

/// Runs a list query: counts if asked, continues after the cursor, sorts, cuts. `$build` is an expression that makes
/// the filtered boxed query anew; `$key` tells a row's value of a sort field.
#[macro_export]
macro_rules! page_of {
    ($c:expr, $window:expr, $table:ty, $build:expr, $key:expr) => {{
        use diesel::prelude::*;
        let window: &$crate::reading::paging::Window = $window;
        let total = if window.include_total { Some($build.count().get_result::<i64>($c)?) } else { None };
        let mut query = $build;
        if let Some(after) = window.keyset.condition::<$table>() {
            query = query.filter(after);
        }
        let rows = query.order_by(window.keyset.order()).limit(window.fetch()).load($c)?;
        window.cut(rows, total, $key)
    }};
}
