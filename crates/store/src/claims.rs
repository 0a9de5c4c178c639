//! The memory of used IDs: each assertion and each request signs in once, on all nodes together.

use std::time::SystemTime;

use crate::moment::to_millis;
use crate::{Result, Tx, in_tx};

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
        let claimed = match request {
            Some(request) => {
                let sql = "INSERT INTO claims (idp, id, expires_at) VALUES ($1, $2, $4), ($1, $3, \
                           $4) ON CONFLICT DO NOTHING";
                in_tx!(self, connection => {
                    let query = sqlx::query(sql).bind(idp).bind(assertion).bind(request).bind(until);
                    query.execute(connection).await?.rows_affected() == 2
                })
            }
            None => {
                let sql = "INSERT INTO claims (idp, id, expires_at) VALUES ($1, $2, $3) ON CONFLICT \
                           DO NOTHING";
                in_tx!(self, connection => {
                    let query = sqlx::query(sql).bind(idp).bind(assertion).bind(until);
                    query.execute(connection).await?.rows_affected() == 1
                })
            }
        };
        Ok(claimed)
    }
}
