//! Grants that hold from a day until a day (an acting head, a time-limited uỷ quyền): section 2 of the contract.

use crate::house::json::{list, mark, text};
use crate::house::{Actor, TestApp, WARD};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{FixedOffset, TimeDelta, Utc};
use serde_json::{Value, json};

on_both![
    a_grant_outside_its_days_gives_nothing,
    days_hold_at_the_next_request,
    days_are_told_and_checked,
    nobody_lengthens_his_own_scope,
    the_last_administrator_stays_for_good,
];

/// Today and some days, in Việt Nam.
fn day(days: i64) -> String {
    let local = FixedOffset::east_opt(7 * 3600).expect("the zone");
    (Utc::now().with_timezone(&local) + TimeDelta::days(days)).format("%Y-%m-%d").to_string()
}

fn grant(role: &str, from: Value, until: Value) -> Value {
    json!({"role": role, "jurisdiction": WARD, "valid_from": from, "valid_until": until})
}

/// Somebody with these grants, signed in; and the account's path.
async fn someone(app: &TestApp, grants: &[Value]) -> (Actor, String) {
    let body = json!({"username": format!("d-{}", mark().to_lowercase()), "display_name": "Trần Thị Bình", "must_change_password": false,
        "grants": grants});
    let made = app.admin().await.post("/users", &body).await.with_status(201);
    let person = app.sign_in(text(&made, "username"), text(&made, "one_time_password")).await;
    (person, format!("/users/{}", text(&made, "id")))
}

fn claims(person: &Actor) -> Value {
    let payload = person.token().split('.').nth(1).expect("a token's payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("claims")
}

async fn a_grant_outside_its_days_gives_nothing(app: TestApp) {
    for (from, until, status) in [
        (json!(day(0)), json!(day(0)), 200),
        (json!(day(-9)), Value::Null, 200),
        (Value::Null, json!(day(9)), 200),
        (json!(day(-9)), json!(day(-1)), 403),
        (json!(day(1)), Value::Null, 403),
    ] {
        let (person, _) = someone(&app, &[grant("coordinator", from.clone(), until.clone())]).await;
        assert_eq!(person.get("/reports").await.status, status, "{from} to {until}");
        let holds = status == 200;
        assert_eq!(claims(&person)["roles"], if holds { json!(["coordinator"]) } else { json!([]) });
        let me = person.get("/me").await.ok();
        assert_eq!(list(&me, "permissions").contains(&json!("accept_report")), holds, "{me}");
        assert_eq!((&me["grants"][0]["valid_from"], &me["grants"][0]["valid_until"]), (&from, &until));
    }
}

async fn days_hold_at_the_next_request(app: TestApp) {
    let (person, account) =
        someone(&app, &[grant("leader", Value::Null, Value::Null), grant("coordinator", json!(day(-1)), json!(day(1)))]).await;
    let path = "/consolidated-reports";
    // An answer that is kept for the person is kept for what the person may do.
    assert_eq!(person.get("/reports").await.status, 200);
    let admin = app.admin().await;
    let refused = json!({"period": "2026"});
    assert_ne!(person.post(path, &refused).await.status, 403);
    let ended = [grant("leader", Value::Null, Value::Null), grant("coordinator", json!(day(-9)), json!(day(-1)))];
    admin.patch(&account, &json!({"grants": ended})).await.with_status(200);
    let again = app.again(&person).await;
    again.post(path, &refused).await.problem(403, "access.denied");
    assert_eq!(again.get("/reports").await.status, 200, "the other grant holds");
}

async fn days_are_told_and_checked(app: TestApp) {
    let admin = app.admin().await;
    let (_, account) = someone(&app, &[grant("leader", json!("2027-01-01"), json!("2027-03-31"))]).await;
    let told = admin.get(&account).await.ok();
    assert_eq!((&told["grants"][0]["valid_from"], &told["grants"][0]["valid_until"]), (&json!("2027-01-01"), &json!("2027-03-31")));
    let wrong = json!({"grants": [grant("leader", json!("2027-04-01"), json!("2027-03-31"))]});
    let refused = admin.patch(&account, &wrong).await.refused(422);
    assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/grants/0/valid_until"), &json!("field.value")));
    let of = |from: &str, until: Value| grant("leader", json!(from), until);
    let twice = json!({"grants": [of("2027-01-01", json!("2027-03-31")), of("2027-03-31", Value::Null)]});
    let refused = admin.patch(&account, &twice).await.refused(422);
    assert_eq!(refused["errors"][0]["code"], "field.conflict");
    let in_turn = json!({"grants": [of("2027-01-01", json!("2027-03-31")), of("2027-04-01", Value::Null)]});
    assert_eq!(list(&admin.patch(&account, &in_turn).await.with_status(200), "grants").len(), 2);
    // The trail says for which days a grant was added.
    let (_, added) = someone(&app, &[grant("supervisor", json!("2028-01-01"), Value::Null)]).await;
    let id = added.trim_start_matches("/users/");
    let events = admin.items("/audit-events", &[("resource_id", id), ("action", "grant.added")]).await;
    assert_eq!(events[0]["after"]["valid_from"], "2028-01-01");
}

async fn nobody_lengthens_his_own_scope(app: TestApp) {
    let scoped = |until: Value| json!({"role": "supervisor", "jurisdiction": WARD, "scopes": ["restricted:read"], "valid_until": until});
    let rule = json!({"role": "admin", "jurisdiction": WARD});
    let (person, account) = someone(&app, &[rule.clone(), scoped(json!(day(3)))]).await;
    person.patch(&account, &json!({"grants": [rule.clone(), scoped(Value::Null)]})).await.problem(403, "access.denied");
    person.patch(&account, &json!({"grants": [rule, scoped(json!(day(2)))]})).await.with_status(200);
}

async fn the_last_administrator_stays_for_good(app: TestApp) {
    let admin = app.admin().await;
    let me = format!("/users/{}", text(&admin.get("/me").await.ok(), "id"));
    let limited = json!({"grants": [{"role": "admin", "jurisdiction": "VN", "valid_until": day(30)}]});
    for other in admin.items("/users", &[("role", "admin")]).await {
        let path = format!("/users/{}", text(&other, "id"));
        if path != me {
            admin.patch(&path, &limited).await.with_status(200);
        }
    }
    admin.patch(&me, &limited).await.problem(409, "user.last_admin");
}
