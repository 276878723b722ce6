//! All observations that are wanted, in batches: report by report, those of the caller's own wards as accepted and then those of
//! all others as published, what became readable last at the end. A batch continues after the last row of the one before, by
//! the keys that the tables have, so that the last batch costs what the first does.

use super::beside;
use super::rows::{ReadableRow, SINCE};
use super::wanted::Wanted;
use super::wire::ObservationOut;
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{consolidated_reports, frozen_observations, indicators, observations, reporting_periods, reports};
use crate::problem::Result;
use crate::rooms::progress::area;
use crate::values::clock::UtcTime;
use crate::values::id::PeriodId;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamp};

/// How many rows a batch has: hardly more than a megabyte, and a fraction of a second of a connection.
const BATCH: usize = 1000;

/// How many reports are looked through for a batch at a time.
const HEADS: i64 = 200;

/// The reports of the units whose figures were accepted.
const ACCEPTED: &str = "coalesce(accepted_at, updated_at)";
/// The consolidated reports that were sent.
const SENT: &str = "coalesce(sent_at, updated_at)";

/// What is wanted, and how far it was read.
pub(super) struct Batches {
    wanted: Wanted,
    /// Where the reading stands; `None` once all was read.
    place: Option<Place>,
}

#[derive(Debug, Clone, Default)]
struct Place {
    source: Source,
    /// The report last read: since when it can be read, and its id.
    head: Option<Head>,
    /// The row last read of it.
    row: Option<RowKey>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Source {
    #[default]
    Accepted,
    Published,
}

type Head = (UtcTime, String);

/// What tells a row from the others of its report, in the order of the tables' keys.
#[derive(Debug, Clone)]
struct RowKey {
    report: String,
    indicator: String,
    disaggregation: String,
}

impl RowKey {
    fn of(row: &ReadableRow) -> Self {
        Self { report: row.report_id.clone(), indicator: row.indicator_id.as_str().to_owned(), disaggregation: row.disaggregation.clone() }
    }
}

impl Batches {
    /// Everything that is wanted.
    pub(super) fn of(wanted: Wanted) -> Self {
        Self { wanted, place: Some(Place::default()) }
    }

    /// The next batch; none is left when it is empty.
    pub(super) fn next(&mut self, c: &mut Conn, actor: &Actor) -> Result<Vec<ObservationOut>> {
        let own = area::own(actor).codes();
        let mut rows = Vec::new();
        while let (Some(place), true) = (&mut self.place, rows.len() < BATCH) {
            let heads = heads(c, &self.wanted, own.as_deref(), place)?;
            let last = heads.len() < usize::try_from(HEADS).unwrap_or(usize::MAX);
            for head in heads {
                if place.head.as_ref().is_none_or(|(_, id)| *id != head.1) {
                    *place = Place { source: place.source, head: Some(head), row: None };
                }
                let room = BATCH - rows.len();
                let mut found = rows_after(c, &self.wanted, place, room)?;
                place.row = found.last().map(RowKey::of).or_else(|| place.row.take());
                rows.append(&mut found);
                if rows.len() == BATCH {
                    return beside::shown(c, actor, rows, self.wanted.as_of.is_some());
                }
            }
            if last {
                self.place = match place.source {
                    Source::Accepted => Some(Place { source: Source::Published, ..Place::default() }),
                    Source::Published => None,
                };
            }
        }
        beside::shown(c, actor, rows, self.wanted.as_of.is_some())
    }
}

/// Every figure of a ward in these periods that the caller may read.
///
/// # Errors
/// If the database fails.
pub(in crate::rooms::progress) fn every(c: &mut Conn, actor: &Actor, ward: &str, periods: Vec<PeriodId>) -> Result<Vec<ObservationOut>> {
    let wanted = Wanted { area: Some(vec![ward.to_owned()]), periods: Some(periods), ..Wanted::default() };
    let mut batches = Batches::of(wanted);
    let mut all = Vec::new();
    loop {
        let mut batch = batches.next(c, actor)?;
        if batch.is_empty() {
            return Ok(all);
        }
        all.append(&mut batch);
    }
}

/// The reports of a table that are wanted, from the one last read on.
macro_rules! heads_in {
    ($c:expr, $table:ident, $since:expr, $query:expr, $wanted:expr, $from:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = $query;
        if let Some(area) = &wanted.area {
            query = query.filter($table::jurisdiction.eq_any(area));
        }
        if let Some(plan) = &wanted.plan {
            query = query.filter($table::plan_id.eq(plan));
        }
        if let Some(since) = wanted.since {
            query = query.filter(fixed::<Timestamp>($since).ge(since.naive()));
        }
        if let Some((since, id)) = $from {
            let place = sql::<Bool>("(").sql($since).sql(", id) >= (").bind::<Timestamp, _>(since.naive());
            query = query.filter(place.sql(", ").bind::<Text, _>(id).sql(")"));
        }
        let order = format!("{}, id", $since);
        query.select((fixed::<Timestamp>($since), $table::id)).order_by(sql::<Text>(&order)).limit(HEADS).load::<Head>($c)?
    }};
}

fn heads(c: &mut Conn, wanted: &Wanted, own: Option<&[String]>, place: &Place) -> Result<Vec<Head>> {
    let from = place.head.as_ref();
    match (place.source, own) {
        (Source::Accepted, Some([])) | (Source::Published, None) => Ok(Vec::new()),
        (Source::Accepted, own) => {
            let mut accepted = reports::table.into_boxed();
            // What was accepted at another instant may have been reopened since.
            if wanted.as_of.is_none() {
                accepted = accepted.filter(reports::status.eq_any(["accepted", "consolidated"]));
            }
            if let Some(own) = own {
                accepted = accepted.filter(reports::jurisdiction.eq_any(own));
            }
            Ok(heads_in!(c, reports, ACCEPTED, accepted, wanted, from))
        }
        (Source::Published, Some(own)) => {
            let published = consolidated_reports::table.filter(consolidated_reports::jurisdiction.ne_all(own)).into_boxed();
            let published = match wanted.as_of {
                Some(at) => published.filter(consolidated_reports::sent_at.le(at).assume_not_null()),
                None => published.filter(consolidated_reports::published.eq(true)),
            };
            Ok(heads_in!(c, consolidated_reports, SENT, published, wanted, from))
        }
    }
}

/// The rows of the place's report after its row. What its report decides (ward, plan, since when) is not asked of them again:
/// it would lead SQLite to another index than that of the report.
fn rows_after(c: &mut Conn, wanted: &Wanted, place: &Place, most: usize) -> Result<Vec<ReadableRow>> {
    let Some((_, head)) = &place.head else { return Ok(Vec::new()) };
    let wanted = &Wanted { plan: None, area: None, since: None, ..wanted.clone() };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(match place.source {
        Source::Accepted => {
            let mut query = wanted_in!(observations, wanted).filter(observations::report_id.eq(head));
            if let Some(RowKey { indicator, disaggregation, .. }) = &place.row {
                let after = sql::<Bool>("(indicator_id, disaggregation) > (").bind::<Text, _>(indicator).sql(", ");
                query = query.filter(after.bind::<Text, _>(disaggregation).sql(")"));
            }
            let order = sql::<Text>("indicator_id, disaggregation");
            query.select(columns!(observations, no_code!(), no_code!())).order_by(order).limit(most).load(c)?
        }
        Source::Published => {
            let mut query = wanted_in!(frozen_observations, wanted).filter(frozen_observations::consolidated_id.eq(head));
            if let Some(RowKey { report, indicator, disaggregation }) = &place.row {
                let after = sql::<Bool>("(report_id, indicator_id, disaggregation) > (").bind::<Text, _>(report).sql(", ");
                let after = after.bind::<Text, _>(indicator).sql(", ").bind::<Text, _>(disaggregation).sql(")");
                query = query.filter(after);
            }
            let order = sql::<Text>("report_id, indicator_id, disaggregation");
            query
                .select(columns!(frozen_observations, frozen_observations::unit_code, frozen_observations::indicator_code))
                .order_by(order)
                .limit(most)
                .load(c)?
        }
    })
}
