//! How many statements a read or a write costs: bounded per operation, whatever its rows. What is still above is listed with
//! its number, and the list only shrinks.

use crate::house::json::{bi, list, mark, text, with};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, Answer, Backend, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both![reads_are_few_statements, writes_of_one_row_are_few_statements];

/// Of one resource.
const ONE: u64 = 3;
/// Of a list.
const LIST: u64 = 5;
/// Of a write of one row without children.
const WRITE: u64 = 8;
/// Of a write of one row and two lists of children: what a list names is looked up, the old rows go, the new ones come. What an
/// indicator means is kept by version as well.
const WITH_CHILDREN: u64 = WRITE + 2 * 3 + 1;

/// What still costs more, on SQLite and on PostgreSQL.
const ABOVE: &[(&str, u64, u64)] = &[
    ("find_completeness", 6, 6),
    ("find_consolidated_report", 6, 6),
    // Together with what stands in the way of each report: the desk in one call.
    ("find_period_completeness", 4, 4),
    ("find_plan_gaps", 6, 6),
    ("find_plan_outline", 9, 9),
    ("find_plan_trace", 9, 9),
    ("find_progress", 14, 14),
    ("find_report", 4, 4),
    // Whether the plan's rules imply it, of one that could be deleted otherwise.
    ("find_reporting_period", 5, 5),
    ("find_user", 4, 4),
    ("create_reporting_period", 9, 9),
    ("create_user", 11, 11),
    ("delete_user", 7, 9),
    ("update_reporting_period", 9, 10),
    ("update_user", 10, 11),
];

/// How many statements a request took, as the log tells.
fn cost(app: &TestApp, answer: &Answer) -> u64 {
    let id = answer.header("x-request-id");
    let told = app.log().lines().filter(|line| line.contains(id)).find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        line["fields"]["statements"].as_u64().or_else(|| line["statements"].as_u64())
    });
    told.unwrap_or_else(|| panic!("the log does not say what {} cost", answer.name))
}

/// Compares costs with their bounds and the list.
fn judge(app: &TestApp, costs: &BTreeMap<String, (u64, u64)>) {
    let listed = |name: &str| {
        let row = ABOVE.iter().find(|row| row.0 == name)?;
        Some((if app.backend() == Backend::Sqlite { row.1 } else { row.2 }, row.1.max(row.2)))
    };
    let mut wrong = Vec::new();
    for (name, (cost, most)) in costs {
        match listed(name) {
            None if cost > most => wrong.push(format!("{name}: {cost} statements, {most} are allowed")),
            Some((known, _)) if *cost > known => wrong.push(format!("{name}: {cost} statements, it had {known}")),
            Some((known, worst)) if *cost < known || worst <= *most => {
                wrong.push(format!("{name}: {cost} statements: better than its {known}, so mend the list"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A ward's year on its way, so that every list has something.
async fn furnished(app: &TestApp) -> Actor {
    app.restart_with(&[("BINHDANG_LOG", "info,binhdang::db::statements=debug")]).await;
    let period = Period::ad_hoc(app, &["U5", "U6"], &["4.1", "3.3"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    period.deliver("U6", &[cell("3.3", 5, 5)]).await;
    period.consolidate().await.send().await;
    let by = app.coordinator().await;
    let task = by.items("/tasks", &[("plan", PLAN)]).await;
    let update = json!({"status": "in_progress", "percent_complete": 10});
    by.post(&format!("/tasks/{}/updates", text(&task[0], "id")), &update).await.with_status(201);
    by
}

/// The id of a comment on the report that lists name first.
async fn commented(by: &Actor) -> String {
    let reports = by.find("/reports", &[("limit", "100")]).await.ok();
    let path = format!("/reports/{}/comments", text(first(&reports).expect("a report"), "id"));
    text(&by.post(&path, &json!({"text": "Đã đủ chưa?"})).await.with_status(201), "id").to_owned()
}

/// The first of a list; of reports one that was submitted, which has rounds to compare: which comes first at all depends on the month.
fn first(found: &Value) -> Option<&Value> {
    let submitted = list(found, "items").iter().find(|item| item["submitted_at"].is_string());
    submitted.or_else(|| list(found, "items").first())
}

/// The id of an amendment of the plan.
async fn amended(by: &Actor) -> String {
    let path = format!("/plans/{}/amendments", text(&by.by_code("/plans", PLAN).await, "id"));
    let body = json!({"document_number": "15/QĐ-UBND", "document_date": "2027-03-01", "in_force_on": "2027-03-15", "title": bi("Điều chỉnh", "Amended")});
    text(&by.post(&path, &body).await.with_status(201), "id").to_owned()
}

async fn reads_are_few_statements(app: TestApp) {
    let coordinator = furnished(&app).await;
    let admin = app.admin().await;
    let document = app.document().await;
    let amendment = amended(&coordinator).await;
    let comment = commented(&coordinator).await;
    let province = app.province_machine().await;
    let own = text(&admin.by_code("/jurisdictions", PROVINCE).await, "id").to_owned();
    let mut costs = BTreeMap::new();
    for operation in document.operations().iter().filter(|o| o.method == "GET" && o.path.starts_with("/api/v1")) {
        let path = operation.path.trim_start_matches("/api/v1");
        let roles = operation.roles();
        let of_province = path.contains("/{label}");
        let by = if of_province {
            &province
        } else if roles.contains(&"admin") && !roles.contains(&"coordinator") && !operation.public() {
            &admin
        } else {
            &coordinator
        };
        let mut query: Vec<(&str, &str)> = Vec::new();
        let concrete = match path.split_once("/{id}") {
            None => path.to_owned(),
            Some((collection, rest)) => {
                let found = by.find(collection, &[("limit", "100")]).await;
                // An inquiry is found by its periods alone, of which there are none here, an import by its address alone.
                if (found.status == 404 && collection == "/inquiries") || (found.status == 405 && collection == "/imports") {
                    continue;
                }
                let found = found.ok();
                let Some(first) = first(&found) else { continue };
                let rest = rest
                    .replace("{code}", "3.2a")
                    .replace("{amendment}", &amendment)
                    .replace("{comment}", &comment)
                    .replace("{label}", "2029");
                format!("{collection}/{}{rest}", if of_province { &own } else { text(first, "id") })
            }
        };
        if operation.parameters("query").iter().any(|p| p["name"] == "include_total") {
            query.push(("limit", "7"));
        }
        if matches!(path, "/progress" | "/completeness") {
            query.extend([("plan", PLAN), ("period", "2026")]);
        }
        if path.ends_with("/diff") {
            query.extend([("from", "1"), ("to", "1")]);
        }
        let answer = by.find(&concrete, &query).await;
        let most = if answer.ok()["items"].is_array() { LIST } else { ONE };
        costs.insert(text(&operation.value, "operationId").to_owned(), (cost(&app, &answer), most));
    }
    // A front-end names its plan.
    for path in ["/goals", "/plan-indicators", "/indicators", "/units", "/tasks", "/disaggregations", "/reporting-periods", "/reports"] {
        let answer = coordinator.find(path, &[("plan", PLAN), ("limit", "6")]).await;
        costs.insert(format!("{path}?plan="), (cost(&app, &answer), LIST));
    }
    judge(&app, &costs);
}

async fn writes_of_one_row_are_few_statements(app: TestApp) {
    let by = furnished(&app).await;
    let admin = app.admin().await;
    let name = bi("Tên", "Name");
    let plan = json!({"jurisdiction": WARD, "code": mark(), "title": name, "start_year": 2040, "end_year": 2041});
    let rows = [
        ("plan", "/plans", plan, json!({"title": bi("Khác", "Other")})),
        ("goal", "/goals", json!({"plan": PLAN, "code": mark(), "ordinal": 90, "field": name, "title": name}), json!({"ordinal": 91})),
        (
            "plan_indicator",
            "/plan-indicators",
            json!({"plan": PLAN, "goal": "G4", "code": mark(), "label": "Chỉ tiêu", "statement": name}),
            json!({"label": "Khác"}),
        ),
        (
            "indicator",
            "/indicators",
            json!({"plan": PLAN, "goal": "G4", "plan_indicator": "4.1", "code": mark(), "name": name, "statement": name, "measure_kind": "count",
                "unit_of_measure": name, "direction": "at_least", "targets": [], "frequency": "annual", "restricted": false, "units": [],
                "disaggregations": [], "numerator_definition": name, "roll_up": "sum"}),
            json!({"editorial_note": {"vi": "Khác"}}),
        ),
        (
            "indicator_with_children",
            "/indicators",
            json!({"plan": PLAN, "goal": "G4", "plan_indicator": "4.1", "code": mark(), "name": name, "statement": name, "measure_kind": "count",
                "unit_of_measure": name, "direction": "at_least", "units": [{"unit": "U5", "duty": "report"}, {"unit": "U6", "duty": "support"}],
                "disaggregations": [{"dimension": "sex"}, {"dimension": "age_group"}]}),
            json!({"units": [{"unit": "U6", "duty": "report"}], "disaggregations": [{"dimension": "sex", "additive": true}]}),
        ),
        (
            "disaggregation",
            "/disaggregations",
            json!({"plan": PLAN, "code": mark(), "name": name, "values": []}),
            json!({"note": {"vi": "Khác"}}),
        ),
        (
            "unit",
            "/units",
            json!({"jurisdiction": WARD, "code": mark(), "kind": "school", "name": name, "is_group": false, "reports": false, "active": true}),
            json!({"short_name": "Khác"}),
        ),
        (
            "member",
            "/units",
            json!({"jurisdiction": WARD, "code": mark(), "parent": "U7", "kind": "school", "name": name, "is_group": false, "reports": false,
                "active": true}),
            json!({"short_name": "Khác"}),
        ),
        (
            "task",
            "/tasks",
            json!({"plan": PLAN, "code": mark(), "kind": "task", "text": name, "goals": [], "indicators": [], "assignments": [],
                "status": "not_started", "percent_complete": 0, "budget": []}),
            json!({"recurrence": "annual"}),
        ),
        (
            "jurisdiction",
            "/jurisdictions",
            json!({"code": "09998", "name": name, "level": "commune", "kind": "ward", "parent": "24"}),
            json!({"name": bi("Khác", "Other")}),
        ),
        (
            "reporting_period",
            "/reporting-periods",
            json!({"plan": PLAN, "kind": "thematic", "label": mark(), "starts_on": "2029-01-01", "ends_on": "2029-06-30",
                "opens_at": "2099-01-01T00:00:00Z", "due_at": "2099-02-01T00:00:00Z"}),
            json!({"instructions": "Khác"}),
        ),
        (
            "user",
            "/users",
            json!({"username": mark(), "display_name": "Nguyễn Thị An", "grants": [{"role": "leader", "jurisdiction": WARD}]}),
            json!({"display_name": "Trần Thị Bình"}),
        ),
    ];
    let mut costs = BTreeMap::new();
    for (resource, path, body, changes) in rows {
        let by = if matches!(resource, "jurisdiction" | "user") { &admin } else { &by };
        let made = by.post(path, &body).await;
        let row = format!("{path}/{}", text(&made.with_status(201), "id"));
        let changed = by.patch(&row, &with(&changes, &json!({}))).await;
        changed.with_status(200);
        let deleted = by.delete(&row).await;
        deleted.with_status(204);
        for (verb, answer) in [("create", &made), ("update", &changed), ("delete", &deleted)] {
            let most = if resource.ends_with("_with_children") { WITH_CHILDREN } else { WRITE };
            costs.insert(format!("{verb}_{resource}"), (cost(&app, answer), most));
        }
    }
    judge(&app, &costs);
}
