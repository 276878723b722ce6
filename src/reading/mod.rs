//! What reading has in common: pages of lists, and lists as tables.

pub mod layout;
pub mod paging;
