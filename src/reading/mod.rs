//! What reading has in common: which rows a text names, pages of lists, lists as tables, and what an answer was read of.

mod keys;
pub mod layout;
pub mod paging;
pub mod read_scope;
mod referable;
pub mod references;
pub mod table_file;
