//! The state of Samlgate: users, groups, sessions, attempts and settings, on SQLite or PostgreSQL.
//!
//! All SQL is here, one text for both databases. It decides nothing about people: what a sign-in
//! changes comes as a plan from `directory`. It knows no clock and makes no IDs; both come in.
//!
//! The dialect subset: `$1` placeholders; ids, hashes and JSON as TEXT; moments as BIGINT Unix
//! milliseconds; `ON CONFLICT` and conditional `UPDATE` instead of locks; a `_key` column for names
//! without case; no arrays, no `LIKE`, no `COLLATE`. Transactions on SQLite begin with `BEGIN
//! IMMEDIATE`; sign-ins may share one.

mod app_cookies;
mod attempts;
mod backup;
mod bound;
mod claims;
mod console;
mod error;
mod groups;
mod history;
mod inactivity;
mod joined;
mod let_in;
mod memberships;
mod messages;
mod moment;
mod nested;
mod one_time_passwords;
mod open;
mod provenance;
mod provision;
mod ring;
mod session_times;
mod session_use;
mod sessions;
mod settings;
mod sp_keys;
mod sweep;
mod trust;
mod users;
mod writer;

use sqlx::{PgPool, Postgres, SqlitePool, Transaction};

pub use app_cookies::{AppCookie, KnownAppCookie, Owner};
pub use attempts::{AttemptFilter, AttemptRow, Newest, Tally};
pub use backup::{BackupError, Restoring};
pub use claims::Claim;
pub use console::ConsoleSession;
pub use error::StoreError;
pub use history::{Author, Entry, EntryFilter, Event};
pub use let_in::LetIn;
pub use memberships::GroupMembers;
pub use messages::SealedMessages;
pub use one_time_passwords::OneTimePassword;
pub use provenance::Membership;
pub use session_times::{LongestSession, SessionTimes};
pub use session_use::KnownSession;
pub use sessions::{LivingSession, Session};
pub use settings::Setting;
pub use sp_keys::SpKey;
pub use trust::{KeyUse, MetadataLook};
use writer::{Turn, Writer};

/// A result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The database. A clone shares its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
}

#[derive(Clone, Debug)]
enum Pool {
    Sqlite { writer: Writer, read: SqlitePool },
    Postgres(PgPool),
}

/// A transaction: everything up to [`Tx::commit`], or nothing.
pub struct Tx {
    inner: Inner,
    author: Author,
}

enum Inner {
    Sqlite(Turn),
    Postgres(Transaction<'static, Postgres>),
}

/// A part of a long list, in the order of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many to leave out at the start.
    pub start: u64,
    /// At most this many; `None`: all.
    pub max: Option<u64>,
}

impl Page {
    /// The whole list.
    pub const ALL: Page = Page { start: 0, max: None };

    fn limit(self) -> i64 {
        self.max.map_or(i64::MAX, |max| i64::try_from(max).unwrap_or(i64::MAX))
    }

    fn offset(self) -> i64 {
        i64::try_from(self.start).unwrap_or(i64::MAX)
    }
}

impl Store {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin(&self) -> Result<Tx> {
        self.transaction(false).await
    }

    /// The same for a sign-in. On `SQLite` it may share its commit with others, and see what they
    /// wrote before that is lasting: who ends without a commit may not rely on what was there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_sign_in(&self) -> Result<Tx> {
        self.transaction(true).await
    }

    async fn transaction(&self, shares: bool) -> Result<Tx> {
        let inner = match &self.pool {
            Pool::Sqlite { writer, .. } => Inner::Sqlite(writer.turn(shares).await?),
            Pool::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner, author: Author::default() })
    }
}

impl Tx {
    /// Makes everything of this transaction lasting.
    ///
    /// # Errors
    /// When the database is away; nothing has changed then.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(turn) => turn.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Runs one expression on whichever database a transaction is on: the branch, written once.
macro_rules! in_tx {
    ($tx:expr, $connection:ident => $body:expr) => {
        match &mut $tx.inner {
            $crate::Inner::Sqlite(turn) => {
                let $connection = turn.connection().await?;
                $body
            }
            $crate::Inner::Postgres(tx) => {
                let $connection = &mut **tx;
                $body
            }
        }
    };
}

/// The same for a read outside a transaction.
macro_rules! reading {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pool {
            $crate::Pool::Sqlite { read: $pool, .. } => $body,
            $crate::Pool::Postgres($pool) => $body,
        }
    };
}

/// The same for writes outside a transaction, which may become lasting one by one.
macro_rules! writing {
    ($store:expr, $connection:ident => $body:expr) => {
        match &$store.pool {
            $crate::Pool::Sqlite { writer, .. } => {
                let mut turn = writer.turn(true).await?;
                let $connection = turn.single().await?;
                let done = $body;
                turn.commit().await?;
                done
            }
            $crate::Pool::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                let $connection = &mut *connection;
                $body
            }
        }
    };
}

use {in_tx, reading, writing};
