//! What the wards of an inquiry answered.

use super::answers;
use super::table;
use super::wire::{ConsolidatedAnswer, InquiryAnswer, InquiryAnswers};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::problem::{Result, codes};
use crate::values::id::InquiryId;

/// What the wards in the caller's reach have answered to an inquiry, as they sent it.
///
/// # Errors
/// 404 where none of its wards is in the province's reach.
pub(super) fn answers(c: &mut Conn, actor: &Actor, id: &InquiryId) -> Result<InquiryAnswers> {
    let reach = actor.reach(&[Role::Province]);
    if !table::wards_of_inquiry(c, id)?.iter().any(|ward| reach.covers(ward)) {
        return Err(codes::NOT_FOUND.into());
    }
    let mut items = Vec::new();
    for row in table::sent_of_inquiry(c, id)?.into_iter().filter(|row| reach.covers(&row.jurisdiction)) {
        let answered = row.computed()?.answers;
        let exact = actor.sees_restricted(&row.jurisdiction);
        for restricted in answered.iter().filter(|question| exact && question.restricted && !question.answers.is_empty()) {
            actor.reads_exactly("consolidated_report", row.id.as_str(), &row.jurisdiction, &restricted.code);
        }
        let of_ward = |answer: ConsolidatedAnswer| InquiryAnswer { jurisdiction: row.jurisdiction.clone(), answer };
        items.extend(answers::shown(&answered, exact).into_iter().map(of_ward));
    }
    Ok(InquiryAnswers { items })
}
