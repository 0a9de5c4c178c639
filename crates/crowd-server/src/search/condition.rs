//! A search restriction made ready: its values read once, then asked of one entity after another.
//!
//! Text is compared without case. A property that does not exist is a custom attribute, of which
//! there are none yet: it has no value, so only "has no value" holds. What could hold for nobody,
//! such as a date that is compared as text, is refused: an empty list would be a false answer.

use std::time::SystemTime;

use crowd::restriction::{Logic, MatchMode, PropertyKind, PropertyRestriction, Restriction};
use directory::{Group, User, name_key};

use super::moment;
use crate::answer::Refusal;
use crate::wire;

/// What must hold.
pub(super) enum Condition {
    Always,
    All(Vec<Condition>),
    Any(Vec<Condition>),
    NoValue(String),
    Text(String, MatchMode, String),
    Flag(String, bool),
    Moment(String, MatchMode, SystemTime),
}

/// What kind of value a property of the protocol has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Moment,
}

/// A property of an entity.
pub(super) enum Property<'a> {
    Text(&'a str),
    Flag(bool),
    Moment(SystemTime),
    None,
}

impl Condition {
    /// Reads the values. `kind_of` tells what the entity's own properties are.
    pub(super) fn new(
        restriction: &Restriction,
        kind_of: fn(&str) -> Option<Kind>,
    ) -> Result<Self, Refusal> {
        match restriction {
            Restriction::Everything => Ok(Self::Always),
            Restriction::Boolean { logic, restrictions } => {
                let parts = restrictions.iter().map(|part| Self::new(part, kind_of));
                let parts = parts.collect::<Result<_, _>>()?;
                Ok(match logic {
                    Logic::And => Self::All(parts),
                    Logic::Or => Self::Any(parts),
                })
            }
            Restriction::Property(restriction) => {
                fits(restriction, kind_of(&restriction.property))?;
                Self::of_property(restriction)
            }
        }
    }

    fn of_property(restriction: &PropertyRestriction) -> Result<Self, Refusal> {
        let PropertyRestriction { property, kind, mode, value } = restriction;
        let name = property.clone();
        let unfit = |what: &str| Refusal::illegal_argument(format!("{property}: {what}"));
        match (kind, mode) {
            (_, MatchMode::Null) => Ok(Self::NoValue(name)),
            (PropertyKind::Boolean, MatchMode::ExactlyMatches) => match value.trim() {
                "true" => Ok(Self::Flag(name, true)),
                "false" => Ok(Self::Flag(name, false)),
                _ => Err(unfit("the value is neither true nor false")),
            },
            (
                PropertyKind::Date,
                MatchMode::Contains | MatchMode::StartsWith | MatchMode::EndsWith,
            ) => Err(unfit("a date is not text")),
            (PropertyKind::Date, mode) => {
                let moment =
                    moment::read(value).ok_or_else(|| unfit("the value is no ISO-8601 date"))?;
                Ok(Self::Moment(name, *mode, moment))
            }
            (
                PropertyKind::Text,
                MatchMode::ExactlyMatches
                | MatchMode::Contains
                | MatchMode::StartsWith
                | MatchMode::EndsWith,
            ) => Ok(Self::Text(name, *mode, name_key(value).into_owned())),
            _ => Err(unfit("this type cannot be compared that way")),
        }
    }

    /// Whether it holds for the entity whose properties `property` tells.
    pub(super) fn holds<'a>(&self, property: &impl Fn(&str) -> Property<'a>) -> bool {
        match self {
            Self::Always => true,
            Self::All(parts) => parts.iter().all(|part| part.holds(property)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(property)),
            Self::NoValue(name) => matches!(property(name), Property::None | Property::Text("")),
            Self::Text(name, mode, value) => match property(name) {
                Property::Text(text) => text_matches(&name_key(text), *mode, value),
                // Some clients send every value as text.
                Property::Flag(flag) => {
                    *mode == MatchMode::ExactlyMatches && flag.to_string() == *value
                }
                Property::Moment(_) | Property::None => false,
            },
            Self::Flag(name, value) => {
                matches!(property(name), Property::Flag(flag) if flag == *value)
            }
            Self::Moment(name, mode, value) => match property(name) {
                Property::Moment(moment) => match mode {
                    MatchMode::ExactlyMatches => moment == *value,
                    MatchMode::GreaterThan => moment > *value,
                    MatchMode::GreaterThanOrEqual => moment >= *value,
                    MatchMode::LessThan => moment < *value,
                    MatchMode::LessThanOrEqual => moment <= *value,
                    _ => false,
                },
                _ => false,
            },
        }
    }
}

/// Whether what is asked of a property can hold for anybody. Some clients send flags as text.
fn fits(restriction: &PropertyRestriction, kind: Option<Kind>) -> Result<(), Refusal> {
    let PropertyRestriction { property, kind: asked, mode, value } = restriction;
    let is_flag = matches!(value.to_ascii_lowercase().as_str(), "true" | "false");
    let fits = match (kind, asked) {
        _ if *mode == MatchMode::Null => true,
        (None, _)
        | (Some(Kind::Text), PropertyKind::Text)
        | (Some(Kind::Flag), PropertyKind::Boolean)
        | (Some(Kind::Moment), PropertyKind::Date) => true,
        (Some(Kind::Flag), PropertyKind::Text) => *mode == MatchMode::ExactlyMatches && is_flag,
        _ => false,
    };
    let is = match kind {
        _ if fits => return Ok(()),
        Some(Kind::Flag) => "true or false: compare it as BOOLEAN with EXACTLY_MATCHES",
        Some(Kind::Moment) => "a date: compare it as DATE",
        Some(Kind::Text) | None => "text: compare it as STRING",
    };
    Err(Refusal::illegal_argument(format!("{property} is {is}")))
}

/// What a user's property is.
pub(super) fn user_kind(name: &str) -> Option<Kind> {
    match name {
        "name" | "email" | "displayName" | "firstName" | "lastName" | "externalId" => {
            Some(Kind::Text)
        }
        "active" => Some(Kind::Flag),
        "createdDate" | "updatedDate" => Some(Kind::Moment),
        _ => None,
    }
}

/// What a group's property is.
pub(super) fn group_kind(name: &str) -> Option<Kind> {
    match name {
        "name" | "description" | "externalId" | "type" => Some(Kind::Text),
        "active" | "local" => Some(Kind::Flag),
        "createdDate" | "updatedDate" => Some(Kind::Moment),
        _ => None,
    }
}

/// A user's property by its name in the protocol.
pub(super) fn user_property<'a>(user: &'a User, name: &str) -> Property<'a> {
    match name {
        "name" => Property::Text(&user.name),
        "email" => Property::Text(&user.email),
        "displayName" => Property::Text(&user.full_name),
        "firstName" => Property::Text(wire::names(&user.full_name).0),
        "lastName" => Property::Text(wire::names(&user.full_name).1),
        "externalId" => Property::Text(&user.id),
        "active" => Property::Flag(user.active),
        "createdDate" => Property::Moment(user.created_at),
        "updatedDate" => Property::Moment(user.updated_at),
        _ => Property::None,
    }
}

/// A group's property by its name in the protocol.
pub(super) fn group_property<'a>(group: &'a Group, name: &str) -> Property<'a> {
    match name {
        "name" => Property::Text(&group.name),
        "description" => Property::Text(&group.description),
        "externalId" => Property::Text(&group.id),
        "type" => Property::Text("GROUP"),
        "active" => Property::Flag(group.active),
        "local" => Property::Flag(false),
        "createdDate" => Property::Moment(group.created_at),
        "updatedDate" => Property::Moment(group.updated_at),
        _ => Property::None,
    }
}

fn text_matches(text: &str, mode: MatchMode, value: &str) -> bool {
    match mode {
        MatchMode::ExactlyMatches => text == value,
        MatchMode::Contains => text.contains(value),
        MatchMode::StartsWith => text.starts_with(value),
        MatchMode::EndsWith => text.ends_with(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use crowd::Format;

    use super::*;

    fn camilla() -> User {
        User {
            id: "u1".into(),
            name: "Camilla".into(),
            full_name: "Camilla the Chicken".into(),
            email: "camilla@example.test".into(),
            active: true,
            idp: None,
            created_at: UNIX_EPOCH + Duration::from_secs(1_767_323_045),
            updated_at: UNIX_EPOCH,
        }
    }

    fn asks(property: &str, kind: &str, mode: &str, value: &str) -> String {
        format!(
            r#"{{"property":{{"name":"{property}","type":"{kind}"}},"match-mode":"{mode}","value":"{value}"}}"#
        )
    }

    fn holds(json: &str) -> bool {
        let restriction = Restriction::parse(json.as_bytes(), Some(Format::Json)).unwrap();
        let condition = Condition::new(&restriction, user_kind);
        let condition = condition.unwrap_or_else(|_| panic!("refused: {json}"));
        let user = camilla();
        condition.holds(&|name| user_property(&user, name))
    }

    #[test]
    fn compares_text_without_case() {
        assert!(holds(&asks("name", "STRING", "EXACTLY_MATCHES", "CAMILLA")));
        assert!(holds(&asks("email", "STRING", "CONTAINS", "@EXAMPLE")));
        assert!(holds(&asks("displayName", "STRING", "STARTS_WITH", "camilla the")));
        assert!(holds(&asks("lastName", "STRING", "ENDS_WITH", "chicken")));
        assert!(!holds(&asks("firstName", "STRING", "EXACTLY_MATCHES", "chicken")));
    }

    #[test]
    fn compares_flags_and_dates() {
        assert!(holds(&asks("active", "BOOLEAN", "EXACTLY_MATCHES", "true")));
        assert!(!holds(&asks("active", "BOOLEAN", "EXACTLY_MATCHES", "false")));
        assert!(holds(&asks("createdDate", "DATE", "GREATER_THAN", "2026-01-01")));
        assert!(holds(&asks("createdDate", "DATE", "LESS_THAN", "2026-01-02T03:04:06.000+0000")));
        assert!(!holds(&asks("createdDate", "DATE", "LESS_THAN", "2026-01-02T03:04:05Z")));
    }

    #[test]
    fn takes_an_unknown_property_as_an_attribute_without_a_value() {
        assert!(holds(&asks("shoeSize", "STRING", "NULL", "")));
        assert!(!holds(&asks("shoeSize", "STRING", "CONTAINS", "")));
        assert!(!holds(&asks("email", "STRING", "NULL", "")));
    }

    #[test]
    fn knows_what_each_property_is() {
        let user = camilla();
        let group = Group {
            id: "g1".into(),
            name: "staff".into(),
            description: String::new(),
            active: true,
            created_at: UNIX_EPOCH,
            updated_at: UNIX_EPOCH,
        };
        let kind = |property: Property<'_>| match property {
            Property::Text(_) => Some(Kind::Text),
            Property::Flag(_) => Some(Kind::Flag),
            Property::Moment(_) => Some(Kind::Moment),
            Property::None => None,
        };
        for name in [
            "name",
            "email",
            "displayName",
            "firstName",
            "lastName",
            "externalId",
            "active",
            "createdDate",
            "updatedDate",
            "description",
            "type",
            "local",
            "shoeSize",
        ] {
            assert_eq!(user_kind(name), kind(user_property(&user, name)), "{name}");
            assert_eq!(group_kind(name), kind(group_property(&group, name)), "{name}");
        }
        assert!(holds(&asks("active", "STRING", "EXACTLY_MATCHES", "TRUE")));
    }

    #[test]
    fn joins_parts() {
        let (yes, no) = (
            asks("active", "BOOLEAN", "EXACTLY_MATCHES", "true"),
            asks("name", "STRING", "CONTAINS", "gonzo"),
        );
        assert!(!holds(&format!(r#"{{"boolean-logic":"and","restrictions":[{yes},{no}]}}"#)));
        assert!(holds(&format!(r#"{{"boolean-logic":"or","restrictions":[{no},{yes}]}}"#)));
    }

    #[test]
    fn refuses_a_value_that_its_type_cannot_hold() {
        for json in [
            asks("active", "BOOLEAN", "EXACTLY_MATCHES", "perhaps"),
            asks("createdDate", "DATE", "GREATER_THAN", "soon"),
            asks("createdDate", "DATE", "CONTAINS", "2026"),
            asks("name", "STRING", "GREATER_THAN", "a"),
            asks("createdDate", "STRING", "EXACTLY_MATCHES", "2026-01-02"),
            asks("name", "BOOLEAN", "EXACTLY_MATCHES", "true"),
            asks("email", "DATE", "GREATER_THAN", "2026-01-01"),
            asks("active", "STRING", "CONTAINS", "tr"),
            asks("active", "STRING", "EXACTLY_MATCHES", "yes"),
            asks("active", "DATE", "LESS_THAN", "2026-01-01"),
        ] {
            let restriction = Restriction::parse(json.as_bytes(), Some(Format::Json)).unwrap();
            assert!(
                matches!(
                    Condition::new(&restriction, user_kind),
                    Err(Refusal::Reason { reason: crowd::Reason::IllegalArgument, .. })
                ),
                "{json}"
            );
        }
    }
}
