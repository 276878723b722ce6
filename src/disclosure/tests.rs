//! What the rule promises, tried on random wards by the attacker, and on small ones by hand.

use super::attacker::{Key, Ward, attack, attack_by_all, exhaust, is_nothing, is_small};
use super::decide::Rules;
use super::{Mark, Table, decide};
use crate::figures::Amounts;
use crate::values::decimal::Decimal4;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

const ALL: Rules = Rules { complement: true, insiders: true, others: true };

fn leaf(with_others: bool) -> BoxedStrategy<(i64, Option<i64>)> {
    let count = prop_oneof![3 => Just(0_i64), 4 => 1..5_i64, 2 => 5..12_i64, 1 => 12..60_i64];
    if with_others { (count.clone(), count).prop_map(|(n, o)| (n, Some(o))).boxed() } else { count.prop_map(|n| (n, None)).boxed() }
}

/// Wards of up to so many units, with groups, sexes and quarters or without.
fn ward(units: usize, quarters: u8) -> impl Strategy<Value = Ward> {
    let group = prop_oneof![2 => Just(0_u8), 2 => Just(100), 1 => Just(101)];
    let quarters = prop_oneof![Just(0), Just(quarters)];
    (prop::collection::vec(group, 1..=units), prop_oneof![Just(0_u8), Just(2)], quarters, any::<bool>()).prop_flat_map(
        |(groups, sexes, quarters, others)| {
            let leaves = groups.len() * usize::from(sexes.max(1)) * usize::from(quarters.max(1));
            prop::collection::vec(leaf(others), leaves).prop_map(move |leaves| Ward { groups: groups.clone(), sexes, quarters, leaves })
        },
    )
}

/// Wards of which one unit has nearly all, in a group or not.
fn lopsided_ward() -> impl Strategy<Value = Ward> {
    let few = (0..4_i64, 0..4_i64).prop_map(|(n, o)| (n, Some(o)));
    let most = (20..90_i64, 20..90_i64).prop_map(|(n, o)| (n, Some(o)));
    let group = prop_oneof![Just(0_u8), Just(100)];
    (most, prop::collection::vec((few, group.clone()), 2..=4), group, any::<bool>()).prop_map(|(most, few, group, split)| {
        let mut groups = vec![group];
        groups.extend(few.iter().map(|(_, group)| *group));
        let leaves = std::iter::once(most).chain(few.into_iter().map(|(leaf, _)| leaf));
        // Women only, or as many men.
        let leaves = leaves.flat_map(|leaf| vec![leaf; if split { 2 } else { 1 }]).collect();
        Ward { groups, sexes: if split { 2 } else { 0 }, quarters: 0, leaves }
    })
}

/// Wards so small that every table can be tried; counts below 6.
fn tiny_ward() -> impl Strategy<Value = Ward> {
    let layout = prop_oneof![
        4 => (2..=4_usize, Just(0_u8), Just(false)),
        3 => Just((2, 2, false)),
        2 => (Just(2), Just(0), Just(true)),
    ];
    (layout, any::<bool>()).prop_flat_map(|((units, sexes, others), grouped)| {
        let count = || prop_oneof![1 => Just(0_i64), 4 => 1..6_i64];
        let leaf = (count(), count()).prop_map(move |(n, o)| (n, others.then_some(o)));
        let groups: Vec<u8> = (0..units).map(|u| if grouped && u < 2 { 100 } else { 0 }).collect();
        prop::collection::vec(leaf, units * usize::from(sexes.max(1))).prop_map(move |leaves| Ward {
            groups: groups.clone(),
            sexes,
            quarters: 0,
            leaves,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nobody_solves_a_ward(ward in ward(5, 0)) {
        prop_assert_eq!(attack_by_all(&ward, 5, &ward.hidden(5, ALL)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nobody_finds_that_the_others_are_few(ward in lopsided_ward()) {
        prop_assert_eq!(attack_by_all(&ward, 5, &ward.hidden(5, ALL)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    // Ten such tables of four units take up to three minutes, unoptimised.
    #[test]
    fn nobody_solves_a_ward_over_a_year(ward in ward(3, 4)) {
        prop_assert_eq!(attack_by_all(&ward, 5, &ward.hidden(5, ALL)), None);
    }

    #[test]
    fn nobody_finds_it_by_trying_every_table(ward in tiny_ward()) {
        let hidden = ward.hidden(3, ALL);
        let cap = if ward.leaves[0].1.is_some() { 9 } else { 11 };
        for insider in std::iter::once(None).chain(ward.units().map(Some)) {
            prop_assert_eq!(exhaust(&ward, 3, cap, &hidden, insider), None, "{:?}", hidden);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_plain_rules_hold(ward in ward(4, 2)) {
        let (table, truth) = (ward.table(), ward.truth());
        let hidden = decide(&table, 5, &BTreeSet::new());
        for (key, leaf) in &truth {
            prop_assert!(!is_nothing(*leaf) || !hidden.hides(key), "0 of 0 stays");
            prop_assert!(!is_small(*leaf, 5) || hidden.mark(key) == Some(Mark::Primary), "small cells are hidden");
            prop_assert!(!is_small(*leaf, 5) || hidden.mark(key) != Some(Mark::Secondary), "D is not small");
        }
        // The next revision: what was hidden stays hidden, whatever it is now.
        let already: BTreeSet<Key> = hidden.keys().copied().collect();
        let mut next = ward.clone();
        next.leaves.iter_mut().for_each(|leaf| *leaf = (leaf.0 + 20, leaf.1.map(|o| o + 20)));
        let later = decide(&next.table(), 5, &already);
        prop_assert!(already.iter().all(|key| later.hides(key)));
        prop_assert_eq!(attack_by_all(&next, 5, &later), None);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(ward in ward(3, 2)) {
        let cells: Vec<_> = ward.table().cells.into_iter().rev().collect();
        let mut turned = Table::new();
        for cell in cells {
            turned.put(cell.key, cell.amounts, cell.owner.as_deref());
        }
        let table = ward.table();
        for sum in table.sums.iter().rev() {
            let key = |place: usize| table.cells[place].key;
            let parts: Vec<Key> = sum.parts.iter().map(|p| key(*p)).collect();
            turned.sum(&key(sum.total), &parts);
        }
        prop_assert_eq!(decide(&turned, 5, &BTreeSet::new()), decide(&table, 5, &BTreeSet::new()));
    }
}

/// The attacker is worth his bread: he breaks a rule that lacks a part, and often.
#[test]
fn a_weaker_rule_is_broken() {
    let mut runner = TestRunner::deterministic();
    let wards: Vec<Ward> = (0..200).map(|_| ward(5, 0).new_tree(&mut runner).unwrap().current()).collect();
    let no_complement = Rules { complement: false, insiders: false, others: false };
    let no_insiders = Rules { complement: true, insiders: false, others: false };
    let no_others = Rules { others: false, ..ALL };
    let broken = |rules| wards.iter().filter(|ward| attack_by_all(ward, 5, &ward.hidden(5, rules)).is_some()).count();
    let from_outside = |rules| wards.iter().filter(|ward| attack(ward, 5, &ward.hidden(5, rules), None).is_some()).count();
    assert!(from_outside(no_complement) > 20, "{}", from_outside(no_complement));
    assert!(broken(no_insiders) > 20, "{}", broken(no_insiders));
    assert_eq!((from_outside(no_insiders), broken(ALL)), (0, 0));
    let lopsided: Vec<Ward> = (0..200).map(|_| lopsided_ward().new_tree(&mut runner).unwrap().current()).collect();
    let found = lopsided.iter().filter(|ward| attack_by_all(ward, 5, &ward.hidden(5, no_others)).is_some()).count();
    // Mostly the single small figures ask for as much.
    assert!(found > 5, "{found}");
}

/// The same for the one who tries every table: with one complement too few he finds it, and marks that tell too much too.
#[test]
fn trying_every_table_finds_what_a_weaker_rule_gives_away() {
    let ward = Ward { groups: vec![0; 3], sexes: 0, quarters: 0, leaves: vec![(1, None), (5, None), (5, None)] };
    let weaker = |rules| ward.hidden(3, rules);
    assert!(exhaust(&ward, 3, 11, &weaker(Rules { complement: false, insiders: false, others: false }), None).is_some());
    assert!(exhaust(&ward, 3, 11, &weaker(Rules { complement: true, insiders: false, others: false }), Some(2)).is_some());
    assert_eq!(exhaust(&ward, 3, 11, &weaker(ALL), Some(2)), None);
    // One unit has nearly all.
    let ward = Ward { leaves: vec![(4, Some(4)), (1, Some(1)), (1, Some(1))], ..ward };
    assert!(exhaust(&ward, 3, 7, &ward.hidden(3, Rules { others: false, ..ALL }), Some(1)).is_some());
    assert_eq!(exhaust(&ward, 3, 7, &ward.hidden(3, ALL), Some(1)), None);
}

fn number(n: i64) -> Option<Decimal4> {
    Decimal4::from_int(n)
}

/// Units with numerator and denominator, and the ward.
fn units(figures: &[(i64, i64)]) -> Table<String> {
    let mut table = Table::new();
    let sum = |pick: fn(&(i64, i64)) -> i64| number(figures.iter().map(pick).sum());
    for (at, (n, d)) in figures.iter().enumerate() {
        let unit = format!("U{}", at + 1);
        table.put(unit.clone(), Amounts { numerator: number(*n), denominator: number(*d) }, Some(&unit));
    }
    table.put("ward".into(), Amounts { numerator: sum(|f| f.0), denominator: sum(|f| f.1) }, None);
    table.nest(|key| (key != "ward").then(|| "ward".to_owned()));
    table
}

fn told(table: &Table<String>, already: &[&str]) -> String {
    let hidden = decide(table, 5, &already.iter().map(|k| (*k).to_owned()).collect());
    let mark = |key: &String| if hidden.mark(key) == Some(Mark::Primary) { "C" } else { "D" };
    hidden.keys().map(|key| format!("{key} {}", mark(key))).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_smallest_cells_protect_a_small_one() {
    for (figures, hidden) in [
        // Nothing small, nothing hidden; 0 of 12 and 12 of 12 are no small counts.
        (&[(10, 30), (12, 12), (0, 12)][..], ""),
        // A second one would do against the public, a third one against the second.
        (&[(2, 12), (10, 30), (25, 80), (30, 60)], "U1 C, U2 D, U4 D"),
        // A small difference, and a small denominator.
        (&[(8, 12), (10, 30), (25, 80), (30, 60)], "U1 C, U2 D, U4 D"),
        (&[(0, 3), (12, 12), (10, 30), (25, 80)], "U1 C, U3 D, U4 D"),
        // Of two units each would find the other from the total, of one the total is its own.
        (&[(2, 12), (10, 30)], "U1 C, U2 D, ward D"),
        (&[(2, 12)], "U1 C, ward C"),
        // Where nothing happened nothing is hidden, and nothing is protected by it.
        (&[(2, 12), (0, 0), (10, 30), (0, 0)], "U1 C, U3 D, ward D"),
        (&[(0, 0), (0, 0)], ""),
        // Four times 4 of many: that each is small would tell all of them from a total of 16.
        (&[(4, 40), (4, 40), (4, 40), (4, 40)], "U1 C, U2 C, U3 C, U4 C, ward D"),
    ] {
        assert_eq!(told(&units(figures), &[]), hidden, "{figures:?}");
    }
}

#[test]
fn a_total_is_hidden_where_a_unit_would_find_that_the_others_are_few() {
    for (figures, hidden) in [
        // U1 has all but 4 cases; all but 1 of those without; all but 3 in all.
        (&[(700, 900), (1, 40), (3, 60)][..], "U2 C, U3 C, ward D"),
        (&[(700, 900), (39, 40), (10, 10)], "U2 C, U3 D, ward D"),
        (&[(700, 900), (0, 1), (2, 2)], "U2 C, U3 C, ward D"),
        // Where they have none there is nothing to find, and many are no secret.
        (&[(700, 900), (0, 0), (0, 0)], ""),
        (&[(700, 900), (0, 40), (0, 60)], ""),
        (&[(700, 900), (5, 40), (6, 60)], ""),
        // Many smaller ones are large together, whoever they are.
        (&[(700, 900), (3, 40), (3, 60), (3, 70), (400, 600)], "U2 C, U3 C, U4 C, U5 D"),
    ] {
        assert_eq!(told(&units(figures), &[]), hidden, "{figures:?}");
    }
    // What everybody knows already is no secret any more.
    let mut table = units(&[(700, 900), (1, 40), (3, 60)]);
    table.shown_before(&"ward".to_owned());
    assert!(!decide(&table, 5, &BTreeSet::new()).hides(&"ward".to_owned()));
}

#[test]
fn every_total_over_several_units_is_looked_at() {
    // In a group, not in the ward: beside it stands a unit with many.
    let leaves = vec![(700, Some(900)), (1, Some(1)), (3, Some(3)), (500, Some(700))];
    let ward = Ward { groups: vec![100, 100, 100, 0], sexes: 0, quarters: 0, leaves };
    let (rule, weaker) = (ward.hidden(5, ALL), ward.hidden(5, Rules { others: false, ..ALL }));
    assert!(rule.hides(&(100, 0, 0)) && !weaker.hides(&(100, 0, 0)), "{rule:?}, {weaker:?}");
    assert!(attack(&ward, 5, &weaker, Some(1)).is_some());
    assert_eq!(attack_by_all(&ward, 5, &rule), None);
    // Of one sex, not of both, and through a group into the ward.
    let leaves = [(700, 900), (600, 800), (1, 1), (20, 30), (2, 2), (30, 40)].map(|(n, o)| (n, Some(o))).to_vec();
    let ward = Ward { groups: vec![0, 100, 100], sexes: 2, quarters: 0, leaves };
    let rule = ward.hidden(5, ALL);
    assert!(rule.hides(&(0, 1, 0)), "{rule:?}");
    assert_eq!(attack_by_all(&ward, 5, &rule), None);
}

#[test]
fn what_was_hidden_stays_hidden_and_protected() {
    let table = units(&[(20, 120), (10, 30), (25, 80), (30, 60)]);
    assert_eq!(told(&table, &[]), "");
    assert_eq!(told(&table, &["U1", "gone"]), "U1 C, U2 D, U4 D");
    // Even 0 of 0: it was something when it was hidden.
    assert_eq!(told(&units(&[(0, 0), (10, 30), (25, 80), (30, 60)]), &["U1"]), "U1 C, U2 D, U4 D");
}

#[test]
fn what_everybody_knows_already_protects_nothing() {
    let mut table = units(&[(2, 12), (10, 30), (25, 80), (30, 60)]);
    for unit in ["U2", "U3", "U4"] {
        table.shown_before(&unit.to_owned());
    }
    assert_eq!(told(&table, &[]), "U1 C, ward D");
}

#[test]
fn a_missing_unit_and_an_absent_group_are_no_way_in() {
    let cell = |n, d| Amounts { numerator: number(n), denominator: number(d) };
    let mut table = Table::new();
    table.put("ward".to_owned(), cell(40, 100), None);
    table.put("U1".to_owned(), cell(2, 20), Some("U1"));
    table.put("U2".to_owned(), cell(38, 80), Some("U2"));
    let parents = BTreeMap::from([("U1", "schools"), ("U2", "schools"), ("schools", "ward")]);
    table.nest(|key| parents.get(key.as_str()).map(|p| (*p).to_owned()));
    assert_eq!(told(&table, &[]), "U1 C, U2 D, ward D", "a group without figures is passed over");
    // Nobody knows what the missing unit would have had.
    table.put("ward".to_owned(), cell(60, 160), None);
    table.put("U2".to_owned(), cell(38, 80), Some("U2"));
    let mut short = Table::new();
    for (key, figures, owner) in [("ward", cell(60, 160), None), ("U1", cell(2, 20), Some("U1")), ("U2", cell(38, 80), Some("U2"))] {
        short.put(key.to_owned(), figures, owner);
    }
    short.nest(|key| parents.get(key.as_str()).map(|p| (*p).to_owned()));
    assert_eq!(told(&short, &[]), "U1 C");
}

#[test]
fn counts_and_numerators_above_their_denominators_are_protected_too() {
    let mut counts = Table::new();
    for (key, n, owner) in [("U1", 2, Some("U1")), ("U2", 10, Some("U2")), ("U3", 20, Some("U3")), ("ward", 32, None)] {
        counts.put(key.to_owned(), Amounts { numerator: number(n), denominator: None }, owner);
    }
    counts.nest(|key| (key != "ward").then(|| "ward".to_owned()));
    assert_eq!(told(&counts, &[]), "U1 C, U2 D, U3 D");
    assert_eq!(told(&units(&[(33, 30), (40, 20), (50, 90), (12, 70)]), &[]), "U1 C, U2 D, U4 D");
}
