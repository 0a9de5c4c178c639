//! The command line: what each command takes, and how its end becomes an exit code.
//!
//! Exit codes: 0 good, 1 refused or failed, 2 wrong usage. Secrets come from standard input only.
//! Each command is one file; none of them serves requests except `serve`.

mod app;
mod application;
mod attempts;
mod backup;
mod check;
mod choice;
mod console_link;
mod database;
mod document;
mod group;
mod help;
mod idp;
mod import;
mod membership;
mod password;
mod print;
mod provision;
mod serve;
mod sp_key;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use installation::config::Config;
use thiserror::Error;

pub use serve::{LogArgs, log_to_stderr, stop_signal};

/// Signs people in to Jira, Confluence and other apps with SAML, from outside the app.
#[derive(Debug, Parser)]
#[command(name = "samlgate", version, propagate_version = true, after_help = FIRST_STEPS)]
struct Cli {
    /// The start-up file.
    #[arg(
        long,
        global = true,
        env = "SAMLGATE_CONFIG",
        default_value = "samlgate.toml",
        value_name = "FILE",
        hide_env_values = true
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the apps, the console and the Crowd API as the start-up file says
    #[command(after_help = "Example:\n  samlgate serve --config /etc/samlgate/samlgate.toml")]
    Serve(serve::LogArgs),
    /// Check configuration, keys, certificates, database and settings, without any traffic
    Check(check::Args),
    /// Verify one SAML response and print the result as JSON
    Verify(verify::Args),
    /// Identity providers: whom to trust, and what a sign-in may change
    #[command(subcommand)]
    Idp(Box<idp::Command>),
    /// This service provider's own keys: they sign requests, and IdPs encrypt for them
    #[command(subcommand)]
    SpKey(sp_key::Command),
    /// Apps behind the gateway
    #[command(subcommand)]
    App(app::Command),
    /// Crowd applications: the names and passwords with which apps ask for users
    #[command(subcommand)]
    Application(application::Command),
    /// Users of the directory
    #[command(subcommand)]
    User(user::Command),
    /// Groups of the directory
    #[command(subcommand)]
    Group(group::Command),
    /// Print a link that opens the console once, within an hour, for its administrator
    #[command(after_help = "Example:\n  samlgate console-link --config /etc/samlgate.toml")]
    ConsoleLink,
    /// Print all settings as one TOML document
    #[command(after_help = "Example:\n  samlgate export > settings.toml")]
    Export,
    /// Take all settings from one TOML document: all of it or, when something is wrong, nothing
    #[command(
        after_help = "Examples:\n  samlgate apply settings.toml --dry-run\n  samlgate apply settings.toml"
    )]
    Apply(document::Args),
    /// What a sign-in would change and why, and removals that wait for approval
    #[command(subcommand)]
    Provision(provision::Command),
    /// Bring users and groups of a running app, or of a file, into the directory
    #[command(subcommand)]
    Import(import::Command),
    /// The latest sign-ins, and why some were refused
    Attempts(attempts::Args),
    /// Write the whole SQLite database into one file, while a server runs or not
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the SQLite database
    Restore(backup::RestoreArgs),
}

/// Wrong usage that only a look at several arguments shows.
#[derive(Debug, Error)]
#[error("{0}")]
struct WrongUsage(String);

/// The whole program: reads the arguments, runs the command, and says how it ended.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // A second installation is refused, which is what a test that calls this twice wants.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(cli) {
        Ok(code) => code,
        Err(error) if print::reader_has_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("samlgate: {}", print::in_words(&error));
            ExitCode::from(if error.is::<WrongUsage>() { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    let file = cli.config;
    match cli.command {
        Command::Verify(args) => verify::run(&args),
        Command::Serve(log) => {
            server()?.block_on(serve::run(log.over(configuration(&file)?))).map(done)
        }
        Command::Check(args) => briefly()?.block_on(check::run(&args, &file)),
        Command::Idp(command) => {
            briefly()?.block_on(idp::run(*command, &configuration(&file)?)).map(done)
        }
        Command::SpKey(command) => {
            briefly()?.block_on(sp_key::run(command, &configuration(&file)?)).map(done)
        }
        Command::App(command) => {
            briefly()?.block_on(app::run(command, &configuration(&file)?)).map(done)
        }
        Command::Application(command) => {
            briefly()?.block_on(application::run(command, &configuration(&file)?)).map(done)
        }
        Command::User(command) => {
            briefly()?.block_on(user::run(command, &configuration(&file)?)).map(done)
        }
        Command::Group(command) => {
            briefly()?.block_on(group::run(command, &configuration(&file)?)).map(done)
        }
        Command::ConsoleLink => {
            briefly()?.block_on(console_link::run(&configuration(&file)?)).map(done)
        }
        Command::Export => briefly()?.block_on(document::export(&configuration(&file)?)).map(done),
        Command::Apply(args) => {
            briefly()?.block_on(document::apply(&args, &configuration(&file)?)).map(done)
        }
        Command::Provision(command) => {
            briefly()?.block_on(provision::run(command, &configuration(&file)?))
        }
        Command::Import(command) => {
            briefly()?.block_on(import::run(command, &configuration(&file)?))
        }
        Command::Attempts(args) => {
            briefly()?.block_on(attempts::run(&args, &configuration(&file)?)).map(done)
        }
        Command::Backup(args) => {
            briefly()?.block_on(backup::back_up(&args, &configuration(&file)?)).map(done)
        }
        Command::Restore(args) => {
            briefly()?.block_on(backup::restore(&args, &configuration(&file)?)).map(done)
        }
    }
}

/// Reads the start-up file and the environment.
fn configuration(file: &std::path::Path) -> anyhow::Result<Config> {
    Ok(Config::load(file, environment())?)
}

/// The environment; variables that are not text cannot be ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// A runtime that uses all processors.
fn server() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")
}

/// A runtime for one short command.
fn briefly() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the system gives no event queue")
}

const FIRST_STEPS: &str = "\
Put it before your own Jira:
  samlgate application add jira --allow 10.0.0.5
  samlgate app add jira --kind jira --public-url https://jira.example.com --upstream http://10.0.0.5:8080
  samlgate idp add entra --metadata https://login.example.com/federationmetadata.xml
  samlgate check && samlgate serve";

#[cfg(test)]
mod tests;
