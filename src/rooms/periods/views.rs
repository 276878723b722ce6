//! Reporting periods as clients read and write them.

use super::lists::Lists;
use super::table::PeriodRow;
use super::wire::{PeriodIn, PeriodKind, PeriodOut, RequestedBy, RequestedByIn};
use crate::db;
use crate::problem::{Error, Language, Result};
use crate::values::Ref;
use crate::values::period::Frequency;
use crate::values::text::Bilingual;

/// The input form that this period would have been made from; `lists` are those kept with it.
///
/// # Errors
/// Internal, if a column holds something else.
pub(super) fn input_of(row: &PeriodRow, lists: &Lists) -> Result<PeriodIn> {
    let names = |list: &[Ref]| list.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
    let requested: Option<RequestedBy> = db::from_json_opt(row.requested_by.as_deref())?;
    Ok(PeriodIn {
        plan: Some(row.plan_id.as_str().to_owned()),
        jurisdictions: None,
        kind: kind(row)?,
        frequency: frequency(row)?,
        label: Some(row.label.clone()),
        title: title(row),
        instructions: row.instructions.clone(),
        starts_on: Some(row.starts_on),
        ends_on: Some(row.ends_on),
        data_cutoff: row.data_cutoff,
        opens_at: Some(row.opens_at),
        due_at: Some(row.due_at),
        consolidated_due_at: row.consolidated_due_at,
        // A frozen list may be empty, which an input's may not.
        units: ((row.units_given || row.frozen) && !lists.named_units.is_empty()).then(|| names(&lists.named_units)),
        indicators: (row.indicators_given || row.frozen).then(|| names(&lists.named_indicators)),
        questions: db::from_json(&row.questions)?,
        requested_by: requested.map(|r| RequestedByIn { organisation: r.organisation, basis: r.basis }),
        reason: None,
    })
}

fn kind(row: &PeriodRow) -> Result<PeriodKind> {
    PeriodKind::parse(&row.kind).ok_or_else(|| Error::internal("a period of unknown kind"))
}

fn frequency(row: &PeriodRow) -> Result<Option<Frequency>> {
    let read = |text: &str| Frequency::parse(text).ok_or_else(|| Error::internal("a period of unknown frequency"));
    row.frequency.as_deref().map(read).transpose()
}

fn title(row: &PeriodRow) -> Option<Bilingual> {
    row.title_vi.clone().map(|vi| Bilingual { vi, en: row.title_en.clone() })
}

impl PeriodOut {
    /// The wire form of a row; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    pub(super) fn of(row: PeriodRow, plan_code: &str, lists: Lists, language: Language) -> Result<Self> {
        let (status, kind, frequency, title) = (row.status()?, kind(&row)?, frequency(&row)?, title(&row));
        let PeriodRow {
            id,
            plan_id,
            jurisdiction,
            kind: _,
            frequency: _,
            label,
            title_vi: _,
            title_en: _,
            instructions,
            starts_on,
            ends_on,
            data_cutoff,
            opens_at,
            due_at,
            consolidated_due_at,
            status: _,
            units_given: _,
            indicators_given: _,
            frozen: _,
            requested_by,
            request_id: inquiry,
            fold: _,
            version,
            created_at,
            updated_at,
            questions,
        } = row;
        Ok(Self {
            id: id.into(),
            version,
            plan: Ref::new(plan_id, plan_code),
            jurisdiction,
            kind,
            frequency,
            label,
            title,
            instructions,
            starts_on,
            ends_on,
            data_cutoff,
            opens_at,
            due_at,
            consolidated_due_at,
            status,
            units: lists.unit_refs(),
            indicators: lists.indicator_refs(),
            questions: db::from_json(&questions)?,
            obligations: lists.obligations(frequency == Some(Frequency::Annual)),
            warnings: lists.warnings(language),
            extensions: lists.extensions,
            requested_by: db::from_json_opt(requested_by.as_deref())?,
            inquiry,
            created_at,
            updated_at,
            actions: None,
        })
    }
}
