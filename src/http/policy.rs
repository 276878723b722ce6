//! What a route says of itself: who may call it, what it takes, in which formats it answers. The attribute beside the handler
//! is the one statement of it; the document is made from the attributes, and read back here when the server starts. So it is
//! known before anything of a body is read.

use super::purpose;
use crate::auth::caller::Role;
use crate::formats::Format;
use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The member of an operation that says of how many bytes a body may be that its handler reads as a stream.
pub const STREAMED: &str = "x-max-body-bytes";

/// The query parameter that names a format.
pub const FORMAT: &str = "format";

/// The media type of merge patches (RFC 7396).
const MERGE_PATCH: &str = "application/merge-patch+json";

/// What a route says of itself.
#[derive(Debug)]
pub struct Policy {
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
    /// The formats of its successful answers, that of a client who names none first.
    pub formats: Vec<Format>,
    /// Whether `?format=` may name one of them.
    pub names_format: bool,
    /// Its body.
    pub body: BodyKind,
}

/// What a route takes as its body.
#[derive(Debug)]
pub enum BodyKind {
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
    /// A short form of one of these media types, which the handler reads.
    Form(Vec<String>),
    /// Bytes that the handler takes piece by piece.
    Stream {
        /// Of one of these media types.
        media_types: Vec<String>,
        /// At most so many.
        most: u64,
    },
}

/// An operation of the document, as far as a policy is made from it: a start need not build the rest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Documented {
    pub(super) operation_id: String,
    #[serde(rename = "x-roles")]
    roles: Option<Vec<String>>,
    /// Absent, what the whole document says holds: a caller is needed.
    security: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    pub(super) parameters: Vec<Value>,
    #[serde(rename = "x-max-body-bytes")]
    streamed: Option<u64>,
    request_body: Option<RequestBody>,
    responses: IndexMap<String, Response>,
}

#[derive(Deserialize)]
struct RequestBody {
    #[serde(default)]
    required: bool,
    content: IndexMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    schema: Option<Value>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    content: IndexMap<String, IgnoredAny>,
}

impl Policy {
    /// Reads what the document says of an operation, and takes its body's schema out of it.
    ///
    /// # Errors
    /// What it lacks, or names that nobody knows.
    pub(super) fn read(operation: &mut Documented) -> Result<Self, String> {
        let named = operation.roles.take().ok_or("no x-roles")?;
        let known = |name: &String| Role::parse(name).ok_or_else(|| format!("no role {name}"));
        let public = named.iter().any(|name| name == "anonymous");
        let roles = named.iter().filter(|name| *name != "anonymous").map(known).collect::<Result<Vec<_>, _>>()?;
        let takes = |name: &str| operation.parameters.iter().any(|p| p.get("name").and_then(Value::as_str) == Some(name));
        let successes = operation.responses.iter().filter(|(status, _)| status.starts_with('2'));
        let media_types = successes.flat_map(|(_, response)| response.content.keys());
        let known = |media_type: &String| Format::of_media_type(media_type).ok_or_else(|| format!("no format {media_type}"));
        let formats = media_types.map(known).collect::<Result<_, _>>()?;
        Ok(Self {
            public,
            knows_callers: operation.security.as_ref().is_none_or(|ways| !ways.is_empty()),
            // What anybody may call, whoever signed in may call.
            roles: if public { Role::ALL.to_vec() } else { roles },
            if_match: takes("If-Match"),
            takes_purpose: takes(purpose::NAME),
            formats,
            names_format: takes(FORMAT),
            body: BodyKind::read(operation.request_body.take(), operation.streamed)?,
        })
    }
}

impl BodyKind {
    fn read(documented: Option<RequestBody>, streamed: Option<u64>) -> Result<Self, String> {
        let Some(mut documented) = documented else {
            return if streamed.is_none() { Ok(Self::Nothing) } else { Err(format!("{STREAMED}, but no body")) };
        };
        if let Some(most) = streamed {
            return Ok(Self::Stream { media_types: documented.content.into_keys().collect(), most });
        }
        // A merge patch may be called plain JSON, though the document offers one media type only.
        let merge_patch = documented.content.swap_remove(MERGE_PATCH);
        let is_patch = merge_patch.is_some();
        let Some(json) = merge_patch.or_else(|| documented.content.swap_remove("application/json")) else {
            return Ok(Self::Form(documented.content.into_keys().collect()));
        };
        Ok(Self::Json { merge_patch: is_patch, optional: !documented.required, schema: json.schema.unwrap_or(Value::Bool(true)) })
    }

    /// Whether bytes of this media type will do.
    pub(super) fn takes(&self, media_type: &str) -> bool {
        self.media_types().contains(&media_type)
    }

    /// The media types of such a body.
    pub(super) fn media_types(&self) -> Vec<&str> {
        match self {
            Self::Nothing | Self::Json { merge_patch: false, .. } => vec!["application/json"],
            Self::Json { merge_patch: true, .. } => vec!["application/json", MERGE_PATCH],
            Self::Form(media_types) | Self::Stream { media_types, .. } => media_types.iter().map(String::as_str).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy(operation: Value) -> Result<Policy, String> {
        let mut whole = json!({"operationId": "x", "x-roles": ["anonymous"], "security": [], "responses": {}});
        whole.as_object_mut().unwrap().extend(operation.as_object().unwrap().clone());
        Policy::read(&mut serde_json::from_value(whole).unwrap())
    }

    #[test]
    fn a_route_says_who_may_call_it_what_it_takes_and_how_it_answers() {
        let said = policy(json!({
            "parameters": [{"name": "format", "in": "query"}],
            "x-max-body-bytes": 1000, "requestBody": {"content": {"text/csv": {}, "application/json": {}}},
            "responses": {"200": {"content": {"application/json": {}, "text/csv": {}}}, "400": {"content": {"application/problem+json": {}}}}
        }));
        let said = said.unwrap();
        assert!(said.public && !said.knows_callers && said.names_format && !said.if_match);
        assert_eq!((said.roles, said.formats), (Role::ALL.to_vec(), vec![Format::Json, Format::Csv]));
        assert!(matches!(&said.body, BodyKind::Stream { most: 1000, .. }) && said.body.takes("text/csv") && !said.body.takes("text/html"));
    }

    #[test]
    fn a_statement_that_nobody_understands_stops_the_start() {
        assert_eq!(policy(json!({"x-roles": ["mayor"]})).unwrap_err(), "no role mayor");
        assert_eq!(policy(json!({"x-roles": null})).unwrap_err(), "no x-roles");
        assert_eq!(policy(json!({"responses": {"200": {"content": {"image/png": {}}}}})).unwrap_err(), "no format image/png");
        assert_eq!(policy(json!({"x-max-body-bytes": 5})).unwrap_err(), "x-max-body-bytes, but no body");
    }
}
