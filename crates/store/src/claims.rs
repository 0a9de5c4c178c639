//! The memory of used IDs: each assertion and each request signs in once, on all nodes together.

use std::sync::LazyLock;
use std::time::SystemTime;

use directory::provision::{Existing, Lookup};
use sqlx::AssertSqlSafe;

use crate::joined::Joined;
use crate::moment::to_millis;
use crate::{Inner, Result, StoreError, Tx, provision};

/// What is used up.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Whose assertion or message it is.
    pub idp: &'a str,
    /// The ID of the assertion or message.
    pub id: &'a str,
    /// The ID of the request that it answers.
    pub request_id: Option<&'a str>,
    /// Until when it could be used again.
    pub until: SystemTime,
}

impl Tx {
    /// Claims what is used up; once committed, nothing takes a claim back. Says whether all of it
    /// was free; if not, nothing else may follow in this transaction.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn claim(&mut self, claim: &Claim<'_>) -> Result<bool> {
        let done = match &mut self.inner {
            Inner::Sqlite(turn) => {
                let (connection, sql) = turn.opening(CLAIM);
                bind!(sqlx::query(AssertSqlSafe(sql)), claim).execute(connection).await.map(drop)
            }
            Inner::Postgres(tx) => {
                bind!(sqlx::query(CLAIM), claim).execute(&mut **tx).await.map(drop)
            }
        };
        Ok(unless_taken(done)?.is_some())
    }

    // From here to the commit the claim is held by the unique index alone: a second post of the same
    // assertion waits for this transaction, at the row (PostgreSQL) or for its turn (SQLite). If it
    // commits, the other finds the claim taken; if it fails, the claim was never made, and the person
    // may post again. So nothing that a sign-in leaves behind may be committed before or after it.

    /// The same with [`Tx::existing`] in one round trip; nothing when it was not free.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn claim_and_look_up(
        &mut self,
        claim: &Claim<'_>,
        lookup: &Lookup,
    ) -> Result<Option<Existing>> {
        macro_rules! bound {
            ($sql:expr) => {
                provision::bind!(bind!(sqlx::query_as($sql), claim), lookup)
            };
        }
        let rows = match &mut self.inner {
            Inner::Sqlite(turn) => {
                let (connection, sql) = turn.opening(&WITH_KNOWN.sqlite);
                bound!(AssertSqlSafe(sql)).fetch_all(connection).await
            }
            Inner::Postgres(tx) => bound!(&*WITH_KNOWN.postgres).fetch_all(&mut **tx).await,
        };
        match unless_taken(rows)? {
            Some(rows) => Ok(Some(self.with_groups(rows, lookup).await?)),
            None => Ok(None),
        }
    }
}

fn unless_taken<T>(done: sqlx::Result<T>) -> Result<Option<T>> {
    match done.map_err(StoreError::from) {
        Ok(done) => Ok(Some(done)),
        Err(StoreError::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

const CLAIM: &str = "INSERT INTO claims (idp, id, expires_at) SELECT $1, $2, $3 UNION ALL SELECT \
    $1, $4, $3 WHERE $4 IS NOT NULL";

static WITH_KNOWN: LazyLock<Joined> = LazyLock::new(|| Joined::new(&[CLAIM], provision::KNOWN));

/// The parameters of [`CLAIM`]. The two kinds of ID come from two parties and must not meet.
macro_rules! bind {
    ($query:expr, $claim:expr) => {
        $query
            .bind($claim.idp)
            .bind(format!("assertion {}", $claim.id))
            .bind(to_millis($claim.until))
            .bind($claim.request_id.map(|id| format!("request {id}")))
    };
}
use bind;
