//! What the units wrote of a period, in one call.

use super::status::Status;
use super::wire::Narrative;
use super::wire::narratives::{PeriodNarratives, UnitText};
use super::{scope, table};
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::id::PeriodId;
use crate::values::{PeriodRef, Ref};

/// What the units wrote, field by field: of the reports that the caller may read.
///
/// # Errors
/// 404, 403.
pub(super) fn of_period(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<PeriodNarratives> {
    let period = scope::period(c, actor, id)?;
    let mut words: Vec<(UnitText, Narrative)> = Vec::new();
    for (report, status, narrative, unit, code) in table::narratives_of(c, id, scope::condition(actor))? {
        let status = Status::parse(&status).ok_or_else(|| Error::internal("a report of unknown status"))?;
        let head = UnitText { unit: Ref::new(unit, code), report: report.into(), status, text: String::new() };
        words.push((head, db::from_json(&narrative)?));
    }
    let of = |field: fn(&Narrative) -> &Option<String>| -> Vec<UnitText> {
        let text = |(head, narrative): &(UnitText, Narrative)| {
            let text = field(narrative).clone().filter(|text| !text.is_empty())?;
            Some(UnitText { text, ..head.clone() })
        };
        words.iter().filter_map(text).collect()
    };
    Ok(PeriodNarratives {
        period: PeriodRef { id: period.id.into(), label: period.label },
        direction: of(|n| &n.direction),
        results: of(|n| &n.results),
        difficulties: of(|n| &n.difficulties),
        causes: of(|n| &n.causes),
        next_steps: of(|n| &n.next_steps),
        proposals: of(|n| &n.proposals),
    })
}
