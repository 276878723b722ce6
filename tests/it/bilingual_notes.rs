//! What people read of a plan they can read in Vietnamese, which is authoritative: section 3 of the contract. An older
//! installation, whose notes had one language, reads the same as a new one.

use crate::access::execute;
use crate::house::json::{bi, list, text};
use crate::house::{Actor, PLAN, PROVINCE, TestApp};
use crate::migrations::migrate;
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both![
    nothing_is_told_in_english_only,
    notes_of_an_older_installation_are_kept,
    a_copy_has_both_languages,
    a_search_finds_notes_in_both_languages,
    a_note_needs_its_vietnamese,
];

const LISTS: [&str; 7] = ["/goals", "/plan-indicators", "/indicators", "/tasks", "/units", "/disaggregations", "/jurisdictions"];

/// Members that are no text for people: codes, addresses, and a formula over the names of the API's own members.
const NO_TEXT: [&str; 6] = ["id", "code", "url", "expression", "timezone", "created_at"];

/// Words that every longer English text has one of, and no Vietnamese one.
const ENGLISH: [&str; 18] =
    ["the", "of", "by", "is", "and", "not", "with", "are", "from", "per", "for", "see", "below", "above", "read", "this", "that", "should"];

/// What everybody reads of the plan, by path.
async fn answers(app: &TestApp) -> BTreeMap<String, Value> {
    let public = app.anonymous();
    let plan = format!("/plans/{}", text(&public.by_code("/plans", PLAN).await, "id"));
    let mut all = BTreeMap::new();
    let mut paths = vec![plan.clone(), format!("{plan}/outline"), format!("{plan}/gaps")];
    for list in LISTS {
        for item in public.items(list, &[]).await {
            paths.push(format!("{list}/{}", text(&item, "id")));
            if list != "/jurisdictions" {
                paths.push(format!("{plan}/trace/{}", text(&item, "code")));
            }
            if list == "/indicators" {
                paths.push(format!("{list}/{}/versions", text(&item, "id")));
            }
            all.insert(format!("{list}: {}", text(&item, "id")), item);
        }
    }
    for path in paths {
        let answer = public.get(&path).await.ok();
        all.insert(path, answer);
    }
    all
}

fn is_english(words: &str) -> bool {
    let vietnamese = words.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    // Of capitals alone are abbreviations.
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_alphabetic()) && word.chars().skip(1).any(|c| c.is_ascii_lowercase());
    let several = words.split_whitespace().filter(plain).count() > 1;
    let english = words.split(|c: char| !c.is_alphanumeric()).any(|word| ENGLISH.contains(&word.to_lowercase().as_str()));
    words.contains(' ') && (english || (several && !vietnamese))
}

/// Adds every text that has no Vietnamese: an English one is told beside a Vietnamese one, as `en` or `…_en`.
fn look(value: &Value, at: &str, wrong: &mut Vec<String>) {
    match value {
        Value::String(words) if is_english(words) => wrong.push(format!("{at}: {words}")),
        Value::Array(items) => items.iter().for_each(|item| look(item, at, wrong)),
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| !NO_TEXT.contains(&name.as_str())) {
                let beside = match name.strip_suffix("en") {
                    Some("") => Some("vi".to_owned()),
                    Some(stem) if stem.ends_with('_') => Some(format!("{stem}vi")),
                    _ => None,
                };
                if !beside.is_some_and(|vi| members.get(&vi).is_some_and(Value::is_string)) {
                    look(member, &format!("{at}/{name}"), wrong);
                }
            }
        }
        _ => {}
    }
}

async fn nothing_is_told_in_english_only(app: TestApp) {
    let mut wrong = Vec::new();
    look(&json!({"a": "Indicator text not read.", "b": "Kế hoạch ghi 'x' of it", "en": "alone at last here"}), "", &mut wrong);
    assert_eq!(wrong.len(), 3, "the test finds what it looks for");
    wrong.clear();
    for (path, answer) in answers(&app).await {
        look(&answer, &path, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} texts: {:#?}", wrong.len(), wrong.iter().take(30).collect::<Vec<_>>());
}

/// Without what says when it was changed.
fn timeless(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(timeless).collect(),
        Value::Object(members) => {
            let stays = |name: &String| !["version", "updated_at"].contains(&name.as_str());
            members.into_iter().filter(|(name, _)| stays(name)).map(|(name, value)| (name, timeless(value))).collect()
        }
        other => other,
    }
}

/// Writes notes of its own on a goal, on an indicator and in the plan.
async fn annotate(by: &Actor) {
    let own = json!({"vi": "Ghi chú riêng", "en": null});
    for (list, code, change) in [
        ("/goals", "G1", json!({"editorial_note": own})),
        ("/indicators", "2.1", json!({"editorial_note": own})),
        ("/plans", PLAN, json!({"editorial_notes": [own]})),
    ] {
        let path = format!("{list}/{}", text(&by.by_code(list, code).await, "id"));
        by.patch(&path, &change).await.with_status(200);
    }
}

/// Undone and done again, the migration finds an installation whose notes have one language.
async fn notes_of_an_older_installation_are_kept(app: TestApp) {
    let by = app.coordinator().await;
    annotate(&by).await;
    let before = answers(&app).await;
    app.stop();
    let name = "2026-11-29-000060_bilingual_notes";
    migrate(&app, name, "down");
    // As the version before wrote it.
    let plain = |table: &str, column: &str| {
        format!("UPDATE {table} SET {column} = replace({column}, '{{\"vi\":\"Ghi chú riêng\",\"en\":null}}', '\"Ghi chú riêng\"');")
    };
    execute(&app, &(plain("indicators", "definition") + &plain("indicator_definitions", "definition") + &plain("plans", "content")));
    migrate(&app, name, "up");
    app.restart().await;
    let after = answers(&app).await;
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (path, was) in before {
        assert_eq!(timeless(after[&path].clone()), timeless(was), "{path}");
    }
    let goal = app.anonymous().by_code("/goals", "G1").await;
    assert_eq!(goal["editorial_note"], json!({"vi": "Ghi chú riêng", "en": null}));
    // It is an ordinary text from now on.
    let by = app.again(&by).await;
    let path = format!("/indicators/{}", text(&by.by_code("/indicators", "2.1").await, "id"));
    let changed = by.patch(&path, &json!({"editorial_note": {"en": "A note of our own"}})).await.ok();
    assert_eq!(changed["editorial_note"], bi("Ghi chú riêng", "A note of our own"));
}

async fn a_copy_has_both_languages(app: TestApp) {
    let ward =
        json!({"code": "09367", "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = app.coordinator_of(&["09367"]).await;
    let plan = by.by_code("/plans", PLAN).await;
    let body = json!({"jurisdiction": "09367", "title": bi("Kế hoạch phường Từ Sơn", "Plan of Từ Sơn Ward")});
    let copy = by.post(&format!("/plans/{}/copy", text(&plan, "id")), &body).await.with_status(201);
    assert_eq!(copy["editorial_notes"], by.get(&format!("/plans/{}", text(&plan, "id"))).await.ok()["editorial_notes"]);
    for (list, note) in [
        ("/goals", "editorial_note"),
        ("/plan-indicators", "editorial_note"),
        ("/indicators", "editorial_note"),
        ("/indicators", "official_definition"),
        ("/indicators", "national_comparison"),
        ("/tasks", "editorial_note"),
        ("/disaggregations", "note"),
    ] {
        let of =
            async |plan: &Value| by.items(list, &[("plan", text(plan, "id"))]).await.iter().map(|i| i[note].clone()).collect::<Vec<_>>();
        let notes = of(&copy).await;
        assert!(notes.iter().any(|note| !note.is_null()), "{list} {note}");
        assert_eq!(notes, of(&plan).await, "{list} {note}");
    }
}

async fn a_search_finds_notes_in_both_languages(app: TestApp) {
    let by = app.coordinator().await;
    let note = bi("Nhóm tuổi riêng\ncủa phường", "Age groups\nof its own");
    let body = json!({"plan": PLAN, "code": "own_ages", "name": bi("Nhóm riêng", "Own groups"), "values": [], "note": note});
    let there = by.post("/disaggregations", &body).await.with_status(201);
    assert_eq!(there["note"], note);
    for q in ["nhom tuoi rieng", "age groups"] {
        let found = by.items("/disaggregations", &[("q", q)]).await;
        assert_eq!(found.iter().map(|d| text(d, "code")).collect::<Vec<_>>(), ["own_ages"], "{q}");
    }
    // What the seed remarks is found as well.
    for q in ["phan loai giao duc", "classification of education"] {
        assert_eq!(by.items("/disaggregations", &[("q", q)]).await.len(), 1, "{q}");
    }
}

async fn a_note_needs_its_vietnamese(app: TestApp) {
    let by = app.coordinator().await;
    let goal = format!("/goals/{}", text(&by.by_code("/goals", "G1").await, "id"));
    by.patch(&goal, &json!({"editorial_note": "Ghi chú"})).await.problem(422, "field.type");
    by.patch(&goal, &json!({"editorial_note": {"en": "A note"}})).await.problem(422, "field.missing");
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "2.1").await, "id"));
    by.patch(&indicator, &json!({"national_comparison": {"value": "50%", "verified": true}})).await.problem(422, "field.type");
    let duties = by.get(&indicator).await.ok();
    let why = &list(&duties, "units")[0]["why"];
    assert!(!text(why, "vi").is_empty() && !text(why, "en").is_empty(), "{why}");
}
