//! Keyset paging: an order over a few documented fields that ends in the id, and the condition that continues after
//! the last row seen. A page never skips or repeats a row when others are inserted meanwhile.

use super::fixed::{self, Fixed};
use super::{Backend, Condition};
use crate::problem::{Problem, Result, codes, said, words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::BoolExpressionMethods;
use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::sql_types::{BigInt, Bool, Text};
use serde::{Deserialize, Serialize};

/// A field that a list can be sorted by.
#[derive(Debug, Clone, Copy)]
pub struct SortField {
    /// Its name in `sort=`.
    pub name: &'static str,
    /// The column or expression behind it, never null.
    pub sql: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// What a sort field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, in byte order.
    Text,
    /// A whole number.
    Int,
    /// An instant; compared in the databases' own form.
    Time,
}

/// The value of a sort field in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A whole number.
    Int(i64),
    /// Text, or an instant as [`Key::time`] writes it.
    Text(String),
}

impl Key {
    /// An instant in the form that both databases compare and read.
    #[must_use]
    pub fn time(t: crate::values::clock::UtcTime) -> Self {
        Self::Text(t.naive().format("%Y-%m-%d %H:%M:%S%.6f").to_string())
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// An order and a place in it.
#[derive(Debug, Clone)]
pub struct Keyset {
    order: Vec<(SortField, bool)>,
    /// Whether it is the list's own order.
    default: bool,
    after: Option<Vec<Key>>,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    s: String,
    k: Vec<Key>,
}

impl Keyset {
    /// Reads `sort=` and `cursor=`. The last field of the order is always `tie`, the id.
    ///
    /// # Errors
    /// 400 for a field that is not documented, or a cursor that belongs to something else.
    pub fn parse(sort: Option<&str>, default: &str, fields: &[SortField], tie: SortField, cursor: Option<&str>) -> Result<Self> {
        let mut order = Vec::new();
        for part in sort.unwrap_or(default).split(',').filter(|p| !p.is_empty()) {
            let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
            let Some(field) = fields.iter().find(|f| f.name == name) else {
                let names = words::listed(fields.iter().map(|f| words::value(f.name, &said("", ""))));
                return Err(Problem::new(codes::QUERY_INVALID)
                    .saying(
                        format!("Không sắp xếp được theo «{name}». Sắp xếp được theo: {}.", names.vi),
                        format!("Cannot sort by '{name}'. Allowed: {}.", names.en),
                    )
                    .into());
            };
            if order.iter().any(|(f, _): &(SortField, bool)| f.name == name) {
                return Err(Problem::new(codes::QUERY_INVALID)
                    .saying(
                        format!("«{name}» xuất hiện hai lần trong tham số sắp xếp («sort»). Hãy giữ một."),
                        format!("'{name}' stands twice in sort. Keep one."),
                    )
                    .into());
            }
            order.push((*field, descending));
        }
        order.push((tie, order.first().is_some_and(|(_, descending)| *descending)));
        let mut keyset = Self { order, default: sort.is_none(), after: None };
        if let Some(cursor) = cursor {
            keyset.after = Some(keyset.read(cursor)?);
        }
        Ok(keyset)
    }

    /// Names the list and its order: a cursor of another one is refused.
    fn name(&self) -> String {
        let fields = self.order.iter().map(|(f, d)| format!("{}{}", if *d { "-" } else { "" }, f.name)).collect::<Vec<_>>().join(",");
        let list = self.order.last().and_then(|(tie, _)| tie.sql.split_once('.')).map_or("", |(table, _)| table);
        format!("{list}:{fields}")
    }

    fn read(&self, cursor: &str) -> Result<Vec<Key>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Problem::new(codes::CURSOR_INVALID))?;
        let cursor: Cursor = serde_json::from_slice(&bytes).map_err(|_| Problem::new(codes::CURSOR_INVALID))?;
        let fits = cursor.s == self.name()
            && cursor.k.len() == self.order.len()
            && cursor.k.iter().zip(&self.order).all(|(k, (f, _))| well_formed(k, f.kind));
        if fits { Ok(cursor.k) } else { Err(codes::CURSOR_INVALID.into()) }
    }

    /// The cursor that continues after a row, whose values `key` tells by field name.
    #[must_use]
    pub fn cursor_after(&self, key: impl Fn(&str) -> Key) -> String {
        let cursor = Cursor { s: self.name(), k: self.order.iter().map(|(f, _)| key(f.name)).collect() };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
    }

    /// What rows are ordered by.
    #[must_use]
    pub fn order(&self) -> Fixed<Text> {
        let fields: Vec<String> = self.order.iter().map(|(f, d)| format!("{} {}", f.sql, if *d { "DESC" } else { "ASC" })).collect();
        fixed::order(fields.join(", "), self.default)
    }

    /// The rows after the cursor: `a > x OR (a = x AND (b > y OR …))`.
    #[must_use]
    pub fn condition<T: 'static>(&self) -> Option<Condition<T>>
    where
        diesel::expression::SqlLiteral<Bool>: BoxableExpression<T, Backend, SqlType = Bool>,
    {
        let after = self.after.as_ref()?;
        let mut condition: Option<Condition<T>> = None;
        for ((field, descending), key) in self.order.iter().zip(after).rev() {
            let beyond: Condition<T> = compare(field, if *descending { "<" } else { ">" }, key);
            condition = Some(match condition {
                None => beyond,
                Some(inner) => {
                    let equal: Condition<T> = compare(field, "=", key);
                    Box::new(beyond.or(equal.and(inner)))
                }
            });
        }
        condition
    }
}

fn compare<T: 'static>(field: &SortField, operator: &str, key: &Key) -> Condition<T> {
    let left = format!("{} {operator} ", field.sql);
    match (key, field.kind) {
        (Key::Int(n), _) => Box::new(sql::<Bool>(&left).bind::<BigInt, _>(*n)),
        (Key::Text(t), Kind::Time) => {
            let time = chrono::NaiveDateTime::parse_from_str(t, "%Y-%m-%d %H:%M:%S%.f").unwrap_or_default();
            Box::new(sql::<Bool>(&left).bind::<diesel::sql_types::Timestamp, _>(time))
        }
        (Key::Text(t), _) => Box::new(sql::<Bool>(&left).bind::<Text, _>(t.clone())),
    }
}

fn well_formed(key: &Key, kind: Kind) -> bool {
    match (key, kind) {
        (Key::Int(_), Kind::Int) => true,
        (Key::Text(t), Kind::Text) => !t.contains('\0'),
        (Key::Text(t), Kind::Time) => chrono::NaiveDateTime::parse_from_str(t, "%Y-%m-%d %H:%M:%S%.f").is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODE: SortField = SortField { name: "code", sql: "goals.code", kind: Kind::Text };
    const ID: SortField = SortField { name: "id", sql: "goals.id", kind: Kind::Text };

    #[test]
    fn a_cursor_belongs_to_its_order() {
        let up = Keyset::parse(Some("code"), "code", &[CODE], ID, None).expect("an order");
        let cursor = up.cursor_after(|_| Key::from("G3"));
        assert!(Keyset::parse(Some("code"), "code", &[CODE], ID, Some(&cursor)).is_ok());
        assert!(Keyset::parse(Some("-code"), "code", &[CODE], ID, Some(&cursor)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
            prop_assert!(Keyset::parse(None, "code", &[CODE], ID, Some(&text)).is_err());
        }

        #[test]
        fn what_a_cursor_holds_is_read_back(code in "[^\0]{0,20}", id in "[0-9a-f-]{36}") {
            let keyset = Keyset::parse(None, "code", &[CODE], ID, None).expect("an order");
            let cursor = keyset.cursor_after(|f| Key::from(if f == "code" { code.as_str() } else { id.as_str() }));
            let read = keyset.read(&cursor).expect("its own cursor");
            prop_assert_eq!(read, vec![Key::Text(code), Key::Text(id)]);
        }
    }
}
