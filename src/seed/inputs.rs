//! The transcription as the inputs of the rooms: the very bodies that a client could send.

use super::item::Item;
use crate::problem::Result;
use crate::rooms::goals::GoalIn;
use crate::rooms::indicators::{DimensionIn, IndicatorIn, PlanIndicatorIn};
use crate::rooms::jurisdictions::JurisdictionIn;
use crate::rooms::plans::PlanIn;
use crate::rooms::tasks::TaskIn;
use crate::rooms::units::UnitIn;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Everything that the seed makes, in the order in which one refers to the other.
#[derive(Debug)]
pub(super) struct Inputs {
    pub jurisdictions: Vec<JurisdictionIn>,
    pub plan: PlanIn,
    pub units: Vec<UnitIn>,
    pub dimensions: Vec<DimensionIn>,
    pub goals: Vec<GoalIn>,
    pub printed: Vec<PlanIndicatorIn>,
    pub indicators: Vec<IndicatorIn>,
    pub tasks: Vec<TaskIn>,
}

/// Dimensions whose values split the counted people or cases without overlap.
const SPLITTING: [&str; 11] = [
    "sex",
    "age_group",
    "unit_type",
    "economic_sector",
    "enterprise_type",
    "birth_order",
    "ethnicity",
    "disability",
    "education_level",
    "residential_group",
    "month",
];
/// Indicators whose numerator is one of the sexes, so that the sexes do not split it.
const SEX_IS_COUNTED: [&str; 4] = ["4.1", "5.3", "5.4a", "5.4b"];
/// Indicators of which the plan wants boys and girls told apart, so that each must reach the target.
const SEX_IS_EXPECTED: [&str; 2] = ["5.2a", "5.2b"];

fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    Ok(serde_json::from_value(value)?)
}

fn read_all<T: DeserializeOwned>(items: Vec<Item>, form: impl Fn(Item) -> Value) -> Result<Vec<T>> {
    items.into_iter().map(|item| read(form(item))).collect()
}

/// Reads the file.
///
/// # Errors
/// Internal, if the file is not what it was when this was built.
pub(super) fn of(file: &str) -> Result<Inputs> {
    let mut file = Item::of(serde_json::from_str(file)?);
    let plan = file.see("plan");
    let text = |pointer| plan.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (code, jurisdiction) = (text("/code"), text("/administrative_unit/ward_code"));
    let jurisdictions = jurisdictions(plan.get("administrative_unit").unwrap_or(&Value::Null))?;
    let recurring = recurring(file.see("events"));
    Ok(Inputs {
        jurisdictions,
        units: read_all(file.items("units"), |item| unit(&jurisdiction, item))?,
        dimensions: read_all(file.items("disaggregation_catalogue"), |item| dimension(&code, item))?,
        goals: read_all(file.items("goals"), |item| goal(&code, item))?,
        printed: read_all(file.items("plan_indicators"), |item| printed(&code, item))?,
        indicators: read_all(file.items("indicators"), |item| indicator(&code, item))?,
        tasks: {
            let mut all: Vec<TaskIn> = read_all(file.items("tasks"), |item| task(&code, "task", &recurring, item))?;
            all.extend(read_all::<TaskIn>(file.items("solutions"), |item| task(&code, "solution", &recurring, item))?);
            all.extend(read_all::<TaskIn>(file.items("assignments"), |item| task(&code, "assignment", &recurring, item))?);
            all
        },
        plan: super::plan::input(file)?,
    })
}

/// The country, the province and the ward, the higher one first.
fn jurisdictions(place: &Value) -> Result<Vec<JurisdictionIn>> {
    read(json!([
        {"code": "VN", "name": {"vi": "Việt Nam", "en": "Việt Nam"}, "level": "country", "kind": "country", "parent": null},
        {"code": place["province_code"], "name": {"vi": place["province_name_vi"], "en": place["province_name_en"]},
            "level": "province", "kind": "province", "parent": "VN"},
        {"code": place["ward_code"], "name": {"vi": place["ward_name_vi"], "en": place["ward_name_en"]},
            "level": "commune", "kind": "ward", "parent": place["province_code"]},
    ]))
}

fn unit(jurisdiction: &str, mut item: Item) -> Value {
    // The issuer and the recipient of the consolidated report owe nothing.
    let reports = ["reporter", "consolidator"].contains(&item.text("reporting_role"));
    json!({
        "jurisdiction": jurisdiction,
        "code": item.take("code"),
        "kind": item.take("kind"),
        "name": item.both("name"),
        "short_name": item.take("short_vi"),
        "is_group": item.take("is_group"),
        "reports": reports,
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn dimension(plan: &str, mut item: Item) -> Value {
    let mut values = item.items("values");
    let told: Vec<Value> = values.iter_mut().map(|v| json!({"code": v.take("code"), "name": v.both("name")})).collect();
    item.keep_each("values", values);
    json!({
        "plan": plan,
        "code": item.take("code"),
        "name": item.both("name"),
        "values": told,
        "note": item.take("note"),
        "transcription": item.rest(),
    })
}

fn goal(plan: &str, mut item: Item) -> Value {
    json!({
        "plan": plan,
        "code": item.take("code"),
        "ordinal": item.take("number"),
        "letter": item.take("letter"),
        "field": item.both("field"),
        "title": item.both("name"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn printed(plan: &str, mut item: Item) -> Value {
    // Its indicators name it themselves.
    item.take("indicator_codes");
    json!({
        "plan": plan,
        "goal": item.take("goal_code"),
        "code": item.take("code"),
        "label": item.take("label_vi"),
        "statement": item.both("statement"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn indicator(plan: &str, mut item: Item) -> Value {
    let code = item.text("code").to_owned();
    // A survey yields averages that one source gives; what is reported more often than yearly is judged period by period.
    let survey = item.text("reference_period") == "survey";
    let roll_up = match (item.text("frequency"), item.text("measure_kind")) {
        _ if survey => "single_source",
        ("annual", "qualitative") => "all",
        ("annual", _) => "ratio_of_sums",
        _ => "share_of_periods",
    };
    let restricted = item.see("sensitivity")["is_sensitive"] == true;
    let mut formula = item.item("formula");
    let multiplier = formula.take("multiplier");
    item.keep("formula", formula);
    let mut baseline = item.item("baseline");
    let started = match baseline.take("value") {
        Value::Null => Value::Null,
        value => json!({"value": value, "year": baseline.take("year")}),
    };
    item.keep("baseline", baseline);
    let mut targets = item.items("targets");
    let each: &[&str] = if SEX_IS_EXPECTED.contains(&code.as_str()) { &["sex"] } else { &[] };
    let wanted: Vec<Value> = targets.iter_mut().map(|t| target(t, each)).collect();
    item.keep_each("targets", targets);
    let extra: Vec<Value> = item
        .items("extra_inputs")
        .into_iter()
        .map(|mut x| json!({"key": x.take("key"), "name": x.both("name"), "type": x.take("type"), "values": x.take("values")}))
        .collect();
    let splits: Vec<Value> = match item.take("disaggregations") {
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(|name| split(&code, survey, name)).collect(),
        _ => Vec::new(),
    };
    let charged: Vec<Value> = item.items("suggested_units").into_iter().enumerate().map(duty).collect();
    let mut official = item.item("official_definition");
    let official = json!({"source": official.take("source"), "text": official.take("text"), "url": official.take("url"),
        "verified": official.take("verified"), "verified_note": official.take("verified_note")});
    json!({
        "plan": plan,
        "goal": item.take("goal_code"),
        "code": item.take("code"),
        "plan_indicator": item.take("plan_indicator_code"),
        "name": item.both("name"),
        "statement": item.both("statement"),
        "measure_kind": item.take("measure_kind"),
        "multiplier": multiplier,
        "unit_of_measure": item.both("unit"),
        "direction": item.take("direction"),
        "baseline": started,
        "targets": wanted,
        "frequency": item.take("frequency"),
        "reference_period": item.take("reference_period"),
        "numerator_definition": item.both("numerator"),
        "denominator_definition": item.both("denominator"),
        "integer_parts": !survey,
        "valid_min": item.take("valid_min"),
        "valid_max": item.take("valid_max"),
        "extra_inputs": extra,
        "disaggregations": splits,
        "zero_denominator": item.take("zero_denominator"),
        "roll_up": roll_up,
        "official_definition": official,
        "national_comparison": item.take("national_comparison"),
        "plausible": super::checks::plausible(&code),
        "restricted": restricted,
        "units": charged,
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn target(target: &mut Item, each: &[&str]) -> Value {
    let mut frame = target.item("timeframe");
    let to = match frame.take("to_year") {
        Value::Null => frame.take("year"),
        year => year,
    };
    let told = json!({
        "value": target.take("value"),
        "applies_to_each": each,
        "timeframe": {"type": frame.take("type"), "from": frame.take("from_year"), "to": to},
        "wording": target.both("wording"),
    });
    target.keep("timeframe", frame);
    told
}

fn split(indicator: &str, survey: bool, dimension: &str) -> Value {
    let sex = dimension == "sex";
    let additive = !survey && SPLITTING.contains(&dimension) && !(sex && SEX_IS_COUNTED.contains(&indicator));
    json!({"dimension": dimension, "additive": additive, "expected": sex && SEX_IS_EXPECTED.contains(&indicator)})
}

/// The first of the suggested units reports, the others support.
fn duty((place, mut unit): (usize, Item)) -> Value {
    let duty = if place == 0 { "report" } else { "support" };
    json!({"unit": unit.take("unit_code"), "duty": duty, "basis": unit.take("basis"), "why": unit.take("why")})
}

/// The codes of the yearly events.
fn recurring(events: &Value) -> Vec<(String, Value)> {
    let events = events.as_array().map(Vec::as_slice).unwrap_or_default();
    events.iter().map(|e| (e["code"].as_str().unwrap_or_default().to_owned(), e["recurrence"].clone())).collect()
}

fn task(plan: &str, kind: &str, recurring: &[(String, Value)], mut item: Item) -> Value {
    let goals = match (item.take("goal_codes"), item.take("goal_code")) {
        (Value::Array(several), _) => several,
        (_, Value::Null) => Vec::new(),
        (_, one) => vec![one],
    };
    let charged: Vec<Value> = match item.take("unit_code") {
        Value::Null => Vec::new(),
        unit => [item.take("role"), item.take("secondary_role")]
            .into_iter()
            .filter(|role| !role.is_null())
            .map(|role| json!({"unit": unit, "role": role}))
            .collect(),
    };
    let events = item.see("event_codes").as_array().map(Vec::as_slice).unwrap_or_default();
    let recurrence = recurring.iter().find(|(code, _)| events.iter().any(|e| e == code)).map(|(_, recurrence)| recurrence.clone());
    let indicators = match item.take("indicator_codes") {
        Value::Array(codes) => codes,
        _ => Vec::new(),
    };
    json!({
        "plan": plan,
        "code": item.take("code"),
        "kind": kind,
        "goals": goals,
        "indicators": indicators,
        "text": item.both("text"),
        "assignments": charged,
        "recurrence": recurrence,
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn inputs() -> Inputs {
        of(super::super::FILE).expect("the file")
    }

    #[test]
    fn what_is_held_against_each_other_is_there() {
        let all = inputs();
        let codes: Vec<&str> = all.indicators.iter().map(|i| i.code.as_str()).collect();
        for term in all.plan.validation_rules.iter().flat_map(|rule| rule.terms()) {
            let owed = |code: &str| all.indicators.iter().find(|i| i.code == code).map(|i| i.units[0].unit.clone());
            assert!(codes.contains(&term.indicator.as_str()), "{}", term.indicator);
            assert!(["U1", "U5"].contains(&owed(&term.indicator).expect("an indicator").as_str()));
        }
        let bounded: Vec<&str> = all.indicators.iter().filter(|i| i.plausible.is_some()).map(|i| i.code.as_str()).collect();
        assert_eq!(bounded, ["3.1", "4.1", "4.2", "4.3", "5.2a", "5.2b", "6.3"]);
        assert_eq!((&all.plan.document_number, &all.plan.document_date, &all.plan.issued_place), (&None, &None, &None));
    }

    #[test]
    fn the_file_is_read_whole() {
        let all = inputs();
        let counts = [all.jurisdictions.len(), all.units.len(), all.dimensions.len(), all.goals.len(), all.printed.len()];
        assert_eq!((counts, all.indicators.len(), all.tasks.len()), ([3, 10, 15, 6, 18], 21, 47));
        let restricted: Vec<&str> = all.indicators.iter().filter(|i| i.restricted == Some(true)).map(|i| i.code.as_str()).collect();
        assert_eq!(restricted, ["3.2a", "3.2b", "3.3", "4.2", "4.3"]);
        let each: Vec<&str> =
            all.indicators.iter().filter(|i| i.targets.iter().any(|t| t.applies_to_each == ["sex"])).map(|i| i.code.as_str()).collect();
        assert_eq!(each, ["5.2a", "5.2b"]);
        let recurring: BTreeMap<&str, &str> = all.tasks.iter().filter_map(|t| Some((t.code.as_str(), t.recurrence.as_deref()?))).collect();
        assert_eq!(recurring, BTreeMap::from([("T4", "annual"), ("S3.2", "annual")]));
    }
}
