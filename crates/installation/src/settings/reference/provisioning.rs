//! The keys of `[idp.NAME.provisioning]` and the tables in it.

use crate::setting_key::{Key, key};

pub(super) const PROVISIONING: &[Key] = &[
    key("provisioning.create_users", "false", "Enable User Creation or Update."),
    key(
        "provisioning.update_existing",
        "false",
        "Update existing users: also those that this IdP did not create.",
    ),
    key(
        "provisioning.adopt_existing",
        "false",
        "Tag existing users at their next sign-in; they are updated from then on, whatever is set later.",
    ),
    key(
        "provisioning.reactivate",
        "false",
        "Inactive users become active by signing in, also those whom an administrator deactivated.",
    ),
    key(
        "provisioning.shadow",
        "false",
        "Shadow mode: each attempt records what would change, and nothing changes.",
    ),
    key(
        "provisioning.find_by",
        r#""user_id""#,
        "By which value a user is found: user_id, email (not always verified by the IdP: whoever can \
         choose theirs there chooses whom they become here), or idp_id (renames are followed).",
    ),
    key(
        "provisioning.missing_email",
        r#""refuse""#,
        "A new user without an e-mail address: refuse, or placeholder (NAME@invalid).",
    ),
    key(
        "provisioning.user_groups",
        r#"["jira-users"]"#,
        "User Groups: given to everyone who signs in.",
    ),
    key(
        "provisioning.user_groups_for_new_users_only",
        "false",
        "Only users whom the sign-in creates get the User Groups.",
    ),
    key(
        "provisioning.customer_groups",
        r#"["service-desk-customers"]"#,
        "JIRA SD Customer Groups: given to those who sign in at a service desk's portal.",
    ),
    key(
        "provisioning.customers_get_user_groups",
        "false",
        "They get the User Groups too; those often consume a licence.",
    ),
    key(
        "provisioning.access",
        r#"[{ effect = "require", groups = ["jira-*"], attributes = { department = ["IT"] } }]"#,
        "Who may sign in: rules that require, refuse, drop (let in as they are) or deactivate those \
         of whom one of the groups or attribute values is true; * stands for any text.",
    ),
    key(
        "provisioning.attributes.user_id",
        r#"["nameid"]"#,
        "SAML User ID Location, or Userid attribute: nameid, an attribute's Name (attribute:NAME if \
         that could be mistaken), or a template such as {first}.{last}; the first with a value wins.",
    ),
    key(
        "provisioning.attributes.idp_id",
        r#"["http://schemas.microsoft.com/identity/claims/objectidentifier"]"#,
        "Where an id stands that the IdP never changes, for find_by = idp_id.",
    ),
    key(
        "provisioning.attributes.full_name",
        r#"["displayname", "{givenname} {surname}"]"#,
        "Full Name attribute; a new user without one gets the user id.",
    ),
    key("provisioning.attributes.email", r#"["mail"]"#, "Email attribute."),
    key(
        "provisioning.attributes.groups",
        r#"["groups"]"#,
        "Group Attribute: the values of all of these name groups.",
    ),
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
        r#"[{ step = "prefix", text = "jira-", no_match = "keep" }]"#,
        "The same for each value of the group attribute; a value that is ignored or cleared is left \
         out.",
    ),
    key(
        "provisioning.groups.separator",
        r#"";""#,
        "How one value becomes several groups: none (each value is one group), the text between them, \
         or auto (a lone value splits at commas). Distinguished names are not split at commas.",
    ),
    key(
        "provisioning.groups.names",
        r#"{ "5b1c7f0e-0000-4000-8000-000000000000" = "jira-users" }"#,
        "Names for values that are none, such as object ids.",
    ),
    key("provisioning.groups.only_names", "false", "Values that names does not know are left out."),
    key(
        "provisioning.groups.create_missing",
        "false",
        "Groups that are named and not there are created.",
    ),
    key(
        "provisioning.groups.most_created",
        "100",
        "When one sign-in would create more groups, it creates none.",
    ),
    key(
        "provisioning.groups.managed",
        r#"["jira-*"]"#,
        "Managed groups: people leave them when the group attribute no longer names them; of all \
         others nobody is removed, and nobody at all while the attribute is not sent.",
    ),
    key("provisioning.groups.keep", "[]", "Managed groups that nobody leaves nevertheless."),
    key(
        "provisioning.groups.manual_too",
        "false",
        "Memberships that an administrator added, or an import brought, end too.",
    ),
    key(
        "provisioning.groups.most_removed",
        "5",
        "Beyond this number in one sign-in, removals wait: see samlgate provision approvals.",
    ),
    key(
        "provisioning.groups.protected",
        r#"["*-administrators"]"#,
        "Administrators' groups: no sign-in takes anybody out of them, creates them or deactivates \
         whoever is in one.",
    ),
    key("provisioning.groups.protect_additions", "true", "No sign-in adds anybody to them either."),
    key(
        "provisioning.groups.add_to_protected",
        r#"["jira-administrators"]"#,
        "Patterns of protected groups that sign-ins add to nevertheless.",
    ),
    key(
        "provisioning.inactivity.days",
        "0",
        "Users of this IdP become inactive after so many days without a sign-in; 0: never.",
    ),
    key(
        "provisioning.inactivity.except_groups",
        r#"["*-administrators"]"#,
        "Members of groups like these are exempt.",
    ),
    key(
        "provisioning.inactivity.except_users",
        r#"["svc-*"]"#,
        "Users with names like these are exempt.",
    ),
];
