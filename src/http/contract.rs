//! The OpenAPI document as request validation uses it: which operation a request means, and what it takes.

use super::policy::{BodyKind, Documented, Policy};
use super::query::Parameters;
use super::reply::Reply;
use crate::auth::caller::Role;
use crate::json_schema::JsonSchema;
use crate::problem::{Error, Result};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// For how long a client does not ask again for the document, which changes with the program alone.
const LASTING: &str = "public, max-age=86400";

/// One operation of the document.
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// What its route says of itself.
    pub policy: Policy,
    /// `parameters`, as the document has them.
    documented: Value,
    query: OnceLock<std::result::Result<Parameters, String>>,
    json_schema: OnceLock<std::result::Result<JsonSchema, String>>,
}

/// What a path and a method mean.
pub enum Found {
    /// An operation.
    Operation(Arc<Operation>),
    /// The path exists, the method does not; the methods that do.
    OtherMethods(String),
    /// Nothing.
    Nothing,
}

/// The document, ready for use.
pub struct Contract {
    published: Reply,
    /// The schemas, at the place that references name.
    components: Value,
    /// Every operation, in the document's order.
    operations: Vec<Arc<Operation>>,
    router: matchit::Router<HashMap<String, Arc<Operation>>>,
}

impl Contract {
    /// Reads the document. Its schemas are compiled when they are needed first: a start must be quick.
    ///
    /// # Errors
    /// If it is no OpenAPI document, or an operation lacks what request validation needs: the message names it.
    pub fn read(text: &'static str) -> std::result::Result<Self, String> {
        let document: written::Document = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let mut router = matchit::Router::new();
        let mut operations = Vec::new();
        for (path, item) in document.paths {
            let mut by_method = HashMap::new();
            for (method, mut operation) in item {
                let method = method.to_uppercase();
                resolve(&mut operation.parameters, &document.components.parameters).map_err(|e| format!("{method} {path}: {e}"))?;
                let read = Arc::new(Operation::read(operation).map_err(|e| format!("{method} {path}: {e}"))?);
                operations.push(read.clone());
                by_method.insert(method, read);
            }
            router.insert(path.clone(), by_method).map_err(|e| format!("{path}: {e}"))?;
        }
        Ok(Self {
            published: Reply::json(text).tagged().header("Cache-Control", LASTING),
            components: object("components", object("schemas", document.components.schemas)),
            operations,
            router,
        })
    }

    /// The document itself.
    #[must_use]
    pub fn published(&self) -> Reply {
        self.published.clone()
    }

    /// The operation that a request means.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Found {
        let Ok(matched) = self.router.at(path) else { return Found::Nothing };
        match matched.value.get(method) {
            Some(operation) => Found::Operation(operation.clone()),
            None => Found::OtherMethods(allow(matched.value)),
        }
    }

    /// The `operationId`s that these roles may call, in the document's order.
    #[must_use]
    pub fn open_to(&self, roles: &[Role]) -> Vec<&str> {
        let open = |operation: &&Arc<Operation>| operation.policy.public || operation.policy.roles.iter().any(|role| roles.contains(role));
        self.operations.iter().filter(open).map(|operation| operation.id.as_str()).collect()
    }

    /// The query parameters of an operation.
    ///
    /// # Errors
    /// Internal, if they cannot be compiled.
    pub fn query<'a>(&self, operation: &'a Operation) -> Result<&'a Parameters> {
        let compiled = operation.query.get_or_init(|| Parameters::compile(&self.components, &operation.documented));
        compiled.as_ref().map_err(Error::internal)
    }

    /// Compiles everything, to see that it can be done.
    ///
    /// # Errors
    /// Internal, naming what cannot be compiled.
    #[cfg(test)]
    pub(crate) fn compile_all(&self) -> Result<()> {
        self.operations.iter().try_for_each(|operation| {
            self.query(operation)?;
            self.body_schema(operation).map(|_| ())
        })
    }

    /// The compiled body schema of an operation.
    ///
    /// # Errors
    /// Internal, if the schema cannot be compiled.
    pub fn body_schema<'a>(&self, operation: &'a Operation) -> Result<&'a JsonSchema> {
        let compiled = operation.json_schema.get_or_init(|| match &operation.policy.body {
            BodyKind::Json { schema, .. } => JsonSchema::compile(&self.components, schema),
            _ => JsonSchema::compile(&self.components, &serde_json::json!({"type": "object", "additionalProperties": false})),
        });
        compiled.as_ref().map_err(Error::internal)
    }
}

/// An object of one member. The macro would copy what it is given.
fn object(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}

/// Puts the parameters that operations share in the place of the references to them.
fn resolve(parameters: &mut [Value], shared: &IndexMap<String, Value>) -> std::result::Result<(), String> {
    for parameter in parameters {
        if let Some(reference) = parameter.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/parameters/").unwrap_or(reference);
            *parameter = shared.get(name).ok_or_else(|| format!("no parameter {reference}"))?.clone();
        }
    }
    Ok(())
}

fn allow(operations: &HashMap<String, Arc<Operation>>) -> String {
    let mut methods: Vec<&str> = operations.keys().map(String::as_str).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.join(", ")
}

impl Operation {
    fn read(mut documented: Documented) -> std::result::Result<Self, String> {
        Ok(Self {
            policy: Policy::read(&mut documented)?,
            id: documented.operation_id,
            documented: object("parameters", Value::Array(documented.parameters)),
            query: OnceLock::new(),
            json_schema: OnceLock::new(),
        })
    }
}

/// What is read of the document when the server starts.
mod written {
    use super::Documented;
    use indexmap::IndexMap;
    use serde::Deserialize;
    use serde_json::Value;

    #[derive(Deserialize)]
    pub(super) struct Document {
        pub(super) paths: IndexMap<String, IndexMap<String, Documented>>,
        pub(super) components: Components,
    }

    #[derive(Deserialize)]
    pub(super) struct Components {
        pub(super) schemas: Value,
        #[serde(default)]
        pub(super) parameters: IndexMap<String, Value>,
    }
}
