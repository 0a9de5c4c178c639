//! Direct memberships: users in groups, groups in groups, and the stream of all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::SystemTime;

use directory::{Group, MembershipSource, User};
use sqlx::AssertSqlSafe;

use crate::groups::{GroupRow, group_columns};
use crate::moment::to_millis;
use crate::users::{UserRow, user_columns};
use crate::{Page, Result, Store, StoreError, Tx, in_tx, reading};

/// One group with the names of its direct members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMembers {
    /// The group's name.
    pub group: String,
    /// The names of users that are direct members.
    pub users: Vec<String>,
    /// The names of groups that are direct members.
    pub groups: Vec<String>,
}

impl Store {
    /// The groups that a user is a direct member of, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn direct_groups_of_user(&self, user_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "SELECT ",
            group_columns!(),
            " FROM directory_groups g WHERE g.id IN (SELECT group_id FROM memberships WHERE user_id \
             = $1) ORDER BY g.name_key LIMIT $2 OFFSET $3"
        );
        self.groups_by(sql, user_id, page).await
    }

    /// The users that are direct members of a group, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn direct_users_of_group(&self, group_id: &str, page: Page) -> Result<Vec<User>> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.id IN (SELECT user_id FROM memberships WHERE group_id = $1) \
             ORDER BY u.name_key LIMIT $2 OFFSET $3"
        );
        self.users_by(sql, group_id, page).await
    }

    /// The groups that are direct members of a group, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn child_groups(&self, group_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "SELECT ",
            group_columns!(),
            " FROM directory_groups g WHERE g.id IN (SELECT child_id FROM child_groups WHERE \
             parent_id = $1) ORDER BY g.name_key LIMIT $2 OFFSET $3"
        );
        self.groups_by(sql, group_id, page).await
    }

    /// The groups that a group is a direct member of, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn parent_groups(&self, group_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "SELECT ",
            group_columns!(),
            " FROM directory_groups g WHERE g.id IN (SELECT parent_id FROM child_groups WHERE \
             child_id = $1) ORDER BY g.name_key LIMIT $2 OFFSET $3"
        );
        self.groups_by(sql, group_id, page).await
    }

    /// Whether a user is a direct member of a group.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_direct_member(&self, user_id: &str, group_id: &str) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM memberships WHERE user_id = $1 AND group_id = $2";
        let count: i64 = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(user_id).bind(group_id).fetch_one(pool).await
        })?;
        Ok(count > 0)
    }

    /// The next `limit` groups after the name `after` with the names of all their direct members.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn memberships(&self, after: Option<&str>, limit: u32) -> Result<Vec<GroupMembers>> {
        let after = directory::name_key(after.unwrap_or(""));
        let sql =
            "SELECT id, name FROM directory_groups WHERE name_key > $1 ORDER BY name_key LIMIT $2";
        let groups: Vec<(String, String)> = reading!(self, pool => {
            sqlx::query_as(sql).bind(&after).bind(i64::from(limit)).fetch_all(pool).await
        })?;
        let ids: Vec<&str> = groups.iter().map(|(id, _)| id.as_str()).collect();
        let mut users = self
            .names_by_group(
                "SELECT DISTINCT m.group_id, u.name, u.name_key FROM memberships m JOIN users u ON \
                 u.id = m.user_id WHERE m.group_id IN ",
                &ids,
            )
            .await?;
        let mut children = self
            .names_by_group(
                "SELECT c.parent_id, g.name, g.name_key FROM child_groups c JOIN directory_groups \
                 g ON g.id = c.child_id WHERE c.parent_id IN ",
                &ids,
            )
            .await?;
        let members = groups.into_iter().map(|(id, group)| GroupMembers {
            group,
            users: users.remove(&id).unwrap_or_default(),
            groups: children.remove(&id).unwrap_or_default(),
        });
        Ok(members.collect())
    }

    async fn names_by_group(
        &self,
        select: &'static str,
        ids: &[&str],
    ) -> Result<BTreeMap<String, Vec<String>>> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if ids.is_empty() {
            return Ok(names);
        }
        let sql = format!("{select} ({}) ORDER BY 3", placeholders(1, ids.len()));
        let rows: Vec<(String, String, String)> = reading!(self, pool => {
            let query = sqlx::query_as(AssertSqlSafe(sql)).persistent(false);
            ids.iter().fold(query, |query, id| query.bind(*id)).fetch_all(pool).await
        })?;
        for (group, name, _) in rows {
            names.entry(group).or_default().push(name);
        }
        Ok(names)
    }

    pub(crate) async fn groups_by(
        &self,
        sql: &'static str,
        key: &str,
        page: Page,
    ) -> Result<Vec<Group>> {
        let rows: Vec<GroupRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(key).bind(page.limit()).bind(page.offset()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(Group::from).collect())
    }

    pub(crate) async fn users_by(
        &self,
        sql: &'static str,
        key: &str,
        page: Page,
    ) -> Result<Vec<User>> {
        let rows: Vec<UserRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(key).bind(page.limit()).bind(page.offset()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(User::from).collect())
    }
}

impl Tx {
    /// Puts a user into a group by one source; says whether that is new.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when either is gone.
    pub async fn add_membership(
        &mut self,
        user_id: &str,
        group_id: &str,
        source: MembershipSource,
        now: SystemTime,
    ) -> Result<bool> {
        self.add_membership_because(user_id, group_id, source, "", now).await
    }

    /// The same; `detail` says more of where it comes from, for people to read.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when either is gone.
    pub async fn add_membership_because(
        &mut self,
        user_id: &str,
        group_id: &str,
        source: MembershipSource,
        detail: &str,
        now: SystemTime,
    ) -> Result<bool> {
        let sql = "INSERT INTO memberships (user_id, group_id, source, detail, created_at) VALUES \
                   ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let now = to_millis(now);
        let added = in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(group_id).bind(source.as_str());
            query.bind(detail).bind(now).execute(connection).await?.rows_affected()
        });
        Ok(added > 0)
    }

    /// Puts a group into a group.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the child would hold its own parent.
    pub async fn add_child_group(&mut self, parent: &Group, child: &Group) -> Result<()> {
        // UNION, not UNION ALL: a set that stops growing ends the recursion.
        let sql = "WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT c.child_id FROM \
                   child_groups c JOIN below b ON c.parent_id = b.id) SELECT COUNT(*) FROM below \
                   WHERE id = $2";
        // Two nodes may still close a circle together on PostgreSQL, where neither sees what the other
        // has not committed. It does no harm: whoever reads groups in groups ends all the same.
        let cycle: i64 = in_tx!(self, connection => {
            sqlx::query_scalar(sql).bind(&child.id).bind(&parent.id).fetch_one(connection).await
        })?;
        if cycle > 0 {
            return Err(StoreError::Conflict(format!(
                "{} cannot hold {}, which holds it already",
                parent.name, child.name
            )));
        }
        let sql = "INSERT INTO child_groups (parent_id, child_id) VALUES ($1, $2) ON CONFLICT DO \
                   NOTHING";
        in_tx!(self, connection => {
            sqlx::query(sql).bind(&parent.id).bind(&child.id).execute(connection).await?;
        });
        Ok(())
    }
}

/// `$first, $first+1, ...`: the only text that is ever put together into SQL.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let mut text = String::with_capacity(6 * count);
    for n in first..first + count {
        let _ = write!(text, "{}${n}", if n == first { "" } else { ", " });
    }
    text
}
