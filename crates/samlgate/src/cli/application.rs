//! `samlgate application`: the Crowd clients, each with a password and the addresses it may use.

use clap::Subcommand;
use serde_json::json;

use super::installation::Installation;
use super::{password, print};
use crate::address::AddressRange;
use crate::config::Config;
use crate::settings::{self, ApplicationSettings};

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
        /// An address or network it may come from; repeat for more; else loopback and the app's own
        #[arg(long, value_name = "ADDRESS", num_args = 1..)]
        allow: Vec<AddressRange>,
    },
    /// Change an application's password or addresses
    #[command(after_help = "Examples:
  samlgate application set jira --allow 10.0.0.0/24
  samlgate application set jira --password-stdin < password.txt")]
    Set {
        /// The name
        name: String,
        /// The addresses and networks it may come from, in place of those before
        #[arg(long, value_name = "ADDRESS", num_args = 0.., required_unless_present = "password_stdin")]
        allow: Option<Vec<AddressRange>>,
        /// Read a new password, one line, from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List all applications
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
    let Installation { store, clock, random } = Installation::open(config).await?;
    let texts = |allow: &[AddressRange]| allow.iter().map(ToString::to_string).collect();
    let ask = |name: &str| {
        let password = password::read(&format!("Password of application {name}"))?;
        crate::password::hash(&password, random)
    };
    match command {
        Command::Add { name, allow } => {
            let application =
                ApplicationSettings { password_hash: ask(&name)?, allow: texts(&allow) };
            settings::put(&store, &name, &application, true, clock.now()).await?;
            print::line(&format!("added application {name}, allowed from {}", from(&application)))?;
        }
        Command::Set { name, allow, password_stdin } => {
            let mut application: ApplicationSettings = settings::show(&store, &name).await?;
            if let Some(allow) = allow {
                application.allow = texts(&allow);
            }
            if password_stdin {
                application.password_hash = ask(&name)?;
            }
            settings::put(&store, &name, &application, false, clock.now()).await?;
            print::line(&format!(
                "changed application {name}, allowed from {}",
                from(&application)
            ))?;
        }
        Command::List { json } => list(&settings::list(&store).await?, json)?,
        Command::Remove { name } => {
            settings::remove::<ApplicationSettings>(&store, &name, clock.now()).await?;
            print::line(&format!("removed application {name}"))?;
        }
    }
    Ok(())
}

fn list(applications: &[(String, ApplicationSettings)], json: bool) -> std::io::Result<()> {
    if json {
        let all =
            applications.iter().map(|(name, one)| json!({ "name": name, "allow": one.allow }));
        return print::json(&all.collect::<Vec<_>>());
    }
    let rows: Vec<_> =
        applications.iter().map(|(name, one)| vec![name.clone(), from(one)]).collect();
    let empty = "no application yet; add one with `samlgate application add NAME`";
    print::table(&["NAME", "ALLOWED FROM"], &rows, empty)
}

fn from(application: &ApplicationSettings) -> String {
    if application.allow.is_empty() {
        "loopback and the app's own address".to_owned()
    } else {
        application.allow.join(", ")
    }
}
