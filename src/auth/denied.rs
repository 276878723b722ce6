//! What a refusal for want of a role says: who may do it, what this account is, and whom to ask.

use super::caller::{Caller, Role};
use crate::problem::words::{Called, Helper, either, listed};
use crate::problem::{Problem, Said, codes, said};

impl Role {
    /// What a clerk calls whoever has it.
    #[must_use]
    pub fn called(self) -> Called {
        match self {
            Self::Admin => ("quản trị viên", "administrator"),
            Self::Coordinator => ("điều phối viên (Phòng Văn hoá - Xã hội)", "coordinator (Culture and Social Affairs office)"),
            Self::Leader => ("lãnh đạo Uỷ ban nhân dân", "leader of the People's Committee"),
            Self::Reporter => ("người báo cáo của đơn vị", "reporter of the unit"),
            Self::Supervisor => ("người giám sát (MTTQ, HĐND)", "supervisor (Fatherland Front, People's Council)"),
            Self::Province => ("Sở Nội vụ", "provincial Department of Home Affairs"),
        }
    }

    /// The same in a list of what can be done, where the office goes without saying.
    #[must_use]
    pub fn briefly(self) -> Called {
        match self {
            Self::Coordinator => ("điều phối viên", "coordinator"),
            Self::Leader => ("lãnh đạo", "leader"),
            Self::Reporter => ("đơn vị báo cáo", "reporting unit"),
            Self::Supervisor => ("người giám sát", "supervisor"),
            Self::Admin | Self::Province => self.called(),
        }
    }
}

/// 403 for an account that has none of these roles, or has one elsewhere only; `place` says where it would have to hold.
#[must_use]
pub fn denied(caller: Option<&Caller>, roles: &[Role], place: Option<&str>) -> Problem {
    let who = either(roles.iter().map(|role| Said::from(role.called())));
    let who_may = match place {
        Some(code) => said(
            format!("Ở địa bàn {code}, việc này do {} làm.", who.vi),
            format!("In the jurisdiction {code} this is done by the {}.", who.en),
        ),
        None => said(format!("Việc này do {} làm.", who.vi), format!("This is done by the {}.", who.en)),
    };
    Problem::new(codes::ACCESS_DENIED).told(who_may.and(&what_to_do(caller, roles)))
}

/// 403 for an account that does not report for the unit whose report or task it is.
#[must_use]
pub fn reports_for_others(caller: Option<&Caller>) -> Problem {
    let who_may = said("Việc này do người báo cáo của chính đơn vị làm.", "This is done by a reporter of the unit itself.");
    Problem::new(codes::ACCESS_DENIED).told(who_may.and(&what_to_do(caller, &[Role::Reporter])))
}

fn what_to_do(caller: Option<&Caller>, roles: &[Role]) -> Said {
    let Some(caller) = caller else {
        return said("Hãy đăng nhập bằng tài khoản có vai trò đó.", "Sign in with an account that has this role.");
    };
    let ask = said(
        "Hãy nhờ người có vai trò đó làm, hoặc nhờ quản trị viên cấp vai trò.",
        "Let somebody do it who has the role, or ask an administrator for the role.",
    );
    let mut held: Vec<Role> = caller.grants.iter().map(|grant| grant.role).collect();
    held.sort_unstable();
    held.dedup();
    let names = listed(held.iter().map(|role| Said::from(role.called())));
    let account = match held.as_slice() {
        [] => said("Tài khoản này chưa có vai trò nào.", "This account has no role."),
        _ if held.iter().any(|role| roles.contains(role)) => {
            said("Tài khoản này có vai trò đó ở nơi khác, không phải ở đây.", "This account has the role elsewhere, not here.")
        }
        _ => said(format!("Tài khoản này là {}.", names.vi), format!("This account is: {}.", names.en)),
    };
    account.and(&ask)
}

/// Who can take a step that would help.
#[must_use]
pub fn helper(role: Role, himself: bool) -> Helper {
    Helper { himself, called: role.called() }
}
