//! A full synchronisation: the copy becomes what the Crowd server holds.

use std::collections::BTreeMap;

use super::super::crowd_client::{Everything, Membership};
use super::{Directory, Group, User, key};

impl Directory {
    /// Replaces the copy. Users, groups and memberships that the server no longer names are gone.
    pub(crate) fn synchronise(&mut self, everything: &Everything) {
        self.users =
            everything.users.iter().map(|user| (key(&user.name), User::from(user))).collect();
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for group in &everything.groups {
            let copy = Group { name: group.name.clone(), ..Group::default() };
            groups.insert(key(&group.name), copy);
        }
        for Membership { group, users, groups: children } in &everything.memberships {
            // Members of a group that the search did not name are left out.
            if let Some(group) = groups.get_mut(&key(group)) {
                group.users = users.iter().map(|name| key(name)).collect();
                group.groups = children.iter().map(|name| key(name)).collect();
            }
        }
        self.groups = groups;
        self.trouble = None;
        self.in_step = true;
    }
}
