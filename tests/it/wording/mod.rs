//! What people read: every Vietnamese text of the sources, and a table of wrong requests with what is answered to them.

mod language;
mod requests;
mod table;

use language::{foreign, texts};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose texts are data, or are read by who runs the service.
const APART: [&str; 3] = ["/seed/", "/demo/", "/cli/"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn vietnamese_texts_hold_no_english_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let (mut wrong, mut read) = (BTreeMap::new(), 0);
    for path in files {
        let name = path.to_string_lossy().into_owned();
        if APART.iter().any(|folder| name.contains(folder)) || name.ends_with("tests.rs") {
            continue;
        }
        let code = fs::read_to_string(&path).expect("a source");
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for text in texts(code) {
            read += 1;
            let words = foreign(&text);
            if !words.is_empty() {
                wrong.insert(text, (words, name.clone()));
            }
        }
    }
    assert!(read > 500, "only {read} Vietnamese texts were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_spelling_of_what_occurs_often() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let wrong = [
        "Văn hóa",
        "Văn hoá-Xã hội",
        "bằng không",
        "phần lời",
        "Phần lời",
        "Phòng VH-XH",
        "tiêu đề If-Match",
        "Mục current",
        "mục allowed",
    ];
    for path in files {
        let name = path.to_string_lossy().into_owned();
        if APART.iter().any(|folder| name.contains(folder)) {
            continue;
        }
        let code = fs::read_to_string(&path).expect("a source");
        for text in texts(code.split("#[cfg(test)]").next().unwrap_or_default()) {
            assert!(!wrong.iter().any(|phrase| text.contains(phrase)), "{name}: {text}");
        }
    }
}
