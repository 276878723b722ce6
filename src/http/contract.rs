//! The OpenAPI document as the gate uses it: which operation a request means, who may call it and what it takes.

use super::purpose;
use super::query::Parameters;
use super::reply::Reply;
use super::shape::Shape;
use crate::auth::caller::Role;
use crate::problem::{Error, Result};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use utoipa::ToSchema;

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
    shape: OnceLock<std::result::Result<Shape, String>>,
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
    /// Compiled forms by the name of their type.
    forms: RwLock<HashMap<String, Arc<Shape>>>,
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
            forms: RwLock::default(),
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
            self.shape(operation).map(|_| ())
        })
    }

    /// The compiled body schema of an operation.
    ///
    /// # Errors
    /// Internal, if the schema cannot be compiled.
    pub fn shape<'a>(&self, operation: &'a Operation) -> Result<&'a Shape> {
        let compiled = operation.shape.get_or_init(|| match &operation.takes {
            Takes::Json { schema, .. } => Shape::compile(&self.components, schema),
            _ => Shape::compile(&self.components, &serde_json::json!({"type": "object", "additionalProperties": false})),
        });
        compiled.as_ref().map_err(Error::internal)
    }

    /// The compiled schema of a type's form, whether it is published or not.
    ///
    /// # Errors
    /// Internal, if it cannot be compiled.
    pub fn form<T: ToSchema>(&self) -> Result<Arc<Shape>> {
        let name = T::name();
        if let Some(shape) = self.forms.read().unwrap_or_else(PoisonError::into_inner).get(name.as_ref()) {
            return Ok(shape.clone());
        }
        let mut schemas = vec![(name.to_string(), T::schema())];
        T::schemas(&mut schemas);
        let schemas: Map<String, Value> =
            schemas.into_iter().map(|(name, schema)| Ok((name, serde_json::to_value(schema)?))).collect::<Result<_>>()?;
        let document = serde_json::json!({"components": {"schemas": schemas}});
        let reference = serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
        let shape = Arc::new(Shape::compile(&document, &reference).map_err(Error::internal)?);
        self.forms.write().unwrap_or_else(PoisonError::into_inner).insert(name.into_owned(), shape.clone());
        Ok(shape)
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
            shape: OnceLock::new(),
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
