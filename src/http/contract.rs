//! The OpenAPI document as the gate uses it: which operation a request means, who may call it and what it takes.

use super::purpose;
use super::query::Parameters;
use super::reply::Reply;
use crate::auth::caller::Role;
use crate::json_schema::JsonSchema;
use crate::problem::{Error, Result};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// What an operation takes as its body.
pub enum Takes {
    /// Nothing: an empty body, or an empty object.
    Nothing,
    /// JSON of this schema.
    Json {
        /// Whether `application/merge-patch+json` will do as well.
        merge_patch: bool,
        /// Whether it may be left out.
        optional: bool,
        /// The schema.
        schema: Value,
    },
    /// A form of its own, which the handler reads.
    Raw(Vec<String>),
}

/// One operation of the document.
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Whether anybody may call it.
    pub public: bool,
    /// Whether it matters who calls it: where not (`security: []`), no access token is looked at.
    pub knows_callers: bool,
    /// The roles that may call it.
    pub roles: Vec<Role>,
    /// Whether it changes a version that the client must have seen.
    pub if_match: bool,
    /// Whether it may show restricted figures exactly, and so takes a purpose.
    pub takes_purpose: bool,
    /// The media types of its successful answers.
    pub produces: Vec<String>,
    /// Its body.
    pub takes: Takes,
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
    /// If it is no OpenAPI document, or an operation lacks what the gate needs: the message names it.
    pub fn read(text: &'static str) -> std::result::Result<Self, String> {
        let document: written::Document = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let mut router = matchit::Router::new();
        let mut operations = Vec::new();
        for (path, item) in document.paths {
            let mut by_method = HashMap::new();
            for (method, operation) in item {
                let method = method.to_uppercase();
                let read = Arc::new(Operation::read(&method, operation).map_err(|e| format!("{method} {path}: {e}"))?);
                operations.push(read.clone());
                by_method.insert(method, read);
            }
            router.insert(path.clone(), by_method).map_err(|e| format!("{path}: {e}"))?;
        }
        Ok(Self {
            published: Reply::json(text),
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
        let open = |operation: &&Arc<Operation>| operation.public || operation.roles.iter().any(|role| roles.contains(role));
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
        let compiled = operation.json_schema.get_or_init(|| match &operation.takes {
            Takes::Json { schema, .. } => JsonSchema::compile(&self.components, schema),
            _ => JsonSchema::compile(&self.components, &serde_json::json!({"type": "object", "additionalProperties": false})),
        });
        compiled.as_ref().map_err(Error::internal)
    }
}

/// An object of one member. The macro would copy what it is given.
fn object(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
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
    fn read(method: &str, operation: written::Operation) -> std::result::Result<Self, String> {
        let roles = operation.roles.ok_or("no x-roles")?;
        let takes = |header: &str| operation.parameters.iter().any(|p| p.get("name").and_then(Value::as_str) == Some(header));
        let successes = operation.responses.into_iter().filter(|(status, _)| status.starts_with('2'));
        Ok(Self {
            id: operation.operation_id,
            public: roles.iter().any(|name| name == "anonymous"),
            knows_callers: !operation.security.is_empty(),
            roles: roles.iter().filter_map(|name| Role::parse(name)).collect(),
            if_match: takes("If-Match"),
            takes_purpose: takes(purpose::NAME),
            produces: successes.flat_map(|(_, response)| response.content.into_keys()).collect(),
            takes: operation.request_body.map_or(Takes::Nothing, |body| Takes::of(method, body)),
            documented: object("parameters", Value::Array(operation.parameters)),
            query: OnceLock::new(),
            json_schema: OnceLock::new(),
        })
    }
}

impl Takes {
    fn of(method: &str, mut body: written::Body) -> Self {
        let Some(json) = body.content.swap_remove("application/json") else { return Self::Raw(body.content.into_keys().collect()) };
        Self::Json {
            merge_patch: method == "PATCH" && body.content.contains_key("application/merge-patch+json"),
            optional: !body.required,
            schema: json.schema.unwrap_or(Value::Bool(true)),
        }
    }
}

/// What the gate reads of the document: a start need not build the rest of it.
mod written {
    use indexmap::IndexMap;
    use serde::Deserialize;
    use serde::de::IgnoredAny;
    use serde_json::Value;

    #[derive(Deserialize)]
    pub(super) struct Document {
        pub(super) paths: IndexMap<String, IndexMap<String, Operation>>,
        pub(super) components: Components,
    }

    #[derive(Deserialize)]
    pub(super) struct Components {
        pub(super) schemas: Value,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Operation {
        pub(super) operation_id: String,
        #[serde(rename = "x-roles")]
        pub(super) roles: Option<Vec<String>>,
        pub(super) security: Vec<IgnoredAny>,
        #[serde(default)]
        pub(super) parameters: Vec<Value>,
        pub(super) request_body: Option<Body>,
        pub(super) responses: IndexMap<String, Response>,
    }

    #[derive(Deserialize)]
    pub(super) struct Body {
        #[serde(default)]
        pub(super) required: bool,
        pub(super) content: IndexMap<String, Media>,
    }

    #[derive(Deserialize)]
    pub(super) struct Media {
        pub(super) schema: Option<Value>,
    }

    #[derive(Deserialize)]
    pub(super) struct Response {
        #[serde(default)]
        pub(super) content: IndexMap<String, IgnoredAny>,
    }
}
