//! Reporting periods (kỳ báo cáo): stretches of time about which units report, by a deadline. A period is `planned`, then
//! `open`, then `closed`, and may be reopened. Until it opens, who reports on what follows the plan unless it was given by
//! hand; opening fixes both and makes a draft report for each unit.
//!
//! Source: section IV of the plan ("trước ngày 25/11 hằng năm"), with indicators 6.3 by the quarter and 6.4 by the month.

mod asked;
mod completeness;
mod deadlines;
mod departures;
mod editing;
mod ended_ward;
mod excusals;
mod http;
mod implied;
mod keys;
mod lists;
mod opening;
mod rules;
mod table;
mod transfers;
mod unsettled;
mod use_cases;
mod views;
mod wards;
mod wire;

pub use completeness::{completeness, completeness_at, completeness_now, completeness_of};
pub use departures::{Leaving, open_with};
pub use ended_ward::{close_from, hold};
pub use excusals::excuse;
pub use http::routes;
pub use implied::{ensure_implied, plans_lacking};
pub use keys::{PeriodKey, key, of_plan, references};
pub use lists::obligations;
pub use opening::{close, due_to_open, extend, must_have_been_opened, open, open_if_due};
pub use rules::takes_reports;
pub use transfers::{Transfer, make as make_transfer, prepare as prepare_transfer};
pub use wire::{
    AnswerValue, Completeness, ExcusalIn, Excused, ExtensionIn, Obligation, ObligedIndicator, PeriodIn, PeriodKind, PeriodOut,
    PeriodStatus, Question, QuestionType, ReportStage, TransferIn, TransferOut, UnitCompleteness,
};
