//! `samlgate export` and `samlgate apply`: all settings as one document.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use installation::config::Config;
use installation::settings::{self, Draft};

use super::database::Database;
use super::print;

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The document, or - for standard input
    file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

/// Writes the document to standard output.
pub(super) async fn export(config: &Config) -> anyhow::Result<()> {
    let Database { store, .. } = Database::open(config).await?;
    io::stdout().write_all(settings::export(&store).await?.as_bytes())?;
    Ok(())
}

/// Takes a document, whole or not at all.
pub(super) async fn apply(args: &Args, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let Database { store, random, .. } = &database;
    let shown = args.file.display();
    let text = read(&args.file).with_context(|| format!("cannot read {shown}"))?;
    let folder = args.file.parent().unwrap_or(Path::new(""));
    let draft = Draft::read(store, &text, folder, *random).await;
    let draft = draft.with_context(|| format!("{shown} was not applied"))?;
    let changes = draft.changes();
    for change in &changes {
        print::line(&change.subject)?;
        for line in &change.lines {
            print::line(&format!("  {line}"))?;
        }
    }
    match (changes.len(), args.dry_run) {
        (0, _) => print::line("nothing changes")?,
        (count, true) => print::line(&format!("{count} would change; nothing was changed"))?,
        (count, false) => {
            draft.apply(store, database.by()).await?;
            print::line(&format!("{count} changed"))?;
        }
    }
    for note in draft.notes() {
        print::line(&format!("note: {note}"))?;
    }
    Ok(())
}

fn read(file: &Path) -> io::Result<String> {
    if file.as_os_str() != "-" {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
