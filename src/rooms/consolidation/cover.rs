//! The public version of a consolidated report that was computed before an indicator in it was made restricted: from then
//! on all of the indicator is hidden in it. What is stored keeps its bytes; this version is made of it, and signed, when it
//! is read, so that there is no moment and no place at which the old one is given out.

use super::compute::{decisions_shown, warnings_shown};
use super::restricted::Restricted;
use super::signature::{self, Sealed};
use super::table::ConsolidatedRow;
use super::wire::content::ContentObservation;
use crate::auth::keys::SigningKey;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::signing_key;
use crate::db::schema::consolidated_reports;
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::rooms::results::{GoalProgress, Hidden, Judged, Outline, PrintedProgress, ResultRow};
use crate::values::id::{ConsolidatedId, PlanIndicatorId};
use diesel::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::iter;

/// What is given out in place of what is stored.
pub(super) struct Covered {
    /// The results.
    pub results: Vec<ResultRow>,
    /// The content with its seal; `None` of one that is not approved.
    pub sealed: Option<Sealed>,
}

/// Results that were computed before some of their indicators were made restricted.
struct Overtaken {
    id: ConsolidatedId,
    results: Vec<ResultRow>,
    /// The indicators about which nothing was decided.
    late: HashSet<String>,
    /// Whether that was kept with the results; else it follows from what was decided at approval.
    kept: bool,
}

/// The public versions of those among these rows that must not be given out as they are stored. Two statements at most,
/// however many rows there are.
///
/// # Errors
/// If the database fails or nothing can be signed.
pub(super) fn covered(
    c: &mut Conn,
    secrets: &SecretCipher,
    rows: &[&ConsolidatedRow],
    restricted: &Restricted,
) -> Result<HashMap<ConsolidatedId, Covered>> {
    let overtaken = overtaken(rows, restricted)?;
    if overtaken.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&ConsolidatedId> = overtaken.iter().map(|one| &one.id).collect();
    let stored: Vec<(ConsolidatedId, Option<String>, Option<String>)> = consolidated_reports::table
        .filter(consolidated_reports::id.eq_any(ids))
        .select((consolidated_reports::id, consolidated_reports::content_public, consolidated_reports::hidden))
        .load(c)?;
    let mut stored: HashMap<ConsolidatedId, _> = stored.into_iter().map(|(id, content, hidden)| (id, (content, hidden))).collect();
    let key = signing_key(c, secrets)?;
    let mut all = HashMap::new();
    for Overtaken { id, results, mut late, kept } in overtaken {
        let (content, hidden) = stored.remove(&id).unwrap_or_default();
        if let (false, Some(hidden)) = (kept, db::from_json_opt::<Hidden>(hidden.as_deref())?) {
            late.retain(|indicator| !hidden.judges(indicator));
        }
        if reveals(&results, &late) {
            all.insert(id, cover(&key, results, &late, content.as_deref())?);
        }
    }
    Ok(all)
}

fn overtaken(rows: &[&ConsolidatedRow], restricted: &Restricted) -> Result<Vec<Overtaken>> {
    let mut found = Vec::new();
    for row in rows {
        let computed = row.computed()?;
        let kept = computed.judged.is_some();
        let judged = computed.judged.unwrap_or_default();
        let late =
            restricted.get(&row.period_id).into_iter().flat_map(|ids| &ids.own).filter(|id| !judged.contains(*id)).cloned().collect();
        if reveals(&computed.public_results, &late) {
            found.push(Overtaken { id: row.id.clone(), results: computed.public_results, late, kept });
        }
    }
    Ok(found)
}

fn cover(key: &SigningKey, results: Vec<ResultRow>, late: &HashSet<String>, content: Option<&str>) -> Result<Covered> {
    let covered = |row: ResultRow| if late.contains(&row.indicator.id) { row.hidden_with_contributors() } else { row };
    let results: Vec<ResultRow> = results.into_iter().map(covered).collect();
    let content: Option<Map<String, Value>> = db::from_json_opt(content)?;
    let sealed = content.map(|mut content| {
        cover_content(&mut content, &results, late)?;
        signature::sealed(key, &Value::Object(content))
    });
    Ok(Covered { results, sealed: sealed.transpose()? })
}

/// Hides in a frozen content all that it says of these indicators: their results and figures, their part in the counts, and what was said
/// about a decision between figures. What an earlier version of the service did not freeze is not made up.
fn cover_content(content: &mut Map<String, Value>, results: &[ResultRow], late: &HashSet<String>) -> Result<()> {
    let hidden = |id: &str| late.contains(id);
    for (name, shown) in [
        ("resolutions", json!(decisions_shown(read_list(content, "resolutions")?, hidden))),
        ("warnings", json!(warnings_shown(read_list(content, "warnings")?, hidden))),
    ] {
        if let Some(member) = content.get_mut(name) {
            *member = shown;
        }
    }
    let Some(observations) = content.get("observations") else {
        content.insert("results".to_owned(), json!(results));
        return Ok(());
    };
    let observations: Vec<ContentObservation> = read(observations)?;
    let hidden = |o: ContentObservation| if late.contains(&o.indicator.id) { o.hidden() } else { o };
    let observations: Vec<ContentObservation> = observations.into_iter().map(hidden).collect();
    let mut items = Vec::new();
    // Read member by member: numbers beside flattened members lose their digits.
    let rows = content.get_mut("results").and_then(Value::as_array_mut).into_iter().flatten();
    for row in rows.filter_map(Value::as_object_mut) {
        let id = |member: Option<&Value>| member.and_then(|m| m["id"].as_str()).unwrap_or_default().to_owned();
        let (indicator, printed) = (id(row.get("indicator")), id(row.get("plan_indicator")));
        let Some(covered) = results.iter().find(|covered| covered.indicator.id == indicator) else { continue };
        items.push(Judged::of(&PlanIndicatorId::from_text(printed), covered));
        if let Value::Object(members) = json!(covered) {
            row.extend(members);
        }
    }
    let goals: Vec<GoalProgress> = read(content.get("goals").unwrap_or(&Value::Null))?;
    let printed: Vec<PrintedProgress> = read(content.get("plan_indicators").unwrap_or(&Value::Null))?;
    // Those that it names are those that it names, with indicators or without.
    let (printed, goals) = Outline::of(goals, printed).judged(&items, true, iter::empty());
    for (name, value) in [("observations", json!(observations)), ("plan_indicators", json!(printed)), ("goals", json!(goals))] {
        content.insert(name.to_owned(), value);
    }
    Ok(())
}

/// A list of the content; none where it has none.
fn read_list<T: DeserializeOwned>(content: &Map<String, Value>, name: &str) -> Result<Vec<T>> {
    content.get(name).map_or_else(|| Ok(Vec::new()), read)
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T> {
    T::deserialize(value).map_err(Error::internal)
}

/// Whether these results reveal anything of one of these indicators.
fn reveals(results: &[ResultRow], indicators: &HashSet<String>) -> bool {
    let speaks = |r: &ResultRow| !r.suppressed && (r.says_something() || !r.contributors.is_empty());
    results.iter().any(|r| indicators.contains(&r.indicator.id) && speaks(r))
}
