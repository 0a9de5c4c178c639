//! The administrator's password: what one must be like, where its hash is, whether a given one fits,
//! and how many wrong ones are looked at. It makes no page.

use std::time::{Duration, SystemTime};

use installation::settings::By;
use installation::{Installation, password};
use store::{Store, StoreError};

use super::form::Errors;

/// The property that holds Argon2id of the administrator's password.
pub(super) const PASSWORD: &str = "console.password_hash";

/// The field of the password beside a dangerous change.
pub(super) const CONFIRMATION: &str = "confirmation";

/// Says at the field what a password lacks. Length is what counts, and the library's own limit.
pub(super) fn check(text: &str, errors: &mut Errors) {
    match text.chars().count() {
        0..12 => errors.add("password", "A password has at least 12 characters."),
        12..=256 => {}
        _ => errors.add("password", "A password has at most 256 characters."),
    }
}

/// Stores the password's hash and notes who set it.
///
/// # Errors
/// When the database is away.
pub(super) async fn set(
    installation: &Installation,
    by: By,
    text: String,
) -> Result<(), StoreError> {
    let random = installation.random;
    let hash = tokio::task::spawn_blocking(move || password::hash(&text, random)).await;
    let Ok(Ok(hash)) = hash else {
        return Err(StoreError::Corrupt("no hash could be made".to_owned()));
    };
    let mut tx = installation.store.begin().await?;
    tx.author(by.author);
    tx.put_property(PASSWORD, &hash).await?;
    tx.note(store::Event::ConsolePasswordSet, "administrator", "", by.now).await?;
    tx.commit().await
}

/// Whether `password` is the administrator's. Off the threads that answer, since it takes long.
///
/// # Errors
/// When the database is away.
pub(super) async fn fits(store: &Store, password: String) -> Result<bool, StoreError> {
    let Some(hash) = store.property(PASSWORD).await? else { return Ok(false) };
    let fits = tokio::task::spawn_blocking(move || password::fits(&password, &hash)).await;
    Ok(fits.unwrap_or(false))
}

/// Whether so many wrong passwords came, from one address or from all, that none is looked at.
///
/// # Errors
/// When the database is away.
pub(super) async fn is_throttled(
    store: &Store,
    address: &str,
    now: SystemTime,
) -> Result<bool, StoreError> {
    Ok(store.console_failures(address, WINDOW, now).await? >= FROM_ONE
        || store.console_failures(EVERYBODY, WINDOW, now).await? >= FROM_ALL)
}

/// Wrong passwords count for so long.
pub(super) const WINDOW: Duration = Duration::from_secs(600);

/// Under this address wrong passwords of all count together.
pub(super) const EVERYBODY: &str = "*";

const FROM_ONE: u32 = 5;
const FROM_ALL: u32 = 50;
