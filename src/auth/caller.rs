//! Who asks and how far he may reach.

use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, SessionId, UnitId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// What an account may do, wherever one of its grants holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// IT of the People's Committee: jurisdictions and accounts, not the data.
    Admin,
    /// The Culture and Social Affairs office (Phòng Văn hoá - Xã hội).
    Coordinator,
    /// Chairperson and vice chairpersons (Chủ tịch, Phó Chủ tịch UBND).
    Leader,
    /// A responsible unit.
    Reporter,
    /// The Fatherland Front (MTTQ) and the People's Council (HĐND).
    Supervisor,
    /// The provincial Department of Home Affairs (Sở Nội vụ).
    Province,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Admin, Self::Coordinator, Self::Leader, Self::Reporter, Self::Supervisor, Self::Province];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Coordinator => "coordinator",
            Self::Leader => "leader",
            Self::Reporter => "reporter",
            Self::Supervisor => "supervisor",
            Self::Province => "province",
        }
    }

    /// Whether a grant of it holds below its administrative unit as well. A coordinator keeps the plan of the unit it was
    /// named for: one of a province or the country has no say in a ward and sees nothing of its work.
    #[must_use]
    pub fn reaches_below(self) -> bool {
        self != Self::Coordinator
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The scope that shows restricted figures exactly.
pub const RESTRICTED_READ: &str = "restricted:read";

/// Administrative units: where a grant holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The whole country.
    Everything,
    /// These, by official code.
    Codes(Arc<HashSet<String>>),
}

impl Reach {
    /// No administrative unit at all.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::Codes(Arc::default())
    }

    /// This administrative unit and nothing below it.
    #[must_use]
    pub fn only(code: &str) -> Self {
        Self::Codes(Arc::new(HashSet::from([code.to_owned()])))
    }

    /// Whether it holds here.
    #[must_use]
    pub fn covers(&self, jurisdiction: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Codes(codes) => codes.contains(jurisdiction),
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
            (Self::Codes(a), Self::Codes(b)) => Self::Codes(Arc::new(a.union(b).cloned().collect())),
        }
    }

    /// The codes, for a query; `None` stands for everything.
    #[must_use]
    pub fn codes(&self) -> Option<Vec<String>> {
        match self {
            Self::Everything => None,
            Self::Codes(codes) => {
                let mut list: Vec<String> = codes.iter().cloned().collect();
                list.sort_unstable();
                Some(list)
            }
        }
    }
}

/// One role, somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The administrative unit it was given for, by official code.
    pub jurisdiction: String,
    /// Where it holds: its scopes as well as its role.
    pub reach: Reach,
    /// The only responsible unit it holds for, if it is bound to one.
    pub unit: Option<UnitId>,
    /// Whether it shows restricted figures exactly.
    pub restricted: bool,
}

/// Whether an account is a person or a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person, who signs in.
    User,
    /// A machine, by client credentials.
    Client,
}

impl Kind {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Client => "client",
        }
    }
}

/// A signed-in account as it stands at this request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub id: AccountId,
    /// Person or machine.
    pub kind: Kind,
    /// The name it signs in with.
    pub username: String,
    /// The name shown to others.
    pub display_name: String,
    /// The session: a person's sign-in, or a machine's single token.
    pub session: Option<SessionId>,
    /// Whether a one-time password must be changed before anything else.
    pub must_change_password: bool,
    /// Whether signing in takes a code of a second factor.
    pub second_factor: bool,
    /// What it may do now.
    pub grants: Vec<Grant>,
    /// When the account or the session ends by itself, or one of its grants begins or ends.
    pub counts_until: Option<UtcTime>,
}

impl Caller {
    /// Whether it has one of these roles anywhere.
    #[must_use]
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|g| roles.contains(&g.role))
    }

    /// Whether it has one of these roles here.
    #[must_use]
    pub fn may(&self, roles: &[Role], jurisdiction: &str) -> bool {
        self.grants.iter().any(|g| roles.contains(&g.role) && g.reach.covers(jurisdiction))
    }

    /// Where it has one of these roles.
    #[must_use]
    pub fn reach(&self, roles: &[Role]) -> Reach {
        self.grants.iter().filter(|g| roles.contains(&g.role)).fold(Reach::nowhere(), |all, g| all.and(&g.reach))
    }

    /// Whether it reports for this unit: by a grant bound to it, or by one for every unit of its jurisdiction.
    #[must_use]
    pub fn reports_for(&self, unit: &UnitId, jurisdiction: &str) -> bool {
        self.grants.iter().any(|g| g.role == Role::Reporter && g.reach.covers(jurisdiction) && g.unit.as_ref().is_none_or(|u| u == unit))
    }

    /// Whether it belongs to this unit itself: then what it reports is not on anybody's behalf.
    #[must_use]
    pub fn belongs_to(&self, unit: &UnitId) -> bool {
        self.grants.iter().any(|g| g.role == Role::Reporter && g.unit.as_ref() == Some(unit))
    }

    /// Whether restricted figures of this jurisdiction are shown to it exactly.
    #[must_use]
    pub fn sees_restricted(&self, jurisdiction: &str) -> bool {
        self.grants.iter().any(|g| g.restricted && g.reach.covers(jurisdiction))
    }
}
