//! Users: lookups by key, lists by pages.

use std::time::SystemTime;

use directory::{User, name_key};

use crate::moment::{from_millis, to_millis};
use crate::{Page, Result, Store, StoreError, Tx, in_tx, reading};

/// A row of `users`.
#[derive(sqlx::FromRow)]
pub(crate) struct UserRow {
    id: String,
    name: String,
    full_name: String,
    email: String,
    active: bool,
    idp: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        User {
            id: row.id,
            name: row.name,
            full_name: row.full_name,
            email: row.email,
            active: row.active,
            idp: row.idp,
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
        }
    }
}

/// The columns that [`UserRow`] reads, of the table named `u`.
macro_rules! user_columns {
    () => {
        "u.id, u.name, u.full_name, u.email, u.active, u.idp, u.created_at, u.updated_at"
    };
}
pub(crate) use user_columns;

impl Store {
    /// The user of this name, compared without case.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn user(&self, name: &str) -> Result<Option<User>> {
        let sql = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.name_key = $1");
        self.one_user(sql, &name_key(name)).await
    }

    /// The user of this ID.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn user_by_id(&self, id: &str) -> Result<Option<User>> {
        let sql = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.id = $1");
        self.one_user(sql, id).await
    }

    /// Users by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn users(&self, page: Page) -> Result<Vec<User>> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u ORDER BY u.name_key LIMIT $1 OFFSET $2"
        );
        let rows: Vec<UserRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(page.limit()).bind(page.offset()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// Users whose name begins with `start`, without case, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn users_from(&self, start: &str, limit: u32) -> Result<Vec<User>> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.name_key >= $1 ORDER BY u.name_key LIMIT $2"
        );
        let (start, limit) = (name_key(start), i64::from(limit));
        let rows: Vec<UserRow> = reading!(self, pool => {
            sqlx::query_as(sql).bind(&start).bind(limit).fetch_all(pool).await
        })?;
        let begins = |user: &User| name_key(&user.name).starts_with(&*start);
        Ok(rows.into_iter().map(User::from).filter(begins).collect())
    }

    /// Users with this e-mail address, compared without case, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn users_by_email(&self, email: &str, page: Page) -> Result<Vec<User>> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.email_key = $1 ORDER BY u.name_key LIMIT $2 OFFSET $3"
        );
        let rows: Vec<UserRow> = reading!(self, pool => {
            sqlx::query_as(sql)
                .bind(name_key(email))
                .bind(page.limit())
                .bind(page.offset())
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// The user's own password as a PHC string; `None`: the name is managed.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn password_hash(&self, user_id: &str) -> Result<Option<String>> {
        let sql = "SELECT password_hash FROM users WHERE id = $1";
        let found: Option<Option<String>> = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(user_id).fetch_optional(pool).await
        })?;
        Ok(found.flatten())
    }

    /// A managed name among these: of a user without a password of its own. Blanks and control
    /// characters at the ends do not count, as Java trims. One statement for each eight names.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn managed_among(&self, names: &[String]) -> Result<Option<String>> {
        let blank = |c: char| c <= ' ' || c.is_whitespace();
        let trimmed = names.iter().map(|name| name.trim_matches(blank));
        // No user has such a name, and PostgreSQL takes no text with a zero in it.
        let possible = trimmed.filter(|name| !name.is_empty() && !name.contains('\0'));
        let keys: Vec<_> = possible.map(name_key).collect();
        for keys in keys.chunks(8) {
            let sql = "SELECT name FROM users WHERE password_hash IS NULL AND name_key IN ($1, $2, \
                       $3, $4, $5, $6, $7, $8) LIMIT 1";
            let found: Option<String> = reading!(self, pool => {
                let mut query = sqlx::query_scalar(sql);
                for at in 0..8 {
                    // Places that are left over ask for the first once more.
                    query = query.bind(&**keys.get(at).unwrap_or(&keys[0]));
                }
                query.fetch_optional(pool).await
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn one_user(&self, sql: &'static str, key: &str) -> Result<Option<User>> {
        let row: Option<UserRow> =
            reading!(self, pool => sqlx::query_as(sql).bind(key).fetch_optional(pool).await)?;
        Ok(row.map(User::from))
    }
}

impl Tx {
    /// The user of this name, compared without case.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn user(&mut self, name: &str) -> Result<Option<User>> {
        let sql = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.name_key = $1");
        let row: Option<UserRow> = in_tx!(self, connection => {
            sqlx::query_as(sql).bind(name_key(name)).fetch_optional(connection).await
        })?;
        Ok(row.map(User::from))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken, in whatever case; the transaction is still
    /// good then, and sees who has it.
    pub async fn create_user(&mut self, user: &User) -> Result<()> {
        self.create_bound_user(user, None).await
    }

    /// The same for the user of an IdP that is this entity; a tag binds in each case.
    ///
    /// # Errors
    /// As [`Tx::create_user`].
    pub async fn create_bound_user(&mut self, user: &User, entity_id: Option<&str>) -> Result<()> {
        let sql = "INSERT INTO users (id, name, name_key, full_name, email, email_key, active, idp, \
                   bound_idp, created_at, updated_at, bound_entity_id) VALUES ($1, $2, $3, $4, $5, \
                   $6, $7, $8, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
        let created = in_tx!(self, connection => {
            sqlx::query(sql)
                .bind(&user.id)
                .bind(&user.name)
                .bind(name_key(&user.name))
                .bind(&user.full_name)
                .bind(&user.email)
                .bind(name_key(&user.email))
                .bind(user.active)
                .bind(&user.idp)
                .bind(to_millis(user.created_at))
                .bind(to_millis(user.updated_at))
                .bind(entity_id)
                .execute(connection)
                .await?
                .rows_affected()
        });
        if created == 0 { Err(taken("user", &user.name)) } else { Ok(()) }
    }

    /// Writes name, full name, e-mail, activity and tag of a user that is there. A tag binds who is
    /// bound to no IdP.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the new name is taken or the user is gone.
    pub async fn update_user(&mut self, user: &User) -> Result<()> {
        let sql = "UPDATE users SET name = $2, name_key = $3, full_name = $4, email = $5, \
                   email_key = $6, active = $7, idp = $8, bound_idp = COALESCE(bound_idp, $8), \
                   updated_at = $9 WHERE id = $1";
        let changed = in_tx!(self, connection => {
            sqlx::query(sql)
                .bind(&user.id)
                .bind(&user.name)
                .bind(name_key(&user.name))
                .bind(&user.full_name)
                .bind(&user.email)
                .bind(name_key(&user.email))
                .bind(user.active)
                .bind(&user.idp)
                .bind(to_millis(user.updated_at))
                .execute(connection)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| match StoreError::from(error) {
            StoreError::Conflict(_) => taken("user", &user.name),
            other => other,
        })?;
        if changed == 0 {
            return Err(StoreError::Conflict(format!("the user {} is gone", user.name)));
        }
        Ok(())
    }

    /// Sets or takes away the id that the user's IdP never changes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another user of the IdP has it.
    pub async fn set_idp_id(&mut self, user_id: &str, idp_id: Option<&str>) -> Result<()> {
        let sql = "UPDATE users SET idp_id = $2 WHERE id = $1";
        in_tx!(self, connection => {
            sqlx::query(sql).bind(user_id).bind(idp_id).execute(connection).await?;
        });
        Ok(())
    }

    /// Ends all sessions of a user, at all apps.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_sessions_of(&mut self, user_id: &str) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE user_id = $1";
        in_tx!(self, connection => {
            sqlx::query(sql).bind(user_id).execute(connection).await?;
        });
        Ok(())
    }

    /// Sets or takes away the user's own password, as a PHC string.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn set_password_hash(
        &mut self,
        user_id: &str,
        hash: Option<&str>,
        now: SystemTime,
    ) -> Result<()> {
        let sql = "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1";
        let now = to_millis(now);
        in_tx!(self, connection => {
            sqlx::query(sql).bind(user_id).bind(hash).bind(now).execute(connection).await?;
        });
        Ok(())
    }
}

/// A broken uniqueness, in words.
pub(crate) fn taken(what: &str, name: &str) -> StoreError {
    StoreError::Conflict(format!("there is already a {what} named {name}"))
}
