//! Tokens that no longer count: ended, of an ended session, revoked, of a disabled account. None opens anything, not even
//! what is public; and none is in the way where nobody is asked for one.

use super::Findings;
use super::places::{Given, given};
use super::rows::path;
use super::world::{HERE, account, written};
use crate::house::contract::Operation;
use crate::house::json::{mark, text};
use crate::house::steps::Report;
use crate::house::{Actor, Answer, NOBODY, PLAN, PROVINCE, TestApp};
use serde_json::{Value, json};

/// Tries every operation with every such token of every role.
pub async fn tried(app: &TestApp, findings: &mut Findings) {
    let document = app.document().await;
    let targets = Targets::of(app).await;
    let asking = machine(app, &written(&[given("province", PROVINCE)])).await;
    for role in super::ROLES {
        let grant = match role {
            "reporter" => Given { role, at: HERE, unit: Some("U5") },
            "province" => given(role, PROVINCE),
            _ => given(role, HERE),
        };
        for (why, token) in tokens(app, &grant).await {
            let authorization = format!("Bearer {token}");
            let told = of_oauth(app, "/oauth/introspect", &asking, &token).await.with_status(200);
            findings.expect(told == json!({"active": false}), || format!("{role}, {why}: introspection says {told}"));
            for operation in document.operations() {
                let path = path(operation, targets.of_operation(operation), NOBODY);
                let answer = app.anonymous().call(&operation.method, &path).header("Authorization", &authorization).send().await;
                let told = (answer.status, answer.body["code"].as_str().unwrap_or_default());
                let challenge = answer.header("www-authenticate");
                let refused =
                    told == (401, "token.invalid") && challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\"");
                let fits = if operation.knows_callers() { refused } else { told.1 != "token.invalid" };
                findings.expect(fits, || format!("{role}, {why}: {} → {told:?} {challenge}", answer.name));
            }
        }
    }
}

/// Whoever still has a one-time password does nothing with it but change it.
pub async fn with_one_time_password(app: &TestApp, findings: &mut Findings) {
    let (id, name, password) = account(app, &written(&super::ROLES.map(|role| given(role, HERE)))).await;
    app.admin().await.patch(&format!("/users/{id}"), &json!({"must_change_password": true})).await.with_status(200);
    let by = app.sign_in(&name, &password).await;
    for operation in app.document().await.operations().iter().filter(|o| !o.public()) {
        let answer = by.call(&operation.method, &path(operation, NOBODY, NOBODY)).send().await;
        let told = (answer.status, answer.body["code"].as_str().unwrap_or_default());
        let due = match super::places::name(operation) {
            "get_me" => (200, ""),
            // Without a body.
            "change_password" => (400, "json.malformed"),
            _ => (403, "password.change_required"),
        };
        findings.expect(told == due, || format!("with a one-time password: {} → {told:?}", answer.name));
    }
}

/// Tokens of a role that counted once.
async fn tokens(app: &TestApp, grant: &Given) -> Vec<(&'static str, String)> {
    let (admin, grants) = (app.admin().await, written(std::slice::from_ref(grant)));
    let (id, name, password) = account(app, &grants).await;
    let (stays, leaves) = (app.sign_in(&name, &password).await, app.sign_in(&name, &password).await);
    counts(&leaves).await;
    let expired = crate::access::ended(app, stays.token());
    leaves.post("/auth/logout", &json!({"refresh_token": text(&leaves.session().answer, "refresh_token")})).await.with_status(204);
    let (other, name, password) = account(app, &grants).await;
    let disabled = app.sign_in(&name, &password).await;
    counts(&disabled).await;
    admin.patch(&format!("/users/{other}"), &json!({"active": false})).await.with_status(200);
    let ended = app.again(&stays).await;
    end_last_session(&admin, &ended, &id).await;
    let machine = machine(app, &grants).await;
    let revoked = app.sign_in_machine(text(&machine, "client_id"), text(&machine, "client_secret")).await;
    counts(&revoked).await;
    of_oauth(app, "/oauth/revoke", &machine, revoked.token()).await.with_status(200);
    counts(&stays).await;
    let tokens = [("signed out", &leaves), ("disabled", &disabled), ("session ended", &ended), ("revoked", &revoked)];
    let mut all: Vec<(&'static str, String)> = tokens.map(|(why, by)| (why, by.token().to_owned())).into();
    all.push(("expired", expired));
    all
}

async fn machine(app: &TestApp, grants: &Value) -> Value {
    app.admin().await.post("/clients", &json!({"name": format!("m-{}", mark()), "grants": grants})).await.with_status(201)
}

/// What a machine is told of a token.
async fn of_oauth(app: &TestApp, path: &str, machine: &Value, token: &str) -> Answer {
    let form = format!("token={token}&client_id={}&client_secret={}", text(machine, "client_id"), text(machine, "client_secret"));
    app.anonymous().call("POST", path).raw("application/x-www-form-urlencoded", form).send().await
}

async fn counts(by: &Actor) {
    by.get("/me").await.ok();
}

/// An administrator ends the session that somebody began last.
async fn end_last_session(admin: &Actor, by: &Actor, id: &str) {
    let sessions = by.get("/me/sessions").await.ok();
    let own = sessions["items"].as_array().expect("sessions").iter().find(|s| s["current"] == true).expect("the own session");
    admin.call("DELETE", &format!("/users/{id}/sessions/{}", text(own, "id"))).send().await.with_status(204);
}

/// A row of most collections: what a token that counted would have opened.
struct Targets {
    report: String,
    period: String,
    plan: String,
    user: String,
}

impl Targets {
    async fn of(app: &TestApp) -> Self {
        let report = Report::in_status(app, "submitted").await.read().await;
        let plan = app.anonymous().by_code("/plans", PLAN).await;
        Self {
            report: text(&report, "id").to_owned(),
            period: text(&report["period"], "id").to_owned(),
            plan: text(&plan, "id").to_owned(),
            user: text(&app.reporter("U5").await.get("/me").await.ok(), "id").to_owned(),
        }
    }

    fn of_operation(&self, operation: &Operation) -> &str {
        match operation.path.split('/').nth(3) {
            Some("reports") => &self.report,
            Some("reporting-periods") => &self.period,
            Some("plans") => &self.plan,
            Some("users") => &self.user,
            _ => NOBODY,
        }
    }
}
