//! What a whole check has found right, laid down on disk until it is written: who writes it need not check it again.

use super::staged::IN_MEMORY;
use crate::problem::{Error, Result};
use crate::rooms::reports::{Basis, Work};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::SpooledTempFile;

/// The work on reports, in the order in which they were checked.
pub(super) struct Prepared {
    reports: Vec<PreparedReport>,
    disk: SpooledTempFile,
    written: u64,
}

/// The work on one report.
#[derive(Debug, Clone)]
pub(super) struct PreparedReport {
    /// What its checks hang on.
    pub basis: Basis,
    /// How many bytes each block of it takes.
    pub blocks: Vec<usize>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    reports: usize,
    bytes: u64,
}

impl Prepared {
    /// None yet; it will lie in this folder.
    pub(super) fn within(folder: &Path) -> Self {
        Self { reports: Vec::new(), disk: SpooledTempFile::new_in(IN_MEMORY, folder), written: 0 }
    }

    /// How much there is now.
    pub(super) fn extent(&self) -> Extent {
        Extent { reports: self.reports.len(), bytes: self.written }
    }

    /// Forgets what came later.
    pub(super) fn cut(&mut self, to: Extent) {
        self.reports.truncate(to.reports);
        self.written = to.bytes;
    }

    /// What follows is work on this report.
    pub(super) fn begin(&mut self, basis: Basis) {
        self.reports.push(PreparedReport { basis, blocks: Vec::new() });
    }

    /// A block of work on the report begun last.
    ///
    /// # Errors
    /// If the disk fails.
    pub(super) fn add(&mut self, work: &Work) -> Result<()> {
        let bytes = serde_json::to_vec(work).map_err(Error::internal)?;
        self.disk.seek(SeekFrom::Start(self.written)).map_err(Error::internal)?;
        self.disk.write_all(&bytes).map_err(Error::internal)?;
        self.written += u64::try_from(bytes.len()).map_err(Error::internal)?;
        let report = self.reports.last_mut().ok_or_else(|| Error::internal("work on no report"))?;
        report.blocks.push(bytes.len());
        Ok(())
    }

    /// All reports, and what gives the blocks of one after the other.
    ///
    /// # Errors
    /// If the disk fails.
    pub(super) fn read(&mut self) -> Result<(&[PreparedReport], Blocks<'_>)> {
        self.disk.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
        Ok((&self.reports, Blocks(BufReader::new(&mut self.disk))))
    }
}

/// Blocks of work on their way back from the disk.
pub(super) struct Blocks<'a>(BufReader<&'a mut SpooledTempFile>);

impl Blocks<'_> {
    /// The next one, of so many bytes.
    ///
    /// # Errors
    /// If the disk fails.
    pub(super) fn next(&mut self, bytes: usize) -> Result<Work> {
        let mut block = vec![0; bytes];
        self.0.read_exact(&mut block).map_err(Error::internal)?;
        serde_json::from_slice(&block).map_err(Error::internal)
    }
}
