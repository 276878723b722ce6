//! Restricted figures: which cells of a table a reader without the scope `restricted:read` may not see.
//!
//! In a ward "1 victim" is a person. So a small count is hidden, and with it as many further cells as it takes that
//! nobody finds it again by subtraction. Pure: no database, no clock, no chance; the same table gives the same answer.
//!
//! # What is promised
//! A cell is **small** when its numerator, its denominator or their difference is 1 to threshold - 1. Small cells are
//! hidden ([`Mark::Primary`]); cells in which nothing happened (0 of 0) are not, and never help to hide another.
//! An attacker knows every cell that is shown, every sum of the table, that figures are whole and not negative, that a
//! numerator is not above its denominator, and which cells bear which mark. He may also be one of the units and know
//! all of its own cells. For every hidden cell that is not his own:
//!
//! 1. each part of it that is small may, as far as he can tell, be any number from 1 to threshold - 1;
//! 2. without the marks it may lie outside that range too;
//! 3. no part of it is determined;
//!
//! and the same holds for what all other units of a total have together, where that is small: it stands in no cell, but
//! each unit would have it by taking its own figure from a total that is shown, so that such a total is hidden; all this
//!
//! but for what he would know were *everything* hidden (a unit that alone had cases knows the ward's total: it is its
//! own figure). Not promised, because nothing here could: see `docs/disclosure.md`.
//!
//! # How
//! A hidden number is safe when another table exists that fits all that is shown as well: a *witness*. For every number
//! that must stay possible the rule finds such a table (see [`feasible_table`]); where there is none it hides the smallest
//! further cells that make one. What was once found stays found when more is hidden, so the work ends; and since a
//! witness is checked by adding up whole numbers, nothing depends on rounding or on a solver.

mod decide;
mod feasible_table;
mod node_set;
mod others;
mod system;
mod table;

#[cfg(test)]
pub(crate) mod attacker;
#[cfg(test)]
mod tests;

pub use decide::{Hidden, Mark, decide};
pub use table::Table;
