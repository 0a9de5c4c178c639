//! What was observed of IdPs' keys and metadata. It decides nothing: whom to trust stands in the
//! settings.

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// When a key of an IdP was seen and used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    pub fingerprint: String,
    /// When it was first seen in settings or metadata.
    pub first_seen_at: SystemTime,
    /// When it last verified a response; kept to the hour or so.
    pub last_used_at: Option<SystemTime>,
}

/// How the latest look at an IdP's metadata ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataLook {
    /// The IdP's name in the settings.
    pub idp: String,
    /// When it was last tried.
    pub tried_at: SystemTime,
    /// When it last came and was good.
    pub fetched_at: Option<SystemTime>,
    /// Until when the document itself wants to be read again (cacheDuration).
    pub refresh_by: Option<SystemTime>,
    /// What was wrong at the last try; empty: nothing.
    pub problem: String,
    /// The attributes it offers: a JSON list.
    pub offered: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    idp: String,
    tried_at: i64,
    fetched_at: Option<i64>,
    refresh_by: Option<i64>,
    problem: String,
    offered: String,
}

impl From<Row> for MetadataLook {
    fn from(row: Row) -> Self {
        MetadataLook {
            idp: row.idp,
            tried_at: from_millis(row.tried_at),
            fetched_at: row.fetched_at.map(from_millis),
            refresh_by: row.refresh_by.map(from_millis),
            problem: row.problem,
            offered: row.offered,
        }
    }
}

impl Store {
    /// The keys of the IdP `idp` that were ever seen, by fingerprint.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn idp_keys(&self, idp: &str) -> Result<Vec<KeyUse>> {
        let sql = "SELECT fingerprint, first_seen_at, last_used_at FROM idp_keys WHERE idp = $1 \
                   ORDER BY fingerprint";
        let rows: Vec<(String, i64, Option<i64>)> =
            reading!(self, pool => sqlx::query_as(sql).bind(idp).fetch_all(pool).await)?;
        let read = |(fingerprint, first, last): (String, i64, Option<i64>)| KeyUse {
            fingerprint,
            first_seen_at: from_millis(first),
            last_used_at: last.map(from_millis),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// The latest look at the metadata of each IdP.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn metadata_looks(&self) -> Result<Vec<MetadataLook>> {
        let sql = "SELECT idp, tried_at, fetched_at, refresh_by, problem, offered \
                   FROM idp_metadata ORDER BY idp";
        let rows: Vec<Row> = reading!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(MetadataLook::from).collect())
    }

    /// Takes the next scheduled look upon this node; says no when another node was faster, which
    /// is seen by `tried_at` being another than `last`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn claim_metadata_look(
        &self,
        idp: &str,
        last: Option<SystemTime>,
        now: SystemTime,
    ) -> Result<bool> {
        let now = to_millis(now);
        let done = match last {
            None => {
                let sql = "INSERT INTO idp_metadata (idp, tried_at, problem, offered) \
                           VALUES ($1, $2, '', '[]') ON CONFLICT (idp) DO NOTHING";
                writing!(self, connection => {
                    sqlx::query(sql).bind(idp).bind(now).execute(connection).await?.rows_affected()
                })
            }
            Some(last) => {
                let sql = "UPDATE idp_metadata SET tried_at = $2 WHERE idp = $1 AND tried_at = $3";
                let last = to_millis(last);
                writing!(self, connection => {
                    let query = sqlx::query(sql).bind(idp).bind(now).bind(last);
                    query.execute(connection).await?.rows_affected()
                })
            }
        };
        Ok(done > 0)
    }

    /// Notes a look that failed; what the last good one brought stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn metadata_failed(&self, idp: &str, problem: &str, now: SystemTime) -> Result<()> {
        let sql = "INSERT INTO idp_metadata (idp, tried_at, problem, offered) \
                   VALUES ($1, $2, $3, '[]') ON CONFLICT (idp) DO UPDATE SET \
                   tried_at = excluded.tried_at, problem = excluded.problem";
        let now = to_millis(now);
        writing!(self, connection => {
            sqlx::query(sql).bind(idp).bind(now).bind(problem).execute(connection).await?;
        });
        Ok(())
    }

    /// Notes that a key verified a response.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn key_used(&self, idp: &str, fingerprint: &str, at: SystemTime) -> Result<()> {
        let sql = "INSERT INTO idp_keys (idp, fingerprint, first_seen_at, last_used_at) \
                   VALUES ($1, $2, $3, $3) ON CONFLICT (idp, fingerprint) DO UPDATE SET \
                   last_used_at = excluded.last_used_at";
        let at = to_millis(at);
        writing!(self, connection => {
            sqlx::query(sql).bind(idp).bind(fingerprint).bind(at).execute(connection).await?;
        });
        Ok(())
    }
}

impl Tx {
    /// Notes a good look at metadata.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn metadata_read(&mut self, look: &MetadataLook) -> Result<()> {
        let sql = "INSERT INTO idp_metadata (idp, tried_at, fetched_at, refresh_by, problem, \
                   offered) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (idp) DO UPDATE SET \
                   tried_at = excluded.tried_at, fetched_at = excluded.fetched_at, \
                   refresh_by = excluded.refresh_by, problem = excluded.problem, \
                   offered = excluded.offered";
        in_tx!(self, connection => {
            sqlx::query(sql)
                .bind(&look.idp)
                .bind(to_millis(look.tried_at))
                .bind(look.fetched_at.map(to_millis))
                .bind(look.refresh_by.map(to_millis))
                .bind(&look.problem)
                .bind(&look.offered)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Notes that a key is there; the first time stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn key_seen(&mut self, idp: &str, fingerprint: &str, now: SystemTime) -> Result<()> {
        let sql = "INSERT INTO idp_keys (idp, fingerprint, first_seen_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (idp, fingerprint) DO NOTHING";
        let now = to_millis(now);
        in_tx!(self, connection => {
            sqlx::query(sql).bind(idp).bind(fingerprint).bind(now).execute(connection).await?;
        });
        Ok(())
    }
}
