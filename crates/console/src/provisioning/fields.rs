//! The fields of provisioning, by theme.

use installation::settings::IdpSettings;
use maud::{Markup, html};

use super::entered::Typed;
use crate::form::{Errors, Field, word};

/// The first of several places.
fn first(sources: &[String]) -> &str {
    sources.first().map_or("", String::as_str)
}

/// The others, each on a line.
fn more(sources: &[String]) -> String {
    sources.get(1..).unwrap_or_default().join("\n")
}

/// The main fields of users.
pub(super) fn users(idp: &IdpSettings, errors: &Errors, offered: &[String]) -> Markup {
    let p = &idp.provisioning;
    html! {
        fieldset {
            legend { "Users" }
            (Field::new("create_users", "Enable User Creation or Update").check(p.create_users)
                .help("Off: whoever is not in the directory is told that the user ID was not found.").render(errors))
            (Field::new("userid", "Userid attribute").value(first(&p.attributes.user_id)).hints(offered)
                .help("nameid, an attribute's Name, or a template such as {givenname}.{surname}. Further places stand under More.").render(errors))
            (Field::new("full_name", "Full Name attribute").value(first(&p.attributes.full_name)).hints(offered)
                .help("Or a template such as {surname}, {givenname}.").render(errors))
            (Field::new("email", "Email attribute").value(first(&p.attributes.email)).hints(offered).render(errors))
            (Field::new("update_existing", "Update existing users").check(p.update_existing)
                .help("Off: only users with this identity provider's tag are updated, their groups too. A sign-in that creates a user tags it.").render(errors))
        }
    }
}

/// The main fields of groups.
pub(super) fn groups(idp: &IdpSettings, errors: &Errors, offered: &[String]) -> Markup {
    let p = &idp.provisioning;
    html! {
        fieldset {
            legend { "Groups" }
            (Field::new("groups", "Group Attribute").value(first(&p.attributes.groups)).hints(offered)
                .help("Its values name groups. Groups must exist, see Groups; others are ignored, and the sign-in says so.").render(errors))
            (Field::new("user_groups", "User Groups").value(&p.user_groups.join(", "))
                .help("Given to everyone who signs in and is provisioned, with commas. Independent of the Group Attribute.").render(errors))
            (Field::new("customer_groups", "JIRA SD Customer Groups").value(&p.customer_groups.join(", "))
                .help("Given to those who sign in at the service desk's customer portal.").render(errors))
        }
    }
}

/// How users are found and changed.
pub(super) fn more_users(idp: &IdpSettings, errors: &Errors) -> Markup {
    let (p, from) = (&idp.provisioning, &idp.provisioning.attributes);
    html! {
        fieldset {
            legend { "More about users" }
            (Field::new("find_by", "Find users by").value(&word(&p.find_by))
                .choice(&[("user_id", "the user ID"), ("email", "the e-mail address"), ("idp_id", "an ID that the IdP never changes")])
                .help("By e-mail address: whoever can choose theirs at the IdP chooses whom they become here. By such an ID, renames are followed.").render(errors))
            (Field::new("idp_id", "Attribute of the ID that never changes").value(first(&from.idp_id)).render(errors))
            (Field::new("userid_more", "Further places of the user ID").area(2).value(&more(&from.user_id))
                .help("One on each line; the first that has a value counts. So for the others.").render(errors))
            (Field::new("idp_id_more", "Further places of the ID that never changes").area(2).value(&more(&from.idp_id)).render(errors))
            (Field::new("full_name_more", "Further places of the full name").area(2).value(&more(&from.full_name)).render(errors))
            (Field::new("email_more", "Further places of the e-mail address").area(2).value(&more(&from.email)).render(errors))
            (Field::new("missing_email", "A new user without an e-mail address").value(&word(&p.missing_email))
                .choice(&[("refuse", "is refused"), ("placeholder", "gets a placeholder")]).render(errors))
            (Field::new("adopt_existing", "Tag existing users").check(p.adopt_existing)
                .help("At their next sign-in; from then on they are updated. A single user is adopted on its own page.").render(errors))
            (Field::new("reactivate", "Inactive users become active by signing in").check(p.reactivate).render(errors))
            (Field::new("shadow", "Shadow mode").check(p.shadow)
                .help("Records what would change, and changes nothing.").render(errors))
        }
    }
}

/// How groups are read and created.
pub(super) fn more_groups(idp: &IdpSettings, errors: &Errors) -> Markup {
    let (p, groups) = (&idp.provisioning, &idp.provisioning.groups);
    html! {
        fieldset {
            legend { "More about groups" }
            (Field::new("groups_more", "Further Group Attributes").area(2).value(&more(&p.attributes.groups))
                .help("One on each line; the values of all count.").render(errors))
            (Field::new("separator", "Separator").value(&groups.separator)
                .help("none: each value is one group. Else the text at which values are split, or auto (a lone value is split at commas).").render(errors))
            (Field::new("create_missing", "Create groups that are not there").check(groups.create_missing).render(errors))
            (Field::new("most_created", "Groups that one sign-in creates at most").number().value(&groups.most_created.to_string())
                .help("When it would create more, it creates none.").render(errors))
            (Field::new("user_groups_for_new_users_only", "User Groups for new users only").check(p.user_groups_for_new_users_only).render(errors))
            (Field::new("customers_get_user_groups", "Customers get the User Groups, too").check(p.customers_get_user_groups)
                .help("A group that counts for a licence would cost one for each customer.").render(errors))
        }
    }
}

/// Which groups people leave.
pub(super) fn removal(idp: &IdpSettings, errors: &Errors) -> Markup {
    let groups = &idp.provisioning.groups;
    html! {
        fieldset {
            legend { "Leaving groups" }
            (Field::new("managed", "Managed groups").value(&groups.managed.join(", "))
                .help("Patterns of groups that people leave when the attribute no longer names them: jira-*").render(errors))
            (Field::new("keep", "Kept groups").value(&groups.keep.join(", "))
                .help("Patterns of managed groups that nobody leaves nevertheless.").render(errors))
            (Field::new("protected", "Protected groups").value(&groups.protected.join(", "))
                .help("Patterns of administrators' groups, which nobody leaves by a sign-in.").render(errors))
            (Field::new("protect_additions", "Nobody joins protected groups by a sign-in").check(groups.protect_additions).render(errors))
            (Field::new("add_to_protected", "Except these protected groups").value(&groups.add_to_protected.join(", "))
                .help("Patterns of protected groups that sign-ins add to nevertheless.").render(errors))
            (Field::new("manual_too", "Memberships by hand end too").check(groups.manual_too).render(errors))
            (Field::new("most_removed", "Removals at most").number().value(&groups.most_removed.to_string())
                .help("Beyond this number in one sign-in they wait for approval, under Users, Removals that wait.").render(errors))
        }
    }
}

/// When users become inactive.
pub(super) fn inactivity(idp: &IdpSettings, errors: &Errors) -> Markup {
    let inactivity = &idp.provisioning.inactivity;
    html! {
        fieldset {
            legend { "Staying away" }
            (Field::new("inactive_days", "Days without a sign-in").number().value(&inactivity.days.to_string())
                .help("After so many a user of this identity provider becomes inactive. 0: never.").render(errors))
            (Field::new("except_groups", "Except members of").value(&inactivity.except_groups.join(", "))
                .help("Patterns, with commas.").render(errors))
            (Field::new("except_users", "Except users").value(&inactivity.except_users.join(", "))
                .help("Patterns of user names, with commas.").render(errors))
        }
    }
}

/// The lists, each a part of the settings as TOML.
pub(super) fn lists(typed: &Typed, errors: &Errors) -> Markup {
    let step = "[[email]]\nstep = \"replace\"\npattern = \"@old\\\\.example$\"\nwith = \"@example.com\"\nno_match = \"keep\"";
    let rule = "[[access]]\neffect = \"require\"\ngroups = [\"jira-*\"]";
    html! {
        fieldset {
            legend { "Lists" }
            (Field::new("steps", "Transformations").area(8).value(&typed.steps)
                .help(html! {
                    "Steps for user_id, idp_id, full_name, email and groups, in their order: lower_case, trim, strip_domain, "
                    "strip_windows_domain, prefix and suffix with a text, replace with pattern and with. When a step does not fit, "
                    "no_match says what happens: keep, ignore, clear or refuse. For example:"
                    pre { (step) }
                }).render(errors))
            (Field::new("access", "Access rules").area(6).value(&typed.access)
                .help(html! {
                    "Who may sign in. Effects: require (one of these, or not let in), refuse, drop (let in, changes nothing), deactivate. "
                    "Conditions: patterns of groups, or attributes = { department = [\"IT\"] }. For example:"
                    pre { (rule) }
                }).render(errors))
            (Field::new("names", "Static names of groups").area(4).value(&typed.names)
                .help(html! { "For values that are none, such as object IDs:" pre { "\"7c0f-…\" = \"jira-users\"" } }).render(errors))
            (Field::new("only_names", "Leave out values without a static name").check(typed.only_names).render(errors))
        }
    }
}

/// One value through the steps.
pub(super) fn tester(typed: &Typed, errors: &Errors) -> Markup {
    html! {
        fieldset {
            legend { "Try the transformations" }
            (Field::new("steps_of", "Value").value(&typed.steps_of)
                .choice(&[("user_id", "user ID"), ("idp_id", "ID that never changes"), ("full_name", "full name"), ("email", "e-mail address"), ("groups", "a group")]).render(errors))
            (Field::new("steps_value", "As the IdP sends it").value(&typed.steps_value).render(errors))
            p { button class="plain" name="steps_try" value="true" { "Show each step" } }
        }
    }
}
