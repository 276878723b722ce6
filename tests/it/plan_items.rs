//! The plan's own items, as section 3 of the contract gives them: administrative units, units, plans and goals.

use crate::house::json::{bi, codes, list, mark, pointers, text, with};
use crate::house::{Actor, Answer, Grant, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    administrative_units_make_a_tree,
    an_administrator_stays_within_his_reach,
    a_jurisdiction_in_use_stays,
    groups_have_members,
    a_unit_is_named_by_its_codes,
    units_are_found_by_their_filters,
    a_unit_in_use_stays,
    a_plan_keeps_what_it_prints,
    a_plan_goes_forward_only,
    the_parts_of_a_plan_agree,
    plans_are_found_by_their_filters,
    a_filter_by_jurisdiction_reaches_downwards,
    what_one_may_do_is_told,
    a_write_answers_what_is_read_afterwards,
];

fn ward(code: &str) -> Value {
    json!({"code": code, "name": bi("Phường thử", "Trial Ward"), "level": "commune", "kind": "ward", "parent": PROVINCE})
}

fn school(code: &str) -> Value {
    json!({"jurisdiction": WARD, "code": code, "kind": "school", "name": bi("Trường thử", "Trial School")})
}

fn plan(code: &str) -> Value {
    json!({"code": code, "jurisdiction": WARD, "title": bi("Kế hoạch thử", "Trial plan"), "start_year": 2031, "end_year": 2035,
        "general_objective": bi("Thu hẹp khoảng cách giới", "Narrow the gender gap")})
}

async fn made(by: &Actor, list: &str, body: &Value) -> (String, Value) {
    let there = by.post(list, body).await.with_status(201);
    (format!("{list}/{}", text(&there, "id")), there)
}

async fn path_of(by: &Actor, list: &str, code: &str) -> String {
    format!("{list}/{}", text(&by.by_code(list, code).await, "id"))
}

/// A code that nothing else has.
fn fresh(letter: &str) -> String {
    format!("{letter}{}", mark())
}

// ---------------------------------------------------------------- administrative units

async fn administrative_units_make_a_tree(app: TestApp) {
    let admin = app.admin().await;
    let (path, there) = made(&admin, "/jurisdictions", &ward("98101")).await;
    assert_eq!((text(&there, "level"), text(&there, "kind"), text(&there, "parent")), ("commune", "ward", PROVINCE));
    admin.post("/jurisdictions", &ward("98101")).await.problem(409, "code.taken");
    for (changes, pointer) in [
        (json!({"kind": "city"}), "/kind"),
        (json!({"parent": WARD}), "/parent"),
        (json!({"parent": "VN"}), "/parent"),
        (json!({"parent": null}), "/parent"),
        (json!({"level": "province", "kind": "city"}), "/parent"),
        (json!({"code": "VN"}), "/code"),
        (json!({"code": "X1"}), "/code"),
    ] {
        let body = with(&ward("98102"), &changes);
        assert_eq!(pointers(&admin.post("/jurisdictions", &body).await.refused(422)), [pointer], "{changes}");
    }
    let nowhere = with(&ward("98102"), &json!({"parent": "99"}));
    assert_eq!(pointers(&admin.post("/jurisdictions", &nowhere).await.problem(422, "reference.unknown")), ["/parent"]);
    for (member, value) in [("code", json!("98109")), ("level", json!("province"))] {
        let told = pointers(&admin.patch(&path, &json!({member: value})).await.refused(422));
        assert!(told.contains(&format!("/{member}")), "{told:?}");
    }
    assert_eq!(admin.patch(&path, &json!({"kind": "commune"})).await.with_status(200)["kind"], "commune");
    // The country, then its provinces, each followed by its communes.
    let public = app.anonymous();
    assert_eq!(codes(&public.items("/jurisdictions", &[]).await), ["VN", PROVINCE, WARD, "98101"]);
    assert_eq!(codes(&public.items("/jurisdictions", &[("parent", PROVINCE), ("kind", "ward")]).await), [WARD]);
    assert_eq!(codes(&public.items("/jurisdictions", &[("level", "country")]).await), ["VN"]);
    assert_eq!(codes(&public.items("/jurisdictions", &[("q", "phuong dong nguyen")]).await), [WARD]);
    public.find("/jurisdictions", &[("level", "district")]).await.problem(400, "query.invalid");
    admin.delete(&path).await.with_status(204);
    admin.get(&path).await.problem(404, "resource.not_found");
}

async fn an_administrator_stays_within_his_reach(app: TestApp) {
    let (own, province) = (app.someone(Grant::of("admin")).await, app.someone(Grant::of("admin").at(PROVINCE)).await);
    own.post("/jurisdictions", &ward("98111")).await.problem(403, "access.denied");
    let city = json!({"code": "98", "name": bi("Thành phố", "City"), "level": "province", "kind": "city", "parent": "VN"});
    province.post("/jurisdictions", &city).await.problem(403, "access.denied");
    let (path, there) = made(&province, "/jurisdictions", &ward("98111")).await;
    assert_eq!(there["_actions"]["delete"]["allowed"], true);
    own.patch(&path, &json!({"name": {"en": "Mine"}})).await.problem(403, "access.denied");
    app.admin().await.post("/jurisdictions", &city).await.with_status(201);
    province.patch(&path, &json!({"parent": "98"})).await.problem(403, "access.denied");
}

async fn a_jurisdiction_in_use_stays(app: TestApp) {
    let admin = app.admin().await;
    let told = admin.delete(&path_of(&admin, "/jurisdictions", WARD).await).await.problem(409, "jurisdiction.in_use");
    assert_eq!((&told["referrers"]["plans"], &told["referrers"]["units"]), (&json!(1), &json!(10)), "{told}");
    let told = admin.delete(&path_of(&admin, "/jurisdictions", PROVINCE).await).await.problem(409, "jurisdiction.in_use");
    assert_eq!(told["referrers"]["jurisdictions"], 1, "{told}");
}

// ---------------------------------------------------------------- units

async fn groups_have_members(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/units", &with(&school("U7.2"), &json!({"parent": "U7"}))).await;
    assert_eq!(text(&there["parent"], "code"), "U7");
    for (changes, pointer) in [
        (json!({"parent": "U5"}), "/parent"),
        (json!({"parent": "U7.2"}), "/parent"),
        (json!({"parent": "U7", "is_group": true}), "/parent"),
    ] {
        let problem = by.post("/units", &with(&school("U7.3"), &changes)).await.problem(422, "field.conflict");
        assert_eq!(pointers(&problem), [pointer], "{changes}");
    }
    by.post("/units", &with(&school("U7.3"), &json!({"parent": "U99"}))).await.problem(422, "reference.unknown");
    let group = path_of(&by, "/units", "U7").await;
    assert_eq!(pointers(&by.patch(&group, &json!({"is_group": false})).await.problem(422, "field.conflict")), ["/is_group"]);
    assert_eq!(by.delete(&group).await.problem(409, "unit.in_use")["referrers"]["members"], 1);
    // Members stand after their group, wherever it moves.
    made(&by, "/units", &with(&school("U7.10"), &json!({"parent": text(&there["parent"], "id")}))).await;
    let order = async || codes(&by.items("/units", &[]).await);
    let all = order().await;
    assert_eq!(all, ["UBND", "U1", "U2", "U3", "U4", "U5", "U6", "U7", "U7.2", "U7.10", "U8", "SNV"]);
    by.patch(&group, &json!({"transcription": {"plan_order": 999}})).await.with_status(200);
    let all = order().await;
    let eight = all.iter().position(|code| code == "U8").expect("U8");
    let moved: Vec<&String> = all.iter().skip(eight).filter(|code| code.starts_with("U7")).collect();
    assert_eq!(moved, ["U7", "U7.2", "U7.10"], "{all:?}");
    assert_eq!(by.patch(&path, &json!({"parent": null})).await.with_status(200)["parent"], Value::Null);
    assert_eq!(order().await.last().map(String::as_str), Some("U7.2"));
    by.delete(&path).await.with_status(204);
}

async fn a_unit_is_named_by_its_codes(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/units", &with(&school(&fresh("U")), &json!({"agency_code": "000.01.24.H05"}))).await;
    // What is left out: it reports, it exists, it is no group.
    assert_eq!((&there["reports"], &there["active"], &there["is_group"]), (&json!(true), &json!(true), &json!(false)));
    let twin = with(&school(&fresh("U")), &json!({"agency_code": "000.01.24.H05"}));
    assert_eq!(pointers(&by.post("/units", &twin).await.problem(409, "code.taken")), ["/agency_code"]);
    for wrong in ["h05", "000..1", "0".repeat(36).as_str()] {
        let told = by.post("/units", &with(&twin, &json!({"agency_code": wrong}))).await.refused(422);
        assert_eq!(pointers(&told), ["/agency_code"], "{wrong}");
    }
    by.patch(&path, &json!({"code": "U5"})).await.problem(409, "code.taken");
    assert_eq!(pointers(&by.patch(&path, &json!({"jurisdiction": PROVINCE})).await.problem(422, "field.immutable")), ["/jurisdiction"]);
    by.post("/units", &with(&twin, &json!({"jurisdiction": "99999"}))).await.problem(422, "reference.unknown");
    assert_eq!(pointers(&by.post("/units", &with(&twin, &json!({"kind": "zoo"}))).await.refused(422)), ["/kind"]);
}

async fn units_are_found_by_their_filters(app: TestApp) {
    let by = app.coordinator().await;
    made(&by, "/units", &with(&school("U7.1"), &json!({"parent": "U7", "reports": false, "active": false}))).await;
    for (filter, value, want) in [
        ("parent", "U7", &["U7.1"][..]),
        ("kind", "school", &["U7", "U7.1"]),
        ("active", "false", &["U7.1"]),
        ("reports", "false", &["UBND", "U7.1", "SNV"]),
        ("is_group", "true", &["U7", "U8"]),
        ("code", "U5", &["U5"]),
        ("q", "tram y te", &["U5"]),
    ] {
        assert_eq!(codes(&by.items("/units", &[(filter, value)]).await), want, "{filter}={value}");
    }
    for (filter, value) in [("plan", PLAN), ("jurisdiction", WARD), ("updated_since", "2020-01-01T00:00:00Z")] {
        assert_eq!(by.items("/units", &[(filter, value)]).await.len(), 11, "{filter}={value}");
    }
    for filter in ["plan", "parent"] {
        by.find("/units", &[(filter, "nothing")]).await.problem(400, "reference.unknown");
    }
}

async fn a_unit_in_use_stays(app: TestApp) {
    let by = app.coordinator().await;
    let told = by.delete(&path_of(&by, "/units", "U6").await).await.problem(409, "unit.in_use");
    for referrer in ["indicators", "task_assignments"] {
        assert!(told["referrers"][referrer].as_i64().is_some_and(|n| n > 0), "{referrer}: {told}");
    }
    let path = path_of(&by, "/units", "U6").await;
    assert_eq!(by.patch(&path, &json!({"active": false})).await.with_status(200)["active"], false);
}

// ---------------------------------------------------------------- plans

async fn a_plan_keeps_what_it_prints(app: TestApp) {
    let by = app.coordinator().await;
    let seed = by.get(&path_of(&by, "/plans", PLAN).await).await.ok();
    let (path, there) = made(&by, "/plans", &plan(&fresh("KH-"))).await;
    assert_eq!((text(&there, "status"), list(&there, "outline").len()), ("draft", 0));
    let members = [
        "legal_bases",
        "recipients",
        "signer",
        "reporting_rules",
        "events",
        "budget_sources",
        "outline",
        "measurement_rules",
        "solution_groups",
        "transcription_notes",
        "validation_rules",
        "editorial_notes",
        "source",
    ];
    let sent: Value = Value::Object(members.iter().map(|m| ((*m).to_owned(), seed[*m].clone())).collect());
    by.patch(&path, &sent).await.with_status(200);
    let read = by.get(&path).await.ok();
    for member in members {
        assert_eq!(read[member], seed[member], "{member}");
    }
    // The seed leaves these blank, as the printed plan does.
    let paper = json!({"document_number": "15/KH-UBND", "document_date": "2026-06-01", "issued_place": {"vi": "Đồng Nguyên", "en": null}});
    assert!(["document_number", "document_date", "issued_place"].iter().all(|member| seed[*member].is_null()));
    by.patch(&path, &paper).await.with_status(200);
    let read = by.get(&path).await.ok();
    assert!(paper.as_object().unwrap().iter().all(|(member, value)| read[member] == *value), "{read}");
    let rule = |left: Value| json!({"validation_rules": [{"code": "R", "left": left, "operator": "eq", "right": [{"indicator": "4.2", "part": "numerator"}], "message": {"vi": "x"}}]});
    assert_eq!(pointers(&by.patch(&path, &rule(json!([]))).await.refused(422)), ["/validation_rules/0/left"]);
    // Lists are replaced whole.
    assert_eq!(by.patch(&path, &json!({"recipients": []})).await.with_status(200)["recipients"], json!([]));
    by.delete(&path).await.with_status(204);
    by.get(&path).await.problem(404, "resource.not_found");
}

async fn a_plan_goes_forward_only(app: TestApp) {
    let by = app.coordinator().await;
    let (path, _) = made(&by, "/plans", &plan(&fresh("KH-"))).await;
    let refused = by.patch(&path, &json!({"status": "closed"})).await.problem(409, "plan.invalid_transition");
    assert_eq!((&refused["current"], &refused["allowed"]), (&json!("draft"), &json!(["active"])));
    assert_eq!(by.patch(&path, &json!({"status": "active"})).await.with_status(200)["status"], "active");
    by.patch(&path, &json!({"status": "draft"})).await.problem(409, "plan.invalid_transition");
    assert_eq!(by.patch(&path, &json!({"status": "closed"})).await.with_status(200)["status"], "closed");
    for back in ["draft", "active"] {
        let refused = by.patch(&path, &json!({"status": back})).await.problem(409, "plan.invalid_transition");
        assert_eq!((&refused["current"], &refused["allowed"]), (&json!("closed"), &json!([])));
    }
    let (_, there) = made(&by, "/plans", &with(&plan(&fresh("KH-")), &json!({"status": "active"}))).await;
    assert_eq!(text(&there, "status"), "active");
}

async fn the_parts_of_a_plan_agree(app: TestApp) {
    let by = app.coordinator().await;
    let source = |code: &str| json!({"code": code, "text": {"vi": "Ngân sách nhà nước"}});
    let term = json!([{"indicator": "4.1", "part": "numerator"}]);
    let rule = json!({"code": "R", "left": term, "operator": "eq", "right": term, "message": {"vi": "Khớp nhau"}});
    let wrong = with(
        &plan(&fresh("KH-")),
        &json!({"end_year": 2030, "budget_sources": [source("B1"), source("B1")], "validation_rules": [rule, rule]}),
    );
    let told = pointers(&by.post("/plans", &wrong).await.refused(422));
    assert_eq!(told, ["/end_year", "/budget_sources/1/code", "/validation_rules/1/code"]);
    by.post("/plans", &plan(PLAN)).await.problem(409, "code.taken");
    let (path, _) = made(&by, "/plans", &plan(&fresh("KH-"))).await;
    assert_eq!(pointers(&by.patch(&path, &json!({"jurisdiction": PROVINCE})).await.problem(422, "field.immutable")), ["/jurisdiction"]);
    let told = by.patch(&path, &json!({"signer": {"name": "A", "rank": 1}})).await.problem(422, "field.unknown");
    assert_eq!(pointers(&told), ["/signer/rank"]);
}

async fn plans_are_found_by_their_filters(app: TestApp) {
    let (by, code) = (app.coordinator().await, fresh("KH-"));
    made(&by, "/plans", &plan(&code)).await;
    let public = app.anonymous();
    for (filter, value, want) in [
        ("status", "active", PLAN),
        ("status", "draft", &code),
        ("year", "2027", PLAN),
        ("year", "2035", &code),
        ("code", &code, &code),
        ("q", "ke hoach thu", &code),
    ] {
        assert_eq!(codes(&public.items("/plans", &[(filter, value)]).await), [want], "{filter}={value}");
    }
    assert_eq!(codes(&public.items("/plans", &[("jurisdiction", WARD)]).await), [PLAN, code.as_str()]);
    assert_eq!(codes(&public.items("/plans", &[("sort", "-start_year")]).await), [code.as_str(), PLAN]);
    public.find("/plans", &[("status", "lost")]).await.problem(400, "query.invalid");
}

async fn what_one_may_do_is_told(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    for (list, code) in [("/plans", PLAN), ("/goals", "G3"), ("/units", "U5")] {
        let path = path_of(&by, list, code).await;
        let (mine, theirs) = (by.get(&path).await.ok(), public.get(&path).await.ok());
        assert_eq!(mine["_actions"]["update"], json!({"allowed": true}), "{path}");
        for (actions, action) in [(&mine["_actions"], "delete"), (&theirs["_actions"], "update"), (&theirs["_actions"], "delete")] {
            assert_eq!(actions[action]["allowed"], false, "{path} {action}");
            assert!(!text(&actions[action], "reason").is_empty(), "{path} {action}");
        }
        assert!(public.by_code(list, code).await.get("_actions").is_none(), "{list}");
    }
    let steps = &by.get(&path_of(&by, "/plans", PLAN).await).await.ok()["_actions"];
    assert_eq!((&steps["activate"]["allowed"], &steps["close"]["allowed"]), (&json!(false), &json!(true)));
}

async fn a_filter_by_jurisdiction_reaches_downwards(app: TestApp) {
    let (admin, public) = (app.admin().await, app.anonymous());
    let elsewhere = made(&admin, "/jurisdictions", &ward("09999")).await.1;
    for path in ["/plans", "/goals", "/plan-indicators", "/indicators", "/disaggregations", "/units", "/tasks"] {
        let found = async |code: &str| public.items(path, &[("jurisdiction", code)]).await.len();
        let here = found(WARD).await;
        assert!(here > 0, "{path}");
        assert_eq!((found(PROVINCE).await, found("VN").await, found(text(&elsewhere, "code")).await), (here, here, 0), "{path}");
        public.find(path, &[("jurisdiction", "00000")]).await.problem(400, "reference.unknown");
    }
    // A code is looked up where the filter reaches: in one ward alone, or wherever it fits one alone.
    for within in [WARD, PROVINCE] {
        for (path, name, code) in [("/indicators", "goal", "G3"), ("/indicators", "unit", "U5"), ("/tasks", "unit", "U5")] {
            assert!(!public.items(path, &[("jurisdiction", within), (name, code)]).await.is_empty(), "{path} {name} {within}");
        }
    }
    public.find("/indicators", &[("jurisdiction", "09999"), ("goal", "G3")]).await.problem(400, "reference.unknown");
}

/// The same answer under the same tag: front-ends go on with what a write gave them.
async fn a_write_answers_what_is_read_afterwards(app: TestApp) {
    let (by, admin) = (app.coordinator().await, app.admin().await);
    let name = bi("Tên  thử", "Name");
    let source = json!({"section": "I.2", "lines": [1, 2], "quote": null});
    let transcription = json!({"z": 1, "a": {"c": 1.50, "b": [2]}});
    let more = json!({"source": source, "transcription": transcription, "editorial_note": bi("Ghi chú", "A note")});
    let rows = [
        ("/plans", plan(&fresh("P")), json!({"status": "active", "signer": {"name": "Ai"}})),
        (
            "/goals",
            with(&json!({"plan": PLAN, "code": fresh("G"), "ordinal": 90, "field": name, "title": name}), &more),
            json!({"letter": "x"}),
        ),
        (
            "/plan-indicators",
            with(&json!({"plan": PLAN, "goal": "G4", "code": mark(), "label": "Chỉ tiêu", "statement": name}), &more),
            json!({"goal": "G5", "plan": PLAN}),
        ),
        (
            "/disaggregations",
            json!({"plan": PLAN, "code": fresh("d"), "name": name, "values": [], "transcription": transcription}),
            json!({"code": fresh("e"), "values": [{"code": "one", "name": name}]}),
        ),
        ("/units", with(&with(&school(&fresh("U7.")), &more), &json!({"parent": "U7"})), json!({"parent": "U8", "agency_code": mark()})),
        (
            "/tasks",
            with(
                &json!({"plan": PLAN, "code": fresh("T"), "kind": "task", "text": name, "goals": ["G5", "G4"], "indicators": ["4.2"],
                    "assignments": [{"unit": "U6", "role": "lead"}, {"unit": "U5", "role": "coordinate"}],
                    "budget": [{"source": "B1", "year": 2027, "planned": 1.50}]}),
                &more,
            ),
            json!({"goals": ["G4"], "indicators": [], "assignments": [{"unit": "U7", "role": "participate"}]}),
        ),
        ("/jurisdictions", ward("98209"), json!({"name": name})),
    ];
    for (list, body, changes) in rows {
        let by = if list == "/jurisdictions" { &admin } else { &by };
        let made = by.post(list, &body).await;
        let path = format!("{list}/{}", text(&made.with_status(201), "id"));
        let same = async |what: &str, written: &Answer| {
            let read = by.get(&path).await;
            assert_eq!((&read.text, read.etag()), (&written.text, written.etag()), "{what} {list}");
        };
        same("create", &made).await;
        let unchanged = by.patch(&path, &json!({})).await;
        assert_eq!(unchanged.with_status(200)["version"], 1, "{list}");
        same("update to the same", &unchanged).await;
        let changed = by.patch(&path, &changes).await;
        assert_eq!(changed.with_status(200)["version"], 2, "{list}");
        same("update", &changed).await;
    }
}
