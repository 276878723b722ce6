//! Figures and the audit trail: accepted figures at home, published ones elsewhere; events of one's own reach.

use super::Findings;
use super::places::{self, Given, Place, covers};
use super::rows::at_the_gate;
use super::world::{HERE, Person, THERE, Ward, World};
use crate::house::contract::Operation;
use crate::house::json::{list, of_indicator, text};
use crate::house::{PROVINCE, with_query};
use std::collections::{BTreeSet, HashMap};

/// The roles of a ward's own people.
const OWN: [&str; 4] = ["coordinator", "leader", "supervisor", "reporter"];

/// Tries them all.
pub async fn tried(world: &World, people: &[Person], findings: &mut Findings) {
    let document = world.app.document().await;
    // How many events there are of each row.
    let mut events: HashMap<String, usize> = HashMap::new();
    for event in world.app.admin().await.items("/audit-events", &[]).await {
        *events.entry(text(&event, "resource_id").to_owned()).or_default() += 1;
    }
    // The trail first: reading figures leaves more in it.
    let of = |wanted: Place| document.operations().iter().filter(move |o| places::place(o) == Ok(wanted));
    for operation in of(Place::Trail).chain(of(Place::Figures)) {
        for person in people {
            if let Some(due) = at_the_gate(person, operation) {
                let got = person.by.get(&asked(operation, &world.wards[0])).await;
                findings.compare(&person.name, "the figures", &got, due);
            } else if places::place(operation) == Ok(Place::Trail) {
                trail(world, person, &events, findings).await;
            } else {
                for ward in &world.wards {
                    figures(person, operation, ward, findings).await;
                }
            }
        }
    }
}

fn own(grants: &[Given], ward: &Ward) -> bool {
    grants.iter().any(|given| OWN.contains(&given.role) && given.covers(ward.code))
}

fn asked(operation: &Operation, ward: &Ward) -> String {
    match operation.path.as_str() {
        "/api/v1/progress" | "/api/v1/completeness" => with_query(&operation.path, &[("plan", &ward.plan.0), ("period", "2027")]),
        path => path.to_owned(),
    }
}

async fn figures(person: &Person, operation: &Operation, ward: &Ward, findings: &mut Findings) {
    let (by, own) = (&person.by, own(&person.grants, ward));
    let wrong = |told: String| format!("{}: {} of {}: {told}", person.name, operation.path, ward.code);
    match operation.path.as_str() {
        "/api/v1/observations" => {
            let found = by.items("/observations", &[("jurisdiction", ward.code)]).await;
            let seen: BTreeSet<&str> = found.iter().map(|o| text(&o["period"], "id")).collect();
            let accepted = ward.accepted.iter().chain([&ward.year]);
            let due: BTreeSet<&str> =
                if own { accepted.map(String::as_str).collect() } else { ward.published.iter().map(String::as_str).collect() };
            findings.expect(seen == due, || wrong(format!("{seen:?}, not {due:?}")));
        }
        "/api/v1/progress" => {
            let found = by.get(&asked(operation, ward)).await.ok();
            let result = text(of_indicator(list(&found, "indicators"), "4.1"), "result").to_owned();
            // Accepted, and nowhere published.
            findings.expect((result != "not_reported") == own, || wrong(result));
        }
        "/api/v1/completeness" => completeness(person, ward, own, findings).await,
        other => panic!("say in `figures` what {other} shows to whom"),
    }
}

/// Units for a ward's own people, and for everybody else once they were sent; before that what is known of the period.
async fn completeness(person: &Person, ward: &Ward, own: bool, findings: &mut Findings) {
    let above = person.grants.iter().any(|given| given.role == "province" && given.covers(ward.code));
    for (period, station) in [(&ward.year, "draft"), (&ward.published[0], "sent"), (&ward.returned, "returned"), (&ward.unsent, "unsent")] {
        let got = person.by.find("/completeness", &[("plan", &ward.plan.0), ("period", period)]).await;
        let told = match got.status {
            400 => "unknown",
            _ if got.body.get("units").is_some() => "units",
            _ => got.body["wards"][0]["status"].as_str().unwrap_or("nothing"),
        };
        let due = match (own, station) {
            (true, _) => "units",
            // A regular period is known to everybody, that the ward was asked for something else is not.
            (false, "draft") => "missing",
            (false, "unsent") if above => "missing",
            (false, "unsent") => "unknown",
            // As it was sent.
            (false, _) => "units",
        };
        findings.expect(told == due, || format!("{}: completeness of one {station} in {}: {told}, not {due}", person.name, ward.code));
    }
}

/// Events lie where their rows lie; those of nowhere are for the country's administrators.
async fn trail(world: &World, person: &Person, all: &HashMap<String, usize>, findings: &mut Findings) {
    for row in &world.rows {
        let reach =
            |given: &Given| given.role == "admin" && (given.at == "VN" || row.places.first().is_some_and(|place| given.covers(place)));
        let due = if person.grants.iter().any(reach) { all.get(&row.id).copied().unwrap_or_default() } else { 0 };
        let seen = person.by.items("/audit-events", &[("resource_id", row.id.as_str())]).await.len();
        findings.expect(seen == due, || format!("{}: {seen} events of {}, not {due}", person.name, row.name));
    }
    for area in [HERE, THERE, PROVINCE, "VN"] {
        let found = person.by.items("/audit-events", &[("jurisdiction", area), ("action", "report.accepted")]).await;
        let seen: BTreeSet<&str> = found.iter().map(|e| text(e, "jurisdiction")).collect();
        let reach = |ward: &&Ward| covers(area, ward.code) && person.grants.iter().any(|g| g.role == "admin" && g.covers(ward.code));
        let due: BTreeSet<&str> = world.wards.iter().filter(reach).map(|ward| ward.code).collect();
        findings.expect(seen == due, || format!("{}: events of {area}: {seen:?}, not {due:?}", person.name));
    }
}
