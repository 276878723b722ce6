//! The plan itself and what it prints beside goals, indicators and tasks.

use super::item::Item;
use crate::problem::Result;
use crate::rooms::plans::PlanIn;
use serde_json::{Value, json};

fn each(items: Vec<Item>, form: impl Fn(Item) -> Value) -> Vec<Value> {
    items.into_iter().map(form).collect()
}

/// The plan's input form from the file.
///
/// # Errors
/// Internal, if the file is not what it was when this was built.
pub(super) fn input(mut file: Item) -> Result<PlanIn> {
    let lines = file.see("source_document").get("lines").cloned();
    let mut plan = file.item("plan");
    let (place, period) = (plan.see("administrative_unit").clone(), plan.see("period").clone());
    Ok(serde_json::from_value(json!({
        "code": plan.take("code"),
        "jurisdiction": place.get("ward_code"),
        "title": plan.both("title"),
        "document_number": plan.take("number"),
        "document_date": plan.take("date_issued"),
        "issued_place": plan.take("place_issued"),
        "start_year": period.get("start_year"),
        "end_year": period.get("end_year"),
        "status": "active",
        "general_objective": plan.both("general_objective"),
        "legal_bases": each(plan.items("legal_bases"), legal_basis),
        "recipients": each(plan.items("recipients"), recipient),
        "signer": signer(plan.item("signer")),
        "reporting_rules": each(file.items("reporting_rules"), reporting_rule),
        "events": each(file.items("events"), event),
        "budget_sources": each(file.items("budget_sources"), budget_source),
        "outline": each(file.items("outline"), section),
        "measurement_rules": each(file.items("measurement_rules"), measurement_rule),
        "solution_groups": each(file.items("solution_groups"), solution_group),
        "transcription_notes": each(file.items("typos"), note),
        "validation_rules": super::checks::validation_rules(),
        "editorial_notes": plan.take("editorial_notes"),
        "source": {"section": "preamble", "lines": [1, lines], "quote": null},
        "transcription": plan.rest(),
    }))?)
}

fn legal_basis(mut item: Item) -> Value {
    json!({
        "code": item.take("code"),
        "order": item.take("order"),
        "text": item.both("text"),
        "document_type": item.take("document_type"),
        "number_in_plan": item.take("number_in_plan"),
        "number_official": item.take("number_official"),
        "date": item.take("date"),
        "date_in_plan": item.take("date_in_plan"),
        "issuer": item.both("issuer"),
        "subject": item.both("subject"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn recipient(mut item: Item) -> Value {
    json!({
        "order": item.take("order"),
        "text": item.both("text"),
        "purpose": item.take("purpose"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn signer(mut item: Item) -> Value {
    json!({
        "name": item.take("name"),
        "signing_capacity": item.both("signing_capacity"),
        "position": item.both("position"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn reporting_rule(mut item: Item) -> Value {
    let mut deadline = item.item("deadline");
    let by_when = json!({
        "month": deadline.take("month"),
        "day": deadline.take("day"),
        "wording": deadline.both("wording"),
        "is_exclusive": deadline.take("is_exclusive"),
        "last_day_on_strict_reading": deadline.take("last_day_on_strict_reading"),
        "timezone": deadline.take("timezone"),
        "set_by": deadline.take("set_by"),
    });
    item.keep("deadline", deadline);
    json!({
        "code": item.take("code"),
        "kind": item.take("kind"),
        "frequency": item.take("frequency"),
        "name": item.both("name"),
        "from_unit_codes": item.take("from_unit_codes"),
        "to_unit_code": item.take("to_unit_code"),
        "deadline": by_when,
        "data_cutoff": item.take("data_cutoff"),
        "years": item.take("years"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn event(mut item: Item) -> Value {
    let places = each(
        item.items("sources"),
        |mut s| json!({"section": s.take("section"), "lines": s.take("lines_in_text"), "quote": s.take("quote")}),
    );
    json!({
        "code": item.take("code"),
        "name": item.both("name"),
        "recurrence": item.take("recurrence"),
        "start": item.take("start"),
        "end": item.take("end"),
        "wording": item.both("wording"),
        "task_codes": item.take("task_codes"),
        "solution_codes": item.take("solution_codes"),
        "editorial_note": item.take("editorial_note"),
        "sources": places,
        "transcription": item.rest(),
    })
}

fn budget_source(mut item: Item) -> Value {
    json!({
        "code": item.take("code"),
        "order": item.take("order"),
        "kind": item.take("kind"),
        "text": item.both("text"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn section(mut item: Item) -> Value {
    json!({
        "code": item.see("code"),
        "heading": item.both("heading"),
        "editorial_note": item.take("editorial_note"),
        "source": {"section": item.take("code"), "lines": item.take("lines_in_text"), "quote": null},
        "transcription": item.rest(),
    })
}

fn measurement_rule(mut item: Item) -> Value {
    json!({
        "code": item.take("code"),
        "indicator_code": item.take("indicator_code"),
        "frequency": item.take("frequency"),
        "threshold": item.take("threshold"),
        "comparison": item.take("comparison"),
        "unit_of_measure": item.both("unit"),
        "from_year": item.take("from_year"),
        "wording": item.both("wording"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn solution_group(mut item: Item) -> Value {
    json!({
        "code": item.take("code"),
        "letter": item.take("letter"),
        "goal_code": item.take("goal_code"),
        "name": item.both("name"),
        "solution_count": item.take("solution_count"),
        "editorial_note": item.take("editorial_note"),
        "source": item.source(),
        "transcription": item.rest(),
    })
}

fn note(mut item: Item) -> Value {
    json!({
        "line": item.take("line_in_text"),
        "kind": item.take("kind"),
        "as_in_plan": item.take("as_in_plan"),
        "likely_intended": item.take("likely_intended"),
        "note": item.take("note"),
        "indicator_code": item.take("indicator_code"),
        "remark": item.both("remark"),
    })
}
