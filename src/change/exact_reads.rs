//! Exact readings of restricted figures, recorded before anybody is shown one.
//!
//! Readings wait for one writer, which takes all that wait, makes one event of those that are equal, commits once and lets all
//! of them go. So a reading is answered only once it is recorded, and a commit is shared by all who came while the one before
//! was written.

use super::event::{Event, RecordedActor, note};
use crate::actor::Actor;
use crate::actor::restricted_access::RestrictedAccess;
use crate::db::schema::jurisdictions;
use crate::db::{Conn, Database};
use crate::problem::{Error, Problem, Result, codes};
use crate::values::clock::UtcTime;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Most readings that wait. Where more come, they are refused.
const MOST: usize = 4096;
/// Most readings that share one commit.
const BATCH: usize = 512;

/// Within what time equal readings may be one event.
const TOGETHER: TimeDelta = TimeDelta::seconds(1);

/// A reading that is to be recorded.
struct Reading {
    actor: Actor,
    asked: Arc<Asked>,
    access: RestrictedAccess,
}

/// With whoever waits for it.
type Waiting = (Reading, oneshot::Sender<()>);

/// What equal readings have in common: who reads what from where, and why. In which language does not matter.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'a> {
    account: Option<&'a str>,
    address: &'a str,
    purpose: Option<&'a str>,
    path: &'a str,
    query: &'a str,
    access: &'a RestrictedAccess,
}

impl Reading {
    fn alike(&self) -> Alike<'_> {
        Alike {
            account: self.actor.caller.as_ref().map(|c| c.id.as_str()),
            address: &self.actor.address,
            purpose: self.actor.purpose.as_deref(),
            path: &self.asked.path,
            query: &self.asked.query,
            access: &self.access,
        }
    }
}

/// How often something was read, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Times {
    count: u32,
    first: UtcTime,
    last: UtcTime,
}

impl Times {
    fn once(at: UtcTime) -> Self {
        Self { count: 1, first: at, last: at }
    }

    /// The same with another one, unless that lies more than [`TOGETHER`] from one of them.
    fn and(self, at: UtcTime) -> Option<Self> {
        let (first, last) = (self.first.min(at), self.last.max(at));
        (last <= first.plus(TOGETHER)).then_some(Self { count: self.count + 1, first, last })
    }
}

/// Sends readings to the one that records them, which ends with the last of its senders.
pub struct ExactReads(mpsc::Sender<Waiting>);

impl ExactReads {
    /// Starts it.
    ///
    /// # Errors
    /// If there is no thread for it; in words for the operator.
    pub fn start(db: Database) -> std::result::Result<Self, String> {
        let (sender, mut waiting) = mpsc::channel(MOST);
        let failed = |e: std::io::Error| format!("cannot start the thread that records exact readings: {e}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        let recording = async move {
            let mut readings = Vec::new();
            while waiting.recv_many(&mut readings, BATCH).await > 0 {
                record(&db, std::mem::take(&mut readings)).await;
            }
        };
        std::thread::Builder::new().name("exact reads".to_owned()).spawn(move || runtime.block_on(recording)).map_err(failed)?;
        Ok(Self(sender))
    }

    /// Returns once the audit trail holds that these figures are read.
    ///
    /// # Errors
    /// 503 `audit.unavailable`: nothing may be shown.
    pub async fn record(&self, actor: Actor, asked: Arc<Asked>, access: RestrictedAccess) -> Result<()> {
        let (recorded, told) = oneshot::channel();
        self.0.try_send((Reading { actor, asked, access }, recorded)).map_err(|_| unrecorded())?;
        told.await.map_err(|_| unrecorded())
    }
}

/// What cannot be recorded is not shown.
fn unrecorded() -> Error {
    Problem::new(codes::AUDIT_UNAVAILABLE).header("Retry-After", "5").into()
}

/// Records readings in one transaction and lets those who wait go; where that fails, they find that nobody answers.
async fn record(db: &Database, mut waiting: Vec<Waiting>) {
    // Whoever has gone meanwhile is shown nothing.
    waiting.retain(|(_, recorded)| !recorded.is_closed());
    let (readings, told): (Vec<Reading>, Vec<oneshot::Sender<()>>) = waiting.into_iter().unzip();
    let work = move |c: &mut Conn| {
        for (reading, times) in merged(&readings) {
            written(c, &reading.actor, &reading.asked, &reading.access, times)?;
        }
        Ok(())
    };
    match db.write(work).await {
        Ok(()) => told.into_iter().for_each(|one| {
            let _ = one.send(());
        }),
        Err(error) => {
            tracing::error!(?error, readings = told.len(), "exact readings of restricted figures cannot be recorded, so they are refused");
        }
    }
}

/// Equal readings as one, in the order in which the first of each came.
fn merged(readings: &[Reading]) -> Vec<(&Reading, Times)> {
    let mut places: HashMap<Alike<'_>, usize> = HashMap::new();
    let mut merged: Vec<(&Reading, Times)> = Vec::new();
    for reading in readings {
        let at = reading.actor.now;
        let together = places.get(&reading.alike()).and_then(|place| merged.get_mut(*place));
        match together.and_then(|(_, times)| Some((times.and(at)?, times))) {
            Some((both, times)) => *times = both,
            None => {
                places.insert(reading.alike(), merged.len());
                merged.push((reading, Times::once(at)));
            }
        }
    }
    merged
}

/// What was asked for, as the audit trail tells it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The query string.
    pub query: String,
}

/// Writes down that somebody reads restricted figures exactly: one event, whatever it shows.
///
/// # Errors
/// If the database fails: then nothing may be shown.
pub fn exact_read(c: &mut Conn, actor: &Actor, asked: &Asked, access: &RestrictedAccess) -> Result<()> {
    written(c, actor, asked, access, Times::once(actor.now))
}

fn written(c: &mut Conn, actor: &Actor, asked: &Asked, access: &RestrictedAccess, times: Times) -> Result<()> {
    let mut kinds = access.resources.iter().map(|(kind, _)| kind.as_str());
    let resource = match kinds.next() {
        Some("report") => "report",
        Some("consolidated_report") => "consolidated_report",
        Some("progress") => "progress",
        _ => "observation",
    };
    let mut ids = access.resources.iter().map(|(_, id)| id.as_str());
    // Many at once have no single id; `after` says what was asked for.
    let id = ids.next().filter(|_| ids.next().is_none()).unwrap_or_default();
    let jurisdiction = covering(c, access)?;
    let mut read = json!({
        "path": asked.path, "query": asked.query, "indicators": access.indicators, "jurisdictions": access.jurisdictions,
        "count": access.resources.len(),
    });
    if let (Times { count: 2.., first, last }, Some(members)) = (times, read.as_object_mut()) {
        members
            .extend([("times", json!(times.count)), ("first_at", json!(first)), ("last_at", json!(last))].map(|(k, v)| (k.to_owned(), v)));
    }
    let event = Event::new("restricted.read", resource, id, 0, jurisdiction.as_deref()).change(None, Some(read));
    note(c, actor, RecordedActor::of(actor), &event)
}

/// The smallest administrative unit that holds all whose figures are shown; none stands for the country.
fn covering(c: &mut Conn, access: &RestrictedAccess) -> Result<Option<String>> {
    let codes: Vec<&str> = access.jurisdictions.iter().map(String::as_str).collect();
    if let [only] = codes.as_slice() {
        return Ok(Some((*only).to_owned()));
    }
    let mut provinces = BTreeSet::new();
    for some in codes.chunks(500) {
        let found: Vec<(String, String, Option<String>)> = jurisdictions::table
            .filter(jurisdictions::code.eq_any(some))
            .select((jurisdictions::code, jurisdictions::level, jurisdictions::parent))
            .load(c)?;
        provinces.extend(found.into_iter().map(|(code, level, parent)| if level == "commune" { parent } else { Some(code) }));
    }
    let only = provinces.pop_first().flatten();
    Ok(only.filter(|_| provinces.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Origin, Settings};
    use crate::config::Config;
    use crate::problem::Language;

    fn reading(address: &str, purpose: Option<&str>, query: &str, indicator: &str, second: i64) -> Reading {
        let origin = Origin { request_id: "r".to_owned(), address: address.to_owned(), language: Language::Vi };
        let actor = Actor::requesting(
            &origin,
            None,
            purpose.map(ToOwned::to_owned),
            Settings::of(&Config::from_settings(std::collections::BTreeMap::new()).unwrap()),
        );
        let now = UtcTime::parse(&format!("2026-11-24T17:00:0{second}Z")).unwrap();
        let mut access = RestrictedAccess::default();
        access.add("progress", "1", "09385", indicator);
        Reading { actor: actor.at(now), asked: Arc::new(Asked { path: "/progress".to_owned(), query: query.to_owned() }), access }
    }

    #[test]
    fn equal_readings_are_one_and_others_are_not() {
        let readings = [
            reading("a", None, "q", "4.2", 5),
            reading("a", Some("p"), "q", "4.2", 1),
            reading("a", None, "q", "4.2", 4),
            reading("b", None, "q", "4.2", 1),
            reading("a", None, "other", "4.2", 1),
            reading("a", None, "q", "4.3", 1),
            reading("a", None, "q", "4.2", 9),
        ];
        let told: Vec<(u32, i64, i64)> =
            merged(&readings).into_iter().map(|(_, times)| (times.count, times.first.unix() % 60, times.last.unix() % 60)).collect();
        assert_eq!(told, [(2, 4, 5), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 9, 9)]);
    }
}
