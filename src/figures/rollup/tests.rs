//! Roll-ups worked out by hand, and what holds for any of them.

use super::*;
use crate::figures::samples::{measure, observation, shown};
use proptest::prelude::*;

type Cell = (u8, Observation);

fn cell(source: u8, numerator: &str, denominator: &str) -> Cell {
    (source, observation(numerator, denominator, None))
}

fn answer(source: u8, yes: bool) -> Cell {
    (source, observation("-", "-", Some(yes)))
}

fn rolled_up(measure: &Measure, cells: &[Cell], missing: usize, chosen: Option<u8>) -> Rolled {
    let cells: Vec<(u8, &Observation)> = cells.iter().map(|(source, observation)| (*source, observation)).collect();
    roll_up(measure, &cells, missing, chosen)
}

#[test]
fn percentages_are_never_averaged() {
    // 1/2 = 50 % and 90/100 = 90 % are 91/102, not 70 %.
    let rolled = rolled_up(&measure("1.1"), &[cell(1, "1", "2"), cell(2, "90", "100")], 0, None);
    assert_eq!(shown(&rolled), "89.2157");
}

#[test]
fn no_cases_is_neither_0_nor_100() {
    let rolled = rolled_up(&measure("3.2a"), &[cell(1, "0", "0")], 0, None);
    assert_eq!((rolled.state, rolled.value), (State::NoCases, None));
    let births = rolled_up(&measure("4.1"), &[cell(1, "0", "0")], 0, None);
    assert_eq!(births.state, State::NotApplicable);
}

#[test]
fn a_unit_to_which_it_does_not_apply_is_left_out() {
    let exempt = (2, Observation { not_applicable: Some("Không có".to_owned()), ..observation("-", "-", None) });
    assert_eq!(shown(&rolled_up(&measure("1.1"), &[cell(1, "1", "4"), exempt.clone()], 0, None)), "25");
    assert_eq!(rolled_up(&measure("1.1"), std::slice::from_ref(&exempt), 0, None).state, State::NotApplicable);
    assert_eq!(rolled_up(&measure("1.1"), &[exempt], 1, None).state, State::NotReported);
}

#[test]
fn one_yes_missing_leaves_it_open_and_one_no_decides() {
    let lessons = measure("5.1");
    assert_eq!(rolled_up(&lessons, &[answer(1, true), answer(2, true)], 0, None).answer, Some(true));
    assert_eq!(rolled_up(&lessons, &[answer(1, true)], 1, None).state, State::NotReported);
    assert_eq!(rolled_up(&lessons, &[answer(1, true), answer(2, false)], 1, None).answer, Some(false));
}

#[test]
fn two_surveys_that_differ_need_a_decision() {
    let survey = measure("3.1");
    let cells = [cell(1, "3", "1.7"), cell(2, "4", "2")];
    assert_eq!(rolled_up(&survey, &cells, 0, None).state, State::Conflict);
    assert_eq!(shown(&rolled_up(&survey, &cells, 0, Some(2))), "2");
    assert_eq!(shown(&rolled_up(&survey, &[cell(1, "3", "1.5"), cell(2, "3", "1.5")], 0, None)), "2");
}

#[test]
fn a_half_is_no_figure() {
    let half = cell(1, "3", "-");
    let rolled = rolled_up(&measure("1.1"), &[half, cell(2, "1", "2")], 0, None);
    assert_eq!((shown(&rolled).as_str(), rolled.missing), ("50", 1));
}

#[test]
fn a_months_count_answers_by_itself() {
    let month = cell(1, "1", "-");
    assert_eq!(rolled_up(&measure("6.4"), &[month], 0, None).answer, Some(true));
}

proptest! {
    #[test]
    fn neither_order_nor_cut_matters(parts in proptest::collection::vec((0_u32..5000, 1_u32..5000), 1..12), turn in 0_usize..12) {
        let cells: Vec<Cell> = parts.iter().map(|(n, d)| cell(1, &n.to_string(), &d.to_string())).collect();
        let mut turned = cells.clone();
        turned.rotate_left(turn % cells.len());
        let whole = rolled_up(&measure("1.1"), &cells, 0, None);
        prop_assert_eq!(rolled_up(&measure("1.1"), &turned, 0, None), whole);
        let (n, d) = parts.iter().fold((0, 0), |(n, d), p| (n + p.0, d + p.1));
        prop_assert_eq!(rolled_up(&measure("1.1"), &[cell(1, &n.to_string(), &d.to_string())], 0, None).value, whole.value);
    }
}
