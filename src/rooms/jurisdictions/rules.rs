//! What makes a place in the tree of administrative units: pure.

use super::wire::{JurisdictionIn, JurisdictionLevel};
use crate::problem::{Error, Faults, FieldError, Problem, Result, codes, words};
use crate::values::code::natural_key;
use crate::values::days::Days;
use chrono::NaiveDate;

/// The official code of the country.
pub(super) const COUNTRY: &str = "VN";

/// Checks that code, kind and parent fit the level. `parent` is the level of the parent named; `None` if none was
/// named or nothing has its code, which `faults` says then.
///
/// # Errors
/// 422 with every fault. A parent is one level above, so that the tree cannot have a cycle.
pub(super) fn check(input: &JurisdictionIn, parent: Option<JurisdictionLevel>, mut faults: Faults) -> Result<()> {
    if (input.level == JurisdictionLevel::Country) != (input.code == COUNTRY) {
        faults.add(FieldError::new("/code", codes::FIELD_CONFLICT).saying(
            "Mã «VN» chỉ dành cho cả nước. Hãy dùng mã đơn vị hành chính của địa bàn.",
            "The code VN is the country's. Use the official code.",
        ));
    }
    if input.kind.level() != input.level {
        faults.add(FieldError::new("/kind", codes::FIELD_CONFLICT).saying(
            format!(
                "Loại {} không có ở cấp {}. Hãy sửa loại hoặc cấp.",
                words::choice(input.kind.as_str()).vi,
                words::choice(input.level.as_str()).vi
            ),
            format!("There is no '{}' at the level '{}'.", input.kind.as_str(), input.level.as_str()),
        ));
    }
    match (input.level.above(), &input.parent, parent) {
        (None, None, _) => {}
        (Some(above), Some(_), Some(level)) if above == level => {}
        // That it is not there was noted when it was looked for.
        (Some(_), Some(_), None) => {}
        (Some(above), _, _) => faults.add(FieldError::new("/parent", codes::FIELD_CONFLICT).saying(
            format!("Địa bàn phải thuộc một đơn vị cấp {}. Hãy nêu đơn vị cấp trên đó.", words::choice(above.as_str()).vi),
            format!("It must belong to a unit of the level '{}'.", above.as_str()),
        )),
        (None, Some(_), _) => {
            faults.add(FieldError::new("/parent", codes::FIELD_CONFLICT).saying(
                "Cả nước không thuộc đơn vị nào. Hãy bỏ đơn vị cấp trên.",
                "The country belongs to nothing. Leave the parent out.",
            ));
        }
    }
    faults.check()
}

/// Checks the day since which a unit belongs to another one than before: it is named with the move, and comes after the day of the last
/// one. `unknown` says that it is missing though a report was sent, so that it must be known whose years those are.
///
/// # Errors
/// 422.
pub(super) fn moves(before: &JurisdictionIn, after: &JurisdictionIn, unknown: bool) -> Result<()> {
    if unknown {
        let fault = FieldError::new("/parent_from", codes::FIELD_REQUIRED).saying(
            "Địa bàn đã gửi báo cáo, nên khi chuyển sang đơn vị cấp trên khác phải nêu ngày chuyển («parent_from»).",
            "Something was sent of this jurisdiction, so moving it to another parent takes the day, in parent_from.",
        );
        return Err(Problem::invalid(vec![fault]).into());
    }
    let Some(from) = after.parent_from.filter(|_| after.parent_from != before.parent_from) else { return Ok(()) };
    let fault = FieldError::new("/parent_from", codes::FIELD_CONFLICT);
    let fault = if after.parent == before.parent {
        fault.saying(
            "Chỉ nêu ngày chuyển khi chuyển sang đơn vị cấp trên khác. Hãy bỏ ngày này.",
            "A day is named when the unit moves to another parent.",
        )
    } else if before.parent_from.is_some_and(|earlier| from <= earlier) {
        fault.saying("Ngày chuyển phải sau lần chuyển trước. Hãy chọn ngày muộn hơn.", "The day of a move is after that of the one before.")
    } else {
        return Ok(());
    };
    Err(Problem::invalid(vec![fault]).into())
}

/// What is wrong with a unit's days.
pub(super) fn days(days: Days) -> Option<FieldError> {
    days.are_reversed().then(|| {
        FieldError::new("/valid_until", codes::FIELD_CONFLICT).saying(
            "Ngày cuối không được trước ngày đầu. Hãy sửa một trong hai.",
            "The last day must not be before the first. Mend one of them.",
        )
    })
}

/// Goes on only if a unit exists on the last day of a period.
///
/// # Errors
/// 409 `jurisdiction.dissolved`, which says until or from which day it exists.
pub(super) fn exists(code: &str, days: Days, ends_on: NaiveDate) -> Result<()> {
    let in_words = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let told = match (days.from.filter(|from| ends_on < *from), days.until.filter(|until| *until < ends_on)) {
        (None, None) => return Ok(()),
        (_, Some(until)) => Problem::new(codes::JURISDICTION_DISSOLVED).saying(
            format!(
                "Địa bàn {code} tồn tại đến hết ngày {}, nên không phải báo cáo kỳ kết thúc vào ngày {}. Các kỳ kết thúc trước đó vẫn báo cáo như thường.",
                in_words(until),
                in_words(ends_on),
            ),
            format!(
                "The jurisdiction {code} exists until {until}, so that nothing is reported of a period that ends on {ends_on}. Periods that end before are reported as usual."
            ),
        ),
        (Some(from), None) => Problem::new(codes::JURISDICTION_DISSOLVED).saying(
            format!(
                "Địa bàn {code} thành lập từ ngày {}, nên không phải báo cáo kỳ kết thúc vào ngày {}.",
                in_words(from),
                in_words(ends_on),
            ),
            format!("The jurisdiction {code} exists from {from} on, so that nothing is reported of a period that ends on {ends_on}."),
        ),
    };
    Err(told.into())
}

/// A dissolution is written down already; `done` says whether its day has come.
pub(super) fn dissolved_already(code: &str, on: NaiveDate, done: bool) -> Error {
    let day = on.format("%d/%m/%Y");
    let (vi, en) = match done {
        true => (
            format!("Địa bàn {code} đã giải thể từ ngày {day}; việc này không đổi được nữa."),
            format!("The jurisdiction {code} has been dissolved since {on}; that cannot be changed any more."),
        ),
        false => (
            format!("Việc giải thể địa bàn {code} từ ngày {day} đã được ghi. Trước ngày đó, xoá ngày cuối («valid_until») thì bỏ được."),
            format!("The jurisdiction {code} is to be dissolved on {on}. Before that day, make valid_until null to take it back."),
        ),
    };
    Problem::new(codes::JURISDICTION_DISSOLVED).saying(vi, en).into()
}

/// One that is named to take a dissolved unit's place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Successor<'a> {
    pub(super) code: &'a str,
    pub(super) level: &'a str,
    pub(super) days: Days,
}

/// What is wrong with those that take a unit's place from a day on: they are other units of its level, there on that day, each named
/// once. What was not found was noted when it was looked for, and is `None` here.
pub(super) fn successors(code: &str, level: &str, on: NaiveDate, named: &[Option<Successor<'_>>]) -> Vec<FieldError> {
    let known = |at: usize| named.get(at).copied().flatten();
    let wrong = |at: usize, successor: Successor<'_>| {
        let twice = (0..at).filter_map(known).any(|earlier| earlier.code == successor.code);
        successor.code == code || successor.level != level || !successor.days.hold(on) || twice
    };
    let faults = (0..named.len()).filter(|at| known(*at).is_some_and(|successor| wrong(*at, successor)));
    let said = |at: usize| {
        FieldError::new(format!("/successors/{at}"), codes::FIELD_CONFLICT).saying(
            "Địa bàn tiếp nhận phải là địa bàn khác cùng cấp, còn tồn tại vào ngày giải thể, và chỉ nêu một lần.",
            "A successor is another jurisdiction of the same level, there on the day of the dissolution, and named once.",
        )
    };
    faults.map(said).collect()
}

/// What is wrong with the first day without a unit: it comes after the day on which the unit began.
pub(super) fn dissolves(from: Option<NaiveDate>, on: NaiveDate) -> Option<FieldError> {
    from.is_some_and(|from| on <= from).then(|| {
        FieldError::new("/on", codes::FIELD_CONFLICT).saying(
            "Ngày giải thể phải sau ngày thành lập. Hãy chọn ngày muộn hơn.",
            "A unit is dissolved after the day on which it began. Choose a later one.",
        )
    })
}

/// The key of the list's order: the country, then each province followed by its communes.
#[must_use]
pub(super) fn order(input: &JurisdictionIn) -> String {
    let (code, parent) = (natural_key(&input.code), natural_key(input.parent.as_deref().unwrap_or_default()));
    match input.level {
        JurisdictionLevel::Country => "0".to_owned(),
        JurisdictionLevel::Province => format!("1 {code}"),
        JurisdictionLevel::Commune => format!("1 {parent} {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &JurisdictionIn, parent: Option<JurisdictionLevel>) -> Result<()> {
        super::check(input, parent, Faults::default())
    }
    use crate::rooms::jurisdictions::wire::JurisdictionKind;
    use crate::values::text::Bilingual;

    fn unit(code: &str, kind: JurisdictionKind, level: JurisdictionLevel, parent: Option<&str>) -> JurisdictionIn {
        JurisdictionIn {
            code: code.to_owned(),
            name: Bilingual::new("x", "x"),
            level,
            kind,
            parent: parent.map(str::to_owned),
            parent_from: None,
            valid_from: None,
            valid_until: None,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_ward_is_asked_for_what_ends_while_it_exists() {
        let days = Days::new(Some(day("2026-07-01")), Some(day("2027-06-30")));
        let told = |ends_on: &str| exists("09385", days, day(ends_on)).err().map(|e| e.into_problem().detail().en.clone());
        assert_eq!((told("2026-12-31"), told("2027-06-30"), told("2026-07-01")), (None, None, None));
        assert!(told("2027-12-31").unwrap().contains("until 2027-06-30"));
        assert!(told("2026-06-30").unwrap().contains("from 2026-07-01"));
        let problem = exists("09385", days, day("2027-12-31")).unwrap_err().into_problem();
        assert!(problem.detail().vi.contains("30/06/2027") && problem.detail().vi.contains("31/12/2027"));
    }

    #[test]
    fn a_successor_is_another_unit_of_the_level_and_there() {
        let on = day("2027-07-01");
        let new = |code, level, from: Option<&str>, until: Option<&str>| {
            Some(Successor { code, level, days: Days::new(from.map(day), until.map(day)) })
        };
        let pointers =
            |named: &[Option<Successor<'_>>]| successors("09385", "commune", on, named).into_iter().map(|f| f.pointer).collect::<Vec<_>>();
        let good = new("09388", "commune", Some("2027-07-01"), None);
        assert!(pointers(&[]).is_empty() && pointers(&[good, None, new("09391", "commune", None, Some("2027-07-01"))]).is_empty());
        assert_eq!(pointers(&[good, new("09385", "commune", None, None)]), ["/successors/1"]);
        assert_eq!(pointers(&[new("24", "province", None, None), good, good]), ["/successors/0", "/successors/2"]);
        assert_eq!(pointers(&[new("09388", "commune", None, Some("2027-06-30"))]), ["/successors/0"]);
        assert_eq!(pointers(&[new("09388", "commune", Some("2027-07-02"), None)]), ["/successors/0"]);
    }

    #[test]
    fn a_unit_is_dissolved_after_it_began() {
        assert!(dissolves(None, day("2026-01-01")).is_none() && dissolves(Some(day("2026-01-01")), day("2026-01-02")).is_none());
        assert_eq!(dissolves(Some(day("2026-01-01")), day("2026-01-01")).unwrap().pointer, "/on");
        assert_eq!(days(Days::new(Some(day("2026-01-02")), Some(day("2026-01-01")))).unwrap().pointer, "/valid_until");
    }

    fn pointers(result: Result<()>) -> Vec<String> {
        match result {
            Ok(()) => Vec::new(),
            Err(Error::Problem(problem)) => problem.errors().iter().map(|e| e.pointer.clone()).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_unit_is_one_level_below_its_parent() {
        use JurisdictionLevel::{Commune, Country, Province};
        let ward = unit("09385", JurisdictionKind::Ward, Commune, Some("24"));
        assert!(check(&ward, Some(Province)).is_ok());
        for parent in [Some(Country), Some(Commune)] {
            assert_eq!(pointers(check(&ward, parent)), ["/parent"]);
        }
        assert_eq!(pointers(check(&unit("09385", JurisdictionKind::Ward, Commune, None), None)), ["/parent"]);
        assert!(check(&unit("24", JurisdictionKind::Province, Province, Some("VN")), Some(Country)).is_ok());
        assert!(check(&unit("VN", JurisdictionKind::Country, Country, None), None).is_ok());
        assert_eq!(pointers(check(&unit("VN", JurisdictionKind::City, Province, Some("VN")), Some(Country))), ["/code"]);
        assert_eq!(pointers(check(&unit("1", JurisdictionKind::City, Country, Some("VN")), Some(Country))), ["/code", "/kind", "/parent"]);
    }

    #[test]
    fn communes_follow_their_province() {
        use JurisdictionLevel::{Commune, Country, Province};
        let all = [
            unit("VN", JurisdictionKind::Country, Country, None),
            unit("1", JurisdictionKind::City, Province, Some("VN")),
            unit("9385", JurisdictionKind::Ward, Commune, Some("1")),
            unit("24", JurisdictionKind::Province, Province, Some("VN")),
            unit("385", JurisdictionKind::Ward, Commune, Some("24")),
        ];
        assert!(all.iter().map(order).is_sorted());
    }
}
