//! The whole of an SQLite database as one file, and back. PostgreSQL has tools of its own for that.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use thiserror::Error;

use crate::error::is_busy;
use crate::open::{MIGRATIONS, misfit, private, sqlite_file};
use crate::settings::PROPERTY;
use crate::{Pool, Store};

/// Why there is no backup, or why it did not take the database's place; nothing has changed then.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct BackupError(String);

type Result<T> = std::result::Result<T, BackupError>;

/// Whoever uses the database does so all the time: no need to wait for long.
const IN_USE: Duration = Duration::from_secs(1);

impl Store {
    /// Writes everything into the new `file`, which only this system user reads, while others go on
    /// reading and writing.
    ///
    /// # Errors
    /// On PostgreSQL, when there is such a file, or when it cannot be written; none is left then.
    pub async fn back_up(&self, file: &Path) -> Result<()> {
        let Pool::Sqlite { read, .. } = &self.pool else { return Err(not_ours()) };
        let path = std::path::absolute(file).map_err(|error| failed("write", file, &error))?;
        let text = path.to_str().ok_or_else(|| failed("write", file, &"its name is no text"))?;
        // SQLite fills an empty file as it is, with the mode it has.
        private(OpenOptions::new().create_new(true), &path)
            .map_err(|error| failed("write", file, &error))?;
        let written = sqlx::query("VACUUM INTO $1").bind(text).execute(read).await;
        let lasting = written.map_err(|error| failed("write", file, &error)).and_then(|_| {
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.and_then(|()| sync_folder(&path)).map_err(|error| failed("write", file, &error))
        });
        lasting.inspect_err(|_| drop(fs::remove_file(&path)))
    }
}

/// A backup that was looked at and brought up to date in a copy beside the database, and has not
/// taken its place. The copy goes when this does.
#[derive(Debug)]
pub struct Restoring {
    database: PathBuf,
    copy: Copy,
    connection: SqliteConnection,
}

impl Restoring {
    /// Copies `backup` beside the SQLite database of `url` and looks at it. Sessions that were open
    /// then have ended: some were logged out since.
    ///
    /// # Errors
    /// When the database is on PostgreSQL, or `backup` is damaged or none of Samlgate's.
    pub async fn prepare(url: &str, backup: &Path) -> Result<Self> {
        let database = PathBuf::from(sqlite_file(url).ok_or_else(not_ours)?);
        let copy = Copy(beside(&database, "restoring"));
        let copied = File::open(backup).and_then(|mut from| {
            let mut to = private(OpenOptions::new().create(true).truncate(true), &copy.0)?;
            io::copy(&mut from, &mut to)?;
            to.sync_all()
        });
        copied.map_err(|error| failed("copy", backup, &error))?;
        let mut connection = alone(&copy.0).await.map_err(|error| no_backup(backup, &error))?;
        let ours = "SELECT COUNT(*) FROM settings_revision";
        let fine: String = async {
            let _: i64 = sqlx::query_scalar(ours).fetch_one(&mut connection).await?;
            sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await
        }
        .await
        .map_err(|error: sqlx::Error| no_backup(backup, &error))?;
        if fine != "ok" {
            return Err(no_backup(backup, &fine));
        }
        MIGRATIONS
            .run(&mut connection)
            .await
            .map_err(|error| no_backup(backup, &misfit(&error)))?;
        for sql in OPEN_THEN {
            let ended = sqlx::query(sql).execute(&mut connection).await;
            ended.map_err(|error| no_backup(backup, &error))?;
        }
        Ok(Restoring { database, copy, connection })
    }

    /// A property of the installation that the backup was made of.
    ///
    /// # Errors
    /// When the copy cannot be read.
    pub async fn property(&mut self, name: &str) -> Result<Option<String>> {
        let asked = sqlx::query_scalar(PROPERTY).bind(name);
        let value = asked.fetch_optional(&mut self.connection).await;
        value.map_err(|error| failed("read", &self.copy.0, &error))
    }

    /// Puts the backup in the place of the database, readable by the same system users. Gives where
    /// that lies now, if there was one: beside it, `mark` in its name.
    ///
    /// # Errors
    /// When the database is in use, or the files cannot be moved; it stays as it was then.
    pub async fn put_in_place(self, mark: &str) -> Result<Option<PathBuf>> {
        let Restoring { database, copy, connection } = self;
        connection.close().await.map_err(|error| failed("write", &copy.0, &error))?;
        let kept = database.exists().then(|| beside(&database, mark));
        if kept.is_some() {
            close(&database).await?;
        }
        let moved = || -> io::Result<()> {
            if let Some(kept) = &kept {
                let was = fs::metadata(&database)?;
                fs::set_permissions(&copy.0, was.permissions())?;
                // Root restores, somebody else serves. Others can only give what is theirs already.
                let _ = chown(&copy.0, Some(was.uid()), Some(was.gid()));
                // The database has its name until the other takes it.
                fs::hard_link(&database, kept)?;
                // Only a damaged one may still have a log, which belongs to no other.
                for suffix in ["-wal", "-shm"] {
                    if with(&database, suffix).exists() {
                        fs::rename(with(&database, suffix), with(kept, suffix))?;
                    }
                }
            }
            fs::rename(&copy.0, &database)?;
            sync_folder(&database)
        };
        moved().map_err(|error| failed("replace", &database, &error))?;
        Ok(kept)
    }
}

/// Ends what was open when the backup was made.
const OPEN_THEN: [&str; 4] = [
    "DELETE FROM sessions",
    "DELETE FROM one_time_passwords",
    "DELETE FROM console_sessions",
    "DELETE FROM console_tickets",
];

/// A file that is removed at the end, unless it got another name.
#[derive(Debug)]
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        for suffix in ["", "-journal"] {
            let _ = fs::remove_file(with(&self.0, suffix));
        }
    }
}

/// Writes what is in the log into the database and ends the log, which SQLite does only when nobody
/// else has the database open. A damaged database has nothing to write.
async fn close(database: &Path) -> Result<()> {
    let closed = match alone(database).await {
        Ok(connection) => connection.close().await,
        Err(error) => Err(error),
    };
    match closed {
        Err(error) if is_busy(&error) => Err(BackupError(format!(
            "{} is in use; stop samlgate on this machine first",
            database.display()
        ))),
        _ => Ok(()),
    }
}

/// A connection to a file that nobody else uses, which has no log beside it then.
async fn alone(file: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(IN_USE);
    let mut connection = options.connect().await?;
    match sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await {
        Ok(_) => Ok(connection),
        Err(error) => {
            // Closed now: later, in a thread, it might take away the log of the file's successor.
            let _ = connection.close().await;
            Err(error)
        }
    }
}

fn beside(database: &Path, mark: &str) -> PathBuf {
    with(database, &format!(".{mark}"))
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn failed(what: &str, file: &Path, error: &dyn Display) -> BackupError {
    BackupError(format!("cannot {what} {}: {error}", file.display()))
}

fn no_backup(file: &Path, error: &dyn Display) -> BackupError {
    BackupError(format!("{} is no whole backup of Samlgate: {error}", file.display()))
}

fn not_ours() -> BackupError {
    BackupError(
        "PostgreSQL has tools of its own for this: pg_dump --format=custom and pg_restore"
            .to_owned(),
    )
}
