//! Reporting periods: their labels, their days, and the instants at which the plan's own rules open and close them.

use super::clock::UtcTime;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::cmp::Ordering;
use std::fmt;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Hours by which Asia/Ho_Chi_Minh is ahead of UTC. A constant, because the zone has had no daylight saving and no change
/// since 1975 (IANA tz database), and a deadline must not move with the tables of the machine it is computed on.
const HOURS_AHEAD: i64 = 7;

/// How often an indicator is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Once a year.
    Annual,
    /// Once a calendar quarter.
    Quarterly,
    /// Once a calendar month.
    Monthly,
}

impl Frequency {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Quarterly => "quarterly",
            Self::Monthly => "monthly",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Annual, Self::Quarterly, Self::Monthly].into_iter().find(|f| f.as_str() == text)
    }
}

/// The label of a periodic reporting period: `2026`, `2026-Q3` or `2026-07`. Ordered by time, the longer period first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// A calendar year.
    Year(i32),
    /// A calendar quarter, 1 to 4.
    Quarter(i32, u8),
    /// A calendar month, 1 to 12.
    Month(i32, u8),
}

impl Label {
    /// The year, quarter or month before.
    #[must_use]
    pub fn before(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year - 1),
            Self::Quarter(year, 0 | 1) => Self::Quarter(year - 1, 4),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter - 1),
            Self::Month(year, 0 | 1) => Self::Month(year - 1, 12),
            Self::Month(year, month) => Self::Month(year, month - 1),
        }
    }

    /// Reads a label; `None` if it is something else. Years have four digits and begin with 1000.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, part) = match text.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (text, None),
        };
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
        let year = digits(year, 4).then(|| year.parse().ok()).flatten().filter(|year| *year >= 1000)?;
        match part {
            None => Some(Self::Year(year)),
            Some(part) => match part.strip_prefix('Q') {
                Some(quarter) if digits(quarter, 1) => quarter.parse().ok().filter(|q| (1..=4).contains(q)).map(|q| Self::Quarter(year, q)),
                None if digits(part, 2) => part.parse().ok().filter(|m| (1..=12).contains(m)).map(|m| Self::Month(year, m)),
                _ => None,
            },
        }
    }

    /// How often such periods occur.
    #[must_use]
    pub fn frequency(self) -> Frequency {
        match self {
            Self::Year(_) => Frequency::Annual,
            Self::Quarter(..) => Frequency::Quarterly,
            Self::Month(..) => Frequency::Monthly,
        }
    }

    /// The calendar year it lies in.
    #[must_use]
    pub fn year(self) -> i32 {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => year,
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        let month = match self {
            Self::Year(_) => 1,
            Self::Quarter(_, quarter) => u32::from(quarter.clamp(1, 4)) * 3 - 2,
            Self::Month(_, month) => u32::from(month),
        };
        day_of(self.year(), month, 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let month = match self {
            Self::Year(_) => 12,
            Self::Quarter(_, quarter) => u32::from(quarter.clamp(1, 4)) * 3,
            Self::Month(_, month) => u32::from(month),
        };
        day_of(self.year(), month, 31)
    }

    /// The four quarters of a year.
    #[must_use]
    pub fn quarters_of(year: i32) -> Vec<Self> {
        (1..=4).map(|quarter| Self::Quarter(year, quarter)).collect()
    }

    /// The twelve months of a year.
    #[must_use]
    pub fn months_of(year: i32) -> Vec<Self> {
        (1..=12).map(|month| Self::Month(year, month)).collect()
    }

    /// All periods of one frequency in a year, in order.
    #[must_use]
    pub fn of_year(frequency: Frequency, year: i32) -> Vec<Self> {
        match frequency {
            Frequency::Annual => vec![Self::Year(year)],
            Frequency::Quarterly => Self::quarters_of(year),
            Frequency::Monthly => Self::months_of(year),
        }
    }
}

/// A day of a month; a day after its end is the last one (so that "the 31st" means every month's end).
fn day_of(year: i32, month: u32, day: u32) -> NaiveDate {
    let month = month.clamp(1, 12);
    let longest = day.clamp(1, 31);
    (28..=longest).rev().chain([longest.min(28)]).find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap_or_default()
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.first_day(), self.frequency()).cmp(&(other.first_day(), other.frequency()))
    }
}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a period label"))
    }
}

impl utoipa::PartialSchema for Label {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[1-9][0-9]{3}(-(Q[1-4]|0[1-9]|1[0-2]))?$"))
            .description(Some("A year, a quarter or a month."))
            .examples(["2026", "2026-Q3", "2026-07"])
            .into()
    }
}
impl ToSchema for Label {}

/// 00:00 of a day in Việt Nam.
#[must_use]
pub fn local_midnight(day: NaiveDate) -> UtcTime {
    UtcTime::from_naive(day.and_time(NaiveTime::MIN)).plus(TimeDelta::hours(-HOURS_AHEAD))
}

/// The day that a calendar on a wall in Việt Nam shows at an instant.
#[must_use]
pub fn today_local(now: UtcTime) -> NaiveDate {
    now.plus(TimeDelta::hours(HOURS_AHEAD)).naive().date()
}

/// An instant as people in Việt Nam write it: `25/11/2026 00:00`.
#[must_use]
pub fn instant_local(at: UtcTime) -> String {
    at.plus(TimeDelta::hours(HOURS_AHEAD)).naive().format("%d/%m/%Y %H:%M").to_string()
}

/// The year of that day.
#[must_use]
pub fn year_local(now: UtcTime) -> i32 {
    today_local(now).year()
}

/// The first instant of the year after it.
#[must_use]
pub fn next_new_year(now: UtcTime) -> UtcTime {
    local_midnight(Label::Year(year_local(now) + 1).first_day())
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// When the periods that a plan's rules imply open and close. All days are local and the last acceptable ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Month and day on which annual periods open.
    pub annual_opens: (u32, u32),
    /// Month and day that are the last on which an annual report is in time: the plan's "trước ngày 25/11" excludes the 25th.
    pub annual_last_day: (u32, u32),
    /// The last day in time for a quarter or a month, in the month after it.
    pub due_day: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { annual_opens: (11, 1), annual_last_day: (11, 24), due_day: 10 }
    }
}

/// A reporting period that a plan's rules imply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    /// Its label.
    pub label: Label,
    /// Its frequency.
    pub frequency: Frequency,
    /// The first day it is about.
    pub starts_on: NaiveDate,
    /// The last day it is about.
    pub ends_on: NaiveDate,
    /// From when on reports can be written.
    pub opens_at: UtcTime,
    /// The first instant at which a report is late.
    pub due_at: UtcTime,
}

/// The periods of one frequency that a plan of these years implies, in order. Annual reports are due within their year,
/// so they open before it ends; quarters and months open when they are over. Weekends shift nothing.
#[must_use]
pub fn implied(frequency: Frequency, start_year: i32, end_year: i32, schedule: &Schedule) -> Vec<Implied> {
    let period = |label: Label| {
        let (starts_on, ends_on) = (label.first_day(), label.last_day());
        let following = next_day(ends_on);
        let (opens_on, last_day) = match frequency {
            Frequency::Annual => {
                let on = |(month, day)| day_of(label.year(), month, day);
                (on(schedule.annual_opens), on(schedule.annual_last_day))
            }
            Frequency::Quarterly | Frequency::Monthly => (following, day_of(following.year(), following.month(), schedule.due_day)),
        };
        Implied { label, frequency, starts_on, ends_on, opens_at: local_midnight(opens_on), due_at: local_midnight(next_day(last_day)) }
    };
    (start_year..=end_year).flat_map(|year| Label::of_year(frequency, year)).map(period).collect()
}

/// What stretch of time an indicator's figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferencePeriod {
    /// The calendar year.
    CalendarYear,
    /// The school year that ends in the period's year.
    SchoolYear,
    /// The calendar quarter.
    Quarter,
    /// The calendar month.
    Month,
    /// The latest survey within the period.
    Survey,
}

/// The stretch of time that a figure is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"from": "2025-09-01", "to": "2026-08-31", "label": "2025-2026"}))]
pub struct Reference {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Its name: the period's label, or the two years of a school year.
    pub label: String,
}

/// What an indicator's figure in a reporting period is about: the period itself or, for a `school_year` indicator, the
/// school year that ends in the period's last year. School years run from 1 September to 31 August: they open on 5 September
/// (Quyết định 2269/QĐ-BGDĐT, 2025), and though lessons end before 31 May, completion is recognised in June and
/// admission done in July, which are the events that the education indicators count.
#[must_use]
pub fn reference(kind: ReferencePeriod, starts_on: NaiveDate, ends_on: NaiveDate, period_label: &str) -> Reference {
    match kind {
        ReferencePeriod::SchoolYear => {
            let year = ends_on.year();
            Reference { from: day_of(year - 1, 9, 1), to: day_of(year, 8, 31), label: format!("{}-{year}", year - 1) }
        }
        ReferencePeriod::CalendarYear | ReferencePeriod::Quarter | ReferencePeriod::Month | ReferencePeriod::Survey => {
            Reference { from: starts_on, to: ends_on, label: period_label.to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn before_25_november_means_until_midnight_in_viet_nam() {
        let annual = implied(Frequency::Annual, 2026, 2030, &Schedule::default());
        assert_eq!(annual.len(), 5);
        assert_eq!(annual[0].opens_at.to_string(), "2026-10-31T17:00:00Z");
        assert_eq!(annual[0].due_at.to_string(), "2026-11-24T17:00:00Z");
        assert_eq!((annual[4].starts_on, annual[4].ends_on), (day("2030-01-01"), day("2030-12-31")));
    }

    #[test]
    fn quarters_and_months_open_when_they_are_over() {
        let quarters = implied(Frequency::Quarterly, 2026, 2030, &Schedule::default());
        assert_eq!(quarters.len(), 20);
        assert_eq!(quarters[3].label.to_string(), "2026-Q4");
        assert_eq!(quarters[3].opens_at.to_string(), "2026-12-31T17:00:00Z");
        assert_eq!(quarters[3].due_at.to_string(), "2027-01-10T17:00:00Z");
        let months = implied(Frequency::Monthly, 2028, 2028, &Schedule::default());
        assert_eq!((months.len(), months[1].ends_on), (12, day("2028-02-29")));
        assert_eq!(months[1].due_at.to_string(), "2028-03-10T17:00:00Z");
    }

    #[test]
    fn a_last_day_beyond_a_month_is_its_end() {
        let schedule = Schedule { due_day: 31, ..Schedule::default() };
        let january = implied(Frequency::Monthly, 2027, 2027, &schedule)[0];
        assert_eq!(january.due_at, local_midnight(day("2027-03-01")));
    }

    #[test]
    fn the_local_day_begins_seven_hours_early() {
        let at = |text| today_local(UtcTime::parse(text).unwrap());
        assert_eq!(at("2026-11-24T16:59:59Z"), day("2026-11-24"));
        assert_eq!(at("2026-11-24T17:00:00Z"), day("2026-11-25"));
    }

    #[test]
    fn other_texts_are_no_labels() {
        for text in [
            "",
            "26",
            "02026",
            "0999",
            "2026-",
            "2026-Q",
            "2026-Q0",
            "2026-Q5",
            "2026-Q03",
            "2026-q1",
            "2026-0",
            "2026-00",
            "2026-13",
            "2026-7",
            "2026-07-01",
            "+2026",
            "２０２６",
        ] {
            assert_eq!(Label::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_school_year_is_the_one_that_ends_in_the_period() {
        let (first, last) = (day("2026-01-01"), day("2026-12-31"));
        let school = reference(ReferencePeriod::SchoolYear, first, last, "2026");
        assert_eq!((school.from, school.to, school.label.as_str()), (day("2025-09-01"), day("2026-08-31"), "2025-2026"));
        let calendar = reference(ReferencePeriod::CalendarYear, first, last, "2026");
        assert_eq!((calendar.from, calendar.to, calendar.label.as_str()), (first, last, "2026"));
    }

    #[test]
    fn words_on_the_wire_are_those_of_the_code() {
        for frequency in [Frequency::Annual, Frequency::Quarterly, Frequency::Monthly] {
            assert_eq!(serde_json::to_value(frequency).unwrap(), frequency.as_str());
            assert_eq!(Frequency::parse(frequency.as_str()), Some(frequency));
        }
        assert_eq!(Frequency::parse("weekly"), None);
    }

    fn any_label() -> impl Strategy<Value = Label> {
        let year = 1000..=9999_i32;
        prop_oneof![
            year.clone().prop_map(Label::Year),
            (year.clone(), 1..=4_u8).prop_map(|(y, q)| Label::Quarter(y, q)),
            (year, 1..=12_u8).prop_map(|(y, m)| Label::Month(y, m)),
        ]
    }

    proptest! {
        #[test]
        fn labels_read_back(label in any_label()) {
            prop_assert_eq!(Label::parse(&label.to_string()), Some(label));
            prop_assert_eq!(serde_json::from_value::<Label>(serde_json::to_value(label).unwrap()).unwrap(), label);
        }

        #[test]
        fn the_periods_of_a_year_cover_it_without_gap(year in 1000..=9998_i32, frequency in prop_oneof![Just(Frequency::Quarterly), Just(Frequency::Monthly)]) {
            let labels = Label::of_year(frequency, year);
            prop_assert_eq!(labels[0].first_day(), Label::Year(year).first_day());
            prop_assert_eq!(labels[labels.len() - 1].last_day(), Label::Year(year).last_day());
            for pair in labels.windows(2) {
                prop_assert_eq!(next_day(pair[0].last_day()), pair[1].first_day());
                prop_assert!(pair[0] < pair[1]);
            }
        }

        #[test]
        fn every_period_opens_before_it_is_due(year in 1900..2200_i32) {
            for frequency in [Frequency::Annual, Frequency::Quarterly, Frequency::Monthly] {
                for period in implied(frequency, year, year, &Schedule::default()) {
                    prop_assert!(period.opens_at < period.due_at);
                }
            }
        }
    }
}
