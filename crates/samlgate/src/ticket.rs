//! Ways into the console that work once: the link that a start prints, and the hop of somebody who
//! is signed in to an app and belongs to the group of administrators.

use std::time::Duration;

use gateway::Body;
use http::{Response, StatusCode};
use store::StoreError;

use crate::answer;
use crate::open::Installation;
use crate::page;
use crate::runtime::token_hash;
use crate::session;
use crate::visit::Visit;

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

/// Answers GET `<prefix>/console`: leads a signed-in member of the administrators' group into the
/// console, which is at another origin. Nobody else learns more than that there is nothing here.
pub async fn hop(visit: &Visit) -> Response<Body> {
    let settings = &visit.settings.console.settings;
    let (Some(group), Some(origin)) = (&settings.administrators_group, &settings.public_url) else {
        return nothing();
    };
    let found = match session::current(visit).await {
        Ok(Some((_, user))) => member(visit, group, &user).await.map(|is| is.then_some(user)),
        Ok(None) => {
            let back = format!("{}/console", visit.app.prefix);
            return answer::see_other(&page::start_address(&visit.app, None, Some(&back)));
        }
        Err(error) => Err(error),
    };
    let token = match found {
        Ok(Some(user)) => mint(&visit.installation, &user.name, HOP).await,
        Ok(None) => return nothing(),
        Err(error) => Err(error),
    };
    match token {
        Ok(token) => {
            let origin = origin.trim_end_matches('/');
            answer::see_other(&format!("{origin}/enter?token={token}"))
        }
        Err(error) => {
            tracing::error!(%error, "nobody was led into the console");
            page::database_away(visit)
        }
    }
}

async fn member(visit: &Visit, group: &str, user: &directory::User) -> Result<bool, StoreError> {
    let store = &visit.installation.store;
    match store.group(group).await? {
        Some(group) => store.is_direct_member(&user.id, &group.id).await,
        None => Ok(false),
    }
}

fn nothing() -> Response<Body> {
    answer::text(StatusCode::NOT_FOUND, "There is no such page.")
}

/// The name of who comes with the password, or by the link of a start.
pub const ADMINISTRATOR: &str = "administrator";

/// The link that a start prints works for so long.
pub const LINK: Duration = Duration::from_secs(3600);

/// A browser follows a redirect at once.
const HOP: Duration = Duration::from_secs(60);
