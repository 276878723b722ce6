//! Plans (kế hoạch): what a ward wants to reach by when, and who answers for it.
//!
//! A plan is a `draft`, then `active`, then `closed`; there is no way back. Goals, indicators and tasks are rooms of
//! their own; what else the plan prints (legal bases, recipients, rules, funding) is the plan's own content.
//!
//! Source: the plan of phường Đồng Nguyên for 2026-2030, under Resolution 28/NQ-CP of 3 March 2021.

mod content;
mod http;
mod keys;
mod rules;
mod table;
mod use_cases;
mod wire;
mod years;

pub use content::{
    BudgetSource, LegalBasis, MeasurementRule, MonthDay, PlanEvent, PlanSection, PlanSigner, Recipient, ReportingRule, RuleDeadline,
    RuleFrequency, RuleKind, RulePart, RuleTerm, SolutionGroup, TranscriptionNote, ValidationRule,
};
pub use http::routes;
pub use keys::{
    PlanKey, active, budget_source_codes, code_in, codes_of, find_key, find_keys, same_plan, transcription_notes, unmoved, validation_rules,
};
pub use use_cases::{all_codes, create, find, read, update};
pub use wire::{PlanIn, PlanOut, PlanStatus};
