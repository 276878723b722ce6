//! What reading has in common: pages of lists, lists as tables, and what an answer was read of.
//! What reading has in common: which rows a text names, and pages of lists.

pub mod layout;
pub mod paging;
mod referable;
pub mod references;
pub mod scope;
