//! What reading has in common: pages of lists, lists as tables, and what an answer was read of.

pub mod layout;
pub mod paging;
pub mod scope;
