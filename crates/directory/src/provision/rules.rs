//! What an administrator sets: where values stand, and what a sign-in may do with them.

use serde::{Deserialize, Serialize};

use super::pattern::{NamePattern, any_matches};

/// What happens when a new user has no e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingEmail {
    /// The sign-in is refused: applications show users without an address badly.
    #[default]
    Refuse,
    /// `<user id>@invalid` is stored instead, which no mail ever reaches.
    Placeholder,
}

/// What a sign-in may do. The default is a sign-in that changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The IdP's name: the tag of users it creates, and what they are bound to.
    pub idp: String,
    /// The IdP's entity ID: a binding remembers it, so that another entity under the same name does
    /// not become its users.
    pub entity_id: String,
    /// What happens to users who are bound to no IdP.
    pub unbound: Unbound,
    /// Enable User Creation or Update. Off: unknown users are refused, known ones left alone.
    pub create_or_update: bool,
    /// Update existing users, also those that no IdP has tagged.
    pub update_existing: bool,
    /// Existing users without a tag get this IdP's at their next sign-in, and are updated from
    /// then on. Whether switched on or off later, the tag stays.
    pub adopt_existing: bool,
    /// Inactive users become active by signing in; those without the tag only where they are
    /// updated. It cannot tell whom an administrator deactivated on purpose.
    pub reactivate: bool,
    /// By which value the user is found.
    pub find_by: FindBy,
    /// User Groups: everybody who signs in gets them, if they exist.
    pub user_groups: Vec<String>,
    /// Only users that the sign-in creates get the User Groups.
    pub user_groups_for_new_users_only: bool,
    /// What customers of a service desk get.
    pub customers: CustomerRules,
    /// What a sign-in may do with groups, beyond adding to those that exist.
    pub groups: GroupRules,
    /// Who may sign in, and who is provisioned.
    pub access: Vec<AccessRule>,
    /// What happens when a new user has no e-mail address.
    pub missing_email: MissingEmail,
    /// Nothing is changed, so nobody is bound either.
    pub dry_run: bool,
}

impl Rules {
    /// The same rules for a dry run: nobody is created, updated, added or bound, and whoever is kept
    /// out stays out.
    pub fn without_changes(&self) -> Self {
        Rules { create_or_update: false, dry_run: true, ..self.clone() }
    }
}

/// What a sign-in does with a user who is bound to no IdP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unbound {
    /// It is refused until an administrator links the user.
    #[default]
    Nobody,
    /// It binds the user, unless the user has a password or is in a group like these: then a name is
    /// worth too much to be anybody's who comes first.
    Unguarded(Vec<NamePattern>),
    /// It binds the user: there is no other IdP.
    Anybody,
}

/// By which value the user of a sign-in is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindBy {
    /// By the user id, which is the user's name.
    #[default]
    UserId,
    /// By the e-mail address, without case; two users with it are refused. Addresses are not
    /// always verified: whoever can choose theirs at the IdP can choose whom they become here.
    Email,
    /// By the id that the IdP never changes, stored at the first sign-in, which finds the user by
    /// name. Renames are followed: the user's id stays, the name becomes the user id.
    IdpId,
}

/// JIRA SD Customer Groups: for a sign-in that began at a service desk's portal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerRules {
    /// Everybody who signs in there gets these groups, if they exist.
    pub groups: Vec<String>,
    /// The User Groups too. They often consume a licence, which customers need none of.
    pub user_groups_too: bool,
}

/// Where a sign-in began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Somewhere in the app.
    #[default]
    App,
    /// At a service desk's customer portal.
    Portal,
}

/// What a sign-in may do with groups, beyond adding to those that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRules {
    /// Groups that are named and not there are created. Off by default: a name mistyped at the IdP
    /// would stay here for ever.
    pub create_missing: bool,
    /// When one sign-in would create more groups than this, it creates none.
    pub most_created: usize,
    /// Which memberships end when the IdP no longer names them.
    pub removal: Removal,
    /// Administrators' groups: nobody is taken out of them and they are not created, and whoever is
    /// in one is not deactivated, by any sign-in.
    pub protected: Vec<NamePattern>,
    /// Nobody is added to the protected groups either.
    pub protect_additions: bool,
    /// Protected groups that sign-ins add to nevertheless.
    pub add_to_protected: Vec<NamePattern>,
}

impl Default for GroupRules {
    fn default() -> Self {
        GroupRules {
            create_missing: false,
            most_created: 100,
            removal: Removal::default(),
            protected: vec![NamePattern::new("*-administrators")],
            protect_additions: true,
            add_to_protected: Vec::new(),
        }
    }
}

/// Which memberships a sign-in ends, because the group attribute no longer names the group. Never
/// any when the attribute is missing or says that it is incomplete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// The managed groups; of all others nobody is removed. None: nobody at all.
    pub managed: Vec<NamePattern>,
    /// Of these nobody is removed, although they are managed.
    pub keep: Vec<NamePattern>,
    /// Memberships that an administrator added, or an import brought, end too.
    pub manual_too: bool,
    /// Beyond this number in one sign-in, removals wait for an administrator's approval.
    pub most: Option<usize>,
}

/// Who becomes inactive by staying away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inactivity {
    /// After this many days without a sign-in.
    pub days: u32,
    /// Members of groups like these are exempt.
    pub except_groups: Vec<NamePattern>,
    /// Users with names like these are exempt.
    pub except_users: Vec<NamePattern>,
}

impl Inactivity {
    /// The pattern that exempts this user, if one does.
    pub fn exempts(&self, user: &str, groups: &[String]) -> Option<&NamePattern> {
        let by_group = || groups.iter().find_map(|name| any_matches(&self.except_groups, name));
        any_matches(&self.except_users, user).or_else(by_group)
    }
}

/// One rule about people. Of several rules the strictest that applies holds: deactivate, refuse,
/// require, drop, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRule {
    /// What the rule does.
    pub effect: AccessEffect,
    /// The rule applies to whom one of these is true of. Without conditions it applies to nobody,
    /// so that a requirement without conditions lets nobody in.
    pub any_of: Vec<Condition>,
}

/// What an access rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessEffect {
    /// Whom it does not apply to is not let in. Of several requirements each must be met.
    Require,
    /// Whom it applies to is not let in.
    Refuse,
    /// Whom it applies to is let in as they are: nothing is created, updated or added.
    Drop,
    /// Whom it applies to is not let in, and the user is made inactive, if a sign-in may update
    /// the user and the user is in no protected group.
    Deactivate,
}

/// What may be true of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The IdP names a group like this. While the claim is missing or incomplete, those that it
    /// named last hold too.
    Group(NamePattern),
    /// The attribute was sent with a value like this; `*` is any value.
    Attribute {
        /// The attribute's Name.
        name: String,
        /// The form of the whole value.
        value: NamePattern,
    },
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Condition::Group(pattern) => write!(f, "group {pattern}"),
            Condition::Attribute { name, value } => write!(f, "attribute {name} = {value}"),
        }
    }
}
