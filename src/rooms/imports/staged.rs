//! The rows of a file, laid down on disk by the reports they speak of: memory holds some bytes for each.

use super::columns::{Column, Columns, Meaning, Place};
use super::wording;
use crate::formats::row_source::{self, RowCell, RowFormat, RowSink, Stopped};
use crate::problem::{Error, Result};
use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// How many bytes stay in memory of what lies on disk otherwise.
pub(super) const IN_MEMORY: usize = 1024 * 1024;
/// How many bytes of rows are worked on at a time, and a row's more.
const LOADED: usize = 4 * 1024 * 1024;
/// How many rows one file may have: as many as a sheet.
const MOST_ROWS: usize = 1_048_575;
/// How many bytes of rows may lie on disk. A workbook may say a long text once and have it in each row.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
/// How many characters of a cell are kept. A longer one is refused: no member may have so many, also where each of its letters is
/// written as a letter and its marks, and is counted as one.
const LONGEST: usize = 20_000;
/// The same of `extra`, which holds several texts.
const LONGEST_EXTRA: usize = 100_000;
/// How many reports one file may speak of.
const MOST_REPORTS: usize = 100_000;

/// A cell and the number of its column.
pub(super) type Cell = (u16, RowCell);

/// What a row says of its report: the texts of `jurisdiction`, `plan`, `unit` and `period`, where it says anything.
pub(super) type ReportName = [Option<String>; 4];

/// The rows of a file.
pub struct Staged {
    pub(super) columns: Columns,
    pub(super) reports: Vec<ReportName>,
    /// How many rows there are.
    pub rows: usize,
    /// Of each name its place among all, which names of the same report share.
    ranks: Vec<u32>,
    /// Report, then indicator, then row: so a block of rows needs few figures beside it.
    index: Vec<Entry>,
    disk: SpooledTempFile,
    folder: PathBuf,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    report: u32,
    indicator: u32,
    row: u32,
    length: u32,
    offset: u64,
}

/// Reads a file whole. `dimensions` are names of dimensions with their codes; `folder` is where rows that are too many for memory go.
///
/// # Errors
/// 422 for a file that cannot be read.
pub fn stage(format: RowFormat, file: &mut File, dimensions: Vec<(String, String)>, folder: &Path) -> Result<Staged> {
    let mut staging = Staging {
        staged: Staged {
            columns: Columns::of(dimensions),
            reports: Vec::new(),
            rows: 0,
            ranks: Vec::new(),
            index: Vec::new(),
            disk: SpooledTempFile::new_in(IN_MEMORY, folder),
            folder: folder.to_owned(),
        },
        by_name: HashMap::new(),
        last: None,
        written: 0,
        buffer: Vec::new(),
    };
    row_source::read(format, file, &mut staging).map_err(|stopped| match stopped {
        Stopped::Unreadable(why) => wording::unreadable(format, &why).into(),
        Stopped::Error(error) => error,
    })?;
    staging.flush()?;
    Ok(staging.staged)
}

struct Staging {
    staged: Staged,
    by_name: HashMap<ReportName, u32>,
    /// What the row before said of its report, as it stood there: mostly the next one says the same.
    last: Option<(ReportCells, u32)>,
    written: u64,
    buffer: Vec<u8>,
}

/// The cells in the columns that name a report, in the order of [`Place::ALL`].
type ReportCells = [Option<RowCell>; 4];

impl Staging {
    fn report(&mut self, cells: ReportCells) -> Result<u32> {
        if let Some((before, number)) = &self.last
            && *before == cells
        {
            return Ok(*number);
        }
        let mut name = ReportName::default();
        for ((slot, cell), place) in name.iter_mut().zip(&cells).zip(Place::ALL) {
            *slot = cell.as_ref().and_then(|cell| wording::name_in(place, cell));
        }
        let number = self.numbered(name)?;
        self.last = Some((cells, number));
        Ok(number)
    }

    fn numbered(&mut self, name: ReportName) -> Result<u32> {
        if let Some(known) = self.by_name.get(&name) {
            return Ok(*known);
        }
        if self.by_name.len() == MOST_REPORTS {
            return Err(wording::too_many_reports(MOST_REPORTS).into());
        }
        let number = u32::try_from(self.by_name.len()).map_err(Error::internal)?;
        self.staged.reports.push(name.clone());
        self.by_name.insert(name, number);
        Ok(number)
    }

    fn flush(&mut self) -> Result<()> {
        self.staged.disk.write_all(&self.buffer).map_err(Error::internal)?;
        self.buffer.clear();
        Ok(())
    }
}

impl RowSink for Staging {
    fn column(&mut self, name: &str, position: Option<usize>) -> Result<usize> {
        self.staged.columns.add(name, position)
    }

    fn header_read(&mut self) -> Result<()> {
        let columns = &self.staged.columns;
        let needed = [Meaning::Report(Place::Unit), Meaning::Report(Place::Period), Meaning::Member("indicator")];
        let missing: Vec<&str> =
            ["unit", "period", "indicator"].into_iter().zip(&needed).filter(|(_, m)| !columns.has(m)).map(|(n, _)| n).collect();
        if !missing.is_empty() {
            return Err(wording::missing_columns(&missing).into());
        }
        columns.twice().map_or(Ok(()), |name| Err(wording::column_twice(name).into()))
    }

    fn row(&mut self, number: u32, cells: Vec<(usize, RowCell)>) -> Result<ControlFlow<()>> {
        let mut report = ReportCells::default();
        let mut rest: Vec<Cell> = Vec::with_capacity(cells.len());
        let mut indicator = DefaultHasher::new();
        for (at, cell) in cells {
            match self.staged.columns.get(at) {
                Some(Column { meaning: Meaning::Report(place), .. }) => {
                    if let Some(slot) = Place::ALL.iter().position(|p| p == place).and_then(|at| report.get_mut(at)) {
                        *slot = Some(cell);
                    }
                }
                Some(Column { meaning: Meaning::Ignored, .. }) | None => {}
                // Statistics programs number the rows in a first column without a header.
                Some(Column { meaning: Meaning::Nameless, .. }) if at == 0 => {}
                Some(Column { meaning, .. }) => {
                    if *meaning == Meaning::Member("indicator") {
                        cell_text(&cell).hash(&mut indicator);
                    }
                    let most = if *meaning == Meaning::Member("extra") { LONGEST_EXTRA } else { LONGEST };
                    rest.push((u16::try_from(at).map_err(Error::internal)?, shortened(cell, most)));
                }
            }
        }
        let report = self.report(report)?;
        let before = self.buffer.len();
        // Writing to memory does not fail, and what is written is of our own types.
        self.buffer = postcard::to_extend(&rest, std::mem::take(&mut self.buffer)).map_err(Error::internal)?;
        let length = self.buffer.len() - before;
        let entry = Entry {
            report,
            indicator: u32::try_from(indicator.finish() >> 32).unwrap_or_default(),
            row: number,
            length: u32::try_from(length).map_err(Error::internal)?,
            offset: self.written,
        };
        if self.staged.rows == MOST_ROWS || self.written > MOST_BYTES {
            return Err(wording::too_many_rows(MOST_ROWS).into());
        }
        self.staged.index.push(entry);
        self.staged.rows += 1;
        self.written += u64::try_from(length).map_err(Error::internal)?;
        if self.buffer.len() > 1 << 16 {
            self.flush()?;
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// A cell that is too long, cut and marked, so that what is left of it is neither a number nor JSON that it did not say.
fn shortened(mut cell: RowCell, most: usize) -> RowCell {
    if let RowCell::Text(text) | RowCell::Number(text) | RowCell::Day(text) | RowCell::Failure(text) | RowCell::Json(text) = &mut cell
        && let Some((end, _)) = text.char_indices().nth(most)
    {
        text.truncate(end);
        text.push('…');
    }
    cell
}

fn cell_text(cell: &RowCell) -> &str {
    match cell {
        RowCell::Text(text) | RowCell::Number(text) | RowCell::Day(text) | RowCell::Failure(text) | RowCell::Json(text) => text,
        RowCell::Truth(_) => "",
    }
}

/// The rows of one report: one of its names, and where they stand in the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub report: usize,
    from: usize,
    to: usize,
}

impl Stretch {
    /// How many rows there are.
    pub(super) fn rows(self) -> usize {
        self.to - self.from
    }
}

impl Staged {
    /// Puts the rows in the order in which they are worked on. `ranks` has for each of `reports` its place, shared by names of the same.
    pub(super) fn sort(&mut self, ranks: Vec<u32>) {
        self.ranks = ranks;
        let Self { ranks, index, .. } = self;
        index.sort_unstable_by_key(|entry| (rank(ranks, entry.report), entry.indicator, entry.row));
    }

    /// The folder in which the rows lie.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The rows of the next report, those before `from` being done.
    pub(super) fn next_report(&self, from: usize) -> Option<Stretch> {
        let report = self.index.get(from)?.report;
        let rest = self.index.get(from..)?;
        let to = from + rest.partition_point(|entry| rank(&self.ranks, entry.report) == rank(&self.ranks, report));
        Some(Stretch { report: usize::try_from(report).ok()?, from, to })
    }

    /// The numbers of these rows.
    pub(super) fn numbers(&self, stretch: Stretch) -> impl Iterator<Item = usize> {
        self.index.get(stretch.from..stretch.to).unwrap_or_default().iter().map(|entry| number(entry.row))
    }

    /// The next of these rows from the `skip`th on: as many as are worked on at a time, at most `most`. None if there is none left.
    ///
    /// # Errors
    /// If the disk fails.
    pub(super) fn load(&mut self, stretch: Stretch, skip: usize, most: usize) -> Result<Vec<(usize, Vec<Cell>)>> {
        let from = (stretch.from + skip).min(stretch.to);
        let to = (from + most).min(stretch.to);
        let Self { index, disk, .. } = self;
        let mut bytes = Vec::new();
        let mut rows = Vec::new();
        let (mut place, mut loaded) = (None, 0);
        for entry in index.get(from..to).unwrap_or_default() {
            if loaded > LOADED {
                break;
            }
            if place != Some(entry.offset) {
                disk.seek(SeekFrom::Start(entry.offset)).map_err(Error::internal)?;
            }
            bytes.resize(usize::try_from(entry.length).map_err(Error::internal)?, 0);
            disk.read_exact(&mut bytes).map_err(Error::internal)?;
            loaded += bytes.len();
            place = Some(entry.offset + u64::from(entry.length));
            rows.push((number(entry.row), postcard::from_bytes(&bytes).map_err(Error::internal)?));
        }
        Ok(rows)
    }
}

fn rank(ranks: &[u32], report: u32) -> u32 {
    usize::try_from(report).ok().and_then(|at| ranks.get(at)).copied().unwrap_or(report)
}

/// The number of a row, which fits on every machine that this runs on.
fn number(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
