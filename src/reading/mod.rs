//! What reading has in common: which rows a text names, and pages of lists.

pub mod paging;
mod referable;
pub mod references;
