//! What may be a member of what, and the plan's order of units: pure.

use super::wire::UnitIn;
use crate::problem::{FieldError, codes};
use crate::values::code::natural_key;
use crate::values::days::Days;
use chrono::NaiveDate;

/// The place of a unit that the transcription does not number: after all that it does.
const LAST: u64 = 999_999_999;

/// What is wrong with a unit's place among groups and members. `parent_is_group` speaks of the unit named as parent;
/// `members` says how many units name this one. A group is never a member, so that there are neither chains nor cycles.
pub(super) fn membership(input: &UnitIn, parent_is_group: Option<bool>, members: i64) -> Option<FieldError> {
    if input.parent.is_some() && input.is_group {
        let fault = FieldError::new("/parent", codes::FIELD_CONFLICT);
        return Some(fault.saying(
            "Một nhóm không thể là thành viên của nhóm khác. Hãy bỏ đơn vị cấp trên, hoặc không đặt đơn vị này là nhóm.",
            "A group cannot be a member of another. Leave the parent out, or do not make it a group.",
        ));
    }
    if parent_is_group == Some(false) {
        let fault = FieldError::new("/parent", codes::FIELD_CONFLICT);
        return Some(fault.saying(
            "Đơn vị cấp trên được nêu không phải là nhóm. Hãy nêu một nhóm, hoặc đặt đơn vị đó là nhóm trước.",
            "The unit named as parent is no group. Name a group, or make it one first.",
        ));
    }
    if members > 0 && !input.is_group {
        let fault = FieldError::new("/is_group", codes::FIELD_CONFLICT);
        return Some(fault.saying(
            format!("Nhóm còn {members} thành viên. Hãy chuyển hoặc xoá các thành viên trước."),
            format!("The group still has {members} members. Move or delete them first."),
        ));
    }
    None
}

/// What is wrong with a unit's days.
pub(super) fn days(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<FieldError> {
    Days::new(from, until).are_reversed().then(|| {
        FieldError::new("/valid_until", codes::FIELD_CONFLICT).saying(
            "Ngày cuối không được trước ngày đầu. Hãy sửa một trong hai.",
            "The last day must not be before the first. Mend one of them.",
        )
    })
}

/// The key of the plan's order: by the number that the transcription gives, else by code; members follow their group.
pub(super) fn order(input: &UnitIn, group: Option<&str>) -> String {
    let number = input.transcription.as_ref().and_then(|t| t.get("plan_order")).and_then(serde_json::Value::as_u64);
    let own = format!("{:09} {}", number.unwrap_or(LAST).min(LAST), natural_key(&input.code));
    match group {
        Some(group) => format!("{group} {own}"),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::units::wire::UnitKind;
    use crate::values::text::Bilingual;
    use serde_json::json;

    fn unit(code: &str, parent: Option<&str>, is_group: bool, plan_order: Option<u64>) -> UnitIn {
        UnitIn {
            jurisdiction: "09385".to_owned(),
            code: code.to_owned(),
            parent: parent.map(str::to_owned),
            kind: UnitKind::School,
            name: Bilingual::new("x", "x"),
            short_name: None,
            is_group,
            reports: true,
            agency_code: None,
            valid_from: None,
            valid_until: None,
            active: true,
            amendment: None,
            editorial_note: None,
            source: None,
            transcription: plan_order.map(|n| json!({ "plan_order": n })).and_then(|t| t.as_object().cloned()),
        }
    }

    #[test]
    fn only_a_group_has_members_and_no_group_is_one() {
        let pointer = |input: &UnitIn, parent, members| membership(input, parent, members).map(|f| f.pointer);
        assert_eq!(pointer(&unit("U7.1", Some("U7"), false, None), Some(true), 0), None);
        assert_eq!(pointer(&unit("U7", None, true, None), None, 4), None);
        assert_eq!(pointer(&unit("U5.1", Some("U5"), false, None), Some(false), 0).as_deref(), Some("/parent"));
        assert_eq!(pointer(&unit("U7.1", Some("U7"), true, None), Some(true), 0).as_deref(), Some("/parent"));
        assert_eq!(pointer(&unit("U7", None, false, None), None, 4).as_deref(), Some("/is_group"));
    }

    #[test]
    fn a_unit_does_not_end_before_it_begins() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let (from, until) = (day("2027-07-01"), day("2028-06-30"));
        assert_eq!(days(until, from).map(|f| f.pointer).as_deref(), Some("/valid_until"));
        assert!(days(from, from).is_none() && days(None, until).is_none());
    }

    #[test]
    fn members_follow_their_group_in_the_order_of_their_numbers() {
        let schools = order(&unit("U7", None, true, Some(7)), None);
        let member = |code: &str| order(&unit(code, Some("U7"), false, None), Some(&schools));
        let issuer = order(&unit("UBND", None, false, Some(0)), None);
        let all = [
            issuer,
            schools.clone(),
            member("U7.2"),
            member("U7.10"),
            order(&unit("U8", None, true, Some(8)), None),
            order(&unit("SNV", None, false, Some(9)), None),
            order(&unit("U10", None, false, None), None),
        ];
        assert!(all.is_sorted(), "{all:#?}");
    }
}
