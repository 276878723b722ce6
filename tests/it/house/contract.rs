//! The served OpenAPI document, and whether an answer keeps to it.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

/// What [`Document::check`] needs to know of an answer.
pub trait Answered {
    /// The status.
    fn status(&self) -> u16;
    /// The media type without parameters.
    fn media_type(&self) -> String;
    /// Whether there is no body.
    fn is_empty(&self) -> bool;
    /// The body as JSON.
    fn json(&self) -> Option<&Value>;
    /// Whether it has an `ETag`.
    fn is_tagged(&self) -> bool;
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In capitals.
    pub method: String,
    /// With its `{parameters}`.
    pub path: String,
    /// The operation object.
    pub value: Value,
}

const EVERYBODY: [&str; 7] = ["anonymous", "admin", "coordinator", "leader", "reporter", "supervisor", "province"];

impl Operation {
    /// The roles that may call it.
    pub fn roles(&self) -> Vec<&str> {
        let named: Vec<&str> = self.value["x-roles"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // What anybody may call, every role may call.
        if named.contains(&"anonymous") { EVERYBODY.to_vec() } else { named }
    }

    /// Whether anybody may.
    pub fn public(&self) -> bool {
        self.roles().contains(&"anonymous")
    }

    /// Whether it looks at who calls it: where not, no access token matters.
    pub fn knows_callers(&self) -> bool {
        self.value["security"].as_array().is_none_or(|ways| !ways.is_empty())
    }

    /// Its parameters of one place: `path`, `query`, `header`.
    pub fn parameters(&self, place: &str) -> Vec<&Value> {
        self.value["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == place).collect()
    }

    /// The members of the JSON object that it takes.
    pub fn input_members(&self, document: &Document) -> Vec<String> {
        let content = self.value["requestBody"]["content"].as_object().and_then(|all| all.values().next());
        let schema = document.resolve(content.map_or(&Value::Null, |content| &content["schema"]));
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// Whether it needs `If-Match`.
    pub fn if_match(&self) -> bool {
        self.parameters("header").iter().any(|p| p["name"] == "If-Match")
    }
}

/// The document.
pub struct Document {
    /// As served.
    pub value: Value,
    operations: Vec<Operation>,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// Statuses of the protocol itself, which every operation may answer.
const OF_THE_PROTOCOL: [u16; 4] = [304, 408, 414, 431];

impl Document {
    /// Reads a document.
    pub fn new(value: Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in value["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if ["get", "put", "post", "patch", "delete"].contains(&method.as_str()) {
                    let mut operation = operation.clone();
                    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                        // Those that operations share.
                        if let Some(shared) = parameter["$ref"].as_str().and_then(|r| value.pointer(r.trim_start_matches('#'))) {
                            *parameter = shared.clone();
                        }
                    }
                    operations.push(Operation { method: method.to_uppercase(), path: path.clone(), value: operation });
                }
            }
        }
        Self { value, operations, compiled: Mutex::default() }
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that a request means: of several templates that fit, the one with most literal segments.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let wanted: Vec<&str> = path.split('/').collect();
        let fits = |o: &&Operation| {
            let have: Vec<&str> = o.path.split('/').collect();
            have.len() == wanted.len() && have.iter().zip(&wanted).all(|(h, w)| is_parameter(h) || h == w)
        };
        let literal = |o: &&Operation| o.path.split('/').filter(|s| !is_parameter(s)).count();
        self.operations.iter().filter(|o| o.method == method).filter(fits).max_by_key(literal)
    }

    /// Follows `$ref`.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => self.resolve(self.value.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in the document"))),
            None => value,
        }
    }

    /// What is wrong with an answer, if anything.
    ///
    /// # Errors
    /// The first thing that the document does not say.
    pub fn check(&self, method: &str, path: &str, answer: &impl Answered) -> Result<(), String> {
        let status = answer.status();
        if method == "OPTIONS" || OF_THE_PROTOCOL.contains(&status) || path.starts_with("/docs") {
            return Ok(());
        }
        let Some(operation) = self.find(if method == "HEAD" { "GET" } else { method }, path) else {
            return match status {
                404 | 405 if method == "HEAD" => Ok(()),
                404 | 405 => self.check_body(&json!({"$ref": "#/components/schemas/Problem"}), answer),
                _ => Err(format!("the document knows no {method} {path}")),
            };
        };
        let responses = &operation.value["responses"];
        let documented = responses.get(status.to_string()).or_else(|| responses.get("default"));
        let at = format!("{} {}", operation.method, operation.path);
        let documented = self.resolve(documented.ok_or_else(|| format!("{at} documents no {status}"))?);
        self.check_code(operation, status, answer)?;
        let tagged = documented["headers"].get("ETag").is_some();
        // What answers in one of several forms tags those that are one resource.
        let several = || self.resolve(&documented["content"]["application/json"]["schema"])["oneOf"].is_array();
        if status < 300 && answer.is_tagged() != tagged && !(tagged && several()) {
            return Err(format!("{at} {status}: sends an ETag: {}, unlike the document", answer.is_tagged()));
        }
        let Some(content) = documented["content"].as_object().filter(|c| !c.is_empty()) else {
            return if answer.is_empty() { Ok(()) } else { Err(format!("{at} documents no body for {status}")) };
        };
        if method == "HEAD" {
            return Ok(());
        }
        let media = answer.media_type();
        let Some(schema) = content.get(&media).map(|m| &m["schema"]) else {
            return Err(format!("{at} documents no {media:?} for {status}, only {:?}", content.keys().collect::<Vec<_>>()));
        };
        if media.ends_with("json") { self.check_body(schema, answer).map_err(|e| format!("{at} {status}: {e}")) } else { Ok(()) }
    }

    /// A problem has an example at its operation: by the status, or as what any request may be told.
    fn check_code(&self, operation: &Operation, status: u16, answer: &impl Answered) -> Result<(), String> {
        let Some(code) = answer.json().filter(|_| status >= 400).and_then(|body| body["code"].as_str()) else { return Ok(()) };
        let responses = &operation.value["responses"];
        let shown = [status.to_string(), "default".to_owned()].into_iter().filter_map(|s| responses.get(s)).any(|response| {
            let examples = &self.resolve(response)["content"]["application/problem+json"]["examples"];
            let mut all = examples.as_object().into_iter().flatten().map(|(_, example)| &self.resolve(example)["value"]);
            all.any(|example| example["code"] == code && example["status"] == status)
        });
        let at = format!("{} {}", operation.method, operation.path);
        if shown { Ok(()) } else { Err(format!("{at} shows no {status} {code}")) }
    }

    fn check_body(&self, schema: &Value, answer: &impl Answered) -> Result<(), String> {
        let body = answer.json().ok_or("the body is no JSON")?;
        let wrong = self.faults(schema, body);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// How a value departs from a schema of the document.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.compile(schema);
        validator
            .iter_errors(value)
            .take(6)
            .map(|e| {
                let told: String = e.to_string().chars().take(300).collect();
                format!("{} {told}", e.instance_path())
            })
            .collect()
    }

    fn compile(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        if let Some(known) = self.compiled.lock().unwrap().get(&key) {
            return known.clone();
        }
        let mut names = BTreeSet::new();
        self.reachable(schema, &mut names);
        let closed = |n: &String| (n.clone(), self.closed(self.value["components"]["schemas"][n].clone()));
        let schemas: Map<String, Value> = names.iter().map(closed).collect();
        let whole = json!({"allOf": [self.closed(schema.clone())], "components": {"schemas": schemas}});
        let built = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&whole);
        let built = Arc::new(built.unwrap_or_else(|e| panic!("a schema of the document is none: {e}\n{schema}")));
        self.compiled.lock().unwrap().insert(key, built.clone());
        built
    }

    /// A schema that refuses members which it does not name: clients may meet further ones, we may not send any that we do not document.
    fn closed(&self, mut schema: Value) -> Value {
        let whole = schema["allOf"].as_array().cloned();
        if let Some(parts) = whole {
            // Each names some of them, so that none may refuse the others'.
            let open = |part: &Value| self.closed_within(self.resolve(part).clone());
            schema["allOf"] = parts.iter().map(open).collect();
            schema["unevaluatedProperties"] = json!(false);
            return schema;
        }
        schema = self.closed_within(schema);
        if schema["properties"].is_object() && schema["type"].is_string() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }

    fn closed_within(&self, schema: Value) -> Value {
        match schema {
            Value::Object(members) => members.into_iter().map(|(name, member)| (name, self.closed(member))).collect(),
            Value::Array(items) => items.into_iter().map(|item| self.closed(item)).collect(),
            other => other,
        }
    }

    /// The components that a schema needs.
    fn reachable(&self, schema: &Value, names: &mut BTreeSet<String>) {
        let mut found = Vec::new();
        super::json::walk(schema, &mut |v| {
            found.extend(v.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/")).map(str::to_owned));
        });
        for name in found {
            if names.insert(name.clone()) {
                let schema = self.value["components"]["schemas"].get(&name).unwrap_or_else(|| panic!("no component {name}"));
                self.reachable(schema, names);
            }
        }
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}
