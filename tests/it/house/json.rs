//! Looking into JSON.

use serde_json::{Value, json};

/// A number as text, without trailing zeros: `46.6667`, `50`.
pub fn number(value: &Value) -> String {
    let text = value.as_number().unwrap_or_else(|| panic!("not a number: {value}")).to_string();
    match text.split_once('.') {
        Some((whole, fraction)) if !text.contains(['e', 'E']) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        _ => text,
    }
}

/// The code or label of a reference, `{"id", "code"}` or `{"id", "label"}`; a plain string is itself.
pub fn code(reference: &Value) -> &str {
    reference
        .as_str()
        .or_else(|| reference["code"].as_str())
        .or_else(|| reference["label"].as_str())
        .unwrap_or_else(|| panic!("no reference: {reference}"))
}

/// A member that must be a string.
pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no text {member} in {value}"))
}

/// A member that must be a list.
pub fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().unwrap_or_else(|| panic!("no list {member} in {value}"))
}

/// The codes of a list of references or of resources, in order.
pub fn codes(items: &[Value]) -> Vec<String> {
    items.iter().map(|i| code(i).to_owned()).collect()
}

/// The same, sorted.
pub fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

/// A bilingual text.
pub fn bi(vi: &str, en: &str) -> Value {
    json!({"vi": vi, "en": en})
}

/// The same object with some members changed.
pub fn with(value: &Value, changes: &Value) -> Value {
    let mut out = value.clone();
    let members = out.as_object_mut().expect("an object");
    for (name, new) in changes.as_object().expect("an object") {
        members.insert(name.clone(), new.clone());
    }
    out
}

/// Every value in a JSON value, the outer ones first.
pub fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter().for_each(|v| walk(v, visit)),
        Value::Object(members) => members.values().for_each(|v| walk(v, visit)),
        _ => {}
    }
}

/// Every string in it.
pub fn strings(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    walk(value, &mut |v| found.extend(v.as_str()));
    found
}

/// The pointers of a problem's field errors.
pub fn pointers(problem: &Value) -> Vec<String> {
    problem["errors"].as_array().into_iter().flatten().map(|e| text(e, "pointer").to_owned()).collect()
}

/// The codes of a problem's field errors.
pub fn fault_codes(problem: &Value) -> Vec<String> {
    problem["errors"].as_array().into_iter().flatten().map(|e| text(e, "code").to_owned()).collect()
}

/// The entry of a list of results, observations or the like that speaks of this indicator.
pub fn of_indicator<'a>(items: &'a [Value], indicator: &str) -> &'a Value {
    items
        .iter()
        .find(|i| code(&i["indicator"]) == indicator)
        .unwrap_or_else(|| panic!("nothing about {indicator} in {}", Value::from(items)))
}

/// Something that no other test has.
pub fn mark() -> String {
    uuid::Uuid::now_v7().simple().to_string()[20..].to_uppercase()
}
