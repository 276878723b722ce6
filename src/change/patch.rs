//! JSON Merge Patch (RFC 7396) for every resource: the patch is merged into the resource's input form, and the result
//! must be a valid input again.

use crate::json_schema;
use crate::problem::{Error, Problem, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::marker::PhantomData;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// The extension by which a patch schema names the input schema that it is made from.
pub const PATCH_OF: &str = "x-patch-of";

/// A merge patch of a resource whose input form is `T`.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Patch<T> {
    members: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned + ToSchema> Patch<T> {
    /// Whether the patch speaks of this member.
    #[must_use]
    pub fn touches(&self, member: &str) -> bool {
        self.members.contains_key(member)
    }

    /// The resource's input form after the patch.
    ///
    /// # Errors
    /// 422 with all faults of the result.
    pub fn merge(&self, current: &T) -> Result<T> {
        let mut value = serde_json::to_value(current)?;
        merge(&mut value, &Value::Object(self.members.clone()));
        let faults = json_schema::form::<T>()?.check(&value);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults).into());
        }
        serde_json::from_value(value).map_err(Error::internal)
    }
}

/// RFC 7396 section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.shift_remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

impl<T: ToSchema> utoipa::__dev::ComposeSchema for Patch<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let of = utoipa::openapi::extensions::Extensions::builder().add(PATCH_OF, T::name().into_owned()).build();
        ObjectBuilder::new().extensions(Some(of)).into()
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Patch")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use serde_json::json;

    /// The cases of RFC 7396 appendix A.
    #[test]
    fn appendix_a() {
        for (mut original, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            merge(&mut original, &patch);
            assert_eq!(original, result);
        }
    }
}
