//! A world to try access in: two wards of one province, each with its plan and a row of every collection in every state
//! that matters, and accounts that reach a ward, the province or both.

use super::places::{Given, Row, given};
use crate::access::execute;
use crate::house::json::{list, mark, text, with};
use crate::house::steps::{Period, body, cell, in_days, in_minutes};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};

/// The ward of most people.
pub const HERE: &str = WARD;
/// Another ward of the province, phường Từ Sơn.
pub const THERE: &str = "09367";

/// The stations of a period on its way to the province, and the status of the units' reports there.
const STATIONS: [(&str, &str); 8] = [
    ("draft", ""),
    ("submitted", ""),
    ("returned", ""),
    ("accepted", "draft"),
    ("accepted", "approved"),
    ("consolidated", "sent"),
    ("consolidated", "acknowledged"),
    ("accepted", "returned"),
];

/// Who made the world. None of them is tried in it.
struct Makers {
    admin: Actor,
    coordinator: Actor,
    leader: Actor,
    reporter: Actor,
    province: Actor,
}

/// One ward.
pub struct Ward {
    /// Its official code.
    pub code: &'static str,
    /// Its active plan, and the code of it.
    pub plan: (String, String),
    /// A plan of it without anything in it.
    pub bare_plan: String,
    /// The period 2027, accepted and not yet consolidated.
    pub year: String,
    /// The code of one of its tasks.
    task: String,
    /// The periods whose figures are accepted, those of [`Self::published`] among them, and not the year.
    pub accepted: Vec<String>,
    /// The periods whose figures are published.
    pub published: Vec<String>,
    /// A period whose consolidated report the province has returned.
    pub returned: String,
    /// A period that was asked for beside the plan, of which nothing was sent.
    pub unsent: String,
}

/// The world.
pub struct World {
    /// Where it is.
    pub app: TestApp,
    /// Its wards: the one of most people first.
    pub wards: Vec<Ward>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// A name to sign in with that somebody has.
    taken: String,
}

/// Somebody who tries.
pub struct Person {
    /// What he is, for messages.
    pub name: String,
    /// What he was given; nothing if he is anonymous.
    pub grants: Vec<Given>,
    /// He himself.
    pub by: Actor,
    /// Whether he is signed in.
    pub signed_in: bool,
}

impl Makers {
    async fn of(app: &TestApp) -> Self {
        let above = |role: &str| Grant::of(role).at(PROVINCE).restricted().another(9);
        Self {
            admin: app.admin().await,
            coordinator: app.coordinator_of(&[HERE, THERE]).await,
            leader: app.someone(above("leader")).await,
            reporter: app.someone(above("reporter")).await,
            province: app.someone(above("province")).await,
        }
    }
}

/// An account with these grants. There may still be accounts without any, which nobody could make today.
async fn granted(app: &TestApp, path: &str, body: &Value, grants: &Value) -> Value {
    let none = grants.as_array().is_some_and(Vec::is_empty);
    let some = if none { written(&[given("supervisor", "VN")]) } else { grants.clone() };
    let made = app.admin().await.post(path, &with(body, &json!({"grants": some}))).await.with_status(201);
    if none {
        execute(app, &format!("DELETE FROM grants WHERE account_id = '{}'", text(&made, "id")));
    }
    made
}

/// An account with these grants, made by an administrator: its id, name and password.
pub async fn account(app: &TestApp, grants: &Value) -> (String, String, String) {
    let name = format!("w-{}", mark().to_lowercase());
    let body = json!({"username": name, "display_name": "Ai đó", "must_change_password": false});
    let made = granted(app, "/users", &body, grants).await;
    (text(&made, "id").to_owned(), name, text(&made, "one_time_password").to_owned())
}

/// Grants as they are written; coordinators and leaders may see restricted figures.
pub fn written(grants: &[Given]) -> Value {
    let one = |given: &Given| {
        let scopes: &[&str] = if matches!(given.role, "coordinator" | "leader") { &["restricted:read"] } else { &[] };
        json!({"role": given.role, "jurisdiction": given.at, "unit": given.unit, "scopes": scopes})
    };
    grants.iter().map(one).collect()
}

impl World {
    /// Makes it.
    pub async fn of(app: &TestApp) -> Self {
        let ward =
            json!({"code": THERE, "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
        app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
        let makers = Makers::of(app).await;
        let plan = makers.coordinator.by_code("/plans", PLAN).await;
        let copy = json!({"jurisdiction": THERE, "title": {"vi": "Kế hoạch phường Từ Sơn", "en": null}});
        let copy = makers.coordinator.post(&format!("/plans/{}/copy", text(&plan, "id")), &copy).await.with_status(201);
        makers.coordinator.patch(&format!("/plans/{}", text(&copy, "id")), &json!({"status": "active"})).await.with_status(200);
        let mut world = Self { app: app.clone(), wards: Vec::new(), rows: Vec::new(), taken: String::new() };
        for (code, plan) in [(HERE, plan), (THERE, copy)] {
            world.furnish(&makers, code, (text(&plan, "id").to_owned(), text(&plan, "code").to_owned())).await;
        }
        world.accounts().await;
        for code in [HERE, THERE, PROVINCE] {
            let there = makers.admin.by_code("/jurisdictions", code).await;
            world.add("jurisdictions", "the administrative unit", &there, code);
        }
        world
    }

    fn add(&mut self, resource: &'static str, name: &str, row: &Value, place: &'static str) -> &mut Row {
        let (name, id) = (format!("{name} in {place}"), text(row, "id").to_owned());
        self.rows.push(Row { resource, name, id, places: vec![place], ..Row::default() });
        self.rows.last_mut().expect("a row")
    }

    /// The rows of a collection.
    pub fn rows_of(&self, resource: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.resource == resource)
    }

    /// Rows of a ward's plan; answers the code of a task.
    async fn plan_rows(&mut self, by: &Actor, code: &'static str, plan: &str) -> String {
        self.add("plans", "a plan", &by.get(&format!("/plans/{plan}")).await.ok(), code);
        for resource in ["goals", "plan-indicators", "disaggregations", "indicators"] {
            let first = by.find(&format!("/{resource}"), &[("plan", plan), ("limit", "1")]).await.ok();
            self.add(resource, "the first", &first["items"][0], code);
        }
        for unit in ["U5", "U6"] {
            let found = by.find("/units", &[("jurisdiction", code), ("code", unit)]).await.ok();
            self.add("units", unit, &found["items"][0], code);
        }
        let tasks = by.items("/tasks", &[("plan", plan)]).await;
        let of = |task: &Value| -> Vec<String> { list(task, "assignments").iter().map(|a| text(&a["unit"], "code").to_owned()).collect() };
        for own in [true, false] {
            let task = tasks.iter().find(|t| !of(t).is_empty() && of(t).contains(&"U5".to_owned()) == own).expect("such a task");
            self.add("tasks", &format!("a task of {:?}", of(task)), task, code).units = of(task);
        }
        text(&tasks[0], "code").to_owned()
    }

    /// Fills a ward.
    async fn furnish(&mut self, makers: &Makers, code: &'static str, plan: (String, String)) {
        let by = &makers.coordinator;
        let bare = json!({"jurisdiction": code, "code": format!("KH-TRONG-{code}"), "title": {"vi": "Kế hoạch trống", "en": null},
            "start_year": 2031, "end_year": 2035});
        let bare = by.post("/plans", &bare).await.with_status(201);
        let task = self.plan_rows(by, code, &plan.0).await;
        let year = Period::regular(&self.app, by, &plan.0, "2027", &["U5", "U6"], &["4.1", "3.3"]).await;
        let year_reports = self.reports(makers, &year.id).await;
        deliver(makers, &year_reports, "accepted").await;
        let planned = with(&body(&["U5", "U6"], &["4.1", "3.3"], 30 * 24 * 60), &json!({"plan": plan.0}));
        let planned = by.post("/reporting-periods", &planned).await.with_status(201);
        self.add("reporting-periods", "a planned period", &planned, code).status = "planned";
        let mut ward = Ward {
            code,
            plan,
            bare_plan: text(&bare, "id").to_owned(),
            year: year.id,
            task,
            accepted: Vec::new(),
            published: Vec::new(),
            returned: String::new(),
            unsent: text(&planned, "id").to_owned(),
        };
        for (number, (reports, whole)) in STATIONS.into_iter().enumerate() {
            // In the other ward some of them will do.
            if code == THERE && matches!(number, 2 | 4 | 6) {
                continue;
            }
            self.station(makers, &mut ward, reports, whole, number).await;
        }
        self.wards.push(ward);
    }

    async fn reports(&self, makers: &Makers, period: &str) -> Vec<(String, String)> {
        let found = makers.coordinator.items("/reports", &[("period", period)]).await;
        found.iter().map(|r| (text(&r["unit"], "code").to_owned(), text(r, "id").to_owned())).collect()
    }

    /// A period with its two reports and its consolidated report in these states.
    async fn station(&mut self, makers: &Makers, ward: &mut Ward, status: &'static str, whole: &'static str, number: usize) {
        let open = json!({"plan": ward.plan.0, "opens_at": in_minutes(-5), "due_at": in_days(30)});
        let period = with(&body(&["U5", "U6"], &["4.1", "3.3"], 60), &open);
        let period = makers.coordinator.post("/reporting-periods", &period).await.with_status(201);
        let id = text(&period, "id");
        if number == 0 {
            self.add("reporting-periods", "an open period", &period, ward.code).status = "open";
        }
        let reports = self.reports(makers, id).await;
        assert_eq!(reports.len(), 2);
        deliver(makers, &reports, if status == "consolidated" { "accepted" } else { status }).await;
        if !whole.is_empty() {
            ward.accepted.push(id.to_owned());
            // What the province returned stays published until the next one is sent.
            if matches!(whole, "sent" | "acknowledged" | "returned") {
                ward.published.push(id.to_owned());
            }
            if whole == "returned" {
                id.clone_into(&mut ward.returned);
            }
            let made = consolidate(makers, id, whole).await;
            self.add("consolidated-reports", &format!("one {whole}"), &made, ward.code).status = whole;
        }
        // Of the stations with accepted reports one will do.
        if number < 4 || whole == "sent" {
            for (unit, id) in reports {
                let row = self.add("reports", &format!("{unit}'s report, {status}"), &json!({"id": id}), ward.code);
                (row.units, row.status) = (vec![unit], status);
            }
        }
    }

    /// People and machines of a ward, of the other, of the province, of a ward and of the province, and of nowhere.
    async fn accounts(&mut self) {
        let app = self.app.clone();
        for places in [&[HERE][..], &[THERE], &[PROVINCE], &[HERE, PROVINCE], &[]] {
            let grants = written(&places.iter().map(|place| given("supervisor", place)).collect::<Vec<_>>());
            // One whose password is changed, and one who signs in.
            for login in [false, true] {
                let (id, name, password) = account(&app, &grants).await;
                self.taken.clone_from(&name);
                let told = format!("a person of {places:?}");
                let login = login.then_some((name, password));
                self.rows.push(Row { resource: "users", name: told, id, places: places.to_vec(), login, ..Row::default() });
            }
            let made = granted(&app, "/clients", &json!({"name": format!("m-{}", mark().to_lowercase())}), &grants).await;
            let (name, id) = (format!("a machine of {places:?}"), text(&made, "id").to_owned());
            self.rows.push(Row { resource: "clients", name, id, places: places.to_vec(), ..Row::default() });
        }
        for place in [HERE, THERE, PROVINCE] {
            let body = json!({"url": "https://example.org/nhan", "types": ["plan.updated"], "jurisdiction": place});
            let made = app.admin().await.post("/webhooks", &body).await.with_status(201);
            self.add("webhooks", &format!("a webhook of {place}"), &made, place);
        }
    }

    /// What a body says of the ward in which something is to be made, beside what the document demands: mostly something
    /// that is there already, so that nothing is made.
    pub fn body(&self, operation: &str, ward: &Ward) -> Vec<Value> {
        let plan = &ward.plan.0;
        let grants = json!([{"role": "supervisor", "jurisdiction": ward.code}]);
        let kind = |more: Value| with(&body(&["U5"], &["4.1"], 30 * 24 * 60), &more);
        vec![match operation {
            "create_user" => json!({"username": self.taken, "grants": grants}),
            "create_client" => json!({"grants": grants}),
            "create_webhook" => json!({"jurisdiction": ward.code}),
            "create_jurisdiction" => json!({"code": ward.code, "level": "commune", "kind": "ward", "parent": PROVINCE}),
            "create_plan" => json!({"jurisdiction": ward.code, "code": ward.plan.1}),
            "create_goal" => json!({"plan": plan, "code": "G1"}),
            "create_plan_indicator" => json!({"plan": plan, "goal": "G1", "code": "1.1"}),
            "create_disaggregation" => json!({"plan": plan, "code": "sex"}),
            "create_indicator" => json!({"plan": plan, "goal": "G4", "code": "4.1"}),
            "create_unit" => json!({"jurisdiction": ward.code, "code": "U5"}),
            "create_task" => json!({"plan": plan, "code": ward.task}),
            "copy_plan" => json!({"jurisdiction": ward.code}),
            "create_consolidated_report" => json!({"period": ward.accepted[0]}),
            "create_reporting_period" => {
                let mut several = kind(json!({"jurisdictions": [ward.code]}));
                several.as_object_mut().expect("an object").remove("plan");
                return vec![kind(json!({"plan": plan})), several];
            }
            other => panic!("say in `World::body` what {other} is given"),
        }]
    }

    /// Everybody who tries: each role in the ward, each in the province above, the country's administrator, and mixtures.
    pub async fn people(&self) -> Vec<Person> {
        let mut all = vec![Person { name: "anonymous".to_owned(), grants: Vec::new(), by: self.app.anonymous(), signed_in: false }];
        let mut wanted: Vec<Vec<Given>> = Vec::new();
        for role in super::ROLES {
            let unit = (role == "reporter").then_some("U5");
            wanted.push(vec![Given { role, at: HERE, unit }]);
            wanted.push(vec![given(role, PROVINCE)]);
        }
        // For every unit of the ward.
        wanted.push(vec![given("reporter", HERE)]);
        wanted.push(vec![given("admin", "VN")]);
        // What he may in the one ward he may not in the other.
        wanted.push(vec![given("coordinator", THERE), Given { role: "reporter", at: HERE, unit: Some("U5") }]);
        wanted.push(Vec::new());
        for grants in wanted {
            let (_, name, password) = account(&self.app, &written(&grants)).await;
            let by = self.app.sign_in(&name, &password).await;
            let told: Vec<String> = grants
                .iter()
                .map(|g| format!("{} in {}{}", g.role, g.at, g.unit.map(|u| format!(" of {u}")).unwrap_or_default()))
                .collect();
            let name = if told.is_empty() { "somebody without a grant".to_owned() } else { told.join(" and ") };
            all.push(Person { name, grants, by, signed_in: true });
        }
        all
    }
}

/// Brings reports to a status.
async fn deliver(makers: &Makers, reports: &[(String, String)], status: &str) {
    for (unit, id) in reports {
        let path = format!("/reports/{id}");
        let figure = if unit == "U5" { cell("4.1", 109, 100) } else { cell("3.3", 5, 5) };
        if status == "draft" {
            continue;
        }
        makers.reporter.patch_of(&path, &format!("{path}/observations"), &json!({"observations": [figure]})).await.with_status(200);
        makers.reporter.act(&path, "submit", &json!({})).await.with_status(200);
        match status {
            "returned" => makers.coordinator.act(&path, "return", &json!({"reason": "Bổ sung"})).await.with_status(200),
            "accepted" => makers.coordinator.act(&path, "accept", &json!({})).await.with_status(200),
            _ => Value::Null,
        };
    }
}

/// A consolidated report, brought to a status.
async fn consolidate(makers: &Makers, period: &str, status: &str) -> Value {
    let made = makers.coordinator.post("/consolidated-reports", &json!({"period": period})).await.with_status(201);
    let path = format!("/consolidated-reports/{}", text(&made, "id"));
    let way: &[(&Actor, &str)] = match status {
        "draft" => &[],
        "approved" => &[(&makers.leader, "approve")],
        "sent" => &[(&makers.leader, "approve"), (&makers.coordinator, "send")],
        "acknowledged" => &[(&makers.leader, "approve"), (&makers.coordinator, "send"), (&makers.province, "acknowledge")],
        _ => &[(&makers.leader, "approve"), (&makers.coordinator, "send"), (&makers.province, "return")],
    };
    for (by, verb) in way {
        let body = if *verb == "return" { json!({"reason": "Kiểm tra lại"}) } else { json!({}) };
        by.act(&path, verb, &body).await.with_status(200);
    }
    makers.coordinator.get(&path).await.ok()
}
