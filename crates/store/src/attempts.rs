//! Attempts: the record of each sign-in, for the tracker.

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// One sign-in, from its start to success or refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// UUID v7.
    pub id: String,
    /// When it began.
    pub started_at: SystemTime,
    /// When it ended, its latest opening of the app counted.
    pub updated_at: SystemTime,
    /// The app.
    pub app: String,
    /// The IdP, once known.
    pub idp: Option<String>,
    /// The user, once known.
    pub user_name: Option<String>,
    /// `refused`, `signed_in`, `opened`, `open_failed`, `tested`, `test_failed`, `posted_again`.
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
    /// What the person was told, by its stable name; empty when nothing is known.
    pub told: String,
    /// The attempt that this record adds to: an opening of the app, the same response posted again,
    /// or the answer to the request that was given this number when it began.
    pub follows: Option<String>,
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
    told: String,
    follows: Option<String>,
    /// The latest opening's, of an attempt that has one.
    opening_timeline: Option<String>,
}

impl From<Row> for AttemptRow {
    fn from(row: Row) -> Self {
        AttemptRow {
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
            timeline: joined(row.timeline, row.opening_timeline),
            told: row.told,
            follows: row.follows,
        }
    }
}

impl Store {
    /// Writes the record of something that has ended, in a transaction of its own. It stands from
    /// then on.
    ///
    /// # Errors
    /// When the database is away; [`crate::StoreError::Conflict`] when there is one of that ID.
    pub async fn record_attempt(&self, attempt: &AttemptRow) -> Result<()> {
        writing!(self, connection => {
            bind!(sqlx::query(RECORD), attempt).execute(connection).await?;
        });
        Ok(())
    }

    /// One attempt as it stands: with its latest opening of the app, if that has been tried. `id` may
    /// also be the number that was given to its request when it began.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempt(&self, id: &str) -> Result<Option<AttemptRow>> {
        let by_id = concat!(select!(), " WHERE a.id = $1");
        let by_request =
            concat!(select!(), " WHERE a.follows = $1 AND ", listed!(), " ORDER BY a.id LIMIT 1");
        for sql in [by_id, by_request] {
            let row: Option<Row> =
                reading!(self, pool => sqlx::query_as(sql).bind(id).fetch_optional(pool).await)?;
            if row.is_some() {
                return Ok(row.map(AttemptRow::from));
            }
        }
        Ok(None)
    }

    /// What came after an attempt, in its order: openings of the app, the same response again.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts_after(&self, id: &str, limit: u32) -> Result<Vec<AttemptRow>> {
        let sql = concat!(select!(), " WHERE a.follows = $1 ORDER BY a.id LIMIT $2");
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(id).bind(i64::from(limit)).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(AttemptRow::from).collect())
    }

    /// The newest attempts first; their IDs sort by time.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts(&self, newest: &Newest) -> Result<Vec<AttemptRow>> {
        self.attempts_like(&AttemptFilter::default(), newest).await
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
    ) -> Result<Vec<AttemptRow>> {
        macro_rules! fitting {
            ($by:literal) => {
                concat!(
                    select!(),
                    " WHERE ",
                    $by,
                    " AND a.id < $2 AND ",
                    listed!(),
                    " AND ($3 = '' OR COALESCE(o.outcome, a.outcome) = $3) AND ($4 = '' OR a.app = \
                     $4) AND ($5 = '' OR a.idp = $5) AND ($6 = '' OR COALESCE(o.code, a.code) = $6) \
                     ORDER BY a.id DESC LIMIT $7"
                )
            };
        }
        // The user's own index makes the one filter fast that fits few of very many.
        let by_time = fitting!("$1 = ''");
        let sql = if filter.user_name.is_empty() { by_time } else { fitting!("a.user_name = $1") };
        // Behind every UUID.
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
        Ok(rows.into_iter().map(AttemptRow::from).collect())
    }

    /// How many attempts ended in each hour since `since`, by outcome and code. A sign-in counts
    /// once, an opening of the app that failed beside it; what was posted again is not counted.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn tally_attempts(&self, since: SystemTime) -> Result<Vec<Tally>> {
        let sql = "SELECT started_at / 3600000 AS hour, outcome, code, COUNT(*) AS count FROM \
                   attempts WHERE started_at >= $1 AND (follows IS NULL OR outcome NOT IN \
                   ('opened', 'posted_again')) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
        Ok(reading!(self, pool => {
            sqlx::query_as(sql).bind(to_millis(since)).fetch_all(pool).await
        })?)
    }

    /// What happened to attempts after the moment `updated_at`, or at it to one whose ID sorts behind
    /// `id`, oldest first: each as it stood then, so one may be there several times.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn attempts_since(
        &self,
        updated_at: SystemTime,
        id: &str,
        limit: u32,
    ) -> Result<Vec<AttemptRow>> {
        let sql = "SELECT COALESCE(a.id, r.id) AS id, COALESCE(a.started_at, r.started_at) AS \
                   started_at, r.updated_at, r.app, r.idp, r.user_name, r.outcome, r.code, r.rule, \
                   r.hint, r.detail, r.address, COALESCE(a.timeline, r.timeline) AS timeline, \
                   r.told, COALESCE(a.follows, r.follows) AS follows, CASE WHEN a.id IS NULL THEN \
                   NULL ELSE r.timeline END AS opening_timeline FROM attempts r LEFT JOIN attempts a \
                   ON a.id = r.follows WHERE r.outcome <> 'posted_again' AND (r.updated_at > $1 OR \
                   (r.updated_at = $1 AND COALESCE(a.id, r.id) > $2)) ORDER BY r.updated_at, \
                   COALESCE(a.id, r.id) LIMIT $3";
        let since = to_millis(updated_at);
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(since).bind(id).bind(i64::from(limit)).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(AttemptRow::from).collect())
    }
}

impl Tx {
    /// Writes a record as part of this transaction.
    ///
    /// # Errors
    /// As [`Store::record_attempt`].
    pub async fn record_attempt(&mut self, attempt: &AttemptRow) -> Result<()> {
        in_tx!(self, connection => {
            bind!(sqlx::query(RECORD), attempt).execute(connection).await?;
        });
        Ok(())
    }
}

/// Two JSON arrays as one.
fn joined(first: String, second: Option<String>) -> String {
    let Some(second) = second else { return first };
    match (first.strip_suffix(']'), second.strip_prefix('[')) {
        (Some("["), _) => second,
        (Some(_), Some("]")) | (None, _) | (_, None) => first,
        (Some(start), Some(rest)) => format!("{start},{rest}"),
    }
}

/// Attempts as they stand; `o` is the latest opening of the app.
macro_rules! select {
    () => {
        "SELECT a.id, a.started_at, COALESCE(o.updated_at, a.updated_at) AS updated_at, a.app, a.idp, \
         a.user_name, COALESCE(o.outcome, a.outcome) AS outcome, COALESCE(o.code, a.code) AS code, \
         COALESCE(o.rule, a.rule) AS rule, COALESCE(o.hint, a.hint) AS hint, COALESCE(o.detail, \
         a.detail) AS detail, a.address, a.timeline, COALESCE(o.told, a.told) AS told, a.follows, \
         o.timeline AS opening_timeline FROM attempts a LEFT JOIN attempts o ON o.id = (SELECT \
         MAX(f.id) FROM attempts f WHERE f.follows = a.id AND f.outcome IN ('opened', \
         'open_failed'))"
    };
}

/// Whether `a` is an attempt by itself, and not what came after one.
macro_rules! listed {
    () => {
        "(a.follows IS NULL OR a.outcome NOT IN ('opened', 'open_failed', 'posted_again'))"
    };
}

pub(crate) const RECORD: &str = "INSERT INTO attempts (id, started_at, updated_at, app, idp, \
    user_name, outcome, code, rule, hint, detail, address, timeline, told, follows) VALUES ($1, $2, \
    $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

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
            .bind(&$attempt.told)
            .bind(&$attempt.follows)
    };
}
pub(crate) use bind;
use {listed, select};
