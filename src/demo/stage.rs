//! What must be there before the story begins: the plan, the schools, the accounts, the periods that the plan implies.

use super::cast::{self, Cast, OTHER_WARD, WARD};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::schema::plans as plan_rows;
use crate::problem::{Place, Result};
use crate::reading::references::Scope;
use crate::rooms::jurisdictions::{self, JurisdictionIn, JurisdictionKind, JurisdictionLevel};
use crate::rooms::periods;
use crate::rooms::plans::PlanKey;
use crate::rooms::units::{self, UnitIn, UnitKind};
use crate::seed;
use crate::values::text::{Bilingual, Prose};
use diesel::prelude::*;
use secrecy::SecretString;

/// The schools: the plan names them as a group only.
const SCHOOLS: [(&str, &str, &str); 4] = [
    ("U7.1", "Trường Mầm non", "Kindergarten"),
    ("U7.2", "Trường Tiểu học 1", "Primary School 1"),
    ("U7.3", "Trường Tiểu học 2", "Primary School 2"),
    ("U7.4", "Trường Trung học cơ sở", "Lower Secondary School"),
];

/// What the events of the story refer to.
pub(super) struct Stage {
    pub cast: Cast,
    pub machine: (String, SecretString),
}

/// Makes it all.
///
/// # Errors
/// If the database fails.
pub(super) fn set(c: &mut Conn, actor: &Actor) -> Result<Stage> {
    seed::apply(c, actor)?;
    let ward = JurisdictionIn {
        code: OTHER_WARD.to_owned(),
        name: Bilingual { vi: "Phường Từ Sơn".to_owned(), en: Some("Từ Sơn Ward".to_owned()) },
        level: JurisdictionLevel::Commune,
        kind: JurisdictionKind::Ward,
        parent: Some("24".to_owned()),
        parent_from: None,
        valid_from: None,
        valid_until: None,
    };
    jurisdictions::create(c, actor, &ward)?;
    for (code, vi, en) in SCHOOLS {
        units::create(c, actor, &school(code, vi, en))?;
    }
    let (cast, machine) = cast::engage(c, actor)?;
    let plan = plan_of(c, WARD)?;
    periods::ensure_implied(c, actor, &plan)?;
    Ok(Stage { cast, machine })
}

fn school(code: &str, vi: &str, en: &str) -> UnitIn {
    UnitIn {
        jurisdiction: WARD.to_owned(),
        code: code.to_owned(),
        parent: Some("U7".to_owned()),
        kind: UnitKind::School,
        name: Bilingual { vi: format!("{vi} (minh hoạ)"), en: Some(format!("{en} (made up)")) },
        short_name: None,
        is_group: false,
        reports: true,
        agency_code: None,
        valid_from: None,
        valid_until: None,
        active: true,
        amendment: None,
        editorial_note: Some(Prose::new("Số liệu minh hoạ.", "Made up.")),
        source: None,
        transcription: None,
    }
}

/// The plan of a ward; in the demonstration a ward has one.
///
/// # Errors
/// If there is none.
pub(super) fn plan_of(c: &mut Conn, ward: &str) -> Result<PlanKey> {
    let code: String = plan_rows::table.filter(plan_rows::jurisdiction.eq(ward)).select(plan_rows::code).first(c)?;
    Scope::default().one(c, &code, &Place::body("/plan"))
}
