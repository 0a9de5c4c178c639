//! What a log-in copies from the Crowd server: the old rule and the new one.

use super::super::crowd_client::RemoteUser;
use super::super::profile::Copying;
use super::{Directory, GroupsOnLogIn, User, key};

impl Directory {
    /// Whether the groups are to be asked for before [`Directory::copy`] is called.
    pub(crate) fn wants_groups(
        &self,
        remote: &RemoteUser,
        rule: Copying,
        setting: GroupsOnLogIn,
    ) -> bool {
        let new = self.local_key(remote, rule).is_none();
        match (rule, setting) {
            (Copying::Old, _) | (Copying::New, GroupsOnLogIn::NewUsers) => new,
            (Copying::New, GroupsOnLogIn::Always) => true,
            (Copying::New, GroupsOnLogIn::Never) => false,
        }
    }

    /// Takes over a user whose password the Crowd server has just confirmed; `groups` is `None`
    /// when they were not asked for.
    pub(crate) fn copy(&mut self, remote: &RemoteUser, groups: Option<&[String]>, rule: Copying) {
        let user_key = key(&remote.name);
        match (self.local_key(remote, rule), rule) {
            (Some(_), Copying::Old) => {}
            (Some(known), Copying::New) => {
                if known != user_key {
                    self.rename(&known, &user_key);
                }
                self.users.insert(user_key.clone(), User::from(remote));
            }
            (None, _) => {
                self.users.insert(user_key.clone(), User::from(remote));
            }
        }
        let Some(groups) = groups else { return };
        for name in groups {
            match rule {
                // Only groups that are there; the others come with a synchronisation [S].
                Copying::Old => {
                    if let Some(group) = self.groups.get_mut(&key(name)) {
                        group.users.insert(user_key.clone());
                    }
                }
                Copying::New => {
                    self.group(name).users.insert(user_key.clone());
                }
            }
        }
        // Nothing is taken away when the server reports no group at all: the last group of a user
        // goes with the next synchronisation only [S].
        if rule == Copying::New && !groups.is_empty() {
            let wanted: Vec<String> = groups.iter().map(|name| key(name)).collect();
            for (group_key, group) in &mut self.groups {
                if !wanted.contains(group_key) {
                    group.users.remove(&user_key);
                }
            }
        }
    }

    /// Where the user is in the copy: by the server's key in newer versions, else by name [S].
    fn local_key(&self, remote: &RemoteUser, rule: Copying) -> Option<String> {
        if let (Copying::New, Some(remote_key)) = (rule, &remote.key) {
            let same = |user: &User| user.key.as_ref() == Some(remote_key);
            if let Some((name, _)) = self.users.iter().find(|(_, user)| same(user)) {
                return Some(name.clone());
            }
        }
        let by_name = key(&remote.name);
        self.users.contains_key(&by_name).then_some(by_name)
    }

    fn rename(&mut self, from: &str, to: &str) {
        self.users.remove(from);
        for group in self.groups.values_mut() {
            if group.users.remove(from) {
                group.users.insert(to.to_owned());
            }
        }
    }
}

impl From<&RemoteUser> for User {
    fn from(remote: &RemoteUser) -> Self {
        User {
            name: remote.name.clone(),
            full_name: remote.display_name.clone(),
            email: remote.email.clone(),
            active: remote.active,
            key: remote.key.clone(),
            password: None,
        }
    }
}
