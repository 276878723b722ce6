//! Tests of what is hidden: tables over several approved revisions against the attacker, and what follows from tables.

use super::cell_ref::{CellRef, WHOLE};
use super::disclosure_mask::{ApprovedTable, Cells, DisclosureMask, IndicatorTable};
use crate::disclosure::attacker::{Leaf, attack_cells, is_secret, less};
use crate::figures::Amounts;
use crate::values::decimal::Decimal4;
use crate::values::id::UnitId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const THRESHOLD: u32 = 5;
const FEMALE: &str = r#"{"sex":"female"}"#;
const MALE: &str = r#"{"sex":"male"}"#;
const PARTS: [&str; 2] = [FEMALE, MALE];

/// What a unit says: cases and others, of women and of men.
type Said = [(i64, i64); 2];

fn figures((cases, others): (i64, i64)) -> Amounts {
    Amounts { numerator: Decimal4::from_int(cases), denominator: Decimal4::from_int(cases + others) }
}

fn unit(at: usize) -> UnitId {
    UnitId::from_text(format!("U{at}"))
}

/// By which sexes a unit tells what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    Neither,
    Both,
    WomenAlone,
}

/// The cells of a table on which these units say this, some of them also by sex.
fn cells(units: &[(Said, bool)]) -> Cells {
    cells_of(&units.iter().map(|(said, split)| (*said, if *split { Tells::Both } else { Tells::Neither })).collect::<Vec<_>>())
}

fn cells_of(units: &[(Said, Tells)]) -> Cells {
    let mut cells = Cells::new();
    for (at, (said, tells)) in units.iter().enumerate() {
        let [women, men] = said;
        cells.insert(CellRef::of(unit(at), WHOLE.to_owned()), figures((women.0 + men.0, women.1 + men.1)));
        let told = match tells {
            Tells::Neither => 0,
            Tells::WomenAlone => 1,
            Tells::Both => 2,
        };
        for (part, said) in PARTS.iter().zip(said).take(told) {
            cells.insert(CellRef::of(unit(at), (*part).to_owned()), figures(*said));
        }
    }
    cells
}

fn table(now: Cells, earlier: Vec<ApprovedTable>) -> IndicatorTable {
    IndicatorTable { adds_up: true, additive: BTreeSet::from(["sex".to_owned()]), now, uncounted: BTreeSet::new(), earlier, complete: true }
}

/// Approves one state after the other, each time deciding what is hidden.
fn approved(states: &[Cells]) -> Vec<ApprovedTable> {
    let mut earlier: Vec<ApprovedTable> = Vec::new();
    for cells in states {
        let hidden = table(cells.clone(), earlier.clone()).judged(THRESHOLD);
        earlier.push(ApprovedTable { cells: cells.clone(), hidden: Some(hidden), parts: true, stands: true });
    }
    earlier
}

/// A figure as the attacker tells it from others: where it stands, and what it says; of a total what it is made of.
type Told = (Option<usize>, String, String);

/// Everything that was ever approved, for an attacker who kept it all.
#[derive(Default)]
struct Archive {
    truth: BTreeMap<Told, Leaf>,
    sums: Vec<Vec<Told>>,
    shown: BTreeSet<Told>,
}

impl Archive {
    /// Reads one state after the other, and attacks after each.
    fn attack(states: &[ApprovedTable]) -> Option<String> {
        let units = states.iter().flat_map(|s| s.cells.keys()).map(|place| place.unit.clone()).collect::<BTreeSet<_>>().len();
        let mut archive = Self::default();
        states.iter().find_map(|state| {
            let before = archive.shown.clone();
            archive.read(units, state);
            archive.attacked(units, &before)
        })
    }

    fn read(&mut self, units: usize, state: &ApprovedTable) {
        let leaf = |amounts: &Amounts| {
            let whole = |n: Option<Decimal4>| n.map_or(0, |n| n.scaled() / 10_000);
            let (n, d) = (whole(amounts.numerator), whole(amounts.denominator));
            (n, Some(d - n))
        };
        let hidden = state.hidden.clone().unwrap_or_default();
        let mut said: BTreeMap<String, Vec<(Told, Leaf)>> = BTreeMap::new();
        for at in 0..units {
            let told = |part: &str| {
                let place = CellRef::of(unit(at), part.to_owned());
                let figures = state.cells.get(&place)?;
                Some(((Some(at), part.to_owned(), format!("{:?}", leaf(figures))), leaf(figures), !hidden.contains(&place)))
            };
            let found: Vec<_> = [WHOLE, FEMALE, MALE].into_iter().filter_map(told).collect();
            for (told, leaf, shown) in &found {
                self.truth.insert(told.clone(), *leaf);
                if *shown {
                    self.shown.insert(told.clone());
                }
            }
            for (told, leaf, _) in &found {
                said.entry(told.1.clone()).or_default().push((told.clone(), *leaf));
            }
            if let [(whole, all, _), (women, some, _)] = &found[..] {
                // Who gives women alone gives the others too; nobody shows them, but what the rule does not hide counts as known.
                let rest = less(*all, *some);
                let told: Told = (Some(at), "rest".to_owned(), format!("{rest:?} of {all:?}"));
                self.truth.insert(told.clone(), rest);
                if !hidden.contains(&CellRef::of(unit(at), r#"{"sex":null}"#.to_owned())) {
                    self.shown.insert(told.clone());
                }
                self.sums.push(vec![whole.clone(), women.clone(), told]);
            }
            if found.len() == 3 {
                self.sums.push(found.into_iter().map(|(told, ..)| told).collect());
            }
        }
        for (part, said) in said {
            let total: Told = (None, part.clone(), format!("{said:?}"));
            let leaf = said.iter().fold((0, 0), |sum, (_, leaf)| (sum.0 + leaf.0, sum.1 + leaf.1.unwrap_or(0)));
            self.truth.insert(total.clone(), (leaf.0, Some(leaf.1)));
            if !hidden.contains(&CellRef { unit: None, part }) {
                self.shown.insert(total.clone());
            }
            self.sums.push([total].into_iter().chain(said.into_iter().map(|(told, _)| told)).collect());
        }
    }

    /// The attack from outside and by each unit, by those who kept what was shown before.
    fn attacked(&self, units: usize, before: &BTreeSet<Told>) -> Option<String> {
        std::iter::once(None).chain((0..units).map(Some)).find_map(|insider| {
            let own = |told: &Told| insider.is_some() && told.0 == insider;
            let (mut truth, mut sums) = (self.truth.clone(), self.sums.clone());
            // What all others have together, in every state of the total.
            for sum in self.sums.iter().filter(|sum| sum[0].0.is_none()) {
                let Some(mine) = sum.iter().find(|told| own(told)) else { continue };
                let rest = less(truth[&sum[0]], truth[mine]);
                if is_secret(rest, THRESHOLD) {
                    let others: Told = (None, "others".to_owned(), sum[0].2.clone());
                    truth.insert(others.clone(), rest);
                    sums.push(vec![sum[0].clone(), mine.clone(), others]);
                }
            }
            attack_cells(&truth, &sums, THRESHOLD, &|told| self.shown.contains(told), &|told| before.contains(told), &own)
                .map(|found| format!("{insider:?}: {found}"))
        })
    }
}

fn said() -> impl Strategy<Value = Said> {
    let count = || prop_oneof![3 => Just(0_i64), 4 => 1..5_i64, 3 => 5..40_i64];
    let pair = || (count(), count());
    (pair(), pair()).prop_map(|(women, men)| [women, men])
}

/// A ward and what it says in its next revision: most units the same, some otherwise, perhaps one more.
fn revisions() -> impl Strategy<Value = Vec<Vec<(Said, Tells)>>> {
    let unit = || (said(), prop_oneof![Just(Tells::Neither), Just(Tells::Both), Just(Tells::WomenAlone)]);
    (prop::collection::vec(unit(), 1..=4), prop::collection::vec((0..4_usize, unit()), 0..=2), prop::option::of(unit())).prop_map(
        |(first, changes, late)| {
            let mut second = first.clone();
            for (at, unit) in changes {
                if let Some(old) = second.get_mut(at) {
                    *old = unit;
                }
            }
            second.extend(late);
            vec![first, second]
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn nobody_who_keeps_every_revision_finds_a_hidden_figure(states in revisions()) {
        let cells: Vec<Cells> = states.iter().map(|units| cells_of(units)).collect();
        let approved = approved(&cells);
        prop_assert_eq!(Archive::attack(&approved), None);
        for (place, _) in cells[0].iter().filter(|(place, _)| approved[0].hidden.as_ref().unwrap().contains(place)) {
            let still = approved[1].hidden.as_ref().unwrap().contains(place);
            prop_assert!(still || !cells[1].contains_key(place), "{:?} was hidden and is shown", place);
        }
    }
}

/// The test of the test: decided without a memory, revisions tell on each other.
#[test]
fn revisions_that_forget_each_other_are_broken() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut broken = 0;
    for _ in 0..200 {
        let states = revisions().new_tree(&mut runner).unwrap().current();
        let alone = |units: &Vec<(Said, Tells)>| approved(&[cells_of(units)]).remove(0);
        let forgetful: Vec<ApprovedTable> = states.iter().map(alone).collect();
        broken += usize::from(Archive::attack(&forgetful).is_some());
    }
    assert!(broken > 10, "{broken}");
}

/// The test of the test: where the totals of women and of men are no cells of the table, and are hidden by what they say themselves
/// alone, the attacker finds what they tell of the others.
#[test]
fn totals_of_parts_that_are_looked_at_alone_give_cells_away() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let small = |cells: &Cells, part: &str| {
        let said = cells.iter().filter(|(place, _)| place.part == part);
        let sum = said.fold(Amounts::default(), |sum, (_, amounts)| sum.plus(*amounts));
        let whole = |n: Option<Decimal4>| n.map_or(0, |n| n.scaled() / 10_000);
        let (n, d) = (whole(sum.numerator), whole(sum.denominator));
        is_secret((n, Some(d - n)), THRESHOLD)
    };
    let (mut broken, mut sound) = (0, 0);
    for _ in 0..200 {
        let cells = cells_of(&revisions().new_tree(&mut runner).unwrap().current()[0]);
        let total_of = |part: &str| CellRef { unit: None, part: part.to_owned() };
        let rule = approved(std::slice::from_ref(&cells));
        let mut careless = rule.clone();
        let unlinked = IndicatorTable { additive: BTreeSet::new(), ..table(cells.clone(), Vec::new()) }.judged(THRESHOLD);
        let linked_in_units = rule[0].hidden.clone().unwrap().into_iter().filter(|place| place.unit.is_some() || place.part == WHOLE);
        let alone = PARTS.into_iter().filter(|part| small(&cells, part)).map(total_of);
        careless[0].hidden = Some(unlinked.into_iter().chain(linked_in_units).chain(alone).collect());
        broken += usize::from(Archive::attack(&careless).is_some());
        sound += usize::from(Archive::attack(&rule).is_none());
    }
    assert!(broken > 10 && sound == 200, "{broken} of 200 broken, {sound} sound");
}

/// What was approved before there were totals of parts shows none, and tells the next revision nothing of them.
#[test]
fn what_was_approved_without_totals_of_parts_shows_none() {
    let now = cells(&[([(20, 10), (30, 30)], true), ([(40, 40), (50, 9)], true), ([(15, 16), (17, 18)], true)]);
    let hidden = Some(BTreeSet::new());
    let before = ApprovedTable { cells: now.clone(), hidden, parts: false, stands: true };
    assert_eq!(table(now.clone(), vec![before.clone()]).hidden(THRESHOLD), BTreeSet::from([CellRef::totals_of_parts()]));
    let more = cells(&[([(21, 10), (30, 30)], true), ([(40, 40), (50, 9)], true), ([(15, 16), (17, 18)], true)]);
    assert!(table(more, vec![before]).hidden(THRESHOLD).is_empty());
}

#[test]
fn women_and_men_have_totals_that_are_hidden_as_the_whole_is() {
    let women = |hidden: &BTreeSet<CellRef>| hidden.contains(&CellRef { unit: None, part: FEMALE.to_owned() });
    let many = [(20, 20), (30, 30)];
    let few = |women| [women, (30, 30)];
    let hidden = |said: &[(Said, bool)]| table(cells(said), Vec::new()).judged(THRESHOLD);
    assert!(hidden(&[(many, true), (many, true), (many, true)]).is_empty());
    // Of one unit alone the total is its own; one that has all but few of them finds these few.
    assert!(women(&hidden(&[(few((2, 20)), true), (many, false), (many, false)])));
    assert!(women(&hidden(&[(few((400, 400)), true), (few((1, 1)), true), (few((1, 2)), true)])));
    let of_some = hidden(&[(few((2, 20)), true), (many, true), (many, true), (many, true)]);
    assert!(of_some.contains(&CellRef::of(unit(0), FEMALE.to_owned())) && !women(&of_some), "{of_some:?}");
}

#[test]
fn who_gives_women_alone_gives_few_men_away() {
    let hidden = |men| table(cells_of(&[([(20, 20), men], Tells::WomenAlone)]), Vec::new()).judged(THRESHOLD);
    let women = CellRef::of(unit(0), FEMALE.to_owned());
    assert!(hidden((2, 9)).contains(&women), "{:?}", hidden((2, 9)));
    assert!(!hidden((12, 9)).contains(&women), "many are no secret");
    assert!(!hidden((0, 0)).contains(&women), "and none are none");
}

fn whole(at: usize) -> CellRef {
    CellRef::of(unit(at), WHOLE.to_owned())
}

fn total() -> CellRef {
    CellRef { unit: None, part: WHOLE.to_owned() }
}

/// Women only, not told by sex.
fn plain(units: &[(i64, i64)]) -> Cells {
    cells(&units.iter().map(|said| ([*said, (0, 0)], false)).collect::<Vec<_>>())
}

#[test]
fn before_a_sheet_is_complete_nothing_is_told() {
    let now = plain(&[(20, 10), (30, 30)]);
    let incomplete = IndicatorTable { complete: false, ..table(now.clone(), Vec::new()) };
    assert_eq!(incomplete.hidden(THRESHOLD), BTreeSet::from([whole(0), whole(1), total(), CellRef::totals_of_parts()]));
    assert!(table(now.clone(), Vec::new()).hidden(THRESHOLD).is_empty());
    // What was approved stays as it was; what came since waits.
    let approved = approved(&[now]);
    let later = IndicatorTable { complete: false, ..table(plain(&[(20, 10), (31, 30), (2, 9)]), approved) };
    assert_eq!(later.hidden(THRESHOLD), BTreeSet::from([whole(1), whole(2), total(), CellRef::totals_of_parts()]));
}

#[test]
fn what_came_late_is_not_told_by_the_new_total() {
    let approved = approved(&[plain(&[(20, 10), (30, 30), (40, 40)])]);
    assert!(approved[0].hidden.as_ref().unwrap().is_empty());
    let later = table(plain(&[(20, 10), (30, 30), (40, 40), (2, 9)]), approved).hidden(THRESHOLD);
    assert_eq!(later, BTreeSet::from([whole(3), total()]));
}

#[test]
fn who_took_over_is_hidden_with_whom_he_took_over_from() {
    let before = approved(&[plain(&[(20, 10), (30, 30), (40, 40), (3, 9)])]);
    assert!(before[0].hidden.as_ref().is_some_and(|hidden| hidden.contains(&whole(3)) && !hidden.contains(&whole(2))), "{before:?}");
    let after = table(plain(&[(20, 10), (30, 30), (43, 49)]), before.clone()).hidden(THRESHOLD);
    assert!(after.contains(&whole(2)), "{after:?}");
    // Nor in parts that the other one did not give.
    let split = |women: i64| cells(&[([(20, 10), (0, 0)], false), ([(30, 30), (0, 0)], false), ([(women, 40), (50, 30)], true)]);
    let mut earlier = split(40);
    earlier.insert(whole(3), figures((4, 9)));
    let after = table(split(44), approved(&[earlier])).hidden(THRESHOLD);
    assert!(after.contains(&CellRef::of(unit(2), FEMALE.to_owned())), "{after:?}");
    // Who did not grow took nothing over.
    let after = table(plain(&[(20, 10), (30, 30), (40, 40)]), before).hidden(THRESHOLD);
    assert!(!after.contains(&whole(2)), "{after:?}");
}

#[test]
fn what_was_approved_before_the_rule_stays_hidden() {
    let now = plain(&[(20, 10), (30, 30)]);
    let before = ApprovedTable { cells: now.clone(), hidden: None, parts: false, stands: true };
    let all = BTreeSet::from([whole(0), whole(1), total(), CellRef::totals_of_parts()]);
    assert_eq!(table(now, vec![before.clone()]).hidden(THRESHOLD), all);
    let next = table(plain(&[(21, 10), (30, 30)]), vec![before]).hidden(THRESHOLD);
    assert_eq!(next, BTreeSet::from([whole(0), whole(1), total()]));
}

#[test]
fn a_figure_of_one_source_is_hidden_with_it() {
    let survey = IndicatorTable { adds_up: false, ..table(plain(&[(2, 10)]), Vec::new()) };
    assert_eq!(survey.hidden(THRESHOLD), BTreeSet::from([whole(0), total()]));
}

#[test]
fn sexes_in_each_age_are_never_shown() {
    let mut now = Cells::new();
    let part = |part: &str| CellRef::of(unit(0), part.to_owned());
    for (at, said) in [
        (WHOLE, (100, 100)),
        (r#"{"age_group":"old"}"#, (50, 50)),
        (r#"{"age_group":"young"}"#, (50, 50)),
        (r#"{"age_group":"old","sex":"female"}"#, (2, 48)),
        (r#"{"age_group":"old","sex":"male"}"#, (48, 2)),
        (r#"{"age_group":"young","sex":"female"}"#, (30, 30)),
        (r#"{"age_group":"young","sex":"male"}"#, (20, 20)),
    ] {
        now.insert(part(at), figures(said));
    }
    let both = BTreeSet::from(["age_group".to_owned(), "sex".to_owned()]);
    let hidden = IndicatorTable { additive: both, ..table(now, Vec::new()) }.hidden(THRESHOLD);
    for (age, sex) in [("old", "female"), ("old", "male"), ("young", "female"), ("young", "male")] {
        assert!(hidden.contains(&part(&format!(r#"{{"age_group":"{age}","sex":"{sex}"}}"#))), "{sex}, {age}");
    }
    assert!(!hidden.contains(&part(r#"{"age_group":"young"}"#)), "{hidden:?}");
}

#[test]
fn a_default_mask_hides_nothing_and_another_what_it_does_not_know() {
    let (period, indicator) = ("p".to_owned().into(), crate::values::id::IndicatorId::from_text("3.2a"));
    assert!(!DisclosureMask::default().hides(&period, &indicator, &unit(0), WHOLE));
    let mask = DisclosureMask { restricted: [indicator.clone()].into(), ..DisclosureMask::default() };
    assert!(mask.hides(&period, &indicator, &unit(0), WHOLE));
}
