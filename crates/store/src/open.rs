//! Opening the database: where it is, how it is used, and its tables.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::{Pool, Result, Store, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// A connection to PostgreSQL that was idle for longer is tested before it is used.
const UNTESTED: Duration = Duration::from_secs(1);

/// A statement waits this long for another writer before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Opens `sqlite:FILE` (made when it is not there) or `postgres://...` and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn open(url: &str) -> Result<Self> {
        let pool = match url.split_once(':') {
            Some(("sqlite", file)) => open_sqlite(file.trim_start_matches("//")).await?,
            Some(("postgres" | "postgresql", _)) => open_postgres(url).await?,
            _ => {
                return Err(StoreError::Unavailable(
                    "the address must begin with sqlite: or postgres://".to_owned(),
                ));
            }
        };
        let migrated = match &pool {
            Pool::Sqlite { write, .. } => MIGRATIONS.run(write).await,
            Pool::Postgres(pool) => MIGRATIONS.run(pool).await,
        };
        migrated.map_err(|error| StoreError::Corrupt(format!("its tables do not fit: {error}")))?;
        Ok(Store { pool })
    }
}

async fn open_sqlite(file: &str) -> Result<Pool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An accepted sign-in survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // Rows come from another thread: let it run ahead instead of waking for each.
        .row_buffer_size(1024);
    // SQLite has one writer at a time; a queue before it is fairer than its own busy loop.
    let one = SqlitePoolOptions::new().max_connections(1);
    // A file does not go away as a server does: no ping before each use.
    let write = one.acquire_timeout(PATIENCE).test_before_acquire(false);
    let write = write.connect_with(options.clone()).await.map_err(|error| {
        StoreError::Unavailable(format!(
            "cannot open {file}: {error}; check that the folder exists and may be written to"
        ))
    })?;
    let several = SqlitePoolOptions::new().max_connections(4);
    let read = several.acquire_timeout(PATIENCE).test_before_acquire(false);
    Ok(Pool::Sqlite { write, read: read.connect_lazy_with(options) })
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
    Ok(Pool::Postgres(pool.connect_with(options).await.map_err(unavailable)?))
}
