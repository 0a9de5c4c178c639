//! Memberships through groups in groups, to any depth. Cycles end the recursion, they do not feed
//! it: a set that stops growing ends (`UNION`).

use directory::{Group, User};

use crate::groups::group_columns;
use crate::users::user_columns;
use crate::{Page, Result, Store};

impl Store {
    /// The groups that a user is in, directly or through other groups, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn nested_groups_of_user(&self, user_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "WITH RECURSIVE above (id) AS (SELECT group_id FROM memberships WHERE user_id = $1 \
             UNION SELECT c.parent_id FROM child_groups c JOIN above a ON c.child_id = a.id) \
             SELECT ",
            group_columns!(),
            " FROM directory_groups g JOIN above a ON a.id = g.id ORDER BY g.name_key LIMIT $2 \
             OFFSET $3"
        );
        self.groups_by(sql, user_id, page).await
    }

    /// The users in a group, directly or through other groups, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn nested_users_of_group(&self, group_id: &str, page: Page) -> Result<Vec<User>> {
        let sql = concat!(
            "WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT c.child_id FROM child_groups c \
             JOIN below b ON c.parent_id = b.id) SELECT ",
            user_columns!(),
            " FROM users u WHERE u.id IN (SELECT m.user_id FROM memberships m JOIN below b ON \
             m.group_id = b.id) ORDER BY u.name_key LIMIT $2 OFFSET $3"
        );
        self.users_by(sql, group_id, page).await
    }

    /// All groups below a group, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn nested_child_groups(&self, group_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "WITH RECURSIVE below (id) AS (SELECT child_id FROM child_groups WHERE parent_id = $1 \
             UNION SELECT c.child_id FROM child_groups c JOIN below b ON c.parent_id = b.id) \
             SELECT ",
            group_columns!(),
            " FROM directory_groups g JOIN below b ON b.id = g.id ORDER BY g.name_key LIMIT $2 \
             OFFSET $3"
        );
        self.groups_by(sql, group_id, page).await
    }

    /// All groups above a group, by name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn nested_parent_groups(&self, group_id: &str, page: Page) -> Result<Vec<Group>> {
        let sql = concat!(
            "WITH RECURSIVE above (id) AS (SELECT parent_id FROM child_groups WHERE child_id = $1 \
             UNION SELECT c.parent_id FROM child_groups c JOIN above a ON c.child_id = a.id) \
             SELECT ",
            group_columns!(),
            " FROM directory_groups g JOIN above a ON a.id = g.id ORDER BY g.name_key LIMIT $2 \
             OFFSET $3"
        );
        self.groups_by(sql, group_id, page).await
    }
}
