//! What a period asks beside its indicators, and answers to it, on the wire.

use crate::values::decimal::Decimal4;
use crate::values::text::Bilingual;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{RefOr, extensions::ExtensionsBuilder};

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionType {
    /// A number.
    Number,
    /// Words.
    Text,
    /// Yes or no.
    Boolean,
}

/// A question of a thematic or ad hoc period: what no indicator measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "q1", "text": {"vi": "Số cuộc tuyên truyền đã tổ chức", "en": null}, "type": "number", "unit_of_measure": {"vi": "cuộc", "en": null}, "required": true, "restricted": false}))]
pub struct Question {
    /// Its code, unique within the period.
    #[schema(pattern = "^[A-Za-z][A-Za-z0-9_.-]{0,31}$", example = "q1")]
    pub code: String,
    /// The question.
    pub text: Bilingual,
    /// What kind of answer it wants.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// In what a number is counted.
    #[serde(default)]
    pub unit_of_measure: Option<Bilingual>,
    /// Whether no report is submitted without an answer.
    #[schema(example = true)]
    pub required: bool,
    /// Whether answers point at persons: they are shown to their unit and to those with `restricted:read`.
    #[serde(default)]
    #[schema(example = false)]
    pub restricted: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AnswerValue {
    /// To a question for a number.
    Number(Decimal4),
    /// To a question for words.
    Text(String),
    /// To a question for yes or no.
    Boolean(bool),
}

impl AnswerValue {
    /// The type of the questions that it answers.
    #[must_use]
    pub fn kind(&self) -> QuestionType {
        match self {
            Self::Number(_) => QuestionType::Number,
            Self::Text(_) => QuestionType::Text,
            Self::Boolean(_) => QuestionType::Boolean,
        }
    }
}

impl<'de> Deserialize<'de> for AnswerValue {
    /// Through a JSON value: an untagged enum would not hand on the digits of a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Bool(yes) => Ok(Self::Boolean(yes)),
            serde_json::Value::Number(number) => Decimal4::parse(number.as_str()).map(Self::Number).map_err(D::Error::custom),
            serde_json::Value::String(text) => Ok(Self::Text(text)),
            _ => Err(D::Error::custom("neither a number nor a text nor a boolean")),
        }
    }
}

impl utoipa::PartialSchema for AnswerValue {
    fn schema() -> RefOr<Schema> {
        let multiline = ExtensionsBuilder::new().add("x-multiline", true).build();
        let words = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(8000)).extensions(Some(multiline));
        OneOfBuilder::new()
            .item(<Decimal4 as utoipa::PartialSchema>::schema())
            .item(words)
            .item(ObjectBuilder::new().schema_type(Type::Boolean))
            .description(Some("A number, words, or yes or no, as the question wants."))
            .into()
    }
}
impl ToSchema for AnswerValue {}
