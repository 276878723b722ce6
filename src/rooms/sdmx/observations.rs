//! What is published of an administrative unit as observations: of itself, and where it is a ward of each of its units.

use super::rules::{Selection, TOTAL, area_code, frequency_code, indicator_code, sex_code, unit_code};
use super::table::Area;
use crate::actor::Actor;
use crate::db::Conn;
use crate::figures::Outcome;
use crate::formats::sdmx::{Confidentiality, Observation, Series, Status};
use crate::problem::{Language, Result};
use crate::rooms::progress::{self, FigureStatus, IndicatorProgress, ObservationOut, PublishedIndicator, PublishedPeriod};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::period::Label;
use crate::values::text::Bilingual;
use std::collections::{BTreeMap, HashMap};

/// The dimension by which figures are split here; what is split otherwise has no place in the cube.
const SEX: &str = "sex";

/// What is asked for of an administrative unit, by series and period.
///
/// # Errors
/// If the database fails.
pub(super) fn of_area(c: &mut Conn, actor: &Actor, area: &Area, selection: &Selection) -> Result<Vec<Observation>> {
    if !area.published || !selection.may_have_area(&area_code(&area.code)) {
        return Ok(Vec::new());
    }
    let periods = progress::published(c, actor, &area.code, &|label| selection.may_have_period(label))?;
    let mut gathered =
        Gathered { selection, language: actor.language, area: area_code(&area.code), measured: HashMap::new(), found: Vec::new() };
    for period in &periods {
        gathered.totals(period);
    }
    if area.is_ward && !periods.is_empty() {
        for observation in &progress::published_observations(c, actor, &area.code)? {
            gathered.of_unit(observation);
        }
    }
    Ok(gathered.ordered())
}

struct Gathered<'a> {
    selection: &'a Selection,
    language: Language,
    area: String,
    /// The unit of measure of each indicator in each period.
    measured: HashMap<(Label, String), String>,
    found: Vec<Observation>,
}

/// A figure, whatever it is of.
struct Figure {
    value: Option<Decimal4>,
    numerator: Option<Decimal4>,
    denominator: Option<Decimal4>,
    answer: Option<bool>,
    hidden: bool,
    estimate: bool,
    /// Whether it is said that there can be none.
    none: bool,
}

impl Figure {
    /// How it is told; `None` where nothing was reported.
    fn told(self, series: Series, period: Label, unit_measure: String) -> Option<Observation> {
        let Self { value, numerator, denominator, answer, hidden, estimate, none } = self;
        let (status, confidentiality) = (Status::Suppressed, Confidentiality::Confidential);
        let empty = Observation { series, period, value: None, status, confidentiality, numerator: None, denominator: None, unit_measure };
        if hidden {
            return Some(empty);
        }
        let value = value.or_else(|| Decimal4::from_int(i64::from(answer?)));
        let status = match (value, estimate) {
            (Some(_), true) => Status::Estimate,
            (Some(_), false) => Status::Normal,
            (None, _) => Status::CannotExist,
        };
        let says = value.is_some() || numerator.is_some() || denominator.is_some() || none;
        says.then_some(Observation { value, status, confidentiality: Confidentiality::Free, numerator, denominator, ..empty })
    }
}

impl Gathered<'_> {
    fn series(&self, unit: &str, indicator: &str, sex: &str, label: Label) -> Series {
        Series {
            frequency: frequency_code(label),
            area: self.area.clone(),
            unit: unit.to_owned(),
            indicator: indicator.to_owned(),
            sex: sex.to_owned(),
        }
    }

    /// Whether something that became readable at an instant is new enough.
    fn is_new(&self, since: UtcTime) -> bool {
        self.selection.since.is_none_or(|after| since > after)
    }

    fn add(&mut self, series: Series, period: Label, figure: Figure) {
        if !self.selection.has(&series, period) {
            return;
        }
        let measure = self.measured.get(&(period, series.indicator.clone())).cloned().unwrap_or_default();
        self.found.extend(figure.told(series, period, measure));
    }

    /// What all units together say, and what they say of women and men.
    fn totals(&mut self, period: &PublishedPeriod) {
        for PublishedIndicator { progress, estimate } in &period.indicators {
            let indicator = indicator_code(&progress.indicator.code);
            let measure = words(&progress.unit_of_measure, self.language).to_owned();
            self.measured.insert((period.label, indicator.clone()), measure);
            if !self.is_new(period.since) || !self.selection.may_have_unit(TOTAL) {
                continue;
            }
            self.add(self.series(TOTAL, &indicator, TOTAL, period.label), period.label, total(progress, *estimate));
            for part in &progress.breakdowns {
                let Some(sex) = of_sex(&part.disaggregation) else { continue };
                let figure = Figure {
                    value: part.value,
                    numerator: part.numerator,
                    denominator: part.denominator,
                    answer: None,
                    hidden: part.suppressed,
                    estimate: *estimate,
                    none: false,
                };
                self.add(self.series(TOTAL, &indicator, &sex, period.label), period.label, figure);
            }
        }
    }

    /// What a unit says of the whole, or of women or men.
    fn of_unit(&mut self, told: &ObservationOut) {
        let sex = if told.disaggregation.is_empty() { Some(TOTAL.to_owned()) } else { of_sex(&told.disaggregation) };
        let (Some(sex), Some(label)) = (sex, Label::parse(&told.period.label)) else { return };
        if !self.is_new(told.updated_at) {
            return;
        }
        let figure = Figure {
            value: told.value,
            numerator: told.numerator,
            denominator: told.denominator,
            answer: told.answer,
            hidden: told.suppressed,
            estimate: told.status == FigureStatus::Estimate,
            none: told.not_applicable.is_some(),
        };
        self.add(self.series(&unit_code(&told.unit.code), &indicator_code(&told.indicator.code), &sex, label), label, figure);
    }

    /// All by series and period. Where two indicators of wards have one code in the province, that of the province stands first.
    fn ordered(self) -> Vec<Observation> {
        let mut found = self.found;
        found.sort_by(|a, b| (&a.series, a.period).cmp(&(&b.series, b.period)));
        found.dedup_by(|later, first| (&later.series, later.period) == (&first.series, first.period));
        self.selection.cut(found)
    }
}

fn total(progress: &IndicatorProgress, estimate: bool) -> Figure {
    Figure {
        value: progress.value,
        numerator: progress.numerator,
        denominator: progress.denominator,
        answer: progress.answer,
        hidden: progress.suppressed,
        estimate,
        none: matches!(progress.result, Outcome::NoCases | Outcome::NotApplicable),
    }
}

/// The code of a part by sex alone.
fn of_sex(part: &BTreeMap<String, String>) -> Option<String> {
    let value = part.get(SEX).filter(|_| part.len() == 1)?;
    Some(sex_code(value))
}

fn words(text: &Bilingual, language: Language) -> &str {
    match (language, &text.en) {
        (Language::En, Some(en)) => en,
        _ => &text.vi,
    }
}
