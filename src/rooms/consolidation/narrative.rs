//! The words with which a consolidated report begins: what the units wrote, field by field under their names. Pure.

use super::wire::{ConsolidatedNarrative, ConsolidatedWarning, LONGEST_TEXT};
use crate::rooms::reports::Narrative;
use crate::values::Ref;

/// What a unit wrote in its accepted report.
#[derive(Debug, Clone)]
pub(super) struct UnitWords {
    pub unit: Ref,
    /// Its name in Vietnamese.
    pub name: String,
    pub narrative: Narrative,
    /// Whether it owes a restricted indicator or answered a restricted question: its words may tell what its figures must not
    /// (contract, section 8).
    pub guarded: bool,
}

/// Words as compiled, and whose had to be left out.
pub(super) struct Compiled {
    pub narrative: ConsolidatedNarrative,
    pub left_out: Vec<ConsolidatedWarning>,
}

/// Compiles the units' words, in the order in which they are given. The office takes over by hand what is left out: the words of
/// units that have restricted figures, and those for which a field has no room.
pub(super) fn compile(words: &[UnitWords]) -> Compiled {
    let mut compiled = Compiled { narrative: ConsolidatedNarrative::default(), left_out: Vec::new() };
    for from in words.iter().filter(|from| !from.narrative.is_empty()) {
        let taken = if from.guarded { None } else { with(&compiled.narrative, from) };
        match taken {
            Some(narrative) => compiled.narrative = narrative,
            None => compiled.left_out.push(by_hand(from)),
        }
    }
    compiled
}

/// With one unit's words at the end of each field; `None` if there is no room for them.
fn with(so_far: &ConsolidatedNarrative, from: &UnitWords) -> Option<ConsolidatedNarrative> {
    let field = |before: &Option<String>, text: &Option<String>| -> Option<Option<String>> {
        let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { return Some(before.clone()) };
        let under_name = format!("{}:\n{text}", from.name);
        let whole = before.as_ref().map_or_else(|| under_name.clone(), |before| format!("{before}\n\n{under_name}"));
        (whole.chars().count() <= LONGEST_TEXT).then_some(Some(whole))
    };
    let text = &from.narrative;
    Some(ConsolidatedNarrative {
        direction: field(&so_far.direction, &text.direction)?,
        results: field(&so_far.results, &text.results)?,
        difficulties: field(&so_far.difficulties, &text.difficulties)?,
        causes: field(&so_far.causes, &text.causes)?,
        next_steps: field(&so_far.next_steps, &text.next_steps)?,
        proposals: field(&so_far.proposals, &text.proposals)?,
    })
}

fn by_hand(from: &UnitWords) -> ConsolidatedWarning {
    let why = if from.guarded { "vì báo cáo của đơn vị có số liệu hạn chế" } else { "vì quá dài" };
    ConsolidatedWarning {
        code: "narrative.by_hand".to_owned(),
        indicator: None,
        detail: format!(
            "Phần thuyết minh của {} ({}) không được ghép tự động {why}; hãy tự biên tập vào báo cáo.",
            from.unit.code, from.name
        ),
        unit: Some(from.unit.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(code: &str, results: &str, guarded: bool) -> UnitWords {
        let narrative = Narrative { results: Some(results.to_owned()), ..Narrative::default() };
        UnitWords { unit: Ref::new(code, code), name: format!("Đơn vị {code}"), narrative, guarded }
    }

    fn left_out(compiled: &Compiled) -> Vec<&str> {
        compiled.left_out.iter().filter_map(|w| w.unit.as_ref()).map(|unit| unit.code.as_str()).collect()
    }

    #[test]
    fn each_field_holds_the_units_under_their_names() {
        let mut second = words("U2", "Tập huấn 120 người", false);
        second.narrative.proposals = Some("Bổ sung kinh phí".to_owned());
        let compiled = compile(&[words("U1", "Họp 3 lần", false), second, words("U3", "", false)]);
        let expected = "Đơn vị U1:\nHọp 3 lần\n\nĐơn vị U2:\nTập huấn 120 người";
        assert_eq!(compiled.narrative.results.as_deref(), Some(expected));
        assert_eq!(compiled.narrative.proposals.as_deref(), Some("Đơn vị U2:\nBổ sung kinh phí"));
        assert_eq!((compiled.narrative.causes, compiled.left_out.len()), (None, 0));
    }

    #[test]
    fn words_that_may_tell_figures_are_left_out_and_named() {
        let compiled = compile(&[words("U5", "Có 3 nạn nhân", true), words("U4", "Phát thanh 12 tin", false), words("U6", "", true)]);
        assert_eq!(compiled.narrative.results.as_deref(), Some("Đơn vị U4:\nPhát thanh 12 tin"));
        assert_eq!(left_out(&compiled), ["U5"]);
    }

    #[test]
    fn what_has_no_room_is_left_out_and_named() {
        let long = "x".repeat(LONGEST_TEXT - 20);
        let compiled = compile(&[words("U1", &long, false), words("U2", "Quá dài rồi", false), words("U3", "Quá dài rồi", true)]);
        assert!(compiled.narrative.results.is_some_and(|text| !text.contains("U2")));
        assert_eq!(compiled.left_out.len(), 2);
    }
}
