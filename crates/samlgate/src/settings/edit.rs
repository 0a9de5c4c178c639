//! Changing settings: one function for each operation, used by the command line and the console.

use std::time::SystemTime;

use store::{Store, StoreError};
use thiserror::Error;

use super::Document;

/// Why a setting was not changed.
#[derive(Debug, Error)]
pub enum EditError {
    /// The document is wrong; the text names the field and the cure.
    #[error("{0}")]
    Invalid(String),
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
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks and stores `settings` under `name`. With `new` the name must be free, else taken.
/// A running server takes the change over within a second.
///
/// # Errors
/// See [`EditError`]; nothing is changed then.
pub async fn put<D: Document>(
    store: &Store,
    name: &str,
    settings: &D,
    new: bool,
    now: SystemTime,
) -> Result<(), EditError> {
    check_name(name).map_err(EditError::Invalid)?;
    settings.compile(name).map_err(EditError::Invalid)?;
    let document =
        serde_json::to_string(settings).map_err(|error| EditError::Invalid(error.to_string()))?;
    match (new, find::<D>(store, name).await?) {
        (true, Some(_)) => Err(EditError::Exists { kind: D::KIND, name: name.to_owned() }),
        (false, None) => Err(EditError::Missing { kind: D::KIND, name: name.to_owned() }),
        _ => {
            let mut tx = store.begin().await?;
            tx.put_setting(D::KIND, name, &document, now).await?;
            tx.commit().await?;
            Ok(())
        }
    }
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

/// All stored documents of a kind, by name.
///
/// # Errors
/// When the database is away or a document cannot be read.
pub async fn list<D: Document>(store: &Store) -> Result<Vec<(String, D)>, EditError> {
    let (_, documents) = store.settings().await?;
    documents
        .into_iter()
        .filter(|d| d.kind == D::KIND)
        .map(|d| Ok((d.name.clone(), read(&d)?)))
        .collect()
}

/// Removes the document `name`.
///
/// # Errors
/// [`EditError::Missing`], or the database's.
pub async fn remove<D: Document>(store: &Store, name: &str) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    if !tx.remove_setting(D::KIND, name).await? {
        return Err(EditError::Missing { kind: D::KIND, name: name.to_owned() });
    }
    tx.commit().await?;
    Ok(())
}

async fn find<D: Document>(store: &Store, name: &str) -> Result<Option<D>, EditError> {
    let (_, documents) = store.settings().await?;
    documents.iter().find(|d| d.kind == D::KIND && d.name == name).map(read).transpose()
}

fn read<D: Document>(setting: &store::Setting) -> Result<D, EditError> {
    serde_json::from_str(&setting.document).map_err(|error| {
        EditError::Invalid(format!("{} {} cannot be read: {error}", D::KIND, setting.name))
    })
}

/// Names of apps, IdPs and applications stand in addresses, command lines and logs.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) || name.trim() != name {
        return Err(format!(
            "the name {name:?} does not fit: use 1 to 64 letters, digits, '-', '_', '.' or blanks \
             between them"
        ));
    }
    Ok(())
}
