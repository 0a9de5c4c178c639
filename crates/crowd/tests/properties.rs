//! What holds for any user and group: both formats carry the same entity, whatever its characters.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crowd::entity::attributes::{Attribute, Attributes};
use crowd::entity::group::{Group, GroupDetails, GroupKind};
use crowd::entity::link::Links;
use crowd::entity::user::{Expandable, PasswordLink, User, UserDetails};
use crowd::xml::Element;
use crowd::{Format, encode};
use proptest::prelude::*;

const BASE: &str = "http://127.0.0.1:9095/rest/usermanagement/1";

/// Any text that XML 1.0 §2.2 can carry.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| {
        text.chars()
            .filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..))
            .collect()
    })
}

fn moment() -> impl Strategy<Value = Option<SystemTime>> {
    let milliseconds = 0..4_102_444_800_000_u64;
    proptest::option::of(
        milliseconds.prop_map(|milliseconds| UNIX_EPOCH + Duration::from_millis(milliseconds)),
    )
}

fn attributes(
    link: fn(&Links, &str) -> crowd::entity::link::Link,
) -> impl Strategy<Value = Attributes> {
    let attribute = (text(), proptest::collection::vec(text(), 0..3))
        .prop_map(|(name, values)| Attribute { name, values, link: None });
    proptest::collection::vec(attribute, 0..3).prop_map(move |attributes| Attributes {
        attributes,
        link: Some(link(&Links::new(BASE), "x")),
    })
}

fn user() -> impl Strategy<Value = User> {
    let texts = proptest::array::uniform5(text());
    let details = (texts, moment(), moment(), any::<bool>(), attributes(Links::user_attributes));
    (text(), proptest::option::of(details)).prop_map(|(name, details)| {
        let links = Links::new(BASE);
        let details = details.map(|(texts, created_date, updated_date, active, attributes)| {
            let [first_name, last_name, display_name, email, key] = texts;
            let password = PasswordLink { link: links.user_password(&name) };
            UserDetails {
                expand: Expandable::Attributes,
                first_name,
                last_name,
                display_name,
                email,
                password,
                key,
                created_date,
                updated_date,
                active,
                attributes,
            }
        });
        User { details, ..User::named(&name, &links) }
    })
}

fn group() -> impl Strategy<Value = Group> {
    let details = (text(), any::<bool>(), attributes(Links::group_attributes));
    (text(), proptest::option::of(details)).prop_map(|(name, details)| Group {
        details: details.map(|(description, active, attributes)| GroupDetails {
            expand: Expandable::Attributes,
            description,
            kind: GroupKind::Group,
            active,
            attributes,
        }),
        ..Group::named(&name, &Links::new(BASE))
    })
}

proptest! {
    #[test]
    fn a_user_is_the_same_in_both_formats(user in user()) {
        prop_assert_eq!(&User::from_xml(encode(&user, Format::Xml).as_bytes()).unwrap(), &user);
        prop_assert_eq!(&User::from_json(encode(&user, Format::Json).as_bytes()).unwrap(), &user);
    }

    #[test]
    fn a_group_is_the_same_in_both_formats(group in group()) {
        prop_assert_eq!(&Group::from_xml(encode(&group, Format::Xml).as_bytes()).unwrap(), &group);
        prop_assert_eq!(&Group::from_json(encode(&group, Format::Json).as_bytes()).unwrap(), &group);
    }

    #[test]
    fn any_name_at_all_makes_readable_xml(name in any::<String>()) {
        let body = encode(&User::named(&name, &Links::new(BASE)), Format::Xml);
        prop_assert!(Element::parse(body.as_bytes()).is_ok());
    }

    #[test]
    fn no_bytes_make_the_reader_fail_otherwise_than_by_an_error(
        body in proptest::collection::vec(any::<u8>(), 0..200)
    ) {
        let _ = Element::parse(&body);
    }
}
