//! Webhooks: what is sent, to whom, how it is signed, and what becomes of it where the receiver fails (contract, section 9;
//! Standard Webhooks).

use crate::house::json::{list, text};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, Grant, PROVINCE, TestApp, WARD};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

on_both![
    what_the_province_sees_is_sent_and_signed,
    a_receiver_that_fails_is_told_again_under_the_same_id,
    one_that_hangs_keeps_nobody_waiting,
    who_is_sent_elsewhere_does_not_go,
    gone_means_inactive_and_nothing_is_lost,
    a_new_secret_signs_beside_the_old_one,
    private_addresses_are_refused_also_later,
    a_server_that_dies_sends_it_again_under_the_same_id,
    two_servers_send_it_once,
    webhooks_are_for_those_who_administer,
    what_was_given_up_is_sent_on_demand,
];

const PRIVATE: (&str, &str) = ("BINHDANG_WEBHOOK_ALLOW_PRIVATE", "true");
/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(25);

/// What a receiver got.
#[derive(Debug, Clone)]
struct Got {
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn id(&self) -> String {
        self.headers["webhook-id"].to_str().expect("ASCII").to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    fn is_signed_by(&self, secret: &str) -> bool {
        Webhook::new(secret).expect("a secret").verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

/// How a receiver answers.
#[derive(Debug, Clone)]
enum Answering {
    Status(u16),
    Redirecting(String),
    Hanging,
}

/// A receiver that answers in turn as it was told, and then as the last time.
#[derive(Clone)]
struct Receiver {
    port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<Vec<Answering>>>,
}

impl Receiver {
    fn begin(answers: &[Answering]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let receiver = Self { port, got: Arc::default(), answers: Arc::new(Mutex::new(answers.to_vec())) };
        let serving = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        receiver
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/nhan", self.port)
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
        let mut headers = HeaderMap::new();
        let mut line = String::new();
        reader.read_line(&mut line).expect("a request line");
        loop {
            line.clear();
            if reader.read_line(&mut line).expect("a header") == 0 {
                return;
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value.parse().expect("a value"));
        }
        let length: usize = headers["content-length"].to_str().expect("ASCII").parse().expect("a number");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        let answer = {
            let mut answers = self.answers.lock().expect("answers");
            if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
        };
        self.got.lock().expect("a list").push(Got { headers, body: String::from_utf8(body).expect("UTF-8") });
        let mut stream = stream;
        let head = match answer {
            Answering::Status(status) => format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            Answering::Redirecting(to) => format!("HTTP/1.1 307 X\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            Answering::Hanging => {
                std::thread::sleep(Duration::from_secs(60));
                return;
            }
        };
        let _ = stream.write_all(head.as_bytes());
    }

    fn all(&self) -> Vec<Got> {
        self.got.lock().expect("a list").clone()
    }

    /// Waits until it got so many messages.
    async fn wait(&self, count: usize) -> Vec<Got> {
        let began = Instant::now();
        while self.all().len() < count {
            assert!(began.elapsed() < PATIENCE, "only {:?}", self.all());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.all()
    }
}

async fn webhook(by: &Actor, to: &Receiver, types: &[&str]) -> Value {
    by.post("/webhooks", &json!({"url": to.url(), "types": types, "jurisdiction": WARD})).await.with_status(201)
}

/// The deliveries of a webhook once they fit.
async fn deliveries(by: &Actor, webhook: &Value, fit: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let (began, path) = (Instant::now(), format!("/webhooks/{}/deliveries", text(webhook, "id")));
    loop {
        let found = by.items(&path, &[]).await;
        if fit(&found) {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Something that the province is told of.
async fn happens(app: &TestApp) -> String {
    let goal = app.coordinator().await.by_code("/goals", "G1").await;
    let by = app.coordinator().await;
    let path = format!("/goals/{}", text(&goal, "id"));
    let field = format!("Lĩnh vực {}", uuid::Uuid::now_v7());
    by.patch(&path, &json!({"field": {"vi": field, "en": null}})).await.with_status(200);
    text(&goal, "id").to_owned()
}

async fn what_the_province_sees_is_sent_and_signed(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(204)]));
    let made =
        webhook(&by, &to, &["report.submitted", "report.accepted", "consolidated_report.approved", "consolidated_report.sent"]).await;
    let secret = text(&made, "secret");
    assert!(secret.starts_with("whsec_") && made["active"] == true, "{made}");
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let sent = period.consolidate().await.send().await;
    let got = to.wait(1).await;
    let message = got[0].json();
    assert_eq!((text(&message, "type"), &message["data"]["id"]), ("consolidated_report.sent", &sent["id"]));
    let members: Vec<&String> = message["data"].as_object().expect("an object").keys().collect();
    assert_eq!(members, ["cursor", "resource", "id", "version", "jurisdiction"], "never a figure");
    assert_eq!((&message["data"]["jurisdiction"], &message["data"]["version"]), (&json!(WARD), &sent["version"]));
    assert!(got[0].is_signed_by(secret) && !got[0].is_signed_by("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert_eq!(got[0].headers["content-type"], "application/json");
    let told = deliveries(&by, &made, |all| all.iter().any(|one| one["status"] == "delivered")).await;
    assert_eq!((told.len(), text(&told[0], "id")), (1, got[0].id().as_str()));
    assert_eq!((&told[0]["message"], &told[0]["attempt_log"][0]["status"]), (&message, &json!(204)));
    // The feed goes on behind it.
    let cursor = text(&message["data"], "cursor");
    app.coordinator().await.get(&format!("/changes?after={cursor}")).await.ok();
    // Nothing of a unit's report, nor of what the house alone decides, and nothing twice.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(to.all().len(), 1);
    let again = by.get(&format!("/webhooks/{}", text(&made, "id"))).await.ok();
    assert!(again.get("secret").is_none(), "{again}");
}

async fn a_receiver_that_fails_is_told_again_under_the_same_id(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(500), Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    happens(&app).await;
    let got = to.wait(2).await;
    assert_eq!((got[0].id(), &got[0].body), (got[1].id(), &got[1].body));
    let told = deliveries(&by, &made, |all| all.iter().all(|one| one["status"] == "delivered")).await;
    assert_eq!((told.len(), &told[0]["attempts"]), (1, &json!(2)));
    let log = list(&told[0], "attempt_log");
    assert_eq!((&log[0]["status"], &log[0]["error"], &log[1]["error"]), (&json!(500), &json!("status"), &Value::Null));
}

async fn one_that_hangs_keeps_nobody_waiting(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, slow, quick) = (app.admin().await, Receiver::begin(&[Answering::Hanging]), Receiver::begin(&[Answering::Status(200)]));
    let hanging = webhook(&by, &slow, &["goal.updated"]).await;
    webhook(&by, &quick, &["goal.updated"]).await;
    for _ in 0..8 {
        happens(&app).await;
    }
    let began = Instant::now();
    quick.wait(8).await;
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    assert!(slow.all().len() <= 4, "only some at a time");
    let told = deliveries(&by, &hanging, |all| all.iter().any(|one| !list(one, "attempt_log").is_empty())).await;
    let failed = told.iter().find(|one| !list(one, "attempt_log").is_empty()).expect("one");
    assert_eq!((&failed["attempt_log"][0]["error"], &failed["attempt_log"][0]["status"]), (&json!("timeout"), &Value::Null));
}

async fn who_is_sent_elsewhere_does_not_go(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let inside = Receiver::begin(&[Answering::Status(200)]);
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Redirecting(inside.url())]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    happens(&app).await;
    let told = deliveries(&by, &made, |all| all.iter().any(|one| !list(one, "attempt_log").is_empty())).await;
    assert_eq!((&told[0]["attempt_log"][0]["status"], &told[0]["status"]), (&json!(307), &json!("pending")));
    assert!(inside.all().is_empty());
}

async fn gone_means_inactive_and_nothing_is_lost(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(410), Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    let path = format!("/webhooks/{}", text(&made, "id"));
    happens(&app).await;
    to.wait(1).await;
    let began = Instant::now();
    let off = loop {
        let now = by.get(&path).await.ok();
        if now["active"] == false {
            break now;
        }
        assert!(began.elapsed() < PATIENCE, "{now}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!((&off["disabled_because"], off["version"].as_i64()), (&json!("gone"), Some(2)));
    let trail = by.items("/audit-events", &[("action", "webhook.disabled")]).await;
    assert_eq!(trail.len(), 1);
    happens(&app).await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(to.all().len(), 1, "nothing is sent to what is gone");
    let on = by.patch(&path, &json!({"active": true})).await.with_status(200);
    assert_eq!((&on["active"], &on["disabled_because"]), (&json!(true), &Value::Null));
    // The one that was refused, and the one of which nothing was sent.
    let got = to.wait(3).await;
    let ids: std::collections::BTreeSet<String> = got.iter().map(Got::id).collect();
    assert_eq!(ids.len(), 2);
}

async fn a_new_secret_signs_beside_the_old_one(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    let turned = by.post(&format!("/webhooks/{}/rotate-secret", text(&made, "id")), &json!({})).await.with_status(200);
    let (old, new) = (text(&made, "secret"), text(&turned, "secret"));
    assert!(old != new && !turned["previous_secret_until"].is_null());
    happens(&app).await;
    let got = to.wait(1).await;
    assert!(got[0].is_signed_by(old) && got[0].is_signed_by(new));
    assert_eq!(got[0].headers["webhook-signature"].to_str().expect("ASCII").split(' ').count(), 2);
    // A second turn forgets the first.
    let third = by.post(&format!("/webhooks/{}/rotate-secret", text(&made, "id")), &json!({})).await.with_status(200);
    happens(&app).await;
    let got = to.wait(2).await;
    assert!(!got[1].is_signed_by(old) && got[1].is_signed_by(new) && got[1].is_signed_by(text(&third, "secret")));
}

async fn private_addresses_are_refused_also_later(app: TestApp) {
    let by = app.admin().await;
    for url in [
        "http://127.0.0.1:9/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.7/",
        "http://2130706433/",
    ] {
        let body = json!({"url": url, "types": ["goal.updated"], "jurisdiction": WARD});
        by.post("/webhooks", &body).await.problem(422, "webhook.address");
    }
    for url in ["ftp://example.org/x", "https://a:b@example.org/"] {
        by.post("/webhooks", &json!({"url": url, "types": ["goal.updated"], "jurisdiction": WARD})).await.problem(422, "field.format");
    }
    by.post("/webhooks", &json!({"url": "https://example.org/x", "types": [], "jurisdiction": WARD})).await.refused(422);
    by.post("/webhooks", &json!({"url": "https://example.org/x", "types": ["goal.painted"], "jurisdiction": WARD})).await.refused(422);
    by.post("/webhooks", &json!({"url": "https://example.org/x", "types": ["goal.updated"], "jurisdiction": "99999"}))
        .await
        .problem(422, "reference.unknown");
    // What was allowed once is looked at anew each time.
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    app.restart_with(&[("BINHDANG_WEBHOOK_ALLOW_PRIVATE", "false")]).await;
    happens(&app).await;
    let by = app.admin().await;
    let told = deliveries(&by, &made, |all| all.iter().any(|one| !list(one, "attempt_log").is_empty())).await;
    assert_eq!(told[0]["attempt_log"][0]["error"], "address");
    assert!(to.all().is_empty());
}

async fn a_server_that_dies_sends_it_again_under_the_same_id(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Hanging, Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    happens(&app).await;
    to.wait(1).await;
    app.kill_hard();
    app.restart().await;
    // It is held for half a minute by the server that died.
    let began = Instant::now();
    while to.all().len() < 2 {
        assert!(began.elapsed() < Duration::from_secs(60), "it was lost");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let got = to.all();
    assert_eq!(got[0].id(), got[1].id());
    let by = app.admin().await;
    let told = deliveries(&by, &made, |all| all.iter().all(|one| one["status"] == "delivered")).await;
    assert_eq!(told.len(), 1);
}

async fn two_servers_send_it_once(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let other = app.beside().await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    for _ in 0..10 {
        happens(&app).await;
        happens(&other).await;
    }
    to.wait(20).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let got = to.all();
    let ids: std::collections::BTreeSet<String> = got.iter().map(Got::id).collect();
    let cursors: std::collections::BTreeSet<String> = got.iter().map(|one| text(&one.json()["data"], "cursor").to_owned()).collect();
    assert_eq!((got.len(), ids.len(), cursors.len()), (20, 20, 20), "each change once");
    deliveries(&by, &made, |all| all.len() == 20 && all.iter().all(|one| one["status"] == "delivered")).await;
}

async fn webhooks_are_for_those_who_administer(app: TestApp) {
    let body = json!({"url": "https://example.org/nhan", "types": ["consolidated_report.sent"], "jurisdiction": WARD});
    for by in [app.coordinator().await, app.leader().await, app.province_machine().await] {
        by.post("/webhooks", &body).await.problem(403, "access.denied");
    }
    let by = app.admin().await;
    let made = by.post("/webhooks", &body).await.with_status(201);
    let path = format!("/webhooks/{}", text(&made, "id"));
    // An administrator of elsewhere knows nothing of it, and makes none here.
    let ward =
        json!({"code": "09367", "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
    by.post("/jurisdictions", &ward).await.with_status(201);
    let elsewhere = app.someone(Grant::of("admin").at("09367")).await;
    elsewhere.get(&path).await.problem(404, "resource.not_found");
    assert!(elsewhere.items("/webhooks", &[]).await.is_empty());
    elsewhere.post("/webhooks", &body).await.problem(403, "access.denied");
    // Without a place it is one's own, if there is one.
    let own = elsewhere.post("/webhooks", &json!({"url": "https://example.org/a", "types": ["plan.updated"]})).await.with_status(201);
    assert_eq!(text(&own, "jurisdiction"), "09367");
    // The change feed tells administrators of them.
    let types = "webhook.created,webhook.updated,webhook.deleted";
    by.patch(&path, &json!({"description": "Thử"})).await.with_status(200);
    by.delete(&path).await.with_status(204);
    let told = by.get(&format!("/changes?types={types}")).await.ok();
    let verbs: Vec<&str> = list(&told, "items").iter().filter(|one| one["id"] == made["id"]).map(|one| text(one, "type")).collect();
    assert_eq!(verbs, ["webhook.created", "webhook.updated", "webhook.deleted"]);
    let trail = by.items("/audit-events", &[("action", "webhook.created")]).await;
    assert!(trail.iter().all(|event| !event.to_string().contains("whsec_")), "{trail:?}");
}

async fn what_was_given_up_is_sent_on_demand(app: TestApp) {
    app.restart_with(&[PRIVATE]).await;
    let (by, to) = (app.admin().await, Receiver::begin(&[Answering::Status(200)]));
    let made = webhook(&by, &to, &["goal.updated"]).await;
    happens(&app).await;
    to.wait(1).await;
    let told = deliveries(&by, &made, |all| all.iter().any(|one| one["status"] == "delivered")).await;
    let path = format!("/webhooks/{}/deliveries/{}/replay", text(&made, "id"), text(&told[0], "id"));
    let again = by.post(&path, &json!({})).await.ok();
    assert_eq!((&again["status"], &again["attempts"]), (&json!("pending"), &json!(0)));
    let got = to.wait(2).await;
    assert_eq!(got[0].id(), got[1].id());
    let dead = by.get(&format!("/webhooks/{}/deliveries?status=dead_lettered", text(&made, "id"))).await.ok();
    assert!(list(&dead, "items").is_empty());
    by.post(&format!("/webhooks/{}/deliveries/{}/replay", text(&made, "id"), text(&made, "id")), &json!({}))
        .await
        .problem(404, "resource.not_found");
}
