//! Checking and writing the rows of a file, report after report.

use super::columns::{Columns, Place};
use super::rows;
use super::staged::{ReportName, Staged, Stretch};
use super::wire::Conflict;
use super::wording;
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, FieldError, Language, Result};
use crate::rooms::reports::{self, BulkEntry, Line, Named};
use crate::values::id::ReportId;
use serde::{Deserialize, Serialize};

/// How many rows are in memory at a time.
const BLOCK: usize = 2000;
/// How many conflicts an answer lists.
const MOST_CONFLICTS: usize = 10_000;

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
    #[must_use]
    pub fn refused(self) -> Self {
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
                detail: fault.detail.in_language(language).to_owned(),
            });
        }
    }
}

/// The rows of a file on their way, and how far they are.
pub(super) struct Run {
    pub staged: Staged,
    pub tally: Tally,
    /// How many entries of the index are done.
    place: usize,
}

impl Run {
    pub(super) fn of(staged: Staged) -> Self {
        Self { staged, tally: Tally::default(), place: 0 }
    }

    /// Back to the beginning.
    pub(super) fn restart(&mut self) {
        self.restore((Tally::default(), 0));
    }

    /// What became of the rows so far, and how many those are.
    pub(super) fn state(&self) -> (Tally, usize) {
        (self.tally.clone(), self.place)
    }

    /// Back to an earlier state: what was done since was not committed.
    pub(super) fn restore(&mut self, (tally, place): (Tally, usize)) {
        (self.tally, self.place) = (tally, place);
    }

    pub(super) fn is_done(&self) -> bool {
        self.place >= self.staged.rows
    }

    /// Works on whole reports until that are at least `rows` rows, or all. What is right is written if `write` says so.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn step(&mut self, c: &mut Conn, actor: &Actor, rows: usize, write: bool) -> Result<()> {
        db::plan_anew(c)?;
        let until = self.place.saturating_add(rows);
        while self.place < until {
            let Some(stretch) = self.staged.next_report(self.place) else { break };
            self.report(c, actor, stretch, write)?;
            self.place += stretch.rows();
        }
        Ok(())
    }

    fn report(&mut self, c: &mut Conn, actor: &Actor, stretch: Stretch, write: bool) -> Result<()> {
        let name = self.staged.reports.get(stretch.report).cloned().unwrap_or_default();
        let opened = match located(c, actor, &name)? {
            Ok(id) => opened(c, actor, &id, write)?,
            Err(faults) => Err(faults),
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
        for skip in (0..stretch.rows()).step_by(BLOCK) {
            self.block(c, actor, &mut entry, stretch, skip, write)?;
        }
        Ok(())
    }

    fn block(&mut self, c: &mut Conn, actor: &Actor, entry: &mut BulkEntry, stretch: Stretch, skip: usize, write: bool) -> Result<()> {
        let Self { staged, tally, .. } = self;
        let loaded = staged.load(stretch, skip, BLOCK)?;
        let mut lines: Vec<Line> = Vec::with_capacity(loaded.len());
        for (number, cells) in &loaded {
            match rows::read(&staged.columns, *number, cells.clone())? {
                Ok(line) => lines.push(line),
                Err(faults) => tally.reject(&staged.columns, actor.language, *number, &faults),
            }
        }
        let done = entry.enter(c, actor, lines, write)?;
        tally.created += done.counts.created;
        tally.updated += done.counts.updated;
        tally.unchanged += done.counts.unchanged;
        for (number, faults) in done.rejected {
            let cells = loaded.iter().find(|(known, _)| *known == number).map(|(_, cells)| cells.as_slice()).unwrap_or_default();
            let told = |fault: FieldError| {
                if rows::looks_like_a_day(&fault, cells, &staged.columns) { wording::perhaps_a_day(fault) } else { fault }
            };
            let faults: Vec<FieldError> = faults.into_iter().map(told).collect();
            tally.reject(&staged.columns, actor.language, number, &faults);
        }
        Ok(())
    }
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
