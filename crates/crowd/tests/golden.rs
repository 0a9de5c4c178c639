//! The exact bytes of every entity in both formats, as pairs of files in `golden/`.

use std::time::{Duration, UNIX_EPOCH};

use crowd::entity::attributes::{Attribute, Attributes};
use crowd::entity::cookie::CookieConfig;
use crowd::entity::error::ErrorBody;
use crowd::entity::group::{Group, GroupDetails, GroupKind};
use crowd::entity::link::Links;
use crowd::entity::list::{ListOf, ListWriter};
use crowd::entity::memberships;
use crowd::entity::user::{Expandable, PasswordLink, User, UserDetails};
use crowd::{Entity, Format, Reason, encode};

fn links() -> Links {
    Links::new("https://sso.example.test/crowd/rest/usermanagement/1")
}

fn camilla() -> User {
    let links = links();
    User {
        details: Some(UserDetails {
            expand: Expandable::Attributes,
            first_name: "Camilla".into(),
            last_name: "Chicken".into(),
            display_name: "Camilla the Chicken".into(),
            email: "camilla@example.test".into(),
            password: PasswordLink { link: links.user_password("camilla") },
            key: "6d1f0c2e".into(),
            created_date: Some(UNIX_EPOCH + Duration::from_millis(1_767_323_045_000)),
            updated_date: Some(UNIX_EPOCH + Duration::from_millis(1_767_323_045_678)),
            active: true,
            attributes: Attributes::none(links.user_attributes("camilla")),
        }),
        ..User::named("camilla", &links)
    }
}

fn jira_users() -> Group {
    let links = links();
    Group {
        details: Some(GroupDetails {
            expand: Expandable::Attributes,
            description: "People & <others>".into(),
            kind: GroupKind::Group,
            active: true,
            attributes: Attributes::none(links.group_attributes("jira-users")),
        }),
        ..Group::named("jira-users", &links)
    }
}

fn list<E: Entity>(of: ListOf, members: &[E], format: Format) -> String {
    let mut writer = ListWriter::new(of, format);
    let body: String = members.iter().map(|member| writer.push(member)).collect();
    body + &writer.close()
}

macro_rules! golden {
    ($name:literal, $write:expr) => {{
        let write: &dyn Fn(Format) -> String = &$write;
        let xml = include_str!(concat!("golden/", $name, ".xml"));
        let json = include_str!(concat!("golden/", $name, ".json"));
        assert_eq!(write(Format::Xml), unfold(xml), concat!($name, ".xml"));
        assert_eq!(write(Format::Json), unfold(json), concat!($name, ".json"));
    }};
}

/// The files are folded for readers; a line break and the indentation after it are not on the wire.
fn unfold(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

#[test]
fn writes_a_full_user() {
    golden!("user", |format| encode(&camilla(), format));
}

#[test]
fn writes_a_user_that_is_only_named() {
    golden!("user_named", |format| encode(&User::named("zoë & co", &links()), format));
}

#[test]
fn writes_a_full_group() {
    golden!("group", |format| encode(&jira_users(), format));
}

#[test]
fn writes_lists_whose_groups_are_never_self_closing() {
    let named = [Group::named("a", &links()), Group::named("b", &links())];
    golden!("groups", |format| list(ListOf::Groups, &named, format));
    golden!("users", |format| list(ListOf::Users, &[camilla()], format));
    golden!("users_none", |format| list::<User>(ListOf::Users, &[], format));
}

#[test]
fn writes_attributes() {
    let attributes = Attributes {
        attributes: vec![Attribute {
            name: "k".into(),
            values: vec!["v1".into(), "v2".into()],
            link: None,
        }],
        link: Some(links().user_attributes("camilla")),
    };
    golden!("attributes", |format| encode(&attributes, format));
}

#[test]
fn writes_an_error_that_reads_back() {
    let error =
        ErrorBody { reason: Reason::UserNotFound, message: "User <x> does not exist".into() };
    golden!("error", |format| encode(&error, format));
    for format in [Format::Xml, Format::Json] {
        assert_eq!(ErrorBody::parse(encode(&error, format).as_bytes(), format), Ok(error.clone()));
    }
}

#[test]
fn writes_the_cookie_configuration_with_and_without_a_domain() {
    let name = "crowd.token_key".to_owned();
    let with = CookieConfig { domain: Some("example.test".into()), secure: true, name };
    golden!("cookie_config", |format| encode(&with, format));
    let without = CookieConfig { domain: None, ..with };
    golden!("cookie_config_no_domain", |format| encode(&without, format));
}

#[test]
fn writes_memberships_with_both_lists_in_every_group() {
    let text = memberships::open()
        + &memberships::membership("jira-users", ["bob", "ze\"d"], ["devs"])
        + &memberships::membership("empty", [], [])
        + memberships::close();
    assert_eq!(text, unfold(include_str!("golden/memberships.xml")));
}
