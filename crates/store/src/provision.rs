//! The sign-in's part: what exists before, and the plan applied.

use std::time::SystemTime;

use directory::provision::{Existing, Plan, UserChange};
use directory::{Group, MembershipSource, User, name_key};
use sqlx::AssertSqlSafe;

use crate::groups::{GroupRow, group_columns};
use crate::memberships::placeholders;
use crate::moment::to_millis;
use crate::users::{UserRow, user_columns};
use crate::{Result, StoreError, Tx, in_tx};

/// Names in one statement at most; more take another statement.
const NAMES_AT_ONCE: usize = 1000;

impl Tx {
    /// What a plan is compared with: the user of this name, the user's memberships, and those of
    /// `wanted` groups that exist. Three statements, however large the directory is.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn existing(&mut self, user_name: &str, wanted: &[String]) -> Result<Existing> {
        let sql = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.name_key = $1");
        let key = name_key(user_name);
        let user: Option<UserRow> = in_tx!(self, connection => {
            sqlx::query_as(sql).bind(key).fetch_optional(connection).await
        })?;
        let user = user.map(User::from);
        let memberships = match &user {
            Some(user) if !wanted.is_empty() => self.held(&user.id).await?,
            _ => Vec::new(),
        };
        let mut groups = Vec::new();
        for names in wanted.chunks(NAMES_AT_ONCE) {
            groups.extend(self.groups_of(names).await?);
        }
        Ok(Existing { user, memberships, groups })
    }

    /// Applies a plan; a new user gets the ID `new_id`. An unchanged user costs no statement.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another sign-in was faster; trying again is right then.
    pub async fn apply(
        &mut self,
        plan: &Plan,
        existing: &Existing,
        new_id: String,
        now: SystemTime,
    ) -> Result<User> {
        let user = match (&plan.user, &existing.user) {
            (UserChange::Create { name, full_name, email, idp }, _) => {
                let user = User {
                    id: new_id,
                    name: name.clone(),
                    full_name: full_name.clone(),
                    email: email.clone(),
                    active: true,
                    idp: Some(idp.clone()),
                    created_at: now,
                    updated_at: now,
                };
                self.create_user(&user).await?;
                user
            }
            (UserChange::Update { full_name, email }, Some(old)) => {
                let user = User {
                    full_name: full_name.clone().unwrap_or_else(|| old.full_name.clone()),
                    email: email.clone().unwrap_or_else(|| old.email.clone()),
                    updated_at: now,
                    ..old.clone()
                };
                self.update_user(&user).await?;
                user
            }
            (UserChange::Leave, Some(old)) => old.clone(),
            _ => return Err(StoreError::Conflict("the plan has no user".to_owned())),
        };
        self.add_memberships(&user.id, &plan.add, now).await?;
        Ok(user)
    }

    async fn held(&mut self, user_id: &str) -> Result<Vec<(String, MembershipSource)>> {
        let sql = "SELECT group_id, source FROM memberships WHERE user_id = $1";
        let rows: Vec<(String, String)> = in_tx!(self, connection => {
            sqlx::query_as(sql).bind(user_id).fetch_all(connection).await
        })?;
        let known = |(group, source): (String, String)| match MembershipSource::parse(&source) {
            Some(source) => Ok((group, source)),
            None => Err(StoreError::Corrupt(format!("unknown source {source:?}"))),
        };
        rows.into_iter().map(known).collect()
    }

    async fn groups_of(&mut self, names: &[String]) -> Result<Vec<Group>> {
        let sql = format!(
            concat!(
                "SELECT ",
                group_columns!(),
                " FROM directory_groups g WHERE g.name_key IN ({})"
            ),
            placeholders(1, names.len())
        );
        let rows: Vec<GroupRow> = in_tx!(self, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql));
            names.iter().fold(query, |query, name| query.bind(name_key(name))).fetch_all(connection).await
        })?;
        Ok(rows.into_iter().map(Group::from).collect())
    }

    async fn add_memberships(
        &mut self,
        user_id: &str,
        add: &[(String, MembershipSource)],
        now: SystemTime,
    ) -> Result<()> {
        for some in add.chunks(NAMES_AT_ONCE) {
            let rows: Vec<String> = (0..some.len())
                .map(|n| format!("($1, ${}, ${}, $2)", 2 * n + 3, 2 * n + 4))
                .collect();
            let sql = format!(
                "INSERT INTO memberships (user_id, group_id, source, created_at) VALUES {} ON \
                 CONFLICT DO NOTHING",
                rows.join(", ")
            );
            in_tx!(self, connection => {
                let query = sqlx::query(AssertSqlSafe(sql)).bind(user_id).bind(to_millis(now));
                let bound = some.iter().fold(query, |query, (group, source)| {
                    query.bind(group).bind(source.as_str())
                });
                bound.execute(connection).await?;
            });
        }
        Ok(())
    }
}
