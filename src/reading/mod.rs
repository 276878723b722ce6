//! How anything is read.

pub mod paging;
pub mod scope;
