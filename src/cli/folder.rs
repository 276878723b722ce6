//! The folder of an installation: who may read it, whether there is one, and that one server at a time works on it.

use crate::auth::secret_encryption;
use crate::config::Config;
use crate::db::Target;
use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// Held by a server as long as it runs; the system lets go of it when the process ends, however it does.
const LOCK_FILE: &str = "binhdang.lock";

/// Lets nobody else read what this process makes from now on: people's names, figures about victims, keys.
pub fn keep_to_oneself() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Makes the data folder where there is none, and closes one that others could look into.
///
/// # Errors
/// In words for the operator.
pub fn make(config: &Config) -> Result<(), String> {
    let folder = &config.data_dir;
    let cannot = |e: std::io::Error| format!("BINHDANG_DATA_DIR: cannot make the folder {}: {e}", folder.display());
    if folder.is_dir() {
        if let Err(error) = close(config) {
            // Somebody else's folder: whoever made it decides who may look into it.
            tracing::warn!(folder = %folder.display(), %error, "the data folder cannot be closed to others");
        }
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)
}

/// Takes from others what earlier versions, or whoever made the folder, let them read. A folder that holds other things
/// than an installation keeps its mode: it may be anybody's.
fn close(config: &Config) -> std::io::Result<()> {
    let folder = &config.data_dir;
    let installed = folder.join(secret_encryption::FILE).is_file() || !Target::in_folder(folder).is_new();
    if installed || fs::read_dir(folder)?.next().is_none() {
        restrict(folder, 0o700)?;
    }
    if let Target::Sqlite(file) = &config.database {
        for path in ["", "-wal", "-shm"].map(|ending| format!("{file}{ending}")) {
            restrict(Path::new(&path), 0o600)?;
        }
    }
    Ok(())
}

/// Whether nobody else can read what is kept; none where there is no folder.
pub fn is_closed(config: &Config) -> Option<bool> {
    let closed = |path: &Path| fs::metadata(path).ok().map(|found| found.permissions().mode() & 0o077 == 0);
    let folder = closed(&config.data_dir)?;
    let file = if let Target::Sqlite(file) = &config.database { closed(Path::new(file)) } else { None };
    Some(folder && file != Some(false))
}

fn restrict(path: &Path, most: u32) -> std::io::Result<()> {
    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    let mode = found.permissions().mode() & 0o777;
    if mode & !most == 0 { Ok(()) } else { fs::set_permissions(path, Permissions::from_mode(mode & most)) }
}

/// Refuses a place without an installation: a command in the wrong folder must not make a new one and report success.
///
/// # Errors
/// In words for the operator, naming the path that was looked at.
pub fn must_exist(config: &Config) -> Result<(), String> {
    match &config.database {
        Target::Sqlite(file) if !Path::new(file).exists() => {
            let looked = std::path::absolute(file).unwrap_or_else(|_| file.into());
            Err(format!(
                "there is no installation at {}: start the command in the folder in which `binhdang serve` was started, or set BINHDANG_DATA_DIR",
                looked.display()
            ))
        }
        // Whether an installation is in a PostgreSQL database shows once it is open.
        _ => Ok(()),
    }
}

/// Keeps a second server off an embedded database: it belongs to one process. Servers on PostgreSQL share theirs.
///
/// # Errors
/// In words for the operator, if another server holds it.
pub fn lock(config: &Config) -> Result<Option<File>, String> {
    if matches!(config.database, Target::Postgres(_)) {
        return Ok(None);
    }
    let path = config.data_dir.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            Err(format!("BINHDANG_DATA_DIR: another server works in {}; stop it first, or use PostgreSQL", config.data_dir.display()))
        }
        Err(TryLockError::Error(e)) => Err(format!("{}: {e}", path.display())),
    }
}
