//! Users and groups of Jira, through its REST API, version 2.

use serde::Deserialize;

use super::client::{Client, encoded};
use super::{Found, Person};

/// Jira gives at most this many users at once.
const PAGE: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    name: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    email_address: String,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default)]
    groups: Groups,
}

#[derive(Default, Deserialize)]
struct Groups {
    #[serde(default)]
    items: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
}

#[derive(Deserialize)]
struct Picked {
    groups: Vec<Group>,
}

/// All users, inactive ones too, with their groups: Jira tells of groups completely only user by
/// user. Groups without members come from its picker, as far as that shows them.
pub(super) async fn read(client: &mut Client) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut start = 0;
    loop {
        let path = format!(
            "/rest/api/2/user/search?username=.&includeInactive=true&maxResults={PAGE}&startAt={start}"
        );
        let page: Vec<User> = client.get(&path).await?;
        start += page.len();
        let last = page.is_empty();
        for user in page {
            let path = format!("/rest/api/2/user?username={}&expand=groups", encoded(&user.name));
            let user: User = client.get(&path).await?;
            found.people.push(user.into());
        }
        // A page may be shorter than asked for, where Jira's own limit is lower.
        if last {
            break;
        }
    }
    let picked: Picked = client.get("/rest/api/2/groups/picker?query=&maxResults=1000").await?;
    found.groups = picked.groups.into_iter().map(|group| group.name).collect();
    Ok(found)
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        Person {
            name: user.name,
            full_name: user.display_name,
            email: user.email_address,
            active: user.active,
            groups: user.groups.items.into_iter().map(|group| group.name).collect(),
        }
    }
}

fn yes() -> bool {
    true
}
