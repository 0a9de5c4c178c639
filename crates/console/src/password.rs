//! The administrator's password: what one must be like, where its hash is, and whether a given one
//! fits. It makes no page.

use std::net::IpAddr;

use installation::Installation;
use installation::address::AddressRange;
use installation::password::{self, Guess, Lane, Verdict};
use installation::settings::By;
use store::{Author, StoreError};

use super::form::Errors;
use super::known::Known;

pub(super) use installation::ticket::PASSWORD;

/// The field of the password that is asked for again.
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

/// Whose guesses count together.
pub(super) enum Guesser<'a> {
    /// Strangers at one sender's addresses; none is known without a connection.
    At(Option<IpAddr>),
    /// A browser that has been inside.
    Known(&'a Known),
    /// The session of somebody who is inside.
    Inside(&'a str),
}

/// Looks whether `presented` is the administrator's password.
///
/// # Errors
/// When the database is away.
pub(super) async fn guess(
    installation: &Installation,
    guesser: Guesser<'_>,
    presented: &str,
) -> Result<Verdict, StoreError> {
    let (kind, whose, lane) = match guesser {
        Guesser::At(address) => {
            let sender = address.map(|address| AddressRange::of_sender(address).to_string());
            ("console at", sender.unwrap_or_default(), Lane::Entrance)
        }
        Guesser::Known(known) => ("console known", known.name().to_owned(), Lane::Known),
        Guesser::Inside(session) => ("console inside", session.to_owned(), Lane::Known),
    };
    let source = password::source(&installation.secrets, &[kind, &whose]);
    let (store, now) = (&installation.store, installation.clock.now());
    let stored = store.property(PASSWORD).await?;
    let guess = Guess { source, most: MOST, lane, presented, stored: stored.as_deref() };
    installation.passwords.judge(store, guess, now).await
}

/// What is said at the field of a password that was not right.
pub(super) fn refusal(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Right => None,
        Verdict::Wrong => Some("This is not the administrator's password."),
        Verdict::TooMany => Some("Too many wrong passwords: please wait ten minutes."),
        Verdict::Busy => Some("Too many passwords come at once: please try again in a moment."),
    }
}

/// Notes in the history that somebody was refused, as long as it is not filled by that.
///
/// # Errors
/// When the database is away.
pub(super) async fn note_refused(
    installation: &Installation,
    author: &Author,
) -> Result<(), StoreError> {
    let (store, now) = (&installation.store, installation.clock.now());
    let source = password::source(&installation.secrets, &["console noted"]);
    if store.count_guess(&source, NOTED, password::WINDOW, now).await? {
        store.note(author, store::Event::ConsoleRefused, "", "a wrong password", now).await?;
    }
    Ok(())
}

/// Wrong passwords of one guesser that are looked at in ten minutes.
const MOST: u32 = 5;

/// Refusals in the history in ten minutes.
const NOTED: u32 = 50;
