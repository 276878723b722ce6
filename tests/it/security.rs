//! `docs/security.md` says which test shows what: every test that it names exists.

use std::path::Path;

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// `a::b` is the test `b` in `tests/it/a.rs`, `src/a/b.rs: c` the unit test `c` in that file; everything else is no test.
fn cited(text: &str) -> Option<(String, &str)> {
    if let Some((file, test)) = text.split_once(".rs: ").filter(|(file, _)| file.starts_with("src/")) {
        return Some((format!("{file}.rs"), test));
    }
    let (module, test) = text.split_once("::")?;
    (is_name(module) && is_name(test)).then(|| (format!("tests/it/{module}.rs"), test))
}

#[test]
fn every_cited_test_exists() {
    let page = read("docs/security.md").expect("the page");
    let (mut wrong, mut found) = (Vec::new(), 0);
    for (file, test) in quoted(&page).filter_map(cited) {
        found += 1;
        // A module may have a folder of its own.
        let source = read(&file).or_else(|| read(&file.replace(".rs", "/mod.rs"))).unwrap_or_default();
        let body = source.split_once(&format!("fn {test}(")).map(|(before, _)| before.to_owned());
        let is_test = match &body {
            None => false,
            // Named by `on_both!`, or a test by its own attribute.
            Some(before) => {
                let both = source.split_once("on_both![").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(names, _)| names);
                let attributes = before.rsplit_once('}').map_or(before.as_str(), |(_, attributes)| attributes);
                both.split(',').any(|name| name.trim() == test) || attributes.contains("test]")
            }
        };
        if !is_test {
            wrong.push(format!("{file}: {test}"));
        }
    }
    assert!(wrong.is_empty(), "no such tests: {wrong:#?}");
    assert!(found > 100, "only {found} tests are cited");
}

#[test]
fn the_reading_of_citations_is_right() {
    assert_eq!(cited("access::a_cut_signature_is_refused"), Some(("tests/it/access.rs".to_owned(), "a_cut_signature_is_refused")));
    assert_eq!(cited("src/auth/vault.rs: a"), Some(("src/auth/vault.rs".to_owned(), "a")));
    for other in ["a::b::c", "BINHDANG_TLS_CERT", "tests/run access::", "docs/audit.md", "Vec::new"] {
        assert_eq!(cited(other), None, "{other}");
    }
}
