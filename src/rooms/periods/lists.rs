//! Who reports in a period and on what: as frozen at its opening, as given by hand, or as the plan has it now.

use super::asked::{AskedIndicator, OwedBy};
use super::rules;
use super::table::{self, KeptIndicator, KeptUnit, PeriodRow};
use super::wire::{Excused, ExtensionOut, Obligation, ObligedIndicator, PeriodWarning};
use crate::db::Conn;
use crate::db::schema::{indicator_definitions, indicator_units, indicators, units as unit_rows};
use crate::problem::{Language, Result, codes, said};
use crate::rooms::units::{self, UnitKey};
use crate::values::Ref;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::Frequency;
use chrono::Datelike;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use std::collections::{BTreeSet, HashMap};

/// A unit that takes part in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TakingPart {
    pub unit: Ref,
    /// That it need not report.
    pub excused: Option<Excused>,
}

/// Who reports in a period and on what.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    /// The units as they are kept with the period: given by hand, or frozen. Empty where they follow the plan.
    pub named_units: Vec<Ref>,
    /// The indicators as they are kept with the period.
    pub named_indicators: Vec<Ref>,
    /// The units that report, groups replaced by their members.
    pub units: Vec<TakingPart>,
    /// The indicators that are reported.
    pub asked: Vec<AskedIndicator>,
    /// The extensions given, oldest first.
    pub extensions: Vec<ExtensionOut>,
}

impl Lists {
    /// The units that report.
    pub(super) fn unit_refs(&self) -> Vec<Ref> {
        self.units.iter().map(|u| u.unit.clone()).collect()
    }

    /// The indicators that are reported.
    pub(super) fn indicator_refs(&self) -> Vec<Ref> {
        self.asked.iter().map(|a| a.reference.clone()).collect()
    }

    /// Who owes what; in an annual period words too.
    pub(super) fn obligations(&self, annual: bool) -> Vec<Obligation> {
        let owed = |asked: &AskedIndicator| ObligedIndicator {
            id: asked.reference.id.clone(),
            code: asked.reference.code.clone(),
            definition_version: asked.version,
            counterpart: asked.counterpart.clone(),
        };
        let owes = |part: &TakingPart, asked: &AskedIndicator| asked.owed_by.iter().any(|by| by.unit.as_str() == part.unit.id);
        let of = |part: &TakingPart| Obligation {
            indicators: self.asked.iter().filter(|asked| owes(part, asked)).map(owed).collect(),
            unit: part.unit.clone(),
            narrative: annual,
            excused: part.excused.clone(),
        };
        self.units.iter().map(of).collect()
    }

    /// What somebody should look at: indicators that no unit owes which is there to report them.
    pub(super) fn warnings(&self, language: Language) -> Vec<PeriodWarning> {
        let reports = |by: &OwedBy| self.units.iter().any(|part| part.unit.id == by.unit.as_str() && part.excused.is_none());
        let nobody = self.asked.iter().filter(|asked| !asked.owed_by.iter().any(reports));
        nobody
            .map(|asked| {
                let code = &asked.reference.code;
                let detail = said(
                    format!("Chỉ tiêu {code}: không có đơn vị đang hoạt động nào phải báo cáo chỉ tiêu này. Hãy giao cho một đơn vị."),
                    format!("Indicator {code}: no active unit owes it. Assign it to one."),
                );
                PeriodWarning {
                    code: "no_active_unit".to_owned(),
                    indicator: Some(asked.reference.clone()),
                    unit: None,
                    detail: detail.in_language(language).to_owned(),
                }
            })
            .collect()
    }

    /// The extension of a unit that counts.
    pub(super) fn extension_of(&self, unit: &str) -> Option<&ExtensionOut> {
        self.extensions.iter().rev().find(|e| e.unit.id == unit)
    }
}

/// A version of an indicator's definition: its number, from which year on it holds, to what it answers.
struct Version {
    number: i32,
    effective_from: i32,
    counterpart: Option<Ref>,
}

/// An indicator of a plan and who is charged with it.
struct Owed {
    reference: Ref,
    frequency: Option<Frequency>,
    last_year: Option<i32>,
    /// The oldest first.
    versions: Vec<Version>,
    reporters: BTreeSet<UnitId>,
}

impl Owed {
    /// The version that holds in a year; none outside the years in which it is asked.
    fn in_year(&self, year: i32) -> Option<&Version> {
        let over = self.last_year.is_some_and(|last| last < year);
        self.versions.iter().rev().find(|version| !over && version.effective_from <= year)
    }
}

/// The indicators and the units of a period.
type Effective = (Vec<AskedIndicator>, Vec<TakingPart>);

/// What the plans say now.
struct Plans {
    indicators: HashMap<PlanId, Vec<Owed>>,
    units: HashMap<String, Vec<UnitKey>>,
}

/// The lists of these periods: as many statements for one as for many.
///
/// # Errors
/// If the database fails.
pub(super) fn of(c: &mut Conn, rows: &[&PeriodRow]) -> Result<HashMap<PeriodId, Lists>> {
    let mut all: HashMap<PeriodId, Lists> = rows.iter().map(|row| (row.id.clone(), Lists::default())).collect();
    kept(c, rows, &mut all)?;
    let following: Vec<&PeriodRow> = rows.iter().copied().filter(|row| !row.frozen).collect();
    if following.is_empty() {
        return Ok(all);
    }
    let plans = Plans::load(c, &following)?;
    // Most periods of a plan and year follow it in the same way.
    let mut same: HashMap<(PlanId, Option<String>, String, i32), Effective> = HashMap::new();
    for row in following {
        let Some(lists) = all.get_mut(&row.id) else { continue };
        (lists.asked, lists.units) = if row.units_given || row.indicators_given {
            plans.effective(row, lists)
        } else {
            let key = (row.plan_id.clone(), row.frequency.clone(), row.kind.clone(), row.ends_on.year());
            same.entry(key).or_insert_with(|| plans.effective(row, lists)).clone()
        };
    }
    Ok(all)
}

/// What is kept with one period: all of it once it is frozen.
///
/// # Errors
/// If the database fails.
pub(super) fn kept_with(c: &mut Conn, row: &PeriodRow) -> Result<Lists> {
    let mut all = HashMap::new();
    kept(c, &[row], &mut all)?;
    Ok(all.remove(&row.id).unwrap_or_default())
}

/// The lists of one period.
///
/// # Errors
/// If the database fails.
pub(super) fn of_one(c: &mut Conn, row: &PeriodRow) -> Result<Lists> {
    Ok(of(c, &[row])?.remove(&row.id).unwrap_or_default())
}

fn kept(c: &mut Conn, rows: &[&PeriodRow], all: &mut HashMap<PeriodId, Lists>) -> Result<()> {
    // Nothing is kept with one that follows its plan.
    let with = |given: fn(&PeriodRow) -> bool| -> Vec<&PeriodId> {
        rows.iter().filter(|row| row.frozen || given(row)).map(|row| &row.id).collect()
    };
    for KeptUnit { period, unit, excused, extension } in table::units_of(c, &with(|row| row.units_given))? {
        let lists = all.entry(period).or_default();
        // The extensions of one unit stand together.
        if lists.named_units.last() != Some(&unit) {
            lists.named_units.push(unit.clone());
            lists.units.push(TakingPart { unit, excused });
        }
        lists.extensions.extend(extension);
    }
    for KeptIndicator { period, indicator, version, counterpart, owed_by } in table::indicators_of(c, &with(|row| row.indicators_given))? {
        let lists = all.entry(period).or_default();
        // And so do those who owe one indicator.
        if lists.named_indicators.last() != Some(&indicator) {
            lists.named_indicators.push(indicator.clone());
            lists.asked.push(AskedIndicator { reference: indicator, version, counterpart, owed_by: Vec::new() });
        }
        if let Some(asked) = lists.asked.last_mut() {
            asked.owed_by.extend(owed_by);
        }
    }
    for lists in all.values_mut() {
        lists.extensions.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    }
    Ok(())
}

/// To which indicator of the province's plan one answers, as `id code`: the one that it names, or that of the same code in a
/// plan of the province above whose years meet those of its own.
const COUNTERPART: &str = "coalesce(
    (SELECT x.id || ' ' || x.code FROM indicators x WHERE x.id = indicator_definitions.counterpart),
    (SELECT x.id || ' ' || x.code FROM indicators x JOIN plans q ON q.id = x.plan_id
        JOIN jurisdictions j ON j.parent = q.jurisdiction JOIN plans own ON own.id = indicators.plan_id
        WHERE j.code = indicators.jurisdiction AND q.status <> 'draft' AND x.code = indicators.code
            AND q.start_year <= own.end_year AND own.start_year <= q.end_year
        ORDER BY q.start_year DESC, q.id LIMIT 1))";

/// Each row tells of an indicator, of one of its versions and, if there are any, of one of those charged with it.
#[derive(Queryable)]
struct OwedRow {
    plan: PlanId,
    id: IndicatorId,
    code: String,
    frequency: String,
    last_year: Option<i32>,
    version: i32,
    effective_from: i32,
    counterpart: Option<String>,
    reporter: Option<UnitId>,
}

impl Plans {
    fn load(c: &mut Conn, rows: &[&PeriodRow]) -> Result<Self> {
        use {indicator_definitions as d, indicators as i};
        let plans: BTreeSet<&PlanId> = rows.iter().map(|row| &row.plan_id).collect();
        let wards: BTreeSet<&str> = rows.iter().map(|row| row.jurisdiction.as_str()).collect();
        let reporting = indicator_units::indicator_id.eq(i::id).and(indicator_units::duty.eq("report"));
        let found: Vec<OwedRow> = i::table
            .inner_join(d::table)
            .left_join(indicator_units::table.on(reporting))
            .filter(i::plan_id.eq_any(&plans))
            .order((i::plan_order, i::id, d::definition_version))
            .select((
                i::plan_id,
                i::id,
                i::code,
                i::frequency,
                i::last_year,
                d::definition_version,
                d::effective_from,
                sql::<Nullable<Text>>(COUNTERPART),
                indicator_units::unit_id.nullable(),
            ))
            .load(c)?;
        let mut by_plan: HashMap<PlanId, Vec<Owed>> = HashMap::new();
        // The rows of one indicator stand together, and among them those of one version.
        for row in found {
            let of_plan = by_plan.entry(row.plan).or_default();
            if of_plan.last().is_none_or(|last| last.reference.id != row.id.as_str()) {
                let (reference, frequency) = (Ref::new(row.id, row.code), Frequency::parse(&row.frequency));
                of_plan.push(Owed { reference, frequency, last_year: row.last_year, versions: Vec::new(), reporters: BTreeSet::new() });
            }
            let Some(owed) = of_plan.last_mut() else { continue };
            if owed.versions.last().is_none_or(|last| last.number != row.version) {
                let counterpart = row.counterpart.as_deref().and_then(|named| named.split_once(' ')).map(|(id, code)| Ref::new(id, code));
                owed.versions.push(Version { number: row.version, effective_from: row.effective_from, counterpart });
            }
            owed.reporters.extend(row.reporter);
        }
        let mut by_ward: HashMap<String, Vec<UnitKey>> = HashMap::new();
        for unit in units_of(c, &wards)? {
            by_ward.entry(unit.jurisdiction.clone()).or_default().push(unit);
        }
        Ok(Self { indicators: by_plan, units: by_ward })
    }

    /// The indicators and units of a period that is not frozen.
    fn effective(&self, row: &PeriodRow, lists: &Lists) -> Effective {
        let frequency = row.frequency.as_deref().and_then(Frequency::parse);
        let named: BTreeSet<&str> = lists.named_indicators.iter().map(|r| r.id.as_str()).collect();
        let wanted = |owed: &&Owed| match row.indicators_given {
            true => named.contains(owed.reference.id.as_str()),
            false => frequency.is_none() || owed.frequency == frequency,
        };
        let of_plan = self.indicators.get(&row.plan_id).into_iter().flatten().filter(wanted);
        let asked: Vec<(&Owed, &Version)> = of_plan.filter_map(|owed| Some((owed, owed.in_year(row.ends_on.year())?))).collect();
        let all = self.units.get(&row.jurisdiction).map_or(&[][..], Vec::as_slice);
        let units = if row.units_given {
            let named = lists.named_units.iter().map(|r| UnitId::from_text(r.id.clone())).collect();
            units::with_members(all, &named)
        } else if rules::everybody_reports(&row.kind, frequency) {
            units::reporting(all)
        } else {
            let charged: BTreeSet<UnitId> = asked.iter().flat_map(|(o, _)| units::charged(all, &o.reporters)).map(|u| u.id).collect();
            all.iter().filter(|u| charged.contains(&u.id) && u.active).cloned().collect()
        };
        let taking_part: BTreeSet<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
        let as_they_report = as_taking_part(all.to_vec(), &taking_part);
        let asked = asked.into_iter().map(|(owed, version)| AskedIndicator {
            reference: owed.reference.clone(),
            version: version.number,
            counterpart: version.counterpart.clone(),
            owed_by: owed_by(&as_they_report, &taking_part, &owed.reporters),
        });
        (asked.collect(), units.iter().map(|unit| TakingPart { unit: unit.reference(), excused: None }).collect())
    }
}

/// Who owes what in a period, the excused with their reasons; of a planned one what an opening now would freeze.
///
/// # Errors
/// If the database fails.
pub fn obligations(c: &mut Conn, id: &PeriodId) -> Result<Vec<Obligation>> {
    let row = table::period(c, id)?.ok_or(codes::NOT_FOUND)?;
    let annual = row.frequency.as_deref() == Some(Frequency::Annual.as_str());
    Ok(of_one(c, &row)?.obligations(annual))
}

/// Those of the units that take part who owe what these are charged with.
fn owed_by(all: &[UnitKey], taking_part: &BTreeSet<UnitId>, charged: &BTreeSet<UnitId>) -> Vec<OwedBy> {
    let owing = units::charged(all, charged).into_iter().filter(|unit| taking_part.contains(&unit.id));
    owing.map(|unit| OwedBy { via_group: unit.parent.filter(|_| !charged.contains(&unit.id)), unit: unit.id }).collect()
}

/// What these units, added to a period that has opened, owe of what it asks by the duties of now.
///
/// # Errors
/// If the database fails.
pub(super) fn owed_by_added(c: &mut Conn, row: &PeriodRow, lists: &Lists, added: &[Ref]) -> Result<Vec<(IndicatorId, OwedBy)>> {
    let plans = Plans::load(c, &[row])?;
    let all = plans.units.get(&row.jurisdiction).cloned().unwrap_or_default();
    let part = lists.units.iter().map(|part| &part.unit).chain(added);
    let taking_part: BTreeSet<UnitId> = part.map(|unit| UnitId::from_text(unit.id.clone())).collect();
    let all = as_taking_part(all, &taking_part);
    let fresh: BTreeSet<UnitId> = added.iter().map(|unit| UnitId::from_text(unit.id.clone())).collect();
    let of_plan = plans.indicators.get(&row.plan_id).into_iter().flatten();
    let asked = of_plan.filter(|owed| lists.asked.iter().any(|asked| asked.reference.id == owed.reference.id));
    let owing = asked.flat_map(|owed| {
        let indicator = IndicatorId::from_text(owed.reference.id.clone());
        owed_by(&all, &fresh, &owed.reporters).into_iter().map(move |by| (indicator.clone(), by))
    });
    Ok(owing.collect())
}

/// The units as a period sees them: one that takes part owes what it is charged with, whatever else is said of it; a group that
/// takes part itself is not replaced by its members.
fn as_taking_part(mut all: Vec<UnitKey>, taking_part: &BTreeSet<UnitId>) -> Vec<UnitKey> {
    for unit in &mut all {
        if taking_part.contains(&unit.id) {
            (unit.active, unit.reports) = (true, true);
        } else if unit.parent.as_ref().is_some_and(|group| taking_part.contains(group)) {
            unit.reports = false;
        }
    }
    all
}

/// The units of several jurisdictions in the plan's order.
fn units_of(c: &mut Conn, wards: &BTreeSet<&str>) -> Result<Vec<UnitKey>> {
    Ok(unit_rows::table
        .filter(unit_rows::jurisdiction.eq_any(wards))
        .order((unit_rows::plan_order, unit_rows::id))
        .select(UnitKey::as_select())
        .load(c)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, parent: Option<&str>, is_group: bool) -> UnitKey {
        let (jurisdiction, code_) = ("09385".to_owned(), code.to_owned());
        UnitKey {
            id: UnitId::from_text(code),
            jurisdiction,
            parent: parent.map(UnitId::from_text),
            code: code_,
            name: String::new(),
            is_group,
            reports: true,
            active: true,
        }
    }

    fn owing(all: Vec<UnitKey>, taking_part: &[&str], charged: &[&str]) -> Vec<String> {
        let set = |codes: &[&str]| codes.iter().map(|code| UnitId::from_text(*code)).collect::<BTreeSet<_>>();
        let taking_part = set(taking_part);
        owed_by(&as_taking_part(all, &taking_part), &taking_part, &set(charged)).into_iter().map(|by| by.unit.to_string()).collect()
    }

    #[test]
    fn a_group_is_replaced_by_the_members_that_take_part() {
        let schools = || vec![unit("U7", None, true), unit("U7.1", Some("U7"), false), unit("U7.2", Some("U7"), false)];
        assert_eq!(owing(schools(), &["U7.1", "U7.2"], &["U7"]), ["U7.1", "U7.2"]);
        assert_eq!(owing(schools(), &["U7"], &["U7"]), ["U7"]);
        // Naming a member overrides the group, also where the member takes no part.
        assert!(owing(schools(), &["U7.1"], &["U7", "U7.2"]).is_empty());
        // One that was named by hand owes, though it is inactive.
        let mut closed = schools();
        closed[1].active = false;
        assert_eq!(owing(closed, &["U7.1", "U7.2"], &["U7"]), ["U7.1", "U7.2"]);
    }

    #[test]
    fn whom_nobody_reports_is_told() {
        let part = |code: &str, excused: bool| TakingPart {
            unit: Ref::new(code, code),
            excused: excused.then(|| Excused { reason: None, at: crate::values::clock::UtcTime::now() }),
        };
        let asked = |code: &str, by: &[&str]| AskedIndicator {
            reference: Ref::new(code, code),
            version: 1,
            counterpart: None,
            owed_by: by.iter().map(|unit| OwedBy { unit: UnitId::from_text(*unit), via_group: None }).collect(),
        };
        let lists = Lists {
            units: vec![part("U2", true), part("U5", false)],
            asked: vec![asked("2.3", &["U2"]), asked("4.1", &["U5"]), asked("6.1", &[])],
            ..Lists::default()
        };
        let told: Vec<_> = lists.warnings(Language::Vi).into_iter().filter_map(|w| w.indicator).map(|i| i.code).collect();
        assert_eq!(told, ["2.3", "6.1"]);
        let owed = lists.obligations(true);
        assert_eq!(
            owed.iter().map(|o| (o.unit.code.as_str(), o.indicators.len(), o.narrative)).collect::<Vec<_>>(),
            [("U2", 1, true), ("U5", 1, true)]
        );
    }
}
