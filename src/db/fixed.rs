//! Expressions written as SQL that stay the same, so that a statement with them is prepared once for a connection. Diesel's own
//! [`diesel::dsl::sql`] is prepared anew every time, for it may say anything.

use super::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{SingleValue, Text};
use std::borrow::Cow;
use std::marker::PhantomData;

/// An expression of type `ST` written as SQL.
#[derive(Debug, Clone)]
pub struct Fixed<ST> {
    sql: Cow<'static, str>,
    lasting: bool,
    as_type: PhantomData<ST>,
}

/// Of a text that stands in the program.
#[must_use]
pub fn fixed<ST>(sql: &'static str) -> Fixed<ST> {
    Fixed { sql: Cow::Borrowed(sql), lasting: true, as_type: PhantomData }
}

/// An order, `lasting` if many ask for the same one.
#[must_use]
pub fn order(sql: String, lasting: bool) -> Fixed<Text> {
    Fixed { sql: Cow::Owned(sql), lasting, as_type: PhantomData }
}

impl<ST: SingleValue + TypedExpressionType> Expression for Fixed<ST> {
    type SqlType = ST;
}

impl<ST, T> SelectableExpression<T> for Fixed<ST> where Self: AppearsOnTable<T> {}

impl<ST, T> AppearsOnTable<T> for Fixed<ST> where Self: Expression {}

impl<ST, GroupBy> ValidGrouping<GroupBy> for Fixed<ST> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();
    // Two of one type may say different things: statements are told apart by their text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Backend> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if !self.lasting {
            pass.unsafe_to_cache_prepared();
        }
        pass.push_sql(&self.sql);
        Ok(())
    }
}
