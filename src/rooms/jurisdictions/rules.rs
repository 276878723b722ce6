//! What makes a place in the tree of administrative units: pure.

use super::wire::{JurisdictionIn, JurisdictionLevel};
use crate::problem::{Faults, FieldError, Problem, Result, codes};
use crate::values::code::natural_key;

/// The official code of the country.
pub(super) const COUNTRY: &str = "VN";

/// Checks that code, kind and parent fit the level. `parent` is the level of the parent named; `None` if none was
/// named or nothing has its code, which `faults` says then.
///
/// # Errors
/// 422 with every fault. A parent is one level above, so that the tree cannot have a cycle.
pub(super) fn check(input: &JurisdictionIn, parent: Option<JurisdictionLevel>, mut faults: Faults) -> Result<()> {
    if (input.level == JurisdictionLevel::Country) != (input.code == COUNTRY) {
        faults.add(FieldError::new("/code", codes::FIELD_CONFLICT).saying("Mã VN dành cho cả nước.", "The code VN is the country's."));
    }
    if input.kind.level() != input.level {
        faults.add(FieldError::new("/kind", codes::FIELD_CONFLICT).saying(
            format!("Loại «{}» không có ở cấp «{}».", input.kind.as_str(), input.level.as_str()),
            format!("There is no '{}' at the level '{}'.", input.kind.as_str(), input.level.as_str()),
        ));
    }
    match (input.level.above(), &input.parent, parent) {
        (None, None, _) => {}
        (Some(above), Some(_), Some(level)) if above == level => {}
        // That it is not there was noted when it was looked for.
        (Some(_), Some(_), None) => {}
        (Some(above), _, _) => faults.add(FieldError::new("/parent", codes::FIELD_CONFLICT).saying(
            format!("Phải thuộc một đơn vị cấp «{}».", above.as_str()),
            format!("It must belong to a unit of the level '{}'.", above.as_str()),
        )),
        (None, Some(_), _) => {
            faults.add(
                FieldError::new("/parent", codes::FIELD_CONFLICT)
                    .saying("Cả nước không thuộc đơn vị nào.", "The country belongs to nothing."),
            );
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
        return Err(Problem::at("/parent_from", codes::FIELD_REQUIRED).into());
    }
    let Some(from) = after.parent_from.filter(|_| after.parent_from != before.parent_from) else { return Ok(()) };
    let fault = FieldError::new("/parent_from", codes::FIELD_CONFLICT);
    let fault = if after.parent == before.parent {
        fault.saying("Chỉ nêu ngày khi chuyển sang đơn vị cấp trên khác.", "A day is named when the unit moves to another parent.")
    } else if before.parent_from.is_some_and(|earlier| from <= earlier) {
        fault.saying("Ngày chuyển phải sau lần chuyển trước.", "The day of a move is after that of the one before.")
    } else {
        return Ok(());
    };
    Err(Problem::invalid(vec![fault]).into())
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
    use crate::problem::Error;
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
        }
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
