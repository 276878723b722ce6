//! What reading has in common: pages of lists.

pub mod paging;
