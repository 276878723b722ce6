//! Checking and writing the rows of a file, report after report.
//!
//! First each name of a report is looked up, since two may mean the same one; then its rows are checked. What becomes of those
//! that are right depends: they are counted, written at once, or kept to be written together when all are known to be right.

use super::columns::{Columns, Place};
use super::prepared::{Extent, Prepared, PreparedReport};
use super::rows;
use super::staged::{Cell, ReportName, Staged, Stretch};
use super::wire::{Conflict, ImportOut, ImportStatus, Mode};
use super::wording;
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, FieldError, Language, Result, codes};
use crate::rooms::reports::{self, BulkEntry, Checked, Line, Named};
use crate::values::id::ReportId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// How many rows are in memory at a time.
const BLOCK: usize = 2000;
/// How many conflicts an answer lists.
const MOST_CONFLICTS: usize = 10_000;

/// How many characters it says of each: some repeat what a cell holds.
const LONGEST_DETAIL: usize = 1000;

/// What became of the rows so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Tally {
    /// New figures.
    pub created: usize,
    /// Figures that were there and say something else now.
    pub updated: usize,
    /// Figures that said so already.
    pub unchanged: usize,
    /// Rows that were refused.
    pub rejected: usize,
    /// What is wrong with them.
    pub conflicts: Vec<Conflict>,
    /// How many more things are wrong than are listed.
    pub omitted: usize,
}

impl Tally {
    /// How many rows have been worked on.
    #[must_use]
    pub fn done(&self) -> usize {
        self.created + self.updated + self.unchanged + self.rejected
    }

    /// The same of a file of which nothing was written, since some of its rows are wrong.
    fn refused(self) -> Self {
        Self { created: 0, updated: 0, unchanged: 0, rejected: self.done(), ..self }
    }

    /// In the order of the rows.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.conflicts.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
        self
    }

    fn reject(&mut self, columns: &Columns, language: Language, row: usize, faults: &[FieldError]) {
        self.rejected += 1;
        for fault in faults {
            if self.conflicts.len() == MOST_CONFLICTS {
                self.omitted += 1;
                continue;
            }
            self.conflicts.push(Conflict {
                row,
                column: columns.called(&fault.pointer),
                code: fault.code.code.to_owned(),
                detail: fault.detail.in_language(language).chars().take(LONGEST_DETAIL).collect(),
            });
        }
    }
}

/// The rows of a file on their way, and how far they are.
pub(super) struct Run {
    staged: Staged,
    mode: Mode,
    dry_run: bool,
    pub tally: Tally,
    /// What is known of the names looked up so far.
    named: Vec<NameMeans>,
    /// Whether the transaction is one that writes, so that reports are locked as they are opened, and stay as they were checked.
    writing: bool,
    /// How many entries of the index are done.
    place: usize,
    prepared: Prepared,
}

/// What a name of a report means.
enum NameMeans {
    Report(ReportId),
    /// None in which the caller may write, and why.
    None(Vec<FieldError>),
    /// None either; why is not kept.
    NoneAgain,
}

/// How far a run is.
pub(super) struct Progress {
    tally: Tally,
    named: usize,
    place: usize,
    prepared: Extent,
}

impl Run {
    pub(super) fn of(staged: Staged, mode: Mode, dry_run: bool) -> Self {
        let prepared = Prepared::within(staged.folder());
        Self { staged, mode, dry_run, tally: Tally::default(), named: Vec::new(), writing: false, place: 0, prepared }
    }

    /// Back to the beginning, in transactions that write or do not.
    pub(super) fn restart(&mut self, writing: bool) {
        self.writing = writing;
        self.restore(Progress { tally: Tally::default(), named: 0, place: 0, prepared: Extent::default() });
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Progress {
        Progress { tally: self.tally.clone(), named: self.named.len(), place: self.place, prepared: self.prepared.extent() }
    }

    /// Back to where it was: what was done since was not committed.
    pub(super) fn restore(&mut self, to: Progress) {
        self.tally = to.tally;
        self.named.truncate(to.named);
        self.place = to.place;
        self.prepared.cut(to.prepared);
    }

    pub(super) fn is_done(&self) -> bool {
        self.place >= self.staged.rows
    }

    /// Looks up all names, which need not be done in the transaction that writes.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn look_up_all(&mut self, c: &mut Conn, actor: &Actor) -> Result<()> {
        self.look_up(c, actor, usize::MAX)
    }

    /// Checks all that is left and writes what is right, in the present transaction.
    ///
    /// # Errors
    /// If the database fails; 412 `version.stale` as [`Self::write`].
    pub(super) fn check_and_write(&mut self, c: &mut Conn, actor: &Actor) -> Result<()> {
        self.writing = !self.dry_run;
        while !self.is_done() {
            self.step(c, actor, usize::MAX)?;
        }
        if self.is_to_be_written() { self.write(c, actor) } else { Ok(()) }
    }

    /// Whether rows that are right are written while others are still to be checked.
    pub(super) fn writes_directly(&self) -> bool {
        self.mode == Mode::Partial && !self.dry_run
    }

    /// Whether they are kept, to be written together.
    fn prepares(&self) -> bool {
        self.mode == Mode::Atomic && !self.dry_run
    }

    /// Whether there is something to [`Self::write`].
    pub(super) fn is_to_be_written(&self) -> bool {
        self.prepares() && self.tally.rejected == 0
    }

    /// What became of all rows, in their order.
    pub(super) fn outcome(&self) -> Tally {
        let tally = self.tally.clone().in_order();
        if self.mode == Mode::Atomic && tally.rejected > 0 { tally.refused() } else { tally }
    }

    /// What became of all rows, as it is answered where nobody waited.
    pub(super) fn represent(&self) -> ImportOut {
        let Tally { created, updated, unchanged, rejected, conflicts, omitted } = self.outcome();
        ImportOut {
            id: None,
            status: ImportStatus::Completed,
            mode: self.mode,
            dry_run: self.dry_run,
            rows: self.staged.rows,
            created,
            updated,
            unchanged,
            rejected,
            conflicts,
            conflicts_omitted: omitted,
            progress: None,
            problem: None,
            created_at: None,
            finished_at: None,
        }
    }

    /// Looks up at most `rows` names; once all are, works on whole reports until that are at least `rows` rows, or all.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn step(&mut self, c: &mut Conn, actor: &Actor, rows: usize) -> Result<()> {
        db::plan_anew(c)?;
        if self.named.len() < self.staged.reports.len() {
            return self.look_up(c, actor, rows);
        }
        let until = self.place.saturating_add(rows);
        while self.place < until {
            let Some(stretch) = self.staged.next_report(self.place) else { break };
            self.report(c, actor, stretch)?;
            self.place += stretch.rows();
        }
        Ok(())
    }

    /// Writes what was found right, all of it. The caller's transaction is to end without a commit if it cannot be.
    ///
    /// # Errors
    /// 412 `version.stale` if what it was checked against is no longer so.
    pub(super) fn write(&mut self, c: &mut Conn, actor: &Actor) -> Result<()> {
        db::plan_anew(c)?;
        let (reports, mut blocks) = self.prepared.read()?;
        for PreparedReport { basis, blocks: lengths } in reports {
            let opened = opened(c, actor, basis.report(), true)?;
            let Some(mut entry) = opened.ok().filter(|entry| entry.basis() == *basis) else { return Err(codes::VERSION_STALE.into()) };
            for length in lengths {
                let work = blocks.next(*length)?;
                entry.write(c, actor, work)?;
            }
        }
        Ok(())
    }

    fn look_up(&mut self, c: &mut Conn, actor: &Actor, most: usize) -> Result<()> {
        for name in self.staged.reports.iter().skip(self.named.len()).take(most) {
            self.named.push(match located(c, actor, name)? {
                Ok(id) => NameMeans::Report(id),
                Err(faults) if self.named.len() < MOST_CONFLICTS => NameMeans::None(faults),
                Err(_) => NameMeans::NoneAgain,
            });
        }
        if self.named.len() == self.staged.reports.len() {
            self.staged.sort(ranks(&self.named)?);
        }
        Ok(())
    }

    fn report(&mut self, c: &mut Conn, actor: &Actor, stretch: Stretch) -> Result<()> {
        let writing = self.writing || self.writes_directly();
        let opened = match self.named.get(stretch.report) {
            Some(NameMeans::Report(id)) => opened(c, actor, id, writing)?,
            Some(NameMeans::None(faults)) => Err(faults.clone()),
            Some(NameMeans::NoneAgain) | None => {
                let name = self.staged.reports.get(stretch.report).cloned().unwrap_or_default();
                match located(c, actor, &name)? {
                    Ok(id) => opened(c, actor, &id, writing)?,
                    Err(faults) => Err(faults),
                }
            }
        };
        let mut entry = match opened {
            Ok(entry) => entry,
            Err(faults) => {
                let numbers: Vec<usize> = self.staged.numbers(stretch).collect();
                for number in numbers {
                    self.tally.reject(&self.staged.columns, actor.language, number, &faults);
                }
                return Ok(());
            }
        };
        if self.prepares() {
            self.prepared.begin(entry.basis());
        }
        let mut done = 0;
        while done < stretch.rows() {
            let block = self.staged.load(stretch, done, BLOCK)?;
            done += block.len();
            self.block(c, actor, &mut entry, &block)?;
        }
        Ok(())
    }

    fn block(&mut self, c: &mut Conn, actor: &Actor, entry: &mut BulkEntry, block: &[(usize, Vec<Cell>)]) -> Result<()> {
        let Self { staged: Staged { columns, .. }, tally, .. } = self;
        let mut lines: Vec<Line> = Vec::with_capacity(block.len());
        for (number, cells) in block {
            match rows::read(columns, *number, cells.clone())? {
                Ok(line) => lines.push(line),
                Err(faults) => tally.reject(columns, actor.language, *number, &faults),
            }
        }
        let Checked { work, rejected } = entry.check(c, actor, lines)?;
        tally.created += work.counts.created;
        tally.updated += work.counts.updated;
        tally.unchanged += work.counts.unchanged;
        for (number, faults) in rejected {
            let cells = block.iter().find(|(known, _)| *known == number).map(|(_, cells)| cells.as_slice()).unwrap_or_default();
            let told = |fault: FieldError| {
                if rows::looks_like_a_day(&fault, cells, columns) { wording::perhaps_a_day(fault) } else { fault }
            };
            let faults: Vec<FieldError> = faults.into_iter().map(told).collect();
            tally.reject(columns, actor.language, number, &faults);
        }
        if self.writes_directly() {
            entry.write(c, actor, work)?;
        } else if self.is_to_be_written() {
            self.prepared.add(&work)?;
        }
        Ok(())
    }
}

/// Of each name its place among all. Those that mean the same report share one; reports come in the order of their ids, in which
/// everybody locks them; names that mean none come last, each by itself, since they may differ in why.
fn ranks(named: &[NameMeans]) -> Result<Vec<u32>> {
    let id = |name: &NameMeans| match name {
        NameMeans::Report(id) => Some(id.clone()),
        NameMeans::None(_) | NameMeans::NoneAgain => None,
    };
    let reports: BTreeSet<ReportId> = named.iter().filter_map(id).collect();
    let places: HashMap<&ReportId, usize> = reports.iter().enumerate().map(|(place, id)| (id, place)).collect();
    let place = |(at, name): (usize, &NameMeans)| {
        let shared = id(name).and_then(|id| places.get(&id).copied());
        u32::try_from(shared.unwrap_or(reports.len() + at)).map_err(Error::internal)
    };
    named.iter().enumerate().map(place).collect()
}

/// The report that rows speak of, or why there is none for this caller.
fn located(c: &mut Conn, actor: &Actor, name: &ReportName) -> Result<std::result::Result<ReportId, Vec<FieldError>>> {
    let [jurisdiction, plan, unit, period] = name;
    let missing = [(unit, Place::Unit), (period, Place::Period)];
    let missing: Vec<FieldError> =
        missing.iter().filter(|(text, _)| text.is_none()).map(|(_, place)| rows::missing(place.name())).collect();
    let (Some(unit), Some(period)) = (unit, period) else { return Ok(Err(missing)) };
    let named = Named { jurisdiction: jurisdiction.as_deref(), plan: plan.as_deref(), unit, period };
    as_faults(reports::locate(c, actor, named), None)
}

/// The report opened, or why it cannot be written.
fn opened(c: &mut Conn, actor: &Actor, id: &ReportId, write: bool) -> Result<std::result::Result<BulkEntry, Vec<FieldError>>> {
    as_faults(BulkEntry::open(c, actor, id, write), Some("/period"))
}

/// What a client can mend is a fault of the rows; a problem without a place has this one.
fn as_faults<T>(result: Result<T>, place: Option<&str>) -> Result<std::result::Result<T, Vec<FieldError>>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Problem(problem)) if !problem.errors().is_empty() => Ok(Err(problem.errors().to_vec())),
        Err(Error::Problem(problem)) if problem.status() < 500 => {
            let pointer = place.unwrap_or("/unit");
            Ok(Err(vec![FieldError::new(pointer, problem.code()).told(problem.detail().clone())]))
        }
        Err(other) => Err(other),
    }
}
