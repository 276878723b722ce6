//! Who may manage whom: pure rules over jurisdictions and grants.

use crate::auth::caller::{Reach, Role};
use crate::problem::{Problem, Result, codes};

/// Whether an administrator of this reach may read an account with grants for these jurisdictions: one of them is his.
pub(super) fn sees(reach: &Reach, held: &[String]) -> bool {
    *reach == Reach::Everything || held.iter().any(|j| reach.covers(j))
}

/// Whether he may change it: all of them are his. An account without grants belongs to the country's administrators, so
/// that nobody can take over a name that once stood higher.
///
/// # Errors
/// 403 `access.denied`.
pub(super) fn manages(reach: &Reach, held: &[String]) -> Result<()> {
    let all = !held.is_empty() && held.iter().all(|j| reach.covers(j));
    if *reach == Reach::Everything || all { Ok(()) } else { Err(beyond_reach().into()) }
}

fn beyond_reach() -> Problem {
    Problem::new(codes::ACCESS_DENIED).saying(
        "Tài khoản hoặc quyền này thuộc địa bàn ngoài phạm vi quản trị của bạn. Hãy nhờ quản trị viên của cấp trên làm.",
        "This account or grant belongs to a jurisdiction beyond your own reach. Ask an administrator of a higher level to do it.",
    )
}

/// Where an account stops being an administrator: the jurisdictions of its admin grants before that are not among those
/// after.
pub(super) fn admin_lost<'a>(before: &'a [(Role, String)], after: &[(Role, String)]) -> Vec<&'a str> {
    let admin = |(role, _): &&(Role, String)| *role == Role::Admin;
    before.iter().filter(admin).filter(|grant| !after.contains(grant)).map(|(_, j)| j.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::sync::Arc;

    fn reach(codes: &[&str]) -> Reach {
        Reach::Codes(Arc::new(codes.iter().map(|c| (*c).to_owned()).collect::<HashSet<_>>()))
    }

    fn held(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|c| (*c).to_owned()).collect()
    }

    #[test]
    fn an_administrator_manages_what_lies_wholly_within_his_reach() {
        let ward = reach(&["09385"]);
        for (codes, sees_it, manages_it) in
            [(&["09385"][..], true, true), (&["09385", "24"], true, false), (&["24"], false, false), (&[], false, false)]
        {
            assert_eq!(sees(&ward, &held(codes)), sees_it, "{codes:?}");
            assert_eq!(manages(&ward, &held(codes)).is_ok(), manages_it, "{codes:?}");
            assert!(sees(&Reach::Everything, &held(codes)) && manages(&Reach::Everything, &held(codes)).is_ok());
        }
    }

    #[test]
    fn losing_a_role_is_noticed_where_it_was_held() {
        let before = [(Role::Admin, "VN".to_owned()), (Role::Leader, "24".to_owned()), (Role::Admin, "24".to_owned())];
        assert_eq!(admin_lost(&before, &[]), ["VN", "24"]);
        assert_eq!(admin_lost(&before, &[(Role::Admin, "VN".to_owned())]), ["24"]);
        assert!(admin_lost(&before, &before).is_empty());
    }
}
