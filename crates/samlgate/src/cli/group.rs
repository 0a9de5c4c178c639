//! `samlgate group`: groups must exist before a sign-in can put anybody into them.

use anyhow::bail;
use clap::Subcommand;
use directory::Group;
use installation::config::Config;
use installation::people;
use installation::settings::By;
use serde_json::json;
use store::{Page, Store};

use super::database::Database;
use super::print;

/// What can be done with groups.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a group, or with --child put a group into another
    #[command(after_help = "Examples:
  samlgate group add jira-users
  samlgate group add jira-users --child developers")]
    Add {
        /// The group's name
        name: String,
        /// A group that becomes its member; both are there then
        #[arg(long, value_name = "GROUP")]
        child: Option<String>,
    },
    /// List all groups
    #[command(after_help = "Example:\n  samlgate group list")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one group with its members
    #[command(after_help = "Example:\n  samlgate group show jira-users")]
    Show {
        /// The group's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Put a user into a group by hand; no sign-in takes it out
    #[command(after_help = "Example:\n  samlgate group add-user jira-users camilla")]
    AddUser {
        /// The group's name
        group: String,
        /// The user's name
        user: String,
    },
    /// Take a user out of a group into which an administrator or an import put them
    #[command(after_help = "Example:\n  samlgate group remove-user jira-users camilla")]
    RemoveUser {
        /// The group's name
        group: String,
        /// The user's name
        user: String,
    },
    /// Remove a group with its memberships; the users stay
    #[command(after_help = "Example:\n  samlgate group remove jira-users")]
    Remove {
        /// The group's name
        name: String,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let store = &database.store;
    match command {
        Command::Add { name, child } => add(&database, &name, child.as_deref()).await,
        Command::List { json } => list(store, json).await,
        Command::Show { name, json } => show(store, &name, json).await,
        Command::RemoveUser { group, user } => {
            remove_user(store, &group, &user, database.by()).await
        }
        Command::AddUser { group, user } => {
            let group = people::find_group(store, &group).await?;
            let user = people::find(store, &user).await?;
            let by = database.by();
            let added = people::put_into(store, (&user.name, &group.name), by).await?;
            let done = if added { "is now" } else { "was already" };
            Ok(print::line(&format!("{} {done} in {}", user.name, group.name))?)
        }
        Command::Remove { name } => {
            let by = database.by();
            let group = people::remove_group(store, &name, by).await?;
            Ok(print::line(&format!("removed group {}", group.name))?)
        }
    }
}

/// What the IdP says is the IdP's: of the sources only the administrator's ends.
async fn remove_user(store: &Store, group: &str, user: &str, by: By) -> anyhow::Result<()> {
    let removed = people::take_out(store, (user, group), by).await?;
    let (group, user) = (people::find_group(store, group).await?, people::find(store, user).await?);
    let memberships = store.memberships_of(&user.id).await?;
    let left = memberships.iter().find(|membership| membership.group == group.name);
    match (removed, left) {
        (true, None) => print::line(&format!("{} is no longer in {}", user.name, group.name))?,
        (_, Some(left)) => print::line(&format!(
            "{} stays in {}: {}",
            user.name,
            group.name,
            people::because(left)
        ))?,
        (false, None) => bail!("{} is not in {}", user.name, group.name),
    }
    Ok(())
}

async fn add(database: &Database, name: &str, child: Option<&str>) -> anyhow::Result<()> {
    let (store, random) = (&database.store, database.random);
    let (group, is_new) = people::add_group(store, name, child, random, database.by()).await?;
    if is_new {
        print::line(&format!("added group {}", group.name))?;
    }
    if let Some(child) = child {
        let child = people::find_group(store, child).await?;
        print::line(&format!("{} is now in {}", child.name, group.name))?;
    }
    Ok(())
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let groups = store.groups(EVERYTHING).await?;
    if json {
        let all = groups.iter().map(|group| {
            json!({ "name": group.name, "description": group.description, "active": group.active })
        });
        return Ok(print::json(&all.collect::<Vec<_>>())?);
    }
    let rows: Vec<_> =
        groups.into_iter().map(|group| vec![group.name, group.description]).collect();
    Ok(print::table(
        &["NAME", "DESCRIPTION"],
        &rows,
        "no group yet; add one with `samlgate group add NAME`",
    )?)
}

async fn show(store: &Store, name: &str, json: bool) -> anyhow::Result<()> {
    let group = people::find_group(store, name).await?;
    let names = |groups: Vec<Group>| groups.into_iter().map(|group| group.name).collect::<Vec<_>>();
    let users = store.direct_users_of_group(&group.id, EVERYTHING).await?;
    let users: Vec<_> = users.into_iter().map(|user| user.name).collect();
    let children = names(store.child_groups(&group.id, EVERYTHING).await?);
    let parents = names(store.parent_groups(&group.id, EVERYTHING).await?);
    if json {
        return Ok(print::json(&json!({
            "name": group.name,
            "description": group.description,
            "active": group.active,
            "users": users,
            "groups": children,
            "parents": parents,
        }))?);
    }
    let joined =
        |names: Vec<String>| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    Ok(print::fields(&[
        ("name", group.name),
        ("users", joined(users)),
        ("groups", joined(children)),
        ("in", joined(parents)),
    ])?)
}

const EVERYTHING: Page = Page { start: 0, max: None };
