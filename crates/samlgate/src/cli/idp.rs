//! `samlgate idp`: whom we trust, and what a sign-in may change.

mod change;
mod keys;
mod logout;
mod provisioning;
mod request;
mod show;
mod times;
mod trust;

use std::path::Path;
use std::time::SystemTime;

use clap::Subcommand;
use installation::choice::Choice as _;
use installation::config::Config;
use installation::counted;
use installation::people;
use installation::settings::{self, IdpSettings, Preset};
use installation::trust::{KeyDecision, decide, remarks};
use store::Store;

use super::database::Database;
use super::print;
use change::Change;

/// What can be done with IdPs.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an IdP, from its metadata or by hand
    #[command(after_help = "Examples:
  samlgate idp add entra --metadata https://login.example.com/federationmetadata.xml --preset entra --create-users
  samlgate idp add adfs --entity-id http://adfs.example.com/adfs/services/trust \\
      --login-url https://adfs.example.com/adfs/ls/ --certificate signing.crt --user-id attribute:uid")]
    Add(Change),
    /// Change an IdP; what is not named stays
    #[command(after_help = "Example:
  samlgate idp set entra --metadata https://login.example.com/federationmetadata.xml --user-groups jira-users")]
    Set(Change),
    /// List all IdPs
    #[command(after_help = "Example:\n  samlgate idp list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one IdP
    #[command(after_help = "Example:\n  samlgate idp show entra")]
    Show {
        /// The IdP's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read the IdP's metadata again and take over what has changed
    #[command(after_help = "Example:\n  samlgate idp refresh entra --dry-run")]
    Refresh {
        /// The IdP's name
        name: String,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// List the keys of an IdP: where they come from, since when they are known, when last used
    #[command(after_help = "Example:\n  samlgate idp keys entra --json")]
    Keys {
        /// The IdP's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Trust a key that waits for approval (see --approve-new-keys)
    #[command(after_help = "Example:\n  samlgate idp approve entra 3f9a0c77")]
    Approve {
        /// The IdP's name
        name: String,
        /// SHA-256 of the key or its certificate, or enough of its start
        fingerprint: String,
    },
    /// Refuse a key that waits for approval; while `metadata.refused_keys` lists it, it does not
    /// wait again
    #[command(after_help = "Example:\n  samlgate idp refuse entra 3f9a0c77")]
    Refuse {
        /// The IdP's name
        name: String,
        /// SHA-256 of the key or its certificate, or enough of its start
        fingerprint: String,
    },
    /// Explain the presets: what each kind of IdP needs, and why
    #[command(after_help = "Example:\n  samlgate idp presets")]
    Presets,
    /// Remove an IdP; its users stay, and are its own again when it comes back under its name
    #[command(after_help = "Example:\n  samlgate idp remove entra")]
    Remove {
        /// The IdP's name
        name: String,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let Database { store, clock, .. } = &database;
    let authorities = config.tls.trusted_ca_file.as_deref();
    match command {
        Command::Add(change) => {
            change.check_complete()?;
            store_change(store, &change, None, authorities, clock.now()).await?;
        }
        Command::Set(change) => {
            let old = settings::show(store, &change.name).await?;
            store_change(store, &change, Some(old), authorities, clock.now()).await?;
        }
        Command::Refresh { name, dry_run } => {
            keys::refresh(store, &name, dry_run, authorities, clock.now()).await?;
        }
        Command::Keys { name, json } => keys::list(store, &name, json, clock.now()).await?,
        Command::Approve { name, fingerprint } => {
            let key =
                decide(store, &name, &fingerprint, KeyDecision::Approve, database.by()).await?;
            print::line(&format!("the key {key} of {name} is trusted from now on"))?;
        }
        Command::Refuse { name, fingerprint } => {
            let key =
                decide(store, &name, &fingerprint, KeyDecision::Refuse, database.by()).await?;
            print::line(&format!("the key {key} of {name} is refused"))?;
        }
        Command::Presets => {
            let rows =
                Preset::ALL.iter().map(|(one, name, _)| (*name, one.explanation().to_owned()));
            print::fields(&rows.collect::<Vec<_>>())?;
        }
        Command::List { json } => show::list(settings::list(store).await?, json)?,
        Command::Show { name, json } => show::one(store, &name, json, clock.now()).await?,
        Command::Remove { name } => {
            settings::remove::<IdpSettings>(store, &name, database.by()).await?;
            print::line(&format!("removed IdP {name}; its users stay"))?;
        }
    }
    Ok(())
}

/// Works out what `change` makes of `old`, shows it, and stores it unless this is a dry run.
async fn store_change(
    store: &Store,
    change: &Change,
    old: Option<IdpSettings>,
    authorities: Option<&Path>,
    now: SystemTime,
) -> anyhow::Result<()> {
    let name = &change.name;
    let source = change.source(authorities).await?;
    let source = &source;
    if change.dry_run {
        let mut idp = old.clone().unwrap_or_default();
        let metadata = change.apply(&mut idp, source, now)?;
        settings::check(name, &idp)?;
        print::line("this would change; nothing is stored:")?;
        let mut lines = keys::lines_between(old.as_ref(), &idp)?;
        lines.extend(source.remarks.iter().cloned().chain(metadata.iter().flat_map(remarks)));
        return Ok(lines.iter().try_for_each(|line| print::line(line))?);
    }
    let by = settings::By::command_line(now);
    let mut said = source.remarks.clone();
    if old.is_some() {
        // What is stored by now counts, not what was when the metadata was fetched.
        let edit = |idp: &mut IdpSettings| {
            let metadata = change.apply(idp, source, now)?;
            said.extend(metadata.iter().flat_map(remarks));
            anyhow::Ok(metadata)
        };
        installation::trust::change(store, name, by, None, edit).await?;
    } else {
        let mut idp = IdpSettings::default();
        let metadata = change.apply(&mut idp, source, now)?;
        said.extend(metadata.iter().flat_map(remarks));
        installation::trust::add(store, name, &idp, metadata.as_ref(), by).await?;
    }
    print::line(&format!("{} IdP {name}", if old.is_some() { "changed" } else { "added" }))?;
    said.iter().try_for_each(|line| print::line(line))?;
    if change.keep_users {
        let kept = people::keep_users(store, name, settings::By::command_line(now)).await?;
        let own = counted(kept, "user of another entity is", "users of another entity are");
        print::line(&format!("{own} its own now"))?;
    }
    let idp: IdpSettings = settings::show(store, name).await?;
    let refused = store.users_of_other_entity(name, &idp.entity_id).await?;
    if refused > 0 {
        let users = counted(refused, "user", "users");
        let said = people::of_other_entity(refused, name);
        print::line(&format!("{users} of {name} {said}"))?;
    }
    show::one(store, name, false, now).await
}
