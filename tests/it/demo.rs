//! The demonstration can be made on any day, shows two years of every unit and every state of a report, and what changes meanwhile.

use binhdang::db::schema::{
    consolidated_reports, indicator_definitions, indicators, period_indicators, reporting_periods, reports, unit_successors, units,
};
use binhdang::db::{Conn, Target};
use binhdang::values::clock::UtcTime;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Unit, label of the annual period, status, and when it was last changed.
type Row = (String, String, String, UtcTime);

/// What changes in the two years, by what is said of it.
#[derive(Debug, PartialEq, Eq)]
struct Changes {
    /// Status of each consolidated report that the ward sent of its first year, the earlier first.
    sent: Vec<String>,
    /// Indicator, version and first year of what an amendment made.
    amended: Vec<(String, i32, i32)>,
    /// Unit and the one that took its place.
    merged: Vec<(String, String)>,
    /// How many of the wards' opened questions answer to an indicator of the province's plan.
    answering: i64,
    /// How many wards' reports still ask what was merged.
    asked_after_the_merger: i64,
    /// How many targets with a year before the last one there are in the province's plan and in the amended one.
    milestones: usize,
}

fn changes(c: &mut Conn) -> binhdang::problem::Result<Changes> {
    let of_ward = consolidated_reports::table
        .inner_join(reporting_periods::table)
        .filter(reporting_periods::jurisdiction.eq("09385").and(reporting_periods::label.eq("2026")));
    let codes: BTreeMap<String, String> = units::table.select((units::id, units::code)).load::<(String, String)>(c)?.into_iter().collect();
    let mergers: Vec<(String, String)> =
        unit_successors::table.select((unit_successors::unit_id, unit_successors::successor_id)).load(c)?;
    let definitions: Vec<String> = indicator_definitions::table.select(indicator_definitions::definition).load(c)?;
    Ok(Changes {
        sent: of_ward
            .filter(consolidated_reports::sent_at.is_not_null())
            .order(consolidated_reports::revision)
            .select(consolidated_reports::status)
            .load(c)?,
        amended: indicator_definitions::table
            .inner_join(indicators::table)
            .filter(indicator_definitions::amendment_id.is_not_null())
            .order(indicators::code)
            .select((indicators::code, indicator_definitions::definition_version, indicator_definitions::effective_from))
            .load(c)?,
        merged: mergers.iter().map(|(unit, into)| (codes[unit].clone(), codes[into].clone())).collect(),
        answering: period_indicators::table
            .inner_join(reporting_periods::table)
            .filter(reporting_periods::label.eq("2026").and(period_indicators::counterpart_id.is_not_null()))
            .count()
            .get_result(c)?,
        asked_after_the_merger: reports::table
            .inner_join(reporting_periods::table)
            .inner_join(units::table)
            .filter(units::code.eq("U7.3").and(reporting_periods::label.eq("2027")))
            .count()
            .get_result(c)?,
        milestones: definitions.iter().map(|d| d.matches("\"to\":2028").count()).sum(),
    })
}

async fn annual_reports(now: UtcTime) -> (Vec<Row>, Changes) {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = BTreeMap::from([("BINHDANG_SEED".to_owned(), "none".to_owned().into())]);
    let config = binhdang::config::Config::from_settings(settings).expect("settings");
    let data_dir = folder.path().to_owned();
    let config = binhdang::config::Config { database: Target::in_folder(&data_dir), data_dir, ..config };
    let house = binhdang::app::open(config).await.expect("an empty database");
    let mut last = (0, 0);
    binhdang::demo::make(&house, now, |done, whole| last = (done, whole)).await.expect("the demonstration");
    assert!(last.0 == last.1 && last.0 > 100, "told {last:?}");
    let rows = house.db.read(|c| {
        Ok(reports::table
            .inner_join(reporting_periods::table)
            .inner_join(units::table)
            .filter(reports::jurisdiction.eq("09385"))
            .filter(reporting_periods::frequency.eq("annual"))
            .select((units::code, reporting_periods::label, reports::status, reports::updated_at))
            .load(c)?)
    });
    (rows.await.expect("reports"), house.db.read(changes).await.expect("changes"))
}

#[test]
fn on_any_day() {
    for now in ["2025-06-01T00:00:00Z", "2026-11-25T11:00:00Z", "2029-03-01T00:00:00Z"] {
        let now = UtcTime::parse(now).expect("a time");
        let (rows, changed) = actix_web::rt::System::new().block_on(annual_reports(now));
        let states: BTreeSet<&str> = rows.iter().map(|r| r.2.as_str()).collect();
        assert_eq!(states, BTreeSet::from(["accepted", "consolidated", "draft", "returned", "submitted"]), "at {now}");
        assert!(rows.iter().all(|r| r.3 < now), "something of it lies in the future at {now}");
        let want = Changes {
            sent: vec!["returned".to_owned(), "acknowledged".to_owned()],
            amended: vec![("2.3".to_owned(), 2, 2027), ("6.1".to_owned(), 2, 2027)],
            merged: vec![("U7.3".to_owned(), "U7.2".to_owned())],
            answering: 8,
            asked_after_the_merger: 0,
            milestones: 2,
        };
        assert_eq!(changed, want, "at {now}");
        for unit in ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8"] {
            let told = |r: &&Row| r.0.split('.').next() == Some(unit) && !matches!(r.2.as_str(), "draft" | "returned");
            let years: BTreeSet<&str> = rows.iter().filter(told).map(|r| r.1.as_str()).collect();
            assert_eq!(years, BTreeSet::from(["2026", "2027"]), "{unit} at {now}");
        }
    }
}
