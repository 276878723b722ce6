//! Which restricted figures an answer shows exactly. Whoever decides that it does says so to [`Actor`](crate::actor::Actor); the
//! answer goes out only once the audit trail holds it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an answer reveals, gathered over all its figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RestrictedAccess {
    /// What was read, each as its kind and id.
    pub resources: BTreeSet<(String, String)>,
    /// Whose figures, by official code.
    pub jurisdictions: BTreeSet<String>,
    /// The codes of the indicators.
    pub indicators: BTreeSet<String>,
}

impl RestrictedAccess {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Adds a figure.
    pub fn add(&mut self, resource: &str, id: &str, jurisdiction: &str, indicator: &str) {
        self.resources.insert((resource.to_owned(), id.to_owned()));
        self.jurisdictions.insert(jurisdiction.to_owned());
        self.indicators.insert(indicator.to_owned());
    }
}
