//! Published figures as SDMX: they say what progress and observations say to everybody, nothing more, and go on saying it.

use crate::house::json::{bi, code, list, number, text};
use crate::house::steps::{Period, cell, in_days, not_applicable, part};
use crate::house::{Actor, Answer, PLAN, PROVINCE, TestApp, WARD, with_query};
use crate::progress::{NEIGHBOUR, above, deliver, neighbour};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

on_both![
    structures_are_those_of_one_cube,
    figures_are_those_that_everybody_reads,
    a_province_is_the_sum_of_its_wards,
    nothing_is_told_before_it_is_sent,
    what_was_sent_stays_as_it_was,
    figures_are_chosen_by_keys_and_conditions,
    what_there_is_can_be_asked_for,
    sdmx_ml_says_the_same,
    other_formats_and_things_are_refused,
];

const FLOW: &str = "/sdmx/v2/data/dataflow/BINHDANG/DF_GE/1.0";
const STRUCTURE: &str = "/sdmx/v2/structure";

/// The key of a figure: the codes of its series and its period.
type Key = [String; 6];
/// Value, numerator, denominator, and whether they are hidden.
type Figure = (String, String, String, bool);

const KEY: [&str; 6] = ["FREQ", "REF_AREA", "UNIT", "INDICATOR", "SEX", "TIME_PERIOD"];

/// A request of which the last segments of the path may be left out, which the document does not know.
async fn short(by: &Actor, path: &str) -> Answer {
    by.call("GET", path).unchecked().send().await
}

/// The rows of an SDMX-CSV file by the names in its header row.
fn rows(answer: &Answer) -> Vec<BTreeMap<String, String>> {
    if answer.status == 204 {
        return Vec::new();
    }
    assert_eq!(answer.header("content-type"), "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8", "{}", answer.excerpt());
    assert!(answer.text.starts_with("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,UNIT,INDICATOR,SEX,TIME_PERIOD"), "{}", answer.excerpt());
    let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |row: csv::StringRecord| names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|one| row(one.unwrap())).collect()
}

async fn data(by: &Actor, query: &[(&str, &str)]) -> Vec<BTreeMap<String, String>> {
    rows(&by.call("GET", &with_query(&format!("{FLOW}/*"), query)).send().await)
}

fn key(row: &BTreeMap<String, String>) -> Key {
    KEY.map(|name| row[name].clone())
}

/// What the rows say, each place once.
fn told(rows: &[BTreeMap<String, String>]) -> BTreeMap<Key, Figure> {
    let mut all = BTreeMap::new();
    for row in rows {
        assert_eq!(
            (row["STRUCTURE"].as_str(), row["STRUCTURE_ID"].as_str(), row["ACTION"].as_str()),
            ("dataflow", "BINHDANG:DF_GE(1.0)", "I")
        );
        let hidden = row["CONF_STATUS"] != "F";
        assert_eq!(hidden, row["OBS_STATUS"] == "Q", "{row:?}");
        assert_eq!(row["OBS_VALUE"].is_empty(), ["Q", "M"].contains(&row["OBS_STATUS"].as_str()), "{row:?}");
        let figure = (row["OBS_VALUE"].clone(), row["NUMERATOR"].clone(), row["DENOMINATOR"].clone(), hidden);
        assert!(all.insert(key(row), figure).is_none(), "twice: {row:?}");
    }
    all
}

fn frequency(label: &str) -> &'static str {
    match (label.contains('Q'), label.len()) {
        (true, _) => "Q",
        (false, 4) => "A",
        _ => "M",
    }
}

fn shown(value: &Value) -> String {
    if value.is_null() { String::new() } else { number(value) }
}

/// What a member of an answer says; nothing where it says nothing.
fn figure(row: &Value, none: bool) -> Option<Figure> {
    if row["suppressed"] == true {
        return Some((String::new(), String::new(), String::new(), true));
    }
    let value = match &row["answer"] {
        Value::Bool(yes) => u8::from(*yes).to_string(),
        _ => shown(&row["value"]),
    };
    let (numerator, denominator) = (shown(&row["numerator"]), shown(&row["denominator"]));
    let says = none || !value.is_empty() || !numerator.is_empty() || !denominator.is_empty();
    says.then_some((value, numerator, denominator, false))
}

fn sex(part: &Value) -> Option<String> {
    let members = part.as_object().expect("a disaggregation");
    match (members.len(), members.get("sex").and_then(Value::as_str)) {
        (0, None) => Some("_T".to_owned()),
        (1, Some("female")) => Some("F".to_owned()),
        (1, Some("male")) => Some("M".to_owned()),
        _ => None,
    }
}

/// What progress and observations say to everybody of an administrative unit, of all years of which they say anything.
async fn expected(app: &TestApp, area: &str, units: bool) -> BTreeMap<Key, Figure> {
    let public = app.anonymous();
    let place = |unit: &str, indicator: &str, sex: &str, label: &str| {
        let indicator = format!("I{}", indicator.replace('.', "_"));
        [frequency(label), &format!("VN_{area}"), &unit.replace('.', "_"), &indicator, sex, label].map(str::to_owned)
    };
    let mut all = BTreeMap::new();
    let first = public.find("/progress", &[("jurisdiction", area)]).await;
    if first.status == 400 {
        return all;
    }
    for year in list(&first.ok(), "years") {
        let year = text(year, "label").to_owned();
        let parts = (1..=4).map(|q| format!("{year}-Q{q}")).chain((1..=12).map(|m| format!("{year}-{m:02}")));
        for label in [year.clone()].into_iter().chain(parts) {
            let progress = public.find("/progress", &[("jurisdiction", area), ("period", &label)]).await.ok();
            for row in list(&progress, "indicators") {
                let of = code(&row["indicator"]);
                let none = ["no_cases", "not_applicable"].contains(&text(row, "result"));
                all.extend(figure(row, none).map(|figure| (place("_T", of, "_T", &label), figure)));
                for part in list(row, "breakdowns") {
                    let Some(sex) = sex(&part["disaggregation"]) else { continue };
                    all.extend(figure(part, false).map(|figure| (place("_T", of, &sex, &label), figure)));
                }
            }
        }
    }
    if units {
        for row in public.items("/observations", &[("jurisdiction", area)]).await {
            let label = text(&row["period"], "label").to_owned();
            let Some(sex) = sex(&row["disaggregation"]) else { continue };
            let place = place(code(&row["unit"]), code(&row["indicator"]), &sex, &label);
            all.extend(figure(&row, !row["not_applicable"].is_null()).map(|figure| (place, figure)));
        }
    }
    all
}

/// Compares every row with every cell of progress and observations, in both directions. Periods must be regular ones.
pub async fn agrees(app: &TestApp) -> usize {
    let found = told(&data(&app.anonymous(), &[]).await);
    let mut wanted = BTreeMap::new();
    for (area, is_ward) in [(WARD, true), (PROVINCE, false), (NEIGHBOUR, true)] {
        if !is_ward || app.anonymous().items("/jurisdictions", &[("code", area)]).await.len() == 1 {
            wanted.extend(expected(app, area, is_ward).await);
        }
    }
    let differing: Vec<_> = wanted.keys().chain(found.keys()).filter(|key| wanted.get(*key) != found.get(*key)).collect();
    let all: BTreeSet<_> = differing.into_iter().map(|key| format!("{key:?}: {:?}, not {:?}", found.get(key), wanted.get(key))).collect();
    assert!(all.is_empty(), "{} differ:\n{}", all.len(), all.into_iter().take(20).collect::<Vec<_>>().join("\n"));
    found.len()
}

/// Years and a quarter with figures of every kind, of which the last year is not sent.
async fn years(app: &TestApp) -> Period {
    let by = app.coordinator().await;
    let units = ["U2", "U5", "U6"];
    let quarter = Period::regular(app, &by, PLAN, "2026-Q1", &["U4"], &["6.3"]).await;
    quarter.deliver("U4", &[json!({"indicator": "6.3", "numerator": 5, "status": "final"})]).await;
    quarter.consolidate().await.send().await;
    let first = Period::regular(app, &by, PLAN, "2026", &units, &["2.3", "3.3", "4.1", "4.3"]).await;
    let estimate = json!({"indicator": "4.1", "numerator": 114, "denominator": 100, "status": "estimate"});
    first.deliver("U5", &[estimate, part("4.1", "sex", "female", 50, 48), part("4.1", "sex", "male", 64, 52), cell("4.3", 2, 900)]).await;
    first.deliver("U6", &[cell("3.3", 2, 90)]).await;
    first.deliver("U2", &[cell("2.3", 129, 468)]).await;
    first.consolidate().await.send().await;
    let second = Period::regular(app, &by, PLAN, "2027", &units, &["2.3", "3.3", "4.1"]).await;
    second.deliver("U5", &[cell("4.1", 221, 200)]).await;
    second.deliver("U6", &[cell("3.3", 0, 0)]).await;
    second.deliver("U2", &[not_applicable("2.3", "Không có hộ nghèo")]).await;
    second.consolidate().await.send().await;
    let third = Period::regular(app, &by, PLAN, "2028", &["U5"], &["4.1"]).await;
    third.deliver("U5", &[cell("4.1", 333, 300)]).await;
    third
}

async fn structures_are_those_of_one_cube(app: TestApp) {
    let public = app.anonymous();
    let whole = public.get(&format!("{STRUCTURE}/dataflow/BINHDANG/DF_GE/1.0?references=all")).await;
    assert_eq!(whole.header("content-type"), "application/vnd.sdmx.structure+json; version=2.0.0; charset=utf-8");
    let whole = whole.ok();
    let data = &whole["data"];
    assert_eq!((list(data, "dataflows").len(), list(data, "dataStructures").len(), list(data, "conceptSchemes").len()), (1, 1, 1));
    let components = &data["dataStructures"][0]["dataStructureComponents"];
    let ids = |all: &Value| all.as_array().expect("a list").iter().map(|one| text(one, "id").to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&components["dimensionList"]["dimensions"]), KEY[..5]);
    assert_eq!(text(&components["dimensionList"]["timeDimension"], "id"), "TIME_PERIOD");
    let lists = list(data, "codelists");
    let of = |id: &str| lists.iter().find(|list| list["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    let named =
        |list: &Value, id: &str| list["codes"].as_array().unwrap().iter().find(|code| code["id"] == id).expect("a code")["names"].clone();
    assert_eq!(named(of("CL_INDICATOR"), "I4_1")["vi"], public.by_code("/indicators", "4.1").await["name"]["vi"]);
    let unit = public.by_code("/units", "U5").await;
    assert_eq!(named(of("CL_UNIT"), "U5")["vi"], unit["name"]["vi"]);
    let areas = of("CL_AREA")["codes"].as_array().unwrap();
    assert_eq!(areas.iter().map(|area| text(area, "id")).collect::<Vec<_>>(), ["VN_24", "VN_09385"]);
    assert_eq!(areas[1]["parent"], "VN_24");
    // The reader's language stands first.
    let english =
        public.call("GET", &format!("{STRUCTURE}/codelist/BINHDANG/CL_SEX/1.0")).header("Accept-Language", "en").send().await.ok();
    assert_eq!(english["data"]["codelists"][0]["codes"][0]["name"], "Female");
    // What a path leaves out is everything; a slash at its end says nothing.
    let flows = short(&public, &format!("{STRUCTURE}/dataflow?detail=allcompletestubs")).await.ok();
    assert_eq!((ids(&flows["data"]["dataflows"]), flows["data"].get("codelists")), (vec!["DF_GE".to_owned()], None));
    assert_eq!(
        (&flows["data"]["dataflows"][0]["isExternalReference"], flows["data"]["dataflows"][0].get("structure")),
        (&json!(true), None)
    );
    let agencies = short(&public, &format!("{STRUCTURE}/agencyscheme/SDMX/")).await.ok();
    assert_eq!(ids(&agencies["data"]["agencySchemes"][0]["agencies"]), ["BINHDANG"]);
    for version in ["latest", "~", "+", "*", "1%2B.0", "1.0/"] {
        short(&public, &format!("{STRUCTURE}/codelist/BINHDANG/CL_SEX/{version}")).await.ok();
    }
    let schema = public.get("/sdmx/v2/schema/dataflow/BINHDANG/DF_GE/1.0").await.ok();
    assert_eq!((list(&schema["data"], "codelists").len(), schema["data"].get("dataflows")), (7, None));
}

async fn figures_are_those_that_everybody_reads(app: TestApp) {
    years(&app).await;
    assert!(agrees(&app).await > 20);
    let found = data(&app.anonymous(), &[("c[UNIT]", "_T"), ("c[REF_AREA]", "VN_09385")]).await;
    let of = |indicator: &str, sex: &str, label: &str| {
        let place = ["INDICATOR", "SEX", "TIME_PERIOD"].into_iter().zip([indicator, sex, label]);
        let row = found.iter().find(|row| place.clone().all(|(name, value)| row[name] == value));
        row.unwrap_or_else(|| panic!("no {indicator} {sex} {label}"))
    };
    let births = of("I4_1", "_T", "2026");
    let said = ["OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "NUMERATOR", "DENOMINATOR"].map(|name| births[name].as_str());
    assert_eq!(said, ["114", "E", "F", "114", "100"]);
    let unit = app.anonymous().by_code("/indicators", "4.1").await["unit_of_measure"]["vi"].clone();
    assert_eq!(births["UNIT_MEASURE"], unit);
    let girls = data(&app.anonymous(), &[("c[UNIT]", "U5"), ("c[SEX]", "F")]).await;
    assert_eq!(girls.iter().map(|row| row["NUMERATOR"].as_str()).collect::<Vec<_>>(), ["50"]);
    // Two of ninety are few enough to point at somebody; none of none are no secret.
    let victims = of("I3_3", "_T", "2026");
    assert_eq!((victims["OBS_VALUE"].as_str(), victims["OBS_STATUS"].as_str(), victims["CONF_STATUS"].as_str()), ("", "Q", "C"));
    let none = of("I3_3", "_T", "2027");
    assert_eq!((none["OBS_VALUE"].as_str(), none["OBS_STATUS"].as_str(), none["NUMERATOR"].as_str()), ("", "M", "0"));
    assert_eq!(of("I6_3", "_T", "2026-Q1")["FREQ"], "Q");
    // Whoever may read more reads here what everybody reads.
    let leader = app.leader().await;
    assert_eq!(told(&data(&leader, &[]).await), told(&data(&app.anonymous(), &[]).await));
}

async fn a_province_is_the_sum_of_its_wards(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let by = above(&app).await;
    for (ward, plan, births) in [(WARD, &plan, 221), (NEIGHBOUR, &copy, 190)] {
        let period = Period::regular(&app, &by, plan, "2027", &["U5", "U6"], &["4.1", "3.3"]).await;
        deliver(&app, ward, &period, "U5", &[cell("4.1", births, 200)]).await;
        deliver(&app, ward, &period, "U6", &[cell("3.3", if ward == WARD { 2 } else { 40 }, 90)]).await;
        let whole = json!({"period": period.id});
        let made = by.post("/consolidated-reports", &whole).await.with_status(201);
        let path = format!("/consolidated-reports/{}", text(&made, "id"));
        let leader = app.someone(crate::house::Grant::of("leader").at(ward).restricted()).await;
        leader.act(&path, "approve", &json!({})).await.with_status(200);
        by.act(&path, "send", &json!({})).await.with_status(200);
        // Of the first alone, then of both.
        agrees(&app).await;
    }
    let found = told(&data(&app.anonymous(), &[("c[REF_AREA]", "VN_24"), ("c[INDICATOR]", "I4_1")]).await);
    let sum: Vec<&Figure> = found.values().collect();
    assert_eq!(sum, [&("102.75".to_owned(), "411".to_owned(), "400".to_owned(), false)]);
}

async fn nothing_is_told_before_it_is_sent(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let whole = period.consolidate().await;
    let silent = async |by: &Actor| {
        by.get(&format!("{FLOW}/*")).await.with_status(204);
        by.get("/sdmx/2.1/data/DF_GE/all/all").await.problem(404, "resource.not_found");
    };
    silent(&app.anonymous()).await;
    silent(&by).await;
    whole.approve().await;
    silent(&app.anonymous()).await;
    by.act(&whole.path, "send", &json!({})).await.with_status(200);
    assert!(!data(&app.anonymous(), &[]).await.is_empty());
    // Another year, and what is corrected meanwhile, is not told.
    years_not_sent(&app, &by, &period).await;
    let years: BTreeSet<String> = data(&app.anonymous(), &[]).await.into_iter().map(|row| row["TIME_PERIOD"][..4].to_owned()).collect();
    assert_eq!(years, BTreeSet::from(["2027".to_owned()]));
    agrees(&app).await;
}

async fn years_not_sent(app: &TestApp, by: &Actor, period: &Period) {
    let next = Period::regular(app, by, PLAN, "2028", &["U5"], &["4.1"]).await;
    next.deliver("U5", &[cell("4.1", 333, 300)]).await;
    period.correct("Số liệu chính thức").await;
    let report = period.report("U5").await;
    report.reopen("Số liệu chính thức").await;
    report.submit(&[cell("4.1", 210, 200)]).await;
    report.accept().await;
    let births = told(&data(&app.anonymous(), &[("c[UNIT]", "U5")]).await);
    assert_eq!(births.values().next().map(|figure| figure.1.as_str()), Some("221"));
}

async fn what_was_sent_stays_as_it_was(app: TestApp) {
    years(&app).await;
    let before = data(&app.anonymous(), &[]).await;
    let by = app.coordinator().await;
    for (collection, named, change) in [
        ("/indicators", "4.1", json!({"name": bi("Tên mới", "New name")})),
        ("/indicators", "4.1", json!({"targets": []})),
        ("/indicators", "3.3", json!({"name": bi("Tên mới nữa", "Another new name")})),
        ("/units", "U5", json!({"name": bi("Trường mới", "New school")})),
    ] {
        let path = format!("{collection}/{}", text(&by.by_code(collection, named).await, "id"));
        let answer = by.patch(&path, &change).await;
        assert!(answer.status < 500, "{}", answer.excerpt());
    }
    let unit = format!("/units/{}", text(&by.by_code("/units", "U6").await, "id"));
    by.act(&unit, "dissolve", &json!({"on": &in_days(0)[..10], "successors": ["U5"], "reason": "Sáp nhập"})).await;
    assert_eq!(data(&app.anonymous(), &[]).await, before);
    agrees(&app).await;
    // An indicator is called as it was when it was published last.
    let codes = app.anonymous().get(&format!("{STRUCTURE}/codelist/BINHDANG/CL_INDICATOR/1.0")).await.ok();
    let codes = codes["data"]["codelists"][0]["codes"].as_array().unwrap();
    assert_ne!(codes.iter().find(|code| code["id"] == "I4_1").unwrap()["name"], "Tên mới");
}

async fn figures_are_chosen_by_keys_and_conditions(app: TestApp) {
    years(&app).await;
    let public = app.anonymous();
    let all = data(&public, &[]).await;
    let count = |holds: &dyn Fn(&BTreeMap<String, String>) -> bool| all.iter().filter(|row| holds(row)).count();
    let is = |name: &'static str, value: &'static str| move |row: &BTreeMap<String, String>| row[name] == value;
    for (query, wanted) in [
        (vec![("c[INDICATOR]", "I4_1")], count(&is("INDICATOR", "I4_1"))),
        (vec![("c[INDICATOR]", "I4_1,I4_3")], count(&|row| ["I4_1", "I4_3"].contains(&row["INDICATOR"].as_str()))),
        (vec![("c[SEX]", "ne:_T")], count(&|row| row["SEX"] != "_T")),
        (vec![("c[UNIT]", "eq:_T"), ("c[FREQ]", "Q")], count(&|row| row["UNIT"] == "_T" && row["FREQ"] == "Q")),
        (vec![("c[TIME_PERIOD]", "ge:2027")], count(&|row| row["TIME_PERIOD"].as_str() >= "2027")),
        (vec![("c[TIME_PERIOD]", "ge:2026+le:2026")], count(&|row| row["TIME_PERIOD"].starts_with("2026"))),
        (vec![("updatedAfter", "2020-01-01T00:00:00")], all.len()),
        (vec![("updatedAfter", "2999-01-01")], 0),
    ] {
        assert_eq!(data(&public, &query).await.len(), wanted, "{query:?}");
        assert!(wanted > 0 || query[0].1 == "2999-01-01", "{query:?} tries nothing");
    }
    for (key, wanted) in [
        ("A....", count(&is("FREQ", "A"))),
        ("*.VN_24.*.*.*", count(&is("REF_AREA", "VN_24"))),
        (
            "A.VN_09385._T.I4_1%2BI4_3._T",
            count(&|row| {
                key(row)[..3] == ["A", "VN_09385", "_T"] && ["I4_1", "I4_3"].contains(&row["INDICATOR"].as_str()) && row["SEX"] == "_T"
            }),
        ),
        ("Q....,M....", count(&|row| row["FREQ"] != "A")),
    ] {
        assert_eq!(rows(&public.get(&format!("{FLOW}/{key}")).await).len(), wanted, "{key}");
    }
    // Of each series one end.
    let births = [("c[INDICATOR]", "I4_1"), ("c[REF_AREA]", "VN_09385"), ("c[UNIT]", "_T"), ("c[SEX]", "_T")];
    for (name, year) in [("firstNObservations", "2026"), ("lastNObservations", "2027")] {
        let found = data(&public, &[&births[..], &[(name, "1")]].concat()).await;
        assert_eq!(found.iter().map(|row| row["TIME_PERIOD"].as_str()).collect::<Vec<_>>(), [year]);
    }
    let bare = public.get(&format!("{FLOW}/*?attributes=OBS_STATUS&measures=none")).await;
    assert!(bare.text.starts_with("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,UNIT,INDICATOR,SEX,TIME_PERIOD,OBS_STATUS\r\n"));
    for wrong in ["A.B", "A.VN_24._T.I4_1._T.2026"] {
        public.get(&format!("{FLOW}/{wrong}")).await.problem(400, "query.invalid");
    }
    for wrong in ["c[TIME_PERIOD]=soon", "updatedAfter=soon", "lastNObservations=0", "measures=some"] {
        public.get(&format!("{FLOW}/*?{wrong}")).await.problem(400, "query.invalid");
    }
    public.get(&format!("{FLOW}/*?c[GOAL]=G1")).await.problem(400, "query.unknown");
}

async fn what_there_is_can_be_asked_for(app: TestApp) {
    let public = app.anonymous();
    let path = "/sdmx/v2/availability/dataflow/BINHDANG/DF_GE/1.0";
    let counted = |told: &Value| {
        let metrics = list(&told["data"]["dataConstraints"][0], "annotations").to_vec();
        metrics.iter().map(|one| text(one, "title").parse::<usize>().unwrap()).collect::<Vec<_>>()
    };
    public.get(&format!("{path}/*/*")).await.problem(404, "resource.not_found");
    years(&app).await;
    let all = data(&public, &[]).await;
    let series: BTreeSet<Vec<String>> = all.iter().map(|row| key(row)[..5].to_vec()).collect();
    let told = public.get(&format!("{path}/*/*?references=all")).await.ok();
    assert_eq!(counted(&told), [all.len(), series.len()]);
    assert_eq!((list(&told["data"], "dataflows").len(), list(&told["data"], "codelists").len()), (1, 7));
    let region = &told["data"]["dataConstraints"][0]["cubeRegions"][0];
    for (at, name) in KEY.iter().enumerate() {
        let values = &region["keyValues"][at];
        let found: BTreeSet<&str> = list(values, "values").iter().map(|value| text(value, "value")).collect();
        assert_eq!((text(values, "id"), found), (*name, all.iter().map(|row| row[*name].as_str()).collect()));
    }
    // Every code of the data is in its list.
    for (list, name) in [
        ("CL_AREA", "REF_AREA"),
        ("CL_UNIT", "UNIT"),
        ("CL_INDICATOR", "INDICATOR"),
        ("CL_SEX", "SEX"),
        ("CL_FREQ", "FREQ"),
        ("CL_OBS_STATUS", "OBS_STATUS"),
    ] {
        let codes =
            told["data"]["codelists"].as_array().unwrap().iter().find(|one| one["id"] == list).unwrap()["codes"].as_array().unwrap();
        for row in &all {
            assert!(codes.iter().any(|code| code["id"] == row[name]), "{list} lacks {}", row[name]);
        }
    }
    let some = public.get(&format!("{path}/*/INDICATOR,SEX?c[UNIT]=U5")).await.ok();
    let region = &some["data"]["dataConstraints"][0]["cubeRegions"][0]["keyValues"];
    assert_eq!(region.as_array().unwrap().iter().map(|one| text(one, "id")).collect::<Vec<_>>(), ["INDICATOR", "SEX"]);
    assert!(some["data"].get("codelists").is_none() && list(&region[1], "values").len() == 3);
    public.get(&format!("{path}/*/GOAL")).await.problem(404, "resource.not_found");
}

async fn sdmx_ml_says_the_same(app: TestApp) {
    years(&app).await;
    let public = app.anonymous();
    let all = data(&public, &[]).await;
    let base = "/sdmx/2.1/data/DF_GE/all/all";
    let generic = public.get(base).await;
    assert_eq!(generic.header("content-type"), "application/vnd.sdmx.genericdata+xml; version=2.1; charset=utf-8");
    assert!(generic.text.ends_with("</mes:GenericData>"), "{}", generic.excerpt());
    let count = |answer: &Answer, element: &str| answer.text.matches(element).count();
    let series: BTreeSet<Vec<String>> = all.iter().map(|row| key(row)[..5].to_vec()).collect();
    assert_eq!((count(&generic, "<gen:Obs>"), count(&generic, "<gen:Series>")), (all.len(), series.len()));
    assert_eq!(count(&generic, "<gen:ObsValue"), all.iter().filter(|row| !row["OBS_VALUE"].is_empty()).count());
    let flat = public.get(&format!("{base}?dimensionAtObservation=AllDimensions")).await;
    assert_eq!((count(&flat, "<gen:ObsKey>"), count(&flat, "<gen:Series>")), (all.len(), 0));
    let specific = public.call("GET", base).header("Accept", "application/vnd.sdmx.structurespecificdata+xml;version=2.1").send().await;
    assert_eq!((count(&specific, "<Obs "), count(&specific, "<Series ")), (all.len(), series.len()));
    assert_eq!(count(&specific, "CONF_STATUS=\"C\""), all.iter().filter(|row| row["CONF_STATUS"] == "C").count());
    let bare = public.get(&format!("{base}?detail=dataonly")).await;
    assert_eq!((count(&bare, "<gen:Obs>"), count(&bare, "gen:Attributes")), (all.len(), 0));
    let keys = public.get(&format!("{base}?detail=serieskeysonly")).await;
    assert_eq!((count(&keys, "<gen:SeriesKey>"), count(&keys, "<gen:Obs>")), (series.len(), 0));
    let later = public.get(&format!("{base}?startPeriod=2027&endPeriod=2027")).await;
    assert_eq!(count(&later, "<gen:Obs>"), all.iter().filter(|row| row["TIME_PERIOD"].starts_with("2027")).count());
    let one = short(&public, "/sdmx/2.1/data/BINHDANG,DF_GE,1.0/A.VN_09385._T.I4_1._T/").await;
    assert_eq!(count(&one, "<gen:Obs>"), 2);
    let whole = short(&public, "/sdmx/2.1/dataflow/BINHDANG/DF_GE/latest?references=all").await;
    assert_eq!(whole.header("content-type"), "application/vnd.sdmx.structure+xml; version=2.1; charset=utf-8");
    assert_eq!((count(&whole, "<str:Codelist "), count(&whole, "<str:Dataflow "), count(&whole, "<str:Dimension ")), (7, 1, 5));
    let structures = public.get("/sdmx/2.1/structure/all/all/all").await;
    assert_eq!(count(&structures, "<str:AgencyScheme "), 2);
}

async fn other_formats_and_things_are_refused(app: TestApp) {
    let public = app.anonymous();
    for (path, accept) in [
        (format!("{FLOW}/*"), "application/json"),
        (format!("{FLOW}/*"), "application/vnd.sdmx.data+csv;version=1.0.0"),
        (format!("{STRUCTURE}/dataflow/*/*/~"), "application/vnd.sdmx.structure+xml"),
        ("/sdmx/2.1/dataflow/all/all/latest".to_owned(), "application/vnd.sdmx.structure+json;version=2.0.0"),
    ] {
        public.call("GET", &path).header("Accept", accept).send().await.problem(406, "media_type.not_acceptable");
    }
    for path in [
        "/sdmx/v2/data/dataflow/BINHDANG/DF_OTHER/1.0/*",
        "/sdmx/v2/data/dataflow/OTHER/DF_GE/1.0/*",
        "/sdmx/v2/data/dataflow/BINHDANG/DF_GE/2.0/*",
        "/sdmx/v2/structure/codelist/BINHDANG/CL_OTHER/1.0",
        "/sdmx/v2/structure/valuelist/BINHDANG/CL_SEX/1.0",
        "/sdmx/v2/structure/nonsense/*/*/*",
        "/sdmx/2.1/data/DF_OTHER/all/all",
        "/sdmx/2.1/data/DF_GE/all/OTHER",
    ] {
        public.get(path).await.problem(404, "resource.not_found");
    }
    for path in ["/sdmx/v2/structure/metadatastructure/*/*/~", "/sdmx/2.1/process/all/all/latest"] {
        public.get(path).await.problem(501, "sdmx.not_implemented");
    }
    short(&public, "/sdmx/v2/metadata/metadataflow/BINHDANG/MDF").await.problem(501, "sdmx.not_implemented");
    public.get(&format!("{FLOW}/*?includeHistory=true")).await.problem(501, "sdmx.not_implemented");
    public.call("POST", &format!("{FLOW}/*")).send().await.refused(405);
}
