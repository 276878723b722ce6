//! One way of change: what is written without a difference changes nothing, and what changes is told once, for every
//! resource of the document that takes a merge patch.

use crate::house::contract::Operation;
use crate::house::json::{bi, list, text};
use crate::house::steps::{Period, Report, cell};
use crate::house::{Actor, Grant, TestApp, WARD};
use serde_json::{Map, Value, json};

on_both![the_same_again_changes_nothing, a_change_is_told_once, figures_that_are_there_change_nothing];

/// A ward in which there is one of everything that can be changed.
struct Ward {
    app: TestApp,
    coordinator: Actor,
    admin: Actor,
    report: Report,
}

impl Ward {
    async fn new(app: &TestApp) -> Self {
        let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
        let report = period.report("U5").await;
        period.consolidate().await;
        app.machine(Grant::of("province").at(WARD)).await;
        let webhook = json!({"url": "https://example.org/nhan", "types": ["plan.updated"], "jurisdiction": WARD});
        app.admin().await.post("/webhooks", &webhook).await.with_status(201);
        Self { app: app.clone(), coordinator: app.coordinator().await, admin: app.admin().await, report }
    }

    /// Who may change what stands at this path, and the path of one.
    async fn one(&self, operation: &Operation) -> (Actor, String) {
        let roles = operation.roles();
        if roles.contains(&"reporter") {
            return (self.report.reporter().await, self.report.path.clone());
        }
        let by = if roles.contains(&"coordinator") { &self.coordinator } else { &self.admin };
        let collection = operation.path.trim_start_matches("/api/v1").trim_end_matches("/{id}");
        let items = by.items(collection, &[]).await;
        let at = items.last().unwrap_or_else(|| panic!("nothing at {collection}"));
        (by.clone(), format!("{collection}/{}", text(at, "id")))
    }

    /// Every operation that takes a merge patch of a resource.
    async fn patches(&self) -> Vec<Operation> {
        let document = self.app.document().await;
        let all: Vec<Operation> =
            document.operations().iter().filter(|o| o.method == "PATCH" && o.path.ends_with("/{id}")).cloned().collect();
        assert!(all.len() >= 12, "{}", all.len());
        all
    }

    /// How many entries the audit trail has that tell of a change.
    async fn told(&self) -> i64 {
        let entries = self.admin.items("/audit-events", &[]).await;
        let changes = entries.iter().filter(|e| !["session", "user"].contains(&text(e, "resource")) || text(e, "action") == "user.updated");
        i64::try_from(changes.count()).unwrap_or(i64::MAX)
    }
}

/// What a representation says in the form in which it is written: references by their ids or
/// codes. A null of an object would take the
/// member away (RFC 7396), so it is left out; within an array it stays.
fn written(shown: &Value, by: &str) -> Value {
    let kept = within(shown, by);
    match kept {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, written(&v, by))).collect())
        }
        other => other,
    }
}

fn within(shown: &Value, by: &str) -> Value {
    match shown {
        Value::Object(members) if members.len() == 2 && members.contains_key("id") && members.contains_key("code") => members[by].clone(),
        Value::Object(members) if members.len() == 2 && members.contains_key("id") && members.contains_key("label") => {
            members["id"].clone()
        }
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), within(value, by))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(|item| within(item, by)).collect()),
        other => other.clone(),
    }
}

async fn the_same_again_changes_nothing(app: TestApp) {
    let ward = Ward::new(&app).await;
    let before = ward.told().await;
    for operation in ward.patches().await {
        let (by, path) = ward.one(&operation).await;
        let shown = by.get(&path).await;
        let etag = shown.etag().to_owned();
        let inputs = operation.input_members(&*app.document().await);
        let same = |by: &str| {
            let body = written(&shown.ok(), by);
            let named = inputs.iter().filter_map(|name| body.get(name).map(|v| (name.clone(), v.clone())));
            Value::Object(named.collect::<Map<String, Value>>())
        };
        for patch in [json!({}), same("id"), same("code")] {
            let answer = by.call("PATCH", &path).if_match(&etag).json(&patch).send().await;
            assert_eq!(answer.with_status(200)["version"], shown.ok()["version"], "{path} {patch}");
            assert_eq!(answer.etag(), etag, "{path}");
        }
    }
    assert_eq!(ward.told().await, before, "something was told of a change that was none");
}

async fn a_change_is_told_once(app: TestApp) {
    let ward = Ward::new(&app).await;
    for (path, member, value) in [
        ("/goals", "letter", json!("z")),
        ("/plan-indicators", "label", json!("Nhãn thử")),
        ("/indicators", "editorial_note", bi("Ghi chú thử", "A note to try")),
        ("/disaggregations", "note", bi("Ghi chú thử", "A note to try")),
        ("/units", "short_name", json!("Tên tắt thử")),
        ("/tasks", "editorial_note", bi("Ghi chú thử", "A note to try")),
        ("/plans", "title", json!({"vi": "Kế hoạch thử", "en": null})),
        ("/reporting-periods", "instructions", json!("Hướng dẫn thử")),
        ("/consolidated-reports", "narrative", json!({"results": "Kết quả thử"})),
    ] {
        let by = &ward.coordinator;
        let items = by.items(path, &[]).await;
        let at = format!("{path}/{}", text(items.last().unwrap_or_else(|| panic!("nothing at {path}")), "id"));
        let (etag, before) = (by.etag(&at).await, ward.told().await);
        let patched = by.call("PATCH", &at).if_match(&etag).json(&json!({member: value})).send().await;
        let version = patched.with_status(200)["version"].as_i64().expect("a version");
        assert_eq!(ward.told().await, before + 1, "{at}");
        // With the new version the same again is no change, whatever it was before.
        let again = by.call("PATCH", &at).if_match(patched.etag()).json(&json!({member: value})).send().await;
        assert_eq!(again.with_status(200)["version"].as_i64(), Some(version), "{at}");
        assert_eq!(ward.told().await, before + 1, "{at}");
    }
}

async fn figures_that_are_there_change_nothing(app: TestApp) {
    let ward = Ward::new(&app).await;
    let (report, cells) = (&ward.report, [cell("4.1", 3, 4)]);
    report.fill(&cells).await;
    let (etag, before) = (report.etag().await, ward.told().await);
    let counts = report.fill(&cells).await;
    assert_eq!((&counts["unchanged"], &counts["updated"]), (&json!(1), &json!(0)));
    assert_eq!((report.etag().await, ward.told().await), (etag, before));
    assert_eq!(list(&report.read().await, "observations").len(), 1);
}
