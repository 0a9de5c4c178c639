//! A directory in memory that plans are applied to, as the store applies them.

use std::collections::BTreeSet;
use std::time::SystemTime;

use directory::provision::{
    Binding, Claims, Existing, GroupClaim, HeldMembership, KnownUser, Lookup, Origin, Plan,
    PlannedGroup, PlannedMembership, Rules, Unbound, UserChange, plan,
};
use directory::{MembershipSource, User, name_key};

/// The whole directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) users: Vec<KnownUser>,
    /// ID and name.
    pub(crate) groups: Vec<(String, String)>,
}

/// The IdP of the tests, with every setting at its default.
pub(crate) fn company() -> Rules {
    Rules {
        idp: "company".to_owned(),
        entity_id: "https://idp.example.org/".to_owned(),
        unbound: Unbound::Anybody,
        ..Rules::default()
    }
}

/// The names that the claim holds, when it is known.
pub(crate) fn group_names(claim: &GroupClaim) -> Option<Vec<String>> {
    let names = claim.groups().iter().map(|group| group.name.clone()).collect();
    Some(names).filter(|_| claim.is_complete())
}

impl Model {
    pub(crate) fn with_groups(names: &[&str]) -> Self {
        let mut model = Model::default();
        names.iter().for_each(|name| model.add_group(name));
        model
    }

    fn add_group(&mut self, name: &str) {
        let taken = self.groups.iter().any(|(_, known)| name_key(known) == name_key(name));
        assert!(!taken, "the group {name} is there");
        self.groups.push((format!("g{}", self.groups.len()), name.to_owned()));
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
        let entity_id = Some("https://idp.example.org/".to_owned());
        self.users.push(KnownUser {
            bound: idp.map(|idp| Binding { idp: idp.to_owned(), entity_id }),
            user,
            idp_id: None,
            has_password: false,
            inherited: Vec::new(),
            memberships: Vec::new(),
        });
    }

    pub(crate) fn join(&mut self, user: &str, group: &str, source: MembershipSource) {
        let (group_id, group) = self.groups.iter().find(|(_, name)| name == group).unwrap();
        let membership = HeldMembership {
            group_id: group_id.clone(),
            group: group.clone(),
            source,
            awaits_removal: false,
            lapsed: false,
        };
        let user = self.users.iter_mut().find(|known| known.user.name == user).unwrap();
        if user.memberships.iter().all(|held| (&held.group, held.source) != (group, source)) {
            user.memberships.push(membership);
        }
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().map(|known| &known.user).find(|user| user.name == name)
    }

    pub(crate) fn groups_of(&self, name: &str) -> BTreeSet<String> {
        let known = self.users.iter().find(|known| known.user.name == name).unwrap();
        known.memberships.iter().map(|held| held.group.clone()).collect()
    }

    /// Plans a sign-in in the app and applies the plan.
    pub(crate) fn sign_in(&mut self, claims: &Claims, rules: &Rules) -> Plan {
        self.sign_in_from(Origin::App, claims, rules)
    }

    /// Plans a sign-in and applies the plan.
    pub(crate) fn sign_in_from(&mut self, origin: Origin, claims: &Claims, rules: &Rules) -> Plan {
        let existing = self.existing(&Lookup::of(claims, origin, rules));
        let plan = plan(claims, origin, rules, &existing);
        self.apply(&plan);
        plan
    }

    /// Exactly what was asked for.
    fn existing(&self, lookup: &Lookup) -> Existing {
        let named = |known: &&KnownUser| {
            let user = &known.user;
            let id = |(idp, id): &(String, String)| {
                user.idp.as_ref() == Some(idp) && known.idp_id.as_ref() == Some(id)
            };
            name_key(&user.name) == name_key(&lookup.user_name)
                || lookup.email.as_ref().is_some_and(|e| name_key(e) == name_key(&user.email))
                || lookup.idp_id.as_ref().is_some_and(id)
        };
        let keys: BTreeSet<std::borrow::Cow<str>> =
            lookup.groups.iter().map(|name| name_key(name)).collect();
        let groups = self.groups.iter().filter(|(_, name)| keys.contains(&name_key(name)));
        Existing {
            users: self.users.iter().filter(named).cloned().collect(),
            groups: groups.cloned().collect(),
        }
    }

    fn apply(&mut self, plan: &Plan) {
        let found = plan.found.as_ref();
        let index = found.map(|user| self.users.iter().position(|k| k.user.id == user.id).unwrap());
        let user = match (&plan.user, index) {
            (UserChange::Refuse(_), _) => {
                assert!(plan.changes_nothing(), "a refused person gets nothing: {plan}");
                return;
            }
            (UserChange::Create { name, full_name, email, idp, idp_id }, None) => {
                assert!(self.users.iter().all(|k| name_key(&k.user.name) != name_key(name)));
                self.add_user(name, Some(idp));
                let known = self.users.last_mut().unwrap();
                known.user.full_name = full_name.clone();
                known.user.email = email.clone();
                known.idp_id = idp_id.clone();
                self.users.len() - 1
            }
            (UserChange::Update(update), Some(index)) => {
                let known = &mut self.users[index];
                known.user = update.apply(&known.user, SystemTime::UNIX_EPOCH);
                known.idp_id = update.idp_id.clone().or(known.idp_id.take());
                index
            }
            (UserChange::Deactivate(_), Some(index)) => {
                self.users[index].user.active = false;
                index
            }
            (UserChange::Leave, Some(index)) => index,
            (change, found) => panic!("{change:?} of {found:?}"),
        };
        if plan.bind.is_some() {
            self.users[user].bound.clone_from(&plan.bind);
        }
        plan.create_groups.iter().for_each(|name| self.add_group(name));
        let name = self.users[user].user.name.clone();
        for added in &plan.add {
            let before = self.users[user].memberships.len();
            self.join(&name, &self.stored(added), added.source);
            assert_eq!(self.users[user].memberships.len(), before + 1, "there already: {added:?}");
        }
        for (planned, awaits) in [(&plan.await_removal, true), (&plan.forget_removal, false)] {
            for planned in planned {
                self.held(user, planned).awaits_removal = awaits;
            }
        }
        for (planned, lapsed) in [(&plan.lapse, true), (&plan.renew, false)] {
            for planned in planned {
                let held = self.held(user, planned);
                assert_ne!(held.lapsed, lapsed, "marked already: {planned:?}");
                held.lapsed = lapsed;
            }
        }
        for removed in &plan.remove {
            let held = self.held(user, removed).clone();
            self.users[user].memberships.retain(|other| *other != held);
        }
    }

    fn stored(&self, planned: &PlannedMembership) -> String {
        let mut groups = self.groups.iter();
        let group = match &planned.group {
            PlannedGroup::Existing(id) => groups.find(|(known, _)| known == id),
            PlannedGroup::Created => groups.find(|(_, name)| *name == planned.name),
        };
        group.unwrap().1.clone()
    }

    fn held(&mut self, user: usize, planned: &PlannedMembership) -> &mut HeldMembership {
        let group = self.stored(planned);
        let mut held = self.users[user].memberships.iter_mut();
        held.find(|held| held.group == group && held.source == planned.source).unwrap()
    }
}
