//! The fields of provisioning, by theme.

use installation::listed;
use installation::settings::IdpSettings;
use maud::{Markup, html};

use super::entered::Typed;
use crate::form::{Errors, Field, word};

/// How a field takes several names.
const SEVERAL: &str = "Several with commas; a name that holds a comma stands in quotation marks.";

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
            (Field::of("idp.provisioning.create_users").check(p.create_users).render(errors))
            (Field::of("idp.provisioning.attributes.user_id").named("userid").value(first(&p.attributes.user_id)).hints(offered).also("Further places stand under More.").render(errors))
            (Field::of("idp.provisioning.attributes.full_name").value(first(&p.attributes.full_name)).hints(offered).render(errors))
            (Field::of("idp.provisioning.attributes.email").value(first(&p.attributes.email)).hints(offered).render(errors))
            (Field::of("idp.provisioning.update_existing").check(p.update_existing).render(errors))
        }
    }
}

/// The main fields of groups.
pub(super) fn groups(idp: &IdpSettings, errors: &Errors, offered: &[String]) -> Markup {
    let p = &idp.provisioning;
    html! {
        fieldset {
            legend { "Groups" }
            (Field::of("idp.provisioning.attributes.groups").value(first(&p.attributes.groups)).hints(offered).render(errors))
            (Field::of("idp.provisioning.user_groups").value(&listed::join(&p.user_groups)).also(SEVERAL).render(errors))
            (Field::of("idp.provisioning.customer_groups").value(&listed::join(&p.customer_groups)).render(errors))
        }
    }
}

/// How users are found and changed.
pub(super) fn more_users(idp: &IdpSettings, errors: &Errors) -> Markup {
    let (p, from) = (&idp.provisioning, &idp.provisioning.attributes);
    html! {
        fieldset {
            legend { "More about users" }
            (Field::of("idp.provisioning.find_by").value(&word(&p.find_by))
                .choice(&[("user_id", "the user ID"), ("email", "the e-mail address"), ("idp_id", "an ID that the IdP never changes")]).render(errors))
            (Field::of("idp.provisioning.attributes.idp_id").value(first(&from.idp_id)).render(errors))
            (Field::new("userid_more", "Further places of the user ID").area(2).value(&more(&from.user_id))
                .help("One on each line; the first that has a value counts. So for the others.").render(errors))
            (Field::new("idp_id_more", "Further places of the ID that never changes").area(2).value(&more(&from.idp_id)).render(errors))
            (Field::new("full_name_more", "Further places of the full name").area(2).value(&more(&from.full_name)).render(errors))
            (Field::new("email_more", "Further places of the e-mail address").area(2).value(&more(&from.email)).render(errors))
            (Field::of("idp.provisioning.missing_email").value(&word(&p.missing_email))
                .choice(&[("refuse", "is refused"), ("placeholder", "gets a placeholder")]).render(errors))
            (Field::of("idp.provisioning.adopt_existing").check(p.adopt_existing).also("A single user is adopted on its own page.").render(errors))
            (Field::of("idp.provisioning.reactivate").check(p.reactivate).render(errors))
            (Field::of("idp.provisioning.shadow").check(p.shadow).render(errors))
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
            (Field::of("idp.provisioning.groups.separator").value(&groups.separator).render(errors))
            (Field::of("idp.provisioning.groups.create_missing").check(groups.create_missing).render(errors))
            (Field::of("idp.provisioning.groups.most_created").number().value(&groups.most_created.to_string()).render(errors))
            (Field::of("idp.provisioning.user_groups_for_new_users_only").check(p.user_groups_for_new_users_only).render(errors))
            (Field::of("idp.provisioning.customers_get_user_groups").check(p.customers_get_user_groups).render(errors))
        }
    }
}

/// Which groups people leave.
pub(super) fn removal(idp: &IdpSettings, errors: &Errors) -> Markup {
    let groups = &idp.provisioning.groups;
    html! {
        fieldset {
            legend { "Leaving groups" }
            (Field::of("idp.provisioning.groups.managed").value(&listed::join(&groups.managed)).render(errors))
            (Field::of("idp.provisioning.groups.absent").value(&word(&groups.absent))
                .choice(&[("keep", "nothing is known: memberships stay"), ("none", "the person is in no group: managed memberships end")]).render(errors))
            (Field::of("idp.provisioning.groups.keep").value(&listed::join(&groups.keep)).render(errors))
            (Field::of("idp.provisioning.groups.protected").value(&listed::join(&groups.protected)).render(errors))
            (Field::of("idp.provisioning.groups.protect_additions").check(groups.protect_additions).render(errors))
            (Field::of("idp.provisioning.groups.add_to_protected").value(&listed::join(&groups.add_to_protected)).render(errors))
            (Field::of("idp.provisioning.groups.manual_too").check(groups.manual_too).render(errors))
            (Field::of("idp.provisioning.groups.most_removed").number().value(&groups.most_removed.to_string()).render(errors))
        }
    }
}

/// When users become inactive.
pub(super) fn inactivity(idp: &IdpSettings, errors: &Errors) -> Markup {
    let inactivity = &idp.provisioning.inactivity;
    html! {
        fieldset {
            legend { "Staying away" }
            (Field::of("idp.provisioning.inactivity.days").named("inactive_days").number().value(&inactivity.days.to_string()).render(errors))
            (Field::of("idp.provisioning.inactivity.except_groups").value(&listed::join(&inactivity.except_groups)).also(SEVERAL).render(errors))
            (Field::of("idp.provisioning.inactivity.except_users").value(&listed::join(&inactivity.except_users)).also(SEVERAL).render(errors))
        }
    }
}

/// The lists, each a part of the settings as TOML.
pub(super) fn lists(typed: &Typed, errors: &Errors) -> Markup {
    let step = "[[email]]\nstep = \"replace\"\npattern = \"@old\\\\.example$\"\nwith = \"@example.com\"\nno_match = \"keep\"\n\n[[groups]]\nstep = \"replace\"\npattern = \"^.*/\"\nwith = \"\"";
    let rule = "[[access]]\neffect = \"require\"\ngroups = [\"jira-*\"]";
    html! {
        fieldset {
            legend { "Lists" }
            (Field::new("steps", "Transformations").area(8).value(&typed.steps)
                .help(html! {
                    "Steps for user_id, idp_id, full_name, email and groups, in their order: lower_case, trim, strip_domain, "
                    "strip_windows_domain, prefix and suffix with a text, replace with pattern and with. When a step does not fit, "
                    "no_match says what happens: keep, ignore, clear or refuse. For example, which also makes users of a group's path /jira/users:"
                    pre { (step) }
                }).render(errors))
            (Field::of("idp.provisioning.access").area(6).value(&typed.access)
                .also(html! { "Conditions: patterns of groups, or attributes = { department = [\"IT\"] }. For example:" pre { (rule) } }).render(errors))
            (Field::of("idp.provisioning.groups.names").area(4).value(&typed.names)
                .also(html! { "For example:" pre { "\"7c0f-…\" = \"jira-users\"" } }).render(errors))
            (Field::of("idp.provisioning.groups.only_names").check(typed.only_names).render(errors))
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
