//! The memory of used IDs: each assertion and each request signs in once, on all nodes together.

use std::time::SystemTime;

use sqlx::AssertSqlSafe;

use crate::moment::to_millis;
use crate::{Inner, Result, Tx};

impl Tx {
    /// Claims an assertion's ID and its request's until `until`; once committed,
    /// nothing takes a claim back. Says whether both were free; if not, commit nothing.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn claim(
        &mut self,
        idp: &str,
        assertion_id: &str,
        request_id: Option<&str>,
        until: SystemTime,
    ) -> Result<bool> {
        // The two kinds of ID come from two parties and must not meet.
        let assertion = format!("assertion {assertion_id}");
        let request = request_id.map(|id| format!("request {id}"));
        let until = to_millis(until);
        let sql = if request.is_some() { BOTH } else { ASSERTION };
        macro_rules! bound {
            ($sql:expr) => {{
                let query = sqlx::query($sql).bind(idp).bind(assertion).bind(until);
                match &request {
                    Some(request) => query.bind(request),
                    None => query,
                }
            }};
        }
        // The first statement of a sign-in: it takes along what opens the transaction.
        let claimed = match &mut self.inner {
            Inner::Sqlite(turn) => {
                let (connection, sql) = turn.opening(sql);
                bound!(AssertSqlSafe(sql)).fetch_all(connection).await?.len()
            }
            Inner::Postgres(tx) => bound!(sql).fetch_all(&mut **tx).await?.len(),
        };
        Ok(claimed == 1 + usize::from(request.is_some()))
    }
}

const ASSERTION: &str = "INSERT INTO claims (idp, id, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO \
    NOTHING RETURNING id";
const BOTH: &str = "INSERT INTO claims (idp, id, expires_at) VALUES ($1, $2, $3), ($1, $4, $3) ON \
    CONFLICT DO NOTHING RETURNING id";
