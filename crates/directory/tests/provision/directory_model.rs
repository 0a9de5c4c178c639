//! A directory in memory that plans are applied to, as the store applies them.

use std::collections::BTreeSet;
use std::time::SystemTime;

use directory::provision::{
    Claims, Existing, GroupClaim, Plan, Rules, UserChange, plan, wanted_groups,
};
use directory::{MembershipSource, User, name_key};

/// A user with the memberships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) user: User,
    pub(crate) memberships: Vec<(String, MembershipSource)>,
}

/// The whole directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) users: Vec<Member>,
    /// ID and name.
    pub(crate) groups: Vec<(String, String)>,
}

/// The IdP of the tests, with every setting at its default.
pub(crate) fn company() -> Rules {
    Rules { idp: "company".to_owned(), ..Rules::default() }
}

/// The names that the claim holds, when it is known.
pub(crate) fn group_names(claim: &GroupClaim) -> Option<Vec<String>> {
    match claim {
        GroupClaim::Values(names) => Some(names.clone()),
        GroupClaim::Absent => None,
    }
}

impl Model {
    pub(crate) fn with_groups(names: &[&str]) -> Self {
        let groups = names.iter().enumerate();
        let groups = groups.map(|(id, name)| (format!("g{id}"), (*name).to_owned())).collect();
        Model { users: Vec::new(), groups }
    }

    pub(crate) fn add_user(&mut self, name: &str, idp: Option<&str>) {
        let user = User {
            id: format!("u{}", self.users.len()),
            name: name.to_owned(),
            full_name: format!("{name} in full"),
            email: format!("{name}@example.org"),
            active: true,
            idp: idp.map(str::to_owned),
            created_at: SystemTime::UNIX_EPOCH,
            updated_at: SystemTime::UNIX_EPOCH,
        };
        self.users.push(Member { user, memberships: Vec::new() });
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().map(|member| &member.user).find(|user| user.name == name)
    }

    pub(crate) fn groups_of(&self, name: &str) -> BTreeSet<String> {
        let member = self.users.iter().find(|member| member.user.name == name).unwrap();
        let name = |id: &String| self.groups.iter().find(|(known, _)| known == id).unwrap();
        member.memberships.iter().map(|(id, _)| name(id).1.clone()).collect()
    }

    /// Plans a sign-in and applies the plan.
    pub(crate) fn sign_in(&mut self, claims: &Claims, rules: &Rules) -> Plan {
        let plan = plan(claims, rules, &self.existing(claims, rules));
        self.apply(&plan, claims);
        plan
    }

    fn existing(&self, claims: &Claims, rules: &Rules) -> Existing {
        let key = name_key(&claims.user_id);
        let member = self.users.iter().find(|member| name_key(&member.user.name) == key);
        let wanted: BTreeSet<String> =
            wanted_groups(claims, rules).iter().map(|name| name_key(name)).collect();
        Existing {
            user: member.map(|member| member.user.clone()),
            memberships: member.map(|member| member.memberships.clone()).unwrap_or_default(),
            groups: self
                .groups
                .iter()
                .filter(|(_, name)| wanted.contains(&name_key(name)))
                .cloned()
                .collect(),
        }
    }

    fn apply(&mut self, plan: &Plan, claims: &Claims) {
        if let UserChange::Create { name, full_name, email, idp } = &plan.user {
            self.add_user(name, Some(idp));
            let user = &mut self.users.last_mut().unwrap().user;
            user.full_name = full_name.clone();
            user.email = email.clone();
        }
        if plan.refusal().is_some() {
            assert!(plan.add.is_empty(), "a refused person gets nothing");
            return;
        }
        let key = name_key(&claims.user_id);
        let member = self.users.iter_mut().find(|member| name_key(&member.user.name) == key);
        let member = member.unwrap();
        if let UserChange::Update { full_name, email } = &plan.user {
            member.user.full_name = full_name.clone().unwrap_or(member.user.full_name.clone());
            member.user.email = email.clone().unwrap_or(member.user.email.clone());
        }
        for added in &plan.add {
            assert!(!member.memberships.contains(added), "added twice: {added:?}");
            member.memberships.push(added.clone());
        }
    }
}
