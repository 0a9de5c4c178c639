//! `samlgate import`: users and groups of a running app, or of a file, into the directory, so that
//! nobody loses a group when the app asks Samlgate's directory first.
//!
//! It reads and never writes at the app. It may be repeated: what is there already is left alone.

mod client;
mod confluence;
mod csv;
mod jira;
mod merge;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use installation::config::Config;
use installation::settings::{self, IdpSettings};

use super::database::Database;
use super::password;
use client::{Client, Credentials};

/// Where users and groups come from.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Users and groups of a running Jira, read through its REST API
    #[command(after_help = "Examples:
  samlgate import jira --url https://jira.example.com --user admin --dry-run < password
  samlgate import jira --url https://jira.example.com --token-file token --idp entra

It needs an account that may browse users. The password is read from standard input. Exit code 1
when somebody could not be taken over; the report says who and why.")]
    Jira(FromApp),
    /// Users and groups of a running Confluence, read through its REST API
    #[command(after_help = "Example:
  samlgate import confluence --url https://wiki.example.com --user admin --idp entra < password

E-mail addresses come from its older remote API where that is switched on; else they are set at the
first sign-in.")]
    Confluence(FromApp),
    /// Users and groups of a CSV file with the columns name, full_name, email, active and groups
    #[command(after_help = "Example:
  samlgate import csv users.csv --idp entra --dry-run

The first line names the columns, in any order; all but name may be left out. Groups stand in one
field, separated by semicolons.")]
    Csv(FromFile),
}

/// Arguments of `jira` and `confluence`.
#[derive(Debug, clap::Args)]
pub(super) struct FromApp {
    /// The app's address, with its context path
    #[arg(long, value_name = "URL")]
    url: String,
    /// An account of the app; its password is read from standard input
    #[arg(long, value_name = "NAME", required_unless_present = "token_file")]
    user: Option<String>,
    /// A file with a personal access token, instead of an account
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    token_file: Option<PathBuf>,
    /// Wait this long between two requests
    #[arg(long, value_name = "MS", default_value_t = 20)]
    pause_ms: u64,
    #[command(flatten)]
    into: ImportTarget,
}

/// Arguments of `csv`.
#[derive(Debug, clap::Args)]
pub(super) struct FromFile {
    /// The file; "-" for standard input
    file: PathBuf,
    #[command(flatten)]
    into: ImportTarget,
}

/// How what was read comes into the directory.
#[derive(Debug, clap::Args)]
pub(super) struct ImportTarget {
    /// Tag new users as this IdP's, so that sign-ins update them
    #[arg(long, value_name = "NAME")]
    idp: Option<String>,
    /// Change full name, e-mail and activity of users who are there already, too
    #[arg(long)]
    update: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a source holds.
#[derive(Debug, Default)]
struct Found {
    people: Vec<Person>,
    /// Groups besides those of the people.
    groups: Vec<String>,
    /// What the source could not say.
    notes: Vec<String>,
}

/// A user of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Person {
    name: String,
    full_name: String,
    /// Empty when the source does not say.
    email: String,
    active: bool,
    groups: Vec<String>,
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    let (from, into, found) = match command {
        Command::Jira(args) => {
            let mut client = args.client(config)?;
            (args.url, args.into, jira::read(&mut client).await?)
        }
        Command::Confluence(args) => {
            let mut client = args.client(config)?;
            (args.url, args.into, confluence::read(&mut client).await?)
        }
        Command::Csv(args) => {
            let shown = args.file.display().to_string();
            let found = csv::read(&args.file).with_context(|| format!("{shown} is not usable"))?;
            (shown, args.into, found)
        }
    };
    ensure!(!found.people.is_empty(), "there is no user at {from}; may the account see users?");
    let entity_id = match &into.idp {
        Some(idp) => {
            let known = settings::show::<IdpSettings>(&database.store, idp).await;
            Some(known.context("the users need their IdP first")?.entity_id)
        }
        None => None,
    };
    merge::into_directory(&database, &found, &from, &into, entity_id).await
}

impl FromApp {
    fn client(&self, config: &Config) -> anyhow::Result<Client> {
        let credentials = match (&self.user, &self.token_file) {
            (Some(user), _) => Credentials::Password {
                password: password::read(&format!("Password of {user} at {}", self.url))?,
                user: user.clone(),
            },
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("cannot read {}", file.display()))?;
                let token = text.lines().next().unwrap_or_default().trim().to_owned();
                ensure!(!token.is_empty(), "{} is empty", file.display());
                Credentials::Token(token)
            }
            (None, None) => anyhow::bail!("give --user or --token-file"),
        };
        let pause = Duration::from_millis(self.pause_ms);
        Client::new(&self.url, credentials, config.tls.trusted_ca_file.as_deref(), pause)
    }
}
