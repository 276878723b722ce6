//! Looking the whole trail over: what was edited, removed, reordered, added or cut off since it was linked.

use super::chain;
use super::event::{EventRow, GENESIS};
use super::head::Head;
use crate::auth::store::load_keys;
use crate::db::Conn;
use crate::db::schema::{audit_chain, audit_events, audit_pending};
use crate::problem::Result;
use diesel::prelude::*;

/// So many links are looked at at once.
const CHUNK: i64 = 1000;
/// So many faults are told; the others are counted.
const TOLD: usize = 100;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many events are linked.
    pub events: i64,
    /// How many events wait to be linked.
    pub waiting: i64,
    /// What is wrong, in words, in the order of the chain.
    pub wrong: Vec<String>,
    /// How many more things are wrong.
    pub untold: usize,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.wrong.is_empty()
    }

    fn blame(&mut self, what: String) {
        if self.wrong.len() < TOLD {
            self.wrong.push(what);
        } else {
            self.untold += 1;
        }
    }
}

/// Looks over the whole trail. `kept` are ends of the chain that were kept outside of the database, each with the name of
/// its place.
///
/// # Errors
/// If the database fails.
pub fn verify(c: &mut Conn, kept: &[(String, Head)]) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let inside = chain::head(c)?;
    let mut ends: Vec<(&str, &Head)> = kept.iter().map(|(place, head)| (place.as_str(), head)).collect();
    match &inside {
        Some(head) => ends.push(("the database", head)),
        None => verdict.blame("the chain's end is missing in the database".to_owned()),
    }
    let last = walk(c, &ends, &mut verdict)?;
    for (place, head) in &ends {
        if head.sequence > last.sequence {
            let gone = head.sequence - last.sequence;
            verdict.blame(format!("{gone} events are cut off: {place} knows {}, the chain ends at {}", head.sequence, last.sequence));
        }
    }
    if let Some(head) = inside.as_ref().filter(|head| head.sequence < last.sequence) {
        verdict.blame(format!("the chain goes on to {} beyond its end at {} in the database", last.sequence, head.sequence));
    }
    signatures(c, &ends, &mut verdict)?;
    strays(c, &mut verdict)?;
    Ok(verdict)
}

type Link = (i64, String, String, Option<EventRow>);

/// Follows the chain from its beginning and answers where it ends.
fn walk(c: &mut Conn, ends: &[(&str, &Head)], verdict: &mut Verdict) -> Result<Head> {
    let mut last = Head { sequence: 0, hash: GENESIS.to_owned(), at: None, signature: None };
    loop {
        let links: Vec<Link> = audit_chain::table
            .left_join(audit_events::table)
            .filter(audit_chain::sequence.gt(last.sequence))
            .order(audit_chain::sequence)
            .limit(CHUNK)
            .select((audit_chain::sequence, audit_chain::event_id, audit_chain::hash, Option::<EventRow>::as_select()))
            .load(c)?;
        if links.is_empty() {
            return Ok(last);
        }
        for (sequence, id, hash, event) in links {
            match sequence - last.sequence {
                1 => {}
                2 => verdict.blame(format!("{}: the link is missing", last.sequence + 1)),
                _ => verdict.blame(format!("{} to {}: the links are missing", last.sequence + 1, sequence - 1)),
            }
            match event {
                None => verdict.blame(format!("{sequence}: the event {id} was removed")),
                // After a gap the hash before is unknown.
                Some(_) if sequence - last.sequence != 1 => {}
                Some(event) if event.hash(sequence, &last.hash)? != hash => {
                    verdict.blame(format!("{sequence}: the event {id} ({}) was edited or stands in another's place", event.action));
                }
                Some(_) => {}
            }
            for (place, head) in ends.iter().filter(|(_, head)| head.sequence == sequence && head.hash != hash) {
                verdict.blame(format!("{sequence}: the chain was rewritten: {place} knows the hash {}", head.hash));
            }
            verdict.events += 1;
            last = Head { sequence, hash, ..last };
        }
    }
}

fn signatures(c: &mut Conn, ends: &[(&str, &Head)], verdict: &mut Verdict) -> Result<()> {
    let keys = load_keys(c)?;
    for (place, head) in ends {
        // The first events are linked before there is a key; an end written down by hand has no signature.
        let signed = head.signature.is_some() && !head.is_genuine(&keys)?;
        if signed {
            verdict.blame(format!("the end at {} in {place} is not signed by this service", head.sequence));
        }
    }
    Ok(())
}

/// What is not in the chain must wait for it, and what waits must be there.
fn strays(c: &mut Conn, verdict: &mut Verdict) -> Result<()> {
    let outside: Vec<(String, String, Option<String>)> = audit_events::table
        .left_join(audit_chain::table)
        .left_join(audit_pending::table)
        .filter(audit_chain::sequence.is_null())
        .order(audit_events::id)
        .select((audit_events::id, audit_events::action, audit_pending::event_id.nullable()))
        .load(c)?;
    for (id, action, waits) in outside {
        match waits {
            Some(_) => verdict.waiting += 1,
            None => verdict.blame(format!("the event {id} ({action}) was added beside the chain")),
        }
    }
    let lost: Vec<String> = audit_pending::table
        .left_join(audit_events::table)
        .filter(audit_events::id.is_null())
        .order(audit_pending::event_id)
        .select(audit_pending::event_id)
        .load(c)?;
    for id in lost {
        verdict.blame(format!("the event {id}, not yet in the chain, was removed"));
    }
    Ok(())
}
