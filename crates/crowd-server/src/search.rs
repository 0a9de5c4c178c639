//! `POST /search` and `GET /search`: users or groups by a restriction.
//!
//! What a connection test, a synchronisation and most clients ask (everyone, a name, an address) is
//! one statement in the store. Any other restriction is evaluated over all users or groups, block by
//! block.

mod condition;
mod moment;

use axum::http::Method;
use axum::response::Response;
use crowd::restriction::{MatchMode, PropertyRestriction, Restriction};
use directory::{Group, User};
use store::Page;

use super::answer::Refusal;
use super::call::Call;
use super::{Rest, list};
use condition::{Condition, group_kind, group_property, user_kind, user_property};

/// The list of those that are asked for.
pub(super) async fn search(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let restriction = restriction(call)?;
    let page = call.page()?;
    match call.required("entity-type")? {
        "user" => Ok(list::users(rest, call, users(rest, &restriction, page).await?)),
        "group" => Ok(list::groups(rest, call, groups(rest, &restriction, page).await?)),
        _ => Err(Refusal::illegal_argument("The argument entity-type must be user or group")),
    }
}

fn restriction(call: &Call) -> Result<Restriction, Refusal> {
    let query = call.argument("restriction").unwrap_or_default().trim();
    match (&call.method, query) {
        (&Method::POST, "") => Ok(Restriction::parse(&call.body, call.body_format)?),
        // Whoever sends two wants both to count.
        (&Method::POST, _) => Err(Refusal::illegal_argument(
            "The restriction stands in the body of POST, and in the address of GET only",
        )),
        _ => Restriction::of_query(query)
            .map_err(|error| Refusal::illegal_argument(error.to_string())),
    }
}

async fn users(rest: &Rest, restriction: &Restriction, page: Page) -> Result<Vec<User>, Refusal> {
    let store = &rest.installation.store;
    match restriction {
        Restriction::Everything => return Ok(store.users(page).await?),
        Restriction::Property(property) => match (property.property.as_str(), property.mode) {
            ("name", MatchMode::Null) => return Ok(Vec::new()),
            ("name", MatchMode::ExactlyMatches) => {
                return Ok(cut(store.user(&property.value).await?, page));
            }
            ("email", MatchMode::ExactlyMatches) => {
                return Ok(store.users_by_email(&property.value, page).await?);
            }
            _ => {}
        },
        Restriction::Boolean { .. } => {}
    }
    let condition = Condition::new(restriction, user_kind)?;
    let mut found = Found::new(page);
    let mut block = Page { start: 0, max: Some(BLOCK) };
    loop {
        let users = store.users(block).await?;
        let last = (users.len() as u64) < BLOCK;
        for user in users {
            if condition.holds(&|name| user_property(&user, name)) && found.add(user) {
                return Ok(found.members);
            }
        }
        if last {
            return Ok(found.members);
        }
        block.start += BLOCK;
    }
}

async fn groups(rest: &Rest, restriction: &Restriction, page: Page) -> Result<Vec<Group>, Refusal> {
    let store = &rest.installation.store;
    match restriction {
        Restriction::Everything => return Ok(store.groups(page).await?),
        Restriction::Property(PropertyRestriction { property, mode, value, .. }) => {
            match (property.as_str(), mode) {
                ("name", MatchMode::Null) => return Ok(Vec::new()),
                ("name", MatchMode::ExactlyMatches) => {
                    return Ok(cut(store.group(value).await?, page));
                }
                _ => {}
            }
        }
        Restriction::Boolean { .. } => {}
    }
    let condition = Condition::new(restriction, group_kind)?;
    let mut found = Found::new(page);
    for group in store.groups(Page::ALL).await? {
        if condition.holds(&|name| group_property(&group, name)) && found.add(group) {
            break;
        }
    }
    Ok(found.members)
}

/// The page of a list of at most one.
fn cut<T>(found: Option<T>, page: Page) -> Vec<T> {
    let shown = page.start == 0 && page.max != Some(0);
    found.into_iter().filter(|_| shown).collect()
}

/// The page of what is found one by one.
struct Found<T> {
    skip: u64,
    max: Option<u64>,
    members: Vec<T>,
}

impl<T> Found<T> {
    fn new(page: Page) -> Self {
        Self { skip: page.start, max: page.max, members: Vec::new() }
    }

    /// Takes one more; says whether the page is full.
    fn add(&mut self, member: T) -> bool {
        let full =
            |members: &[T], max: Option<u64>| max.is_some_and(|max| members.len() as u64 >= max);
        if self.skip > 0 {
            self.skip -= 1;
        } else if !full(&self.members, self.max) {
            self.members.push(member);
        }
        full(&self.members, self.max)
    }
}

/// Users read at a time.
const BLOCK: u64 = 1000;
