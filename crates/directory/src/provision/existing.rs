//! What is there before the sign-in, and what of it must be looked up.

use super::claims::{ClaimedGroup, Claims};
use super::rules::{FindBy, Origin, Rules};
use crate::{MembershipSource, User, check_group_name, check_known_group_name, name_key};

/// What a plan is compared with. Everything else in the directory does not matter to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The user of this name.
    pub user_name: String,
    /// All users with this e-mail address, compared by [`crate::name_key`]; two are enough. Who is not
    /// found by it is warned about when somebody else has it.
    pub email: Option<String>,
    /// The user whom this IdP's sign-in stored with this IdP id, compared exactly.
    pub idp_id: Option<(String, String)>,
    /// The groups of these names, compared by [`crate::name_key`]. Values of the IdP that no group
    /// can have as its name are not among them.
    pub groups: Vec<String>,
}

impl Lookup {
    /// What must be looked up for a person.
    pub fn of(claims: &Claims, origin: Origin, rules: &Rules) -> Self {
        let mut named: Vec<&str> = Vec::new();
        if rules.create_or_update {
            let wanted = wanted(claims, origin, rules).into_iter().filter(Wanted::is_possible);
            named.extend(wanted.map(|wanted| wanted.name));
            // What a value would name if it were split is looked up too, for a hint only.
            let joined = claims.groups.groups().iter().filter_map(|group| group.joined.as_ref());
            let joined = joined.flat_map(|joined| &joined.groups).map(String::as_str);
            let possible = joined.filter(|name| check_group_name(name).is_ok());
            named.extend(possible.take(MOST_HINTS));
        }
        let mut seen = std::collections::HashSet::new();
        let names = named.into_iter().filter(|name| seen.insert(name_key(name)));
        Lookup {
            user_name: claims.user_id.clone(),
            email: claims
                .email
                .clone()
                .filter(|email| !email.is_empty())
                .filter(|_| rules.create_or_update || rules.find_by == FindBy::Email),
            idp_id: claims
                .idp_id
                .clone()
                .filter(|_| rules.find_by == FindBy::IdpId)
                .map(|id| (rules.idp.clone(), id)),
            groups: names.map(str::to_owned).collect(),
        }
    }
}

/// A hint is not worth more than this.
const MOST_HINTS: usize = 100;

/// What a [`Lookup`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// The users, each once, by whichever value.
    pub users: Vec<KnownUser>,
    /// The groups: ID, and name in its own spelling.
    pub groups: Vec<(String, String)>,
}

/// The one IdP that may sign a user in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The IdP's name in the settings.
    pub idp: String,
    /// Its entity ID when the user was bound; `None`: an older version bound the user, and the next
    /// sign-in remembers it.
    pub entity_id: Option<String>,
}

/// A user of the directory with what a plan must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    /// The user.
    pub user: User,
    /// The id that the user's IdP never changes, when one is stored.
    pub idp_id: Option<String>,
    /// The IdP that alone may sign the user in; `None`: nobody has yet.
    pub bound: Option<Binding>,
    /// Whether the user has a password of its own.
    pub has_password: bool,
    /// Of a user who is bound to no IdP: the groups above those of the memberships.
    pub inherited: Vec<String>,
    /// The memberships, one for each source.
    pub memberships: Vec<HeldMembership>,
}

/// A membership that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldMembership {
    /// The group's ID.
    pub group_id: String,
    /// The group's name.
    pub group: String,
    /// Why the user is in it.
    pub source: MembershipSource,
    /// A sign-in wanted to end it and waits for an administrator's approval.
    pub awaits_removal: bool,
    /// Its source gave it once, and no longer at the latest sign-in.
    pub lapsed: bool,
}

impl Existing {
    /// The user of this name.
    pub(super) fn named(&self, name: &str) -> Option<&KnownUser> {
        let key = name_key(name);
        self.users.iter().find(|known| name_key(&known.user.name) == key)
    }
}

/// A group that somebody is to be in.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) source: MembershipSource,
    pub(super) claimed: Option<&'a ClaimedGroup>,
}

impl Wanted<'_> {
    /// Whether there can be such a group. An administrator may have named one from before.
    fn is_possible(&self) -> bool {
        match self.claimed {
            Some(_) => check_group_name(self.name).is_ok(),
            None => check_known_group_name(self.name).is_ok(),
        }
    }
}

/// The three sources, each independent of the others.
pub(super) fn wanted<'a>(claims: &'a Claims, origin: Origin, rules: &'a Rules) -> Vec<Wanted<'a>> {
    let portal = origin == Origin::Portal;
    let named = claims.groups.groups().iter().map(|group| Wanted {
        name: &group.name,
        source: MembershipSource::GroupAttribute,
        claimed: Some(group),
    });
    let fixed = |names: &'a [String], source: MembershipSource| {
        names.iter().map(move |name| Wanted { name, source, claimed: None })
    };
    let everyone = !portal || rules.customers.user_groups_too;
    let user_groups: &[String] = if everyone { &rules.user_groups } else { &[] };
    let customers: &[String] = if portal { &rules.customers.groups } else { &[] };
    named
        .chain(fixed(user_groups, MembershipSource::UserGroups))
        .chain(fixed(customers, MembershipSource::CustomerGroups))
        .collect()
}
