//! Rows in JSON: `{"rows": [{…}, …]}`, of which only one is in memory.

use super::{Budget, RowCell, RowSink, Stopped, Unreadable};
use crate::problem::Error;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::ops::ControlFlow;

/// The longest list of rows: what follows is not counted.
const MOST: u32 = u32::MAX - 1;

pub(super) fn read(file: &mut File, sink: &mut dyn RowSink) -> Result<(), Stopped> {
    file.seek(SeekFrom::Start(0))?;
    let mut refused = None;
    let budget = Budget::new();
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, budget.bound(file)));
    let whole = Whole { sink, refused: &mut refused, budget: &budget };
    let read = whole.deserialize(&mut reader).and_then(|()| reader.end());
    match (refused, read) {
        (Some(Refused::Error(error)), _) => Err(error.into()),
        (Some(Refused::LongRow(number)), _) => Err(Unreadable::LongRow(number).into()),
        (Some(Refused::Enough), _) | (None, Ok(())) => Ok(()),
        (None, Err(_)) if budget.is_spent() => Err(Unreadable::LongRow(1).into()),
        (None, Err(error)) if error.is_io() => Err(Error::internal(error).into()),
        (None, Err(error)) => Err(Unreadable::Json(error.line().max(1), error.column().max(1), error.to_string()).into()),
    }
}

/// Why the sink takes no more.
enum Refused {
    Enough,
    LongRow(u32),
    Error(Error),
}

struct Whole<'a> {
    sink: &'a mut dyn RowSink,
    refused: &'a mut Option<Refused>,
    budget: &'a Budget,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a member rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { sink, refused, budget } = self;
        let mut found = false;
        while let Some(name) = map.next_key::<String>()? {
            if name != "rows" || found {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format!("unexpected member {name}")));
            }
            map.next_value_seed(Rows { sink: &mut *sink, refused: &mut *refused, budget })?;
            found = true;
        }
        if found { Ok(()) } else { Err(A::Error::custom("no member rows")) }
    }
}

struct Rows<'a> {
    sink: &'a mut dyn RowSink,
    refused: &'a mut Option<Refused>,
    budget: &'a Budget,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut number = 0;
        loop {
            let next = rows.next_element::<serde_json::Map<String, Value>>();
            if next.is_err() && self.budget.is_spent() {
                *self.refused = Some(Refused::LongRow(number + 1));
            }
            let Some(row) = next? else { return Ok(()) };
            self.budget.renew();
            number += 1;
            let taken = take(self.sink, number, row);
            let stop = match taken {
                Ok(ControlFlow::Continue(())) if number < MOST => continue,
                Ok(_) => Refused::Enough,
                Err(error) => Refused::Error(error),
            };
            *self.refused = Some(stop);
            return Err(A::Error::custom("refused"));
        }
    }
}

fn take(sink: &mut dyn RowSink, number: u32, row: serde_json::Map<String, Value>) -> Result<ControlFlow<()>, Error> {
    let mut cells = Vec::with_capacity(row.len());
    for (name, value) in row {
        let cell = match value {
            Value::Null => continue,
            Value::String(text) => RowCell::Text(text),
            Value::Number(number) => RowCell::Number(number.to_string()),
            Value::Bool(truth) => RowCell::Truth(truth),
            other @ (Value::Array(_) | Value::Object(_)) => RowCell::Json(other.to_string()),
        };
        cells.push((sink.column(&name, None)?, cell));
    }
    sink.row(number, cells)
}
