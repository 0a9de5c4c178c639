//! What a sign-in changes, as a list with a reason for every line.

mod access;
mod bound;
mod line;
mod memberships;
mod person;
mod split;

pub use line::{Mark, PlanLine};
pub use memberships::{PlannedGroup, PlannedMembership, Provenance};

use std::time::SystemTime;

use super::claims::Claims;
use super::existing::{Binding, Existing};
use super::refusal::Refusal;
use super::rules::{Origin, Rules};
use crate::User;

/// A whole plan. Applied twice it changes nothing the second time, if what is applied is found
/// again, approvals that are waited for among it.
///
/// Everything in it is to be applied, also when the person is refused: that is empty then, but for
/// [`UserChange::Deactivate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The user as found, whom everything below is about. None: there is no such user, or it cannot
    /// be said which.
    pub found: Option<User>,
    /// What happens to the user.
    pub user: UserChange,
    /// The user is bound to the IdP from now on. Conditional: another IdP may be faster.
    pub bind: Option<Binding>,
    /// The names of the groups to create, each once.
    pub create_groups: Vec<String>,
    /// Memberships to add.
    pub add: Vec<PlannedMembership>,
    /// Memberships to end.
    pub remove: Vec<PlannedMembership>,
    /// Memberships that stay until an administrator approves their end.
    pub await_removal: Vec<PlannedMembership>,
    /// Memberships whose end waits for approval and is no longer wanted.
    pub forget_removal: Vec<PlannedMembership>,
    /// Memberships that stay, although their source no longer gives them.
    pub lapse: Vec<PlannedMembership>,
    /// Memberships that had lapsed and are given again.
    pub renew: Vec<PlannedMembership>,
    /// Values of the group attribute look as if the IdP had joined several groups with this, and no
    /// separator is set.
    pub joined_with: Option<&'static str>,
    /// The plan in words.
    pub lines: Vec<PlanLine>,
}

/// What happens to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// A new user, tagged with the IdP.
    Create {
        /// The user name in the IdP's spelling.
        name: String,
        /// The display name.
        full_name: String,
        /// The e-mail address.
        email: String,
        /// The tag.
        idp: String,
        /// The id that the IdP never changes, when users are found by it.
        idp_id: Option<String>,
    },
    /// These fields change.
    Update(UserUpdate),
    /// Nothing.
    Leave,
    /// The person is not let in.
    Refuse(Refusal),
    /// The person is not let in, and the user becomes inactive.
    Deactivate(Refusal),
}

/// The fields of a user that change; what is None stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserUpdate {
    /// A rename: the new user name. The user's ID stays.
    pub name: Option<String>,
    /// The new display name.
    pub full_name: Option<String>,
    /// The new e-mail address; may be empty.
    pub email: Option<String>,
    /// The user becomes active.
    pub reactivate: bool,
    /// The tag: the user is adopted.
    pub idp: Option<String>,
    /// The id that the IdP never changes, to be stored.
    pub idp_id: Option<String>,
}

impl UserUpdate {
    /// The user after the update. The IdP id is not part of a [`User`] and stored beside it.
    pub fn apply(&self, user: &User, now: SystemTime) -> User {
        let new = |field: &Option<String>, old: &String| field.as_ref().unwrap_or(old).clone();
        User {
            id: user.id.clone(),
            name: new(&self.name, &user.name),
            full_name: new(&self.full_name, &user.full_name),
            email: new(&self.email, &user.email),
            active: user.active || self.reactivate,
            idp: self.idp.clone().or_else(|| user.idp.clone()),
            created_at: user.created_at,
            updated_at: now,
        }
    }
}

impl Plan {
    /// Why the person is not let in, if so.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.user {
            UserChange::Refuse(refusal) | UserChange::Deactivate(refusal) => Some(refusal),
            UserChange::Create { .. } | UserChange::Update(_) | UserChange::Leave => None,
        }
    }

    /// Whether applying it would change anything.
    pub fn changes_nothing(&self) -> bool {
        matches!(self.user, UserChange::Leave | UserChange::Refuse(_))
            && self.bind.is_none()
            && self.create_groups.is_empty()
            && [&self.add, &self.remove, &self.await_removal, &self.forget_removal]
                .iter()
                .all(|m| m.is_empty())
            && [&self.lapse, &self.renew].iter().all(|m| m.is_empty())
    }
}

/// Compares what the IdP says with what exists; `existing` is what
/// [`Lookup::of`](super::Lookup::of) asks for.
pub fn plan(claims: &Claims, origin: Origin, rules: &Rules, existing: &Existing) -> Plan {
    let mut plan = Plan {
        found: None,
        user: UserChange::Leave,
        bind: None,
        create_groups: Vec::new(),
        add: Vec::new(),
        remove: Vec::new(),
        await_removal: Vec::new(),
        forget_removal: Vec::new(),
        lapse: Vec::new(),
        renew: Vec::new(),
        joined_with: None,
        lines: Vec::new(),
    };
    match person::find(claims, rules, existing) {
        Err(refusal) => plan.refuse(refusal),
        Ok(found) => {
            plan.found = found.map(|known| known.user.clone());
            let provisioned = match found {
                None => plan.create(claims, rules, existing),
                Some(known) => plan.meet(known, claims, rules, existing),
            };
            if provisioned {
                plan.change_memberships(claims, origin, rules, existing, found);
            }
        }
    }
    plan
}

impl Plan {
    fn refuse(&mut self, refusal: Refusal) {
        self.say(Mark::Refused, "refuse".to_owned(), &refusal.to_string());
        self.user = UserChange::Refuse(refusal);
    }

    fn say(&mut self, mark: Mark, what: String, reason: &str) {
        self.lines.push(PlanLine { mark, what, reason: reason.to_owned() });
    }
}
