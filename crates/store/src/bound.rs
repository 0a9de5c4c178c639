//! To which IdP users belong. A tag without a binding, as an older node writes it, counts as one.

use directory::provision::Binding;

use crate::{Result, Store, StoreError, Tx, in_tx, reading};

impl Store {
    /// The IdP that alone may sign the user in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn binding_of(&self, user_id: &str) -> Result<Option<Binding>> {
        let sql = "SELECT COALESCE(bound_idp, idp), bound_entity_id FROM users WHERE id = $1";
        let row: Option<(Option<String>, Option<String>)> = reading!(self, pool => {
            sqlx::query_as(sql).bind(user_id).fetch_optional(pool).await
        })?;
        Ok(row.and_then(|(idp, entity_id)| Some(Binding { idp: idp?, entity_id })))
    }

    /// How many users no IdP may sign in yet, and the first names of them.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn unbound_users(&self, names: u32) -> Result<(u64, Vec<String>)> {
        let count = "SELECT COUNT(*) FROM users WHERE bound_idp IS NULL AND idp IS NULL";
        let first = "SELECT name FROM users WHERE bound_idp IS NULL AND idp IS NULL ORDER BY name_key \
                     LIMIT $1";
        let count: i64 = reading!(self, pool => sqlx::query_scalar(count).fetch_one(pool).await)?;
        let first = reading!(self, pool => {
            sqlx::query_scalar(first).bind(i64::from(names)).fetch_all(pool).await
        })?;
        Ok((u64::try_from(count).unwrap_or(0), first))
    }

    /// Whether of some user of an IdP no entity is remembered.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn lacks_entity(&self, idp: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM users WHERE bound_idp = $1 AND bound_entity_id IS NULL LIMIT 1";
        let found: Option<i32> = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(idp).fetch_optional(pool).await
        })?;
        Ok(found.is_some())
    }

    /// How many users of an IdP belong to another entity than the one it is now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn users_of_other_entity(&self, idp: &str, entity_id: &str) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM users WHERE bound_idp = $1 AND bound_entity_id <> $2";
        let count: i64 = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(idp).bind(entity_id).fetch_one(pool).await
        })?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

impl Tx {
    /// An administrator says whose the user is; `None`: nobody's yet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn bind_user(&mut self, user_id: &str, to: Option<&Binding>) -> Result<()> {
        let sql = "UPDATE users SET bound_idp = $2, bound_entity_id = $3 WHERE id = $1";
        let (idp, entity_id) = to.map(|to| (to.idp.as_str(), to.entity_id.as_deref())).unzip();
        in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(idp).bind(entity_id.flatten());
            query.execute(connection).await?;
        });
        Ok(())
    }

    /// A sign-in binds a user who is free, or remembers the entity of the one IdP.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another IdP was faster.
    pub(crate) async fn bind_free(&mut self, user_id: &str, to: &Binding) -> Result<()> {
        let sql = "UPDATE users SET bound_idp = $2, bound_entity_id = $3 WHERE id = $1 AND \
                   bound_entity_id IS NULL AND COALESCE(bound_idp, idp, $2) = $2";
        let bound = in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(user_id).bind(&to.idp).bind(&to.entity_id);
            query.execute(connection).await?.rows_affected()
        });
        match bound {
            0 => Err(StoreError::Conflict("the user was bound meanwhile".to_owned())),
            _ => Ok(()),
        }
    }

    /// The users of an IdP belong to the entity that it is now; says how many did not.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn keep_users(&mut self, idp: &str, entity_id: &str) -> Result<u64> {
        let sql = "UPDATE users SET bound_entity_id = $2 WHERE bound_idp = $1 AND (bound_entity_id \
                   IS NULL OR bound_entity_id <> $2)";
        self.entity(sql, idp, entity_id).await
    }

    /// Remembers the entity of those users of an IdP of whom none is remembered.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remember_entity(&mut self, idp: &str, entity_id: &str) -> Result<u64> {
        let sql = "UPDATE users SET bound_idp = $1, bound_entity_id = $2 WHERE bound_entity_id IS NULL \
                   AND (bound_idp = $1 OR (bound_idp IS NULL AND idp = $1))";
        self.entity(sql, idp, entity_id).await
    }

    async fn entity(&mut self, sql: &'static str, idp: &str, entity_id: &str) -> Result<u64> {
        Ok(in_tx!(self, connection => {
            sqlx::query(sql).bind(idp).bind(entity_id).execute(connection).await?.rows_affected()
        }))
    }
}
