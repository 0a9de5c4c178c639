//! What the Crowd server answers, read as strictly as the Java client reads it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::response::Parts;
use serde_json::Value;

use super::element::Element;
use super::failure::CrowdFailure;

/// A user in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteUser {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) email: String,
    pub(crate) active: bool,
    pub(crate) key: Option<String>,
}

/// A group in full, without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteGroup {
    pub(crate) name: String,
}

/// Direct members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    pub(crate) group: String,
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
}

/// What a full synchronisation brings.
#[derive(Debug)]
pub(crate) struct Everything {
    pub(crate) users: Vec<RemoteUser>,
    pub(crate) groups: Vec<RemoteGroup>,
    pub(crate) memberships: Vec<Membership>,
}

/// A body that was parsed, but not yet understood.
pub(super) enum Answer {
    Xml(Element),
    Json(Value),
}

impl Answer {
    pub(super) fn read(head: &Parts, body: Bytes) -> Result<Self, CrowdFailure> {
        let text = std::str::from_utf8(&body).map_err(|_| unreadable("it is not UTF-8"))?;
        if is_json(head) {
            serde_json::from_str(text).map(Answer::Json).map_err(|error| unreadable(&error))
        } else {
            Element::parse(text).map(Answer::Xml).map_err(|error| unreadable(&error))
        }
    }

    pub(super) fn user(&self) -> Result<RemoteUser, CrowdFailure> {
        match self {
            Answer::Xml(element) => user_from_xml(named(element, "user")?),
            Answer::Json(value) => user_from_json(value),
        }
    }

    pub(super) fn users(&self) -> Result<Vec<RemoteUser>, CrowdFailure> {
        match self {
            Answer::Xml(root) => named(root, "users")?.all("user").map(user_from_xml).collect(),
            Answer::Json(value) => list(value, "users")?.iter().map(user_from_json).collect(),
        }
    }

    pub(super) fn group(&self) -> Result<RemoteGroup, CrowdFailure> {
        match self {
            Answer::Xml(element) => group_from_xml(named(element, "group")?),
            Answer::Json(value) => group_from_json(value),
        }
    }

    pub(super) fn groups(&self) -> Result<Vec<RemoteGroup>, CrowdFailure> {
        match self {
            Answer::Xml(root) => named(root, "groups")?.all("group").map(group_from_xml).collect(),
            Answer::Json(value) => list(value, "groups")?.iter().map(group_from_json).collect(),
        }
    }

    /// The names in a list of groups that need not be expanded.
    pub(super) fn group_names(&self) -> Result<Vec<String>, CrowdFailure> {
        self.names("groups", "group")
    }

    /// The same of users.
    pub(super) fn user_names(&self) -> Result<Vec<String>, CrowdFailure> {
        self.names("users", "user")
    }

    /// Memberships, which come as XML whatever was asked for.
    pub(super) fn memberships(&self) -> Result<Vec<Membership>, CrowdFailure> {
        let Answer::Xml(root) = self else {
            return Err(unreadable("memberships are XML in every format"));
        };
        let read = |membership: &Element| {
            let members = |list: &str, entry: &str| {
                let list = membership
                    .child(list)
                    .ok_or_else(|| unreadable(&format!("a membership without <{list}>")))?;
                list.all(entry).map(name_of).collect::<Result<Vec<_>, _>>()
            };
            Ok(Membership {
                group: membership
                    .attribute("group")
                    .ok_or_else(|| unreadable("a membership without its group"))?
                    .to_owned(),
                users: members("users", "user")?,
                groups: members("groups", "group")?,
            })
        };
        named(root, "memberships")?.all("membership").map(read).collect()
    }

    fn names(&self, plural: &str, singular: &str) -> Result<Vec<String>, CrowdFailure> {
        match self {
            Answer::Xml(root) => named(root, plural)?.all(singular).map(name_of).collect(),
            Answer::Json(value) => {
                list(value, plural)?.iter().map(|entry| text(entry, "name")).collect()
            }
        }
    }
}

/// The reason of a refusal; `None` when the body holds none, or cannot be read [S].
pub(super) fn refusal(head: &Parts, body: &[u8]) -> Option<CrowdFailure> {
    let body = std::str::from_utf8(body).ok()?;
    let (reason, message) = if is_json(head) {
        let value: Value = serde_json::from_str(body).ok()?;
        (text(&value, "reason").ok()?, text(&value, "message").unwrap_or_default())
    } else {
        let root = Element::parse(body).ok().filter(|root| root.name == "error")?;
        let message = root.text_of("message").unwrap_or_default().to_owned();
        (root.text_of("reason")?.to_owned(), message)
    };
    Some(CrowdFailure::Reason { reason, message })
}

fn is_json(head: &Parts) -> bool {
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/json"))
}

fn user_from_xml(user: &Element) -> Result<RemoteUser, CrowdFailure> {
    let text = |name| user.text_of(name).unwrap_or_default().to_owned();
    Ok(RemoteUser {
        name: name_of(user)?,
        display_name: text("display-name"),
        email: text("email"),
        // A user of whom nothing is said is inactive [S].
        active: user.text_of("active") == Some("true"),
        key: user.text_of("key").map(str::to_owned),
    })
}

fn user_from_json(user: &Value) -> Result<RemoteUser, CrowdFailure> {
    Ok(RemoteUser {
        name: text(user, "name")?,
        display_name: text(user, "display-name").unwrap_or_default(),
        email: text(user, "email").unwrap_or_default(),
        active: user.get("active") == Some(&Value::Bool(true)),
        key: text(user, "key").ok(),
    })
}

fn group_from_xml(group: &Element) -> Result<RemoteGroup, CrowdFailure> {
    is_a_group(group.text_of("type"))?;
    Ok(RemoteGroup { name: name_of(group)? })
}

fn group_from_json(group: &Value) -> Result<RemoteGroup, CrowdFailure> {
    is_a_group(group.get("type").and_then(Value::as_str))?;
    Ok(RemoteGroup { name: text(group, "name")? })
}

/// The type must be there and has one value only.
fn is_a_group(kind: Option<&str>) -> Result<(), CrowdFailure> {
    match kind {
        Some("GROUP") => Ok(()),
        other => Err(unreadable(&format!("a group of type {other:?}"))),
    }
}

fn named<'a>(element: &'a Element, name: &str) -> Result<&'a Element, CrowdFailure> {
    if element.name == name {
        return Ok(element);
    }
    Err(unreadable(&format!("<{}> instead of <{name}>", element.name)))
}

fn name_of(element: &Element) -> Result<String, CrowdFailure> {
    let name = element.attribute("name").filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| unreadable(&format!("<{}> has no name", element.name)))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, CrowdFailure> {
    let list = value.get(name).and_then(Value::as_array);
    list.ok_or_else(|| unreadable(&format!("there is no list {name:?}")))
}

fn text(value: &Value, name: &str) -> Result<String, CrowdFailure> {
    let text = value.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| unreadable(&format!("there is no {name:?}")))
}

fn unreadable(why: &(impl std::fmt::Display + ?Sized)) -> CrowdFailure {
    CrowdFailure::Unreadable(why.to_string())
}
