//! The plan of the house, read from the sources: who may import whom, and what nobody writes.
//!
//! `main → cli → app → rooms → http → {change, reading} → actor → auth → db → problem → values`; imports point downwards only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the house, the ground first. On one floor nobody imports anybody.
const FLOORS: &[&[&str]] = &[
    &["values"],
    &["figures", "problem"],
    &["disclosure"],
    &["db", "json_schema", "formats"],
    &["config"],
    &["auth"],
    &["actor", "app_state"],
    &["change", "reading"],
    &["http", "documents"],
    &["ROOMS"],
    &["jobs", "seed"],
    &["openapi", "demo"],
    &["app"],
    &["cli"],
    &["lib", "main", "rooms"],
];

/// The rooms, each with the rooms that it may call; those may be called through as well.
const ROOMS: &[(&str, &[&str])] = &[
    ("jurisdictions", &[]),
    ("units", &["amendments"]),
    ("accounts", &["units"]),
    ("plans", &["jurisdictions"]),
    ("amendments", &["plans"]),
    ("goals", &["amendments"]),
    ("indicators", &["goals", "units"]),
    ("tasks", &["indicators", "units"]),
    ("outline", &["tasks"]),
    ("results", &["indicators", "units"]),
    ("periods", &["results"]),
    ("reports", &["periods"]),
    ("consolidation", &["reports"]),
    ("progress", &["consolidation"]),
    ("successions", &["reports", "tasks"]),
    ("sdmx", &["progress"]),
    ("imports", &["reports"]),
    ("changes", &["consolidation", "accounts"]),
    ("webhooks", &["changes"]),
    ("audit", &[]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file: its path below `src/` and its text without comments.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&source(), &mut found);
    found.sort();
    let code = |text: String| text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    found
        .into_iter()
        .map(|p| {
            (p.strip_prefix(source()).expect("below src").to_string_lossy().into_owned(), code(fs::read_to_string(&p).expect("UTF-8")))
        })
        .collect()
}

/// The module at the top of the tree to which a file belongs, or the room.
fn module(path: &str) -> &str {
    let path = path.strip_prefix("rooms/").filter(|rest| rest.contains('/')).unwrap_or(path);
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The modules at the top of the tree that a text names: `crate::goals::…` and `crate::{auth, goals::dto}`.
fn named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // Rooms are named as if they lay at the top.
    let code = &code.replace("crate::rooms::", "crate::");
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` is a macro's own crate, and `some_crate::` another one.
        if code[..at].ends_with(|c: char| c == '$' || c == '_' || c.is_alphanumeric()) {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let word = |s: &str| s.chars().take_while(|c| *c == '_' || c.is_alphanumeric()).collect::<String>();
        match rest.strip_prefix('{') {
            Some(group) => {
                let (mut depth, mut item) = (0_i32, String::new());
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => drop(found.insert(word(std::mem::take(&mut item).trim()))),
                        _ => {}
                    }
                    if !(c == ',' && depth == 0) {
                        item.push(c);
                    }
                }
                found.insert(word(item.trim()));
            }
            None => {
                let name = word(rest);
                // A macro of the crate lies at its root, wherever it is written.
                if !rest[name.len()..].starts_with('!') {
                    found.insert(name);
                }
            }
        }
    }
    // Macros of the crate lie at its root, wherever they are written.
    for none in ["", "both", "forget", "page_of", "versioned", "writes_rows"] {
        found.remove(none);
    }
    found
}

fn floor(module: &str) -> Option<usize> {
    let name = if ROOMS.iter().any(|r| r.0 == module) { "ROOMS" } else { module };
    FLOORS.iter().position(|f| f.contains(&name))
}

/// The rooms that a room may call, through others too.
fn callable(room: &str) -> BTreeSet<&'static str> {
    let direct = ROOMS.iter().find(|r| r.0 == room).map_or(&[][..], |r| r.1);
    direct.iter().copied().chain(direct.iter().flat_map(|r| callable(r))).collect()
}

fn may_import(from: &str, to: &str) -> Result<(), String> {
    if from == to {
        return Ok(());
    }
    let place = |m: &str| floor(m).ok_or_else(|| format!("{m} has no place: give it one in tests/it/architecture.rs"));
    let (upper, lower) = (place(from)?, place(to)?);
    let rooms = ROOMS.iter().any(|r| r.0 == from) && ROOMS.iter().any(|r| r.0 == to);
    match (rooms, from) {
        (true, _) if callable(from).contains(to) => Ok(()),
        (true, _) => Err(format!("the room {from} may not call the room {to}")),
        (_, "figures") if to != "values" => Err(format!("figures are pure: they may not use {to}")),
        _ if lower < upper => Ok(()),
        _ => Err(format!("{from} may not import {to}, which lies above or beside it")),
    }
}

#[test]
fn imports_point_downwards() {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Unit tests may build the whole house around what they try.
    for (path, code) in sources().into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        for to in named(&code) {
            // What is not a module is an item that the root of the crate shows: there is none.
            if let Err(why) = may_import(module(&path), &to) {
                wrong.entry(why).or_default().push(path.clone());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reading_of_imports_is_right() {
    let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(named("use crate::http::request::{Body, Request};\nuse crate::values::Ref;"), set(&["http", "values"]));
    assert_eq!(named("use crate::{auth, rooms::goals::{wire, http}, openapi};").len(), 3);
    assert_eq!(named("use crate::rooms::{goals, units::wire};"), set(&["goals", "units"]));
    assert_eq!(named("fn f() { crate::rooms::plans::store::find() } $crate::x::y mycrate::z crate::both!(c)"), set(&["plans"]));
    assert!(may_import("goals", "plans").is_ok() && may_import("goals", "jurisdictions").is_ok());
    assert!(may_import("plans", "goals").is_err() && may_import("db", "http").is_err() && may_import("http", "goals").is_err());
    assert!(
        may_import("figures", "values").is_ok() && may_import("figures", "problem").is_err() && may_import("progress", "figures").is_ok()
    );
    assert!(may_import("progress", "reports").is_ok() && may_import("reports", "consolidation").is_err());
}

#[test]
fn nobody_writes_what_the_house_forbids() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let room = ROOMS.iter().any(|r| r.0 == module(&path));
        let mut refuse = |words: &str, why: &str| {
            if code.contains(words) {
                wrong.push(format!("{path}: `{words}`: {why}"));
            }
        };
        if room {
            // Routes that are not attributes of a documented handler escape the document.
            refuse(".route(", "a route is stated once, at its documented handler");
            refuse("web::resource", "a route is stated once, at its documented handler");
            refuse("PgConnection", "rooms know no database");
            refuse("SqliteConnection", "rooms know no database");
        }
        refuse("replace_into", "SQLite's REPLACE deletes the row first, and its children with it");
        refuse("block_in_place", "it panics on actix's workers");
        refuse("todo!(", "there are no stubs");
        refuse("unimplemented!(", "there are no stubs");
        if module(&path) != "cli" {
            refuse("println!", "a server speaks through its log");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What wires the service together, and so knows HTTP.
const WIRING: &[&str] = &["app.rs", "cli/listener.rs", "cli/mod.rs", "cli/serve.rs"];

#[test]
fn http_stays_where_requests_are_read_and_answered() {
    let knows = |code: &str| named(code).contains("http") || code.contains("actix_web::") || code.contains("actix_http::");
    let may = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or_default();
        let room = path.starts_with("rooms/");
        path.starts_with("http/")
            || WIRING.contains(&path)
            || file == "tests.rs"
            || (room && (file == "http.rs" || file == "wire.rs" || path.contains("/http/")))
    };
    let outside = sources().into_iter().filter(|(path, code)| !may(path) && !path.starts_with("openapi") && knows(code));
    let outside: Vec<String> = outside.map(|(path, _)| path).collect();
    assert!(outside.is_empty(), "these know HTTP, so no job, import or command can use them: {outside:#?}");
}

/// What writes rows that are no resources, of which nobody is told: how people sign in, how far an import is, the links of the audit chain.
const NO_RESOURCES: &[(&str, &[&str])] = &[
    ("rooms/accounts/sessions.rs", &["sessions", "refresh_tokens"]),
    ("rooms/accounts/login_throttle.rs", &["rows", "attempts", "places"]),
    ("rooms/accounts/oauth/use_cases.rs", &["session_rows"]),
    ("rooms/accounts/totp.rs", &["second_factors", "recovery_codes"]),
    ("rooms/imports/table.rs", &["imports"]),
    ("rooms/webhooks/outbox.rs", &["webhooks", "webhook_deliveries", "d"]),
    ("rooms/audit/chain.rs", &["audit_chain", "audit_pending", "audit_head"]),
];

/// Statements that write and are run on a connection that nobody handed out for an event.
fn writes_untold(code: &str) -> Vec<String> {
    let begins = ["diesel::insert_into(", "diesel::update(", "diesel::delete(", "replace_into("];
    let statement = |at: usize| code[at..].split(';').next().unwrap_or_default();
    let found = begins.iter().flat_map(|begin| code.match_indices(begin)).map(|(at, _)| statement(at));
    found.filter(|s| !s.contains("w.conn()") && !s.contains("both!(w.conn()")).map(str::to_owned).collect()
}

#[test]
fn nobody_writes_a_row_without_an_event() {
    let mut wrong = Vec::new();
    for (path, code) in sources().into_iter().filter(|(path, _)| path.starts_with("rooms/") && !path.ends_with("tests.rs")) {
        let free = NO_RESOURCES.iter().find(|(file, _)| *file == path).map_or(&[][..], |(_, tables)| *tables);
        // `both!(w.conn(), c => …)` runs on what was handed out, under another name.
        let code = code.lines().filter(|line| !line.contains("both!(w.conn(), c =>")).collect::<Vec<_>>().join("\n");
        let untold = writes_untold(&code).into_iter().filter(|s| !free.iter().any(|table| s.contains(&format!("{table}::"))));
        wrong.extend(untold.map(|statement| format!("{path}: {statement}")));
        if code.contains("sql_query(") {
            wrong.push(format!("{path}: sql_query"));
        }
    }
    assert!(wrong.is_empty(), "write them in a `change::…` closure, through its `Write`: {wrong:#?}");
}

#[test]
fn a_write_without_an_event_is_seen() {
    assert_eq!(writes_untold("diesel::update(goals::table.find(id)).set(&row).execute(c)?;").len(), 1);
    assert_eq!(writes_untold("let done = diesel::delete(goals::table)\n    .execute(conn)?;").len(), 1);
    assert!(writes_untold("diesel::update(goals::table.find(id)).set(&row).execute(w.conn())?;").is_empty());
}

#[test]
fn every_file_says_what_it_is() {
    let mut found = Vec::new();
    files(&source(), &mut found);
    let silent: Vec<_> = found.iter().filter(|p| !fs::read_to_string(p).expect("UTF-8").starts_with("//!")).collect();
    assert!(silent.is_empty(), "without a first line that says what they are: {silent:#?}");
}

/// The modules of a room, each with those beside it that it imports.
fn modules_of(room: &str) -> BTreeMap<String, BTreeSet<String>> {
    let base = format!("rooms/{room}/");
    let of_room: Vec<(String, String)> = sources()
        .into_iter()
        .filter_map(|(path, code)| Some((path.strip_prefix(&base)?.to_owned(), code)))
        .filter(|(path, _)| path != "mod.rs" && !path.ends_with("tests.rs"))
        .collect();
    let top = |path: &str| path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
    let all: BTreeSet<String> = of_room.iter().map(|(path, _)| top(path)).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in &of_room {
        // Unit tests may use what they like. `super` of a module in a folder is that folder.
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        // What lies outside the room may bear the name of a module in it.
        let code = code.replace(&format!("crate::rooms::{room}::"), "room::").replace("crate::", "other::").replace("room::", "crate::");
        let code = if path.contains('/') { code } else { code.replace("super::", "crate::") };
        let beside = named(&code).into_iter().filter(|name| all.contains(name) && *name != top(path));
        found.entry(top(path)).or_default().extend(beside);
    }
    found
}

/// The modules that can be reached from one.
fn reached(imports: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let (mut found, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(module) = next.pop() {
        next.extend(imports.get(&module).into_iter().flatten().filter(|to| found.insert((*to).clone())).cloned());
    }
    found
}

#[test]
fn modules_of_a_room_do_not_import_each_other_in_circles() {
    let mut wrong = Vec::new();
    for (room, _) in ROOMS {
        let imports = modules_of(room);
        let circle = |module: &String| -> Vec<String> {
            let back = |other: &String| reached(&imports, other).contains(module);
            reached(&imports, module).into_iter().filter(back).collect()
        };
        let there: BTreeSet<Vec<String>> = imports.keys().map(circle).filter(|circle| !circle.is_empty()).collect();
        wrong.extend(there.iter().map(|circle| format!("{room}: {circle:?} import each other")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the files of a room that has use cases may not import, so that each has one reason to change.
const LAYOUT: &[(&str, &[&str])] = &[
    // A handler of a transition names its step, which is one of the rules.
    ("http", &["table"]),
    ("table", &["http", "use_cases"]),
    ("rules", &["http", "table", "use_cases"]),
    ("wire", &["http", "rules", "table", "use_cases"]),
];

#[test]
fn rooms_are_laid_out_alike() {
    let sources = sources();
    let has_use_cases = |folder: &str| sources.iter().any(|(path, _)| *path == format!("{folder}/use_cases.rs"));
    let mut wrong = Vec::new();
    for (path, code) in &sources {
        let Some((_, file)) = path.rsplit_once('/').filter(|(folder, _)| has_use_cases(folder)) else { continue };
        let forbidden = LAYOUT.iter().find(|(name, _)| file == format!("{name}.rs")).map_or(&[][..], |(_, names)| *names);
        // Unit tests may use what they like.
        let code = code.split("#[cfg(test)]").next().unwrap_or_default().replace("crate::", "other::").replace("super::", "crate::");
        let imported = named(&code);
        wrong.extend(forbidden.iter().filter(|name| imported.contains(**name)).map(|name| format!("{path} imports {name}")));
        if file == "mod.rs"
            && ["pub use table", "pub(super) use table", "pub mod table", "pub(super) mod table"].iter().any(|m| code.contains(m))
        {
            wrong.push(format!("{path} shows its table"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn references_are_resolved_in_one_place() {
    let codes = ["REFERENCE_UNKNOWN", "REFERENCE_AMBIGUOUS"];
    let says = |(path, code): &(String, String)| !path.starts_with("problem/") && codes.iter().any(|name| code.contains(name));
    let places: Vec<String> = sources().into_iter().filter(says).map(|(path, _)| path).collect();
    assert_eq!(places, ["reading/references.rs"]);
}
