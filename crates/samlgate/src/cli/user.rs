//! `samlgate user`: people in the directory whom nobody's sign-in created.

mod change;

use anyhow::Context as _;
use clap::Subcommand;
use directory::User;
use installation::config::Config;
use installation::moment;
use installation::people::{self, NewUser};
use serde_json::{Value, json};
use store::{Page, Store};

use super::database::Database;
use super::{membership, password, print};

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a user
    #[command(after_help = "Example:
  samlgate user add camilla --full-name 'Camilla the Chicken' --email camilla@muppets.com --idp entra")]
    Add {
        /// The name to sign in with, as the IdP sends it
        name: String,
        /// The name to show
        #[arg(long, value_name = "N")]
        full_name: String,
        /// The e-mail address
        #[arg(long, value_name = "E")]
        email: String,
        /// Bind and tag the user as this IdP's, so that its sign-ins, and no others, update it
        #[arg(long, value_name = "NAME")]
        idp: Option<String>,
        /// Read a password, one line, from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Change a user; what is not named stays
    #[command(after_help = "Examples:
  samlgate user set camilla --rename camilla.chicken
  samlgate user set camilla --idp entra")]
    Set(change::Set),
    /// Say which IdP alone may sign a user in
    #[command(after_help = "Example:\n  samlgate user link camilla --idp entra")]
    Link {
        /// The user's name
        name: String,
        /// The IdP
        #[arg(long, value_name = "NAME")]
        idp: String,
    },
    /// Take a user from its IdP: the next sign-in that may bind anybody binds it
    #[command(after_help = "Example:\n  samlgate user unlink camilla")]
    Unlink {
        /// The user's name
        name: String,
    },
    /// Make a user inactive and end their sessions at all apps
    #[command(after_help = "Example:\n  samlgate user disable camilla")]
    Disable {
        /// The user's name
        name: String,
    },
    /// Make a user active again
    #[command(after_help = "Example:\n  samlgate user enable camilla")]
    Enable {
        /// The user's name
        name: String,
    },
    /// List all users
    #[command(after_help = "Example:\n  samlgate user list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one user with its groups, and where each membership comes from
    #[command(after_help = "Example:\n  samlgate user show camilla")]
    Show {
        /// The user's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let store = &database.store;
    match command {
        Command::Add { name, full_name, email, idp, password_stdin } => {
            let mut new = NewUser { name, full_name, email, idp, password_hash: None };
            // Nobody types a password for a user who cannot be added.
            new.check()?;
            if let Some(idp) = &new.idp {
                people::idp_of(store, idp).await?;
            }
            if password_stdin {
                let text = password::read(&format!("Password of {}", new.name))?;
                new.password_hash = Some(installation::password::hash(&text, database.random)?);
            }
            let by = database.by();
            let user = people::add_user(store, new, database.random, by).await?;
            print::line(&format!("added user {}", user.name))?;
            warn_of_name(&user.name)?;
        }
        Command::Set(set) => set.apply(&database).await?,
        Command::Link { name, idp } => {
            people::link(store, &name, Some(&idp), database.by()).await?;
            print::line(&format!("only {idp} signs {name} in from now on"))?;
        }
        Command::Unlink { name } => {
            people::link(store, &name, None, database.by()).await?;
            print::line(&format!("{name} is bound to no IdP"))?;
        }
        Command::Disable { name } => change::switch(&database, &name, false).await?,
        Command::Enable { name } => change::switch(&database, &name, true).await?,
        Command::List { json } => list(store, json).await?,
        Command::Show { name, json } => show(store, &name, json).await?,
    }
    Ok(())
}

/// Says that a name may give trouble.
fn warn_of_name(name: &str) -> anyhow::Result<()> {
    match directory::warning_for_confluence(name) {
        Some(warning) => Ok(print::line(&format!("warning: {warning}"))?),
        None => Ok(()),
    }
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let page = store.users(Page { start: all.len() as u64, max: Some(PAGE) }).await?;
        let last = (page.len() as u64) < PAGE;
        all.extend(page);
        if last {
            break;
        }
    }
    if json {
        return Ok(print::json(&all.iter().map(as_json).collect::<Vec<_>>())?);
    }
    let rows: Vec<_> = all
        .into_iter()
        .map(|user| {
            let active = if user.active { "yes" } else { "no" }.to_owned();
            vec![
                user.name,
                user.full_name,
                user.email,
                active,
                user.idp.unwrap_or_else(|| "-".into()),
            ]
        })
        .collect();
    let empty = "no user yet; sign-ins create them when an IdP has --create-users";
    Ok(print::table(&["NAME", "FULL NAME", "EMAIL", "ACTIVE", "IDP"], &rows, empty)?)
}

async fn show(store: &Store, name: &str, json: bool) -> anyhow::Result<()> {
    let user = store.user(name).await?.with_context(|| format!("there is no user {name}"))?;
    let memberships = store.memberships_of(&user.id).await?;
    let bound = store.binding_of(&user.id).await?;
    if json {
        let mut value = as_json(&user);
        value["bound"] = json!(bound.map(|to| json!({ "idp": to.idp, "entity_id": to.entity_id })));
        value["groups"] = memberships.iter().map(membership::as_json).collect();
        return Ok(print::json(&value)?);
    }
    print::fields(&[
        ("name", user.name),
        ("full name", user.full_name),
        ("email", user.email),
        ("active", if user.active { "yes" } else { "no" }.to_owned()),
        ("bound to", bound.map_or_else(|| "no IdP yet".to_owned(), |to| to.idp)),
        ("tag", user.idp.unwrap_or_else(|| "none: sign-ins do not update the user".to_owned())),
        ("created", moment::seconds(user.created_at)),
        ("updated", moment::seconds(user.updated_at)),
        ("groups", if memberships.is_empty() { "-" } else { "" }.to_owned()),
    ])?;
    for membership in &memberships {
        print::line(&format!("  {}: {}", membership.group, people::because(membership)))?;
    }
    Ok(())
}

fn as_json(user: &User) -> Value {
    json!({
        "name": user.name,
        "full_name": user.full_name,
        "email": user.email,
        "active": user.active,
        "idp": user.idp,
        "created_at": moment::milliseconds(user.created_at),
        "updated_at": moment::milliseconds(user.updated_at),
    })
}

/// How many users one query reads.
const PAGE: u64 = 1000;
