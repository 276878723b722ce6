//! The figures of a plan, computed from what was accepted or published: the one place where consolidation and progress
//! get them, so that both always say the same.
//!
//! [`PlanFigures`] holds what a plan's figures are made of; computing them needs no database any more. The arithmetic
//! itself is that of [`crate::figures`].

mod load;
mod plan;
mod row;
mod sheets;
mod veil;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod veil_tests;

pub use load::{Basis, load, load_all, load_period};
pub use plan::{Figure, KnownPeriod, PlanFigures, UnitCell, label_before};
pub use row::{Contributor, Finality, ResultRow};
pub use sheets::{approve, veil, veil_of};
pub use veil::{Hidden, Veil};
