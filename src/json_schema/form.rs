//! The forms of types, compiled when they are needed first.

use super::JsonSchema;
use crate::problem::{Error, Result};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use utoipa::ToSchema;

/// By the name of their type.
static FORMS: LazyLock<RwLock<HashMap<String, Arc<JsonSchema>>>> = LazyLock::new(RwLock::default);

/// The compiled schema of a type's form, whether it is published or not.
///
/// # Errors
/// Internal, if it cannot be compiled.
pub fn form<T: ToSchema>() -> Result<Arc<JsonSchema>> {
    let name = T::name();
    if let Some(form) = FORMS.read().unwrap_or_else(PoisonError::into_inner).get(name.as_ref()) {
        return Ok(form.clone());
    }
    let mut schemas = vec![(name.to_string(), T::schema())];
    T::schemas(&mut schemas);
    let schemas: Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| Ok((name, serde_json::to_value(schema)?))).collect::<Result<_>>()?;
    let document = json!({"components": {"schemas": schemas}});
    let reference = json!({"$ref": format!("#/components/schemas/{name}")});
    let form = Arc::new(JsonSchema::compile(&document, &reference).map_err(Error::internal)?);
    FORMS.write().unwrap_or_else(PoisonError::into_inner).insert(name.into_owned(), form.clone());
    Ok(form)
}
