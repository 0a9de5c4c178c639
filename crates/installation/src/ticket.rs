//! Ways into the console that work once: the link that a start prints, and the hop of somebody who
//! is signed in to an app and belongs to the group of administrators.

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

/// The name of who comes with the password, or by the link of a start.
pub const ADMINISTRATOR: &str = "administrator";

/// The link that a start prints works for so long.
pub const LINK: Duration = Duration::from_secs(3600);
