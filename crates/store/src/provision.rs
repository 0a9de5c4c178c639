//! The sign-in's part: what exists before, and the plan applied.

use std::collections::HashMap;
use std::time::SystemTime;

use directory::provision::{
    Binding, Existing, HeldMembership, KnownUser, Lookup, Plan, PlannedGroup, PlannedMembership,
    Provenance, UserChange,
};
use directory::{Group, MembershipSource, User, name_key};
use sqlx::AssertSqlSafe;

use crate::memberships::placeholders;
use crate::moment::{from_millis, to_millis};
use crate::{Event, Result, StoreError, Tx, in_tx};

/// Names in one statement at most; more take another statement.
const NAMES_AT_ONCE: usize = 1000;

impl Tx {
    /// What a plan is compared with: one statement, however large the directory is and however many
    /// groups are named, and another for those that none of the users found is in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn existing(&mut self, lookup: &Lookup) -> Result<Existing> {
        let rows = in_tx!(self, connection => {
            bind!(sqlx::query_as(KNOWN), lookup).fetch_all(connection).await
        })?;
        self.with_groups(rows, lookup).await
    }

    /// The users found, and the groups: those of the users, and others that are looked up.
    pub(crate) async fn with_groups(
        &mut self,
        rows: Vec<KnownRow>,
        lookup: &Lookup,
    ) -> Result<Existing> {
        let mut users = rows.into_iter().map(KnownRow::known).collect::<Result<Vec<_>>>()?;
        // Whoever is bound once never costs this again.
        for known in users.iter_mut().filter(|known| known.bound.is_none()) {
            known.inherited = self.groups_above(&known.user.id).await?;
        }
        let mut found = HashMap::new();
        for held in users.iter().flat_map(|known| &known.memberships) {
            found.insert(name_key(&held.group), held);
        }
        let (mut groups, mut others) = (Vec::new(), Vec::new());
        for name in &lookup.groups {
            match found.get(&name_key(name)) {
                Some(held) => groups.push((held.group_id.clone(), held.group.clone())),
                None => others.push(name),
            }
        }
        for names in others.chunks(NAMES_AT_ONCE) {
            groups.extend(self.groups_named(names).await?);
        }
        Ok(Existing { users, groups })
    }

    /// Applies a plan; a new user and new groups get the IDs that `new_id` makes. What does not
    /// change costs no statement. A plan that deactivates its user is applied too, and ends the
    /// user's sessions.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another sign-in was faster. The transaction is still good, and
    /// a plan that is made anew in it is the cure.
    pub async fn apply(
        &mut self,
        plan: &Plan,
        mut new_id: impl FnMut() -> String,
        now: SystemTime,
    ) -> Result<User> {
        // The plan was made of what this transaction saw, but other transactions go on: whatever
        // could collide with one of theirs (a name, a binding, a membership) is a conditional
        // statement, and says so when it came too late.
        let user = self.apply_user(plan, &mut new_id, now).await?;
        if let (Some(to), Some(found)) = (&plan.bind, &plan.found) {
            self.bind_free(&user.id, to).await?;
            let to = format!("{}, {}", to.idp, to.entity_id.as_deref().unwrap_or_default());
            self.note(Event::UserBound, &format!("user {}", found.name), &to, now).await?;
        }
        let mut created = HashMap::new();
        let mut names: Vec<&String> = plan.create_groups.iter().collect();
        // All sign-ins create groups in one order, so that two of them never wait for each other.
        names.sort_by_cached_key(|name| name_key(name).into_owned());
        for name in names {
            let group = Group {
                id: new_id(),
                name: name.clone(),
                description: String::new(),
                active: true,
                created_at: now,
                updated_at: now,
            };
            self.create_group(&group).await?;
            created.insert(name.as_str(), group.id);
        }
        let rows = |planned: &[PlannedMembership]| -> Result<Vec<Row>> {
            let row = |planned: &PlannedMembership| {
                let group = match &planned.group {
                    PlannedGroup::Existing(id) => Some(id.clone()),
                    PlannedGroup::Created => created.get(planned.name.as_str()).cloned(),
                };
                let unplanned = || StoreError::Corrupt("a group is in no plan".to_owned());
                let group = group.ok_or_else(unplanned)?;
                Ok(Row { group, source: planned.source, detail: detail(&planned.provenance) })
            };
            planned.iter().map(row).collect()
        };
        self.add_memberships(&user.id, &rows(&plan.add)?, now).await?;
        let at = Some(to_millis(now));
        for (planned, change) in [
            (&plan.remove, Change::End),
            (&plan.await_removal, Change::AwaitRemoval(at)),
            (&plan.forget_removal, Change::AwaitRemoval(None)),
            (&plan.lapse, Change::Lapse),
            (&plan.renew, Change::Renew),
        ] {
            self.change_memberships(&user.id, &rows(planned)?, change).await?;
        }
        Ok(user)
    }

    async fn apply_user(
        &mut self,
        plan: &Plan,
        new_id: &mut impl FnMut() -> String,
        now: SystemTime,
    ) -> Result<User> {
        match (&plan.user, &plan.found) {
            (UserChange::Create { name, full_name, email, idp, idp_id }, _) => {
                let user = User {
                    id: new_id(),
                    name: name.clone(),
                    full_name: full_name.clone(),
                    email: email.clone(),
                    active: true,
                    idp: Some(idp.clone()),
                    created_at: now,
                    updated_at: now,
                };
                let entity_id = plan.bind.as_ref().and_then(|to| to.entity_id.as_deref());
                self.create_bound_user(&user, entity_id).await?;
                if idp_id.is_some() {
                    self.set_idp_id(&user.id, idp_id.as_deref()).await?;
                }
                Ok(user)
            }
            (UserChange::Update(update), Some(old)) => {
                let user = update.apply(old, now);
                self.update_user(&user).await?;
                if update.idp_id.is_some() {
                    self.set_idp_id(&user.id, update.idp_id.as_deref()).await?;
                }
                Ok(user)
            }
            (UserChange::Deactivate(_), Some(old)) => {
                let user = User { active: false, updated_at: now, ..old.clone() };
                self.update_user(&user).await?;
                self.end_sessions_of(&user.id).await?;
                Ok(user)
            }
            (UserChange::Leave, Some(old)) => Ok(old.clone()),
            (UserChange::Update(_) | UserChange::Deactivate(_) | UserChange::Leave, None)
            | (UserChange::Refuse(_), _) => {
                Err(StoreError::Corrupt("the plan has no user".to_owned()))
            }
        }
    }

    /// The groups above those that the user is in.
    async fn groups_above(&mut self, user_id: &str) -> Result<Vec<String>> {
        let sql = "WITH RECURSIVE above (id) AS (SELECT c.parent_id FROM child_groups c JOIN \
                   memberships m ON m.group_id = c.child_id WHERE m.user_id = $1 UNION SELECT \
                   c.parent_id FROM child_groups c JOIN above a ON c.child_id = a.id) SELECT g.name \
                   FROM directory_groups g JOIN above a ON a.id = g.id";
        Ok(in_tx!(self, connection => {
            sqlx::query_scalar(sql).bind(user_id).fetch_all(connection).await
        })?)
    }

    async fn groups_named(&mut self, names: &[&String]) -> Result<Vec<(String, String)>> {
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

    async fn add_memberships(&mut self, user: &str, rows: &[Row], now: SystemTime) -> Result<()> {
        for some in rows.chunks(NAMES_AT_ONCE) {
            let values: Vec<String> = (0..some.len())
                .map(|n| format!("($1, ${}, ${}, ${}, $2)", 3 * n + 3, 3 * n + 4, 3 * n + 5))
                .collect();
            let sql = format!(
                "INSERT INTO memberships (user_id, group_id, source, detail, created_at) VALUES {} \
                 ON CONFLICT DO NOTHING",
                values.join(", ")
            );
            in_tx!(self, connection => {
                let query = sqlx::query(AssertSqlSafe(sql)).bind(user).bind(to_millis(now));
                let bound = some.iter().fold(query, |query, row| {
                    query.bind(&row.group).bind(row.source.as_str()).bind(&row.detail)
                });
                bound.execute(connection).await?;
            });
        }
        Ok(())
    }

    async fn change_memberships(&mut self, user: &str, rows: &[Row], to: Change) -> Result<()> {
        for some in rows.chunks(NAMES_AT_ONCE) {
            let (start, first) = match to {
                Change::End => ("DELETE FROM memberships", 2),
                Change::AwaitRemoval(_) => ("UPDATE memberships SET held_at = $2", 3),
                Change::Lapse => (
                    "UPDATE memberships SET confirmed_at = COALESCE((SELECT signed_in_at FROM users \
                     WHERE id = $1), created_at)",
                    2,
                ),
                Change::Renew => ("UPDATE memberships SET confirmed_at = NULL", 2),
            };
            let these: Vec<String> = (0..some.len())
                .map(|n| {
                    format!("(group_id = ${} AND source = ${})", first + 2 * n, first + 2 * n + 1)
                })
                .collect();
            let sql = format!("{start} WHERE user_id = $1 AND ({})", these.join(" OR "));
            in_tx!(self, connection => {
                let query = sqlx::query(AssertSqlSafe(sql)).bind(user);
                let query = match to {
                    Change::AwaitRemoval(at) => query.bind(at),
                    Change::End | Change::Lapse | Change::Renew => query,
                };
                let bound = some.iter().fold(query, |query, row| {
                    query.bind(&row.group).bind(row.source.as_str())
                });
                bound.execute(connection).await?;
            });
        }
        Ok(())
    }
}

/// One membership of a user.
struct Row {
    group: String,
    source: MembershipSource,
    detail: String,
}

/// What happens to memberships that are there.
#[derive(Clone, Copy)]
enum Change {
    End,
    /// They wait for approval since then, or no longer.
    AwaitRemoval(Option<i64>),
    /// Their source no longer gives them: the user's sign-in before this one confirmed them last.
    Lapse,
    /// Their source gives them again.
    Renew,
}

/// The part of the provenance that the source does not say.
fn detail(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Claim { attribute, value } => format!("{attribute} = {value}"),
        Provenance::UserGroups | Provenance::CustomerGroups | Provenance::NotNamed => String::new(),
    }
}

/// At most three users, each by an index: two of an address are enough to refuse. Every row crosses
/// a thread on `SQLite`, so the memberships of one are one text: read as rows, the unchanged sign-in
/// of `benches/provision.rs`, with 2,000 groups, takes 1.7 times as long.
pub(crate) const KNOWN: &str = "SELECT u.id, u.name, u.full_name, u.email, u.active, u.idp, u.idp_id, \
    u.bound_idp, u.bound_entity_id, u.password_hash IS NOT NULL AS has_password, u.created_at, \
    u.updated_at, (SELECT string_agg(m.group_id || $5 || m.source || $5 || (CASE WHEN m.held_at IS \
    NULL THEN '' ELSE 'h' END) || (CASE WHEN m.confirmed_at IS NULL THEN '' ELSE 'l' END) || $5 || \
    h.name, $6) FROM memberships m JOIN directory_groups h ON h.id = m.group_id WHERE \
    m.user_id = u.id) AS memberships FROM (SELECT id FROM users WHERE name_key = $1 UNION SELECT id \
    FROM users WHERE idp = $3 AND idp_id = $4 UNION SELECT id FROM (SELECT id FROM users WHERE \
    email_key = $2 LIMIT 2) e) f JOIN users u ON u.id = f.id";

/// The parameters of [`KNOWN`].
macro_rules! bind {
    ($query:expr, $lookup:expr) => {{
        let (idp, idp_id) = $lookup.idp_id.as_ref().map(|(idp, id)| (idp, id)).unzip();
        $query
            .bind(directory::name_key(&$lookup.user_name))
            .bind($lookup.email.as_deref().map(directory::name_key))
            .bind(idp)
            .bind(idp_id)
            .bind($crate::provision::INNER)
            .bind($crate::provision::OUTER)
    }};
}
pub(crate) use bind;

/// A user with the memberships in one text.
#[derive(sqlx::FromRow)]
pub(crate) struct KnownRow {
    id: String,
    name: String,
    full_name: String,
    email: String,
    active: bool,
    idp: Option<String>,
    idp_id: Option<String>,
    bound_idp: Option<String>,
    bound_entity_id: Option<String>,
    has_password: bool,
    created_at: i64,
    updated_at: i64,
    memberships: Option<String>,
}

impl KnownRow {
    fn known(self) -> Result<KnownUser> {
        let lines = self.memberships.as_deref().unwrap_or_default().split(OUTER);
        let memberships = lines.filter(|line| !line.is_empty()).map(held).collect::<Result<_>>()?;
        let bound = self.bound_idp.or_else(|| self.idp.clone());
        let bound = bound.map(|idp| Binding { idp, entity_id: self.bound_entity_id });
        let user = User {
            id: self.id,
            name: self.name,
            full_name: self.full_name,
            email: self.email,
            active: self.active,
            idp: self.idp,
            created_at: from_millis(self.created_at),
            updated_at: from_millis(self.updated_at),
        };
        Ok(KnownUser {
            user,
            idp_id: self.idp_id,
            bound,
            has_password: self.has_password,
            inherited: Vec::new(),
            memberships,
        })
    }
}

/// Names hold no control characters, so these can stand between them.
pub(crate) const INNER: &str = "\t";
pub(crate) const OUTER: &str = "\n";

/// Group, source, marks and name: `h` when the end waits for approval, `l` when it has lapsed.
fn held(line: &str) -> Result<HeldMembership> {
    let mut parts = line.splitn(4, INNER);
    let mut part = || parts.next().unwrap_or_default();
    let (group_id, source, marks, group) = (part().to_owned(), part(), part(), part().to_owned());
    match MembershipSource::parse(source) {
        Some(source) => Ok(HeldMembership {
            group_id,
            group,
            source,
            awaits_removal: marks.contains('h'),
            lapsed: marks.contains('l'),
        }),
        None => Err(StoreError::Corrupt(format!("unknown source {source:?}"))),
    }
}
