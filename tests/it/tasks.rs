//! Tasks, their history and the plan as a whole: section 3 of the contract.

use crate::house::json::{bi, code, codes, list, mark, pointers, strings, text, with};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    a_task_is_kept_as_written,
    what_contradicts_itself_is_told_at_once,
    progress_is_told_by_those_who_do_it,
    history_is_not_public_and_not_deleted,
    everything_of_the_seed_can_be_changed,
    a_copy_begins_anew,
];

fn task() -> Value {
    json!({"plan": PLAN, "code": format!("T{}", mark()), "kind": "assignment", "goals": ["G4"], "indicators": ["4.2", "4.3"], "text": bi("Việc", "Task"),
        "assignments": [{"unit": "U5", "role": "lead"}, {"unit": "U5", "role": "coordinate"}, {"unit": "U7", "role": "participate"}],
        "status": "not_started", "percent_complete": 0, "starts_on": "2027-01-01", "due_on": "2027-12-31", "recurrence": "annual",
        "budget": [{"source": "B1", "year": 2027, "planned": 12_500_000.5, "spent": 0}]})
}

async fn made(by: &Actor, body: &Value) -> String {
    format!("/tasks/{}", text(&by.post("/tasks", body).await.with_status(201), "id"))
}

async fn a_task_is_kept_as_written(app: TestApp) {
    let by = app.coordinator().await;
    let path = made(&by, &task()).await;
    let there = by.get(&path).await.ok();
    assert_eq!(codes(list(&there, "indicators")), ["4.2", "4.3"]);
    let roles: Vec<(&str, &str)> = list(&there, "assignments").iter().map(|a| (code(&a["unit"]), text(a, "role"))).collect();
    assert_eq!(roles, [("U5", "lead"), ("U5", "coordinate"), ("U7", "participate")]);
    assert_eq!(there["budget"], json!([{"source": "B1", "year": 2027, "planned": 12_500_000.5, "spent": 0}]));
    assert_eq!((&there["recurrence"], &there["due_on"]), (&json!("annual"), &json!("2027-12-31")));
    let after = by.patch(&path, &json!({"indicators": [], "due_on": null, "status": "cancelled"})).await.with_status(200);
    assert_eq!((list(&after, "indicators").len(), &after["due_on"], &after["status"]), (0, &Value::Null, &json!("cancelled")));
    assert!(by.items("/tasks", &[("indicator", "4.2"), ("unit", "U7")]).await.iter().all(|t| t["id"] != there["id"]));
    // How far it was is its history.
    let refused = by.delete(&path).await.problem(409, "task.in_use");
    assert_eq!(refused["referrers"], json!({"updates": 1}));
    let another = made(&by, &task()).await;
    by.delete(&another).await.with_status(204);
    by.get(&another).await.problem(404, "resource.not_found");
}

async fn what_contradicts_itself_is_told_at_once(app: TestApp) {
    let by = app.coordinator().await;
    let wrong = with(
        &task(),
        &json!({"due_on": "2026-12-31", "goals": ["G4", "G9"], "indicators": ["4.2", "4.2"],
            "assignments": [{"unit": "U5", "role": "lead"}, {"unit": "U5", "role": "lead"}, {"unit": "U77", "role": "lead"}],
            "budget": [{"source": "B9", "year": 2027, "planned": -1, "spent": 0}]}),
    );
    let mut told = pointers(&by.post("/tasks", &wrong).await.refused(422));
    told.sort();
    let want = ["/assignments/1", "/assignments/2/unit", "/budget/0/planned", "/budget/0/source", "/due_on", "/goals/1", "/indicators/1"];
    assert_eq!(told, want);
    let path = made(&by, &task()).await;
    by.patch(&path, &json!({"starts_on": "2028-01-01"})).await.problem(422, "field.conflict");
}

async fn progress_is_told_by_those_who_do_it(app: TestApp) {
    let by = app.coordinator().await;
    let path = made(&by, &task()).await;
    let updates = format!("{path}/updates");
    let (u5, u6, anybody) = (app.reporter("U5").await, app.reporter("U6").await, app.someone(Grant::of("reporter")).await);
    let done = json!({"status": "in_progress", "percent_complete": 40, "note": "Đã làm\nCòn lại: tập huấn"});
    u6.post(&updates, &done).await.problem(403, "access.denied");
    app.supervisor().await.post(&updates, &done).await.problem(403, "access.denied");
    app.anonymous().post(&updates, &done).await.refused(401);
    let before = by.get(&path).await.ok();
    assert_eq!(u5.get(&path).await.ok()["_actions"]["add_update"]["allowed"], true);
    assert_eq!(u6.get(&path).await.ok()["_actions"]["add_update"]["allowed"], false);
    let first = u5.post(&updates, &done).await.with_status(201);
    assert_eq!((text(&first, "note"), &first["report"]), ("Đã làm\nCòn lại: tập huấn", &Value::Null));
    // A change of how far it is leaves an entry as well.
    let coordinator = app.coordinator().await;
    let path = updates.trim_end_matches("/updates");
    coordinator.patch(path, &json!({"status": "in_progress", "percent_complete": 60})).await.with_status(200);
    coordinator.patch(path, &json!({"status": "done", "percent_complete": 60})).await.problem(422, "field.conflict");
    assert_eq!(coordinator.patch(path, &json!({"status": "not_started"})).await.ok()["percent_complete"], json!(0));
    for (status, percent) in [("done", 50), ("not_started", 50)] {
        let refused = anybody.post(&updates, &json!({"status": status, "percent_complete": percent})).await.problem(422, "field.conflict");
        assert_eq!(refused["errors"][0]["pointer"], "/percent_complete");
    }
    anybody.post(&updates, &json!({"status": "done", "percent_complete": 100})).await.with_status(201);
    let there = by.get(path).await.ok();
    assert_eq!((&there["status"], &there["percent_complete"]), (&json!("done"), &json!(100)));
    assert_eq!(there["version"].as_i64(), before["version"].as_i64().map(|v| v + 4));
    u5.post(&updates, &with(&done, &json!({"report": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65"}))).await.problem(422, "reference.unknown");
    assert_eq!(by.items(&updates, &[]).await.iter().map(|u| u["percent_complete"].clone()).collect::<Vec<_>>(), [40, 60, 0, 100]);
}

async fn history_is_not_public_and_not_deleted(app: TestApp) {
    let by = app.coordinator().await;
    let path = made(&by, &task()).await;
    let updates = format!("{path}/updates");
    by.post(&updates, &json!({"status": "in_progress", "percent_complete": 5, "note": "x"})).await.with_status(201);
    app.anonymous().get(&updates).await.refused(401);
    app.province_machine().await.get(&updates).await.problem(403, "access.denied");
    for reader in [app.leader().await, app.supervisor().await, app.reporter("U6").await] {
        assert_eq!(reader.items(&updates, &[]).await.len(), 1);
    }
    let problem = by.delete(&path).await.problem(409, "task.in_use");
    assert_eq!(problem["referrers"]["updates"], 1);
}

/// What the seed made is what a client could have sent: an empty patch of it passes every check of the document.
async fn everything_of_the_seed_can_be_changed(app: TestApp) {
    let by = app.coordinator().await;
    for path in ["/plans", "/goals", "/plan-indicators", "/indicators", "/tasks", "/units", "/disaggregations"] {
        for item in by.items(path, &[]).await {
            by.patch(&format!("{path}/{}", text(&item, "id")), &json!({})).await.with_status(200);
        }
    }
}

async fn a_copy_begins_anew(app: TestApp) {
    let ward = json!({"code": "09367", "name": bi("Phường Từ Sơn", "Ward"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = app.coordinator_of(&[WARD, "09367"]).await;
    let task = by.by_code("/tasks", "A5.1").await;
    let updates = format!("/tasks/{}/updates", text(&task, "id"));
    by.post(&updates, &json!({"status": "done", "percent_complete": 100})).await.with_status(201);
    let plan = format!("/plans/{}", text(&by.by_code("/plans", PLAN).await, "id"));
    let body = json!({"jurisdiction": "09367", "title": bi("Kế hoạch khác", "Another plan")});
    app.coordinator().await.post(&format!("{plan}/copy"), &body).await.problem(403, "access.denied");
    by.post(&format!("{plan}/copy"), &with(&body, &json!({"jurisdiction": "99999"}))).await.problem(422, "reference.unknown");
    let (first, second) =
        (by.post(&format!("{plan}/copy"), &body).await.with_status(201), by.post(&format!("{plan}/copy"), &body).await.with_status(201));
    assert_eq!([text(&first, "code"), text(&second, "code")], [format!("{PLAN}-09367"), format!("{PLAN}-09367-2")]);
    let copied = by.items("/tasks", &[("plan", text(&first, "id")), ("code", "A5.1")]).await;
    assert_eq!((&copied[0]["status"], &copied[0]["percent_complete"]), (&json!("not_started"), &json!(0)));
    let tree = by.get(&format!("/plans/{}/outline", text(&first, "id"))).await.ok();
    assert!(strings(&tree).contains(&"Trạm y tế phường") && list(&tree, "units").len() == 10, "{}", tree["units"]);
}
