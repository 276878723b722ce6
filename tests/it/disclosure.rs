//! What readers without the scope see of restricted figures (contract, section 8): everything that each of them can get
//! is put together and solved.

use crate::house::json::{code, list, of_indicator, text};
use crate::house::steps::{Consolidated, Period, cell, observation, part};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp, WARD};
use crate::progress::{NEIGHBOUR, above, deliver, neighbour};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

on_both![
    a_small_figure_is_hidden_and_a_large_one_shown,
    nothing_of_nothing_is_no_secret,
    what_is_not_accepted_is_not_judged,
    before_all_have_reported_nothing_is_told,
    nobody_solves_a_ward,
    a_unit_with_nearly_all_does_not_find_the_few,
    what_a_revision_hid_stays_hidden,
    a_year_tells_nothing_of_the_hidden_one_before,
    a_province_is_hidden_with_one_of_its_wards,
    the_threshold_is_a_setting,
    readiness_tells_no_figures,
    a_replay_is_refused_to_who_lost_the_scope,
];

const INDICATOR: &str = "3.2a";
const UNITS: [&str; 5] = ["U1", "U2", "U3", "U4", "U5"];

/// Numerator and denominator.
type Pair = (i64, i64);
/// A unit, or the ward (`None`); the whole, or a sex.
type Place = (Option<String>, Option<String>);

/// The indicator, asked of five units.
async fn asked_of_five(by: &Actor, plan: &str) {
    let found = by.items("/indicators", &[("plan", plan), ("code", INDICATOR)]).await;
    let units: Vec<Value> = UNITS.iter().map(|unit| json!({"unit": unit, "duty": "report", "basis": "inferred"})).collect();
    by.patch(&format!("/indicators/{}", text(&found[0], "id")), &json!({"units": units})).await.with_status(200);
}

/// A ward: what its units say, each the whole and perhaps the two sexes.
type Ward = BTreeMap<Place, Pair>;

/// What all units say together, of the whole or of a sex.
fn total(ward: &Ward, of: Option<&String>) -> Pair {
    ward.iter().filter(|((_, sex), _)| sex.as_ref() == of).fold((0, 0), |sum, (_, pair)| (sum.0 + pair.0, sum.1 + pair.1))
}

/// The totals of a ward: of the whole, and of each sex that somebody told.
fn totals(ward: &Ward) -> BTreeSet<Place> {
    ward.keys().map(|(_, sex)| (None, sex.clone())).collect()
}

fn said_by(ward: &Ward, unit: &str) -> Vec<Value> {
    let own = ward.iter().filter(|((of, _), _)| of.as_deref() == Some(unit));
    let told = own.map(|((_, sex), (numerator, denominator))| match sex {
        None => cell(INDICATOR, *numerator, *denominator),
        Some(sex) => part(INDICATOR, "sex", sex, *numerator, *denominator),
    });
    told.collect()
}

/// A ward of figures that differ from run to run of `seed` only.
fn random_ward(seed: u64) -> Ward {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state % n).unwrap()
    };
    let mut ward = Ward::new();
    for unit in UNITS {
        let mut sexes = Vec::new();
        for sex in ["female", "male"] {
            let mut count = || match below(4) {
                0 => 0,
                1 => 1 + below(4),
                _ => 5 + below(30),
            };
            let (cases, others) = (count(), count());
            sexes.push((sex, (cases, cases + others)));
        }
        let sum = sexes.iter().fold((0, 0), |sum, (_, pair)| (sum.0 + pair.0, sum.1 + pair.1));
        ward.insert((Some(unit.to_owned()), None), sum);
        if below(2) == 0 {
            ward.extend(sexes.into_iter().map(|(sex, pair)| ((Some(unit.to_owned()), Some(sex.to_owned())), pair)));
        }
    }
    ward
}

fn is_small((numerator, denominator): Pair) -> bool {
    [numerator, denominator, denominator - numerator].iter().any(|n| (1..5).contains(n))
}

/// What somebody found out: at each place every figure that was shown to him there; `None` where it was hidden.
type Seen = BTreeMap<Place, BTreeSet<Option<Pair>>>;

fn pair(of: &Value) -> Option<Pair> {
    let whole = |member: &str| of[member].as_i64();
    Some((whole("numerator")?, whole("denominator")?))
}

fn note(seen: &mut Seen, place: Place, told: &Value) {
    let pair = pair(told);
    if told["suppressed"] == true {
        for member in ["numerator", "denominator", "value", "previous_value", "change", "pace", "note", "extra"] {
            assert!(told[member].is_null(), "{member} is told of a hidden figure: {told}");
        }
        assert!(told.get("result").is_none_or(|r| r == "suppressed"), "{told}");
    }
    seen.entry(place).or_default().insert(pair);
}

fn sex_of(told: &Value) -> Option<String> {
    told["disaggregation"]["sex"].as_str().map(str::to_owned)
}

fn note_result(seen: &mut Seen, results: &Value) {
    let Some(row) = results.as_array().and_then(|rows| rows.iter().find(|row| code(&row["indicator"]) == INDICATOR)) else { return };
    note(seen, (None, None), row);
    for part in row["breakdowns"].as_array().into_iter().flatten().filter(|part| part["coverage"]["reported"] != 0) {
        if let Some(sex) = sex_of(part) {
            note(seen, (None, Some(sex)), part);
        }
    }
    for contributor in row["contributors"].as_array().into_iter().flatten() {
        note(seen, (Some(code(&contributor["unit"]).to_owned()), None), contributor);
    }
}

/// Everything that somebody can get of one period, by every path and filter.
async fn collect(by: &Actor, period: &Period, label: &str) -> Seen {
    let mut seen = Seen::new();
    let mut filters = vec![vec![], vec![("status", "final")], vec![("disaggregation.sex", "female")], vec![("disaggregation.sex", "male")]];
    filters.extend(UNITS.iter().map(|unit| vec![("unit", *unit)]));
    for mut query in filters {
        query.extend([("plan", PLAN), ("indicator", INDICATOR), ("period", period.id.as_str())]);
        for told in by.items("/observations", &query).await {
            note(&mut seen, (Some(code(&told["unit"]).to_owned()), sex_of(&told)), &told);
        }
    }
    for query in [vec![("plan", PLAN), ("period", label)], vec![("jurisdiction", PROVINCE), ("period", label)]] {
        let progress = by.find("/progress", &query).await.ok();
        note_result(&mut seen, &progress["indicators"]);
        for ward in list(&progress, "wards").iter().filter(|w| w["jurisdiction"] == WARD) {
            note_result(&mut seen, &ward["indicators"]);
        }
        let row = of_indicator(list(&progress, "indicators"), INDICATOR);
        for point in list(row, "series").iter().filter(|point| text(point, "period") == label) {
            let mut point = point.clone();
            point["suppressed"] = json!(point["result"] == "suppressed");
            note(&mut seen, (None, None), &point);
        }
    }
    for (list_path, at) in [("/reports", "observations"), ("/consolidated-reports", "results")] {
        let listed = by.find(list_path, &[("period", &period.id)]).await;
        if listed.status != 200 {
            continue;
        }
        for item in list(&listed.body, "items") {
            note_result(&mut seen, &item["results"]);
            let path = format!("{list_path}/{}", text(item, "id"));
            let one = by.get(&path).await.ok();
            match at {
                "observations" => {
                    for told in list(&one, at).iter().filter(|o| code(&o["indicator"]) == INDICATOR) {
                        note(&mut seen, (Some(code(&one["unit"]).to_owned()), sex_of(told)), told);
                    }
                }
                _ => {
                    note_result(&mut seen, &one["results"]);
                    note_result(&mut seen, &one["content"]["results"]);
                }
            }
        }
    }
    seen
}

/// The sums of a ward that everybody knows: a total, and its parts.
fn sums(ward: &Ward) -> Vec<(Place, Vec<Place>)> {
    let units: Vec<Place> = ward.keys().filter(|(_, sex)| sex.is_none()).cloned().collect();
    let mut sums = Vec::new();
    for total in totals(ward) {
        let parts = ward.keys().filter(|(_, sex)| *sex == total.1).cloned().collect();
        sums.push((total, parts));
    }
    for unit in &units {
        let sexes: Vec<Place> = ward.keys().filter(|(of, sex)| *of == unit.0 && sex.is_some()).cloned().collect();
        if !sexes.is_empty() {
            sums.push((unit.clone(), sexes));
        }
    }
    sums
}

/// The places whose figure follows from the known ones: the equations in row echelon form.
fn solved(ward: &Ward, known: &BTreeSet<Place>) -> BTreeSet<Place> {
    let totals = totals(ward);
    let unknown: Vec<&Place> = ward.keys().chain(&totals).filter(|place| !known.contains(*place)).collect();
    let mut rows: Vec<Vec<f64>> = sums(ward)
        .iter()
        .map(|(total, parts)| {
            let sign = |place: &Place| if place == total { -1.0 } else { f64::from(u8::from(parts.contains(place))) };
            unknown.iter().map(|place| sign(place)).collect()
        })
        .collect();
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column].abs() > 1e-9) else { continue };
        rows.swap(rank, pivot);
        let lead: Vec<f64> = rows[rank].iter().map(|n| n / rows[rank][column]).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if at == rank {
                row.clone_from(&lead);
            } else {
                row.iter_mut().zip(&lead).for_each(|(n, l)| *n -= factor * l);
            }
        }
        rank += 1;
    }
    let alone = |row: &Vec<f64>| {
        let filled: Vec<usize> = row.iter().enumerate().filter(|(_, n)| n.abs() > 1e-9).map(|(at, _)| at).collect();
        if let [one] = filled[..] { Some(unknown[one].clone()) } else { None }
    };
    rows.iter().filter_map(alone).collect()
}

/// Goes through what somebody collected: nothing false, nothing small, nothing shown here and hidden there, nothing that
/// follows. `own` is the unit that he belongs to.
fn examine(who: &str, ward: &Ward, seen: &Seen, own: Option<&str>) -> BTreeSet<Place> {
    let truth = |place: &Place| if place.0.is_none() { total(ward, place.1.as_ref()) } else { ward[place] };
    let mut known = BTreeSet::new();
    for (place, told) in seen {
        let shown: Vec<Pair> = told.iter().flatten().copied().collect();
        let is_own = own.is_some() && place.0.as_deref() == own;
        assert!(shown.len() <= 1, "{who} is told different things of {place:?}: {shown:?}");
        if let Some(shown) = shown.first() {
            assert_eq!(*shown, truth(place), "{who}, {place:?}");
            assert!(is_own || !is_small(*shown), "{who} is shown {shown:?} of {place:?}");
            assert!(is_own || !told.contains(&None), "{who} is shown {shown:?} of {place:?} in one place and not in another");
            known.insert(place.clone());
        }
        assert!(truth(place) != (0, 0) || !told.contains(&None), "{who}: that nothing happened is hidden at {place:?}");
    }
    // A unit does not find that all others together are few.
    for (_, sex) in known.iter().filter(|(unit, _)| unit.is_none()) {
        let Some(own) = own.and_then(|mine| ward.get(&(Some(mine.to_owned()), sex.clone()))) else { continue };
        let all = total(ward, sex.as_ref());
        let others = (all.0 - own.0, all.1 - own.1);
        assert!(others == (0, 0) || !is_small(others), "{who} finds {others:?} of all others of {ward:?}");
    }
    // Whatever is not shown counts as hidden, asked for or not.
    let mine: BTreeSet<Place> = ward.keys().filter(|(unit, _)| own.is_some() && unit.as_deref() == own).cloned().collect();
    let to_begin_with: BTreeSet<Place> = ward.iter().filter(|(_, p)| **p == (0, 0)).map(|(at, _)| at.clone()).chain(mine).collect();
    let at_best = solved(ward, &to_begin_with);
    let knows: BTreeSet<Place> = known.union(&to_begin_with).cloned().collect();
    let found: Vec<Place> = solved(ward, &knows).difference(&at_best).cloned().collect();
    assert!(found.is_empty(), "{who} finds {found:?} of {ward:?} from {known:?}");
    known
}

/// Those who read without the scope, each with the unit that he belongs to.
async fn readers(app: &TestApp) -> Vec<(&'static str, Actor, Option<&'static str>)> {
    vec![
        ("supervisor", app.supervisor().await, None),
        ("coordinator", app.someone(Grant::of("coordinator")).await, None),
        ("unit", app.reporter("U2").await, Some("U2")),
        ("province", app.province_machine().await, None),
        ("neighbour", app.someone(Grant::of("supervisor").at(NEIGHBOUR)).await, None),
        ("anonymous", app.anonymous(), None),
    ]
}

async fn delivered(period: &Period, ward: &Ward) {
    for unit in UNITS {
        period.deliver(unit, &said_by(ward, unit)).await;
    }
}

async fn nobody_solves_a_ward(app: TestApp) {
    neighbour(&app).await;
    let by = app.coordinator().await;
    asked_of_five(&by, PLAN).await;
    let mut told = 0;
    for (label, seed) in [("2026", 11_u64), ("2027", 12), ("2028", 13)] {
        let ward = random_ward(seed);
        let period = Period::regular(&app, &by, PLAN, label, &UNITS, &[INDICATOR]).await;
        delivered(&period, &ward).await;
        for (who, reader, own) in readers(&app).await {
            examine(who, &ward, &collect(&reader, &period, label).await, own);
        }
        period.consolidate().await.send().await;
        for (who, reader, own) in readers(&app).await {
            let known = examine(who, &ward, &collect(&reader, &period, label).await, own);
            told += known.len();
        }
    }
    assert!(told > 30, "where everything is hidden nothing is proven: {told}");
}

async fn a_unit_with_nearly_all_does_not_find_the_few(app: TestApp) {
    neighbour(&app).await;
    let by = app.coordinator().await;
    asked_of_five(&by, PLAN).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &UNITS, &[INDICATOR]).await;
    let ward = wholes(&[(1, 2), (734_176, 1_500_000), (3, 6), (0, 0), (0, 0)]);
    delivered(&period, &ward).await;
    let examined = async |when: &str| {
        for (who, reader, own) in readers(&app).await {
            let known = examine(who, &ward, &collect(&reader, &period, "2027").await, own);
            assert!(!known.contains(&(None, None)), "{who}, {when}: the total is told");
        }
    };
    examined("accepted").await;
    period.consolidate().await.send().await;
    examined("published").await;
}

/// A ward told as wholes only.
fn wholes(of: &[Pair]) -> Ward {
    UNITS.iter().zip(of).map(|(unit, pair)| ((Some((*unit).to_owned()), None), *pair)).collect()
}

async fn a_small_figure_is_hidden_and_a_large_one_shown(app: TestApp) {
    neighbour(&app).await;
    let period = Period::regular(&app, &app.coordinator().await, PLAN, "2027", &["U5", "U6"], &[INDICATOR, "4.3"]).await;
    period.deliver("U6", &[cell(INDICATOR, 2, 40)]).await;
    let births = period.deliver("U5", &[cell("4.3", 45, 900)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    for (who, reader, _) in readers(&app).await {
        let progress = reader.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
        let victims = of_indicator(list(&progress, "indicators"), INDICATOR);
        assert_eq!(
            (&victims["suppressed"], text(victims, "result"), &victims["value"]),
            (&json!(true), "suppressed", &Value::Null),
            "{who}"
        );
        let young = of_indicator(list(&progress, "indicators"), "4.3");
        assert_eq!((pair(young), &young["suppressed"], text(young, "result")), (Some((45, 900)), &json!(false), "achieved"), "{who}");
    }
    let seen = app.supervisor().await.get(&births.path).await.ok();
    assert_eq!(pair(observation(&seen, "4.3", &json!({})).unwrap()), Some((45, 900)));
    // The version for those without the scope, signed for itself.
    let plain = app.someone(Grant::of("coordinator")).await.get(&whole.path).await.ok();
    assert_eq!(pair(of_indicator(list(&plain["content"], "results"), "4.3")), Some((45, 900)));
    assert!(of_indicator(list(&plain["content"], "results"), INDICATOR)["numerator"].is_null());
    assert_ne!(plain["digest"], whole.read().await["digest"]);
    // Those with the scope see it all, and a unit its own.
    assert_eq!(pair(&whole.result(INDICATOR).await), Some((2, 40)));
    let own = app.reporter("U6").await.items("/observations", &[("plan", PLAN), ("indicator", INDICATOR)]).await;
    assert_eq!(pair(&own[0]), Some((2, 40)));
}

async fn nothing_of_nothing_is_no_secret(app: TestApp) {
    neighbour(&app).await;
    let by = app.coordinator().await;
    asked_of_five(&by, PLAN).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &UNITS, &[INDICATOR]).await;
    let ward = wholes(&[(0, 0), (0, 0), (12, 30), (0, 0), (40, 60)]);
    delivered(&period, &ward).await;
    for (who, reader, own) in readers(&app).await.into_iter().take(2) {
        let known = examine(who, &ward, &collect(&reader, &period, "2027").await, own);
        // Of no women and no men too: that is all that those say who have none.
        assert_eq!(known.len(), 8, "{who} sees all of it: {known:?}");
    }
    let none = Period::regular(&app, &by, PLAN, "2028", &UNITS, &[INDICATOR]).await;
    delivered(&none, &wholes(&[(0, 0); 5])).await;
    let progress = app.supervisor().await.find("/progress", &[("plan", PLAN), ("period", "2028")]).await.ok();
    assert_eq!(text(of_indicator(list(&progress, "indicators"), INDICATOR), "result"), "no_cases");
}

async fn what_is_not_accepted_is_not_judged(app: TestApp) {
    let period = Period::regular(&app, &app.coordinator().await, PLAN, "2027", &["U6"], &[INDICATOR]).await;
    let report = period.report("U6").await;
    report.submit(&[cell(INDICATOR, 30, 40)]).await;
    let supervisor = app.supervisor().await;
    let seen = async || {
        let read = supervisor.get(&report.path).await.ok();
        pair(observation(&read, INDICATOR, &json!({})).unwrap())
    };
    assert_eq!(seen().await, None);
    report.accept().await;
    assert_eq!(seen().await, Some((30, 40)));
    let earlier = supervisor.get(&format!("{}?revision=1", report.path)).await.ok();
    assert_eq!(pair(observation(&earlier, INDICATOR, &json!({})).unwrap()), Some((30, 40)));
    // What was taken back waits for the next approval.
    report.reopen("Số liệu cần xem lại").await;
    assert_eq!(seen().await, None);
    report.submit(&[cell(INDICATOR, 31, 40)]).await;
    report.accept().await;
    assert_eq!(seen().await, None);
    period.consolidate().await.approve().await;
    assert_eq!(seen().await, Some((31, 40)));
    let earlier = supervisor.get(&format!("{}?revision=1", report.path)).await.ok();
    assert_eq!(pair(observation(&earlier, INDICATOR, &json!({})).unwrap()), None);
    let rounds = supervisor.get(&format!("{}/diff?from=1&to=2", report.path)).await.ok();
    let change = &list(&rounds, "observations")[0];
    assert_eq!((pair(&change["before"]), pair(&change["after"])), (None, None));
}

async fn before_all_have_reported_nothing_is_told(app: TestApp) {
    let by = app.coordinator().await;
    asked_of_five(&by, PLAN).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &UNITS, &[INDICATOR]).await;
    let ward = wholes(&[(10, 30), (20, 50), (12, 30), (2, 9), (40, 60)]);
    for unit in &UNITS[..3] {
        period.deliver(unit, &said_by(&ward, unit)).await;
    }
    let supervisor = app.supervisor().await;
    let seen = collect(&supervisor, &period, "2027").await;
    assert!(seen.values().all(|told| *told == BTreeSet::from([None])), "{seen:?}");
    // Nor by a draft; its approval takes it as it is.
    let draft = period.consolidate().await;
    let row = of_indicator(list(&supervisor.get(&draft.path).await.ok(), "results"), INDICATOR).clone();
    assert_eq!(row["suppressed"], json!(true));
    draft.approve().await;
    let row = of_indicator(list(&supervisor.get(&draft.path).await.ok(), "results"), INDICATOR).clone();
    assert_eq!(pair(&row), Some((42, 110)));
    draft.try_step(&app.leader().await, "reject", &json!({"reason": "Còn thiếu đơn vị"})).await.with_status(200);
    let row = of_indicator(list(&supervisor.get(&draft.path).await.ok(), "results"), INDICATOR).clone();
    assert_eq!(row["suppressed"], json!(true));
}

async fn what_a_revision_hid_stays_hidden(app: TestApp) {
    let by = app.coordinator().await;
    asked_of_five(&by, PLAN).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &UNITS, &[INDICATOR]).await;
    let first = wholes(&[(10, 30), (20, 50), (12, 30), (2, 9), (40, 60)]);
    delivered(&period, &first).await;
    let sent: Consolidated = period.consolidate().await;
    sent.send().await;
    let machine = app.province_machine().await;
    let before = examine("province", &first, &collect(&machine, &period, "2027").await, None);
    assert!(!before.contains(&(Some("U4".to_owned()), None)) && before.len() >= 2, "{before:?}");
    // In January the small figure turns out to be large.
    let correction = period.correct("Số liệu chính thức").await;
    let report = period.report("U4").await;
    report.reopen("Số liệu chính thức").await;
    let second = wholes(&[(10, 30), (20, 50), (12, 30), (22, 90), (40, 60)]);
    report.submit(&said_by(&second, "U4")).await;
    report.accept().await;
    by.act(&correction.path, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    let query = [("plan", PLAN), ("indicator", INDICATOR), ("period", period.id.as_str())];
    let mut after = Seen::new();
    for told in machine.items("/observations", &query).await {
        note(&mut after, (Some(code(&told["unit"]).to_owned()), None), &told);
    }
    for (place, told) in &after {
        let shown = told.iter().flatten().count() > 0;
        assert!(!shown || before.contains(place), "{place:?} was hidden and is shown");
    }
    // Not by what moved in the total either.
    let progress = machine.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    let row = of_indicator(list(&progress, "indicators"), INDICATOR);
    let hidden = after.values().filter(|told| told.iter().flatten().count() == 0).count();
    assert!(row["suppressed"] == true || hidden >= 2, "{row}");
    assert_eq!(pair(&correction.result(INDICATOR).await), Some((104, 260)));
}

async fn a_year_tells_nothing_of_the_hidden_one_before(app: TestApp) {
    let by = app.coordinator().await;
    for (label, numerator) in [("2026", 2), ("2027", 30)] {
        let period = Period::regular(&app, &by, PLAN, label, &["U6"], &[INDICATOR]).await;
        period.deliver("U6", &[cell(INDICATOR, numerator, 40)]).await;
    }
    let progress = app.supervisor().await.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    let row = of_indicator(list(&progress, "indicators"), INDICATOR);
    assert_eq!((pair(row), &row["previous_value"], &row["change"]), (Some((30, 40)), &Value::Null, &Value::Null));
    let series: Vec<(&str, Option<Pair>)> = list(row, "series").iter().map(|p| (text(p, "result"), pair(p))).collect();
    assert_eq!(series, [("suppressed", None), ("not_achieved", Some((30, 40)))]);
    // Without a baseline the line begins with the first year that is shown, not with the hidden one (5 %).
    assert_eq!(text(row, "pace"), "unknown");
    let exact = by.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    assert_eq!(text(of_indicator(list(&exact, "indicators"), INDICATOR), "pace"), "ahead");
}

async fn a_province_is_hidden_with_one_of_its_wards(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let by = above(&app).await;
    let ask = [("jurisdiction", PROVINCE), ("period", "2027")];
    let supervisor = app.someone(Grant::of("supervisor").at(PROVINCE)).await;
    let here = Period::regular(&app, &by, &plan, "2027", &["U6"], &[INDICATOR]).await;
    let there = Period::regular(&app, &by, &copy, "2027", &["U6"], &[INDICATOR]).await;
    deliver(&app, WARD, &here, "U6", &[cell(INDICATOR, 30, 40)]).await;
    let whole = async || {
        let progress = supervisor.find("/progress", &ask).await.ok();
        pair(of_indicator(list(&progress, "indicators"), INDICATOR))
    };
    assert_eq!(whole().await, Some((30, 40)));
    deliver(&app, NEIGHBOUR, &there, "U6", &[cell(INDICATOR, 2, 9)]).await;
    // 32 of 49 would tell what was added.
    assert_eq!(whole().await, None);
    let exact = by.find("/progress", &ask).await.ok();
    assert_eq!(pair(of_indicator(list(&exact, "indicators"), INDICATOR)), Some((32, 49)));
}

async fn the_threshold_is_a_setting(app: TestApp) {
    let period = Period::regular(&app, &app.coordinator().await, PLAN, "2027", &["U6"], &[INDICATOR]).await;
    period.deliver("U6", &[cell(INDICATOR, 7, 40)]).await;
    let supervisor = app.supervisor().await;
    let shown = async |app: &TestApp| {
        let supervisor = app.again(&supervisor).await;
        let progress = supervisor.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
        pair(of_indicator(list(&progress, "indicators"), INDICATOR))
    };
    assert_eq!(shown(&app).await, Some((7, 40)));
    app.restart_with(&[("BINHDANG_SMALLEST_COUNT", "10")]).await;
    assert_eq!(shown(&app).await, None);
}

async fn readiness_tells_no_figures(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U6"], &[INDICATOR, "3.3"]).await;
    let report = period.report("U6").await;
    report.fill(&[cell(INDICATOR, 9, 10), part(INDICATOR, "sex", "female", 3, 4), part(INDICATOR, "sex", "male", 3, 4)]).await;
    let path = format!("{}/readiness", report.path);
    let codes = async |by: &Actor| {
        let told = by.get(&path).await.ok();
        list(&told, "blockers").iter().map(|b| text(b, "code").to_owned()).collect::<BTreeSet<_>>()
    };
    let all = BTreeSet::from(["indicator.missing".to_owned(), "parts.not_total".to_owned()]);
    assert_eq!(codes(&report.reporter().await).await, all);
    assert_eq!(codes(&app.coordinator().await).await, all);
    let plain = app.someone(Grant::of("coordinator")).await;
    assert_eq!(codes(&plain).await, BTreeSet::from(["indicator.missing".to_owned()]));
}

async fn a_replay_is_refused_to_who_lost_the_scope(app: TestApp) {
    let by = app.someone(Grant::of("coordinator").restricted().another(7)).await;
    let period = Period::ad_hoc(&app, &["U6"], &[INDICATOR]).await;
    let report = period.report("U6").await;
    report.submit(&[cell(INDICATOR, 2, 10)]).await;
    let etag = by.etag(&report.path).await;
    let accept = async |by: &Actor| {
        let call = by.call("POST", &format!("{}/accept", report.path)).header("Idempotency-Key", "the-same").if_match(&etag);
        call.json(&json!({})).send().await
    };
    let first = accept(&by).await.with_status(200);
    assert_eq!(pair(observation(&first, INDICATOR, &json!({})).unwrap()), Some((2, 10)));
    assert!(accept(&by).await.replayed());
    let path = format!("/users/{}", text(&by.get("/me").await.ok(), "id"));
    let without = json!({"grants": [{"role": "coordinator", "jurisdiction": WARD}]});
    app.admin().await.patch(&path, &without).await.with_status(200);
    let by = if by.get("/me").await.status == 200 { by } else { app.again(&by).await };
    accept(&by).await.problem(403, "access.restricted");
}
