//! Figures and the audit trail: accepted figures at home, published ones elsewhere; events of one's own reach.

use super::Findings;
use super::places::{self, Given, Place, covers};
use super::rows::at_the_gate;
use super::world::{HERE, Person, THERE, Ward, World};
use crate::house::contract::Operation;
use crate::house::json::{list, of_indicator, text};
use crate::house::{PROVINCE, with_query};
use std::collections::BTreeSet;

/// The roles of a ward's own people.
const OWN: [&str; 4] = ["coordinator", "leader", "supervisor", "reporter"];

/// Tries them all.
pub async fn tried(world: &World, people: &[Person], findings: &mut Findings) {
    let document = world.app.document().await;
    for operation in document.operations() {
        let place = places::place(operation);
        if !matches!(place, Ok(Place::Figures | Place::Trail)) {
            continue;
        }
        for person in people {
            if let Some(due) = at_the_gate(person, operation) {
                let got = person.by.get(&asked(operation, &world.wards[0])).await;
                findings.compare(&person.name, "the figures", &got, due);
            } else if place == Ok(Place::Trail) {
                trail(world, person, findings).await;
            } else {
                for ward in &world.wards {
                    figures(person, operation, ward, findings).await;
                }
            }
        }
    }
}

fn own(grants: &[Given], ward: &Ward) -> bool {
    grants.iter().any(|given| OWN.contains(&given.role) && covers(given.at, ward.code))
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

/// Units for a ward's own people; for the province what the ward has sent; for everybody else what is published.
async fn completeness(person: &Person, ward: &Ward, own: bool, findings: &mut Findings) {
    let by = &person.by;
    let of_units = by.find("/completeness", &[("plan", &ward.plan.0), ("period", "2027")]).await.ok();
    findings.expect(of_units.get("units").is_some() == own, || format!("{}: /completeness of {}: {of_units}", person.name, ward.code));
}

/// Events lie where their rows lie; those of nowhere are for the country's administrators.
async fn trail(world: &World, person: &Person, findings: &mut Findings) {
    let country = world.app.admin().await;
    for row in &world.rows {
        let of_row = [("resource_id", row.id.as_str())];
        let (all, seen) = (country.items("/audit-events", &of_row).await.len(), person.by.items("/audit-events", &of_row).await.len());
        let reach =
            |given: &Given| given.role == "admin" && (given.at == "VN" || row.places.first().is_some_and(|place| covers(given.at, place)));
        let due = if person.grants.iter().any(reach) { all } else { 0 };
        findings.expect(seen == due, || format!("{}: {seen} events of {}, not {due} of {all}", person.name, row.name));
    }
    for area in [HERE, THERE, PROVINCE, "VN"] {
        let found = person.by.items("/audit-events", &[("jurisdiction", area), ("action", "report.accepted")]).await;
        let seen: BTreeSet<&str> = found.iter().map(|e| text(e, "jurisdiction")).collect();
        let reach = |ward: &&Ward| covers(area, ward.code) && person.grants.iter().any(|g| g.role == "admin" && covers(g.at, ward.code));
        let due: BTreeSet<&str> = world.wards.iter().filter(reach).map(|ward| ward.code).collect();
        findings.expect(seen == due, || format!("{}: events of {area}: {seen:?}, not {due:?}", person.name));
    }
}
