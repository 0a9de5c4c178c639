//! `samlgate application`: the Crowd clients, each with a password and the addresses it may use.

use std::time::SystemTime;

use clap::Subcommand;
use installation::address::AddressRange;
use installation::config::Config;
use installation::moment;
use installation::presence::Presence;
use installation::settings::{self, ApplicationSettings, EditError, Expect};
use serde_json::json;
use store::Store;

use super::database::Database;
use super::help::about_and;
use super::{password, print};

/// What can be done with applications.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an application; its password is one line on standard input
    #[command(
        after_help = "Example:\n  samlgate application add jira --allow 10.0.0.5 < password.txt"
    )]
    Add {
        /// The name, as it stands in the app's directory form
        name: String,
        #[arg(long, value_name = "ADDRESS", num_args = 1.., help = about_and("application.allow", "repeat for more"))]
        allow: Vec<AddressRange>,
    },
    /// Change an application's password or addresses
    #[command(after_help = "Examples:
  samlgate application set jira --allow 10.0.0.0/24
  samlgate application set jira --password-stdin < password.txt")]
    Set {
        /// The name
        name: String,
        #[arg(long, value_name = "ADDRESS", num_args = 0.., required_unless_present = "password_stdin", help = about_and("application.allow", "in place of those before"))]
        allow: Option<Vec<AddressRange>>,
        /// Read a new password, one line, from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List all applications, and when each was here last
    #[command(after_help = "Example:\n  samlgate application list")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove an application; who uses its name is refused at once
    #[command(after_help = "Example:\n  samlgate application remove jira")]
    Remove {
        /// The name
        name: String,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let Database { store, random, .. } = &database;
    let texts = |allow: &[AddressRange]| allow.iter().map(ToString::to_string).collect();
    let ask = |name: &str| {
        let password = password::read(&format!("Password of application {name}"))?;
        if !password.is_ascii() {
            eprintln!(
                "note: the password has characters beyond ASCII, which some Crowd clients send in an \
                 encoding of their own; choose another one if a log-in is refused"
            );
        }
        anyhow::Ok(installation::password::hash(&password, *random)?)
    };
    match command {
        Command::Add { name, allow } => {
            let application =
                ApplicationSettings { password_hash: ask(&name)?, allow: texts(&allow) };
            let by = database.by();
            settings::put(store, &name, &application, Expect::Free, by).await?;
            print::line(&format!("added application {name}, allowed from {}", from(&application)))?;
        }
        Command::Set { name, allow, password_stdin } => {
            // Nobody is asked for the password of an application that is not there.
            settings::show::<ApplicationSettings>(store, &name).await?;
            let password_hash = if password_stdin { Some(ask(&name)?) } else { None };
            let by = database.by();
            let application = settings::change(store, &name, by, None, |application| {
                change(application, allow.as_deref().map(texts), password_hash);
                Ok::<_, EditError>(application.clone())
            })
            .await?;
            print::line(&format!(
                "changed application {name}, allowed from {}",
                from(&application)
            ))?;
        }
        Command::List { json } => list(store, json).await?,
        Command::Remove { name } => {
            settings::remove::<ApplicationSettings>(store, &name, database.by()).await?;
            print::line(&format!("removed application {name}"))?;
        }
    }
    Ok(())
}

/// Puts what is given into the settings; the rest stays.
fn change(
    application: &mut ApplicationSettings,
    allow: Option<Vec<String>>,
    password_hash: Option<String>,
) {
    application.allow = allow.unwrap_or_else(|| std::mem::take(&mut application.allow));
    if let Some(password_hash) = password_hash {
        application.password_hash = password_hash;
    }
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for (name, application) in settings::list::<ApplicationSettings>(store).await? {
        let presence = Presence::of(store, &name).await?;
        all.push((name, application, presence));
    }
    if json {
        let values = all.iter().map(|(name, application, presence)| {
            json!({
                "name": name,
                "allow": application.allow,
                "seen_at": presence.seen_at.map(moment::seconds),
                "synchronised_at": presence.synchronised_at.map(moment::seconds),
            })
        });
        return Ok(print::json(&values.collect::<Vec<_>>())?);
    }
    let or_never = |at: Option<SystemTime>| at.map_or("never".to_owned(), moment::seconds);
    let rows = all.iter().map(|(name, application, presence)| {
        let Presence { seen_at, synchronised_at } = presence;
        vec![name.clone(), from(application), or_never(*seen_at), or_never(*synchronised_at)]
    });
    let empty = "no application yet; add one with `samlgate application add NAME`";
    let head = ["NAME", "ALLOWED FROM", "LAST SEEN", "LAST SYNCHRONISED"];
    Ok(print::table(&head, &rows.collect::<Vec<_>>(), empty)?)
}

fn from(application: &ApplicationSettings) -> String {
    if application.allow.is_empty() {
        "loopback and the app's own address".to_owned()
    } else {
        application.allow.join(", ")
    }
}
