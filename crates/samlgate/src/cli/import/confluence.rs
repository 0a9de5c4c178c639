//! Users and groups of Confluence: group by group through its REST API, which every user is in at
//! least one of to get in; e-mail addresses through its older JSON-RPC, where that is on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, encoded};
use super::{Found, Person};

const PAGE: usize = 200;

#[derive(Deserialize)]
struct Page<T> {
    results: Vec<T>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    username: String,
    #[serde(default)]
    display_name: String,
}

/// What the older API says of a user.
#[derive(Deserialize)]
struct Known {
    #[serde(default)]
    email: String,
}

pub(super) async fn read(client: &mut Client) -> anyhow::Result<Found> {
    let groups: Vec<Group> = all(client, "/rest/api/group").await?;
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for group in &groups {
        let path = format!("/rest/api/group/{}/member", encoded(&group.name));
        let members: Vec<Member> = all(client, &path).await?;
        for member in members {
            let person = people.entry(member.username.clone()).or_insert_with(|| Person {
                name: member.username,
                full_name: member.display_name,
                email: String::new(),
                active: true,
                groups: Vec::new(),
            });
            person.groups.push(group.name.clone());
        }
    }
    let mut notes = Vec::new();
    for person in people.values_mut() {
        let path = "/rpc/json-rpc/confluenceservice-v2/getUser";
        let known: Option<Known> = client.call(path, &json!([person.name])).await?;
        match known {
            Some(known) => person.email = known.email,
            None => {
                notes.push("this Confluence does not tell e-mail addresses".to_owned());
                break;
            }
        }
    }
    let groups = groups.into_iter().map(|group| group.name).collect();
    Ok(Found { people: people.into_values().collect(), groups, notes })
}

/// Page by page, to the first empty one: a page may be shorter than asked for.
async fn all<T: serde::de::DeserializeOwned>(
    client: &mut Client,
    path: &str,
) -> anyhow::Result<Vec<T>> {
    let mut whole = Vec::new();
    loop {
        let start = whole.len();
        let page: Page<T> = client.get(&format!("{path}?start={start}&limit={PAGE}")).await?;
        if page.results.is_empty() {
            return Ok(whole);
        }
        whole.extend(page.results);
    }
}
