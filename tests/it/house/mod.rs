//! The test house: a server per test, people who call it, and steps of a ward's year.

mod actor;
mod app;
pub mod contract;
pub mod json;
pub mod postgres;
pub mod seal;
pub mod steps;

pub use actor::{Actor, Answer, at_once, if_match, with_query};
pub use app::{Backend, Grant, TestApp, free_port};

use std::future::Future;

/// The plan of phường Đồng Nguyên, seeded into every new installation.
pub const PLAN: &str = "KH-BDG-DN-2026-2030";
/// Phường Đồng Nguyên.
pub const WARD: &str = "09385";
/// Tỉnh Bắc Ninh.
pub const PROVINCE: &str = "24";
/// An id of the right form that nothing bears.
pub const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// Runs one test body on one database.
pub fn run<F>(backend: Backend, test: impl FnOnce(TestApp) -> F)
where
    F: Future<Output = ()>,
{
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async { test(TestApp::start(backend).await).await });
}

/// Makes `sqlite::<name>` and `postgres::<name>` of each `async fn <name>(app: TestApp)`. A body that is not named here is
/// dead code, which clippy refuses.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                $crate::house::run($crate::house::Backend::Sqlite, super::$name);
            })+
        }

        mod postgres {
            $(#[test]
            fn $name() {
                $crate::house::run($crate::house::Backend::Postgres, super::$name);
            })+
        }
    };
}
