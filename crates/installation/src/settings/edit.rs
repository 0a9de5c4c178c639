//! Adding, reading and removing settings: one function for each operation, used by the command line
//! and the console. Changing one that is there is [`change`](super::change)'s.

use store::{Store, StoreError};
use thiserror::Error;

use super::upgrade::as_it_was;
use super::{Document, Fault, Unusable, check_document, place};
use crate::by::By;
use crate::runtime::token_hash;

/// What may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing of that name.
    Free,
    /// Anything or nothing: what is there is replaced whole.
    Anything,
}

/// A name for exactly this document.
pub fn fingerprint(document: &str) -> String {
    token_hash(document)
}

/// Why a setting was not changed.
#[derive(Debug, Error)]
pub enum EditError {
    /// The document would not work.
    #[error(transparent)]
    Invalid(#[from] Fault),
    /// The name does not fit.
    #[error(transparent)]
    Name(#[from] NameError),
    /// What is stored is not what this version understands.
    #[error("{kind} {name} cannot be read: {reason}")]
    Unreadable {
        /// The kind of document.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What is wrong with its text.
        reason: serde_json::Error,
    },
    /// The document cannot be written.
    #[error(transparent)]
    Unwritable(serde_json::Error),
    /// An entry of the history leads nowhere: it notes no change of a setting.
    #[error("this entry is no change of a setting")]
    NoChange,
    /// What was set before does not work any more.
    #[error(transparent)]
    Former(#[from] Unusable),
    /// Nothing of that name is there.
    #[error("there is no {kind} named {name}")]
    Missing {
        /// The kind of document.
        kind: &'static str,
        /// The name asked for.
        name: String,
    },
    /// Something of that name is there already.
    #[error("there is already a {kind} named {name}; use `set` to change it")]
    Exists {
        /// The kind of document.
        kind: &'static str,
        /// The name asked for.
        name: String,
    },
    /// Somebody else changed it since it was read.
    #[error("{kind} {name} was changed by somebody else in the meantime; nothing was saved")]
    Conflict {
        /// The kind of document.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks and stores `settings` under `name`, if there is what `expect` says. A running server takes
/// it over within a second.
///
/// # Errors
/// When the document does not compile, or something else is there than expected.
pub async fn put<D: Document>(
    store: &Store,
    name: &str,
    settings: &D,
    expect: Expect,
    by: By,
) -> Result<(), EditError> {
    check(name, settings)?;
    let document = serde_json::to_string(settings).map_err(EditError::Unwritable)?;
    let (By { author, now }, name, kind) = (by, name.to_owned(), D::KIND);
    let mut tx = store.begin().await?;
    tx.author(author);
    let found = tx.setting(kind, &name).await?;
    match (expect, &found) {
        (Expect::Free, Some(_)) => return Err(EditError::Exists { kind, name }),
        (_, Some(found)) if *found == document => return Ok(()),
        _ => {}
    }
    place::check_stored(&mut tx, kind, &name, found.as_deref(), &document).await?;
    tx.put_setting(kind, &name, &document, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Checks `settings` as [`put`] would, and stores nothing.
///
/// # Errors
/// [`EditError::Name`], [`EditError::Invalid`].
pub fn check<D: Document>(name: &str, settings: &D) -> Result<(), EditError> {
    check_name(name)?;
    settings.compile(name)?;
    Ok(())
}

/// The stored document `name`.
///
/// # Errors
/// [`EditError::Missing`], or the database's.
pub async fn show<D: Document>(store: &Store, name: &str) -> Result<D, EditError> {
    find(store, name)
        .await?
        .ok_or_else(|| EditError::Missing { kind: D::KIND, name: name.to_owned() })
}

/// The stored document `name` and its [`fingerprint`]; nothing when there is none.
///
/// # Errors
/// When the database is away or the document cannot be read.
pub async fn open<D: Document>(
    store: &Store,
    name: &str,
) -> Result<Option<(D, String)>, EditError> {
    let (_, documents) = store.settings().await?;
    let found = documents.iter().find(|d| d.kind == D::KIND && d.name == name);
    found
        .map(|found| Ok((read(&found.name, &found.document)?, fingerprint(&found.document))))
        .transpose()
}

/// All stored documents of a kind, by name.
///
/// # Errors
/// When the database is away or a document cannot be read.
pub async fn list<D: Document>(store: &Store) -> Result<Vec<(String, D)>, EditError> {
    let (_, documents) = store.settings().await?;
    documents
        .into_iter()
        .filter(|d| d.kind == D::KIND)
        .map(|d| Ok((d.name.clone(), read(&d.name, &d.document)?)))
        .collect()
}

/// Removes the document `name`.
///
/// # Errors
/// [`EditError::Missing`], or the database's.
pub async fn remove<D: Document>(store: &Store, name: &str, by: By) -> Result<(), EditError> {
    let By { author, now } = by;
    let mut tx = store.begin().await?;
    tx.author(author);
    if !tx.remove_setting(D::KIND, name, now).await? {
        return Err(EditError::Missing { kind: D::KIND, name: name.to_owned() });
    }
    tx.commit().await?;
    Ok(())
}

/// Makes a setting again what it was before the change that `entry` notes: the document before
/// it, or none. It must still fit; what was done since is a change like any other, and can be
/// returned to as well.
///
/// # Errors
/// When the entry notes no change of a setting, its document no longer compiles, or the database
/// is away.
pub async fn give_back(store: &Store, entry: &store::Entry, by: By) -> Result<(), EditError> {
    let (kind, name) = entry.subject.split_once(' ').ok_or(EditError::NoChange)?;
    let By { author, now } = by;
    let mut tx = store.begin().await?;
    tx.author(author);
    match &entry.before {
        Some(document) => {
            let document = as_it_was(kind, document).unwrap_or_else(|| document.clone());
            check_document(kind, name, &document)?;
            let stored = tx.setting(kind, name).await?;
            place::check_stored(&mut tx, kind, name, stored.as_deref(), &document).await?;
            tx.put_setting(kind, name, &document, now).await?;
        }
        None if entry.after.is_some() => {
            tx.remove_setting(kind, name, now).await?;
        }
        None => return Err(EditError::NoChange),
    }
    tx.commit().await?;
    Ok(())
}

async fn find<D: Document>(store: &Store, name: &str) -> Result<Option<D>, EditError> {
    let (_, documents) = store.settings().await?;
    let found = documents.iter().find(|d| d.kind == D::KIND && d.name == name);
    found.map(|found| read(name, &found.document)).transpose()
}

pub(super) fn read<D: Document>(name: &str, document: &str) -> Result<D, EditError> {
    serde_json::from_str(document).map_err(|reason| EditError::Unreadable {
        kind: D::KIND,
        name: name.to_owned(),
        reason,
    })
}

/// A name that no setting can have.
#[derive(Debug, Error)]
#[error(
    "the name {0:?} does not fit: use 1 to 64 letters, digits, '-', '_', '.' or blanks between them"
)]
pub struct NameError(String);

/// Whether a setting can have this name: names of apps, IdPs and applications stand in addresses,
/// command lines and logs.
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    (1..=64).contains(&name.len()) && name.chars().all(fits) && name.trim() == name
}

pub(super) fn check_name(name: &str) -> Result<(), NameError> {
    if is_name(name) { Ok(()) } else { Err(NameError(name.to_owned())) }
}
