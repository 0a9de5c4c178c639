//! What an administrator sets: where values stand, and what a sign-in may do with them.

use serde::{Deserialize, Serialize};

/// SAML User ID Location: where the user id stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserIdLocation {
    /// In the subject's NameID.
    #[default]
    NameId,
    /// In the attribute of this name.
    Attribute(String),
}

/// How one value of the group attribute becomes several groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupSeparator {
    /// Each value is one group.
    None,
    /// A value that is the only one, and no distinguished name, is split at commas.
    #[default]
    Auto,
    /// Every value is split at this text.
    Literal(String),
}

/// Which attributes carry what. Attributes are matched by Name, never by FriendlyName.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Where the user id stands.
    pub user_id: UserIdLocation,
    /// The attribute with the full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// The attribute with the e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Group Attribute: its values name groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<String>,
    /// How a value becomes several groups.
    pub group_separator: GroupSeparator,
}

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

/// What a sign-in may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The IdP's name: the tag of users it creates.
    pub idp: String,
    /// Enable User Creation or Update. Off: unknown users are refused, known ones left alone.
    pub create_or_update: bool,
    /// Update existing users, also those that no IdP has tagged.
    pub update_existing: bool,
    /// User Groups: everybody who signs in gets them, if they exist.
    pub user_groups: Vec<String>,
    /// What happens when a new user has no e-mail address.
    pub missing_email: MissingEmail,
}
