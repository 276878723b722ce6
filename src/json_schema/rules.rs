//! The rules of single values: kind, exactness and range of numbers, length, form and characters of texts. They replace
//! the keywords of JSON Schema that would compare through doubles, call an integer a number, or skip control characters.

use super::exact::Exact;
use crate::problem::codes::{self, Code};
use crate::problem::{Said, said};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::text;
use chrono::{Datelike, NaiveDate};
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Number, Value};

/// The keyword under which a strict schema holds a rule: the very members of the documented schema.
pub(super) const KEYWORD: &str = "x-rule";

/// The members of a schema that a [`Rule`] takes over.
pub(super) const TAKEN: [&str; 9] =
    ["type", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "x-multiline"];

/// Longest text where the schema states no length, in characters.
const LONGEST: u64 = 8000;

/// The years in which dates and times are believed.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Stands between the parts of a fault on its way through the validator, which carries one text only.
const SEPARATOR: char = '\u{1f}';

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// The kind that JSON Schema calls so.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::Text,
            "array" => Self::List,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// JSON Schema's name of it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "string",
            Self::List => "array",
            Self::Object => "object",
        }
    }

    /// The kind of a value; a number is a [`Kind::Number`].
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("để trống («null»)", "null"),
            Self::Boolean => ("có hoặc không («true»/«false»)", "true/false"),
            Self::Integer => ("số nguyên", "a whole number"),
            Self::Number => ("số", "a number"),
            Self::Text => ("chữ", "a string"),
            Self::List => ("danh sách […]", "an array"),
            Self::Object => ("nhóm các mục {…}", "an object"),
        }
    }
}

/// What a value breaks.
pub(super) struct Breach {
    pub(super) code: &'static Code,
    pub(super) detail: Said,
}

fn breach(code: &'static Code, vi: impl Into<String>, en: impl Into<String>) -> Breach {
    Breach { code, detail: said(vi, en) }
}

impl Breach {
    /// Reads what a [`Rule`] told the validator.
    pub(super) fn decode(message: &str) -> Option<Self> {
        let mut parts = message.splitn(3, SEPARATOR);
        let code = codes::find(parts.next()?)?;
        Some(breach(code, parts.next()?, parts.next()?))
    }

    fn encode(&self) -> String {
        [self.code.code, &self.detail.vi, &self.detail.en].join(&SEPARATOR.to_string())
    }
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Date,
    DateTime,
    Uuid,
    Email,
    Uri,
}

#[derive(Debug)]
struct Bound {
    limit: Exact,
    text: String,
    lower: bool,
    exclusive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    /// A double will hold it.
    Double,
    /// At most 4 fractional digits and below 10^11.
    Decimal,
    /// Whole.
    Whole,
}

/// What a single value must be.
#[derive(Debug)]
pub(super) struct Rule {
    kinds: Vec<Kind>,
    precision: Precision,
    bounds: Vec<Bound>,
    shortest: u64,
    longest: u64,
    multiline: bool,
    form: Option<Form>,
}

impl Rule {
    /// Reads the members of a documented schema that speak of single values.
    pub(super) fn read(schema: &Value) -> Self {
        let none = Map::new();
        let schema = schema.as_object().unwrap_or(&none);
        let kinds = kinds_named(schema.get("type"));
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let precision = match format {
            "decimal" => Precision::Decimal,
            _ if kinds.contains(&Kind::Integer) => Precision::Whole,
            _ => Precision::Double,
        };
        let mut bounds: Vec<Bound> = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"]
            .iter()
            .filter_map(|key| match schema.get(*key) {
                Some(Value::Number(limit)) => {
                    Bound::new(&limit.to_string(), key.to_lowercase().ends_with("minimum"), key.starts_with("exclusive"))
                }
                _ => None,
            })
            .collect();
        if precision == Precision::Whole {
            let (least, most) = if format == "int32" { (i32::MIN.into(), i32::MAX.into()) } else { (i64::MIN, i64::MAX) };
            bounds.extend(Bound::new(&least.to_string(), true, false));
            bounds.extend(Bound::new(&most.to_string(), false, false));
        }
        Self {
            kinds,
            precision,
            bounds,
            shortest: schema.get("minLength").and_then(Value::as_u64).unwrap_or(0),
            longest: schema.get("maxLength").and_then(Value::as_u64).unwrap_or(LONGEST),
            multiline: schema.get("x-multiline").and_then(Value::as_bool).unwrap_or(false),
            form: match format {
                "date" => Some(Form::Date),
                "date-time" => Some(Form::DateTime),
                "uuid" => Some(Form::Uuid),
                "email" => Some(Form::Email),
                "uri" => Some(Form::Uri),
                _ => None,
            },
        }
    }

    /// The first thing that is wrong with a value.
    pub(super) fn judge(&self, value: &Value) -> Option<Breach> {
        let kind = Kind::of(value);
        let fits = |k: &Kind| *k == kind || (*k == Kind::Integer && kind == Kind::Number);
        if !self.kinds.is_empty() && !self.kinds.iter().any(fits) {
            return Some(self.wrong_kind(kind));
        }
        match value {
            Value::Number(number) => self.judge_number(number),
            Value::String(text) => self.judge_text(text),
            _ => None,
        }
    }

    fn wrong_kind(&self, kind: Kind) -> Breach {
        let vi: Vec<&str> = self.kinds.iter().map(|k| k.words().0).collect();
        let en: Vec<&str> = self.kinds.iter().map(|k| k.words().1).collect();
        let (got_vi, got_en) = kind.words();
        breach(
            codes::FIELD_TYPE,
            format!("Cần {}, không phải {got_vi}.", vi.join(" hoặc ")),
            format!("Must be {}, not {got_en}.", en.join(" or ")),
        )
    }

    fn judge_number(&self, number: &Number) -> Option<Breach> {
        let text = number.to_string();
        let Some(exact) = Exact::parse(&text) else { return Some(self.wrong_kind(Kind::Number)) };
        match self.precision {
            Precision::Decimal if Decimal4::parse(&text).is_err() => {
                return Some(breach(
                    codes::VALUE_DECIMAL,
                    "Số có nhiều nhất 4 chữ số thập phân và nhỏ hơn 100 tỷ. Hãy làm tròn, hoặc kiểm tra lại đơn vị tính.",
                    "A number has at most 4 fractional digits and is below 10^11. Round it, or check its unit of measure.",
                ));
            }
            Precision::Whole if !exact.is_whole() => {
                return Some(breach(codes::FIELD_TYPE, "Cần số nguyên, không có phần thập phân.", "Must be a whole number."));
            }
            Precision::Double if !self.kinds.is_empty() && number.as_f64().is_none_or(f64::is_infinite) => {
                return Some(breach(codes::FIELD_RANGE, "Số quá lớn. Hãy kiểm tra lại.", "The number is too large. Check it."));
            }
            _ => {}
        }
        self.bounds.iter().find_map(|bound| bound.judge(&exact))
    }

    fn judge_text(&self, text: &str) -> Option<Breach> {
        if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| text::is_forbidden(*c, self.multiline)) {
            let (at, point) = (at + 1, u32::from(c));
            return Some(breach(
                codes::FIELD_CONTROL_CHARACTER,
                format!("Ký tự thứ {at} là ký tự điều khiển không nhìn thấy (U+{point:04X}). Hãy xoá ký tự đó."),
                format!("Character {at} is the control character U+{point:04X}. Remove it."),
            ));
        }
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        if length < self.shortest {
            return Some(match self.shortest {
                1 => breach(codes::FIELD_LENGTH, "Không được để trống. Hãy điền nội dung.", "Must not be empty. Fill it in."),
                least => breach(codes::FIELD_LENGTH, format!("Cần ít nhất {least} ký tự."), format!("Needs at least {least} characters.")),
            });
        }
        if length > self.longest {
            let most = self.longest;
            let (vi, en) = (
                format!("Nhiều nhất {most} ký tự, đang có {length}. Hãy rút gọn."),
                format!("At most {most} characters, but it has {length}. Shorten it."),
            );
            return Some(breach(codes::FIELD_LENGTH, vi, en));
        }
        self.form.and_then(|form| form.judge(text))
    }
}

/// The kinds that a `type` keyword names.
pub(super) fn kinds_named(value: Option<&Value>) -> Vec<Kind> {
    match value {
        Some(Value::String(name)) => Kind::parse(name).into_iter().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).filter_map(Kind::parse).collect(),
        _ => Vec::new(),
    }
}

impl Bound {
    fn new(text: &str, lower: bool, exclusive: bool) -> Option<Self> {
        Some(Self { limit: Exact::parse(text)?, text: text.to_owned(), lower, exclusive })
    }

    fn judge(&self, number: &Exact) -> Option<Breach> {
        let inside = if self.lower { *number > self.limit } else { *number < self.limit };
        if inside || (!self.exclusive && *number == self.limit) {
            return None;
        }
        let limit = &self.text;
        let (vi, en) = match (self.lower, self.exclusive) {
            (true, false) => (format!("Phải từ {limit} trở lên."), format!("Must be {limit} or more.")),
            (true, true) => (format!("Phải lớn hơn {limit}."), format!("Must be more than {limit}.")),
            (false, false) => (format!("Không được quá {limit}."), format!("Must be {limit} or less.")),
            (false, true) => (format!("Phải nhỏ hơn {limit}."), format!("Must be less than {limit}.")),
        };
        Some(breach(codes::FIELD_RANGE, vi, en))
    }
}

impl Form {
    fn judge(self, text: &str) -> Option<Breach> {
        let (fits, vi, en) = match self {
            Self::Date => (
                is_date(text),
                "Cần một ngày có thật viết theo năm-tháng-ngày, như 2026-11-24 (năm 1900-2200).",
                "Must be a real date YYYY-MM-DD of the years 1900 to 2200.",
            ),
            Self::DateTime => (
                is_date_time(text),
                "Cần ngày và giờ kèm múi giờ (RFC 3339), như «2026-11-25T00:00:00+07:00» (năm 1900-2200, giây 00-59, nhiều nhất 6 chữ số sau dấu chấm).",
                "Must be an RFC 3339 time such as 2026-11-24T17:00:00Z of the years 1900 to 2200, seconds 00 to 59, at most 6 digits after the point.",
            ),
            Self::Uuid => (
                text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
                "Cần một mã «id» (UUID) như câu trả lời của dịch vụ đã nêu.",
                "Must be an id (a UUID), as answers name it.",
            ),
            Self::Email => (is_email(text), "Cần một địa chỉ thư điện tử, như «ten@donvi.vn».", "Must be an e-mail address."),
            Self::Uri => (
                is_web_address(text),
                "Cần một địa chỉ đầy đủ bắt đầu bằng «http://» hoặc «https://».",
                "Must be a complete http or https address.",
            ),
        };
        (!fits).then(|| breach(codes::FIELD_FORMAT, vi, en))
    }
}

fn is_date(text: &str) -> bool {
    let digits =
        text.len() == 10 && text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    digits && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok_and(|date| YEARS.contains(&date.year()))
}

fn is_date_time(text: &str) -> bool {
    UtcTime::parse(text).is_some_and(|time| YEARS.contains(&time.naive().year()))
}

/// The addresses that people have: a dot-atom, `@`, a host name (RFC 5321 section 4.1.2 without quotes and literals).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b));
    let label = |part: &str| {
        let edges = !part.is_empty() && part.len() <= 63 && !part.starts_with('-') && !part.ends_with('-');
        edges && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    local.len() <= 64 && text.len() <= 254 && local.split('.').all(atom) && domain.split('.').all(label)
}

fn is_web_address(text: &str) -> bool {
    let scheme = text.split_once("://").is_some_and(|(s, _)| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    scheme && !text.chars().any(char::is_whitespace) && url::Url::parse(text).is_ok_and(|address| address.has_host())
}

impl<'i> Keyword<'i> for Rule {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.judge(instance) {
            Some(breach) => Err(ValidationError::custom(breach.encode())),
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.judge(instance).is_none()
    }
}
