//! Parses a body along its [`Frame`]: what the schema has no room for is read over and never built, so that no body costs
//! much more than its text. An array too long is a fault at once and stands for an empty one.

use super::frame::{Frame, MOST};
use super::{FieldError, MOST_FAULTS};
use crate::problem::codes::{self, Code};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Most values of a body in all, members and items counted: enough for the largest body that is documented.
const MOST_VALUES: usize = 60_000;

/// Longest number, in characters: far more than one of four fractional digits below 10^11 can have.
const LONGEST_NUMBER: usize = 400;

/// The name under which `serde_json` hands out the digits of a number.
const DIGITS: &str = "$serde_json::private::Number";

/// Parses a body.
///
/// # Errors
/// If it is no JSON, or nested deeper than the 128 levels of `serde_json`.
pub(super) fn parse(frame: &Frame, text: &[u8]) -> serde_json::Result<Parsed> {
    let mut seen = Seen { values: 0, unknown: 0, faults: Vec::new() };
    let mut json = serde_json::Deserializer::from_slice(text);
    let body = Part { frame, place: frame.root, path: &Path::Root, seen: &mut seen }.deserialize(&mut json)?;
    json.end()?;
    Ok(Parsed { body, faults: seen.faults, values: seen.values })
}

/// A body, as far as its schema has room for it.
pub(super) struct Parsed {
    pub(super) body: Value,
    /// What could not be built.
    pub(super) faults: Vec<FieldError>,
    /// How many values were built.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests count what was built"))]
    pub(super) values: usize,
}

struct Seen {
    values: usize,
    unknown: usize,
    faults: Vec<FieldError>,
}

enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(above, name) => write!(f, "{}", super::faults::below(&above.to_string(), name)),
            Self::Item(above, at) => write!(f, "{above}/{at}"),
        }
    }
}

impl Seen {
    fn fault(&mut self, path: &Path<'_>, code: &'static Code, vi: String, en: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(FieldError::new(path.to_string(), code).saying(vi, en));
        }
    }

    /// Whether there is room for another value.
    fn room(&mut self) -> bool {
        if self.values < MOST_VALUES {
            self.values += 1;
            return true;
        }
        if self.values == MOST_VALUES {
            self.values += 1;
            let (vi, en) = (
                format!("Nhiều nhất {MOST_VALUES} giá trị trong một yêu cầu. Hãy chia thành nhiều yêu cầu."),
                format!("At most {MOST_VALUES} values in a request. Split it into several."),
            );
            self.fault(&Path::Root, codes::FIELD_LENGTH, vi, en);
        }
        false
    }
}

/// A value at its place.
struct Part<'a> {
    frame: &'a Frame,
    place: usize,
    path: &'a Path<'a>,
    seen: &'a mut Seen,
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        if self.seen.room() { json.deserialize_any(self) } else { Over.deserialize(json).map(|()| Value::Null) }
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Self { frame, place, path, seen } = self;
        let mut list = Vec::new();
        let Some((most, of)) = frame.at(place).and_then(|place| place.list) else {
            while items.next_element_seed(Over)?.is_some() {}
            return Ok(Value::Array(list));
        };
        while list.len() < most {
            let path = Path::Item(path, list.len());
            match items.next_element_seed(Part { frame, place: of, path: &path, seen })? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
        if items.next_element_seed(Over)?.is_some() {
            seen.fault(
                path,
                codes::FIELD_LENGTH,
                format!("Danh sách có nhiều nhất {most} dòng. Hãy chia thành nhiều yêu cầu."),
                format!("At most {most} items. Split the list into several requests."),
            );
            while items.next_element_seed(Over)?.is_some() {}
            list = Vec::new();
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let Self { frame, place, path, seen } = self;
        let known = frame.at(place).and_then(|place| place.members.as_ref());
        let mut object = Map::new();
        let mut others = 0;
        while let Some(name) = members.next_key::<String>()? {
            if name == DIGITS {
                return number(&members.next_value::<String>()?, path, seen).map_err(serde::de::Error::custom);
            }
            let place = known.and_then(|members| members.known.get(&name).copied().or_else(|| members.rest.inspect(|_| others += 1)));
            match place {
                Some(place) if others <= MOST => {
                    let value = members.next_value_seed(Part { frame, place, path: &Path::Member(path, &name), seen })?;
                    object.insert(name, value);
                }
                _ => {
                    members.next_value_seed(Over)?;
                    // Its name is enough to say that it is unknown.
                    if known.is_some() && place.is_none() && seen.unknown < MOST_FAULTS {
                        seen.unknown += 1;
                        object.insert(name, Value::Null);
                    }
                }
            }
        }
        if others > MOST {
            seen.fault(path, codes::FIELD_LENGTH, format!("Nhiều nhất {MOST} mục."), format!("At most {MOST} fields."));
        }
        Ok(Value::Object(object))
    }
}

fn number(digits: &str, path: &Path<'_>, seen: &mut Seen) -> serde_json::Result<Value> {
    if digits.len() > LONGEST_NUMBER {
        let (vi, en) = (
            format!("Số dài quá {LONGEST_NUMBER} ký tự; chỉ cần 4 chữ số thập phân."),
            format!("The number is longer than {LONGEST_NUMBER} characters; 4 fractional digits will do."),
        );
        seen.fault(path, codes::VALUE_DECIMAL, vi, en);
        return Ok(Value::Number(0.into()));
    }
    digits.parse::<Number>().map(Value::Number)
}

/// What is read over. It is checked for its syntax and its depth; nothing of it is kept.
struct Over;

impl<'de> DeserializeSeed<'de> for Over {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Over {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Over)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_key_seed(Over)?.is_some() {
            members.next_value_seed(Over)?;
        }
        Ok(())
    }
}
