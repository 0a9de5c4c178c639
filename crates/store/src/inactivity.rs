//! Who has not signed in for how long. A sign-in itself writes nothing for this: a job counts the
//! attempts, each once, by a mark of how far it came.

use std::time::SystemTime;

use directory::{User, name_key};

use crate::moment::to_millis;
use crate::users::{UserRow, user_columns};
use crate::{Result, Store, Tx, in_tx, reading};

impl Store {
    /// Takes over when people signed in last, from the attempts written between two moments.
    /// Counting the same attempts twice changes nothing.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn count_sign_ins(&self, from: SystemTime, to: SystemTime) -> Result<()> {
        let sql = "SELECT user_name, MAX(updated_at) FROM attempts WHERE updated_at > $1 AND \
                   updated_at <= $2 AND user_name IS NOT NULL AND outcome IN ('signed_in', \
                   'opened', 'open_failed') GROUP BY user_name";
        let (from, to) = (to_millis(from), to_millis(to));
        let seen: Vec<(String, i64)> = reading!(self, pool => {
            sqlx::query_as(sql).bind(from).bind(to).fetch_all(pool).await
        })?;
        let sql = "UPDATE users SET signed_in_at = $2 WHERE name_key = $1 AND (signed_in_at IS NULL \
                   OR signed_in_at < $2)";
        let mut tx = self.begin().await?;
        for (name, at) in seen {
            in_tx!(tx, connection => {
                sqlx::query(sql).bind(name_key(&name)).bind(at).execute(connection).await?;
            });
        }
        tx.commit().await
    }

    /// The next `limit` active users of an IdP after the name `after` who have not signed in since
    /// `since`, nor were created since, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn users_away_since(
        &self,
        idp: &str,
        since: SystemTime,
        after: &str,
        limit: u32,
    ) -> Result<Vec<User>> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.idp = $1 AND u.active AND COALESCE(u.signed_in_at, u.created_at) \
             < $2 AND u.created_at < $2 AND u.name_key > $3 ORDER BY u.name_key LIMIT $4"
        );
        let after = name_key(after);
        let rows: Vec<UserRow> = reading!(self, pool => {
            let query = sqlx::query_as(sql).bind(idp).bind(to_millis(since)).bind(after);
            query.bind(i64::from(limit)).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(User::from).collect())
    }
}

impl Tx {
    /// Makes a user inactive and ends their sessions, if they have not signed in since `since`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn deactivate_if_away(
        &mut self,
        user_id: &str,
        since: SystemTime,
        now: SystemTime,
    ) -> Result<bool> {
        // The list of who is away was read before this transaction, and sign-ins are counted late. So
        // the condition is asked again here, sessions included: those a sign-in writes at once.
        let sql = "UPDATE users SET active = $4, updated_at = $3 WHERE id = $1 AND active AND \
                   COALESCE(signed_in_at, created_at) < $2 AND NOT EXISTS (SELECT 1 FROM sessions \
                   s WHERE s.user_id = users.id AND s.created_at >= $2)";
        let changed = in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(to_millis(since));
            query.bind(to_millis(now)).bind(false).execute(connection).await?.rows_affected()
        });
        if changed > 0 {
            self.end_sessions_of(user_id).await?;
        }
        Ok(changed > 0)
    }
}
