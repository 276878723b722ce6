//! Tests of the figures of a plan: a health station's ratio, a survey, and what is asked every quarter.

use super::cell_ref::CellRef;
use super::*;
use crate::figures::{Amounts, Coverage, Observation, ObservationStatus, Outcome, Pace, RollUp, State, TargetValue};
use crate::rooms::indicators::{DimensionValue, IndicatorDimension, IndicatorSummary, IndicatorVersion};
use crate::rooms::plans::PlanKey;
use crate::rooms::units::UnitKey;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::{GoalId, IndicatorId, PeriodId, PlanId, PlanIndicatorId, ReportId, UnitId};
use crate::values::period::{Frequency, Label};
use crate::values::text::Bilingual;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

fn decimal(text: &str) -> Option<Decimal4> {
    Decimal4::parse(text).ok()
}

fn known(code: &str, reporters: &[&str]) -> IndicatorSummary {
    let (kind, roll_up, direction, frequency) = match code {
        "4.1" => ("ratio", "ratio_of_sums", "at_most", Frequency::Annual),
        "3.1" => ("ratio", "single_source", "at_most", Frequency::Annual),
        "6.3" => ("count", "share_of_periods", "at_least", Frequency::Quarterly),
        other => panic!("no sample of {other}"),
    };
    let bi = json!({"vi": code, "en": null});
    let by_2030 = json!({"type": "by_year", "from": null, "to": 2030});
    let targets = match code {
        "4.1" => json!([{"value": 109, "timeframe": by_2030, "wording": bi}]),
        "3.1" => json!([{"value": 1.4, "timeframe": by_2030, "wording": bi}]),
        _ => json!([
            {"value": 4, "timeframe": {"type": "every_quarter_from", "from": 2026, "to": 2030}, "wording": bi},
            {"value": 100, "timeframe": {"type": "every_year_from", "from": 2026, "to": 2030}, "wording": bi}
        ]),
    };
    let definition = json!({
        "name": bi, "statement": bi, "measure_kind": kind, "multiplier": if code == "4.1" { 100 } else { 1 }, "unit_of_measure": bi,
        "direction": direction, "baseline": null, "targets": targets, "reference_period": "calendar_year", "numerator_definition": null,
        "denominator_definition": null, "integer_parts": false, "valid_min": null, "valid_max": null, "tolerance": 0, "extra_inputs": [],
        "zero_denominator": "not_applicable", "roll_up": roll_up, "official_definition": null, "national_comparison": null,
        "editorial_note": null, "source": null, "transcription": null
    });
    let first = IndicatorVersion {
        number: 1,
        effective_from: 2000,
        goal: GoalId::from_text("G"),
        printed: PlanIndicatorId::from_text(code),
        restricted: false,
        counterpart: None,
        definition: serde_json::from_value(definition).unwrap(),
        dimensions: Vec::new(),
    };
    IndicatorSummary {
        id: IndicatorId::from_text(code),
        plan: PlanId::from_text("plan"),
        goal: first.goal.clone(),
        printed: first.printed.clone(),
        code: code.to_owned(),
        frequency,
        restricted: false,
        definition: first.definition.clone(),
        definition_version: 1,
        counterpart: None,
        last_year: None,
        created_at: UtcTime::now(),
        reporters: reporters.iter().map(|u| UnitId::from_text(*u)).collect(),
        dimensions: Vec::new(),
        versions: Arc::new(vec![first]),
    }
}

fn unit(code: &str, parent: Option<&str>, is_group: bool) -> UnitKey {
    UnitKey {
        id: UnitId::from_text(code),
        jurisdiction: "09385".to_owned(),
        parent: parent.map(UnitId::from_text),
        code: code.to_owned(),
        name: String::new(),
        is_group,
        reports: true,
        active: true,
    }
}

fn period(label: &str, due: bool, units: &[&str]) -> KnownPeriod {
    let parsed = Label::parse(label);
    KnownPeriod {
        published: None,
        id: PeriodId::from_text(label),
        name: label.to_owned(),
        label: parsed,
        ends_on: parsed.map_or_else(|| "2027-08-31".parse().unwrap(), Label::last_day),
        due,
        frozen: (!units.is_empty()).then(|| ["3.1", "4.1"].map(|code| (IndicatorId::from_text(code), asked_of(units))).into()),
    }
}

fn asked_of(units: &[&str]) -> AskedOf {
    AskedOf { version: 1, counterpart: None, units: units.iter().map(|u| UnitId::from_text(*u)).collect(), excused: BTreeSet::new() }
}

/// The same indicator with another target from a year on.
fn amended(known: IndicatorSummary, from: i32, target: i64) -> IndicatorSummary {
    let mut later = known.versions.last().unwrap().clone();
    later.number += 1;
    later.effective_from = from;
    later.definition.targets[0].value = TargetValue::Number(Decimal4::from_int(target).unwrap());
    let versions: Vec<IndicatorVersion> = known.versions.iter().cloned().chain([later.clone()]).collect();
    IndicatorSummary { definition: later.definition, definition_version: later.number, versions: Arc::new(versions), ..known }
}

struct House(PlanFigures);

impl House {
    fn new(known: Vec<IndicatorSummary>, periods: Vec<KnownPeriod>) -> Self {
        let plan = PlanKey {
            id: PlanId::from_text("plan"),
            code: "KH".to_owned(),
            jurisdiction: "09385".to_owned(),
            start_year: 2026,
            end_year: 2030,
            status: "active".to_owned(),
        };
        let units = vec![unit("U1", None, false), unit("U5", None, false), unit("U7", None, true), unit("U8", None, false)];
        let (cells, splits, chosen) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self(PlanFigures { plan, known: Arc::new(known.into()), units, periods, cells, splits, chosen, computed: HashMap::new() })
    }

    fn says(mut self, unit: &str, period: &str, indicator: &str, numerator: &str, denominator: &str) -> Self {
        let observation = Observation {
            amounts: Amounts { numerator: decimal(numerator), denominator: decimal(denominator) },
            answer: None,
            status: ObservationStatus::Final,
            not_applicable: None,
            definition_version: 1,
        };
        let report = ReportId::from_text(format!("{unit} {period}"));
        let cell = ReportedTotal { unit: UnitId::from_text(unit), report, observation, parts: Vec::new() };
        let place = (PeriodId::from_text(period), IndicatorId::from_text(indicator));
        self.0.cells.entry(place).or_default().push(cell);
        self
    }

    /// What a unit that said a total says of a sex.
    fn says_of(mut self, unit: &str, period: &str, indicator: &str, sex: &str, numerator: &str) -> Self {
        let place = (PeriodId::from_text(period), IndicatorId::from_text(indicator));
        let total = self.0.cells.get_mut(&place).unwrap().iter_mut().find(|cell| cell.unit == UnitId::from_text(unit)).unwrap();
        let observation =
            Observation { amounts: Amounts { numerator: decimal(numerator), denominator: None }, ..total.observation.clone() };
        total.parts.push((("sex".to_owned(), sex.to_owned()), observation));
        self
    }

    fn row(&self, indicator: &str, label: &str) -> ResultRow {
        self.0.row(self.known(indicator), Label::parse(label).unwrap())
    }

    fn known(&self, indicator: &str) -> &IndicatorSummary {
        self.0.known.iter().find(|k| k.code == indicator).unwrap()
    }
}

#[test]
fn a_year_stands_beside_the_one_before() {
    let house = House::new(vec![known("4.1", &["U5"])], vec![period("2026", true, &[]), period("2027", true, &[])])
        .says("U5", "2026", "4.1", "114", "100")
        .says("U5", "2027", "4.1", "221", "200");
    let row = house.row("4.1", "2027");
    assert_eq!((row.value, row.previous_value, row.change), (decimal("110.5"), decimal("114"), decimal("-3.5")));
    assert_eq!((row.result, row.target), (Outcome::NotAchieved, None));
    // From 114 in 2026 to 109 in 2030: 112.75 would keep the line.
    assert_eq!(row.pace, Some(Pace::Ahead));
    // The first year that was reported has nothing to be held against.
    assert_eq!(house.row("4.1", "2026").pace, Some(Pace::Unknown));
    assert_eq!(house.row("4.1", "2028").result, Outcome::NotReported);
}

#[test]
fn a_share_counts_what_is_due_or_accepted() {
    let quarters = [("2027-Q1", true), ("2027-Q2", true), ("2027-Q3", false), ("2027-Q4", false)];
    let periods = quarters.iter().map(|(label, due)| period(label, *due, &[])).collect();
    let house =
        House::new(vec![known("6.3", &["U1"])], periods).says("U1", "2027-Q1", "6.3", "5", "").says("U1", "2027-Q3", "6.3", "3", "");
    let row = house.row("6.3", "2027");
    // Q1 met its target, Q2 is due and silent, Q3 missed it before its time, Q4 is not yet due.
    assert_eq!((row.numerator, row.denominator, row.value), (decimal("1"), decimal("3"), decimal("33.3333")));
    let periods: Vec<&str> = row.contributors.iter().map(|c| c.period.label.as_str()).collect();
    assert_eq!((row.result, periods), (Outcome::NotAchieved, vec!["2027-Q1", "2027-Q3"]));
    let quarter = house.row("6.3", "2027-Q3");
    assert_eq!((quarter.value, quarter.result, quarter.previous_value), (decimal("3"), Outcome::NotAchieved, None));
}

#[test]
fn a_survey_waits_for_a_decision() {
    let mut house = House::new(vec![known("3.1", &["U1", "U8"])], vec![period("2027", true, &["U1", "U8"])])
        .says("U1", "2027", "3.1", "4.2", "3")
        .says("U8", "2027", "3.1", "4.5", "3");
    let figure = |house: &House| house.0.figure(house.known("3.1"), Label::Year(2027));
    assert!(figure(&house).conflict() && figure(&house).differing);
    house.0.chosen.insert((PeriodId::from_text("2027"), IndicatorId::from_text("3.1")), UnitId::from_text("U8"));
    assert!(!figure(&house).conflict() && figure(&house).differing);
    assert_eq!(house.row("3.1", "2027").value, decimal("1.5"));
}

#[test]
fn a_year_decides_what_counts_in_it() {
    let periods = vec![period("2027-Q1", true, &["U1", "U8"]), period("2027", true, &["U1", "U8"])];
    let mut known = known("3.1", &["U1", "U8"]);
    known.frequency = Frequency::Quarterly;
    let mut house = House::new(vec![known], periods).says("U1", "2027-Q1", "3.1", "4.2", "3").says("U8", "2027-Q1", "3.1", "4.5", "3");
    assert!(house.0.figure(house.known("3.1"), Label::Year(2027)).conflict());
    house.0.chosen.insert((PeriodId::from_text("2027"), IndicatorId::from_text("3.1")), UnitId::from_text("U8"));
    assert_eq!(house.row("3.1", "2027").value, decimal("1.5"));
    // The quarter itself is decided by its own report alone, and the year by the year's.
    assert!(house.0.figure(house.known("3.1"), Label::Quarter(2027, 1)).conflict());
    house.0.chosen.insert((PeriodId::from_text("2027-Q1"), IndicatorId::from_text("3.1")), UnitId::from_text("U1"));
    assert_eq!((house.row("3.1", "2027").value, house.row("3.1", "2027-Q1").value), (decimal("1.5"), decimal("1.4")));
    house.0.chosen.remove(&(PeriodId::from_text("2027"), IndicatorId::from_text("3.1")));
    assert_eq!(house.row("3.1", "2027").value, decimal("1.4"));
}

#[test]
fn who_owes_is_as_it_was_frozen() {
    let mut house = House::new(vec![known("4.1", &["U5"])], vec![period("2027", true, &["U7"])]);
    let owing = |house: &House| house.0.owing(house.known("4.1"), &house.0.periods[0]).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(owing(&house), ["U7"], "whoever is charged now");
    assert_eq!(house.0.figure(house.known("4.1"), Label::Year(2027)).rolled.missing, 1);
    let asked = AskedOf { excused: [UnitId::from_text("U8")].into(), ..asked_of(&["U7"]) };
    house.0.periods[0].frozen = Some([(IndicatorId::from_text("4.1"), asked)].into());
    assert_eq!(owing(&house), ["U7"], "an excused unit owes nothing");
    let house = house.says("U8", "2027", "4.1", "1", "1");
    assert_eq!(owing(&house), ["U7", "U8"], "but what was accepted of it counts");
}

#[test]
fn a_year_is_judged_by_what_was_wanted_then() {
    let house = House::new(vec![amended(known("4.1", &["U5"]), 2027, 120)], vec![period("2026", true, &[]), period("2027", true, &[])])
        .says("U5", "2026", "4.1", "114", "100")
        .says("U5", "2027", "4.1", "114", "100");
    let judged = |label| (house.row("4.1", label).final_target, house.row("4.1", label).result);
    let number = |n| Some(TargetValue::Number(Decimal4::from_int(n).unwrap()));
    assert_eq!(judged("2026"), (number(109), Outcome::NotAchieved));
    assert_eq!(judged("2027"), (number(120), Outcome::Exceeded));
    assert_eq!(house.row("4.1", "2027").previous_value, decimal("114"), "another target is no other measure");
}

#[test]
fn what_counts_something_else_is_not_compared() {
    let mut later = amended(known("4.1", &["U5"]), 2027, 109);
    let mut versions: Vec<IndicatorVersion> = later.versions.iter().cloned().collect();
    versions[1].definition.multiplier = decimal("1000");
    later.definition = versions[1].definition.clone();
    later.versions = Arc::new(versions);
    let house = House::new(vec![later], vec![period("2026", true, &[]), period("2027", true, &[])])
        .says("U5", "2026", "4.1", "114", "100")
        .says("U5", "2027", "4.1", "114", "100");
    let row = house.row("4.1", "2027");
    assert_eq!((row.value, row.previous_value, row.change), (decimal("1140"), None, None));
    assert_eq!(house.0.first_reported(house.known("4.1"), Label::Year(2027)).map(|(year, _)| year), Some(2027));
    assert_eq!(house.row("4.1", "2026").value, decimal("114"));
}

#[test]
fn an_ad_hoc_period_stands_for_itself() {
    let house = House::new(vec![known("4.1", &["U5"]), known("6.3", &["U1"])], vec![period("2027", true, &[]), period("DX-1", false, &[])])
        .says("U5", "2027", "4.1", "120", "100")
        .says("U5", "DX-1", "4.1", "109", "100")
        .says("U1", "DX-1", "6.3", "5", "");
    let ad_hoc = &house.0.periods[1];
    let births = house.0.row_in_period(house.known("4.1"), ad_hoc);
    assert_eq!((births.value, births.result, births.previous_value), (decimal("109"), Outcome::Achieved, None));
    let news = house.0.row_in_period(house.known("6.3"), ad_hoc);
    assert_eq!((news.value, news.result), (decimal("5"), Outcome::Exceeded));
    assert_eq!(house.row("4.1", "2027").value, decimal("120"));
    assert_eq!(house.0.indicators_of(&house.0.periods[0]).count(), 2);
}

/// A mask over these units' figures of an indicator in a period, and over its total if none is named.
fn mask(tables: &[(&str, &str, &[&str])]) -> DisclosureMask {
    let mut mask = DisclosureMask::default();
    for (period, indicator, units) in tables {
        let place = |unit: &&str| super::cell_ref::CellRef::of(UnitId::from_text(*unit), "{}".to_owned());
        let total = super::cell_ref::CellRef { unit: None, part: "{}".to_owned() };
        let hidden = units.iter().map(place).chain([total]).collect();
        mask.tables.insert((PeriodId::from_text(*period), IndicatorId::from_text(*indicator)), hidden);
    }
    mask
}

fn restricted(known: IndicatorSummary) -> IndicatorSummary {
    let versions = known.versions.iter().cloned().map(|version| IndicatorVersion { restricted: true, ..version }).collect();
    IndicatorSummary { restricted: true, versions: Arc::new(versions), ..known }
}

#[test]
fn what_is_hidden_shows_no_figure_at_all() {
    let house = House::new(vec![restricted(known("4.1", &["U5"]))], vec![period("2027", true, &[])]).says("U5", "2027", "4.1", "3", "4");
    let (known, label) = (house.known("4.1"), Label::Year(2027));
    let hidden = house.0.masked(&mask(&[("2027", "4.1", &["U5"])]), known, label, house.row("4.1", "2027"));
    assert_eq!((hidden.result, hidden.suppressed, hidden.pace), (Outcome::Suppressed, true, None));
    let wire = serde_json::to_value(&hidden).unwrap();
    for member in ["value", "numerator", "denominator", "previous_value", "change"] {
        assert!(wire[member].is_null(), "{member}");
    }
    assert_eq!(wire["contributors"][0]["unit"]["code"], "U5");
    assert!(wire["contributors"][0]["numerator"].is_null());
    let read_back: ResultRow = serde_json::from_value(wire).unwrap();
    assert_eq!(read_back, hidden);
}

#[test]
fn the_year_after_a_hidden_one_tells_nothing_of_it() {
    let years = || vec![period("2027", true, &[]), period("2028", true, &[])];
    let house = House::new(vec![restricted(known("4.1", &["U5"]))], years())
        .says("U5", "2027", "4.1", "3", "4")
        .says("U5", "2028", "4.1", "120", "100");
    let (known, label) = (house.known("4.1"), Label::Year(2028));
    let exact = house.0.masked(&DisclosureMask::default(), known, label, house.row("4.1", "2028"));
    assert_eq!((exact.previous_value, exact.pace), (decimal("75"), Some(Pace::Behind)));
    let shown = house.0.masked(&mask(&[("2027", "4.1", &["U5"])]), known, label, house.row("4.1", "2028"));
    assert_eq!((shown.value, shown.suppressed), (decimal("120"), false));
    assert_eq!((shown.previous_value, shown.change), (None, None));
    // The line to the target begins where something is shown, not at what is hidden.
    assert_eq!(shown.pace, Some(Pace::Unknown));
}

#[test]
fn a_year_is_hidden_with_one_of_its_quarters() {
    let quarters = vec![period("2027-Q1", true, &[]), period("2027-Q2", true, &[])];
    let house = House::new(vec![restricted(known("6.3", &["U1"]))], quarters)
        .says("U1", "2027-Q1", "6.3", "5", "")
        .says("U1", "2027-Q2", "6.3", "3", "");
    let known = house.known("6.3");
    let mask = mask(&[("2027-Q1", "6.3", &[])]);
    let hides = |label: &str| house.0.hides(&mask, known, Label::parse(label).unwrap());
    assert!(hides("2027-Q1") && hides("2027"));
    let other = mask_none_of("2027-Q2");
    assert!(!house.0.hides(&other, known, Label::Quarter(2027, 2)));
    assert!(!house.0.hides(&other, known, Label::Quarter(2027, 4)), "nothing was reported, and nothing is hidden");
}

/// A mask that hides nothing of a period, and all that it does not know.
fn mask_none_of(period: &str) -> DisclosureMask {
    let mut mask = DisclosureMask { restricted: [IndicatorId::from_text("6.3")].into(), ..DisclosureMask::default() };
    mask.tables.insert((PeriodId::from_text(period), IndicatorId::from_text("6.3")), BTreeSet::new());
    mask
}

/// A quarterly count that is added up over the year, of women and men.
fn quarterly_count() -> IndicatorSummary {
    let value = |code: &str, active| DimensionValue { code: code.to_owned(), name: Bilingual { vi: code.to_owned(), en: None }, active };
    let values = vec![value("female", true), value("male", true), value("unknown", false)];
    let sex = IndicatorDimension { code: "sex".to_owned(), additive: true, expected: false, values };
    let channel = IndicatorDimension { code: "channel".to_owned(), additive: false, ..sex.clone() };
    let mut known = known("6.3", &["U1", "U5"]);
    let mut version = known.versions[0].clone();
    version.dimensions = vec![sex, channel];
    version.definition.roll_up = RollUp::Sum;
    known.dimensions = version.dimensions.clone();
    known.definition = version.definition.clone();
    known.versions = Arc::new(vec![version]);
    known
}

fn parts_of(row: &ResultRow) -> Vec<(String, Option<Decimal4>, (u32, u32))> {
    let part = |b: &Breakdown| {
        let name = b.disaggregation.iter().map(|(dimension, value)| format!("{dimension} {value}")).collect();
        (name, b.numerator, (b.coverage.reported, b.coverage.expected))
    };
    row.breakdowns.iter().map(part).collect()
}

#[test]
fn women_and_men_are_added_up_over_units_and_quarters() {
    let quarters = [("2027-Q1", true), ("2027-Q2", false), ("2027-Q3", false)];
    let periods = quarters.iter().map(|(label, due)| period(label, *due, &[])).collect();
    let house = House::new(vec![quarterly_count()], periods)
        .says("U1", "2027-Q1", "6.3", "7", "")
        .says_of("U1", "2027-Q1", "6.3", "female", "3")
        .says("U5", "2027-Q1", "6.3", "0", "")
        .says("U1", "2027-Q2", "6.3", "5", "")
        .says_of("U1", "2027-Q2", "6.3", "female", "1")
        .says_of("U1", "2027-Q2", "6.3", "male", "4");
    let row = house.row("6.3", "2027");
    // The third quarter is not due, and nothing is given for it.
    assert_eq!((row.numerator, row.coverage), (decimal("12"), Some(Coverage { expected: 4, reported: 3 })));
    assert_eq!(
        parts_of(&row),
        [("sex female".to_owned(), decimal("4"), (3, 4)), ("sex male".to_owned(), decimal("4"), (2, 4))],
        "a total of 0 has no women and no men; what nobody gave is not found by subtraction"
    );
    let quarter = house.row("6.3", "2027-Q1");
    assert_eq!(parts_of(&quarter), [("sex female".to_owned(), decimal("3"), (2, 2)), ("sex male".to_owned(), decimal("0"), (1, 2))]);
    let later = house.row("6.3", "2028");
    assert_eq!(parts_of(&later), [("sex female".to_owned(), None, (0, 0)), ("sex male".to_owned(), None, (0, 0))]);
}

#[test]
fn parts_are_hidden_with_any_of_their_quarters_and_tell_no_hidden_total() {
    let periods = vec![period("2027-Q1", true, &[]), period("2027-Q2", true, &[])];
    let house = House::new(vec![restricted(quarterly_count())], periods)
        .says("U1", "2027-Q1", "6.3", "40", "")
        .says_of("U1", "2027-Q1", "6.3", "female", "20")
        .says("U5", "2027-Q2", "6.3", "0", "");
    let known = house.known("6.3");
    let shown = |mask: &DisclosureMask, label: &str| house.0.masked(mask, known, Label::parse(label).unwrap(), house.row("6.3", label));
    let cell = |unit: Option<&str>, part: &str| CellRef { unit: unit.map(UnitId::from_text), part: part.to_owned() };
    let hiding = |period: &str, place: CellRef| {
        let mut mask = DisclosureMask::default();
        mask.tables.insert((PeriodId::from_text(period), IndicatorId::from_text("6.3")), BTreeSet::from([place]));
        mask
    };
    let women = hiding("2027-Q1", cell(None, r#"{"sex":"female"}"#));
    for label in ["2027", "2027-Q1"] {
        let row = shown(&women, label);
        let hidden: Vec<bool> = row.breakdowns.iter().map(|b| b.suppressed && b.numerator.is_none()).collect();
        assert_eq!((hidden, row.suppressed), (vec![true, false], false), "{label}");
    }
    let all = hiding("2027-Q1", CellRef::totals_of_parts());
    assert!(shown(&all, "2027-Q1").breakdowns.iter().all(|b| b.suppressed) && !shown(&all, "2027-Q1").suppressed);
    // That there was nothing to split is not told where the total is hidden.
    let nothing = parts_of(&shown(&hiding("2027-Q2", cell(Some("U5"), "{}")), "2027-Q2"));
    assert_eq!(nothing[0], ("sex female".to_owned(), None, (0, 2)));
    assert_eq!(parts_of(&house.row("6.3", "2027-Q2"))[0], ("sex female".to_owned(), decimal("0"), (1, 2)));
    assert!(house.row("6.3", "2027-Q1").hidden_with_contributors().breakdowns.iter().all(|b| b.suppressed));
}

#[test]
fn nothing_is_said_of_a_period_that_does_not_exist() {
    let house = House::new(vec![known("6.3", &["U1"])], Vec::new());
    assert_eq!(house.0.figure(house.known("6.3"), Label::Year(2027)).rolled.state, State::NotReported);
    assert_eq!((Label::Quarter(2027, 1).before(), Label::Month(2027, 3).before()), (Label::Quarter(2026, 4), Label::Month(2027, 2)));
}
