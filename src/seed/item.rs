//! An item of the transcription, taken apart member by member. What no field of the service takes stays as the
//! item's `transcription`, so that nothing can be lost by forgetting it.

use serde_json::{Map, Value, json};

/// An item of the transcription with the members that nobody has taken yet.
pub(super) struct Item(Map<String, Value>);

impl Item {
    /// An item from its JSON form; what is no object has no members.
    pub(super) fn of(value: Value) -> Self {
        match value {
            Value::Object(members) => Self(members),
            _ => Self(Map::new()),
        }
    }

    /// The items of a list that is a member of this one.
    pub(super) fn items(&mut self, name: &str) -> Vec<Self> {
        match self.take(name) {
            Value::Array(items) => items.into_iter().map(Self::of).collect(),
            _ => Vec::new(),
        }
    }

    /// An item that is a member of this one.
    pub(super) fn item(&mut self, name: &str) -> Self {
        Self::of(self.take(name))
    }

    /// Takes a member; null if there is none.
    pub(super) fn take(&mut self, name: &str) -> Value {
        self.0.shift_remove(name).unwrap_or_default()
    }

    /// Looks at a member that stays.
    pub(super) fn see(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// Looks at a text that stays; empty if there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.see(name).as_str().unwrap_or_default()
    }

    /// Takes a text in both languages from the members `<name>_vi` and `<name>_en`; null without Vietnamese.
    pub(super) fn both(&mut self, name: &str) -> Value {
        match self.take(&format!("{name}_vi")) {
            Value::Null => Value::Null,
            vi => json!({"vi": vi, "en": self.take(&format!("{name}_en"))}),
        }
    }

    /// Takes where in the printed plan it stands; what else `source` says stays.
    pub(super) fn source(&mut self) -> Value {
        let mut source = self.item("source");
        if source.0.is_empty() {
            return Value::Null;
        }
        let place = json!({"section": source.take("section"), "lines": source.take("lines_in_text"), "quote": source.take("quote")});
        self.keep("source", source);
        place
    }

    /// Puts back what is left of a member that was taken apart.
    pub(super) fn keep(&mut self, name: &str, left: Self) {
        let left = left.rest();
        if !left.is_null() {
            self.0.insert(name.to_owned(), left);
        }
    }

    /// The same for the items of a list: each keeps its place in it.
    pub(super) fn keep_each(&mut self, name: &str, left: Vec<Self>) {
        let left: Vec<Value> = left.into_iter().map(Self::rest).collect();
        if left.iter().any(|l| !l.is_null()) {
            self.0.insert(name.to_owned(), Value::Array(left));
        }
    }

    /// What nobody took, without members that say nothing; null if that is all.
    pub(super) fn rest(mut self) -> Value {
        self.0.retain(|_, value| !value.is_null());
        if self.0.is_empty() { Value::Null } else { Value::Object(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_takes_stays() {
        let mut item = Item::of(json!({"code": "A1.1", "text_vi": "Rà soát", "text_en": null, "note": null, "modality": "assigned",
            "source": {"section": "IV.1", "lines_in_text": [420, 424], "label": "IV"}, "targets": [{"value": 1}, {"value": 2, "derived": true}]}));
        assert_eq!(item.take("code"), json!("A1.1"));
        assert_eq!(item.both("text"), json!({"vi": "Rà soát", "en": null}));
        assert_eq!(item.both("name"), Value::Null);
        assert_eq!(item.source(), json!({"section": "IV.1", "lines": [420, 424], "quote": null}));
        let mut targets = item.items("targets");
        for target in &mut targets {
            target.take("value");
        }
        item.keep_each("targets", targets);
        assert_eq!(item.rest(), json!({"modality": "assigned", "source": {"label": "IV"}, "targets": [null, {"derived": true}]}));
        assert_eq!(Item::of(json!({"note": null})).rest(), Value::Null);
    }
}
