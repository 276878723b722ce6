//! What a caller is told.

use super::rules::{self, HOUSE, PLANNERS, Start, Wanted};
use super::table::{self, ChangeRow};
use super::wire::{Change, ChangeName};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::order::{self, Places};
use crate::change::types::{self, ChangeType, Subject};
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::{accounts, consolidation, reports};
use serde_json::Value;
use std::collections::HashSet;

/// Through so many places one statement looks for changes of the wanted types.
const STRETCH: i64 = 5000;
/// So many changes are looked at together, whether the caller may read what they are about.
const BATCH: usize = 500;
/// So many times one look goes on where nothing was found for the caller: its answer says where to continue.
const ROUNDS: usize = 10;

/// A part of the feed as somebody sees it.
#[derive(Debug)]
pub(super) struct Found {
    /// What he is told.
    pub items: Vec<Change>,
    /// Up to where it was looked.
    pub position: i64,
    /// Whether there is more behind.
    pub more: bool,
}

/// What happened after a place, as far as the caller is told of it.
///
/// # Errors
/// 410 for a cursor behind which changes are no longer kept.
pub(super) fn look(c: &mut Conn, actor: &Actor, wanted: &Wanted, start: Start) -> Result<Found> {
    let places = order::places(c)?;
    let Part { items, position, more } = part(c, actor, wanted, places, start.position(places)?)?;
    Ok(Found { items: items.into_iter().map(|(_, change)| change).collect(), position, more })
}

/// A part of the feed, with the places of what it tells.
#[derive(Debug)]
pub struct Part {
    /// What somebody is told.
    pub items: Vec<(i64, Change)>,
    /// Up to where it was looked.
    pub position: i64,
    /// Whether there is more behind.
    pub more: bool,
}

/// At most so many changes of some types after a place, or after what is no longer kept, as far as the caller is told of them.
///
/// # Errors
/// If the database fails.
pub fn after(c: &mut Conn, actor: &Actor, position: i64, types: &[ChangeName], limit: usize) -> Result<Part> {
    let places = order::places(c)?;
    let wanted = Wanted { start: Start::After(position), types: Some(types.iter().map(|name| name.0).collect()), limit };
    // A database that was put back to an earlier state goes on from there.
    part(c, actor, &wanted, places, position.max(places.forgotten).min(places.last))
}

fn part(c: &mut Conn, actor: &Actor, wanted: &Wanted, places: Places, from: i64) -> Result<Part> {
    let mut position = from;
    let mut items: Vec<(i64, Change)> = Vec::new();
    let types = types_for(actor, wanted);
    if types.is_empty() {
        return Ok(Part { items, position: places.last, more: false });
    }
    for _ in 0..ROUNDS {
        if position >= places.last || items.len() >= wanted.limit {
            break;
        }
        let until = places.last.min(position + STRETCH);
        // Of what is looked at for nothing there is little where a few are asked for.
        let most = BATCH.min(4 * (wanted.limit - items.len()));
        let rows = table::between(c, position, until, &types, i64::try_from(most).unwrap_or(i64::MAX))?;
        position = rows.last().filter(|_| rows.len() == most).map_or(until, |last| last.position);
        let mut seen = visible(c, actor, rows)?.into_iter();
        items.extend(seen.by_ref().take(wanted.limit - items.len()));
        if seen.next().is_some()
            && let Some((last, _)) = items.last()
        {
            position = *last;
        }
    }
    Ok(Part { items, position, more: position < places.last })
}

/// The names of the wanted types of which the caller may be told something somewhere.
fn types_for(actor: &Actor, wanted: &Wanted) -> Vec<&'static str> {
    let somewhere = |one: &ChangeType| actor.reach(rules::roles(one.subject)).codes().is_none_or(|codes| !codes.is_empty());
    let all: Vec<ChangeType> = wanted.types.clone().unwrap_or_else(|| types::ALL.to_vec());
    let mut subjects: Vec<(Subject, bool)> = Vec::new();
    let told = |one: &ChangeType| match subjects.iter().find(|(subject, _)| *subject == one.subject) {
        Some((_, told)) => *told,
        None => {
            let told = somewhere(one);
            subjects.push((one.subject, told));
            told
        }
    };
    all.iter().copied().filter(told).map(|one| one.name).collect()
}

/// Those of some changes, each with its place, that the caller may be told of: what they are about is there for him to read
/// now, or was where he administers or works when it was deleted.
fn visible(c: &mut Conn, actor: &Actor, rows: Vec<ChangeRow>) -> Result<Vec<(i64, Change)>> {
    let rows: Vec<(ChangeType, ChangeRow)> = rows.into_iter().filter_map(|row| Some((types::find(&row.change_type)?, row))).collect();
    let readable = Readable::load(c, actor, &rows)?;
    let seen = rows.into_iter().filter(|(of, row)| readable.shows(actor, of.subject, row));
    Ok(seen.map(|(of, row)| (row.position, told(of, row))).collect())
}

fn told(of: ChangeType, row: ChangeRow) -> Change {
    let ChangeRow { position, at, change_type: _, resource, resource_id, version, jurisdiction } = row;
    Change { cursor: rules::cursor(position), at, change_type: ChangeName(of), resource, id: resource_id, version, jurisdiction }
}

/// The ids of what the caller may read now, of the resources that some changes are about.
#[derive(Debug, Default)]
struct Readable {
    accounts: HashSet<String>,
    reports: HashSet<String>,
    comments: HashSet<String>,
    /// Consolidated reports that his province has.
    sent: HashSet<String>,
    /// Administrative units that were deleted where he is an administrator.
    jurisdictions: HashSet<String>,
}

impl Readable {
    fn load(c: &mut Conn, actor: &Actor, rows: &[(ChangeType, ChangeRow)]) -> Result<Self> {
        let about = |subject: Subject| -> Vec<&str> {
            let ids: HashSet<&str> = rows.iter().filter(|(of, _)| of.subject == subject).map(|(_, row)| row.resource_id.as_str()).collect();
            ids.into_iter().collect()
        };
        let is_province = actor.reach(&[Role::Province]).codes().is_none_or(|codes| !codes.is_empty());
        let sent = if is_province { about(Subject::Sent) } else { Vec::new() };
        Ok(Self {
            accounts: accounts_of(c, actor, &about(Subject::Account))?,
            reports: reports::readable_among(c, actor, &about(Subject::Report))?,
            comments: reports::comments_readable_among(c, actor, &about(Subject::Comment))?,
            sent: consolidation::sent_to_province_among(c, actor, &sent)?,
            jurisdictions: jurisdictions_of(c, actor, rows)?,
        })
    }

    /// Whether a change is for the caller. What everybody may read is for those who work there; the house reads its consolidated
    /// reports in every step, and knows of those that are gone.
    fn shows(&self, actor: &Actor, subject: Subject, row: &ChangeRow) -> bool {
        let there = |roles: &[Role]| row.jurisdiction.as_deref().is_some_and(|code| actor.may(roles, code));
        let id = &row.resource_id;
        match subject {
            Subject::Plan | Subject::Period => there(PLANNERS),
            Subject::Report => self.reports.contains(id),
            Subject::Comment => self.comments.contains(id),
            Subject::Consolidated => there(HOUSE),
            Subject::Sent => there(HOUSE) || self.sent.contains(id),
            Subject::Account => self.accounts.contains(id),
            Subject::Jurisdiction => there(&[Role::Admin]) || self.jurisdictions.contains(id),
            Subject::Webhook => there(&[Role::Admin]),
            Subject::Service => false,
        }
    }
}

/// The accounts that an administrator reads, and those that were deleted where he is one. An account that has moved on is read by
/// those to whom it belongs now, also what happened to it before.
fn accounts_of(c: &mut Conn, actor: &Actor, ids: &[&str]) -> Result<HashSet<String>> {
    let mut readable = accounts::readable_among(c, actor, ids)?;
    let rest: Vec<&str> = ids.iter().copied().filter(|id| !readable.contains(*id)).collect();
    let country = actor.reach(&[Role::Admin]).codes().is_none();
    for deletion in ["user.deleted", "client.deleted"] {
        let gone = table::deleted(c, deletion, &rest)?;
        let his =
            gone.into_iter().filter(|(_, was)| country || was.jurisdiction.as_deref().is_some_and(|code| actor.may(&[Role::Admin], code)));
        readable.extend(his.map(|(id, _)| id));
    }
    Ok(readable)
}

/// The deleted administrative units that lay below one of the caller's: the tree no longer says so.
fn jurisdictions_of(c: &mut Conn, actor: &Actor, rows: &[(ChangeType, ChangeRow)]) -> Result<HashSet<String>> {
    let there = |row: &ChangeRow| row.jurisdiction.as_deref().is_some_and(|code| actor.may(&[Role::Admin], code));
    let rest: HashSet<&str> = rows
        .iter()
        .filter(|(of, row)| of.subject == Subject::Jurisdiction && !there(row))
        .map(|(_, row)| row.resource_id.as_str())
        .collect();
    let gone = table::deleted(c, "jurisdiction.deleted", &rest.into_iter().collect::<Vec<_>>())?;
    let lay =
        |said: &Option<Value>| said.as_ref().and_then(|said| said.get("parent")?.as_str()).is_some_and(|p| actor.may(&[Role::Admin], p));
    Ok(gone.into_iter().filter(|(_, was)| lay(&was.said)).map(|(id, _)| id).collect())
}
