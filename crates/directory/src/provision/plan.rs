//! What a sign-in changes, as a list with a reason for every line.

use super::claims::{Claims, GroupClaim};
use super::excerpt::excerpt;
use super::refusal::Refusal;
use super::rules::{MissingEmail, Rules};
use crate::{MembershipSource, User, check_group_name, name_key};

/// What is there before the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// The user of that name.
    pub user: Option<User>,
    /// The user's memberships: group ID and source.
    pub memberships: Vec<(String, MembershipSource)>,
    /// Those of the wanted groups that exist: ID, and name in its own spelling.
    pub groups: Vec<(String, String)>,
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
    },
    /// These fields change.
    Update {
        /// The new display name.
        full_name: Option<String>,
        /// The new e-mail address.
        email: Option<String>,
    },
    /// Nothing.
    Leave,
    /// The person is not let in.
    Refuse(Refusal),
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// What happens.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// A whole plan. Applied twice it changes nothing the second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What happens to the user.
    pub user: UserChange,
    /// Memberships to add: group ID and source.
    pub add: Vec<(String, MembershipSource)>,
    /// The plan in words, for the tracker.
    pub lines: Vec<PlanLine>,
}

impl Plan {
    /// Why the person is not let in, if so.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.user {
            UserChange::Refuse(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// The names of the groups that the sign-in could add: what must be looked up before planning.
/// Values that no group can have as its name are not among them.
pub fn wanted_groups(claims: &Claims, rules: &Rules) -> Vec<String> {
    if !rules.create_or_update {
        return Vec::new();
    }
    let names = wanted(claims, rules).map(|(name, _)| name);
    names.filter(|name| check_group_name(name).is_ok()).map(str::to_owned).collect()
}

/// Compares `claims` with what exists.
pub fn plan(claims: &Claims, rules: &Rules, existing: &Existing) -> Plan {
    let mut plan = Plan { user: UserChange::Leave, add: Vec::new(), lines: Vec::new() };
    let provisions = match &existing.user {
        None => plan.create(claims, rules),
        Some(user) => plan.meet(user, claims, rules),
    };
    if provisions {
        plan.add_groups(claims, rules, existing);
    }
    plan
}

impl Plan {
    /// Nobody of that name is there. Says whether groups are planned too.
    fn create(&mut self, claims: &Claims, rules: &Rules) -> bool {
        let user_id = claims.user_id.clone();
        if !rules.create_or_update {
            return self.refuse(Refusal::UserNotFound { user_id });
        }
        let email = match (&claims.email, &rules.missing_email) {
            (Some(email), _) => email.clone(),
            (None, MissingEmail::Placeholder) => format!("{user_id}@invalid"),
            (None, MissingEmail::Refuse) => {
                let location = "the e-mail attribute".to_owned();
                return self.refuse(Refusal::EmailMissing { user_id, location });
            }
        };
        let full_name = claims.full_name.clone().unwrap_or_else(|| user_id.clone());
        self.say(format!("create user {user_id}"), "no user of that name, and creation is on");
        let idp = rules.idp.clone();
        self.user = UserChange::Create { name: user_id, full_name, email, idp };
        true
    }

    /// A user of that name is there. Says whether groups are planned too.
    fn meet(&mut self, user: &User, claims: &Claims, rules: &Rules) -> bool {
        if let Some(owner) = user.idp.as_ref().filter(|owner| **owner != rules.idp) {
            return self.refuse(Refusal::OtherIdp {
                name: user.name.clone(),
                owner: owner.clone(),
                idp: rules.idp.clone(),
            });
        }
        if !user.active {
            return self.refuse(Refusal::Inactive { name: user.name.clone() });
        }
        if !rules.create_or_update {
            self.say(format!("leave user {}", user.name), "creation and update are off");
            return false;
        }
        if user.idp.is_none() && !rules.update_existing {
            let reason = "the user has no tag: only users that a sign-in created are updated";
            self.say(format!("leave user {}", user.name), reason);
            return false;
        }
        let changed = |new: &Option<String>, old: &str| new.clone().filter(|new| new != old);
        let full_name = changed(&claims.full_name, &user.full_name);
        let email = changed(&claims.email, &user.email);
        for (what, value) in [("full name", &full_name), ("e-mail", &email)] {
            if let Some(value) = value {
                self.say(format!("set {what} to {value}"), "the IdP sends another value");
            }
        }
        if full_name.is_some() || email.is_some() {
            self.user = UserChange::Update { full_name, email };
        }
        true
    }

    fn add_groups(&mut self, claims: &Claims, rules: &Rules, existing: &Existing) {
        if claims.groups == GroupClaim::Absent {
            self.say(
                "leave groups of the attribute".to_owned(),
                "the IdP sent none: nothing is known",
            );
        }
        let groups: std::collections::HashMap<String, &(String, String)> =
            existing.groups.iter().map(|group| (name_key(&group.1), group)).collect();
        let held: std::collections::HashSet<(&str, MembershipSource)> =
            existing.memberships.iter().map(|(id, source)| (id.as_str(), *source)).collect();
        let mut added = std::collections::HashSet::new();
        for (name, source) in wanted(claims, rules) {
            let Some((id, spelling)) = groups.get(&name_key(name)) else {
                let reason = match check_group_name(name) {
                    Ok(()) => "there is no such group".to_owned(),
                    Err(error) => format!("no group can have this name: {error}"),
                };
                self.say(format!("ignore group {}", excerpt(name)), &reason);
                continue;
            };
            let membership = (id.as_str(), source);
            if held.contains(&membership) || !added.insert(membership) {
                continue;
            }
            self.say(format!("add to group {spelling}"), reason_of(source));
            self.add.push((id.clone(), source));
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> bool {
        self.say("refuse".to_owned(), &refusal.to_string());
        self.user = UserChange::Refuse(refusal);
        false
    }

    fn say(&mut self, what: String, reason: &str) {
        self.lines.push(PlanLine { what, reason: reason.to_owned() });
    }
}

/// The two sources, each independent of the other.
fn wanted<'a>(
    claims: &'a Claims,
    rules: &'a Rules,
) -> impl Iterator<Item = (&'a str, MembershipSource)> {
    let named: &[String] = match &claims.groups {
        GroupClaim::Absent => &[],
        GroupClaim::Values(names) => names,
    };
    let named = named.iter().map(|name| (name.as_str(), MembershipSource::GroupAttribute));
    let fixed = rules.user_groups.iter().map(|name| (name.as_str(), MembershipSource::UserGroups));
    named.chain(fixed)
}

fn reason_of(source: MembershipSource) -> &'static str {
    match source {
        MembershipSource::GroupAttribute => "the group attribute names it",
        MembershipSource::UserGroups => "it is among the User Groups",
        MembershipSource::Manual => "an administrator added it",
    }
}
