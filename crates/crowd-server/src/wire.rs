//! The directory's users and groups in Crowd's terms.

use crowd::entity::attributes::Attributes;
use crowd::entity::group::{Group, GroupDetails, GroupKind};
use crowd::entity::link::Links;
use crowd::entity::user::{Expandable, PasswordLink, User, UserDetails};

/// A full user. There are no custom attributes yet.
pub(super) fn user(user: &directory::User, links: &Links) -> User {
    let (first_name, last_name) = names(&user.full_name);
    let display_name = if user.full_name.is_empty() { &user.name } else { &user.full_name };
    User {
        details: Some(UserDetails {
            expand: Expandable::Attributes,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            display_name: display_name.clone(),
            email: user.email.clone(),
            password: PasswordLink { link: links.user_password(&user.name) },
            key: user.id.clone(),
            created_date: Some(user.created_at),
            updated_date: Some(user.updated_at),
            active: user.active,
            attributes: Attributes::none(links.user_attributes(&user.name)),
        }),
        ..User::named(&user.name, links)
    }
}

/// A full group. There are no custom attributes yet.
pub(super) fn group(group: &directory::Group, links: &Links) -> Group {
    Group {
        details: Some(GroupDetails {
            expand: Expandable::Attributes,
            description: group.description.clone(),
            kind: GroupKind::Group,
            active: group.active,
            attributes: Attributes::none(links.group_attributes(&group.name)),
        }),
        ..Group::named(&group.name, links)
    }
}

/// Given and family name, which the directory does not know apart: the first word of the full name, and
/// all the others. Applications show the full name; who shows these two, one after the other, shows it
/// whole, too.
pub(super) fn names(full_name: &str) -> (&str, &str) {
    let full_name = full_name.trim();
    match full_name.split_once(char::is_whitespace) {
        Some((first, others)) => (first, others.trim_start()),
        None => ("", full_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_is_lost() {
        assert_eq!(names("Camilla the Chicken"), ("Camilla", "the Chicken"));
        assert_eq!(names(" Zoë  Ångström "), ("Zoë", "Ångström"));
        assert_eq!(names("Gonzo"), ("", "Gonzo"));
        assert_eq!(names(""), ("", ""));
    }
}
