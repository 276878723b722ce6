//! An answer that is kept hangs on what it was read of: what changes elsewhere, or is housekeeping, leaves it as it is.

use crate::house::json::{bi, list, mark, text};
use crate::house::steps::{Period, cell, in_days};
use crate::house::{Actor, Answer, Backend, Grant, PROVINCE, TestApp, WARD, at_once};
use crate::progress::{NEIGHBOUR, above, neighbour};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

on_both![
    a_write_in_one_ward_leaves_the_others,
    housekeeping_leaves_all,
    every_write_shows_at_once_wherever_it_concerns,
    another_server_s_write_shows_at_once,
    another_process_s_write_shows,
    who_may_see_less_sees_less_though_nothing_else_changed,
    readings_at_once_are_counted_each,
];

/// How many answers were given out again so far.
pub async fn given_out(app: &TestApp) -> u64 {
    let told = app.anonymous().get("/metrics").await.text;
    let line = told.lines().find_map(|line| line.strip_prefix("binhdang_kept_answers_total ")).unwrap_or_else(|| panic!("{told}"));
    line.parse().expect("a count")
}

/// An answer, and whether it was kept.
async fn asked(app: &TestApp, by: &Actor, path: &str) -> (Answer, bool) {
    let before = given_out(app).await;
    let answer = by.call("GET", path).unchecked().send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.excerpt());
    (answer, given_out(app).await == before + 1)
}

/// The same answer, computed anew: the same question in words that nobody has used yet.
async fn anew(by: &Actor, path: &str) -> Answer {
    static ASKED: AtomicUsize = AtomicUsize::new(1);
    let spaces = "&".repeat(ASKED.fetch_add(1, Ordering::Relaxed) % 4000 + 1);
    let answer = by.call("GET", &format!("{path}{}{spaces}", if path.contains('?') { "" } else { "?" })).unchecked().send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.excerpt());
    answer
}

/// What can be asked about a ward by a plan or by the ward.
fn lists(plan: &str, ward: &str) -> Vec<String> {
    let by_plan =
        ["goals", "plan-indicators", "indicators", "disaggregations", "tasks", "units", "reporting-periods", "reports", "observations"];
    let mut paths: Vec<String> = by_plan.iter().map(|list| format!("/{list}?plan={plan}")).collect();
    paths.extend(by_plan.iter().map(|list| format!("/{list}?jurisdiction={ward}&limit=20")));
    paths.extend(["", "/outline", "/gaps", "/trace/4.1"].map(|part| format!("/plans/{plan}{part}")));
    paths.push(format!("/plans?jurisdiction={ward}"));
    paths.push(format!("/progress?plan={plan}&period=2027"));
    paths.push(format!("/progress?jurisdiction={ward}&period=2027"));
    paths
}

/// And one row of each list.
async fn rows(by: &Actor, plan: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for list in ["goals", "plan-indicators", "indicators", "disaggregations", "tasks", "units", "reporting-periods"] {
        let found = by.items(&format!("/{list}"), &[("plan", plan)]).await;
        paths.extend(found.first().map(|row| format!("/{list}/{}", text(row, "id"))));
    }
    paths
}

/// What is asked about more than one ward, or about nobody knows which.
fn above_wards() -> Vec<String> {
    let mut paths: Vec<String> =
        ["/goals?limit=200", "/units", "/reports", "/observations", "/plans", "/jurisdictions", "/reporting-periods"]
            .map(str::to_owned)
            .into();
    paths.push(format!("/progress?jurisdiction={PROVINCE}&period=2027"));
    paths.push(format!("/observations?jurisdiction={PROVINCE}"));
    paths.push(format!("/goals?jurisdiction={PROVINCE}&limit=100"));
    paths
}

async fn of_ward(by: &Actor, plan: &str, ward: &str) -> Vec<String> {
    let mut paths = lists(plan, ward);
    paths.extend(rows(by, plan).await);
    paths
}

async fn warm(by: &Actor, paths: &[String]) {
    for path in paths {
        by.get(path).await.ok();
    }
}

async fn not_kept(app: &TestApp, by: &Actor, paths: &[String]) -> Vec<String> {
    let mut anew = Vec::new();
    for path in paths {
        if !asked(app, by, path).await.1 {
            anew.push(path.clone());
        }
    }
    anew
}

/// Waits until the server has made the periods that a plan implies.
async fn settled(by: &Actor, plan: &str) {
    for _ in 0..20 {
        let before = by.items("/reporting-periods", &[("plan", plan)]).await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        if !before.is_empty() && by.items("/reporting-periods", &[("plan", plan)]).await == before {
            return;
        }
    }
    panic!("the periods of {plan} are not made");
}

async fn a_write_in_one_ward_leaves_the_others(app: TestApp) {
    let (here, there) = neighbour(&app).await;
    let by = above(&app).await;
    settled(&by, &there).await;
    let (mine, other, both) = (of_ward(&by, &here, WARD).await, of_ward(&by, &there, NEIGHBOUR).await, above_wards());
    for paths in [&mine, &other, &both] {
        warm(&by, paths).await;
        assert_eq!(not_kept(&app, &by, paths).await, Vec::<String>::new(), "nothing has changed");
    }
    let goal = by.items("/goals", &[("plan", &there)]).await.remove(0);
    by.patch(&format!("/goals/{}", text(&goal, "id")), &json!({"title": bi("Tên mới", "A new name")})).await.ok();
    // A patch reads the goal first.
    warm(&by, &[format!("/goals/{}", text(&goal, "id"))]).await;
    assert_eq!(not_kept(&app, &by, &mine).await, Vec::<String>::new(), "the other ward's goal has changed");
    let renewed = not_kept(&app, &by, &other).await;
    for path in [format!("/goals?plan={there}"), format!("/plans/{there}/outline"), format!("/progress?plan={there}&period=2027")] {
        assert!(renewed.contains(&path), "{path}: {renewed:?}");
    }
    for path in [format!("/units?plan={there}"), format!("/reports?plan={there}"), format!("/disaggregations?plan={there}")] {
        assert!(!renewed.contains(&path), "{path}: {renewed:?}");
    }
    let renewed = not_kept(&app, &by, &both).await;
    for path in &both {
        assert_eq!(renewed.contains(path), ["/goals", "/progress", "/observations"].iter().any(|list| path.starts_with(list)), "{path}");
    }
    // Above both: what changes in the tree of administrative units may concern everybody.
    let ward = app.admin().await.by_code("/jurisdictions", NEIGHBOUR).await;
    let path = format!("/jurisdictions/{}", text(&ward, "id"));
    app.admin().await.patch(&path, &json!({"name": {"vi": "Phường Từ Sơn mới", "en": null}})).await.ok();
    assert_eq!(not_kept(&app, &by, &mine).await, mine);
}

async fn housekeeping_leaves_all(app: TestApp) {
    let by = app.coordinator().await;
    let plan = text(&by.by_code("/plans", crate::house::PLAN).await, "id").to_owned();
    let year = Period::regular(&app, &by, &plan, "2027", &["U5"], &["4.2"]).await;
    let report = year.report("U5").await;
    report.submit(&[cell("4.2", 3, 400)]).await;
    report.accept().await;
    let paths: Vec<String> = of_ward(&by, &plan, WARD).await.into_iter().chain(above_wards()).collect();
    let person = app.someone(Grant::of("supervisor").another(7)).await;
    warm(&by, &paths).await;
    // A session, a failed sign-in, a refused write with an idempotency key, exact readings, the chain of the trail; and
    // meanwhile the jobs take their leases.
    let again = app.again(&person).await;
    let login = json!({"username": "t-supervisor--", "password": "not this one at all"});
    app.anonymous().call("POST", "/auth/login").json(&login).send().await.refused(401);
    let nothing = json!({"plan": plan, "code": "G1", "ordinal": 1, "field": bi("a", "a"), "title": bi("a", "a")});
    assert!(by.call("POST", "/goals").header("Idempotency-Key", &mark()).json(&nothing).send().await.status >= 400);
    again.get("/me").await.ok();
    let exact = format!("/progress?plan={plan}&period=2027");
    by.call("GET", &exact).header("X-Purpose", "Kiểm tra").send().await.ok();
    app.admin().await.get("/audit-events?limit=1").await.ok();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(not_kept(&app, &by, &paths).await, Vec::<String>::new());
    let readings = app.admin().await.items("/audit-events", &[("action", "restricted.read")]).await;
    assert!(readings.len() >= 3, "exact readings were recorded though the answers were kept: {readings:?}");
}

/// Every answer that is kept is what would be computed now.
async fn all_are_right(readers: &[(&Actor, &[String])], after: &str) {
    for (by, paths) in readers {
        for path in *paths {
            let (kept, now) = (by.call("GET", path).unchecked().send().await, anew(by, path).await);
            assert_eq!((kept.status, &kept.text), (200, &now.text), "{path} after {after}");
        }
    }
}

async fn every_write_shows_at_once_wherever_it_concerns(app: TestApp) {
    let (here, there) = neighbour(&app).await;
    let (by, admin, public) = (above(&app).await, app.admin().await, app.anonymous());
    let province = app.province_machine().await;
    let mut own = of_ward(&by, &here, WARD).await;
    let elsewhere = ["goals", "observations", "progress"].map(|list| format!("/{list}?plan={there}"));
    own.extend(lists(&there, NEIGHBOUR).into_iter().filter(|path| elsewhere.iter().any(|one| path.starts_with(one))));
    own.extend(above_wards());
    // The other lists are the same for everybody.
    let open: Vec<String> = own.iter().filter(|path| path.starts_with("/observations") || path.starts_with("/progress")).cloned().collect();
    let readers: [(&Actor, &[String]); 2] = [(&by, &own), (&public, &open)];
    all_are_right(&readers, "nothing").await;
    let one = |list: &'static str| {
        let (by, here) = (by.clone(), here.clone());
        async move { format!("/{list}/{}", text(&by.items(&format!("/{list}"), &[("plan", &here)]).await[0], "id")) }
    };
    let n = mark();
    for (list, change) in [
        ("goals", json!({"title": bi(&n, &n)})),
        ("plan-indicators", json!({"statement": bi(&n, &n)})),
        ("indicators", json!({"name": bi(&n, &n)})),
        ("disaggregations", json!({"name": bi(&n, &n)})),
        ("tasks", json!({"text": bi(&n, &n)})),
        ("units", json!({"name": bi(&n, &n)})),
        ("units", json!({"code": "U99"})),
        ("goals", json!({"code": "G99"})),
    ] {
        by.patch(&one(list).await, &change).await.ok();
        all_are_right(&readers, &format!("{list} {change}")).await;
    }
    by.patch(&format!("/plans/{here}"), &json!({"title": bi(&n, &n)})).await.ok();
    all_are_right(&readers, "a plan's title").await;
    let goal = json!({"plan": here, "code": "G77", "ordinal": 77, "field": bi("Thử", "Try"), "title": bi("Thử", "Try")});
    let made = by.post("/goals", &goal).await.with_status(201);
    all_are_right(&readers, "a new goal").await;
    by.delete(&format!("/goals/{}", text(&made, "id"))).await.with_status(204);
    all_are_right(&readers, "a goal that is gone").await;
    let task = one("tasks").await;
    by.post(&format!("{task}/updates"), &json!({"status": "in_progress", "percent_complete": 40})).await.with_status(201);
    all_are_right(&readers, "a task's progress").await;

    let year = Period::regular(&app, &by, &here, "2027", &["U5", "U6"], &["4.1", "4.2", "3.2a"]).await;
    all_are_right(&readers, "a period that opens").await;
    let (u5, u6) = (year.report("U5").await, year.report("U6").await);
    u5.submit(&[cell("4.1", 114, 100), cell("4.2", 3, 400)]).await;
    all_are_right(&readers, "a report that is submitted").await;
    u5.accept().await;
    all_are_right(&readers, "a report that is accepted").await;
    u6.submit(&[cell("3.2a", 9, 10)]).await;
    u6.send_back("Xem lại").await;
    all_are_right(&readers, "a report that is returned").await;
    u6.submit(&[cell("3.2a", 8, 10)]).await;
    u6.accept().await;
    all_are_right(&readers, "restricted figures").await;
    let extension = json!({"unit": "U6", "due_at": in_days(90), "reason": "Bão lụt"});
    by.post(&format!("{}/extensions", year.path), &extension).await;
    all_are_right(&readers, "an extension").await;
    year.close().await;
    let consolidated = year.consolidate().await;
    all_are_right(&readers, "a consolidated report").await;
    consolidated.approve().await;
    all_are_right(&readers, "a consolidated report that is approved").await;
    let coordinator = app.coordinator().await;
    consolidated.try_step(&coordinator, "send", &json!({})).await.ok();
    all_are_right(&readers, "a consolidated report that is sent").await;
    consolidated.try_step(&province, "return", &json!({"reason": "Thiếu số liệu"})).await;
    all_are_right(&readers, "a consolidated report that is returned").await;
    let indicator = by.items("/indicators", &[("plan", &here), ("code", "4.1")]).await.remove(0);
    by.patch(&format!("/indicators/{}", text(&indicator, "id")), &json!({"restricted": true})).await;
    all_are_right(&readers, "an indicator that becomes restricted").await;
    let elsewhere = Period::regular(&app, &by, &there, "2027", &["U5"], &["4.1"]).await;
    crate::progress::deliver(&app, NEIGHBOUR, &elsewhere, "U5", &[cell("4.1", 107, 100)]).await;
    all_are_right(&readers, "another ward's figures").await;
    let body = json!({"jurisdiction": WARD, "title": bi("Bản sao", "A copy")});
    by.post(&format!("/plans/{there}/copy"), &body).await.with_status(201);
    all_are_right(&readers, "a copied plan").await;
    let ward = admin.by_code("/jurisdictions", NEIGHBOUR).await;
    admin.patch(&format!("/jurisdictions/{}", text(&ward, "id")), &json!({"name": {"vi": "Tên mới", "en": null}})).await.ok();
    all_are_right(&readers, "a ward's name").await;
    let user = admin.items("/users", &[("q", "t-coordinator")]).await.remove(0);
    admin.patch(&format!("/users/{}", text(&user, "id")), &json!({"display_name": "Tên khác"})).await.ok();
    all_are_right(&readers, "an account's name").await;
}

async fn another_server_s_write_shows_at_once(app: TestApp) {
    let other = app.beside().await;
    let (here, there) = neighbour(&app).await;
    let by = above(&app).await;
    // The same person at the other server.
    let reader = other.sign_in(&by.session().username, &by.session().password).await;
    let goal = format!("/goals/{}", text(&by.items("/goals", &[("plan", &here)]).await[0], "id"));
    let (mine, elsewhere) = (format!("/goals?plan={here}"), format!("/goals?plan={there}"));
    warm(&reader, &[goal.clone(), mine.clone(), elsewhere.clone()]).await;
    for n in 0..20 {
        let title = bi(&format!("Mục tiêu {n}"), "Goal");
        by.patch(&goal, &json!({"title": title})).await.ok();
        assert_eq!(reader.get(&goal).await.ok()["title"], title);
        assert!(list(&reader.get(&mine).await.ok(), "items").iter().any(|g| g["title"] == title), "{n}");
    }
    assert!(asked(&other, &reader, &elsewhere).await.1, "the other ward's goals were not touched");
}

/// Writes as another program does that tells of it.
pub fn write_beside(app: &TestApp, statements: &str) {
    match app.database_url() {
        Some(url) => PgConnection::establish(&url).expect("PostgreSQL").batch_execute(statements).expect("a write"),
        None => {
            let mut c = SqliteConnection::establish(&app.data().join("binhdang.sqlite3").to_string_lossy()).expect("SQLite");
            c.batch_execute(&format!("PRAGMA busy_timeout = 10000; {statements}")).expect("a write");
        }
    }
}

async fn another_process_s_write_shows(app: TestApp) {
    let by = app.coordinator().await;
    let goal = by.by_code("/goals", "G1").await;
    let path = format!("/goals/{}", text(&goal, "id"));
    let paths = [path.clone(), "/units".to_owned()];
    warm(&by, &paths).await;
    // The command line adds an account: no answer tells of it.
    let name = mark().to_lowercase();
    let arguments = ["user", "add", "--username", &name, "--role", "supervisor", "--jurisdiction", WARD, "--password-stdin"];
    app.cli(&arguments, "Correct-Horse-Battery-9");
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(not_kept(&app, &by, &paths).await, Vec::<String>::new());
    for n in 0..5 {
        write_beside(
            &app,
            &format!(
                "BEGIN; UPDATE goals SET title_vi = 'Tên {n}' WHERE id = '{0}';
                 INSERT INTO changes (id, at, type, resource, resource_id, version, jurisdiction)
                 VALUES ('beside-{n}', '2026-11-28 00:00:00', 'goal.updated', 'goal', '{0}', 1, '{WARD}'); COMMIT;",
                text(&goal, "id")
            ),
        );
        if app.backend() == Backend::Sqlite {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(by.get(&path).await.ok()["title"]["vi"], format!("Tên {n}"));
        assert!(asked(&app, &by, "/units").await.1, "no unit has changed");
    }
}

async fn who_may_see_less_sees_less_though_nothing_else_changed(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(&app, &["U5"], &["4.2"]).await;
    let report = period.report("U5").await;
    report.submit(&[cell("4.2", 3, 400)]).await;
    report.accept().await;
    let leader = app.someone(Grant::of("leader").restricted().another(3)).await;
    let path = format!("/observations?period={}", period.id);
    let shown = |answer: Value| list(&answer, "items").iter().any(|item| item["numerator"] == json!(3));
    warm(&by, std::slice::from_ref(&path)).await;
    for _ in 0..2 {
        assert!(shown(leader.get(&path).await.ok()));
    }
    let id = text(&leader.get("/me").await.ok(), "id").to_owned();
    let less = json!({"grants": [{"role": "leader", "jurisdiction": WARD}]});
    app.admin().await.patch(&format!("/users/{id}"), &less).await.ok();
    let leader = app.again(&leader).await;
    assert!(!shown(leader.get(&path).await.ok()), "he no longer has the scope");
    assert!(asked(&app, &by, &path).await.1, "whom nobody has touched is given what was kept");
}

async fn readings_at_once_are_counted_each(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(&app, &["U5"], &["4.2"]).await;
    let report = period.report("U5").await;
    report.submit(&[cell("4.2", 3, 400)]).await;
    report.accept().await;
    let (leader, path) = (app.leader().await, format!("/observations?period={}", period.id));
    warm(&by, std::slice::from_ref(&path)).await;
    let told = || async { app.admin().await.items("/audit-events", &[("action", "restricted.read")]).await };
    let before = told().await.len();
    let purposes = ["Đối chiếu", "Kiểm tra"];
    let call = |n: usize| {
        let reader = if n.is_multiple_of(3) { &leader } else { &by };
        reader
            .call("GET", &path)
            .header("X-Purpose", purposes[n % 2])
            .header("Accept-Language", if n.is_multiple_of(5) { "en" } else { "vi" })
    };
    let answers = at_once((0..60).map(call).collect()).await;
    answers.iter().for_each(|answer| drop(answer.ok()));
    let told: Vec<Value> = told().await.split_off(before);
    let times = |event: &Value| event["after"]["times"].as_u64().unwrap_or(1);
    assert_eq!(told.iter().map(times).sum::<u64>(), 60, "{told:?}");
    assert!(told.len() < 60, "some of so many share an event: {}", told.len());
    for purpose in purposes {
        let of = |name: &str| told.iter().filter(|e| e["purpose"] == purpose && text(&e["actor"], "id") == name).map(times).sum::<u64>();
        let (own, other) = (text(&by.get("/me").await.ok(), "id").to_owned(), text(&leader.get("/me").await.ok(), "id").to_owned());
        assert_eq!((of(&own), of(&other)), (20, 10), "{purpose}");
    }
    for event in told.iter().filter(|event| times(event) > 1) {
        let (first, last) = (text(&event["after"], "first_at"), text(&event["after"], "last_at"));
        assert!(first <= last && event["at"].as_str().is_some_and(|at| at >= first && at <= last), "{event}");
        assert_eq!(event["after"]["query"], format!("period={}", period.id));
    }
}
