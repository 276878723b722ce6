//! Query strings are checked by the parameters that the OpenAPI document publishes: nothing unknown is ignored, nothing
//! is given twice, and every value comes out in its documented type. The form is that of HTML forms
//! (`application/x-www-form-urlencoded`), in which `+` is a blank.

use crate::formats::Format;
use crate::json_schema::{self, JsonSchema, Kind, cut};
use crate::problem::codes::{self, Code};
use crate::problem::{self, Error, FieldError, Problem, said};
use crate::reading::layout::TableLayout;
use crate::reading::paging::Paging;
use crate::values::text;
use serde_json::{Map, Number, Value};
use std::collections::HashSet;

/// Longest value where the schema states no length, in characters.
const LONGEST: u64 = 1000;
/// Longest last part of a parameter whose name is a pattern, in bytes.
const LONGEST_NAME: usize = 64;
/// How much of an unknown name an answer repeats, in characters.
const ECHO: usize = 40;

/// The documented query parameters of one operation.
#[derive(Debug)]
pub struct Parameters {
    known: Vec<Parameter>,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    /// Whether the name is a beginning: `disaggregation.`, which the code of a dimension follows.
    prefix: bool,
    required: bool,
    kinds: Vec<Kind>,
    json_schema: JsonSchema,
}

impl Parameters {
    /// Reads the query parameters of an operation of the OpenAPI `document`.
    ///
    /// # Errors
    /// If a parameter is no scalar, or its schema cannot be compiled: the message names it.
    pub fn compile(document: &Value, operation: &Value) -> Result<Self, String> {
        let mut known = Vec::new();
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let reference = parameter.get("$ref").and_then(Value::as_str);
            let parameter = reference
                .map_or(Some(parameter), |r| json_schema::resolve(document, r))
                .ok_or("a parameter that the document does not have")?;
            if parameter.get("in").and_then(Value::as_str) == Some("query") {
                known.push(Parameter::read(document, parameter)?);
            }
        }
        Ok(Self { known })
    }

    /// Checks a raw query string and answers with the typed values of the parameters that it gives.
    ///
    /// # Errors
    /// 400 `query.unknown` with every unknown name, else 400 `query.invalid` with every fault.
    pub fn check(&self, raw: &str) -> problem::Result<Map<String, Value>> {
        let mut values = Map::new();
        let mut unknown = Vec::new();
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = decode(name) else {
                faults.push(malformed(&cut(name, ECHO)));
                continue;
            };
            let Some(parameter) = self.known.iter().find(|known| known.is_named(&name)) else {
                if seen.insert(name.clone()) {
                    unknown.push(unknown_name(&name));
                }
                continue;
            };
            if !seen.insert(name.clone()) {
                values.shift_remove(&name);
                faults.push(fault(&name, "Tham số này được nêu hai lần. Hãy giữ một.", "The parameter is given twice. Keep one."));
                continue;
            }
            match decode(value).ok_or_else(|| malformed(&name)).and_then(|value| parameter.read_value(&name, &value)) {
                Ok(value) => drop(values.insert(name, value)),
                Err(fault) => faults.push(fault),
            }
        }
        for parameter in self.known.iter().filter(|p| p.required && !p.prefix && !seen.contains(&p.name)) {
            faults.push(fault(&parameter.name, "Thiếu tham số bắt buộc này. Hãy thêm vào địa chỉ.", "The parameter is required. Add it."));
        }
        match (unknown.is_empty(), faults.is_empty()) {
            (true, true) => Ok(values),
            (false, _) => Err(refusal(codes::QUERY_UNKNOWN, unknown)),
            (true, false) => Err(refusal(codes::QUERY_INVALID, faults)),
        }
    }
}

impl Parameter {
    fn read(document: &Value, parameter: &Value) -> Result<Self, String> {
        let name = parameter.get("name").and_then(Value::as_str).ok_or("a query parameter without a name")?;
        let anything = Value::Object(Map::new());
        let documented = parameter.get("schema").unwrap_or(&anything);
        // An object sent as a form (`explode`) stands for parameters whose names begin alike: its own, and a full stop.
        let (name, prefix, documented) = match documented.get("additionalProperties") {
            Some(each) if parameter.get("explode") == Some(&Value::Bool(true)) => (format!("{name}."), true, each),
            _ => (name.to_owned(), false, documented),
        };
        // Null says only that the parameter may be left out.
        let schema = json_schema::without_null(document, documented);
        let kinds = json_schema::kinds_of(document, documented).unwrap_or_else(|| vec![Kind::Text]);
        if kinds.iter().any(|kind| matches!(kind, Kind::List | Kind::Object)) {
            return Err(format!("query parameter {name}: no scalar"));
        }
        let json_schema = JsonSchema::compile(document, &bounded(&schema)).map_err(|e| format!("query parameter {name}: {e}"))?;
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self { name, prefix, required, kinds, json_schema })
    }

    fn is_named(&self, name: &str) -> bool {
        if !self.prefix {
            return self.name == name;
        }
        let rest = name.strip_prefix(self.name.as_str()).unwrap_or_default();
        !rest.is_empty() && rest.len() <= LONGEST_NAME && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    }

    /// The value in its documented type.
    fn read_value(&self, name: &str, written: &str) -> Result<Value, FieldError> {
        if written.chars().any(|c| text::is_forbidden(c, false)) {
            return Err(fault(
                name,
                "Giá trị có ký tự điều khiển không nhìn thấy. Hãy xoá ký tự đó.",
                "The value holds a control character. Remove it.",
            ));
        }
        let written = text::normalise(written);
        if written.is_empty() && name != "q" {
            return Err(fault(
                name,
                "Giá trị để trống. Hãy bỏ tham số này nếu không dùng.",
                "The value is empty. Leave the parameter out if it is not meant.",
            ));
        }
        let value = self.coerce(&written).ok_or_else(|| self.misfit(name))?;
        match self.json_schema.check(&value).into_iter().next() {
            Some(found) if *found.code == *codes::FIELD_FORMAT && written.contains(' ') => {
                let hint = said(" Trên địa chỉ, dấu + phải viết là «%2B».", " In a query, + is written %2B.");
                Err(fault(name, found.detail.vi + &hint.vi, found.detail.en + &hint.en))
            }
            Some(found) => Err(fault(name, found.detail.vi, found.detail.en)),
            None => Ok(value),
        }
    }

    fn coerce(&self, written: &str) -> Option<Value> {
        let has = |kind| self.kinds.contains(&kind);
        if has(Kind::Boolean) && matches!(written, "true" | "false") {
            return Some(Value::Bool(written == "true"));
        }
        let digits = written.strip_prefix('-').unwrap_or(written);
        let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if has(Kind::Integer) && whole {
            let significant = digits.trim_start_matches('0');
            let sign = if written.starts_with('-') && !significant.is_empty() { "-" } else { "" };
            let least = if significant.is_empty() { "0" } else { significant };
            return number(&format!("{sign}{least}"));
        }
        if has(Kind::Number)
            && let Some(value) = number(written)
        {
            return Some(value);
        }
        has(Kind::Text).then(|| Value::String(written.to_owned()))
    }

    fn misfit(&self, name: &str) -> FieldError {
        if self.kinds.contains(&Kind::Boolean) {
            fault(name, "Giá trị được phép: «true» (có), «false» (không).", "Allowed values: true, false.")
        } else if self.kinds.contains(&Kind::Integer) {
            fault(name, "Cần một số nguyên viết bằng chữ số.", "Must be a whole number in digits.")
        } else {
            fault(name, "Cần một số.", "Must be a number.")
        }
    }
}

/// Goes on only if the query gives no parameter that means nothing in the chosen format, of what is answered as JSON or as a table.
///
/// # Errors
/// 400 `query.invalid`, naming those that it gives.
pub fn fits(query: &Map<String, Value>, format: Format) -> problem::Result<()> {
    match format {
        Format::Csv => without(query, &Paging::OF_PAGES, format),
        Format::Xlsx => without(query, &[&Paging::OF_PAGES[..], &TableLayout::OF_CSV].concat(), format),
        _ => without(query, &TableLayout::OF_TABLES, format),
    }
}

/// Goes on only if the query gives none of these parameters, which mean nothing in the chosen format: nothing is passed over
/// in silence.
///
/// # Errors
/// 400 `query.invalid`, naming those that it gives.
pub fn without(query: &Map<String, Value>, names: &[&str], format: Format) -> problem::Result<()> {
    let format = format.name();
    let (vi, en) = (
        format!("Tham số này không dùng được với định dạng «{format}». Hãy bỏ tham số, hoặc chọn định dạng khác."),
        format!("Means nothing in the format {format}. Leave it out, or choose another format."),
    );
    let given = names.iter().filter(|name| query.contains_key(**name));
    let faults: Vec<FieldError> = given.map(|name| fault(name, &*vi, &*en)).collect();
    if faults.is_empty() { Ok(()) } else { Err(refusal(codes::QUERY_INVALID, faults)) }
}

fn number(written: &str) -> Option<Value> {
    serde_json::from_str::<Number>(written).ok().map(Value::Number)
}

/// The same schema with the length that holds for query parameters.
fn bounded(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut()
        && members.get("type").is_some_and(|kind| kind == "string")
    {
        members.entry("maxLength").or_insert_with(|| LONGEST.into());
    } else if schema.get("type").is_none() && schema.get("maxLength").is_none() {
        schema = serde_json::json!({"allOf": [schema, {"maxLength": LONGEST}]});
    }
    schema
}

fn fault(name: &str, vi: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError::new(name, codes::QUERY_INVALID).saying(vi, en)
}

fn malformed(name: &str) -> FieldError {
    fault(
        name,
        "Tham số viết sai mã hoá (dấu % hoặc không phải UTF-8). Hãy mã hoá lại địa chỉ.",
        "The percent-encoding is wrong, or it is not UTF-8. Encode the address anew.",
    )
}

fn unknown_name(name: &str) -> FieldError {
    let name = cut(name, ECHO);
    let (vi, en) = (
        format!("Địa chỉ này không có tham số «{name}». Hãy bỏ nó, hoặc sửa tên cho đúng tài liệu."),
        format!("There is no parameter {name} here. Remove it, or mend its name after the contract."),
    );
    FieldError::new(name, codes::QUERY_UNKNOWN).saying(vi, en)
}

fn refusal(code: &'static Code, faults: Vec<FieldError>) -> Error {
    let problem = Problem::new(code);
    match (code == codes::QUERY_INVALID, faults.as_slice()) {
        // Which parameter it is about is told by none of these faults itself.
        (true, [only]) => {
            let detail = said(format!("Tham số «{}»: {}", only.pointer, only.detail.vi), format!("{}: {}", only.pointer, only.detail.en));
            problem.told(detail).with_errors(faults).into()
        }
        _ => problem.with_faults(faults).into(),
    }
}

/// Undoes the percent-encoding; `None` if it is broken or does not give UTF-8. A lenient decoder would put `U+FFFD` in
/// place of what was meant, and search for that.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hexadecimal(rest.next()?)? * 16 + hexadecimal(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
