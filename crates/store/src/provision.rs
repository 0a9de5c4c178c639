//! The sign-in's part: what exists before, and the plan applied.

use std::time::SystemTime;

use directory::provision::{Existing, Plan, UserChange};
use directory::{MembershipSource, User, name_key};
use sqlx::AssertSqlSafe;

use crate::memberships::placeholders;
use crate::moment::{from_millis, to_millis};
use crate::{Result, StoreError, Tx, in_tx};

/// Names in one statement at most; more take another statement.
const NAMES_AT_ONCE: usize = 1000;

impl Tx {
    /// What a plan is compared with: the user of this name, the user's memberships, and those of
    /// `wanted` groups that exist. One statement and one row, however large the directory is: on
    /// SQLite every row crosses a thread.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn existing(&mut self, user_name: &str, wanted: &[String]) -> Result<Existing> {
        let (now, later) = wanted.split_at(wanted.len().min(NAMES_AT_ONCE));
        let sql = format!(
            "SELECT u.id, u.name, u.full_name, u.email, u.active, u.idp, u.created_at, u.updated_at, \
             (SELECT string_agg(m.group_id || $2 || m.source, $3) FROM memberships m WHERE \
             m.user_id = u.id) AS memberships, (SELECT string_agg(g.id || $2 || g.name, $3) FROM \
             directory_groups g WHERE g.name_key IN ({})) AS groups FROM (SELECT 1 AS one) o LEFT \
             JOIN users u ON u.name_key = $1",
            if now.is_empty() { "NULL".to_owned() } else { placeholders(4, now.len()) }
        );
        let key = name_key(user_name);
        let row: ExistingRow = in_tx!(self, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(key).bind(INNER).bind(OUTER);
            let query = now.iter().fold(query, |query, name| query.bind(name_key(name)));
            query.fetch_one(connection).await
        })?;
        let mut groups = pairs(row.groups.as_deref());
        for names in later.chunks(NAMES_AT_ONCE) {
            groups.extend(self.groups_of(names).await?);
        }
        let memberships = pairs(row.memberships.as_deref());
        let memberships = memberships.into_iter().map(|(group, source)| known(group, &source));
        let memberships = memberships.collect::<Result<_>>()?;
        Ok(Existing { user: row.user(), memberships, groups })
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

    async fn groups_of(&mut self, names: &[String]) -> Result<Vec<(String, String)>> {
        let sql = format!(
            "SELECT id, name FROM directory_groups WHERE name_key IN ({})",
            placeholders(1, names.len())
        );
        Ok(in_tx!(self, connection => {
            let query = sqlx::query_as(AssertSqlSafe(sql));
            let query = names.iter().fold(query, |query, name| query.bind(name_key(name)));
            query.fetch_all(connection).await
        })?)
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

/// A user who may not be there, with lists in one text each.
#[derive(sqlx::FromRow)]
struct ExistingRow {
    id: Option<String>,
    name: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    active: Option<bool>,
    idp: Option<String>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    memberships: Option<String>,
    groups: Option<String>,
}

impl ExistingRow {
    fn user(self) -> Option<User> {
        Some(User {
            id: self.id?,
            name: self.name?,
            full_name: self.full_name?,
            email: self.email?,
            active: self.active?,
            idp: self.idp,
            created_at: from_millis(self.created_at?),
            updated_at: from_millis(self.updated_at?),
        })
    }
}

/// Names hold no control characters, so these can stand between them.
const INNER: &str = "\t";
const OUTER: &str = "\n";

fn pairs(text: Option<&str>) -> Vec<(String, String)> {
    let lines = text.unwrap_or_default().split(OUTER);
    let pairs = lines.filter_map(|line| line.split_once(INNER));
    pairs.map(|(first, second)| (first.to_owned(), second.to_owned())).collect()
}

fn known(group: String, source: &str) -> Result<(String, MembershipSource)> {
    match MembershipSource::parse(source) {
        Some(source) => Ok((group, source)),
        None => Err(StoreError::Corrupt(format!("unknown source {source:?}"))),
    }
}
