//! The accounts of the demonstration: one or more for each role, named after offices, never after persons.

use crate::actor::Actor;
use crate::auth::caller::{Caller, Role};
use crate::auth::{password, store};
use crate::db::Conn;
use crate::problem::{Error, Result};
use crate::rooms::accounts::{self, ClientIn, GrantIn, Scope, UserIn};
use crate::values::id::AccountId;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Arc;

/// The password of every person of the demonstration. It guards nothing: the data are made up and thrown away.
pub const PASSWORD: &str = "so-lieu-minh-hoa";

/// The ward whose plan this is.
pub(super) const WARD: &str = "09385";
/// Another ward of the province.
pub(super) const OTHER_WARD: &str = "09367";
const PROVINCE: &str = "24";
const COUNTRY: &str = "VN";
/// The name of the province's machine.
const MACHINE: &str = "so-noi-vu";

/// Somebody who can sign in.
#[derive(Debug)]
pub struct Person {
    /// The name to sign in with.
    pub username: &'static str,
    /// The name shown to others.
    pub name: &'static str,
    /// The same in English.
    pub name_en: &'static str,
    /// What it may do.
    pub grants: &'static [Held],
}

/// A role, somewhere.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The administrative unit, by official code.
    pub jurisdiction: &'static str,
    /// The only responsible unit that it holds for.
    pub unit: Option<&'static str>,
    /// Whether it shows restricted figures exactly.
    pub exact: bool,
}

impl Held {
    const fn of(role: Role, jurisdiction: &'static str) -> Self {
        Self { role, jurisdiction, unit: None, exact: false }
    }

    const fn only(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }

    const fn exact(self) -> Self {
        Self { exact: true, ..self }
    }

    fn input(self) -> GrantIn {
        GrantIn {
            role: self.role,
            jurisdiction: self.jurisdiction.to_owned(),
            unit: self.unit.map(str::to_owned),
            scopes: self.exact.then(|| vec![Scope::RestrictedRead]),
            valid_from: None,
            valid_until: None,
        }
    }
}

/// Everybody who can sign in.
#[rustfmt::skip]
pub(super) const PEOPLE: &[Person] = &[
    Person { username: "admin", name: "Quản trị viên", name_en: "administrator", grants: &[Held::of(Role::Admin, COUNTRY)] },
    Person { username: "vhxh", name: "Phòng Văn hoá-Xã hội", name_en: "Culture and Social Affairs", grants: &[Held::of(Role::Coordinator, WARD).exact(), Held::of(Role::Reporter, WARD).only("U1")] },
    Person { username: "chutich", name: "Chủ tịch UBND phường", name_en: "chairperson", grants: &[Held::of(Role::Leader, WARD).exact()] },
    Person { username: "giamsat", name: "Ban giám sát HĐND", name_en: "People's Council", grants: &[Held::of(Role::Supervisor, WARD)] },
    Person { username: "sonoivu", name: "Chuyên viên Sở Nội vụ", name_en: "Department of Home Affairs", grants: &[Held::of(Role::Province, PROVINCE)] },
    Person { username: "sonoivu.kh", name: "Phòng phụ trách kế hoạch, Sở Nội vụ", name_en: "the province's own plan", grants: &[Held::of(Role::Coordinator, PROVINCE)] },
    Person { username: "truc", name: "Trực điện thoại", name_en: "telephone duty, for all units", grants: &[Held::of(Role::Reporter, WARD)] },
    Person { username: "taichinh", name: "Phòng Tài chính", name_en: "Finance", grants: &[Held::of(Role::Reporter, WARD).only("U2")] },
    Person { username: "vanphong", name: "Văn phòng HĐND và UBND", name_en: "Office", grants: &[Held::of(Role::Reporter, WARD).only("U3")] },
    Person { username: "ccdvc", name: "Trung tâm Cung ứng dịch vụ công", name_en: "Public Services", grants: &[Held::of(Role::Reporter, WARD).only("U4")] },
    Person { username: "tramyte", name: "Trạm y tế", name_en: "Health Station", grants: &[Held::of(Role::Reporter, WARD).only("U5")] },
    Person { username: "congan", name: "Công an phường", name_en: "Police", grants: &[Held::of(Role::Reporter, WARD).only("U6")] },
    Person { username: "mamnon", name: "Trường Mầm non", name_en: "kindergarten", grants: &[Held::of(Role::Reporter, WARD).only("U7.1")] },
    Person { username: "tieuhoc1", name: "Trường Tiểu học 1", name_en: "primary school 1", grants: &[Held::of(Role::Reporter, WARD).only("U7.2")] },
    Person { username: "tieuhoc2", name: "Trường Tiểu học 2", name_en: "primary school 2", grants: &[Held::of(Role::Reporter, WARD).only("U7.3")] },
    Person { username: "thcs", name: "Trường Trung học cơ sở", name_en: "lower secondary school", grants: &[Held::of(Role::Reporter, WARD).only("U7.4")] },
    Person { username: "mattran", name: "Mặt trận Tổ quốc", name_en: "Fatherland Front", grants: &[Held::of(Role::Reporter, WARD).only("U8")] },
    Person { username: "tuson", name: "Phòng Văn hoá-Xã hội Từ Sơn", name_en: "another ward's office", grants: &[Held::of(Role::Coordinator, OTHER_WARD).exact(), Held::of(Role::Reporter, OTHER_WARD)] },
    Person { username: "tuson.chutich", name: "Chủ tịch UBND Từ Sơn", name_en: "another ward's chairperson", grants: &[Held::of(Role::Leader, OTHER_WARD).exact()] },
];

/// Those who act, by the names that the story gives them.
pub(super) type Cast = HashMap<&'static str, Arc<Caller>>;

impl Person {
    fn input(&self) -> UserIn {
        UserIn {
            username: self.username.to_owned(),
            display_name: format!("{} (minh hoạ)", self.name),
            position: None,
            email: None,
            phone: None,
            active: Some(true),
            must_change_password: Some(false),
            grants: self.grants.iter().map(|held| held.input()).collect(),
        }
    }
}

/// Makes the accounts; answers who can act, and the id and secret of the machine.
///
/// # Errors
/// If the database fails.
pub(super) fn engage(c: &mut Conn, actor: &Actor) -> Result<(Cast, (String, SecretString))> {
    // One hash for all: it is slow by design, and hides nothing here.
    let hash = password::hash_blocking(&SecretString::from(PASSWORD))?;
    let mut cast = Cast::new();
    for person in PEOPLE {
        let made = accounts::add_user(c, actor, &person.input(), hash.clone())?;
        cast.insert(person.username, Arc::new(caller(c, actor, made.id)?));
    }
    let input = ClientIn {
        name: MACHINE.to_owned(),
        active: Some(true),
        grants: vec![Held::of(Role::Province, PROVINCE).input()],
        expires_at: None,
        allowed_addresses: None,
    };
    let (made, secret) = accounts::add_client(c, actor, &input)?;
    cast.insert(MACHINE, Arc::new(caller(c, actor, made.id)?));
    Ok((cast, (made.client_id, secret)))
}

fn caller(c: &mut Conn, actor: &Actor, id: String) -> Result<Caller> {
    store::unsigned(c, &AccountId::from_text(id), actor.now)?.ok_or_else(|| Error::internal("an account that was just made is not there"))
}
