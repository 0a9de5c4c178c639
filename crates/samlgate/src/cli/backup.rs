//! `samlgate backup` and `samlgate restore`: the SQLite database as one file, and back.
//!
//! The key file is apart on purpose: a backup alone opens nothing that is sealed.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use installation::config::Config;
use installation::moment;
use installation::open;
use installation::runtime::{Clock, Random};
use installation::secrets::Secrets;
use store::Restoring;

use super::check::missing_sqlite;
use super::database::Database;
use super::print;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
#[command(after_help = BACKUP)]
pub(super) struct BackupArgs {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

/// Arguments of `restore`.
#[derive(Debug, clap::Args)]
#[command(after_help = RESTORE)]
pub(super) struct RestoreArgs {
    /// A file that `samlgate backup` wrote
    file: PathBuf,
}

pub(super) async fn back_up(args: &BackupArgs, config: &Config) -> anyhow::Result<()> {
    if let Some(path) = missing_sqlite(&config.database.url) {
        bail!("there is no database {} to back up", path.display());
    }
    let store = Database::open(config).await?.store;
    store.back_up(&args.file).await?;
    let bytes = std::fs::metadata(&args.file).map(|file| file.len()).unwrap_or_default();
    print::line(&format!(
        "{}: {} MiB. Keep a copy of the key file {} too, in another place: without it nothing that is \
         sealed can be read.",
        args.file.display(),
        bytes.div_ceil(1 << 20),
        config.secrets.key_file.display()
    ))?;
    Ok(())
}

pub(super) async fn restore(args: &RestoreArgs, config: &Config) -> anyhow::Result<()> {
    let mut restoring = Restoring::prepare(&config.database.url, &args.file).await?;
    if let Some(id) = restoring.property(open::KEY_ID).await? {
        check_key(&id, config)?;
    }
    let now = moment::seconds(Clock::system().now()).replace(['-', ':'], "");
    let kept = restoring.put_in_place(&format!("before-{now}")).await?;
    let file = args.file.display();
    print::line(&format!("{file} is the database now. Start samlgate; everybody signs in anew."))?;
    if let Some(kept) = kept {
        let kept = kept.display();
        print::line(&format!("The database before is {kept}; remove it when all is well."))?;
    }
    Ok(())
}

/// The server would refuse to start with another key.
fn check_key(id: &str, config: &Config) -> anyhow::Result<()> {
    let file = &config.secrets.key_file;
    let cure = || {
        format!(
            "the backup needs key {id}; put the key file of its installation at {}",
            file.display()
        )
    };
    if !file.exists() {
        bail!(cure());
    }
    let secrets = Secrets::open_or_create(file, Random).with_context(cure)?;
    if secrets.key_id() != id {
        bail!("{} holds key {}, but {}", file.display(), secrets.key_id(), cure());
    }
    Ok(())
}

const BACKUP: &str = "\
Example:
  samlgate backup /var/backups/samlgate-2026-11-26.db

A server may run meanwhile. PostgreSQL has tools of its own for this.";

const RESTORE: &str = "\
Example:
  samlgate restore /var/backups/samlgate-2026-11-26.db

Stop the server first. The database that is there now is kept beside the other. Sessions that were
open when the backup was made have ended.";
