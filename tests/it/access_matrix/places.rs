//! Where each operation stands: whose rows it touches, who may read them, and what it answers to somebody who may call it.
//!
//! The roles that may call an operation are said by the document (`x-roles`); here stands what the contract's section 2
//! says of rows. An operation that finds no place here fails the matrix.

use crate::house::PROVINCE;
use crate::house::contract::{Document, Operation};
use std::collections::BTreeSet;

/// A role, somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The role.
    pub role: &'static str,
    /// The administrative unit it was given for.
    pub at: &'static str,
    /// The only responsible unit it holds for.
    pub unit: Option<&'static str>,
}

impl Given {
    /// Whether it holds in an administrative unit: a coordinator's only where it was given.
    pub fn covers(&self, place: &str) -> bool {
        if self.role == "coordinator" { self.at == place } else { covers(self.at, place) }
    }
}

/// A role for all of an administrative unit.
pub fn given(role: &'static str, at: &'static str) -> Given {
    Given { role, at, unit: None }
}

/// A row of the database, as far as access to it goes.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The collection that it stands in.
    pub resource: &'static str,
    /// What it is, for messages.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The administrative units that it belongs to: one, but for accounts.
    pub places: Vec<&'static str>,
    /// The units whose it is; none where it is nobody's in particular.
    pub units: Vec<String>,
    /// Its status, where that decides who reads it.
    pub status: &'static str,
    /// Name and password, where it is an account that signs in.
    pub login: Option<(String, String)>,
}

/// Who reads the rows of a collection.
pub enum Readers {
    /// Everybody, also without signing in.
    Everybody,
    /// Whoever has any role there.
    Anyone,
    /// These roles there, each in these statuses (none named: in every one). A reporter of one unit reads its rows alone.
    Those(&'static [(&'static str, &'static [&'static str])]),
}

const EVERY: &[&str] = &[];

/// The collections, by the first segment of their paths, and who reads their rows.
pub const RESOURCES: &[(&str, Readers)] = &[
    ("jurisdictions", Readers::Everybody),
    ("plans", Readers::Everybody),
    ("goals", Readers::Everybody),
    ("plan-indicators", Readers::Everybody),
    ("disaggregations", Readers::Everybody),
    ("indicators", Readers::Everybody),
    ("units", Readers::Everybody),
    ("tasks", Readers::Everybody),
    ("reporting-periods", Readers::Anyone),
    (
        "reports",
        Readers::Those(&[
            ("coordinator", EVERY),
            ("leader", &["submitted", "returned", "accepted", "consolidated"]),
            ("supervisor", &["submitted", "returned", "accepted", "consolidated"]),
            ("reporter", EVERY),
        ]),
    ),
    (
        "consolidated-reports",
        Readers::Those(&[
            ("coordinator", EVERY),
            ("leader", EVERY),
            ("supervisor", EVERY),
            ("reporter", &["sent", "acknowledged"]),
            ("province", &["sent", "acknowledged", "returned"]),
        ]),
    ),
    ("users", Readers::Those(&[("admin", EVERY)])),
    ("clients", Readers::Those(&[("admin", EVERY)])),
    ("webhooks", Readers::Those(&[("admin", EVERY)])),
];

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It touches nobody's row: whoever may call it gets this.
    Open(u16),
    /// It touches a row that its path names.
    Row(&'static str),
    /// It lists the rows of a collection.
    List(&'static str),
    /// It makes something in a ward that its body names; whoever may gets this.
    Made(u16),
    /// It reads figures: accepted ones at home, published ones elsewhere.
    Figures,
    /// It reads the audit trail.
    Trail,
    /// It has client authentication and errors of its own.
    OAuth,
}

/// Operations whose place their path does not tell.
const OTHERS: &[(&str, Place)] = &[
    ("healthz", Place::Open(200)),
    ("readyz", Place::Open(200)),
    ("metrics", Place::Open(200)),
    ("openapi", Place::Open(200)),
    ("problem_page", Place::Open(200)),
    ("find_authorization_server", Place::Open(200)),
    ("list_signing_keys", Place::Open(200)),
    ("issue_token", Place::OAuth),
    ("revoke_token", Place::OAuth),
    ("introspect_token", Place::OAuth),
    // Asked without a body: what they do with one has tests of its own.
    ("login", Place::Open(422)),
    ("refresh_session", Place::Open(422)),
    ("logout", Place::Open(422)),
    ("get_me", Place::Open(200)),
    ("list_my_sessions", Place::Open(200)),
    // Of somebody else.
    ("delete_my_session", Place::Open(404)),
    // The password and the code are wrong.
    ("change_password", Place::Open(422)),
    ("begin_totp", Place::Open(200)),
    ("confirm_totp", Place::Open(422)),
    ("disable_totp", Place::Open(409)),
    // Its path names the pattern, its body the ward.
    ("copy_plan", Place::Made(201)),
    // There is no such inquiry.
    ("find_inquiry_answers", Place::Open(404)),
    // No rows; none of that id is anybody's own.
    ("create_import", Place::Open(200)),
    ("find_import", Place::Open(404)),
    ("cancel_import", Place::Open(404)),
    ("list_observations", Place::Figures),
    ("find_progress", Place::Figures),
    ("find_completeness", Place::Figures),
    // Whoever asks is told what is published; there is nothing of that name.
    ("find_sdmx_structures", Place::Open(404)),
    ("find_sdmx_data", Place::Open(404)),
    // And its key is none, which is told first.
    ("find_sdmx_availability", Place::Open(400)),
    ("find_sdmx_schema", Place::Open(404)),
    ("find_sdmx_ml_data", Place::Open(404)),
    ("find_sdmx_ml_structures", Place::Open(404)),
    ("list_audit_events", Place::Trail),
    // Whoever is signed in may ask; what he is told has tests of its own.
    ("list_changes", Place::Open(200)),
    // Asked with an empty body: what it shows of an indicator is what progress shows.
    ("project_indicator", Place::Open(422)),
];

/// What an operation that makes something answers to somebody who may. Mostly it is there already.
const MAKING: &[(&str, u16)] = &[
    ("create_user", 409),
    ("create_client", 201),
    ("create_webhook", 201),
    ("create_jurisdiction", 409),
    ("create_plan", 409),
    ("create_goal", 409),
    ("create_plan_indicator", 409),
    ("create_disaggregation", 409),
    ("create_indicator", 409),
    ("create_unit", 409),
    ("create_task", 409),
    ("create_reporting_period", 201),
    ("create_consolidated_report", 409),
];

/// What an operation on a row answers to somebody who may, if it is not 200 to a GET and 412 to a stale `If-Match`.
fn answer_of(operation: &str, row: &Row) -> Option<u16> {
    Some(match operation {
        // None has been submitted, or sent, twice.
        "compare_report_rounds" | "compare_consolidated_reports" => 400,
        "reset_user_password" | "rotate_client_secret" | "rotate_webhook_secret" => 200,
        // There is no delivery of that id.
        "replay_webhook_delivery" => 404,
        "delete_user_session" => 204,
        "reset_user_totp" => 409,
        // Before its deadline; only while the period is open.
        "extend_reporting_period" | "excuse_unit_from_reporting_period" | "transfer_obligation" if row.status == "open" => 422,
        "extend_reporting_period" | "add_unit_to_reporting_period" | "excuse_unit_from_reporting_period" | "transfer_obligation" => 409,
        // There is none of that id.
        "find_amendment" | "update_amendment" | "delete_amendment" | "find_report_comment" | "update_report_comment" => 404,
        "create_amendment" | "create_report_comment" => 201,
        // Nobody is excused.
        "remove_excusal_from_reporting_period" => 404,
        "set_consolidation_deadline" => 200,
        "create_task_update" => 201,
        _ => return None,
    })
}

/// The name of an operation.
pub fn name(operation: &Operation) -> &str {
    operation.value["operationId"].as_str().unwrap_or_default()
}

/// Where an operation stands.
///
/// # Errors
/// What to add, if that is not said.
pub fn place(operation: &Operation) -> Result<Place, String> {
    let own = name(operation);
    let at = format!("{} {} ({own})", operation.method, operation.path);
    if operation.roles().is_empty() {
        return Err(format!("{at} has no x-roles: say in its utoipa attributes who may call it"));
    }
    if let Some((_, place)) = OTHERS.iter().find(|(known, _)| *known == own) {
        return Ok(*place);
    }
    let segments: Vec<&str> = operation.path.strip_prefix("/api/v1/").unwrap_or_default().split('/').collect();
    let resource = segments.first().and_then(|first| RESOURCES.iter().find(|(known, _)| known == first)).map(|(known, _)| *known);
    let missing = |table: &str| Err(format!("{at} has no place: say in `{table}` of tests/it/access_matrix/places.rs {}", why(table)));
    match (resource, segments.get(1), operation.method.as_str()) {
        (Some(resource), None, "GET") => Ok(Place::List(resource)),
        (Some(_), None, "POST") => match MAKING.iter().find(|(known, _)| *known == own) {
            Some((_, answer)) => Ok(Place::Made(*answer)),
            None => missing("MAKING"),
        },
        (Some(resource), Some(&"{id}"), _) if permitted(operation, &Row::default()).is_some() => Ok(Place::Row(resource)),
        (Some(_), Some(&"{id}"), _) => missing("answer_of"),
        (None, Some(&"{id}"), _) | (None, None, _) if segments != [""] => missing("RESOURCES"),
        _ => missing("OTHERS"),
    }
}

fn why(table: &str) -> &'static str {
    match table {
        "MAKING" => "what it answers to somebody who may, and in `World::body` what it is given",
        "answer_of" => "what it answers to somebody who may",
        "RESOURCES" => "who reads the rows of its collection, and add rows of it to `World`",
        _ => "whose rows it touches",
    }
}

/// What an operation on a row answers to somebody who may do it.
pub fn permitted(operation: &Operation, row: &Row) -> Option<u16> {
    answer_of(name(operation), row).or(if operation.if_match() {
        Some(412)
    } else if operation.method == "GET" {
        Some(200)
    } else {
        None
    })
}

/// Everything that stands in the way of trying the document: operations without roles or place, and places without
/// operation.
pub fn gaps(document: &Document) -> Vec<String> {
    let mut gaps: Vec<String> = document.operations().iter().filter_map(|o| place(o).err()).collect();
    let known: BTreeSet<&str> = document.operations().iter().map(name).collect();
    let placed = OTHERS.iter().map(|(own, _)| *own).chain(MAKING.iter().map(|(own, _)| *own));
    gaps.extend(placed.filter(|own| !known.contains(own)).map(|own| format!("the document has no {own}: take its place away")));
    gaps
}

/// Whether an administrative unit is another or lies above it.
pub fn covers(at: &str, place: &str) -> bool {
    at == "VN" || at == place || (at == PROVINCE && place != "VN")
}

fn fits(given: &Given, row: &Row) -> bool {
    given.unit.is_none_or(|own| row.units.is_empty() || row.units.iter().any(|u| u == own))
}

/// Whether somebody with these grants may read a row.
pub fn reads(grants: &[Given], row: &Row) -> bool {
    let there = |given: &&Given| given.at == "VN" || row.places.iter().any(|place| given.covers(place));
    let readers = RESOURCES.iter().find(|(known, _)| *known == row.resource).map(|(_, readers)| readers).expect("a known collection");
    match readers {
        Readers::Everybody => true,
        Readers::Anyone => grants.iter().any(|given| there(&given)),
        Readers::Those(roles) => grants.iter().filter(there).any(|given| {
            let seen = |(role, statuses): &(&str, &[&str])| *role == given.role && (statuses.is_empty() || statuses.contains(&row.status));
            roles.iter().any(seen) && fits(given, row)
        }),
    }
}

/// Whether somebody with these grants may do an operation on a row that he may read: by a role that may call it, given for
/// where the row lies. Who changes an account must reach all of it; who writes for a unit must be of it.
pub fn does(grants: &[Given], operation: &Operation, row: &Row) -> bool {
    if operation.public() {
        return true;
    }
    let reading = operation.method == "GET";
    grants.iter().filter(|given| operation.roles().contains(&given.role)).any(|given| {
        let mut places = row.places.iter().map(|place| given.covers(place));
        let there = if reading { places.any(|c| c) } else { !row.places.is_empty() && places.all(|c| c) };
        (given.at == "VN" || there) && (reading || fits(given, row))
    })
}

/// Whether the roles of these grants may call an operation at all. What every role may call is open to an account without
/// any grant, too.
pub fn calls(grants: &[Given], operation: &Operation) -> bool {
    let roles = operation.roles();
    operation.public() || roles.len() == super::ROLES.len() || grants.iter().any(|given| roles.contains(&given.role))
}
