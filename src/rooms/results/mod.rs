//! The figures of a plan, computed from what was accepted or published: the one place where consolidation and progress
//! get them, so that both always say the same.
//!
//! [`PlanFigures`] holds what a plan's figures are made of; computing them needs no database any more. The arithmetic
//! itself is that of [`crate::figures`].

mod approvals;
mod breakdown;
mod cell_ref;
mod disclosure_history;
mod disclosure_inputs;
mod disclosure_mask;
mod load;
mod masks;
mod outline;
mod parts;
mod plan;
mod revision;
mod row;
mod signed;

#[cfg(test)]
mod disclosure_mask_tests;
#[cfg(test)]
mod tests;

pub use approvals::keep_rejected;
pub use breakdown::{Breakdown, Split};
pub use disclosure_inputs::{approve, mask, mask_of_everything};
pub use disclosure_mask::{DisclosureMask, Hidden};
pub use load::{Basis, View, load, load_all, load_parts, load_period};
pub use masks::Masks;
pub use outline::{GoalProgress, Judged, Outline, PrintedProgress, ever_measured};
pub use plan::{AskedOf, KnownPeriod, PlanFigures, ReportedTotal, judged_as, speaks_of};
pub(crate) use revision::held_at;
pub use revision::{Published, any_unpublished, changed_of_since, changed_since, owed_otherwise_since, published_of, source_periods};
pub use row::{Contributor, Figure, Finality, ResultRow};
pub use signed::{LookingBack, Signed};

/// How many plans one statement names at most: SQLite bounds the parameters of a statement.
const BATCH: usize = 400;
