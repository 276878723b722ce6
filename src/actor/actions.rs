//! `_actions`: what this caller may do with a resource now, told by the same rules that decide when he does it.

use super::Actor;
use crate::problem::{Error, Result};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Whether one thing may be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"allowed": true}))]
pub struct Action {
    /// Whether this caller may do it now.
    pub allowed: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

/// What may be done, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"update": {"allowed": true}}))]
pub struct Actions(BTreeMap<Cow<'static, str>, Action>);

impl Actions {
    /// `update` and `delete`, as most resources have them. Whether something refers to it is asked only for who may edit it.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn of_editing(actor: &Actor, may_edit: impl Fn() -> Result<()>, unused: impl FnOnce() -> Result<()>) -> Result<Self> {
        let may_delete = may_edit().and_then(|()| unused());
        Self::default().with(actor, "update", may_edit())?.with(actor, "delete", may_delete)
    }

    /// Adds one, from the rule that decides it.
    ///
    /// # Errors
    /// What is no refusal passes through.
    pub fn with(mut self, actor: &Actor, name: &'static str, rule: Result<()>) -> Result<Self> {
        let action = match rule {
            Ok(()) => Action { allowed: true, reason: None },
            Err(Error::Problem(problem)) => {
                Action { allowed: false, reason: Some(problem.detail().in_language(actor.language).to_owned()) }
            }
            Err(fault) => return Err(fault),
        };
        self.0.insert(Cow::Borrowed(name), action);
        Ok(self)
    }
}
