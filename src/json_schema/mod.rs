//! Bodies are checked by the schemas that the OpenAPI document publishes (JSON Schema, draft 2020-12), all faults at
//! once. The schemas are first made strict, so that every fault is single, exact and has its RFC 6901 pointer.

mod enforce;
mod exact;
mod faults;
mod form;
mod frame;
mod parse;
mod patch;
mod rules;
#[cfg(test)]
mod tests;

pub use form::form;
pub use patch::{patch_schema, without_null};

use crate::problem::FieldError;
use crate::values::text;
use exact::Exact;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) use enforce::{kinds_of, resolve};
pub(crate) use faults::cut;
pub(crate) use rules::Kind;

/// The most faults that one answer names.
const MOST_FAULTS: usize = 100;

/// Properties that hold secrets: a blank or a decomposed letter in them is meant.
const SECRETS: [&str; 6] = ["password", "current_password", "new_password", "one_time_password", "refresh_token", "client_secret"];

/// A compiled body schema.
#[derive(Debug)]
pub struct JsonSchema {
    validator: jsonschema::Validator,
    frame: frame::Frame,
}

/// A body as it was sent, in the one form that is checked and stored.
#[derive(Debug)]
pub struct Written {
    body: Value,
    /// What the parser did not build.
    faults: Vec<FieldError>,
}

impl Written {
    /// An empty object, which an absent body stands for.
    #[must_use]
    pub fn nothing() -> Self {
        Self { body: Value::Object(Map::new()), faults: Vec::new() }
    }
}

impl JsonSchema {
    /// Compiles a schema of the OpenAPI `document`, which holds the components that it refers to.
    ///
    /// # Errors
    /// If the schema is none, or refers to what the document does not have: the message names it.
    pub fn compile(document: &Value, schema: &Value) -> Result<Self, String> {
        let root = enforce::enforce(document, schema);
        let mut components = BTreeMap::new();
        let mut wanted = references(&root);
        while let Some(reference) = wanted.pop() {
            if reference == enforce::FREE || components.contains_key(&reference) {
                continue;
            }
            let target = resolve(document, &reference).ok_or_else(|| format!("the document has no {reference}"))?;
            let strict = enforce::enforce(document, target);
            wanted.extend(references(&strict));
            components.insert(reference, strict);
        }
        let mut whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [root], "x-free": enforce::free()});
        for (reference, strict) in components {
            place(&mut whole, &reference, strict).ok_or_else(|| format!("{reference} is no component"))?;
        }
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .with_keyword(rules::KEYWORD, |_, value, _| Ok(Box::new(rules::Rule::read(value))))
            .build(&whole)
            .map_err(|e| e.to_string())?;
        Ok(Self { validator, frame: frame::Frame::of(document, schema) })
    }

    /// Parses a body. What the schema has no room for is not built: it is told by [`Self::accept`].
    ///
    /// # Errors
    /// If it is no JSON, with line and column.
    pub fn parse(&self, text: &[u8]) -> serde_json::Result<Written> {
        let parse::Parsed { mut body, faults, .. } = parse::parse(&self.frame, text)?;
        normalise(&mut body);
        Ok(Written { body, faults })
    }

    /// A body without faults.
    ///
    /// # Errors
    /// All its faults at once, as [`Self::check`] has them.
    pub fn accept(&self, written: Written) -> Result<Value, Vec<FieldError>> {
        let faults = self.faults(&written.body, written.faults);
        if faults.is_empty() { Ok(written.body) } else { Err(faults) }
    }

    /// A value that is at hand, in the one form that is stored.
    ///
    /// # Errors
    /// All its faults at once, as [`Self::check`] has them.
    pub fn accept_value(&self, mut value: Value) -> Result<Value, Vec<FieldError>> {
        normalise(&mut value);
        self.accept(Written { body: value, faults: Vec::new() })
    }

    /// All faults of a body at once, at most 100, at most one for a place.
    #[must_use]
    pub fn check(&self, body: &Value) -> Vec<FieldError> {
        self.faults(body, Vec::new())
    }

    fn faults(&self, body: &Value, known: Vec<FieldError>) -> Vec<FieldError> {
        let mut faults = faults::Gathered::of(known);
        for error in self.validator.iter_errors(body) {
            faults.add(&error);
            if faults.len() > MOST_FAULTS {
                break;
            }
        }
        faults.finish(MOST_FAULTS)
    }
}

/// Every `$ref` in a schema.
fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
            // Values that merely look like schemas stand only where a client may be asked for them literally.
            let inner = members.iter().filter(|(key, _)| !matches!(key.as_str(), "enum" | "const" | rules::KEYWORD));
            own.into_iter().chain(inner.flat_map(|(_, v)| references(v))).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Puts a schema at `#/a/b/c`.
fn place(whole: &mut Value, reference: &str, schema: Value) -> Option<()> {
    let mut slot = whole;
    for segment in reference.strip_prefix("#/").filter(|path| path.starts_with("components/"))?.split('/') {
        let name = segment.replace("~1", "/").replace("~0", "~");
        slot = slot.as_object_mut()?.entry(name).or_insert_with(|| Value::Object(Map::new()));
    }
    *slot = schema;
    Some(())
}

/// Brings a body into the one form that is checked and stored: texts NFC and trimmed (secrets apart), whole numbers
/// without a point or an exponent, since `3.0` and `3e0` are the integer 3 to JSON Schema.
pub fn normalise(body: &mut Value) {
    match body {
        Value::String(written) => *written = text::normalise(written),
        Value::Number(number) => {
            if let Some(whole) = Exact::parse(number.as_str()).filter(|_| number.as_i64().is_none()).and_then(|exact| exact.to_i64()) {
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalise),
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                if !SECRETS.contains(&name.as_str()) || !value.is_string() {
                    normalise(value);
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}
