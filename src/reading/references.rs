//! The one resolver of references: whether a text names no row, one or several is decided here alone, for every endpoint.
//!
//! Where one row is meant (a body, `plan=`) it is looked up within what else is named; in a filter a code or label stands for
//! every row that it fits there. What fits nothing is `reference.unknown`, what fits several where one is meant
//! `reference.ambiguous`: 422 in a body, 400 in a query (contract, section 1).

pub use super::keys::{
    AccountKey, AmendmentKey, DimensionKey, GoalKey, IndicatorKey, JurisdictionKey, PeriodKey, PlanIndicatorKey, PlanKey, ReportKey,
    UnitKey,
};
pub use super::referable::{Referable, Stored};

use super::referable::spelt;
use crate::auth::caller::Reach;
use crate::auth::store::find_reach;
use crate::db::Conn;
use crate::problem::{Error, Faults, FieldError, Place, Result, Said, codes, said, words};
use crate::values::Ref;
use crate::values::id::{PeriodId, PlanId, looks_like_id};
use std::collections::BTreeSet;

/// An administrative unit and all below it.
#[derive(Debug, Clone)]
struct Area {
    named: String,
    /// `None` stands for the whole country.
    codes: Option<Vec<String>>,
}

/// What else is named beside a reference, and so where it is looked up. Nothing named: everywhere.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    area: Option<Area>,
    plan: Option<PlanKey>,
    periods: Option<Vec<PeriodKey>>,
}

/// What a query names by the parameters that lie above all others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// `jurisdiction=`, an official code.
    pub jurisdiction: Option<&'a str>,
    /// `plan=`, an id or a code.
    pub plan: Option<&'a str>,
    /// `period=`, an id or the label of periodic ones.
    pub period: Option<&'a str>,
}

impl Scope {
    /// What a query names: first the jurisdiction, within it the plan, within these the periods.
    ///
    /// # Errors
    /// `reference.unknown` or `reference.ambiguous`, 400.
    pub fn of_query(c: &mut Conn, named: Named<'_>) -> Result<Self> {
        let mut scope = Self::default();
        if let Some(code) = named.jurisdiction {
            scope.area = Some(area(c, code, &Place::query("jurisdiction"))?);
        }
        if let Some(plan) = named.plan {
            scope.plan = Some(scope.plan_beside(c, plan, named.period)?);
        }
        if let Some(period) = named.period {
            scope.periods = Some(scope.all(c, period, &Place::query("period"))?);
        }
        Ok(scope)
    }

    /// An administrative unit and all below it, named at this place.
    ///
    /// # Errors
    /// `reference.unknown`.
    pub fn beneath(c: &mut Conn, code: &str, place: &Place) -> Result<Self> {
        Ok(Self { area: Some(area(c, code, place)?), ..Self::default() })
    }

    /// A plan, and through it its jurisdiction.
    #[must_use]
    pub fn of_plan(plan: &PlanKey) -> Self {
        Self { plan: Some(plan.clone()), ..Self::default() }
    }

    /// One administrative unit without those below it.
    #[must_use]
    pub fn of_jurisdiction(code: &str) -> Self {
        Self::of_reach(code, &Reach::only(code))
    }

    /// Where something holds that was given for an administrative unit.
    #[must_use]
    pub fn of_reach(code: &str, reach: &Reach) -> Self {
        Self { area: Some(Area { named: code.to_owned(), codes: reach.codes() }), ..Self::default() }
    }

    /// The plan that a query names. Where its code fits plans of several wards, a period named by its id tells them apart.
    fn plan_beside(&self, c: &mut Conn, named: &str, period: Option<&str>) -> Result<PlanKey> {
        let place = Place::query("plan");
        let found: Vec<PlanKey> = self.all(c, named, &place)?;
        match period.filter(|text| found.len() > 1 && looks_like_id(text)) {
            None => self.decide::<PlanKey, _>(found.into_iter(), named, &place),
            Some(text) => {
                let periods: Vec<PeriodKey> = self.all(c, text, &Place::query("period"))?;
                let asks = |plan: &PlanKey| periods.iter().any(|period| period.plan_id == plan.id);
                self.decide::<PlanKey, _>(found.into_iter().filter(asks), named, &place)
            }
        }
    }

    /// The plan named.
    #[must_use]
    pub fn plan(&self) -> Option<&PlanKey> {
        self.plan.as_ref()
    }

    /// The jurisdictions named, with all below them, for a query; `None` stands for everything.
    #[must_use]
    pub fn area(&self) -> Option<&[String]> {
        self.area.as_ref()?.codes.as_deref()
    }

    /// The periods named, for a query.
    #[must_use]
    pub fn periods(&self) -> Option<Vec<PeriodId>> {
        Some(self.periods.as_ref()?.iter().map(|period| period.id.clone()).collect())
    }

    /// The plans in which what belongs to a plan is looked up: the one named, or those of the periods named.
    #[must_use]
    pub fn plans(&self) -> Option<Vec<&PlanId>> {
        match (&self.plan, &self.periods) {
            (Some(plan), _) => Some(vec![&plan.id]),
            (None, Some(periods)) => Some(periods.iter().map(|period| &period.plan_id).collect::<BTreeSet<_>>().into_iter().collect()),
            (None, None) => None,
        }
    }

    /// The wards in which units are looked up: the plan's, those of the periods, or those of the jurisdiction named.
    #[must_use]
    pub fn wards(&self) -> Option<Vec<&str>> {
        match (&self.plan, &self.periods) {
            (Some(plan), _) => Some(vec![&plan.jurisdiction]),
            (None, Some(periods)) => {
                Some(periods.iter().map(|period| period.jurisdiction.as_str()).collect::<BTreeSet<_>>().into_iter().collect())
            }
            (None, None) => Some(self.area()?.iter().map(String::as_str).collect()),
        }
    }

    /// The one row that a text names.
    ///
    /// # Errors
    /// `reference.unknown` or `reference.ambiguous` at its place.
    pub fn one<R: Stored>(&self, c: &mut Conn, named: &str, place: &Place) -> Result<R> {
        let found = R::load(c, &[spelt(named)], self, Some(2))?;
        self.decide::<R, _>(found.into_iter(), named, place)
    }

    /// Every row that a text names.
    ///
    /// # Errors
    /// `reference.unknown` at its place if there is none.
    pub fn all<R: Stored>(&self, c: &mut Conn, named: &str, place: &Place) -> Result<Vec<R>> {
        let found = self.any::<R>(c, named)?;
        if found.is_empty() { Err(self.unknown::<R>(named, place)) } else { Ok(found) }
    }

    /// Every row that a text names, perhaps none: where something else than a row may be meant.
    ///
    /// # Errors
    /// If the database fails.
    pub fn any<R: Stored>(&self, c: &mut Conn, named: &str) -> Result<Vec<R>> {
        R::load(c, &[spelt(named)], self, None)
    }

    /// The ids of all rows that a query parameter stands for, where there is one.
    ///
    /// # Errors
    /// 400 `reference.unknown`.
    pub fn filter<R: Stored>(&self, c: &mut Conn, named: Option<&str>, parameter: &'static str) -> Result<Option<Vec<R::Id>>> {
        let Some(named) = named else { return Ok(None) };
        let meant = R::load_meant(c, named, self)?;
        if meant.is_empty() {
            return Err(self.unknown::<R>(named, &Place::query(parameter)));
        }
        Ok(Some(meant.into_iter().map(R::into_id).collect()))
    }

    /// The one row that each text of a list names: one statement for all. What is wrong is noted at its pointer.
    ///
    /// # Errors
    /// If the database fails.
    pub fn each<R: Stored>(
        &self,
        c: &mut Conn,
        named: &[&str],
        pointer: impl Fn(usize) -> String,
        faults: &mut Faults,
    ) -> Result<Vec<Option<R>>> {
        let texts: Vec<String> = named.iter().map(|text| spelt(text)).collect();
        let rows = if texts.is_empty() { Vec::new() } else { R::load(c, &texts, self, None)? };
        let find = |(at, text): (usize, &String)| {
            let fitting = rows.iter().filter(|row| row.is_named(text)).cloned();
            faults.keep(self.decide::<R, _>(fitting, text, &Place::body(pointer(at))))
        };
        texts.iter().enumerate().map(find).collect()
    }

    /// The same as answers name the rows, for a list that may name what it did before: by the same ids, nothing is looked up.
    ///
    /// # Errors
    /// If the database fails.
    pub fn each_anew<R: Stored>(
        &self,
        c: &mut Conn,
        named: &[&str],
        before: &[Ref],
        reference: impl Fn(R) -> Ref,
        pointer: impl Fn(usize) -> String,
        faults: &mut Faults,
    ) -> Result<Vec<Option<Ref>>> {
        if named.iter().copied().eq(before.iter().map(|r| r.id.as_str())) {
            return Ok(before.iter().cloned().map(Some).collect());
        }
        Ok(self.each(c, named, pointer, faults)?.into_iter().map(|row| row.map(&reference)).collect())
    }

    fn decide<R: Referable, T>(&self, fitting: impl Iterator<Item = T>, named: &str, place: &Place) -> Result<T> {
        decide::<R, T>(fitting, named, place, &self.words(), self.beside(place))
    }

    /// What a text names is not there, or not for the caller.
    #[must_use]
    pub fn unknown<R: Referable>(&self, named: &str, place: &Place) -> Error {
        unknown::<R>(named, place, &self.words())
    }

    /// Where it is looked for.
    fn words(&self) -> Said {
        match (&self.plan, self.periods.as_deref(), &self.area) {
            (Some(plan), ..) => said(format!("trong kế hoạch «{}»", plan.code), format!("in the plan {}", plan.code)),
            (None, Some([period, ..]), _) => said(format!("trong kỳ «{}»", period.label), format!("in the period {}", period.label)),
            (None, _, Some(area)) => {
                said(format!("ở địa bàn {} và các cấp bên dưới", area.named), format!("in the jurisdiction {} and below", area.named))
            }
            (None, ..) => said("trên hệ thống này", "on this service"),
        }
    }

    /// What may be named beside what fits several, so that it fits one.
    fn beside(&self, place: &Place) -> Option<&'static str> {
        match place {
            Place::Query(_) => self.area.is_none().then_some("jurisdiction"),
            // A period that is named beside its plan.
            Place::Body(pointer) => (pointer == "/period" && self.plan.is_none()).then_some("plan"),
        }
    }
}

fn area(c: &mut Conn, code: &str, place: &Place) -> Result<Area> {
    let reach = find_reach(c, code)?;
    let reach = reach.ok_or_else(|| Scope::default().unknown::<JurisdictionKey>(code, place))?;
    Ok(Area { named: code.to_owned(), codes: reach.codes() })
}

/// The one of some things at hand that a text names; `names` tells a thing's id and code, `among` where it is looked for.
///
/// # Errors
/// `reference.unknown` or `reference.ambiguous` at its place.
pub fn among<'a, R: Referable, T>(
    things: impl IntoIterator<Item = &'a T>,
    names: impl Fn(&T) -> (&str, &str),
    named: &str,
    place: &Place,
    among: &Said,
) -> Result<&'a T> {
    let text = spelt(named);
    let fits = |thing: &&T| {
        let (id, code) = names(thing);
        id == text || code == text
    };
    decide::<R, _>(things.into_iter().filter(fits), named, place, among, None)
}

/// None, one or several.
fn decide<R: Referable, T>(
    mut fitting: impl Iterator<Item = T>,
    named: &str,
    place: &Place,
    within: &Said,
    beside: Option<&str>,
) -> Result<T> {
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(ambiguous::<R>(named, place, within, beside)),
        (None, _) => Err(unknown::<R>(named, place, within)),
    }
}

/// What a text names is not there.
pub fn unknown<R: Referable>(named: &str, place: &Place, within: &Said) -> Error {
    let ((vi, en), (by_vi, by_en)) = (R::CALLED, R::NAMED_BY);
    let detail = said(
        format!("Không có {vi} nào mang {by_vi} «{named}» {}. Hãy kiểm tra lại mã.", within.vi),
        format!("There is no {en} with the {by_en} '{named}' {}. Check what is named.", within.en),
    );
    place.fault(codes::REFERENCE_UNKNOWN, detail).into()
}

/// What stands at a pointer of the body names nothing, in words of its own.
#[must_use]
pub fn mistaken(pointer: &str, detail: Said) -> FieldError {
    FieldError::new(pointer, codes::REFERENCE_UNKNOWN).told(detail)
}

/// Whether a fault is that something is named which is not there.
#[must_use]
pub fn is_unknown(fault: &FieldError) -> bool {
    fault.code == codes::REFERENCE_UNKNOWN
}

/// Nothing that could be meant is there, whatever it is called.
pub fn none<R: Referable>(place: &Place, within: &Said) -> Error {
    let (vi, en) = R::CALLED;
    let detail = said(format!("Không có {vi} nào {}.", within.vi), format!("There is no {en} {}.", within.en));
    place.fault(codes::REFERENCE_UNKNOWN, detail).into()
}

/// Several could be meant; `cure` says what to name.
pub fn several<R: Referable>(place: &Place, within: &Said, cure: &Said) -> Error {
    let (vi, en) = R::CALLED;
    let detail = said(format!("Có nhiều {vi} {}. {}", within.vi, cure.vi), format!("There are several {en}s {}. {}", within.en, cure.en));
    place.fault(codes::REFERENCE_AMBIGUOUS, detail).into()
}

fn ambiguous<R: Referable>(named: &str, place: &Place, within: &Said, beside: Option<&str>) -> Error {
    let (vi, en) = R::CALLED;
    let (cure_vi, cure_en) = match beside {
        Some(other) => {
            let beside = words::member(other);
            (format!("Hãy nêu thêm {}, hoặc dùng «id» thay cho mã", beside.vi), format!("Name the {} beside it, or use its id", beside.en))
        }
        None => ("Hãy dùng «id» thay cho mã".to_owned(), "Use its id".to_owned()),
    };
    let detail = said(
        format!("Có nhiều {vi} mang «{named}» {}. {cure_vi}.", within.vi),
        format!("Several {en}s are called '{named}' {}. {cure_en}.", within.en),
    );
    place.fault(codes::REFERENCE_AMBIGUOUS, detail).into()
}
