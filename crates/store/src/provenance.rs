//! Why somebody is in a group, and what waits for an administrator's word.

use std::time::SystemTime;

use directory::MembershipSource;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, StoreError, Tx, in_tx, reading};

/// One direct membership of a user with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The user's name.
    pub user: String,
    /// The group's name.
    pub group: String,
    /// Where it comes from.
    pub source: MembershipSource,
    /// More of that: the attribute and its value, or what was imported; may be empty.
    pub detail: String,
    /// First confirmed.
    pub since: SystemTime,
    /// Last confirmed: of what an IdP says, the user's last sign-in, as long as that gives it.
    pub confirmed_at: SystemTime,
    /// Its source still gave it at the latest sign-in that told.
    pub current: bool,
    /// A sign-in wanted to end it then, and it waits for approval.
    pub awaits_removal_since: Option<SystemTime>,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_name: String,
    group_name: String,
    source: String,
    detail: String,
    created_at: i64,
    signed_in_at: Option<i64>,
    confirmed_at: Option<i64>,
    held_at: Option<i64>,
}

impl Row {
    fn membership(self) -> Result<Membership> {
        let source = MembershipSource::parse(&self.source)
            .ok_or_else(|| StoreError::Corrupt(format!("unknown source {:?}", self.source)))?;
        let confirmed_at = match (source, self.confirmed_at) {
            (MembershipSource::Manual, _) => self.created_at,
            (_, Some(confirmed_at)) => confirmed_at,
            (_, None) => self.signed_in_at.unwrap_or_default(),
        };
        Ok(Membership {
            user: self.user_name,
            group: self.group_name,
            source,
            detail: self.detail,
            since: from_millis(self.created_at),
            confirmed_at: from_millis(confirmed_at.max(self.created_at)),
            current: self.confirmed_at.is_none(),
            awaits_removal_since: self.held_at.map(from_millis),
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT u.name AS user_name, g.name AS group_name, m.source, m.detail, m.created_at, \
             u.signed_in_at, m.confirmed_at, m.held_at FROM memberships m JOIN users u ON u.id = m.user_id JOIN \
             directory_groups g ON g.id = m.group_id WHERE ",
            $rest
        )
    };
}

impl Store {
    /// Every direct membership of a user, by group.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn memberships_of(&self, user_id: &str) -> Result<Vec<Membership>> {
        let sql = select!("m.user_id = $1 ORDER BY g.name_key, m.source");
        let rows: Vec<Row> =
            reading!(self, pool => sqlx::query_as(sql).bind(user_id).fetch_all(pool).await)?;
        rows.into_iter().map(Row::membership).collect()
    }

    /// At most `limit` memberships whose end waits for approval, the oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn memberships_awaiting_removal(&self, limit: u32) -> Result<Vec<Membership>> {
        let sql =
            select!("m.held_at IS NOT NULL ORDER BY m.held_at, u.name_key, g.name_key LIMIT $1");
        let limit = i64::from(limit);
        let rows: Vec<Row> =
            reading!(self, pool => sqlx::query_as(sql).bind(limit).fetch_all(pool).await)?;
        rows.into_iter().map(Row::membership).collect()
    }
}

impl Tx {
    /// Ends the memberships of a user that wait for approval, in one group or in all; says how many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn approve_removals(&mut self, user_id: &str, group_id: Option<&str>) -> Result<u64> {
        let sql = "DELETE FROM memberships WHERE user_id = $1 AND held_at IS NOT NULL AND ($2 IS \
                   NULL OR group_id = $2)";
        Ok(in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(group_id);
            query.execute(connection).await?.rows_affected()
        }))
    }

    /// Keeps the memberships of a user that wait for approval, in one group or in all; says how
    /// many. They are the administrator's from then on, so that the next sign-in leaves them alone.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn discard_removals(
        &mut self,
        user_id: &str,
        group_id: Option<&str>,
        now: SystemTime,
    ) -> Result<u64> {
        let kept = "INSERT INTO memberships (user_id, group_id, source, detail, created_at) SELECT \
                    user_id, group_id, $3, detail, $4 FROM memberships WHERE user_id = $1 AND \
                    held_at IS NOT NULL AND source <> $3 AND ($2 IS NULL OR group_id = $2) ON \
                    CONFLICT DO NOTHING";
        let manual = MembershipSource::Manual.as_str();
        in_tx!(self, connection => {
            let query = sqlx::query(kept).bind(user_id).bind(group_id).bind(manual);
            query.bind(to_millis(now)).execute(connection).await?;
        });
        let kept = "UPDATE memberships SET held_at = NULL WHERE user_id = $1 AND held_at IS NOT \
                        NULL AND source = $3 AND ($2 IS NULL OR group_id = $2)";
        let released = in_tx!(self, connection => {
            let query = sqlx::query(kept).bind(user_id).bind(group_id).bind(manual);
            query.execute(connection).await?.rows_affected()
        });
        Ok(released + self.approve_removals(user_id, group_id).await?)
    }

    /// Ends one source of a membership; says whether it was there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_membership(
        &mut self,
        user_id: &str,
        group_id: &str,
        source: MembershipSource,
    ) -> Result<bool> {
        let sql = "DELETE FROM memberships WHERE user_id = $1 AND group_id = $2 AND source = $3";
        let removed = in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(group_id).bind(source.as_str());
            query.execute(connection).await?.rows_affected()
        });
        Ok(removed > 0)
    }
}
