//! The keys of `[idp.NAME.provisioning]` and the tables in it.

use crate::setting_key::{Key, key};

pub(super) const PROVISIONING: &[Key] = &[
    key(
        "provisioning.create_users",
        "false",
        "Off: whoever is not in the directory is told that the user ID was not found.",
    )
    .called("Enable User Creation or Update"),
    key(
        "provisioning.update_existing",
        "false",
        "Also those that this identity provider did not create. Off: only users with its tag \
         are updated, their groups too. A sign-in that creates a user tags it.",
    )
    .called("Update existing users"),
    key(
        "provisioning.adopt_existing",
        "false",
        "At their next sign-in; from then on they are updated, whatever is set later.",
    )
    .called("Tag existing users"),
    key("provisioning.reactivate", "false", "Also those whom an administrator deactivated.")
        .called("Inactive users become active by signing in"),
    key(
        "provisioning.shadow",
        "false",
        "Each attempt records what would change, and nothing changes.",
    )
    .called("Shadow mode"),
    key(
        "provisioning.find_by",
        r#""user_id""#,
        "The user ID (user_id), the e-mail address (email; not always verified by the IdP: whoever \
         can choose theirs there chooses whom they become here), or an ID that the IdP never \
         changes (idp_id; renames are followed).",
    )
    .called("Find users by"),
    key(
        "provisioning.missing_email",
        r#""refuse""#,
        "Is refused (refuse), or gets a placeholder, NAME@invalid (placeholder).",
    )
    .called("A new user without an e-mail address"),
    key(
        "provisioning.user_groups",
        r#"["jira-users"]"#,
        "Given to everyone who signs in and is provisioned. Independent of the Group Attribute.",
    )
    .called("User Groups"),
    key(
        "provisioning.user_groups_for_new_users_only",
        "false",
        "Only users whom the sign-in creates get them.",
    )
    .called("User Groups for new users only"),
    key(
        "provisioning.customer_groups",
        r#"["service-desk-customers"]"#,
        "Given to those who sign in at the service desk's customer portal.",
    )
    .called("JIRA SD Customer Groups"),
    key(
        "provisioning.customers_get_user_groups",
        "false",
        "A group that counts for a licence would cost one for each customer.",
    )
    .called("Customers get the User Groups, too"),
    key(
        "provisioning.access",
        r#"[{ effect = "require", groups = ["jira-*"], attributes = { department = ["IT"] } }]"#,
        "Who may sign in: require (one of these, or not let in), refuse, drop (let in, changes \
         nothing) or deactivate those of whom one of the groups or attribute values is true; * \
         stands for any text.",
    )
    .called("Access rules"),
    key(
        "provisioning.attributes.user_id",
        r#"["nameid"]"#,
        "nameid, an attribute's Name (attribute:NAME if that could be mistaken), or a template \
         such as {givenname}.{surname}; the first with a value counts.",
    )
    .called("Userid attribute"),
    key(
        "provisioning.attributes.idp_id",
        r#"["http://schemas.microsoft.com/identity/claims/objectidentifier"]"#,
        "Where an ID stands that the IdP never changes, for finding users by it.",
    )
    .called("Attribute of the ID that never changes"),
    key(
        "provisioning.attributes.full_name",
        r#"["displayname", "{givenname} {surname}"]"#,
        "Or a template such as {surname}, {givenname}; a new user without one gets the user ID.",
    )
    .called("Full Name attribute"),
    key("provisioning.attributes.email", r#"["mail"]"#, "Where the e-mail address stands.")
        .called("Email attribute"),
    key(
        "provisioning.attributes.groups",
        r#"["groups"]"#,
        "Its values name groups. Groups must exist, unless they are to be created; others are \
         ignored, and the sign-in says so.",
    )
    .called("Group Attribute"),
    key(
        "provisioning.steps.user_id",
        r#"[{ step = "strip_domain", no_match = "keep" }, { step = "lower_case" }]"#,
        "What is done to the user id, in this order: lower_case, trim, strip_domain (after @), \
         strip_windows_domain (before \\), prefix and suffix (with text), replace (with pattern, a \
         regular expression, and with); a value that a step does not fit goes on (keep), counts as \
         not sent (ignore), clears what is stored (clear) or ends the sign-in (refuse).",
    ),
    key("provisioning.steps.idp_id", "[]", "The same for the id that the IdP never changes."),
    key(
        "provisioning.steps.full_name",
        r#"[{ step = "replace", pattern = "^(.+), (.+)$", with = "$2 $1", no_match = "keep" }]"#,
        "The same for the full name.",
    ),
    key("provisioning.steps.email", "[]", "The same for the e-mail address."),
    key(
        "provisioning.steps.groups",
        r#"[{ step = "replace", pattern = "^.*/", with = "", no_match = "keep" }]"#,
        "The same for each value of the group attribute; a value that is ignored or cleared is left \
         out. The example makes users of the path /jira/users (--strip-group-path).",
    ),
    key(
        "provisioning.groups.absent",
        r#""keep""#,
        "Nothing is known, and memberships stay (keep), or the person is in no group, and managed \
         memberships end (none). Those stay even so when the IdP names too many groups, when an \
         attribute is encrypted for another key, and when another attribute comes in which some \
         IdP names groups.",
    )
    .called("When the Group Attribute is not sent"),
    key(
        "provisioning.groups.separator",
        r#"";""#,
        "none: each value is one group. Else the text at which values are split, or auto (a \
         lone value is split at commas). Distinguished names are not split at commas.",
    )
    .called("Separator"),
    key(
        "provisioning.groups.names",
        r#"{ "5b1c7f0e-0000-4000-8000-000000000000" = "jira-users" }"#,
        "For values that are none, such as object IDs.",
    )
    .called("Static names of groups"),
    key("provisioning.groups.only_names", "false", "Such a value then names no group.")
        .called("Leave out values without a static name"),
    key("provisioning.groups.create_missing", "false", "As soon as a sign-in names them.")
        .called("Create groups that are not there"),
    key("provisioning.groups.most_created", "100", "When it would create more, it creates none.")
        .called("Groups that one sign-in creates at most"),
    key(
        "provisioning.groups.managed",
        r#"["jira-*"]"#,
        "Patterns of groups that people leave when the Group Attribute no longer names them; of \
         all others nobody is removed, and nobody at all while the attribute is not sent, unless \
         that means none.",
    )
    .called("Managed groups"),
    key(
        "provisioning.groups.keep",
        "[]",
        "Patterns of managed groups that nobody leaves nevertheless.",
    )
    .called("Kept groups"),
    key(
        "provisioning.groups.manual_too",
        "false",
        "Those that an administrator added, or an import brought.",
    )
    .called("Memberships by hand end too"),
    key(
        "provisioning.groups.most_removed",
        "5",
        "Beyond this number in one sign-in they wait for approval, under Users, Removals that \
         wait, or see samlgate provision approvals.",
    )
    .called("Removals at most"),
    key(
        "provisioning.groups.protected",
        r#"["*-administrators"]"#,
        "Patterns of administrators' groups: no sign-in takes anybody out of them, creates them \
         or deactivates whoever is in one.",
    )
    .called("Protected groups"),
    key(
        "provisioning.groups.protect_additions",
        "true",
        "Off: sign-ins add people to them as to other groups.",
    )
    .called("Nobody joins protected groups by a sign-in"),
    key(
        "provisioning.groups.add_to_protected",
        r#"["jira-administrators"]"#,
        "Patterns of protected groups that sign-ins add to nevertheless.",
    )
    .called("Except these protected groups"),
    key(
        "provisioning.inactivity.days",
        "0",
        "After so many a user of this identity provider becomes inactive; 0: never.",
    )
    .called("Days without a sign-in"),
    key(
        "provisioning.inactivity.except_groups",
        r#"["*-administrators"]"#,
        "Patterns of groups whose members are exempt.",
    )
    .called("Except members of"),
    key(
        "provisioning.inactivity.except_users",
        r#"["svc-*"]"#,
        "Patterns of user names that are exempt.",
    )
    .called("Except users"),
];
