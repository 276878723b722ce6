//! The room against a database of its own: a ward with two units, one open period, eight indicators.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::rules::Step;
use super::status::Status;
use super::transitions::Words;
use super::wire::observation::CellIn;
use super::wire::{Narrative, RemarkIn, ReportFilter};
use super::{entry, scope, use_cases};
use crate::actor::Actor;
use crate::auth::caller::{Caller, Grant, Kind, Reach, Role};
use crate::change::Expected;
use crate::config::Config;
use crate::db::schema::{changes, consolidated_members, observations as observation_rows, reports};
use crate::db::{Conn, migrate};
use crate::problem::{Error, Language, Result};
use crate::reading::paging::Paging;
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, ReportId, UnitId};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

const WARD: &str = "09385";

/// The database, and who acts in it.
struct Ward {
    c: Conn,
    system: Actor,
    clock: i64,
}

fn definition(kind: &str, more: &Value) -> String {
    let bi = |text: &str| json!({"vi": text, "en": null});
    let mut all = json!({
        "name": bi("Chỉ tiêu"), "statement": bi("Chỉ tiêu"), "measure_kind": kind, "multiplier": 100, "unit_of_measure": bi("%"),
        "direction": "at_least", "baseline": null, "targets": [], "reference_period": "calendar_year", "numerator_definition": null,
        "denominator_definition": null, "integer_parts": true, "valid_min": 0, "valid_max": null, "tolerance": 0, "extra_inputs": [],
        "zero_denominator": "not_applicable", "roll_up": "ratio_of_sums", "official_definition": null, "national_comparison": null,
        "editorial_note": null, "source": {"section": "I.2", "lines": [1, 2], "quote": null}, "transcription": null
    });
    for (name, value) in more.as_object().expect("an object") {
        all[name] = value.clone();
    }
    all.to_string()
}

/// Code, kind, restricted, who owes it, whether the period asks for it, and what is particular about it.
fn indicators() -> Vec<(&'static str, &'static str, bool, &'static str, bool, Value)> {
    let yes_from_one =
        json!([{"value": 1, "timeframe": {"type": "every_month_from", "from": 2026, "to": 2030}, "wording": {"vi": "x", "en": null}}]);
    let extras = json!([{"key": "hours_unit", "name": {"vi": "Đơn vị", "en": null}, "type": "enum", "values": ["day", "week"]},
        {"key": "sample_size", "name": {"vi": "Cỡ mẫu", "en": null}, "type": "integer", "values": null}]);
    vec![
        ("2.3", "percentage", false, "U5", true, json!({"valid_max": 100, "zero_denominator": "not_allowed"})),
        ("3.1", "ratio", false, "U5", true, json!({"integer_parts": false, "multiplier": 1, "extra_inputs": extras})),
        ("3.3", "percentage", true, "U5", true, json!({"valid_max": 100, "zero_denominator": "no_cases"})),
        ("5.2a", "percentage", false, "U5", true, json!({"reference_period": "school_year"})),
        ("6.3", "count", false, "U5", true, json!({"multiplier": 1})),
        ("6.4", "qualitative", false, "U5", true, json!({"multiplier": 1, "targets": yes_from_one})),
        ("6.2", "percentage", false, "U5", false, json!({"valid_max": 100})),
        ("1.1", "percentage", false, "U6", true, json!({"valid_max": 100})),
    ]
}

const T: &str = "'2026-11-01 00:00:00'";

impl Ward {
    fn new() -> Self {
        let mut c = Conn::establish(":memory:").expect("a database in memory");
        migrate::run_on(&mut c).expect("the tables");
        let config = Config::from_settings(BTreeMap::new()).expect("the defaults");
        let system = Actor::system(&config, "test");
        let mut ward = Self { c, system, clock: 0 };
        ward.run("PRAGMA foreign_keys = OFF");
        ward.run(&format!("INSERT INTO plans (id, jurisdiction, code, title_vi, title_en, start_year, end_year, status, content, fold, version, created_at, updated_at) VALUES ('P', '{WARD}', 'KH', 't', NULL, 2026, 2030, 'active', '{{}}', '', 1, {T}, {T})"));
        ward.run(&format!("INSERT INTO reporting_periods (id, plan_id, jurisdiction, kind, frequency, label, starts_on, ends_on, opens_at, due_at, status, units_given, indicators_given, frozen, fold, version, created_at, updated_at) VALUES ('Y', 'P', '{WARD}', 'periodic', 'annual', '2026', '2026-01-01', '2026-12-31', {T}, '2026-11-24 17:00:00', 'open', 0, 0, 1, '', 1, {T}, {T})"));
        ward.run(&format!("INSERT INTO dimensions (id, plan_id, jurisdiction, code, name_vi, dimension_values, plan_order, fold, version, created_at, updated_at) VALUES ('D', 'P', '{WARD}', 'sex', 'Giới', '{}', '', '', 1, {T}, {T})",
            json!([{"code": "male", "name": {"vi": "Nam", "en": null}, "active": true}, {"code": "female", "name": {"vi": "Nữ", "en": null}, "active": true},
                {"code": "other", "name": {"vi": "Khác", "en": null}, "active": false}])));
        for (n, unit) in ["U5", "U6"].into_iter().enumerate() {
            ward.run(&format!("INSERT INTO units (id, jurisdiction, code, kind, name_vi, is_group, reports, active, plan_order, fold, version, created_at, updated_at) VALUES ('{unit}', '{WARD}', '{unit}', 'office', 'x', 0, 1, 1, '{n}', '', 1, {T}, {T})"));
            ward.run(&format!("INSERT INTO period_units (period_id, unit_id, position) VALUES ('Y', '{unit}', {n})"));
            ward.run(&format!("INSERT INTO reports (id, jurisdiction, plan_id, period_id, unit_id, status, revision, round, due_at, on_behalf, narrative, version, created_at, updated_at) VALUES ('R{unit}', '{WARD}', 'P', 'Y', '{unit}', 'draft', 1, 0, '2026-11-24 17:00:00', 0, '{{}}', 1, {T}, {T})"));
        }
        for (n, (code, kind, restricted, unit, asked, more)) in indicators().into_iter().enumerate() {
            ward.run(&format!("INSERT INTO indicators (id, plan_id, jurisdiction, goal_id, plan_indicator_id, code, frequency, restricted, definition, definition_version, plan_order, fold, version, created_at, updated_at) VALUES ('I{code}', 'P', '{WARD}', 'G', 'X', '{code}', 'annual', {}, '{}', 1, '{code}', '', 1, {T}, {T})",
                u8::from(restricted), definition(kind, &more)));
            ward.run(&format!("INSERT INTO indicator_definitions (indicator_id, definition_version, definition, created_at, effective_from, restricted, dimensions) SELECT id, 1, definition, created_at, 2026, restricted, '[{{\"dimension\": {{\"id\": \"D\", \"code\": \"sex\"}}, \"additive\": true, \"expected\": {}}}]' FROM indicators WHERE id = 'I{code}'", code == "5.2a"));
            ward.run(&format!("INSERT INTO indicator_units (indicator_id, unit_id, duty, basis, position) VALUES ('I{code}', '{unit}', 'report', 'explicit', 0)"));
            ward.run(&format!("INSERT INTO indicator_dimensions VALUES ('I{code}', 'D', 1, {}, 0)", u8::from(code == "5.2a")));
            if asked {
                ward.run(&format!(
                    "INSERT INTO period_indicators (period_id, indicator_id, position, definition_version) VALUES ('Y', 'I{code}', {n}, 1)"
                ));
                ward.run(&format!("INSERT INTO period_obligations VALUES ('Y', '{unit}', 'I{code}', NULL, {T}, NULL)"));
            }
        }
        ward
    }

    fn run(&mut self, sql: &str) {
        diesel::sql_query(sql).execute(&mut self.c).unwrap_or_else(|e| panic!("{e}: {sql}"));
    }

    /// Somebody with one grant, an hour after the last.
    fn actor(&mut self, role: Role, unit: Option<&str>, restricted: bool) -> Actor {
        self.clock += 1;
        let reach = Reach::Codes(Arc::new(HashSet::from([WARD.to_owned()])));
        let grant = Grant { role, jurisdiction: WARD.to_owned(), reach, unit: unit.map(UnitId::from_text), restricted };
        let mut actor = self.system.clone();
        actor.now = UtcTime::parse("2026-11-10T00:00:00Z").expect("an instant").plus(chrono::TimeDelta::hours(self.clock));
        actor.system = None;
        actor.caller = Some(Arc::new(Caller {
            id: AccountId::from_text(format!("{role} {unit:?}")),
            kind: Kind::User,
            username: role.to_string(),
            display_name: role.to_string(),
            session: None,
            must_change_password: false,
            second_factor: false,
            counts_until: None,
            grants: vec![grant],
        }));
        actor
    }

    fn u5(&mut self) -> Actor {
        self.actor(Role::Reporter, Some("U5"), false)
    }

    fn coordinator(&mut self) -> Actor {
        self.actor(Role::Coordinator, None, true)
    }

    fn write(&mut self, cells: &Value) -> Result<[usize; 4]> {
        let actor = self.u5();
        let counts = use_cases::write_cells(&mut self.c, &actor, &report("U5"), &read(cells))?;
        Ok([counts.created, counts.updated, counts.unchanged, counts.deleted])
    }

    fn readiness(&mut self) -> (Vec<String>, Vec<String>) {
        let actor = self.u5();
        let found = ReportWithPeriod::find(&mut self.c, &actor, &report("U5")).expect("a report");
        let aggregate = ReportAggregate::of(&mut self.c, found).expect("a report");
        let told = aggregate.readiness_for(&mut self.c, &actor).expect("readiness").represent(Language::En);
        let list = |items: Vec<super::wire::readiness::ReadinessItem>| {
            items.into_iter().map(|i| format!("{} {}", i.indicator.map_or("-".to_owned(), |r| r.code), i.code)).collect()
        };
        (list(told.blockers), list(told.warnings))
    }

    fn fill(&mut self) {
        self.write(&json!([
            {"indicator": "2.3", "numerator": 30, "denominator": 100}, {"indicator": "3.1", "not_applicable": "Chưa khảo sát"},
            {"indicator": "3.3", "numerator": 7, "denominator": 7}, {"indicator": "5.2a", "numerator": 99, "denominator": 98},
            {"indicator": "6.3", "numerator": 4}, {"indicator": "6.4", "numerator": 2}
        ]))
        .expect("written");
    }

    fn step(&mut self, step: Step) -> Result<super::wire::Report> {
        let actor = if step.role() == Role::Reporter { self.u5() } else { self.coordinator() };
        use_cases::take(&mut self.c, &actor, &report("U5"), step, Words { reason: Some("Lý do"), remarks: &[] }, None)
    }
}

fn report(unit: &str) -> ReportId {
    ReportId::from_text(format!("R{unit}"))
}

fn read(cells: &Value) -> Vec<CellIn> {
    serde_json::from_str(&cells.to_string()).expect("cells")
}

fn faults(error: Error) -> Vec<String> {
    error.into_problem().errors().iter().map(|e| format!("{} {}", e.pointer.trim_start_matches("/observations"), e.code.code)).collect()
}

fn code<T>(result: Result<T>) -> &'static str {
    result.err().map_or("ok", |e| e.into_problem().code().code)
}

#[test]
fn cells_are_created_updated_left_and_deleted() {
    let mut ward = Ward::new();
    let first = json!([{"indicator": "2.3", "numerator": 30, "denominator": 100}, {"indicator": "3.1", "numerator": 4.2, "denominator": 3, "extra": {"sample_size": 300, "hours_unit": "day"}}]);
    assert_eq!(ward.write(&first).expect("written"), [2, 0, 0, 0]);
    let version =
        |ward: &mut Ward| reports::table.find(report("U5")).select(reports::version).first::<i64>(&mut ward.c).expect("a version");
    assert_eq!(version(&mut ward), 2);
    assert_eq!(ward.write(&first).expect("written"), [0, 0, 2, 0]);
    assert_eq!(version(&mut ward), 2, "what says the same changes nothing");
    let second = json!([{"indicator": "2.3", "numerator": 31}, {"indicator": "2.3", "disaggregation": {"sex": "male"}, "numerator": 1, "denominator": 2},
        {"indicator": "I3.1", "delete": true}]);
    assert_eq!(ward.write(&second).expect("written"), [1, 1, 0, 1]);
    let told: i64 = changes::table.filter(changes::change_type.eq("report.updated")).count().get_result(&mut ward.c).expect("a count");
    assert_eq!((version(&mut ward), told), (3, 2), "one change for each request that changed something");
    let actor = ward.u5();
    let there = use_cases::find(&mut ward.c, &actor, &report("U5")).expect("a report").observations.expect("figures");
    assert_eq!(there.len(), 2);
    assert!(there[0].disaggregation.is_empty() && there[0].denominator.is_none() && there[0].value.is_none());
    let stale = Expected::parse(Some("\"2\"")).expect("a tag");
    assert_eq!(code(entry::write(&mut ward.c, &actor, &report("U5"), &[], Some(&stale))), "version.stale");
}

#[test]
fn every_wrong_cell_is_told_and_nothing_is_written() {
    let mut ward = Ward::new();
    let refused = ward.write(&json!([
        {"indicator": "2.3", "numerator": -1, "denominator": 10},
        {"indicator": "2.3", "disaggregation": {}, "numerator": 1.5, "denominator": 10},
        {"indicator": "1.1", "numerator": 1, "denominator": 10},
        {"indicator": "9.9", "numerator": 1},
        {"indicator": "6.2", "numerator": 1, "denominator": 10},
        {"indicator": "3.3", "numerator": 11, "denominator": 10},
        {"indicator": "2.3", "disaggregation": {"sex": "other"}, "numerator": 0, "denominator": 0},
        {"indicator": "2.3", "disaggregation": {"a/b": "x"}, "numerator": 1, "denominator": 1},
        {"indicator": "6.3", "numerator": 1, "denominator": 1, "answer": true},
        {"indicator": "3.1", "numerator": 1, "denominator": 1, "extra": {"bogus": 1, "sample_size": 1.5, "hours_unit": "month"}},
        {"indicator": "5.2a", "not_applicable": "x", "numerator": 1},
        {"indicator": "6.4", "delete": true}
    ]));
    assert_eq!(
        faults(refused.expect_err("refused")),
        [
            "/0/numerator value.negative",
            "/1 observation.duplicate",
            "/1/numerator value.not_whole",
            "/2/indicator indicator.not_due",
            "/3/indicator reference.unknown",
            "/4/indicator indicator.not_due",
            "/5/numerator value.numerator_above_denominator",
            "/6/disaggregation/sex disaggregation.unknown",
            "/6/denominator value.zero_denominator",
            "/7/disaggregation/a~1b disaggregation.unknown",
            "/8/denominator value.unexpected",
            "/8/answer value.unexpected",
            "/9/extra/bogus extra.unknown",
            "/9/extra/sample_size extra.invalid",
            "/9/extra/hours_unit extra.invalid",
            "/10/numerator value.unexpected",
            "/11 observation.absent",
        ]
    );
    let written: i64 = observation_rows::table.count().get_result(&mut ward.c).expect("a count");
    assert_eq!(written, 0);
}

#[test]
fn readiness_is_what_submit_refuses() {
    let mut ward = Ward::new();
    let missing = |codes: &[&str]| codes.iter().map(|c| format!("{c} indicator.missing")).collect::<Vec<_>>();
    assert_eq!(ward.readiness().0, missing(&["2.3", "3.1", "3.3", "5.2a", "6.3", "6.4"]));
    let refused = ward.step(Step::Submit).expect_err("refused").into_problem();
    assert_eq!((refused.code().code, refused.errors().len()), ("report.not_ready", 6));
    ward.fill();
    assert_eq!(ward.readiness().0, [""; 0]);
    assert_eq!(ward.readiness().1, ["5.2a value.numerator_above_denominator", "5.2a parts.missing", "- narrative.empty"]);
    // A half that is missing, an estimate, parts that do not add up once all are given.
    ward.write(&json!([{"indicator": "6.3", "note": "chưa có"}, {"indicator": "3.1", "numerator": 1}, {"indicator": "3.3", "numerator": 7, "denominator": 7, "status": "estimate"},
        {"indicator": "2.3", "disaggregation": {"sex": "male"}, "numerator": 10, "denominator": 50}])).expect("written");
    assert_eq!(ward.readiness().0, ["3.1 value.missing_part", "6.3 indicator.missing"]);
    assert!(ward.readiness().1.contains(&"3.3 value.estimate".to_owned()));
    for (numerator, denominator, adds_up) in [(21, 50, false), (20, 51, false), (20, 50, true)] {
        ward.write(&json!([{"indicator": "2.3", "disaggregation": {"sex": "female"}, "numerator": numerator, "denominator": denominator}]))
            .expect("written");
        assert_eq!(ward.readiness().0.contains(&"2.3 parts.not_total".to_owned()), !adds_up, "{numerator}/{denominator}");
    }
}

/// The same report's warnings: indicator, code, words, and whether a note explains it.
fn warnings(ward: &mut Ward, actor: &Actor) -> Vec<(String, String, String, bool)> {
    let found = ReportWithPeriod::find(&mut ward.c, actor, &report("U5")).expect("a report");
    let aggregate = ReportAggregate::of(&mut ward.c, found).expect("a report");
    let told = aggregate.readiness_for(&mut ward.c, actor).expect("readiness").represent(Language::Vi);
    assert!(told.blockers.iter().all(|item| item.explained.is_none()));
    let of = |i: super::wire::readiness::ReadinessItem| {
        (i.indicator.map_or_else(String::new, |r| r.code), i.code, i.detail, i.explained.expect("a warning says it"))
    };
    told.warnings.into_iter().map(of).collect()
}

/// The one of this code, if there is one.
fn warning(all: &[(String, String, String, bool)], of: &str) -> Option<(String, String, bool)> {
    all.iter().find(|(_, code, _, _)| code == of).map(|(indicator, _, detail, explained)| (indicator.clone(), detail.clone(), *explained))
}

#[test]
fn a_part_fits_its_total() {
    let mut ward = Ward::new();
    ward.fill();
    let male = |numerator: i64, denominator: i64| json!([{"indicator": "2.3", "disaggregation": {"sex": "male"}, "numerator": numerator, "denominator": denominator}]);
    for (numerator, denominator, above) in [(30, 100, false), (31, 100, true), (30, 101, true)] {
        ward.write(&male(numerator, denominator)).expect("written");
        let blockers = ward.readiness().0;
        assert_eq!(blockers.contains(&"2.3 parts.above_total".to_owned()), above, "{numerator}/{denominator}: {blockers:?}");
    }
    let refused = ward.step(Step::Submit).expect_err("refused");
    assert_eq!(faults(refused), [" parts.above_total"]);
    // The averages of a survey are no counts.
    ward.run(
        "UPDATE indicator_definitions SET definition = REPLACE(definition, 'ratio_of_sums', 'single_source') WHERE indicator_id = 'I3.1'",
    );
    ward.run("UPDATE indicators SET version = version + 1000");
    ward.write(&json!([{"indicator": "3.1", "numerator": 4.2, "denominator": 3},
        {"indicator": "3.1", "disaggregation": {"sex": "female"}, "numerator": 5, "denominator": 3}]))
        .expect("written");
    assert!(!ward.readiness().0.contains(&"3.1 parts.above_total".to_owned()));
    // A total that does not apply has no parts.
    ward.write(&json!([{"indicator": "2.3", "not_applicable": "Không có"}])).expect("written");
    assert_eq!(ward.readiness().0, ["2.3 parts.without_total"]);
    assert_eq!(faults(ward.step(Step::Submit).expect_err("refused")), [" parts.without_total"]);
}

#[test]
fn a_unit_that_owes_no_figure_owes_its_results_in_words() {
    let mut ward = Ward::new();
    ward.run("DELETE FROM period_obligations WHERE unit_id = 'U5'");
    assert_eq!(ward.readiness(), (vec!["- narrative.missing".to_owned()], Vec::new()));
    let refused = ward.step(Step::Submit).expect_err("refused");
    assert_eq!(faults(refused), ["/narrative/results narrative.missing"]);
    let u5 = ward.u5();
    let words = Narrative { difficulties: Some("Thiếu kinh phí".to_owned()), ..Narrative::default() };
    use_cases::write_narrative(&mut ward.c, &u5, &report("U5"), &words).expect("written");
    assert_eq!(ward.readiness().0, ["- narrative.missing"], "difficulties are no results");
    let words = Narrative { results: Some("Đã tuyên truyền".to_owned()), ..Narrative::default() };
    use_cases::write_narrative(&mut ward.c, &u5, &report("U5"), &words).expect("written");
    assert_eq!(ward.readiness(), (Vec::new(), Vec::new()));
    // Only in an annual period.
    use_cases::write_narrative(&mut ward.c, &u5, &report("U5"), &Narrative::default()).expect("written");
    ward.run("UPDATE reporting_periods SET kind = 'thematic', frequency = NULL");
    assert_eq!(ward.readiness(), (Vec::new(), vec!["- narrative.empty".to_owned()]));
}

impl Ward {
    /// What U5 said of an indicator in the year before, and was accepted.
    fn said_before(&mut self, indicator: &str, numerator: i64, denominator: i64) {
        self.run("INSERT INTO reporting_periods (id, plan_id, jurisdiction, kind, frequency, label, starts_on, ends_on, opens_at, due_at, status, units_given, indicators_given, frozen, fold, version, created_at, updated_at) SELECT 'Y0', plan_id, jurisdiction, kind, frequency, '2025', '2025-01-01', '2025-12-31', opens_at, due_at, status, 0, 0, 1, '', 1, created_at, updated_at FROM reporting_periods WHERE id = 'Y' AND NOT EXISTS (SELECT 1 FROM reporting_periods WHERE id = 'Y0')");
        self.run("DELETE FROM reports WHERE id = 'R0'");
        self.run("INSERT INTO reports (id, jurisdiction, plan_id, period_id, unit_id, status, revision, round, due_at, on_behalf, narrative, version, created_at, updated_at) SELECT 'R0', jurisdiction, plan_id, 'Y0', unit_id, 'accepted', 1, 1, due_at, 0, '{}', 1, created_at, updated_at FROM reports WHERE id = 'RU5'");
        self.run(&format!("INSERT INTO observations (id, jurisdiction, plan_id, period_id, report_id, unit_id, indicator_id, disaggregation, numerator, denominator, status, definition_version, since, updated_at) VALUES ('O{indicator}', '{WARD}', 'P', 'Y0', 'R0', 'U5', 'I{indicator}', '{{}}', {numerator}0000, {denominator}0000, 'final', 1, {T}, {T})"));
    }
}

#[test]
fn figures_are_held_against_the_last_accepted_ones() {
    let mut ward = Ward::new();
    ward.fill();
    let jump = |ward: &mut Ward| {
        let actor = ward.coordinator();
        ward.run("UPDATE reports SET status = 'submitted' WHERE id = 'RU5'");
        let all = warnings(ward, &actor);
        ward.run("UPDATE reports SET status = 'draft' WHERE id = 'RU5'");
        warning(&all, "value.jump")
    };
    // 30 of 100 now.
    ward.said_before("2.3", 10, 100);
    assert_eq!(jump(&mut ward), None, "three times is not more than three times");
    ward.run("UPDATE observations SET numerator = 90000 WHERE id = 'O2.3'");
    let (indicator, detail, explained) = jump(&mut ward).expect("a warning");
    assert_eq!((indicator.as_str(), explained), ("2.3", false));
    assert!(detail.contains("2025") && detail.contains(" 9,") && detail.contains("30"), "{detail}");
    ward.run("UPDATE observations SET since = NULL WHERE id = 'O2.3'");
    assert_eq!(jump(&mut ward), None, "what is not accepted is nothing to be held against");
    ward.run("UPDATE observations SET since = updated_at WHERE id = 'O2.3'");
    ward.write(&json!([{"indicator": "2.3", "numerator": 30, "denominator": 100, "note": "Mở rộng địa bàn"}])).expect("written");
    assert!(jump(&mut ward).expect("a warning").2, "a note explains it");
    // The indicator says by how much; few people jump by chance.
    ward.run("UPDATE indicators SET version = version + 2000, definition = REPLACE(definition, '\"tolerance\":0', '\"tolerance\":0,\"plausible\":{\"min\":null,\"max\":null,\"max_factor\":4}') WHERE code = '2.3'");
    assert_eq!(jump(&mut ward), None);
    ward.run("UPDATE observations SET numerator = 10000 WHERE id = 'O2.3'");
    ward.write(&json!([{"indicator": "2.3", "numerator": 9, "denominator": 100}])).expect("written");
    assert_eq!(jump(&mut ward), None);
    ward.write(&json!([{"indicator": "2.3", "numerator": 10, "denominator": 100}])).expect("written");
    assert!(jump(&mut ward).is_some());
    // Another meaning then: a break.
    ward.run("INSERT INTO indicator_definitions (indicator_id, definition_version, definition, created_at) SELECT id, 0, REPLACE(definition, 'percentage', 'ratio'), created_at FROM indicators WHERE code = '2.3'");
    ward.run("UPDATE observations SET definition_version = 0 WHERE id = 'O2.3'");
    assert_eq!(jump(&mut ward), None);
}

#[test]
fn figures_outside_what_is_believable_are_told() {
    let mut ward = Ward::new();
    ward.fill();
    let told = |ward: &mut Ward| {
        let actor = ward.u5();
        let all = warnings(ward, &actor);
        warning(&all, "value.implausible").map(|(indicator, _, explained)| (indicator, explained))
    };
    assert_eq!(told(&mut ward), None);
    ward.run("UPDATE indicators SET version = version + 3000, definition = REPLACE(definition, '\"tolerance\":0', '\"tolerance\":0,\"plausible\":{\"min\":10,\"max\":30,\"max_factor\":null}') WHERE code = '2.3'");
    for (numerator, outside) in [(10, false), (30, false), (9, true), (31, true)] {
        ward.write(&json!([{"indicator": "2.3", "numerator": numerator, "denominator": 100}])).expect("written");
        assert_eq!(told(&mut ward).is_some(), outside, "{numerator} %");
    }
    assert_eq!(told(&mut ward), Some(("2.3".to_owned(), false)));
    ward.write(&json!([{"indicator": "2.3", "numerator": 31, "denominator": 100, "note": "Đã kiểm tra"}])).expect("written");
    assert_eq!(told(&mut ward), Some(("2.3".to_owned(), true)));
}

#[test]
fn rules_of_the_plan_tie_figures_together() {
    let mut ward = Ward::new();
    ward.fill();
    let rule = json!({"validation_rules": [{"code": "R1", "left": [{"indicator": "2.3", "part": "numerator"}], "operator": "ge",
        "right": [{"indicator": "6.3", "part": "numerator"}, {"indicator": "3.3", "part": "numerator"}], "message": {"vi": "Không khớp", "en": null}},
        {"code": "R2", "left": [{"indicator": "2.3", "part": "numerator"}], "operator": "eq", "right": [{"indicator": "1.1", "part": "numerator"}], "message": {"vi": "x", "en": null}},
        {"code": "R3", "left": [{"indicator": "2.3", "part": "numerator"}], "operator": "eq", "right": [{"indicator": "3.1", "part": "numerator"}], "message": {"vi": "x", "en": null}}]});
    ward.run(&format!("UPDATE plans SET content = '{rule}'"));
    let told = |ward: &mut Ward, actor: &Actor| warning(&warnings(ward, actor), "rule.broken");
    let u5 = ward.u5();
    assert_eq!(told(&mut ward, &u5), None, "11 are not more than 30; what is not asked of the unit, and what is missing, is silent");
    ward.write(&json!([{"indicator": "2.3", "numerator": 10, "denominator": 100}])).expect("written");
    let (indicator, detail, explained) = told(&mut ward, &u5).expect("a warning");
    assert_eq!((indicator.as_str(), explained), ("2.3", false));
    assert!(detail.contains("Không khớp") && detail.contains("10") && detail.contains("11"), "{detail}");
    ward.write(&json!([{"indicator": "6.3", "numerator": 4, "note": "Đã kiểm tra"}])).expect("written");
    assert!(told(&mut ward, &u5).expect("a warning").2, "a note beside any of its figures explains it");
    // One of its figures points at persons.
    ward.run("UPDATE reports SET status = 'submitted' WHERE id = 'RU5'");
    let plain = ward.actor(Role::Coordinator, None, false);
    assert_eq!(told(&mut ward, &plain), None);
}

#[test]
fn warnings_tell_nobody_a_hidden_figure() {
    let mut ward = Ward::new();
    ward.fill();
    ward.write(&json!([{"indicator": "3.3", "numerator": 60, "denominator": 61, "status": "estimate"},
        {"indicator": "3.3", "disaggregation": {"sex": "male"}, "numerator": 62, "denominator": 62}]))
        .expect("written");
    ward.said_before("3.3", 13, 14);
    ward.run("UPDATE indicators SET version = version + 4000, definition = REPLACE(definition, '\"tolerance\":0', '\"tolerance\":0,\"plausible\":{\"min\":99,\"max\":null,\"max_factor\":null}') WHERE code = '3.3'");
    ward.run("UPDATE reports SET status = 'submitted' WHERE id = 'RU5'");
    let of = |ward: &mut Ward, actor: &Actor| {
        let mut all = warnings(ward, actor);
        all.retain(|(indicator, ..)| indicator == "3.3");
        all
    };
    let codes = |all: &[(String, String, String, bool)]| all.iter().map(|(_, code, ..)| code.clone()).collect::<Vec<_>>();
    let (exact, plain) = (ward.coordinator(), ward.actor(Role::Coordinator, None, false));
    assert_eq!(codes(&of(&mut ward, &exact)), ["value.estimate", "value.implausible", "value.jump"]);
    let told = of(&mut ward, &plain);
    assert_eq!(codes(&told), ["value.jump"]);
    assert!(told.iter().all(|(.., detail, _)| !detail.replace("3.3", "").chars().any(|c| c.is_ascii_digit())), "{told:?}");
    assert_eq!(ward.readiness().0, ["3.3 parts.above_total"]);
    let found = ReportWithPeriod::find(&mut ward.c, &plain, &report("U5")).expect("a report");
    let aggregate = ReportAggregate::of(&mut ward.c, found).expect("a report");
    assert!(aggregate.readiness_for(&mut ward.c, &plain).expect("readiness").blockers.is_empty());
}

#[test]
fn a_report_lives() {
    let mut ward = Ward::new();
    ward.fill();
    let submitted = ward.step(Step::Submit).expect("submitted");
    assert_eq!((submitted.status, submitted.round, submitted.late, submitted.on_behalf), (Status::Submitted, 1, false, false));
    assert_eq!(code(ward.step(Step::Submit)), "report.invalid_transition");
    assert_eq!(code(ward.write(&json!([]))), "report.not_editable");
    let actor = ward.coordinator();
    let remark = |indicator: &str| RemarkIn { indicator: indicator.to_owned(), remark: "Xem lại".to_owned() };
    assert_eq!(
        faults(use_cases::return_to_unit(&mut ward.c, &actor, &report("U5"), "Sai", &[remark("2.3"), remark("9.9")]).expect_err("refused")),
        ["/remarks/1/indicator reference.unknown"]
    );
    use_cases::return_to_unit(&mut ward.c, &actor, &report("U5"), "Sai", &[remark("2.3")]).expect("returned");
    ward.write(&json!([{"indicator": "2.3", "numerator": 31, "denominator": 100}])).expect("written");
    let u5 = ward.u5();
    let words = Narrative { results: Some("Đã sửa".to_owned()), ..Narrative::default() };
    use_cases::write_narrative(&mut ward.c, &u5, &report("U5"), &words).expect("written");
    ward.step(Step::Submit).expect("submitted");
    let diff = use_cases::diff(&mut ward.c, &u5, &report("U5"), 1, 2).expect("a diff");
    assert_eq!((diff.observations.len(), diff.narrative.len(), diff.narrative[0].field.as_str()), (1, 1, "results"));
    assert_eq!(diff.observations[0].before.as_ref().and_then(|o| o.numerator).map(|n| n.to_string()).as_deref(), Some("30"));
    assert_eq!(code(use_cases::diff(&mut ward.c, &u5, &report("U5"), 1, 3)), "round.unknown");
    ward.step(Step::Accept).expect("accepted");
    assert_eq!(ward.step(Step::Reopen).expect("reopened").revision, 2);
    ward.write(&json!([{"indicator": "2.3", "numerator": 32, "denominator": 100}])).expect("written");
    let earlier = use_cases::find_revision(&mut ward.c, &u5, &report("U5"), 1).expect("revision 1");
    assert_eq!((earlier.revision, earlier.round, earlier.status), (1, 2, Status::Accepted));
    assert_eq!(earlier.observations.expect("figures")[0].numerator.map(|n| n.to_string()).as_deref(), Some("31"));
    assert_eq!(code(use_cases::find_revision(&mut ward.c, &u5, &report("U5"), 3)), "round.unknown");
    let now = use_cases::find(&mut ward.c, &u5, &report("U5")).expect("a report");
    let steps: Vec<(String, i32, i32)> = now.history.expect("history").into_iter().map(|e| (e.action, e.round, e.revision)).collect();
    let expected = [("submit", 1, 1), ("return", 1, 1), ("submit", 2, 1), ("accept", 2, 1), ("reopen", 2, 2)];
    assert_eq!(steps, expected.map(|(action, round, revision)| (action.to_owned(), round, revision)));
    let seen = now.observations.expect("figures");
    let value = |code: &str| seen.iter().find(|o| o.indicator.code == code).expect("a figure");
    assert_eq!((value("6.4").answer, value("6.3").value.map(|v| v.to_string()).as_deref()), (Some(true), Some("4")));
    assert_eq!(value("5.2a").reference.label, "2025-2026");
}

#[test]
fn a_closed_period_takes_no_submission() {
    let mut ward = Ward::new();
    ward.fill();
    ward.run("UPDATE reporting_periods SET status = 'closed'");
    assert_eq!(code(ward.step(Step::Submit)), "period.closed");
    ward.write(&json!([{"indicator": "6.3", "numerator": 5}])).expect("a draft can still be written");
}

#[test]
fn what_is_approved_holds_its_reports() {
    let mut ward = Ward::new();
    ward.fill();
    ward.step(Step::Submit).expect("submitted");
    ward.step(Step::Accept).expect("accepted");
    let aggregate = |id: &str, status: &str, supersedes: &str| {
        format!(
            "INSERT INTO consolidated_reports (id, jurisdiction, plan_id, period_id, status, revision, narrative, resolutions, computed, computed_at, prepared_by_name, supersedes, published, version, created_at, updated_at) VALUES ('{id}', '{WARD}', 'P', 'Y', '{status}', (SELECT COUNT(*) FROM consolidated_reports) + 1, '{{}}', '[]', '{{}}', {T}, 'x', {supersedes}, 0, 1, {T}, {T})"
        )
    };
    ward.run(&aggregate("C1", "approved", "NULL"));
    diesel::insert_into(consolidated_members::table)
        .values((
            consolidated_members::consolidated_id.eq("C1"),
            consolidated_members::report_id.eq(report("U5")),
            consolidated_members::revision.eq(1),
        ))
        .execute(&mut ward.c)
        .expect("a member");
    let actor = ward.coordinator();
    let reopen = |ward: &mut Ward| use_cases::find(&mut ward.c, &actor, &report("U5")).expect("a report").actions;
    assert!(serde_json::to_value(reopen(&mut ward)).expect("actions")["reopen"]["allowed"] == json!(false));
    assert_eq!(code(ward.step(Step::Reopen)), "report.held");
    use_cases::consolidated(&mut ward.c, &actor, &[report("U5")]).expect("sent");
    assert_eq!(code(ward.step(Step::Reopen)), "report.invalid_transition");
    use_cases::released(&mut ward.c, &actor, &[report("U5")]).expect("released");
    // What a later one replaces holds nothing.
    ward.run(&aggregate("C2", "draft", "'C1'"));
    ward.step(Step::Reopen).expect("reopened");
}

#[test]
fn restricted_figures_take_the_scope() {
    let mut ward = Ward::new();
    ward.fill();
    ward.step(Step::Submit).expect("submitted");
    let plain = ward.actor(Role::Coordinator, None, false);
    assert_eq!(code(use_cases::accept(&mut ward.c, &plain, &report("U5"))), "access.restricted");
    let (own, scoped) = (ward.u5(), ward.coordinator());
    for (actor, exact) in [(&plain, false), (&own, true), (&scoped, true)] {
        let seen = use_cases::find(&mut ward.c, actor, &report("U5")).expect("a report").observations.expect("figures");
        for figure in seen {
            let hidden = !exact && figure.indicator.code == "3.3";
            assert_eq!(figure.suppressed, hidden, "{}", figure.indicator.code);
            assert!(!hidden || (figure.numerator.is_none() && figure.value.is_none()));
        }
    }
    let journal: Vec<Option<String>> =
        crate::db::schema::audit_events::table.select(crate::db::schema::audit_events::after).load(&mut ward.c).expect("a journal");
    let told = journal.into_iter().flatten().find(|after| after.contains("3.3")).expect("its figures were written");
    assert!(told.contains(r#""numerator":30"#) && !told.contains(r#""numerator":7"#), "{told}");
    ward.step(Step::Accept).expect("accepted");
}

#[test]
fn lists_show_what_single_reports_show() {
    let mut ward = Ward::new();
    let roles: [(Role, Option<&str>); 8] = [
        (Role::Coordinator, None),
        (Role::Leader, None),
        (Role::Supervisor, None),
        (Role::Reporter, Some("U5")),
        (Role::Reporter, Some("U6")),
        (Role::Reporter, None),
        (Role::Province, None),
        (Role::Admin, None),
    ];
    for status in Status::ALL {
        ward.run(&format!("UPDATE reports SET status = '{}' WHERE id = 'RU5'", status.as_str()));
        for (role, unit) in roles {
            let actor = ward.actor(role, unit, true);
            let page = use_cases::list(&mut ward.c, &actor, &ReportFilter::default(), &Paging::default()).expect("a page");
            let listed = page.items.iter().any(|r| r.id == "RU5");
            let sees = scope::sees(&actor, WARD, &UnitId::from_text("U5"), status);
            assert_eq!(listed, sees, "{role} {unit:?} {}", status.as_str());
            assert_eq!(use_cases::find(&mut ward.c, &actor, &report("U5")).is_ok(), sees);
            let may = matches!(role, Role::Coordinator)
                || (role == Role::Reporter && unit != Some("U6"))
                || (matches!(role, Role::Leader | Role::Supervisor) && status != Status::Draft);
            assert_eq!(sees, may, "{role} {unit:?} {}", status.as_str());
        }
    }
    let clerk = ward.actor(Role::Reporter, None, false);
    assert!(scope::on_behalf(&clerk, &UnitId::from_text("U5")));
    let late = ReportFilter { late: Some(true), ..ReportFilter::default() };
    assert!(use_cases::list(&mut ward.c, &clerk, &late, &Paging::default()).expect("a page").items.is_empty());
    let sorted = Paging { sort: Some("-submitted_at,due_at".to_owned()), limit: Some(1), ..Paging::default() };
    let first = use_cases::list(&mut ward.c, &clerk, &ReportFilter::default(), &sorted).expect("a page");
    let next = Paging { cursor: first.next_cursor.clone(), ..sorted };
    let second = use_cases::list(&mut ward.c, &clerk, &ReportFilter::default(), &next).expect("a page");
    assert_ne!(first.items[0].id, second.items[0].id);
    assert_eq!(second.next_cursor, None);
}
