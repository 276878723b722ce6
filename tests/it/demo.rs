//! The demonstration can be made on any day, and shows two years of every unit and every state of a report.

use binhdang::db::Target;
use binhdang::db::schema::{reporting_periods, reports, units};
use binhdang::values::clock::UtcTime;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Unit, label of the annual period, status, and when it was last changed.
type Row = (String, String, String, UtcTime);

async fn annual_reports(now: UtcTime) -> Vec<Row> {
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
    rows.await.expect("reports")
}

#[test]
fn on_any_day() {
    for now in ["2025-06-01T00:00:00Z", "2026-11-25T11:00:00Z", "2029-03-01T00:00:00Z"] {
        let now = UtcTime::parse(now).expect("a time");
        let rows = actix_web::rt::System::new().block_on(annual_reports(now));
        let states: BTreeSet<&str> = rows.iter().map(|r| r.2.as_str()).collect();
        assert_eq!(states, BTreeSet::from(["accepted", "consolidated", "draft", "returned", "submitted"]), "at {now}");
        assert!(rows.iter().all(|r| r.3 < now), "something of it lies in the future at {now}");
        for unit in ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8"] {
            let told = |r: &&Row| r.0.split('.').next() == Some(unit) && !matches!(r.2.as_str(), "draft" | "returned");
            let years: BTreeSet<&str> = rows.iter().filter(told).map(|r| r.1.as_str()).collect();
            assert_eq!(years, BTreeSet::from(["2026", "2027"]), "{unit} at {now}");
        }
    }
}
