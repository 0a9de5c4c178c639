//! Groups: lookups by key, lists by pages.

use std::collections::HashSet;

use directory::{Group, name_key};

use crate::moment::{from_millis, to_millis};
use crate::users::taken;
use crate::{Page, Result, Store, Tx, in_tx, reading};

/// A row of `directory_groups`.
#[derive(sqlx::FromRow)]
pub(crate) struct GroupRow {
    id: String,
    name: String,
    description: String,
    active: bool,
    created_at: i64,
    updated_at: i64,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        Group {
            id: row.id,
            name: row.name,
            description: row.description,
            active: row.active,
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
        }
    }
}

/// The columns that [`GroupRow`] reads, of the table named `g`.
macro_rules! group_columns {
    () => {
        "g.id, g.name, g.description, g.active, g.created_at, g.updated_at"
    };
}
pub(crate) use group_columns;

impl Store {
    /// The group of this name, compared without case.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn group(&self, name: &str) -> Result<Option<Group>> {
        let sql =
            concat!("SELECT ", group_columns!(), " FROM directory_groups g WHERE g.name_key = $1");
        let row: Option<GroupRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(name_key(name)).fetch_optional(pool).await
        })?;
        Ok(row.map(Group::from))
    }

    /// Groups whose name begins with `start`, without case, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn groups_from(&self, start: &str, limit: u32) -> Result<Vec<Group>> {
        let sql = concat!(
            "SELECT ",
            group_columns!(),
            " FROM directory_groups g WHERE g.name_key >= $1 ORDER BY g.name_key LIMIT $2"
        );
        let (start, limit) = (name_key(start), i64::from(limit));
        let rows: Vec<GroupRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(&start).bind(limit).fetch_all(pool).await
        })?;
        let begins = |group: &Group| name_key(&group.name).starts_with(&*start);
        Ok(rows.into_iter().map(Group::from).filter(begins).collect())
    }

    /// Groups by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn groups(&self, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "SELECT ",
            group_columns!(),
            " FROM directory_groups g ORDER BY g.name_key LIMIT $1 OFFSET $2"
        );
        let rows: Vec<GroupRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(page.limit()).bind(page.offset()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(Group::from).collect())
    }
}

impl Tx {
    /// The ID of the group of this name, compared without case.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn group_id(&mut self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT id FROM directory_groups WHERE name_key = $1";
        Ok(in_tx!(self, connection => {
            sqlx::query_scalar(sql).bind(name_key(name)).fetch_optional(connection).await
        })?)
    }

    /// The IDs of the groups that a user is a direct member of, by whatever source.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn groups_of(&mut self, user_id: &str) -> Result<HashSet<String>> {
        let sql = "SELECT DISTINCT group_id FROM memberships WHERE user_id = $1";
        let ids: Vec<String> = in_tx!(self, connection => {
            sqlx::query_scalar(sql).bind(user_id).fetch_all(connection).await
        })?;
        Ok(ids.into_iter().collect())
    }

    /// Adds a group.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] when the name is taken, in whatever case; the transaction is
    /// still good then.
    pub async fn create_group(&mut self, group: &Group) -> Result<()> {
        let sql = "INSERT INTO directory_groups (id, name, name_key, description, active, \
                   created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO \
                   NOTHING";
        let created = in_tx!(self, connection => {
            sqlx::query(sql)
                .bind(&group.id)
                .bind(&group.name)
                .bind(name_key(&group.name))
                .bind(&group.description)
                .bind(group.active)
                .bind(to_millis(group.created_at))
                .bind(to_millis(group.updated_at))
                .execute(connection)
                .await?
                .rows_affected()
        });
        if created == 0 { Err(taken("group", &group.name)) } else { Ok(()) }
    }

    /// Removes a group and all memberships in it; says whether it was there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_group(&mut self, id: &str) -> Result<bool> {
        let sql = "DELETE FROM directory_groups WHERE id = $1";
        let removed = in_tx!(self, connection => {
            sqlx::query(sql).bind(id).execute(connection).await?.rows_affected()
        });
        Ok(removed > 0)
    }
}
