//! All settings as one commented TOML document: `export` writes it, `apply` takes it back.
//!
//! Passwords stand in it as Argon2id hashes, or in files that it names. Applying is whole or
//! nothing, in one transaction; applying the same document twice changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::{Setting, Store, StoreError};
use thiserror::Error;
use toml::Spanned;

use super::difference::{Change, differences, value_of};
use super::reference::REFERENCE;
use super::{
    AppSettings, ApplicationSettings, By, CONSOLE, ConsoleSettings, Document, IdpSettings,
    Snapshot, asked_by, place,
};
use crate::config::line_of;
use crate::password;
use crate::runtime::Random;
use crate::setting_key::Key;
use crate::sp_keys::SpKeys;

/// Why a document was not taken; nothing has changed then.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The text is wrong at a line.
    #[error("line {line}: {reason}")]
    Invalid {
        /// Counted from 1.
        line: usize,
        /// What is wrong, with the key, and the cure.
        reason: String,
    },
    /// There is no setting in it.
    #[error(
        "the document holds no setting; applying it would remove everything, so nothing is done"
    )]
    Empty,
    /// Somebody changed a setting after the document was read and its changes were shown.
    #[error("the settings were changed meanwhile, so this would change something else; look again")]
    Conflict,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The stored settings as a document.
///
/// # Errors
/// When the database is away.
pub async fn export(store: &Store) -> Result<String, StoreError> {
    let (_, settings) = store.settings().await?;
    Ok(render(&settings))
}

/// A document that was read and checked, beside the settings as they are.
pub struct Draft {
    revision: i64,
    current: Vec<Setting>,
    wanted: Vec<Setting>,
}

impl Draft {
    /// Reads a document; files that it names are relative to `folder`.
    ///
    /// # Errors
    /// See [`DocumentError`].
    pub async fn read(
        store: &Store,
        text: &str,
        folder: &Path,
        random: Random,
    ) -> Result<Self, DocumentError> {
        let (revision, current) = store.settings().await?;
        let whole: Whole = toml::from_str(text).map_err(|error| DocumentError::Invalid {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        let mut reader = Reader { text, settings: Vec::new() };
        reader.take(whole.app, |app: AppSettings, _| Ok(app))?;
        reader.take(whole.idp, |idp: IdpSettings, _| Ok(idp))?;
        let secret = |written: WrittenApplication, name: &str| {
            let stored =
                current.iter().find(|s| s.kind == ApplicationSettings::KIND && s.name == name);
            let stored =
                stored.and_then(|s| serde_json::from_str::<ApplicationSettings>(&s.document).ok());
            written.settings(folder, stored.as_ref(), random)
        };
        reader.take(whole.application, secret)?;
        let console = whole.console.map(|console| (CONSOLE.to_owned(), console));
        reader.take(console.into_iter().collect(), |console: ConsoleSettings, _| Ok(console))?;
        match reader.settings {
            wanted if wanted.is_empty() && !current.is_empty() => Err(DocumentError::Empty),
            wanted => Ok(Draft { revision, current, wanted }),
        }
    }

    /// The revision of the settings that its changes are told from.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// What applying it changes.
    pub fn changes(&self) -> Vec<Change> {
        differences(&self.current, &self.wanted)
    }

    /// What is allowed and yet keeps people out, in words. An older version let any Crowd
    /// application ask for the users of an app that names none.
    pub fn notes(&self) -> Vec<String> {
        let of = |kind: &'static str| self.wanted.iter().filter(move |one| one.kind == kind);
        let unasked = |one: &Setting| {
            let app: AppSettings = serde_json::from_str(&one.document).ok()?;
            let all = of(ApplicationSettings::KIND).map(|one| &one.name);
            let why = asked_by(&app, all).err()?;
            Some(format!("app {}: {why}", one.name))
        };
        of(AppSettings::KIND).filter_map(unasked).collect()
    }

    /// The settings as they would be.
    pub fn snapshot(&self, sp_keys: SpKeys) -> Snapshot {
        Snapshot::compile(0, &self.wanted, sp_keys, None)
    }

    /// Changes it, all or nothing: just what [`Draft::changes`] says. A running server takes it over
    /// within a second.
    ///
    /// # Errors
    /// [`DocumentError::Conflict`] when any setting has changed since it was read, or the database's.
    pub async fn apply(&self, store: &Store, by: By) -> Result<(), DocumentError> {
        let By { author, now } = by;
        let same = |a: &Setting, b: &Setting| a.kind == b.kind && a.name == b.name;
        let mut tx = store.begin().await?;
        tx.author(author);
        if tx.lock_settings().await? != self.revision {
            return Err(DocumentError::Conflict);
        }
        for old in self.current.iter().filter(|old| !self.wanted.iter().any(|new| same(old, new))) {
            tx.remove_setting(&old.kind, &old.name, now).await?;
        }
        for new in &self.wanted {
            let old = self.current.iter().find(|old| same(old, new));
            if old.is_none_or(|old| value_of(old) != value_of(new)) {
                tx.put_setting(&new.kind, &new.name, &new.document, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(default)]
    app: BTreeMap<String, Spanned<AppSettings>>,
    #[serde(default)]
    idp: BTreeMap<String, Spanned<IdpSettings>>,
    #[serde(default)]
    application: BTreeMap<String, Spanned<WrittenApplication>>,
    console: Option<Spanned<ConsoleSettings>>,
}

/// An application in a document: its secret as a hash, or in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenApplication {
    password_hash: Option<String>,
    password_file: Option<PathBuf>,
    #[serde(default)]
    allow: Vec<String>,
}

impl WrittenApplication {
    /// A password that fits the stored hash keeps it: a new salt would look like a change.
    fn settings(
        self,
        folder: &Path,
        stored: Option<&ApplicationSettings>,
        random: Random,
    ) -> Result<ApplicationSettings, String> {
        let password_hash = match (self.password_hash, self.password_file) {
            (Some(hash), None) => hash,
            (None, Some(file)) => {
                let path = folder.join(&file);
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    format!("password_file {} cannot be read: {error}", path.display())
                })?;
                let password = text.lines().next().unwrap_or_default();
                match stored {
                    _ if password.is_empty() => {
                        return Err(format!("password_file {} is empty", path.display()));
                    }
                    Some(stored) if password::fits(password, &stored.password_hash) => {
                        stored.password_hash.clone()
                    }
                    _ => password::hash(password, random).map_err(|error| error.to_string())?,
                }
            }
            _ => return Err("give either password_hash or password_file".to_owned()),
        };
        Ok(ApplicationSettings { password_hash, allow: self.allow })
    }
}

struct Reader<'a> {
    text: &'a str,
    settings: Vec<Setting>,
}

impl Reader<'_> {
    fn take<W, D: Document>(
        &mut self,
        documents: BTreeMap<String, Spanned<W>>,
        settings_of: impl Fn(W, &str) -> Result<D, String>,
    ) -> Result<(), DocumentError> {
        for (name, spanned) in documents {
            let line = line_of(self.text, spanned.span().start);
            let wrong = |reason: String| DocumentError::Invalid {
                line,
                reason: format!("{} {name}: {reason}", D::KIND),
            };
            let document = settings_of(spanned.into_inner(), &name).map_err(wrong)?;
            super::edit::check_name(&name).map_err(|error| wrong(error.to_string()))?;
            document.compile(&name).map_err(|fault| wrong(fault.text))?;
            let json =
                serde_json::to_string(&document).map_err(|error| wrong(error.to_string()))?;
            if D::KIND == AppSettings::KIND {
                let others = self.settings.iter().map(|s| (s.name.as_str(), s.document.as_str()));
                place::check(&name, &json, others).map_err(|fault| wrong(fault.text))?;
            }
            self.settings.push(Setting { kind: D::KIND.to_owned(), name, document: json });
        }
        Ok(())
    }
}

fn render(settings: &[Setting]) -> String {
    let mut text = String::from(
        "# All settings of Samlgate. Change what you like and give it to `samlgate apply`; with\n\
         # --dry-run it only says what would change. What is not in the document is removed.\n",
    );
    for (kind, keys) in REFERENCE {
        for setting in settings.iter().filter(|setting| setting.kind == *kind) {
            if let Ok(table) = serde_json::from_str::<toml::Table>(&setting.document) {
                render_setting(&mut text, kind, &setting.name, keys, &table);
            }
        }
    }
    text
}

/// Keys in the order of the reference, each below its comment; tables last, as TOML asks.
fn render_setting<'a>(
    text: &mut String,
    kind: &str,
    name: &str,
    keys: &[Key],
    table: &'a toml::Table,
) {
    // There is one console, and its name says nothing more.
    let place = if kind == name { kind.to_owned() } else { format!("{kind}.{}", quoted(name)) };
    text.push_str(&format!("\n[{place}]\n"));
    let mut inside = "";
    for key in keys {
        let (part, last) = key.path.rsplit_once('.').unwrap_or(("", key.path));
        if part != inside {
            text.push_str(&format!("\n[{place}.{part}]\n"));
            inside = part;
        }
        let inner =
            |holder: &'a toml::Table, part| holder.get(part).and_then(toml::Value::as_table);
        let mut parts = part.split('.').filter(|part| !part.is_empty());
        let holder = parts.try_fold(table, inner);
        text.push_str(&format!("# {}\n", key.said()));
        match holder.and_then(|holder| holder.get(last)) {
            Some(value) => text.push_str(&format!("{last} = {value}\n")),
            None => text.push_str(&format!("#{last} = {}\n", key.example)),
        }
    }
}

fn quoted(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { name.to_owned() } else { toml::Value::String(name.to_owned()).to_string() }
}
