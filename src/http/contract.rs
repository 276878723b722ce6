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
    /// If it is no JSON, or an operation lacks what the gate needs: the message names it.
    pub fn read(text: &'static str) -> std::result::Result<Self, String> {
        let mut document: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let schemas = document.pointer_mut("/components/schemas").map(Value::take).unwrap_or_default();
        let mut router = matchit::Router::new();
        let mut operations = Vec::new();
        for (path, item) in members(document.get("paths")) {
            let mut by_method = HashMap::new();
            for (method, operation) in members(Some(item)) {
                let read = Operation::read(&method.to_uppercase(), operation).map_err(|e| format!("{method} {path}: {e}"))?;
                let read = Arc::new(read);
                operations.push(read.clone());
                by_method.insert(method.to_uppercase(), read);
            }
            router.insert(path.clone(), by_method).map_err(|e| format!("{path}: {e}"))?;
        }
        Ok(Self {
            published: Reply::json(text),
            components: serde_json::json!({"components": {"schemas": schemas}}),
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

fn allow(operations: &HashMap<String, Arc<Operation>>) -> String {
    let mut methods: Vec<&str> = operations.keys().map(String::as_str).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.join(", ")
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

impl Operation {
    fn read(method: &str, operation: &Value) -> std::result::Result<Self, String> {
        let names: Vec<&str> =
            operation.get("x-roles").and_then(Value::as_array).ok_or("no x-roles")?.iter().filter_map(Value::as_str).collect();
        let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        let takes = |header: &str| parameters.iter().any(|p| p.get("name").and_then(Value::as_str) == Some(header));
        Ok(Self {
            id: operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned(),
            public: names.contains(&"anonymous"),
            roles: names.iter().filter_map(|n| Role::parse(n)).collect(),
            if_match: takes("If-Match"),
            takes_purpose: takes(purpose::NAME),
            produces: produces(operation),
            takes: body_of(method, operation.get("requestBody")),
            documented: serde_json::json!({"parameters": parameters}),
            query: OnceLock::new(),
            shape: OnceLock::new(),
        })
    }
}

fn produces(operation: &Value) -> Vec<String> {
    members(operation.get("responses"))
        .filter(|(status, _)| status.starts_with('2'))
        .flat_map(|(_, response)| members(response.get("content")).map(|(media, _)| media.clone()).collect::<Vec<_>>())
        .collect()
}

fn body_of(method: &str, body: Option<&Value>) -> Takes {
    let Some(body) = body else { return Takes::Nothing };
    let content: Map<String, Value> = body.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
    let Some(json) = content.get("application/json") else { return Takes::Raw(content.keys().cloned().collect()) };
    Takes::Json {
        merge_patch: method == "PATCH" && content.contains_key("application/merge-patch+json"),
        optional: body.get("required").and_then(Value::as_bool) != Some(true),
        schema: json.get("schema").cloned().unwrap_or(Value::Bool(true)),
    }
}
