//! Who acts: an account behind a request, the public, or the service itself in a job, a command or an import. Use cases take
//! an [`Actor`] and know nothing of requests.

pub mod actions;
pub mod restricted_access;

use crate::auth;
use crate::auth::caller::{Caller, Reach, Role};
use crate::auth::denied;
use crate::config::Config;
use crate::db::models::Models;
use crate::problem::words::Helper;
use crate::problem::{Language, Result};
use crate::values::clock::UtcTime;
use crate::values::period::Schedule;
use restricted_access::RestrictedAccess;
use std::sync::{Arc, Mutex, PoisonError};

/// Who acts, when, from where and why.
#[derive(Clone)]
pub struct Actor {
    /// The account; `None` for the public and for the service's own work.
    pub caller: Option<Arc<Caller>>,
    /// The name under which the audit trail knows the service's own work.
    pub system: Option<&'static str>,
    /// The instant of the request: one for all that happens in it.
    pub now: UtcTime,
    /// The request's id.
    pub request_id: String,
    /// The client's address.
    pub address: String,
    /// Why an exact figure is read (`X-Purpose`).
    pub purpose: Option<String>,
    /// The language of problems.
    pub language: Language,
    /// What the operator has set for everybody.
    pub settings: Settings,
    /// The read models at hand, in a read that may use them.
    pub models: Models,
    exact: Arc<Mutex<RestrictedAccess>>,
}

/// What the operator has set that rules depend on.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// When the periods that a plan implies open and fall due.
    pub schedule: Schedule,
    /// The first count of a restricted indicator that everybody may see.
    pub smallest_count: u32,
}

impl Settings {
    /// As the service was told.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { schedule: config.schedule, smallest_count: config.smallest_count }
    }
}

/// From where a request comes, and how it is to be answered.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The request's id.
    pub request_id: String,
    /// The client's address.
    pub address: String,
    /// The language of problems.
    pub language: Language,
}

impl Actor {
    /// Whoever sends a request.
    #[must_use]
    pub fn requesting(origin: &Origin, caller: Option<Arc<Caller>>, purpose: Option<String>, settings: Settings) -> Self {
        Self {
            caller,
            system: None,
            now: UtcTime::now(),
            request_id: origin.request_id.clone(),
            address: origin.address.clone(),
            purpose,
            language: origin.language,
            settings,
            models: Models::default(),
            exact: Arc::default(),
        }
    }

    /// The service itself, at start, in a job or by a command.
    #[must_use]
    pub fn system(config: &Config, name: &'static str) -> Self {
        let origin = Origin { request_id: uuid::Uuid::now_v7().to_string(), address: String::new(), language: Language::Vi };
        Self { system: Some(name), ..Self::requesting(&origin, None, None, Settings::of(config)) }
    }

    /// The same at another instant: for the demonstration, which tells what people did.
    #[must_use]
    pub fn at(self, now: UtcTime) -> Self {
        Self { now, request_id: uuid::Uuid::now_v7().to_string(), ..self }
    }

    /// The same done by an account.
    #[must_use]
    pub fn done_by(self, caller: Arc<Caller>) -> Self {
        Self { caller: Some(caller), system: None, ..self }
    }

    /// The public itself, whoever it is that acts: at the same instant, in the same language.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { caller: None, system: None, ..self.clone() }
    }

    /// The account.
    ///
    /// # Errors
    /// 401 if nobody is signed in.
    pub fn account(&self) -> Result<&Caller> {
        self.caller.as_deref().ok_or_else(auth::required)
    }

    /// Goes on only if the caller has one of these roles here. The service itself may do everything.
    ///
    /// # Errors
    /// 403 `access.denied`.
    pub fn must(&self, roles: &[Role], jurisdiction: &str) -> Result<()> {
        if self.may(roles, jurisdiction) { Ok(()) } else { Err(denied::denied(self.caller.as_deref(), roles, Some(jurisdiction)).into()) }
    }

    /// Who can take a step that would help: the caller himself if he has this role here, else whoever has it.
    #[must_use]
    pub fn helper(&self, role: Role, jurisdiction: &str) -> Helper {
        denied::helper(role, self.may(&[role], jurisdiction))
    }

    /// Whether the caller has one of these roles here.
    #[must_use]
    pub fn may(&self, roles: &[Role], jurisdiction: &str) -> bool {
        self.system.is_some() || self.caller.as_ref().is_some_and(|c| c.may(roles, jurisdiction))
    }

    /// Where the caller has one of these roles.
    #[must_use]
    pub fn reach(&self, roles: &[Role]) -> Reach {
        match (&self.caller, self.system) {
            (_, Some(_)) => Reach::Everything,
            (Some(caller), None) => caller.reach(roles),
            (None, None) => Reach::nowhere(),
        }
    }

    /// Whether restricted figures of this jurisdiction are shown exactly.
    #[must_use]
    pub fn sees_restricted(&self, jurisdiction: &str) -> bool {
        self.system.is_some() || self.caller.as_ref().is_some_and(|c| c.sees_restricted(jurisdiction))
    }

    /// Says that the answer shows a restricted figure exactly, whose reading must be in the audit trail. The service itself
    /// reads nothing.
    pub fn reads_exactly(&self, resource: &str, id: &str, jurisdiction: &str, indicator: &str) {
        if self.caller.is_some() {
            self.exact.lock().unwrap_or_else(PoisonError::into_inner).add(resource, id, jurisdiction, indicator);
        }
    }

    /// What was said by [`Self::reads_exactly`] since it was last asked.
    #[must_use]
    pub fn take_exact_reads(&self) -> RestrictedAccess {
        std::mem::take(&mut *self.exact.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The name under which what happens is kept: a person's or machine's, or the service's own.
    #[must_use]
    pub fn name(&self) -> &str {
        match (&self.caller, self.system) {
            (Some(caller), _) => &caller.display_name,
            (None, Some(system)) => system,
            (None, None) => "anonymous",
        }
    }

    /// The account's id, if there is one.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.caller.as_ref().map(|c| c.id.as_str().to_owned())
    }
}
