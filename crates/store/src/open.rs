//! Opening the database: where it is, how it is used, and its tables.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::writer::Writer;
use crate::{Pool, Result, Store, StoreError};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// A connection to PostgreSQL that was idle for longer is tested before it is used.
const UNTESTED: Duration = Duration::from_secs(1);

/// A statement waits this long for another writer before the database counts as away.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How `SQLite` names a database without a file.
const IN_MEMORY: &str = ":memory:";

/// `SQLITE_NOTADB`.
const NOT_A_DATABASE: &str = "26";

impl Store {
    /// Opens `sqlite:FILE` (made when it is not there) or `postgres://...` and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn open(url: &str) -> Result<Self> {
        let pool = match (sqlite_file(url), url.split_once(':')) {
            (Some(file), _) => open_sqlite(file).await?,
            (None, Some(("postgres" | "postgresql", _))) => open_postgres(url).await?,
            _ => {
                return Err(StoreError::Unavailable(
                    "the address must begin with sqlite: or postgres://".to_owned(),
                ));
            }
        };
        Ok(Store { pool })
    }
}

/// The file of `sqlite:FILE`.
pub(crate) fn sqlite_file(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite:").map(|file| file.trim_start_matches("//"))
}

async fn open_sqlite(file: &str) -> Result<Pool> {
    make_private(file).map_err(|error| StoreError::Unavailable(not_opened(file, &error)))?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What is deleted is given back, by the sweep.
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        // A log that grew once is cut again, to what a checkpoint leaves anyway.
        .pragma("journal_size_limit", "16777216")
        // An accepted sign-in survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What undoes one of several turns is never worth a file.
        .pragma("temp_store", "memory")
        // The pages that every sign-in changes go to the database once for 16 MiB of log, not 4.
        .pragma("wal_autocheckpoint", "4000")
        .busy_timeout(PATIENCE)
        // Rows come from another thread: let it run ahead instead of waking for each.
        .row_buffer_size(1024);
    let mut writes = options.connect().await.map_err(|error| {
        let code = error.as_database_error().and_then(|error| error.code());
        StoreError::Unavailable(if code.as_deref() == Some(NOT_A_DATABASE) {
            format!("{file} is no SQLite database; restore it from a backup, or name another file")
        } else {
            not_opened(file, &error)
        })
    })?;
    MIGRATIONS.run(&mut writes).await.map_err(|error| misfit(&error))?;
    make_shrinkable(&mut writes).await;
    let several = SqlitePoolOptions::new().max_connections(4);
    // A file does not go away as a server does: no ping before each use.
    let read = several.acquire_timeout(PATIENCE).test_before_acquire(false);
    Ok(Pool::Sqlite { writer: Writer::new(writes), read: read.connect_lazy_with(options) })
}

/// A file of an older version gives no space back until it was written anew, once. Where that
/// cannot be now, as another process has it open, the next start does it.
async fn make_shrinkable(connection: &mut SqliteConnection) {
    let mode = sqlx::query_scalar::<_, i64>("PRAGMA auto_vacuum").fetch_one(&mut *connection).await;
    if mode.is_ok_and(|mode| mode != INCREMENTAL) {
        let _ = sqlx::raw_sql("PRAGMA auto_vacuum = INCREMENTAL; VACUUM").execute(connection).await;
    }
}

/// How `SQLite` numbers `auto_vacuum = INCREMENTAL`.
const INCREMENTAL: i64 = 2;

pub(crate) fn misfit(error: &MigrateError) -> StoreError {
    StoreError::Corrupt(format!("its tables do not fit: {error}"))
}

fn not_opened(file: &str, error: &dyn std::error::Error) -> String {
    format!("cannot open {file}: {error}; check that the folder exists and may be written to")
}

/// Makes a database file that only this system user reads: people's addresses and hashes of their
/// passwords are in it. `SQLite` gives the files beside it the same mode. One that is there stays as
/// the operator wants it.
fn make_private(file: &str) -> std::io::Result<()> {
    if file == IN_MEMORY {
        return Ok(());
    }
    match private(OpenOptions::new().create_new(true), Path::new(file)) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file for writing; one that is made by this is read by this system user only.
pub(crate) fn private(options: &mut OpenOptions, file: &Path) -> std::io::Result<File> {
    options.write(true).mode(0o600).open(file)
}

async fn open_postgres(url: &str) -> Result<Pool> {
    let unavailable = |error: sqlx::Error| {
        StoreError::Unavailable(format!("cannot connect to PostgreSQL: {error}"))
    };
    let options = PgConnectOptions::from_str(url).map_err(unavailable)?;
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE);
    // A connection that was used a moment ago lives; a ping before each use would be a sixth of the
    // statements of a sign-in.
    let pool = pool.test_before_acquire(false).before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for > UNTESTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    match pool.connect_with(options.clone()).await {
        Ok(pool) => {
            MIGRATIONS.run(&pool).await.map_err(|error| misfit(&error))?;
            Ok(Pool::Postgres(pool))
        }
        // The pool tried until its patience ended and does not say what it met: ask once more.
        Err(sqlx::Error::PoolTimedOut) => Err(unavailable(match options.connect().await {
            Ok(_) => sqlx::Error::PoolTimedOut,
            Err(reason) => reason,
        })),
        Err(error) => Err(unavailable(error)),
    }
}
