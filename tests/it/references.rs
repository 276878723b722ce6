//! Every parameter and every member of a body that names another resource, found in the document: what it says to a code or
//! id of nothing, to a row of another plan, and to a code that fits several. Section 1 of the contract.

use crate::house::contract::Document;
use crate::house::json::{mark, text, with};
use crate::house::steps::{Period, Report, body, cell, in_days};
use crate::house::{Actor, Answer, NOBODY, PLAN, PROVINCE, TestApp, WARD, with_query};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

on_both![every_filter_goes_by_one_rule, every_body_goes_by_one_rule, every_reference_of_the_document_is_tried];

/// Another ward of the province, with a plan of the same code.
const THERE: &str = "09367";
const YEAR: &str = "2027";

/// What a text names, and the texts by which it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Plan,
    Goal,
    PlanIndicator,
    Indicator,
    Dimension,
    Unit,
    Period,
    Report,
    Jurisdiction,
    Account,
    BudgetSource,
    /// A value of a dimension, under the name of the dimension.
    Value,
}
use Kind::{Account, BudgetSource, Dimension, Goal, Indicator, Jurisdiction, PlanIndicator, Report as OfReport, Unit};

/// The references of queries: path below `/api/v1`, parameter, what it names.
const QUERIES: &[(&str, &str, Kind)] = &[
    ("/users", "jurisdiction", Jurisdiction),
    ("/clients", "jurisdiction", Jurisdiction),
    ("/jurisdictions", "parent", Jurisdiction),
    ("/plans", "jurisdiction", Jurisdiction),
    ("/goals", "plan", Kind::Plan),
    ("/goals", "jurisdiction", Jurisdiction),
    ("/plan-indicators", "plan", Kind::Plan),
    ("/plan-indicators", "goal", Goal),
    ("/plan-indicators", "jurisdiction", Jurisdiction),
    ("/disaggregations", "plan", Kind::Plan),
    ("/disaggregations", "jurisdiction", Jurisdiction),
    ("/indicators", "plan", Kind::Plan),
    ("/indicators", "goal", Goal),
    ("/indicators", "plan_indicator", PlanIndicator),
    ("/indicators", "period", Kind::Period),
    ("/plans/{id}/outline", "period", Kind::Period),
    ("/indicators", "unit", Unit),
    ("/indicators", "jurisdiction", Jurisdiction),
    ("/units", "jurisdiction", Jurisdiction),
    ("/units", "plan", Kind::Plan),
    ("/units", "parent", Unit),
    ("/tasks", "plan", Kind::Plan),
    ("/tasks", "jurisdiction", Jurisdiction),
    ("/tasks", "goal", Goal),
    ("/tasks", "indicator", Indicator),
    ("/tasks", "unit", Unit),
    ("/reporting-periods", "plan", Kind::Plan),
    ("/reporting-periods", "jurisdiction", Jurisdiction),
    ("/reports", "plan", Kind::Plan),
    ("/reports", "period", Kind::Period),
    ("/reports", "unit", Unit),
    ("/reports", "jurisdiction", Jurisdiction),
    ("/consolidated-reports", "plan", Kind::Plan),
    ("/consolidated-reports", "period", Kind::Period),
    ("/consolidated-reports", "jurisdiction", Jurisdiction),
    ("/observations", "plan", Kind::Plan),
    ("/observations", "jurisdiction", Jurisdiction),
    ("/observations", "indicator", Indicator),
    ("/observations", "goal", Goal),
    ("/observations", "unit", Unit),
    ("/observations", "period", Kind::Period),
    ("/observations", "disaggregation", Kind::Value),
    ("/completeness", "plan", Kind::Plan),
    ("/completeness", "jurisdiction", Jurisdiction),
    ("/completeness", "period", Kind::Period),
    ("/progress", "plan", Kind::Plan),
    ("/progress", "jurisdiction", Jurisdiction),
    ("/progress", "period", Kind::Period),
    ("/audit-events", "actor", Account),
    ("/audit-events", "jurisdiction", Jurisdiction),
];

/// Parameters that are words, dates and the like.
const WORDS_OF_QUERIES: &[&str] = &[
    "dry_run",
    "mode",
    "format",
    "headers",
    "delimiter",
    "decimal",
    "limit",
    "cursor",
    "sort",
    "include_total",
    "q",
    "active",
    "role",
    "updated_since",
    "as_of",
    "code",
    "level",
    "kind",
    "status",
    "year",
    "field",
    "frequency",
    "restricted",
    "is_group",
    "reports",
    "label",
    "request_id",
    "inquiry",
    "late",
    "due_before",
    "revision",
    "from",
    "to",
    "action",
    "resource",
    "resource_id",
    "after",
    "types",
    "wait",
];

/// The references of bodies: operation, pointer (`*` for a place in a list), what it names.
const BODIES: &[(&str, &str, Kind)] = &[
    ("create_user", "/grants/*/jurisdiction", Jurisdiction),
    ("create_user", "/grants/*/unit", Unit),
    ("update_user", "/grants/*/jurisdiction", Jurisdiction),
    ("update_user", "/grants/*/unit", Unit),
    ("create_client", "/grants/*/jurisdiction", Jurisdiction),
    ("create_client", "/grants/*/unit", Unit),
    ("update_client", "/grants/*/jurisdiction", Jurisdiction),
    ("update_client", "/grants/*/unit", Unit),
    ("create_jurisdiction", "/parent", Jurisdiction),
    ("update_jurisdiction", "/parent", Jurisdiction),
    ("create_plan", "/jurisdiction", Jurisdiction),
    ("create_plan", "/replaces", Kind::Plan),
    ("update_plan", "/replaces", Kind::Plan),
    ("create_goal", "/plan", Kind::Plan),
    ("update_goal", "/plan", Kind::Plan),
    ("create_plan_indicator", "/plan", Kind::Plan),
    ("create_plan_indicator", "/goal", Goal),
    ("update_plan_indicator", "/plan", Kind::Plan),
    ("update_plan_indicator", "/goal", Goal),
    ("create_disaggregation", "/plan", Kind::Plan),
    ("update_disaggregation", "/plan", Kind::Plan),
    ("create_indicator", "/plan", Kind::Plan),
    ("create_indicator", "/goal", Goal),
    ("create_indicator", "/plan_indicator", PlanIndicator),
    ("create_indicator", "/continues", Indicator),
    ("create_indicator", "/units/*/unit", Unit),
    ("create_indicator", "/disaggregations/*/dimension", Dimension),
    ("update_indicator", "/plan", Kind::Plan),
    ("update_indicator", "/goal", Goal),
    ("update_indicator", "/plan_indicator", PlanIndicator),
    ("update_indicator", "/continues", Indicator),
    ("update_indicator", "/units/*/unit", Unit),
    ("update_indicator", "/disaggregations/*/dimension", Dimension),
    ("create_unit", "/jurisdiction", Jurisdiction),
    ("create_unit", "/parent", Unit),
    ("update_unit", "/parent", Unit),
    ("dissolve_unit", "/successors/*", Unit),
    ("dissolve_jurisdiction", "/successors/*", Jurisdiction),
    ("create_task", "/plan", Kind::Plan),
    ("create_task", "/goals/*", Goal),
    ("create_task", "/indicators/*", Indicator),
    ("create_task", "/assignments/*/unit", Unit),
    ("create_task", "/budget/*/source", BudgetSource),
    ("update_task", "/plan", Kind::Plan),
    ("update_task", "/goals/*", Goal),
    ("update_task", "/indicators/*", Indicator),
    ("update_task", "/assignments/*/unit", Unit),
    ("update_task", "/budget/*/source", BudgetSource),
    ("create_task_update", "/report", OfReport),
    ("copy_plan", "/jurisdiction", Jurisdiction),
    ("create_reporting_period", "/plan", Kind::Plan),
    ("create_reporting_period", "/jurisdictions/*", Jurisdiction),
    ("create_reporting_period", "/units/*", Unit),
    ("create_reporting_period", "/indicators/*", Indicator),
    ("update_reporting_period", "/plan", Kind::Plan),
    ("update_reporting_period", "/units/*", Unit),
    ("update_reporting_period", "/indicators/*", Indicator),
    ("extend_reporting_period", "/unit", Unit),
    ("add_unit_to_reporting_period", "/unit", Unit),
    ("excuse_unit_from_reporting_period", "/unit", Unit),
    ("transfer_obligation", "/indicator", Indicator),
    ("transfer_obligation", "/from_unit", Unit),
    ("transfer_obligation", "/to_unit", Unit),
    ("update_report_observations", "/observations/*/indicator", Indicator),
    ("return_report", "/remarks/*/indicator", Indicator),
    ("create_report_comment", "/indicator", Indicator),
    ("create_webhook", "/jurisdiction", Jurisdiction),
    ("update_webhook", "/jurisdiction", Jurisdiction),
    ("project_indicator", "/plan", Kind::Plan),
    ("project_indicator", "/indicator", Indicator),
    ("create_consolidated_report", "/plan", Kind::Plan),
    ("create_consolidated_report", "/period", Kind::Period),
    ("update_consolidated_report", "/resolutions/*/indicator", Indicator),
    ("update_consolidated_report", "/resolutions/*/unit", Unit),
];

/// References that a change may not alter, so that nothing is looked up, or that other tests try.
const FIXED: &[(&str, &str)] = &[
    ("update_plan", "/jurisdiction"),
    // Beside a plan that must be named: tried by the tests of tables.
    ("project_indicator", "/period"),
    // A row of an import has a fate of its own: tried by the tests of imports.
    ("create_import", "/rows/*/jurisdiction"),
    ("create_import", "/rows/*/plan"),
    ("create_import", "/rows/*/unit"),
    ("create_import", "/rows/*/period"),
    ("create_import", "/rows/*/indicator"),
    ("create_import", "/rows/*/numerator"),
    ("create_import", "/rows/*/denominator"),
    ("create_import", "/rows/*/status"),
    ("create_import", ""),
    ("update_unit", "/jurisdiction"),
    ("update_reporting_period", "/jurisdictions/*"),
    // Codes of a plan's own indicators: a rule is silent where one is not there (yet).
    ("create_plan", "/validation_rules/*/left/*/indicator"),
    ("create_plan", "/validation_rules/*/right/*/indicator"),
    ("update_plan", "/validation_rules/*/left/*/indicator"),
    ("update_plan", "/validation_rules/*/right/*/indicator"),
    // It is looked up in the province's plan: tried by the tests of the catalogue.
    ("create_indicator", "/counterpart"),
    ("update_indicator", "/counterpart"),
    // A plan's amendments have ids alone: tried by the tests of the catalogue.
    ("create_goal", "/amendment"),
    ("update_goal", "/amendment"),
    ("create_indicator", "/amendment"),
    ("update_indicator", "/amendment"),
    ("create_task", "/amendment"),
    ("update_task", "/amendment"),
    ("create_unit", "/amendment"),
    ("update_unit", "/amendment"),
    // Codes of dimensions: one that the indicator is not split by divides nothing.
    ("create_indicator", "/targets/*/applies_to_each/*"),
    ("update_indicator", "/targets/*/applies_to_each/*"),
];

/// Members of these names are words, not references; so are the codes by which a plan's own content speaks of its printed items.
const WORDS_OF_BODIES: &[&str] = &[
    "username",
    "password",
    "totp",
    "refresh_token",
    "current_password",
    "new_password",
    "display_name",
    "description",
    "email",
    "phone",
    "name",
    "allowed_addresses",
    "code",
    "document_type",
    "number_in_plan",
    "number_official",
    "date_in_plan",
    "editorial_note",
    "purpose",
    "from_unit_codes",
    "to_unit_code",
    "last_day_on_strict_reading",
    "timezone",
    "set_by",
    "data_cutoff",
    "recurrence",
    "task_codes",
    "solution_codes",
    "kind",
    "indicator_code",
    "letter",
    "goal_code",
    "as_in_plan",
    "likely_intended",
    "note",
    "editorial_notes",
    "label",
    "key",
    "scheme",
    "values",
    "text",
    "url",
    "verified_note",
    "value",
    "why",
    "short_name",
    "agency_code",
    "instructions",
    "organisation",
    "basis",
    "reason",
    "remark",
    "vi",
    "en",
    "section",
    "quote",
    "not_applicable",
    "direction",
    "results",
    "difficulties",
    "causes",
    "next_steps",
    "proposals",
    "narrative",
    "document_number",
    "position",
    "of",
];

/// The members of a schema that may be any text, by pointer.
fn texts(document: &Document, schema: &Value, at: &str, within: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        if within.contains(name) {
            return;
        }
        let within = within.iter().cloned().chain([name.to_owned()]).collect();
        return texts(document, document.resolve(schema), at, &within, found);
    }
    for way in ["allOf", "anyOf", "oneOf"] {
        schema[way].as_array().into_iter().flatten().for_each(|s| texts(document, s, at, within, found));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        texts(document, member, &format!("{at}/{name}"), within, found);
    }
    if schema["items"].is_object() {
        texts(document, &schema["items"], &format!("{at}/*"), within, found);
    }
    let typed = schema["type"] == "string" || schema["type"].as_array().is_some_and(|all| all.contains(&json!("string")));
    if typed && schema["enum"].is_null() && schema["format"].is_null() {
        found.insert(at.to_owned());
    }
}

async fn every_reference_of_the_document_is_tried(app: TestApp) {
    let document = app.document().await;
    let mut missing = Vec::new();
    for operation in document.operations().iter().filter(|o| o.path.starts_with("/api/v1")) {
        let (path, id) = (operation.path.trim_start_matches("/api/v1"), text(&operation.value, "operationId"));
        for parameter in operation.parameters("query") {
            let name = text(parameter, "name");
            if !WORDS_OF_QUERIES.contains(&name) && !QUERIES.iter().any(|q| (q.0, q.1) == (path, name)) {
                missing.push(format!("{path}?{name}"));
            }
        }
        let mut found = BTreeSet::new();
        for content in operation.value["requestBody"]["content"].as_object().into_iter().flat_map(|c| c.values()) {
            texts(&document, &content["schema"], "", &BTreeSet::new(), &mut found);
        }
        for pointer in found {
            let word = pointer.rsplit('/').find(|s| *s != "*").is_none_or(|name| WORDS_OF_BODIES.contains(&name));
            let fixed = FIXED.contains(&(id, &pointer));
            if !word && !fixed && !BODIES.iter().any(|b| (b.0, b.1) == (id, pointer.as_str())) {
                missing.push(format!("{id} {pointer}"));
            }
        }
    }
    assert!(missing.is_empty(), "these texts are neither words nor references that are tried: {missing:#?}");
}

/// Two wards whose plans have the same code and the same content, each with a year in which everything was delivered.
struct World {
    by: Actor,
    admin: Actor,
    /// The ids of the rows of the same code, here and there.
    rows: BTreeMap<Kind, [String; 2]>,
    /// A report that may be edited, one that was submitted, and a draft of a consolidated report: all of them here.
    report: Report,
    submitted: Report,
    consolidated: String,
    /// A period that is open, and one that is planned: here.
    open: String,
    planned: String,
}

fn code_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => PLAN,
        Goal => "G4",
        PlanIndicator => "4.1",
        Indicator => "4.1",
        Dimension => "sex",
        Unit => "U7",
        Kind::Period => YEAR,
        Jurisdiction => THERE,
        Account => "t-admin--",
        BudgetSource => "B1",
        Kind::Value => "female",
        OfReport => "",
    }
}

/// A code of nothing.
fn nothing(kind: Kind) -> &'static str {
    if kind == Jurisdiction { "99999" } else { "X-NO-SUCH" }
}

impl World {
    async fn of(app: &TestApp) -> Self {
        let ward =
            json!({"code": THERE, "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
        let admin = app.admin().await;
        admin.post("/jurisdictions", &ward).await.with_status(201);
        let by = app.coordinator_of(&[WARD, THERE]).await;
        let here = by.by_code("/plans", PLAN).await;
        let copy = json!({"jurisdiction": THERE, "title": {"vi": "Kế hoạch phường Từ Sơn", "en": null}});
        let there = by.post(&format!("/plans/{}/copy", text(&here, "id")), &copy).await.with_status(201);
        by.patch(&format!("/plans/{}", text(&there, "id")), &json!({"status": "active", "code": PLAN})).await.with_status(200);
        let plans = [text(&here, "id").to_owned(), text(&there, "id").to_owned()];
        let mut rows = BTreeMap::new();
        for (kind, path) in [
            (Goal, "/goals"),
            (PlanIndicator, "/plan-indicators"),
            (Indicator, "/indicators"),
            (Dimension, "/disaggregations"),
            (Unit, "/units"),
        ] {
            rows.insert(kind, pair(&by, path, "plan", &plans, ("code", code_of(kind))).await);
        }
        let mut reports = Vec::new();
        for plan in &plans {
            let year = Period::regular(app, &by, plan, YEAR, &["U5", "U6"], &["4.1", "3.1"]).await;
            let found = by.items("/reports", &[("period", &year.id)]).await;
            let of = |unit: &str| found.iter().find(|r| r["unit"]["code"] == unit).map(|r| text(r, "id").to_owned());
            reports.push((year.id, of("U5").expect("U5's"), of("U6").expect("U6's")));
        }
        rows.insert(Kind::Period, [reports[0].0.clone(), reports[1].0.clone()]);
        rows.insert(OfReport, [reports[0].1.clone(), reports[1].1.clone()]);
        rows.insert(Kind::Plan, plans.clone());
        let consolidated = by.post("/consolidated-reports", &json!({"period": reports[0].0})).await.with_status(201);
        let submitted = Report::of(app, &reports[0].1, "U5");
        submitted.submit(&[cell("4.1", 109, 100)]).await;
        let planned = with(&body(&["U5"], &["4.1"], 30 * 24 * 60), &json!({"plan": plans[0], "opens_at": in_days(20)}));
        let planned = by.post("/reporting-periods", &planned).await.with_status(201);
        Self {
            admin,
            rows,
            report: Report::of(app, &reports[0].2, "U6"),
            submitted,
            consolidated: format!("/consolidated-reports/{}", text(&consolidated, "id")),
            open: format!("/reporting-periods/{}", reports[0].0),
            planned: format!("/reporting-periods/{}", text(&planned, "id")),
            by,
        }
    }

    /// The ids of the rows that a code of this kind fits.
    fn ids(&self, kind: Kind) -> &[String] {
        self.rows.get(&kind).map_or(&[], |pair| &pair[..])
    }

    fn plan_there(&self) -> &str {
        &self.rows[&Kind::Plan][1]
    }
}

/// The ids of two rows of the same code, one in each plan.
async fn pair(by: &Actor, path: &str, parameter: &str, plans: &[String; 2], wanted: (&str, &str)) -> [String; 2] {
    let mut ids = Vec::new();
    for plan in plans {
        let found = by.items(path, &[(parameter, plan), wanted]).await;
        assert_eq!(found.len(), 1, "{path} {wanted:?} of {plan}");
        ids.push(text(&found[0], "id").to_owned());
    }
    ids.try_into().expect("two")
}

/// What was not as it should be.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    /// Refused as a reference at this place, with words that name the value.
    fn unless_refused(&mut self, answer: &Answer, status: u16, code: &str, place: &str, value: &str) {
        let fault = answer.body["errors"].as_array().into_iter().flatten().find(|e| e["pointer"] == place);
        let named = fault.is_some_and(|f| f["code"] == code && text(f, "detail").contains(value));
        self.unless(answer.status == status && named, answer, &format!("{status} {code} at {place} that names {value}"));
    }

    fn unless_ok(&mut self, answer: &Answer) {
        self.unless((200..300).contains(&answer.status), answer, "a success");
    }

    fn unless(&mut self, right: bool, answer: &Answer, want: &str) {
        if !right {
            self.0.push(format!("not {want}: {}", answer.excerpt()));
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "{} faults:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// What a query needs beside the parameter that is tried.
fn needed<'a>(world: &'a World, path: &str, parameter: &str) -> Vec<(&'a str, &'a str)> {
    let reading = matches!(path, "/progress" | "/completeness");
    let mut needed = Vec::new();
    if reading && parameter != "period" {
        needed.push(("period", YEAR));
    }
    if reading && parameter == "period" {
        needed.push(("plan", world.ids(Kind::Plan)[0].as_str()));
    }
    needed
}

async fn every_filter_goes_by_one_rule(app: TestApp) {
    let mut wrong = Wrong::default();
    let world = World::of(&app).await;
    for (path, parameter, kind) in QUERIES {
        let path = &path.replace("{id}", world.rows[&Kind::Plan][0].as_str());
        let by = if matches!(path.as_str(), "/users" | "/clients" | "/audit-events" | "/jurisdictions") { &world.admin } else { &world.by };
        let parameter = &if *kind == Kind::Value { format!("{parameter}.sex") } else { (*parameter).to_owned() };
        let beside = needed(&world, path, parameter);
        let ask = async |value: &str, more: &[(&str, &str)]| {
            let query: Vec<(&str, &str)> = [(parameter.as_str(), value)].iter().chain(&beside).chain(more).copied().collect();
            by.find(path, &query).await
        };
        let nothing = nothing(*kind);
        wrong.unless_refused(&ask(nothing, &[]).await, 400, "reference.unknown", parameter, nothing);
        // An account that is no longer there is known by its id; an official code is shorter than an id.
        if !matches!(kind, Account | Jurisdiction) {
            wrong.unless_refused(&ask(NOBODY, &[]).await, 400, "reference.unknown", parameter, NOBODY);
        }
        let (code, ids) = (code_of(*kind), world.ids(*kind));
        let is_reading = matches!(path.as_str(), "/progress" | "/completeness") || path.ends_with("/outline");
        match kind {
            // One plan is meant.
            Kind::Plan => {
                wrong.unless_refused(&ask(code, &[]).await, 400, "reference.ambiguous", parameter, code);
                wrong.unless_ok(&ask(code, &[("jurisdiction", THERE)]).await);
                wrong.unless_ok(&ask(&ids[0], &[]).await);
                wrong.unless_refused(&ask(&ids[0], &[("jurisdiction", THERE)]).await, 400, "reference.unknown", parameter, &ids[0]);
            }
            Jurisdiction => wrong.unless_ok(&ask(code, &[]).await),
            Account => wrong.unless_ok(&ask("t-admin--", &[]).await),
            Kind::Value => wrong.unless_ok(&ask(code, &[]).await),
            Kind::Period if is_reading => wrong.unless_ok(&ask(code, &[]).await),
            // A code stands for every row that it fits.
            _ => {
                wrong.unless_ok(&ask(&ids[0].to_uppercase(), &[]).await);
                wrong.unless_refused(&ask(&ids[0], &[("plan", world.plan_there())]).await, 400, "reference.unknown", parameter, &ids[0]);
                wrong.unless_refused(&ask(&ids[0], &[("jurisdiction", THERE)]).await, 400, "reference.unknown", parameter, &ids[0]);
                let count = async |value: &str, more: &[(&str, &str)]| ask(value, more).await.body["items"].as_array().map(Vec::len);
                let most = [("limit", "500")];
                let apart = [count(&ids[0], &most).await.unwrap_or(999), count(&ids[1], &most).await.unwrap_or(999)];
                for (more, want) in [
                    (None, apart[0] + apart[1]),
                    (Some(("jurisdiction", PROVINCE)), apart[0] + apart[1]),
                    (Some(("jurisdiction", THERE)), apart[1]),
                    (Some(("plan", world.plan_there())), apart[1]),
                ] {
                    let query: Vec<(&str, &str)> = most.into_iter().chain(more).collect();
                    let answer = ask(code, &query).await;
                    wrong.unless(answer.body["items"].as_array().map(Vec::len) == Some(want), &answer, &format!("{want} rows"));
                }
            }
        }
    }
    // What is named beside a reference by its period is looked up in the period's plan.
    let [here, there] = &world.rows[&Unit];
    let of_there = world.rows[&Kind::Period][1].as_str();
    wrong.unless_refused(&world.by.find("/reports", &[("period", of_there), ("unit", here)]).await, 400, "reference.unknown", "unit", here);
    wrong.unless_ok(&world.by.find("/reports", &[("period", of_there), ("unit", there)]).await);
    let told = world.by.find("/goals", &[("plan", PLAN)]).await.problem(400, "reference.ambiguous");
    assert!(text(&told, "detail").contains("jurisdiction"), "{told}");
    // Only the periods of a plan's years are those of the readings.
    for path in ["/progress", "/completeness"] {
        for place in [("plan", world.plan_there()), ("jurisdiction", PROVINCE)] {
            let told = world.by.get(&with_query(path, &[place, ("period", "2099")])).await;
            wrong.unless_refused(&told, 400, "reference.unknown", "period", "2099");
        }
    }
    wrong.none();
}

/// A body that an operation takes, and how it is sent; the references in it are right.
async fn request(world: &World, operation: &str) -> (&'static str, String, Value) {
    let [plan, _] = &world.rows[&Kind::Plan];
    let name = json!({"vi": "Tên", "en": null});
    let grants = json!([{"role": "supervisor", "jurisdiction": WARD}]);
    let person =
        |by: Value| with(&json!({"username": format!("r-{}", mark().to_lowercase()), "display_name": "Ai", "grants": grants}), &by);
    let goal = json!({"plan": plan, "code": format!("G-{}", mark()), "ordinal": 90, "field": name, "title": name});
    let printed = json!({"plan": plan, "goal": "G4", "code": mark(), "label": "Chỉ tiêu", "statement": name});
    let dimension = json!({"plan": plan, "code": format!("d{}", mark()), "name": name, "values": []});
    let indicator = json!({"plan": plan, "goal": "G4", "code": mark(), "plan_indicator": "4.1", "continues": "4.1", "name": name, "statement": name,
        "measure_kind": "count", "unit_of_measure": name, "direction": "at_least", "targets": [], "frequency": "annual",
        "reference_period": "calendar_year", "numerator_definition": name, "roll_up": "sum", "zero_denominator": "not_applicable",
        "units": [{"unit": "U5", "duty": "report", "basis": "explicit"}],
        "disaggregations": [{"dimension": "sex", "additive": true, "expected": false}]});
    let unit = json!({"jurisdiction": WARD, "code": format!("U{}", mark()), "kind": "school", "name": name, "parent": "U7",
        "is_group": false, "reports": true, "active": true});
    let task = json!({"plan": plan, "code": mark(), "kind": "task", "text": name, "goals": ["G4"], "indicators": ["4.1"],
        "assignments": [{"unit": "U5", "role": "lead"}], "status": "not_started", "percent_complete": 0,
        "budget": [{"source": "B1", "year": 2027, "planned": 1, "spent": 0}]});
    let period = with(&body(&["U5"], &["4.1"], 30 * 24 * 60), &json!({"plan": plan, "opens_at": in_days(20)}));
    let made = async |path: &str, body: &Value| format!("{path}/{}", text(&world.by.post(path, body).await.with_status(201), "id"));
    let post = |path: &str, body: &Value| ("POST", path.to_owned(), body.clone());
    match operation {
        "create_user" => post("/users", &person(json!({}))),
        "create_client" => post("/clients", &json!({"name": format!("r-{}", mark()), "grants": grants})),
        "update_user" => {
            let made = world.admin.post("/users", &person(json!({}))).await.with_status(201);
            ("PATCH", format!("/users/{}", text(&made, "id")), json!({"grants": grants}))
        }
        "update_client" => {
            let made = world.admin.post("/clients", &json!({"name": format!("r-{}", mark()), "grants": grants})).await.with_status(201);
            ("PATCH", format!("/clients/{}", text(&made, "id")), json!({"grants": grants}))
        }
        "create_webhook" => post("/webhooks", &json!({"url": "https://example.org/nhan", "types": ["plan.updated"], "jurisdiction": WARD})),
        "update_webhook" => {
            let body = json!({"url": "https://example.org/nhan", "types": ["plan.updated"], "jurisdiction": WARD});
            let made = world.admin.post("/webhooks", &body).await.with_status(201);
            ("PATCH", format!("/webhooks/{}", text(&made, "id")), json!({"jurisdiction": WARD}))
        }
        "project_indicator" => post("/projections", &json!({"plan": plan, "indicator": "4.1", "period": YEAR})),
        "create_jurisdiction" => {
            post("/jurisdictions", &json!({"code": "09999", "name": name, "level": "commune", "kind": "ward", "parent": PROVINCE}))
        }
        "update_jurisdiction" => {
            let there = world.admin.by_code("/jurisdictions", THERE).await;
            ("PATCH", format!("/jurisdictions/{}", text(&there, "id")), json!({"parent": PROVINCE}))
        }
        "create_plan" => post(
            "/plans",
            &json!({"jurisdiction": WARD, "code": mark(), "title": name, "start_year": 2040, "end_year": 2041, "replaces": null}),
        ),
        "update_plan" => {
            let draft = json!({"jurisdiction": WARD, "code": mark(), "title": name, "start_year": 2040, "end_year": 2041});
            ("PATCH", made("/plans", &draft).await, json!({"replaces": null}))
        }
        "copy_plan" => post(&format!("/plans/{plan}/copy"), &json!({"jurisdiction": THERE, "title": name})),
        "create_goal" => post("/goals", &goal),
        "update_goal" => ("PATCH", format!("/goals/{}", world.rows[&Goal][0]), json!({"plan": PLAN})),
        "create_plan_indicator" => post("/plan-indicators", &printed),
        "update_plan_indicator" => ("PATCH", made("/plan-indicators", &printed).await, json!({"plan": PLAN, "goal": "G4"})),
        "create_disaggregation" => post("/disaggregations", &dimension),
        "update_disaggregation" => ("PATCH", format!("/disaggregations/{}", world.rows[&Dimension][0]), json!({"plan": PLAN})),
        "create_indicator" => post("/indicators", &indicator),
        "update_indicator" => ("PATCH", made("/indicators", &indicator).await, indicator),
        "create_unit" => post("/units", &unit),
        "update_unit" => ("PATCH", made("/units", &unit).await, json!({"parent": "U7"})),
        "dissolve_unit" => {
            let body = json!({"on": "2099-01-01", "successors": ["U5"], "reason": "Sáp nhập"});
            ("ACT", format!("{}/dissolve", made("/units", &unit).await), body)
        }
        "dissolve_jurisdiction" => {
            let there = world.admin.by_code("/jurisdictions", THERE).await;
            let body = json!({"on": "2099-01-01", "successors": [WARD], "reason": "Sáp nhập"});
            ("ACT", format!("/jurisdictions/{}/dissolve", text(&there, "id")), body)
        }
        "create_task" => post("/tasks", &task),
        "update_task" => ("PATCH", made("/tasks", &task).await, task),
        "create_task_update" => {
            let body = json!({"status": "in_progress", "percent_complete": 10, "report": world.rows[&OfReport][0]});
            post(&format!("{}/updates", made("/tasks", &task).await), &body)
        }
        "create_reporting_period" => post("/reporting-periods", &period),
        "update_reporting_period" => ("PATCH", world.planned.clone(), json!({"plan": PLAN, "units": ["U5"], "indicators": ["4.1"]})),
        "extend_reporting_period" => {
            let body = json!({"unit": "U6", "due_at": in_days(40), "reason": "Lụt"});
            ("ACT", format!("{}/extensions", world.open), body)
        }
        "add_unit_to_reporting_period" => ("ACT", format!("{}/units", world.open), json!({"unit": "U4"})),
        "excuse_unit_from_reporting_period" => ("ACT", format!("{}/excusals", world.open), json!({"unit": "U6", "reason": "Giải thể"})),
        "transfer_obligation" => {
            let body = json!({"indicator": "4.1", "from_unit": "U5", "to_unit": "U6", "reason": "Sáp nhập"});
            ("ACT", format!("{}/transfers", world.open), body)
        }
        "update_report_observations" => {
            ("PATCH", format!("{}/observations", world.report.path), json!({"observations": [cell("3.1", 1, 2)]}))
        }
        "create_report_comment" => ("ACT", format!("{}/comments", world.report.path), json!({"indicator": "3.1", "text": "Đã đủ chưa?"})),
        "return_report" => {
            let body = json!({"reason": "Xem lại", "remarks": [{"indicator": "4.1", "remark": "Kiểm tra"}]});
            ("ACT", format!("{}/return", world.submitted.path), body)
        }
        "create_consolidated_report" => post("/consolidated-reports", &json!({"plan": plan, "period": YEAR})),
        "update_consolidated_report" => {
            let body = json!({"resolutions": [{"indicator": "3.1", "unit": "U5", "reason": "Đúng hơn"}]});
            ("PATCH", world.consolidated.clone(), body)
        }
        other => panic!("say in `request` what {other} is given"),
    }
}

async fn send(world: &World, by: &Actor, (method, path, body): &(&str, String, Value)) -> Answer {
    let of = match path.strip_suffix("/observations").filter(|_| *method == "PATCH") {
        Some(of) => of,
        None => path,
    };
    match *method {
        "POST" => by.post(path, body).await,
        "PATCH" => by.patch_of(of, path, body).await,
        _ => {
            let (of, verb) = path.rsplit_once('/').expect("a verb");
            let _ = world;
            by.act(of, verb, body).await
        }
    }
}

async fn every_body_goes_by_one_rule(app: TestApp) {
    let mut wrong = Wrong::default();
    let world = World::of(&app).await;
    let reporter = app.reporter("U6").await;
    for (operation, pointer, kind) in BODIES {
        let by = match *operation {
            "create_user"
            | "update_user"
            | "create_client"
            | "update_client"
            | "create_webhook"
            | "update_webhook"
            | "create_jurisdiction"
            | "update_jurisdiction"
            | "dissolve_jurisdiction" => &world.admin,
            "update_report_observations" => &reporter,
            _ => &world.by,
        };
        let place = pointer.replace('*', "0");
        let (method, path, mut body) = request(&world, operation).await;
        if *pointer == "/jurisdictions/*" {
            body.as_object_mut().unwrap().remove("plan");
            body["jurisdictions"] = json!([WARD]);
        }
        if pointer.ends_with("/unit") && body.pointer(&place).is_none() {
            body["grants"][0]["unit"] = json!("U5");
            body["grants"][0]["role"] = json!("reporter");
        }
        let ask = async |value: &str| {
            let mut body = body.clone();
            *body.pointer_mut(&place).unwrap_or_else(|| panic!("{operation} has no {place}")) = json!(value);
            send(&world, by, &(method, path.clone(), body)).await
        };
        let texts = [nothing(*kind), NOBODY];
        // An official code is shorter than an id.
        for nothing in texts.into_iter().filter(|text| *kind != Jurisdiction || text.len() < 17) {
            wrong.unless_refused(&ask(nothing).await, 422, "reference.unknown", &place, nothing);
        }
        let changes = operation.starts_with("update_");
        match (kind, world.ids(*kind)) {
            // Of another ward.
            (Kind::Plan, [_, there]) if *pointer == "/replaces" => {
                wrong.unless_refused(&ask(there).await, 422, "reference.unknown", &place, there);
            }
            (Kind::Plan, [_, there]) if changes => {
                let told = ask(there).await;
                wrong.unless(told.status == 422 && told.text.contains("field.immutable"), &told, "field.immutable");
            }
            (Kind::Plan, _) => wrong.unless_refused(&ask(PLAN).await, 422, "reference.ambiguous", &place, PLAN),
            // A period alone: it is named by its id, or beside its plan.
            (Kind::Period, [_, there]) => {
                wrong.unless_refused(&ask(there).await, 422, "reference.unknown", &place, there);
                let told = by.post(&path, &json!({"period": YEAR})).await;
                wrong.unless_refused(&told, 422, "reference.ambiguous", "/period", YEAR);
                wrong.unless(told.text.contains("plan"), &told, "plan beside it");
            }
            (_, [_, there]) => wrong.unless_refused(&ask(there).await, 422, "reference.unknown", &place, there),
            _ => {}
        }
    }
    // A unit's code above the wards fits several.
    let grants = json!([{"role": "reporter", "jurisdiction": PROVINCE, "unit": "U5"}]);
    let body = json!({"username": format!("r-{}", mark().to_lowercase()), "display_name": "Ai", "grants": grants});
    wrong.unless_refused(&world.admin.post("/users", &body).await, 422, "reference.ambiguous", "/grants/0/unit", "U5");
    wrong.none();
}
