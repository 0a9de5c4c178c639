//! The app's ordered user directories: its own copy of everybody.
//!
//! Nothing here asks a Crowd server. Outside a log-in or a synchronisation the app reads this copy
//! and nothing else [S].

mod copying;
mod synchronise;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::crowd_client::CrowdClient;

/// All directories, the one asked first in front.
#[derive(Debug, Default)]
pub(crate) struct Directories {
    list: Vec<Directory>,
    next_id: u32,
}

/// One directory, with what it holds.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) source: Source,
    /// By the name in lower case.
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) groups: BTreeMap<String, Group>,
    /// The last failure of its Crowd server, for people.
    pub(crate) trouble: Option<String>,
    /// Whether a synchronisation ever came to its end.
    pub(crate) in_step: bool,
}

/// Who knows the passwords.
#[derive(Debug)]
pub(crate) enum Source {
    /// The app itself; `User::password` counts.
    Internal,
    /// A Crowd server; this directory is a copy of it.
    Crowd(CrowdSource),
}

/// A Crowd server as a directory.
#[derive(Clone, Debug)]
pub(crate) struct CrowdSource {
    pub(crate) client: Arc<CrowdClient>,
    pub(crate) on_log_in: GroupsOnLogIn,
    pub(crate) nested_groups: bool,
}

/// "Update group memberships when logging in" [C].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum GroupsOnLogIn {
    /// At every log-in.
    #[default]
    Always,
    /// When the log-in adds the user to the copy.
    NewUsers,
    /// By synchronisation only.
    Never,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) full_name: String,
    pub(crate) email: String,
    pub(crate) active: bool,
    /// The Crowd server's own id of the user.
    pub(crate) key: Option<String>,
    #[serde(skip)]
    pub(crate) password: Option<String>,
}

/// Members are lower-case names; they need not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) users: BTreeSet<String>,
    pub(crate) groups: BTreeSet<String>,
}

/// Somebody as the app knows them: from the first directory that holds the name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KnownUser {
    #[serde(flatten)]
    pub(crate) user: User,
    pub(crate) groups: Vec<String>,
    pub(crate) directory: u32,
}

/// How an app compares names: without case.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}

impl Directories {
    /// Adds a directory at `position`, or last, and tells its id.
    pub(crate) fn add(&mut self, name: &str, source: Source, position: Option<usize>) -> u32 {
        self.next_id += 1;
        let directory = Directory {
            id: self.next_id,
            name: name.to_owned(),
            source,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            trouble: None,
            in_step: false,
        };
        let position = position.unwrap_or(self.list.len()).min(self.list.len());
        self.list.insert(position, directory);
        self.next_id
    }

    pub(crate) fn remove(&mut self, id: u32) -> bool {
        let before = self.list.len();
        self.list.retain(|directory| directory.id != id);
        self.list.len() < before
    }

    /// Brings the directories into this order; ids not named keep theirs, behind.
    pub(crate) fn reorder(&mut self, ids: &[u32]) {
        let place = |id| ids.iter().position(|wanted| *wanted == id).unwrap_or(ids.len());
        self.list.sort_by_key(|directory| place(directory.id));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Directory> {
        self.list.iter()
    }

    pub(crate) fn get(&self, id: u32) -> Option<&Directory> {
        self.list.iter().find(|directory| directory.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut Directory> {
        self.list.iter_mut().find(|directory| directory.id == id)
    }

    /// The first internal directory.
    pub(crate) fn internal_mut(&mut self) -> Option<&mut Directory> {
        self.list.iter_mut().find(|directory| matches!(directory.source, Source::Internal))
    }

    /// Everybody, each from the first directory that holds the name, by name.
    pub(crate) fn everybody(&self) -> Vec<KnownUser> {
        let names: BTreeSet<&String> = self.list.iter().flat_map(|d| d.users.keys()).collect();
        names.into_iter().filter_map(|name| self.user(name)).collect()
    }

    /// The names of all groups, each once.
    pub(crate) fn group_names(&self) -> Vec<String> {
        let groups = self.list.iter().flat_map(|directory| &directory.groups);
        let names: BTreeMap<&String, String> =
            groups.map(|(key, group)| (key, group.name.clone())).collect();
        names.into_values().collect()
    }

    /// The user of this name. The first directory that holds the name decides, its groups alone
    /// count [C].
    pub(crate) fn user(&self, name: &str) -> Option<KnownUser> {
        let key = key(name);
        let directory = self.list.iter().find(|directory| directory.users.contains_key(&key))?;
        Some(KnownUser {
            user: directory.users.get(&key)?.clone(),
            groups: directory.groups_of(&key),
            directory: directory.id,
        })
    }
}

impl Directory {
    /// Adds or replaces a user of an internal directory, with groups that are made when missing.
    pub(crate) fn put(&mut self, user: User, groups: &[String]) {
        let user_key = key(&user.name);
        for group in groups {
            self.group(group).users.insert(user_key.clone());
        }
        self.users.insert(user_key, user);
    }

    /// The group of this name, made when missing.
    fn group(&mut self, name: &str) -> &mut Group {
        let group = Group { name: name.to_owned(), ..Group::default() };
        self.groups.entry(key(name)).or_insert(group)
    }

    /// The names of the groups that a user is in; through other groups too when the directory's
    /// switch for nested groups is on.
    fn groups_of(&self, user: &str) -> Vec<String> {
        let nested = matches!(&self.source, Source::Crowd(crowd) if crowd.nested_groups);
        let of = |(key, group): (&String, &Group)| group.users.contains(user).then(|| key.clone());
        let mut found: BTreeSet<String> = self.groups.iter().filter_map(of).collect();
        if nested {
            self.add_parents(&mut found);
        }
        let names = found.iter().filter_map(|key| self.groups.get(key));
        names.map(|group| group.name.clone()).collect()
    }

    /// Adds the groups that hold one of these, and the groups that hold those, until none is left.
    fn add_parents(&self, found: &mut BTreeSet<String>) {
        loop {
            let above = |(_, group): &(&String, &Group)| !group.groups.is_disjoint(found);
            let above = self.groups.iter().filter(above).map(|(key, _)| key.clone());
            let more: Vec<String> = above.filter(|key| !found.contains(key)).collect();
            if more.is_empty() {
                return;
            }
            found.extend(more);
        }
    }
}

#[cfg(test)]
mod tests;
