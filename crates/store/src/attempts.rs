//! Attempts: the record of each sign-in, for the tracker.

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// One sign-in, from its start to success or refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// UUID v7.
    pub id: String,
    /// When it began.
    pub started_at: SystemTime,
    /// When this record was written last.
    pub updated_at: SystemTime,
    /// The app.
    pub app: String,
    /// The IdP, once known.
    pub idp: Option<String>,
    /// The user, once known.
    pub user_name: Option<String>,
    /// `refused`, `signed_in`, `opened`, `open_failed`.
    pub outcome: String,
    /// The rule that refused, by its stable name; empty when none did.
    pub code: String,
    /// The clause.
    pub rule: String,
    /// What the operator should do.
    pub hint: String,
    /// The measured values.
    pub detail: String,
    /// The person's address.
    pub address: String,
    /// JSON array of steps.
    pub timeline: String,
}

/// Which attempts to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    /// At most this many.
    pub limit: u32,
    /// Only those begun before the one of this ID.
    pub before: Option<String>,
}

/// Which attempts to list. An empty text fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptFilter {
    /// The outcome.
    pub outcome: String,
    /// The app's name.
    pub app: String,
    /// The IdP's name.
    pub idp: String,
    /// The user's name, as it is spelled.
    pub user_name: String,
    /// The rule that refused.
    pub code: String,
}

/// How many attempts ended so within one hour.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    /// Hours since 1970.
    pub hour: i64,
    /// The outcome.
    pub outcome: String,
    /// The rule that refused; empty when none did.
    pub code: String,
    /// How many.
    pub count: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    started_at: i64,
    updated_at: i64,
    app: String,
    idp: Option<String>,
    user_name: Option<String>,
    outcome: String,
    code: String,
    rule: String,
    hint: String,
    detail: String,
    address: String,
    timeline: String,
}

impl From<Row> for Attempt {
    fn from(row: Row) -> Self {
        Attempt {
            id: row.id,
            started_at: from_millis(row.started_at),
            updated_at: from_millis(row.updated_at),
            app: row.app,
            idp: row.idp,
            user_name: row.user_name,
            outcome: row.outcome,
            code: row.code,
            rule: row.rule,
            hint: row.hint,
            detail: row.detail,
            address: row.address,
            timeline: row.timeline,
        }
    }
}

impl Store {
    /// Writes a record in a transaction of its own; a later one of the same ID replaces it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn record_attempt(&self, attempt: &Attempt) -> Result<()> {
        writing!(self, connection => {
            bind!(sqlx::query(RECORD), attempt).execute(connection).await?;
        });
        Ok(())
    }

    /// One attempt.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempt(&self, id: &str) -> Result<Option<Attempt>> {
        let sql = concat!("SELECT ", columns!(), " FROM attempts WHERE id = $1");
        let row: Option<Row> =
            reading!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await)?;
        Ok(row.map(Attempt::from))
    }

    /// The newest attempts first; their IDs sort by time.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts(&self, newest: &Newest) -> Result<Vec<Attempt>> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM attempts WHERE id < $1 ORDER BY id DESC LIMIT $2"
        );
        // Behind every UUID.
        let before = newest.before.as_deref().unwrap_or("g");
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(before).bind(i64::from(newest.limit)).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(Attempt::from).collect())
    }

    /// The newest attempts that fit `filter`, among those that [`Store::attempts`] would list with
    /// `newest` as it stands but without a limit; the limit counts those that fit.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts_like(
        &self,
        filter: &AttemptFilter,
        newest: &Newest,
    ) -> Result<Vec<Attempt>> {
        // The user's own index makes the one filter fast that fits few of very many.
        let by_user = concat!(
            "SELECT ",
            columns!(),
            " FROM attempts WHERE user_name = $1 AND id < $2 AND ($3 = '' OR outcome = $3) AND ($4 \
             = '' OR app = $4) AND ($5 = '' OR idp = $5) AND ($6 = '' OR code = $6) ORDER BY id \
             DESC LIMIT $7"
        );
        let by_time = concat!(
            "SELECT ",
            columns!(),
            " FROM attempts WHERE $1 = '' AND id < $2 AND ($3 = '' OR outcome = $3) AND ($4 = '' OR \
             app = $4) AND ($5 = '' OR idp = $5) AND ($6 = '' OR code = $6) ORDER BY id DESC LIMIT $7"
        );
        let sql = if filter.user_name.is_empty() { by_time } else { by_user };
        let before = newest.before.as_deref().unwrap_or("g");
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql)
                .bind(&filter.user_name)
                .bind(before)
                .bind(&filter.outcome)
                .bind(&filter.app)
                .bind(&filter.idp)
                .bind(&filter.code)
                .bind(i64::from(newest.limit))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(Attempt::from).collect())
    }

    /// How many attempts began in each hour since `since`, by outcome and code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn tally_attempts(&self, since: SystemTime) -> Result<Vec<Tally>> {
        let sql = "SELECT started_at / 3600000 AS hour, outcome, code, COUNT(*) AS count FROM \
                   attempts WHERE started_at >= $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
        Ok(reading!(self, pool => {
            sqlx::query_as(sql).bind(to_millis(since)).fetch_all(pool).await
        })?)
    }

    /// Attempts written after the one written at `updated_at` with ID `id`, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts_since(
        &self,
        updated_at: SystemTime,
        id: &str,
        limit: u32,
    ) -> Result<Vec<Attempt>> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM attempts WHERE updated_at > $1 OR (updated_at = $1 AND id > $2) ORDER BY \
             updated_at, id LIMIT $3"
        );
        let since = to_millis(updated_at);
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(since).bind(id).bind(i64::from(limit)).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(Attempt::from).collect())
    }
}

impl Tx {
    /// Writes a record as part of this transaction; a later one of the same ID replaces it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn record_attempt(&mut self, attempt: &Attempt) -> Result<()> {
        in_tx!(self, connection => {
            bind!(sqlx::query(RECORD), attempt).execute(connection).await?;
        });
        Ok(())
    }
}

macro_rules! columns {
    () => {
        "id, started_at, updated_at, app, idp, user_name, outcome, code, rule, hint, detail, \
         address, timeline"
    };
}

pub(crate) const RECORD: &str = concat!(
    "INSERT INTO attempts (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO UPDATE \
     SET updated_at = excluded.updated_at, idp = excluded.idp, user_name = excluded.user_name, \
     outcome = excluded.outcome, code = excluded.code, rule = excluded.rule, hint = excluded.hint, \
     detail = excluded.detail, timeline = excluded.timeline"
);

/// The parameters of [`RECORD`].
macro_rules! bind {
    ($query:expr, $attempt:expr) => {
        $query
            .bind(&$attempt.id)
            .bind($crate::moment::to_millis($attempt.started_at))
            .bind($crate::moment::to_millis($attempt.updated_at))
            .bind(&$attempt.app)
            .bind(&$attempt.idp)
            .bind(&$attempt.user_name)
            .bind(&$attempt.outcome)
            .bind(&$attempt.code)
            .bind(&$attempt.rule)
            .bind(&$attempt.hint)
            .bind(&$attempt.detail)
            .bind(&$attempt.address)
            .bind(&$attempt.timeline)
    };
}
pub(crate) use bind;
use columns;
