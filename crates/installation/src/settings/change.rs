//! Changing a setting that is there: the one way, for command line, console and refreshes.
//!
//! It adds nothing and removes nothing; see [`put`](super::put) and [`remove`](super::remove).

use store::Store;

use super::edit::{EditError, check, fingerprint, read};
use super::{Document, place};
use crate::by::By;

/// Applies `edit` to the stored document `name` and stores what comes of it; gives what `edit`
/// gives. It works on what is stored at that moment, and nobody else stores in between, so what
/// another administrator has set meanwhile stays. With `seen`, the [`fingerprint`] that a form was
/// opened with, a document that is another by now is left alone. A running server takes the change
/// over within a second.
///
/// # Errors
/// [`EditError::Missing`], [`EditError::Conflict`], what [`check`] says of the result, or the error
/// of `edit`; nothing is changed then.
pub async fn change<D: Document, T, E: From<EditError>>(
    store: &Store,
    name: &str,
    By { author, now }: By,
    seen: Option<&str>,
    edit: impl FnOnce(&mut D) -> Result<T, E>,
) -> Result<T, E> {
    let mut tx = store.begin().await.map_err(EditError::Store)?;
    tx.author(author);
    // From here on whoever changes a setting waits for the end of this transaction.
    let stored = tx.setting(D::KIND, name).await.map_err(EditError::Store)?;
    let Some(stored) = stored else {
        return Err(EditError::Missing { kind: D::KIND, name: name.to_owned() }.into());
    };
    if seen.is_some_and(|seen| seen != fingerprint(&stored)) {
        return Err(EditError::Conflict { kind: D::KIND, name: name.to_owned() }.into());
    }
    let mut settings: D = read(name, &stored)?;
    let given = edit(&mut settings)?;
    check(name, &settings)?;
    let document = serde_json::to_string(&settings).map_err(EditError::Unwritable)?;
    if document != stored {
        place::check_stored(&mut tx, D::KIND, name, Some(&stored), &document).await?;
        tx.put_setting(D::KIND, name, &document, now).await.map_err(EditError::Store)?;
        tx.commit().await.map_err(EditError::Store)?;
    }
    Ok(given)
}
