//! What every endpoint has in common: section 1 of the contract.

use crate::house::json::{bi, codes, fault_codes, mark, pointers, text, with};
use crate::house::steps::{Period, Report, cell};
use crate::house::{Actor, Answer, Grant, NOBODY, PLAN, TestApp, WARD};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

on_both![
    every_error_is_a_problem,
    problems_speak_both_languages,
    a_problem_has_a_page,
    nobody_unknown_learns_what_is_wrong_with_a_body,
    an_unknown_field_is_refused,
    all_field_errors_are_told_at_once,
    malformed_json_is_told_by_line_and_column,
    broken_bodies_are_refused,
    control_characters_are_refused,
    texts_are_trimmed_and_composed,
    decimals_are_exact,
    a_body_too_large_is_refused,
    a_wrong_method_names_the_right_ones,
    head_and_options_work,
    checks_come_in_the_stated_order,
    a_get_can_be_conditional,
    a_change_needs_the_present_version,
    a_patch_merges,
    what_is_sent_is_what_is_there,
    a_code_is_unique,
    what_is_in_use_is_not_deleted,
    references_name_one_thing,
    a_key_makes_a_retry_safe,
    an_error_frees_the_key,
    a_retried_transition_is_replayed,
    keys_belong_to_an_account_and_a_path,
    keys_survive_a_restart,
    a_secret_is_not_replayed,
    a_malformed_key_is_refused,
    pages_neither_skip_nor_repeat,
    links_lead_through_a_list,
    limits_and_totals,
    lists_are_sorted_as_asked,
    a_search_needs_no_marks,
    an_unknown_parameter_is_refused,
    a_request_has_an_id,
    cors_is_for_the_configured_origins,
    answers_are_compressed_as_asked,
    answers_say_what_they_depend_on,
    the_service_tells_how_it_is,
    actions_say_what_this_caller_may_do,
];

fn goal(code: &str) -> Value {
    json!({"plan": PLAN, "code": code, "ordinal": 7, "letter": "g", "field": bi("thử", "trial"), "title": bi("Mục tiêu thử", "Trial goal")})
}

fn unit(code: &str) -> Value {
    json!({"jurisdiction": WARD, "code": code, "kind": "school", "name": bi("Trường thử", "Trial school"), "is_group": false, "reports": true, "active": true})
}

async fn made(by: &Actor, path: &str, body: &Value) -> (String, Value) {
    let answer = by.post(path, body).await;
    let there = answer.with_status(201);
    assert!(answer.header("location").ends_with(&format!("/api/v1{path}/{}", text(&there, "id"))), "{}", answer.header("location"));
    (format!("{path}/{}", text(&there, "id")), there)
}

async fn new_goal(by: &Actor) -> String {
    made(by, "/goals", &goal(&format!("G{}", mark()))).await.0
}

// ---------------------------------------------------------------- problems

async fn every_error_is_a_problem(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    for path in ["/nowhere", "/api/v1/nowhere", "/api/v2/goals"] {
        public.call("GET", path).unchecked().send().await.problem(404, "resource.not_found");
    }
    let missing = public.get(&format!("/goals/{NOBODY}")).await.problem(404, "resource.not_found");
    assert_eq!(missing["instance"], format!("/api/v1/goals/{NOBODY}"));
    public.get("/goals/G3").await.refused(404);
    by.call("PUT", "/goals").raw("application/json", "{}").send().await.problem(405, "method.not_allowed");
    for (media, content) in
        [("text/plain", "{}"), ("application/x-www-form-urlencoded", "code=G9"), ("application/json; charset=latin1", "{}")]
    {
        by.call("POST", "/goals").raw(media, content).send().await.problem(415, "media_type.unsupported");
    }
    for accept in ["application/xml", "image/png;q=1, application/json;q=0"] {
        public.call("GET", "/goals").header("Accept", accept).send().await.problem(406, "media_type.not_acceptable");
    }
    for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
        public.call("GET", "/goals").header("Accept", accept).send().await.ok();
    }
    public.get("/me").await.problem(401, "auth.required");
    app.reporter("U5").await.post("/goals", &goal("G9")).await.problem(403, "access.denied");
}

async fn problems_speak_both_languages(app: TestApp) {
    let public = app.anonymous();
    let ask = async |language: &str| {
        let call = public.call("GET", "/goals?limit=0");
        let call = if language.is_empty() { call } else { call.header("Accept-Language", language) };
        call.send().await.problem(400, "query.invalid")
    };
    let (vi, en) = (ask("vi").await, ask("en").await);
    for member in ["title", "detail"] {
        assert!(!text(&vi, member).is_ascii(), "{member} is not Vietnamese: {vi}");
        assert!(text(&en, member).is_ascii(), "{member} is not English: {en}");
    }
    assert_eq!((text(&vi, "code"), pointers(&vi)), (text(&en, "code"), pointers(&en)));
    assert!(text(&en["errors"][0], "detail").is_ascii() && !text(&vi["errors"][0], "detail").is_ascii());
    for (language, want) in [("", &vi), ("fr", &vi), ("*", &vi), ("en;q=0.4, vi;q=0.9", &vi), ("vi;q=0.1, en-GB;q=0.8", &en)] {
        assert_eq!(ask(language).await["title"], want["title"], "{language}");
    }
}

async fn a_problem_has_a_page(app: TestApp) {
    let public = app.anonymous();
    let problem = public.get("/goals?bogus=1").await.problem(400, "query.unknown");
    let page = public.get(text(&problem, "type")).await;
    page.with_status(200);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(page.text.contains("query.unknown") && page.text.contains("Tham số truy vấn không có"), "{}", page.text);
    assert!(page.text.contains("Unknown query parameter"), "{}", page.text);
    public.get("/problems/no.such_problem").await.refused(404);
}

async fn nobody_unknown_learns_what_is_wrong_with_a_body(app: TestApp) {
    let public = app.anonymous();
    for content in [&b"{\"code\": "[..], b"{\"bogus\": 1}", b"\xff", b""] {
        for token in ["", "Bearer nonsense", "Bearer e30.e30.e30", "Basic YTpi"] {
            let call = public.call("POST", "/goals?bogus=1").raw("application/json", content);
            let call = if token.is_empty() { call } else { call.header("Authorization", token) };
            let answer = call.send().await;
            answer.refused(401);
            let asked = answer.header("www-authenticate");
            assert!(asked.starts_with("Bearer"), "{asked}");
            assert!(!token.starts_with("Bearer") || asked.contains("error="), "{token}: {asked}");
        }
    }
}

// ---------------------------------------------------------------- bodies

async fn an_unknown_field_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    let goal_path = new_goal(&by).await;
    for (path, body) in [
        ("/goals", with(&goal("G9"), &json!({"bogus": {"deep": [1]}}))),
        ("/units", with(&unit("U9"), &json!({"bogus": 1}))),
        ("/reporting-periods", json!({"plan": PLAN, "kind": "ad_hoc", "bogus": 1})),
        ("/auth/login", json!({"username": "a", "password": "b", "bogus": 1})),
    ] {
        let problem = by.post(path, &body).await.problem(422, "field.unknown");
        assert!(pointers(&problem).contains(&"/bogus".to_owned()), "{path}: {problem}");
    }
    let problem = by.patch(&goal_path, &json!({"title": {"vi": "Khác", "fr": "Autre"}})).await.problem(422, "field.unknown");
    assert_eq!(pointers(&problem), ["/title/fr"]);
    // What the server makes is not the client's to give.
    for member in ["id", "version", "created_at", "_actions"] {
        let problem = by.patch(&goal_path, &json!({member: "x"})).await.refused(422);
        assert_eq!(pointers(&problem), [format!("/{member}")]);
    }
}

async fn all_field_errors_are_told_at_once(app: TestApp) {
    let by = app.coordinator().await;
    let body = json!({"plan": PLAN, "ordinal": "seven", "letter": 5, "field": bi("", "x"), "title": {"en": "no Vietnamese"}, "bogus": 1, "a/b~c": 2});
    let problem = by.post("/goals", &body).await.problem(422, "body.invalid");
    let want: BTreeSet<&str> = ["/code", "/ordinal", "/letter", "/field/vi", "/title/vi", "/bogus", "/a~1b~0c"].into_iter().collect();
    let told = pointers(&problem);
    assert_eq!(told.iter().map(String::as_str).collect::<BTreeSet<_>>(), want, "{problem}");
    let codes = fault_codes(&problem);
    let of = |pointer: &str| codes[told.iter().position(|p| p == pointer).unwrap()].as_str();
    assert_eq!((of("/code"), of("/ordinal"), of("/field/vi")), ("field.missing", "field.type", "field.length"));
    assert_eq!((of("/bogus"), of("/a~1b~0c"), of("/title/vi")), ("field.unknown", "field.unknown", "field.missing"));
    assert!(problem["errors"].as_array().unwrap().iter().all(|e| !text(e, "detail").is_empty()));
}

async fn malformed_json_is_told_by_line_and_column(app: TestApp) {
    let by = app.coordinator().await;
    let content = "{\n  \"code\": \"G9\",\n  \"ordinal\": ,\n}";
    let answer = by.call("POST", "/goals").header("Accept-Language", "en").raw("application/json", content).send().await;
    let problem = answer.problem(400, "json.malformed");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(3), &json!(14)));
    assert!(text(&problem, "detail").contains("line 3 column 14"), "{problem}");
}

async fn broken_bodies_are_refused(app: TestApp) {
    let by = app.coordinator().await;
    let deep = format!("{}1{}", "{\"title\":".repeat(20_000), "}".repeat(20_000));
    let malformed: [&[u8]; 6] = [
        b"{\"code\": \"G9\"",
        b"{\"code\": \"G9\"} x",
        b"{\"code\": \"\xff\xfe\"}",
        b"{\"ordinal\": NaN}",
        b"{\"ordinal\": 1, }",
        b"{'a': 1}",
    ];
    for content in malformed {
        by.call("POST", "/goals").raw("application/json", content).send().await.problem(400, "json.malformed");
    }
    let odd = ["", "[1, 2]", "\"G9\"", "null", "{\"code\": \"\\ud800 x\"}", "{\"code\": 1, \"code\": 2}", &deep, &"[".repeat(50_000)];
    for content in odd {
        let answer = by.call("POST", "/goals").raw("application/json", content).send().await;
        assert!([400, 413, 422].contains(&answer.status), "{} for {}", answer.excerpt(), content.chars().take(40).collect::<String>());
        answer.refused(answer.status);
    }
    app.anonymous().get("/healthz").await.ok();
}

async fn control_characters_are_refused(app: TestApp) {
    let by = app.coordinator().await;
    for character in ['\u{0}', '\u{7}', '\n', '\t', '\u{1b}', '\u{7f}', '\u{9f}'] {
        let body = with(&unit(&format!("U{}", mark())), &json!({"name": bi(&format!("Trường{character}Hoa Sen"), "School")}));
        let problem = by.post("/units", &body).await.refused(422);
        assert_eq!(pointers(&problem), ["/name/vi"], "U+{:04X}", u32::from(character));
    }
}

async fn texts_are_trimmed_and_composed(app: TestApp) {
    let by = app.coordinator().await;
    // "Trường Tiểu học Đồng Nguyên" with every mark apart (NFD).
    let apart = "  Tru\u{31b}o\u{31b}\u{300}ng Tie\u{302}\u{309}u ho\u{323}c \u{110}o\u{302}\u{300}ng Nguye\u{302}n ";
    let name = "Trường Tiểu học Đồng Nguyên";
    let (path, there) = made(&by, "/units", &with(&unit(&format!("U{}", mark())), &json!({"name": bi(apart, " School ")}))).await;
    assert_eq!(there["name"], bi(name, "School"));
    assert_eq!(by.get(&path).await.ok()["name"], bi(name, "School"));
    let found = by.items("/units", &[("q", "tieu hoc dong nguyen")]).await;
    assert_eq!(codes(&found), [text(&there, "code")]);
}

/// Sends the target of an indicator with a number written just so, and reads the body back as text.
async fn with_target(by: &Actor, path: &str, number: &str) -> Answer {
    let body = format!(
        r#"{{"targets": [{{"value": {number}, "timeframe": {{"type": "by_year", "from": null, "to": 2030}}, "wording": {{"vi": "x", "en": null}}}}]}}"#
    );
    let etag = by.etag(path).await;
    by.call("PATCH", path).if_match(&etag).raw("application/merge-patch+json", body).send().await
}

async fn decimals_are_exact(app: TestApp) {
    let by = app.coordinator().await;
    let path = format!("/indicators/{}", text(&by.by_code("/indicators", "4.1").await, "id"));
    for (number, want) in [
        ("0.1", "0.1"),
        ("1.4", "1.4"),
        ("0.0001", "0.0001"),
        ("1234.5678", "1234.5678"),
        ("99999999999.9999", "99999999999.9999"),
        ("12345678901.3457", "12345678901.3457"),
        ("1e2", "100"),
        ("12.5e-1", "1.25"),
        ("25.0000", "25"),
    ] {
        with_target(&by, &path, number).await.with_status(200);
        let there = by.get(&path).await.ok();
        assert_eq!(crate::house::json::number(&there["targets"][0]["value"]), want, "{number}");
    }
    let etag = by.etag(&path).await;
    for number in ["0.00001", "1e-5", "100000000000", "-100000000000", "1e400", "99999999999.99999", "\"70\"", "[70]"] {
        let problem = with_target(&by, &path, number).await.refused(422);
        assert!(pointers(&problem).iter().any(|p| p == "/targets/0/value"), "{number}: {problem}");
    }
    assert_eq!(by.etag(&path).await, etag);
}

/// Speaks HTTP by hand: what a well-behaved client library would not send.
fn by_hand(app: &TestApp, head: &str, fill: usize) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", app.port())).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    stream.set_write_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    stream.write_all(head.as_bytes()).expect("the head is taken");
    for _ in 0..fill / 65536 {
        // The server may answer and close before the end: that is what is tested.
        if stream.write_all(&[b' '; 65536]).is_err() {
            break;
        }
    }
    let mut got = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(n) = stream.read(&mut chunk) {
        got.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&got);
        if n == 0 || text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.ends_with('}')) {
            break;
        }
    }
    String::from_utf8_lossy(&got).into_owned()
}

async fn a_body_too_large_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    let body = with(&goal("G9"), &json!({"editorial_note": {"vi": "x".repeat(3_000_000)}}));
    by.post("/goals", &body).await.problem(413, "body.too_large");
    let head = |length: &str| {
        format!(
            "POST /api/v1/goals HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n{length}\r\n\r\n",
            by.token()
        )
    };
    for answer in [
        by_hand(&app, &head("Content-Length: 68719476736"), 1 << 24),
        by_hand(&app, &(head("Transfer-Encoding: chunked") + "4000000\r\n"), 1 << 24),
    ] {
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("body.too_large"), "{answer}");
    }
}

// ---------------------------------------------------------------- methods

async fn a_wrong_method_names_the_right_ones(app: TestApp) {
    let by = app.coordinator().await;
    let one = new_goal(&by).await;
    for (method, path, allowed) in [
        ("PUT", "/goals", &["get", "head", "options", "post"][..]),
        ("DELETE", "/auth/login", &["options", "post"]),
        ("POST", "/healthz", &["get", "head", "options"]),
        ("POST", one.as_str(), &["delete", "get", "head", "options", "patch"]),
        ("GET", "/me/password", &["options", "put"]),
    ] {
        let answer = by.call(method, path).send().await;
        answer.problem(405, "method.not_allowed");
        let mut allow = answer.header_list("allow");
        allow.sort();
        assert_eq!(allow, allowed, "{method} {path}");
    }
}

async fn head_and_options_work(app: TestApp) {
    let public = app.anonymous();
    let one = format!("/goals/{}", text(&public.by_code("/goals", "G1").await, "id"));
    for path in ["/goals", one.as_str(), "/healthz", "/openapi.json"] {
        let (get, head) = (public.get(path).await, public.call("HEAD", path).send().await);
        assert_eq!((get.status, head.status, head.bytes.len()), (200, 200, 0), "{path}");
        for name in ["content-type", "etag", "vary", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    assert_eq!(public.call("HEAD", "/nowhere").send().await.status, 404);
    assert_eq!(public.call("HEAD", "/me").send().await.status, 401);
    let answer = public.call("OPTIONS", "/goals").send().await;
    assert!([200, 204].contains(&answer.status), "{}", answer.excerpt());
    assert!(["get", "head", "post", "options"].iter().all(|m| answer.header_list("allow").iter().any(|a| a == m)));
    assert_eq!(public.call("OPTIONS", "/nowhere").unchecked().send().await.status, 404);
}

/// 401; 403 for the role; 413, 415, 406; 400; 428; 422 for the body's shape; 404; 412; 409; 422 for the rules: each request
/// is wrong in its own way and in all that come after it.
async fn checks_come_in_the_stated_order(app: TestApp) {
    let (by, reporter, public) = (app.coordinator().await, app.reporter("U5").await, app.anonymous());
    let there = new_goal(&by).await;
    let nowhere = format!("/goals/{NOBODY}");
    let large = "x".repeat(3_000_000);
    let (json_, plain) = ("application/json", "text/plain");
    for (who, method, path, media, content, tag, status) in [
        (&public, "POST", "/goals?bogus=1", plain, large.as_str(), None, 401),
        (&reporter, "POST", "/goals?bogus=1", plain, &large, None, 403),
        (&by, "POST", "/goals?bogus=1", plain, &large, None, 413),
        (&by, "POST", "/goals?bogus=1", plain, "{", None, 415),
        (&by, "POST", "/goals?bogus=1", json_, "{\"bogus\": 1}", None, 400),
        (&by, "PATCH", &nowhere, json_, "{", None, 400),
        (&by, "PATCH", &nowhere, json_, "{\"bogus\": 1}", None, 428),
        (&by, "PATCH", &nowhere, json_, "{\"bogus\": 1}", Some("\"0\""), 422),
        (&by, "PATCH", &nowhere, json_, "{}", Some("\"0\""), 404),
        (&by, "PATCH", &there, json_, "{\"ordinal\": 8}", Some("\"0\""), 412),
        (&by, "DELETE", &there, json_, "", Some("\"0\""), 412),
        (&reporter, "DELETE", &nowhere, json_, "", None, 403),
    ] {
        let call = who.call(method, path).raw(media, content);
        let call = tag.into_iter().fold(call, crate::house::if_match);
        call.send().await.refused(status);
    }
}

// ---------------------------------------------------------------- versions

async fn a_get_can_be_conditional(app: TestApp) {
    let public = app.anonymous();
    let path = format!("/indicators/{}", text(&public.by_code("/indicators", "3.1").await, "id"));
    let first = public.get(&path).await;
    let (tag, version) = (first.etag().to_owned(), first.ok()["version"].to_string());
    assert!(tag.starts_with(&format!("\"{version}-")), "{tag}");
    let packed = public.call("GET", &path).header("Accept-Encoding", "gzip").unchecked().send().await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_ne!(packed.etag(), tag, "two representations, one strong tag");
    for (asked, status) in
        [(tag.clone(), 304), (format!("\"x\", {tag}"), 304), (format!("W/{tag}"), 304), ("*".into(), 304), ("\"x\"".into(), 200)]
    {
        let answer = public.call("GET", &path).header("If-None-Match", &asked).send().await;
        assert_eq!((answer.status, answer.etag()), (status, tag.as_str()), "{asked}");
        assert_eq!(answer.bytes.is_empty(), status == 304);
    }
}

async fn a_change_needs_the_present_version(app: TestApp) {
    let by = app.coordinator().await;
    for method in ["PATCH", "DELETE"] {
        let path = new_goal(&by).await;
        let send = async |tag: Option<&str>| {
            let call = by.call(method, &path);
            let call = if method == "PATCH" { call.json(&json!({"ordinal": 9})) } else { call };
            tag.into_iter().fold(call, crate::house::if_match).send().await
        };
        let old = by.etag(&path).await;
        send(None).await.problem(428, "version.required");
        send(Some("*")).await.problem(428, "version.required");
        let changed = by.call("PATCH", &path).if_match(&old).json(&json!({"ordinal": 8})).send().await;
        let version = changed.with_status(200)["version"].to_string();
        let bare_old = old.split('-').next().unwrap().to_owned() + "\"";
        for stale in [old.as_str(), &bare_old, "\"x\"", &format!("W/\"{version}\"")] {
            send(Some(stale)).await.problem(412, "version.stale");
        }
        assert_eq!(by.get(&path).await.ok()["ordinal"], 8);
        // Any tag of the present version will do: also the public's, and the bare version of a list.
        let tag = if method == "PATCH" { app.anonymous().etag(&path).await } else { format!("\"{version}\"") };
        let done = send(Some(&tag)).await;
        assert!((200..300).contains(&done.status), "{}", done.excerpt());
    }
    let period = Period::planned(&app, &["U5"], &["4.1"], 30 * 24 * 60).await;
    by.post(&format!("{}/open", period.path), &json!({})).await.problem(428, "version.required");
    by.act_on(&period.path, "open", "\"0\"", &json!({})).await.problem(412, "version.stale");
    let opened = by.act(&period.path, "open", &json!({})).await;
    assert_eq!(opened.with_status(200)["status"], "open");
    assert_eq!(opened.etag().split('-').next(), by.etag(&period.path).await.split('-').next());
}

async fn a_patch_merges(app: TestApp) {
    let by = app.coordinator().await;
    for media in ["application/merge-patch+json", "application/json"] {
        let body = with(&unit(&format!("U{}", mark())), &json!({"short_name": "Trường", "name": bi("Trường Hoa Sen", "Lotus")}));
        let (path, _) = made(&by, "/units", &body).await;
        let send = async |patch: &str| {
            let etag = by.etag(&path).await;
            by.call("PATCH", &path).if_match(&etag).raw(media, patch).send().await
        };
        assert_eq!(
            send(r#"{"short_name": null, "name": {"en": "Lotus School"}}"#).await.with_status(200)["name"],
            bi("Trường Hoa Sen", "Lotus School")
        );
        let there = by.get(&path).await.ok();
        assert_eq!((&there["short_name"], &there["code"], &there["reports"]), (&Value::Null, &body["code"], &json!(true)));
        assert_eq!(send(r#"{"name": {"en": null}}"#).await.with_status(200)["name"], json!({"vi": "Trường Hoa Sen", "en": null}));
        assert_eq!(send("{}").await.with_status(200)["name"]["vi"], "Trường Hoa Sen");
        assert!(pointers(&send(r#"{"name": null}"#).await.refused(422)).iter().all(|p| p.starts_with("/name")));
        assert_eq!(pointers(&send(r#"{"name": {"vi": null}}"#).await.refused(422)), ["/name/vi"]);
        assert!([400, 422].contains(&send("[]").await.status));
    }
    // Lists are replaced whole.
    let task = json!({"plan": PLAN, "code": format!("T{}", mark()), "kind": "task", "goals": ["G1"], "text": bi("Việc", "Task"), "status": "not_started",
        "assignments": [{"unit": "U5", "role": "lead"}, {"unit": "U6", "role": "coordinate"}], "percent_complete": 0});
    let (path, _) = made(&by, "/tasks", &task).await;
    let there = by.patch(&path, &json!({"assignments": [{"unit": "U6", "role": "participate"}]})).await.with_status(200);
    let list: Vec<(&str, &str)> =
        there["assignments"].as_array().unwrap().iter().map(|a| (text(&a["unit"], "code"), text(a, "role"))).collect();
    assert_eq!(list, [("U6", "participate")]);
    by.call("PATCH", &path).if_match("\"1\"").raw("application/json-patch+json", "[]").send().await.problem(415, "media_type.unsupported");
}

async fn what_is_sent_is_what_is_there(app: TestApp) {
    let by = app.coordinator().await;
    let body = with(
        &goal(&format!("G{}", mark())),
        &json!({"editorial_note": {"vi": "Ghi chú\nhai dòng", "en": "A note\nof two lines"}, "source": {"section": "I.2", "lines": [40, 44], "quote": "…"}}),
    );
    let (path, there) = made(&by, "/goals", &body).await;
    for member in ["code", "ordinal", "letter", "field", "title", "editorial_note", "source"] {
        assert_eq!(there[member], body[member], "{member}");
    }
    assert_eq!(text(&there["plan"], "code"), PLAN);
    assert_eq!(&text(&there, "id")[14..15], "7", "not a UUIDv7");
    let read = by.get(&path).await.ok();
    assert_eq!(read["created_at"], there["created_at"]);
    assert!(text(&read, "created_at").ends_with('Z'));
    let changed = by.patch(&path, &json!({"ordinal": 8})).await.with_status(200);
    assert!(changed["version"].as_i64() > read["version"].as_i64());
    assert!(text(&changed, "updated_at") >= text(&read, "updated_at"));
    by.delete(&path).await.with_status(204);
    by.get(&path).await.problem(404, "resource.not_found");
    assert!(by.items("/goals", &[("code", text(&body, "code"))]).await.is_empty());
}

async fn a_code_is_unique(app: TestApp) {
    let by = app.coordinator().await;
    by.post("/goals", &goal("G3")).await.problem(409, "code.taken");
    by.post("/units", &unit("U5")).await.problem(409, "code.taken");
    let path = new_goal(&by).await;
    by.patch(&path, &json!({"code": "G3"})).await.problem(409, "code.taken");
}

async fn what_is_in_use_is_not_deleted(app: TestApp) {
    let by = app.coordinator().await;
    for (list, code, problem) in [
        ("/goals", "G3", "goal.in_use"),
        ("/indicators", "3.2a", "indicator.in_use"),
        ("/units", "U6", "unit.in_use"),
        ("/plans", PLAN, "plan.in_use"),
    ] {
        let there = by.by_code(list, code).await;
        let path = format!("{list}/{}", text(&there, "id"));
        let told = by.delete(&path).await.problem(409, problem);
        let counts: Vec<i64> = {
            let mut found = Vec::new();
            crate::house::json::walk(&told, &mut |v| found.extend(v.as_i64()));
            found.into_iter().filter(|n| *n != 409).collect()
        };
        assert!(!counts.is_empty() && counts.iter().all(|n| *n >= 0) && counts.iter().any(|n| *n > 0), "no counts in {told}");
        by.get(&path).await.ok();
    }
    assert_eq!(by.items("/indicators", &[("goal", "G3")]).await.len(), 4);
}

async fn references_name_one_thing(app: TestApp) {
    let by = app.coordinator().await;
    let by_id = text(&by.by_code("/goals", "G3").await, "id").to_owned();
    let task = |goals: Value, who: &str| {
        json!({"plan": PLAN, "code": format!("T{}", mark()), "kind": "task", "goals": goals, "text": bi("Việc", "Task"), "status": "not_started",
            "assignments": [{"unit": who, "role": "lead"}], "percent_complete": 0})
    };
    let (_, there) = made(&by, "/tasks", &task(json!([by_id, "G1"]), "U5")).await;
    let mut goals = codes(there["goals"].as_array().unwrap());
    goals.sort();
    assert_eq!(goals, ["G1", "G3"]);
    let problem = by.post("/tasks", &task(json!(["G1", "G-99"]), NOBODY)).await.problem(422, "reference.unknown");
    let told = pointers(&problem);
    assert!(told.contains(&"/goals/1".to_owned()) && told.iter().any(|p| p.starts_with("/assignments/0")), "{problem}");
    by.find("/goals", &[("plan", "no-such-plan")]).await.problem(400, "reference.unknown");
    // The same code in two wards.
    let admin = app.admin().await;
    let code = format!("U{}", mark());
    let wards = ["98001", "98002"];
    for ward in wards {
        let body = json!({"code": ward, "name": bi("Phường", "Ward"), "level": "commune", "kind": "ward", "parent": "24"});
        admin.post("/jurisdictions", &body).await.with_status(201);
    }
    let both = app.coordinator_of(&wards).await;
    for ward in wards {
        both.post("/units", &with(&unit(&code), &json!({"jurisdiction": ward}))).await.with_status(201);
    }
    // In a filter it stands for both.
    for path in ["/tasks", "/indicators", "/reports", "/observations"] {
        assert!(both.items(path, &[("unit", &code)]).await.is_empty(), "{path}");
        both.find(path, &[("unit", "U-nowhere")]).await.problem(400, "reference.unknown");
    }
}

// ---------------------------------------------------------------- idempotency

async fn keyed(by: &Actor, path: &str, body: &Value, key: &str) -> Answer {
    by.call("POST", path).header("Idempotency-Key", key).json(body).send().await
}

async fn a_key_makes_a_retry_safe(app: TestApp) {
    let by = app.coordinator().await;
    let (body, key) = (unit(&format!("U{}", mark())), "x".repeat(255));
    let (first, again) = (keyed(&by, "/units", &body, &key).await, keyed(&by, "/units", &body, &key).await);
    assert_eq!((first.status, again.status), (201, 201));
    assert!(!first.replayed() && again.replayed());
    assert_eq!(
        (first.text.as_str(), first.header("location"), first.etag()),
        (again.text.as_str(), again.header("location"), again.etag())
    );
    let other = with(&body, &json!({"code": format!("U{}", mark())}));
    keyed(&by, "/units", &other, &key).await.problem(422, "idempotency.key_reused");
    assert!(by.items("/units", &[("code", text(&other, "code"))]).await.is_empty());
    // Another path is another key.
    assert!(!keyed(&by, "/goals", &goal(&format!("G{}", mark())), &key).await.replayed());
    // A replay stands though the thing has changed since.
    let path = format!("/units/{}", text(&first.body, "id"));
    by.patch(&path, &json!({"name": {"en": "Renamed"}})).await.with_status(200);
    assert_eq!(keyed(&by, "/units", &body, &key).await.text, first.text);
}

async fn an_error_frees_the_key(app: TestApp) {
    let by = app.coordinator().await;
    let (body, key) = (unit(&format!("U{}", mark())), mark());
    keyed(&by, "/units", &with(&body, &json!({"bogus": 1})), &key).await.refused(422);
    keyed(&by, "/units", &with(&body, &json!({"code": "U5"})), &key).await.problem(409, "code.taken");
    let done = keyed(&by, "/units", &body, &key).await;
    done.with_status(201);
    assert!(!done.replayed());
}

async fn a_retried_transition_is_replayed(app: TestApp) {
    let report = Report::of_health_station(&app).await;
    report.fill(&[cell("4.1", 109, 100)]).await;
    let (u5, etag, key) = (report.reporter().await, report.etag().await, mark());
    let send = async || {
        let call = u5.call("POST", &format!("{}/submit", report.path)).if_match(&etag).header("Idempotency-Key", &key);
        call.json(&json!({})).send().await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.with_status(200)["status"], "submitted");
    assert_eq!((again.status, &again.text, again.replayed()), (200, &first.text, true));
    assert_eq!(report.read().await["history"].as_array().unwrap().len(), 1, "submitted once");
}

async fn keys_belong_to_an_account_and_a_path(app: TestApp) {
    let by = app.coordinator().await;
    let task = json!({"plan": PLAN, "code": format!("T{}", mark()), "kind": "task", "goals": [], "text": bi("Việc", "Task"), "status": "not_started",
        "assignments": [{"unit": "U5", "role": "lead"}], "percent_complete": 0});
    let (task, _) = made(&by, "/tasks", &task).await;
    let (path, key) = (format!("{task}/updates"), mark());
    let body = json!({"status": "in_progress", "percent_complete": 5, "note": "x"});
    for actor in [app.reporter("U5").await, app.someone(Grant::of("reporter").unit("U5").another(1)).await] {
        let answer = keyed(&actor, &path, &body, &key).await;
        answer.with_status(201);
        assert!(!answer.replayed());
    }
    assert_eq!(by.items(&path, &[]).await.len(), 2);
}

async fn keys_survive_a_restart(app: TestApp) {
    let by = app.coordinator().await;
    let (body, key) = (unit(&format!("U{}", mark())), mark());
    let first = keyed(&by, "/units", &body, &key).await;
    first.with_status(201);
    app.restart().await;
    let again = keyed(&by, "/units", &body, &key).await;
    assert_eq!((again.status, &again.text, again.replayed()), (201, &first.text, true));
}

async fn a_secret_is_not_replayed(app: TestApp) {
    let admin = app.admin().await;
    let body = json!({"name": format!("so-noi-vu-{}", mark()), "grants": [{"role": "province", "jurisdiction": "24"}]});
    let key = mark();
    let (first, again) = (keyed(&admin, "/clients", &body, &key).await, keyed(&admin, "/clients", &body, &key).await);
    let made = first.with_status(201);
    let secret = text(&made, "client_secret");
    assert!(again.with_status(201)["client_id"] == made["client_id"] && again.replayed());
    assert!(!again.text.contains(secret), "the secret is replayed");
}

async fn a_malformed_key_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    let body = unit(&format!("U{}", mark()));
    for key in ["x".repeat(256).as_str(), "", "two words", "khoá"] {
        keyed(&by, "/units", &body, key).await.problem(400, "idempotency.key_invalid");
    }
    assert!(by.items("/units", &[("code", text(&body, "code"))]).await.is_empty());
}

// ---------------------------------------------------------------- lists

async fn pages_neither_skip_nor_repeat(app: TestApp) {
    let by = app.coordinator().await;
    let add = async |n: usize| {
        let body = with(&goal(&format!("P{n:03}")), &json!({"ordinal": n}));
        by.post("/goals", &body).await.with_status(201);
    };
    for n in (100..140).step_by(2) {
        add(n).await;
    }
    let early: BTreeSet<String> = (100..140).step_by(2).map(|n| format!("P{n:03}")).collect();
    for (round, sort) in [None, Some("code"), Some("-code")].into_iter().enumerate() {
        let (mut walked, mut cursor, mut page) = (Vec::new(), None::<String>, 0);
        loop {
            let mut query = vec![("plan", PLAN), ("limit", "4")];
            query.extend(sort.map(|s| ("sort", s)));
            query.extend(cursor.as_deref().map(|c| ("cursor", c)));
            let body = by.find("/goals", &query).await.ok();
            walked.extend(codes(body["items"].as_array().unwrap()));
            match body["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
            if page < 3 {
                // One before, one amid and one after what has been read.
                for n in [10 + 10 * round + page, 101 + 12 * round + 2 * page, 900 + 10 * round + page] {
                    add(n).await;
                }
            }
            page += 1;
        }
        let once: BTreeSet<String> = walked.iter().cloned().collect();
        assert_eq!(once.len(), walked.len(), "repeated with sort={sort:?}: {walked:?}");
        assert!(early.is_subset(&once), "skipped with sort={sort:?}: {:?}", early.difference(&once).collect::<Vec<_>>());
    }
}

async fn links_lead_through_a_list(app: TestApp) {
    let public = app.anonymous();
    let mut url = "/api/v1/tasks?kind=solution&sort=code&limit=10".to_owned();
    let mut walked = Vec::new();
    loop {
        let page = public.get(&url).await;
        walked.extend(codes(page.ok()["items"].as_array().unwrap()));
        let link = page.header("link").to_owned();
        assert_eq!(page.body["next_cursor"].is_null(), link.is_empty(), "{link}");
        let Some((target, rel)) = link.strip_prefix('<').and_then(|l| l.split_once('>')) else { break };
        assert!(rel.contains("rel=\"next\""), "{link}");
        url = target.strip_prefix(&app.base()).unwrap_or(target).to_owned();
    }
    assert_eq!(walked, codes(&public.items("/tasks", &[("kind", "solution"), ("sort", "code")]).await));
    assert_eq!(walked.len(), 25);
}

async fn limits_and_totals(app: TestApp) {
    let by = app.coordinator().await;
    let page = by.find("/reporting-periods", &[("plan", PLAN)]).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 50, "the default");
    assert!(page["next_cursor"].is_string() && page.get("total").is_none(), "{}", page["next_cursor"]);
    let part = by.find("/tasks", &[("kind", "solution"), ("limit", "1"), ("include_total", "true")]).await.ok();
    assert_eq!((part["items"].as_array().unwrap().len(), &part["total"]), (1, &json!(25)));
    for limit in ["0", "501", "-1", "ten", "1.5", ""] {
        by.find("/goals", &[("limit", limit)]).await.problem(400, "query.invalid");
    }
}

async fn lists_are_sorted_as_asked(app: TestApp) {
    let public = app.anonymous();
    for path in ["/goals", "/plan-indicators", "/indicators", "/units", "/tasks"] {
        let up = codes(&public.items(path, &[("sort", "code")]).await);
        let mut down = codes(&public.items(path, &[("sort", "-code")]).await);
        down.reverse();
        assert_eq!(up, down, "{path}");
        assert!(up.len() > 5);
    }
    // By default the plan's order: U7.2 before U7.10.
    let by = app.coordinator().await;
    for n in [10, 2, 1] {
        by.post("/units", &with(&unit(&format!("U7.{n}")), &json!({"parent": "U7"}))).await.with_status(201);
    }
    let units = codes(&public.items("/units", &[]).await);
    let schools: Vec<&String> = units.iter().filter(|u| u.starts_with("U7.")).collect();
    assert_eq!(schools, ["U7.1", "U7.2", "U7.10"], "{units:?}");
}

async fn a_search_needs_no_marks(app: TestApp) {
    let public = app.anonymous();
    let spellings: [(&str, &str, &[&str]); 5] = [
        ("/tasks", "bình đẳng giới", &["binh dang gioi", "BINH DANG GIOI", "Bình Đẳng Giới", "binh đang gioi", "bi\u{300}nh đa\u{309}ng"]),
        ("/units", "văn hoá", &["van hoa", "văn hóa", "VAN HOA", "văn hoa"]),
        ("/units", "Uỷ ban Mặt trận", &["uy ban mat tran", "Ủy ban Mặt trận", "ỦY BAN"]),
        ("/indicators", "thạc sĩ", &["thac si", "THẠC SĨ"]),
        ("/goals", "chính trị", &["chinh tri", "CHÍNH TRỊ"]),
    ];
    for (path, words, others) in spellings {
        let want: BTreeSet<String> = codes(&public.items(path, &[("q", words)]).await).into_iter().collect();
        assert!(!want.is_empty(), "{words} finds nothing in {path}");
        for other in others {
            let found: BTreeSet<String> = codes(&public.items(path, &[("q", other)]).await).into_iter().collect();
            assert!(want.is_subset(&found), "q={other} does not find {:?}", want.difference(&found).collect::<Vec<_>>());
        }
        assert!(public.items(path, &[("q", "zzqxj")]).await.is_empty());
    }
    // Signs that a pattern language would understand are letters like any other.
    for sign in ["%", "_", "'", "\\", "*"] {
        assert!(public.items("/goals", &[("q", &format!("zz{sign}zz"))]).await.is_empty(), "{sign}");
    }
}

async fn an_unknown_parameter_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    let one = new_goal(&by).await;
    let cursor = by.find("/tasks", &[("limit", "3")]).await.ok()["next_cursor"].as_str().unwrap().to_owned();
    for path in ["/goals", one.as_str(), "/me", "/plans", "/reporting-periods", "/reports", "/indicators", "/units", "/tasks"] {
        let problem = by.get(&format!("{path}?bogus=1&other=2")).await.problem(400, "query.unknown");
        assert_eq!(pointers(&problem), ["bogus", "other"], "{path}");
    }
    let wrong = [
        "/goals?cursor=bogus".to_owned(),
        "/goals?cursor=%00".to_owned(),
        format!("/goals?cursor={cursor}"),
        format!("/tasks?limit=3&cursor={cursor}%25%25"),
        "/goals?sort=bogus".to_owned(),
        "/goals?sort=code,bogus".to_owned(),
        "/goals?include_total=perhaps".to_owned(),
        "/goals?updated_since=yesterday".to_owned(),
        "/goals?q=%ff%fe".to_owned(),
        "/goals?limit=3&limit=4".to_owned(),
        "/indicators?frequency=weekly".to_owned(),
        "/indicators?restricted=perhaps".to_owned(),
        "/tasks?kind=chore".to_owned(),
        "/tasks?status=finished".to_owned(),
        "/reports?status=lost".to_owned(),
    ];
    for path in wrong {
        by.get(&path).await.refused(400);
    }
    by.get("/goals?cursor=bogus").await.problem(400, "cursor.invalid");
}

// ---------------------------------------------------------------- headers

async fn a_request_has_an_id(app: TestApp) {
    let public = app.anonymous();
    for path in ["/goals", "/nowhere", "/goals?limit=0", "/healthz", "/openapi.json"] {
        let ask = async |id: &str| public.call("GET", path).header("X-Request-Id", id).send().await.header("x-request-id").to_owned();
        assert_eq!(ask("mine-1").await, "mine-1", "{path}");
        for bad in ["two words", "", "khoá", &"x".repeat(3000)] {
            let got = ask(bad).await;
            assert!(!got.is_empty() && got != bad, "{path} took {bad}");
        }
        let (a, b) = (public.get(path).await, public.get(path).await);
        assert_ne!(a.header("x-request-id"), b.header("x-request-id"), "{path}");
    }
    public.call("GET", "/goals").header("X-Request-Id", "seek-me").send().await.ok();
    assert!(app.log().contains("seek-me"), "no log line bears the id");
}

async fn cors_is_for_the_configured_origins(app: TestApp) {
    let (front, other) = ("https://front.example", "https://other.example:8443");
    let silent = app.anonymous().call("GET", "/goals").header("Origin", front).send().await;
    assert!(silent.header("access-control-allow-origin").is_empty(), "no origin is configured");
    app.restart_with(&[("BINHDANG_CORS_ORIGINS", &format!("{front},{other}"))]).await;
    let public = app.anonymous();
    let one = format!("/goals/{}", text(&public.by_code("/goals", "G1").await, "id"));
    for origin in [front, other] {
        for path in ["/goals", one.as_str(), "/nowhere", "/goals?limit=0", "/me"] {
            let answer = public.call("GET", path).header("Origin", origin).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{path}");
            let exposed = answer.header_list("access-control-expose-headers");
            for name in [
                "etag",
                "location",
                "link",
                "retry-after",
                "ratelimit",
                "ratelimit-policy",
                "idempotency-replayed",
                "x-request-id",
                "content-disposition",
            ] {
                assert!(exposed.iter().any(|e| e == name), "{name} is not exposed on {path}");
            }
            assert!(answer.header_list("vary").contains(&"origin".to_owned()), "{path}");
        }
        for method in ["PATCH", "POST", "DELETE", "GET"] {
            let preflight = public
                .call("OPTIONS", &one)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "authorization, content-type, idempotency-key, if-match");
            let answer = preflight.send().await;
            assert!([200, 204].contains(&answer.status), "{}", answer.excerpt());
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert!(answer.header_list("access-control-allow-methods").contains(&method.to_lowercase()));
            let allowed = answer.header_list("access-control-allow-headers");
            assert!(
                ["authorization", "content-type", "idempotency-key", "if-match"].iter().all(|h| allowed.iter().any(|a| a == h)),
                "{allowed:?}"
            );
        }
    }
    for stranger in ["https://evil.example", "https://front.example.evil.example", "http://front.example", "https://other.example", "null"]
    {
        let answer = public.call("GET", "/goals").header("Origin", stranger).send().await;
        answer.with_status(200);
        assert!(answer.header("access-control-allow-origin").is_empty(), "{stranger}");
    }
}

async fn answers_are_compressed_as_asked(app: TestApp) {
    let public = app.anonymous();
    let plain = public.get("/indicators?limit=500").await;
    assert_eq!(plain.header("content-encoding"), "");
    for (asked, want) in [("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("gzip;q=0", ""), ("identity", "")] {
        let packed = public.call("GET", "/indicators?limit=500").header("Accept-Encoding", asked).unchecked().send().await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, want), "{asked}");
        assert!(packed.header_list("vary").contains(&"accept-encoding".to_owned()));
        assert!(want.is_empty() || packed.bytes.len() * 2 < plain.bytes.len(), "{asked}: {} of {}", packed.bytes.len(), plain.bytes.len());
    }
}

async fn answers_say_what_they_depend_on(app: TestApp) {
    let by = app.coordinator().await;
    let one = new_goal(&by).await;
    for path in ["/goals", one.as_str(), "/me"] {
        let answer = by.get(path).await;
        let mut cache = answer.header_list("cache-control");
        cache.sort();
        assert_eq!(cache, ["no-cache", "private"], "{path}");
        let vary = answer.header_list("vary");
        assert!(["accept-encoding", "authorization"].iter().all(|v| vary.iter().any(|x| x == v)), "{path}: {vary:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let login = app.anonymous().post("/auth/login", &json!({"username": by.session().username, "password": by.session().password})).await;
    login.ok();
    assert!(login.header_list("cache-control").contains(&"no-store".to_owned()), "a token may be cached");
}

async fn the_service_tells_how_it_is(app: TestApp) {
    let public = app.anonymous();
    for path in ["/healthz", "/readyz"] {
        public.get(path).await.with_status(200);
    }
    let metrics = public.get("/metrics").await;
    metrics.with_status(200);
    assert!(metrics.text.contains("# TYPE ") && metrics.text.lines().filter(|l| !l.starts_with('#')).count() > 3, "{}", metrics.text);
    let page = public.get("/docs/").await;
    page.with_status(200);
    assert!(page.header("content-type").starts_with("text/html") && page.text.to_lowercase().contains("swagger"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("script-src") && !policy.contains("http") && !policy.contains("unsafe-eval") && !policy.contains('*'),
        "{policy}"
    );
    // People sign in on the page itself, and whatever it names is there.
    assert!(page.text.contains("id=\"sign-in\"") && page.text.contains("autocomplete=\"current-password\""));
    let named: Vec<&str> = page.text.split("\"./").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() > 3, "{named:?}");
    for file in named {
        public.call("GET", &format!("/docs/{file}")).unchecked().send().await.with_status(200);
    }
    let script = public.call("GET", "/docs/page.js").unchecked().send().await;
    assert!(script.header("content-type").starts_with("text/javascript") && script.text.contains("/openapi.json"));
}

async fn actions_say_what_this_caller_may_do(app: TestApp) {
    let by = app.coordinator().await;
    let path = new_goal(&by).await;
    let mine = by.get(&path).await.ok()["_actions"].clone();
    let theirs = app.anonymous().get(&path).await.ok()["_actions"].clone();
    assert!(mine.as_object().unwrap().values().any(|a| a["allowed"] == true), "{mine}");
    assert!(theirs.as_object().unwrap().values().all(|a| a["allowed"] == false && !text(a, "reason").is_empty()), "{theirs}");
    let report = Report::of_health_station(&app).await;
    assert_eq!(report.read().await["_actions"]["submit"]["allowed"], false);
    report.fill(&[cell("4.1", 109, 100)]).await;
    assert_eq!(report.read().await["_actions"]["submit"]["allowed"], true);
    report.submit(&[]).await;
    assert_eq!(report.read().await["_actions"]["submit"]["allowed"], false);
    assert_eq!(by.get(&report.path).await.ok()["_actions"]["accept"]["allowed"], true);
}
