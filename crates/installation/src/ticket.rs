//! Ways into the console that work once: a link for the administrator, and the hop of somebody who is
//! signed in to an app and belongs to the group of administrators.

use std::time::Duration;

use store::StoreError;

use crate::open::Installation;
use crate::runtime::token_hash;

/// Mints a link's token for `author`: it works once, within `lifetime`, on any node. It is to be
/// given as `/enter?token=...` behind the console's origin, and nowhere else.
///
/// # Errors
/// When the database is away.
pub async fn mint(
    installation: &Installation,
    author: &str,
    lifetime: Duration,
) -> Result<String, StoreError> {
    let token = installation.random.token();
    let until = installation.clock.now() + lifetime;
    installation.store.mint_console_ticket(&token_hash(&token), author, until).await?;
    Ok(token)
}

/// Mints a link that opens the console once, within an hour. It leads to the address that the settings
/// say administrators use, else to `url`, which is the listener's.
///
/// # Errors
/// When the database is away.
pub async fn link(installation: &Installation, url: &str) -> Result<String, StoreError> {
    let settings = installation.settings.current();
    let origin = settings.console.settings.public_url.as_deref().unwrap_or(url);
    let token = mint(installation, ADMINISTRATOR, LINK).await?;
    Ok(format!("{}/enter?token={token}", origin.trim_end_matches('/')))
}

/// Whether somebody can enter the console without a link.
///
/// # Errors
/// When the database is away.
pub async fn has_administrator(installation: &Installation) -> Result<bool, StoreError> {
    let by_group = installation.settings.current().console.settings.administrators_group.is_some();
    Ok(by_group || installation.store.property(PASSWORD).await?.is_some())
}

/// The name of who comes with the password, or by a link.
pub const ADMINISTRATOR: &str = "administrator";

/// The property that holds Argon2id of the administrator's password.
pub const PASSWORD: &str = "console.password_hash";

/// A link works for so long.
pub const LINK: Duration = Duration::from_secs(3600);
