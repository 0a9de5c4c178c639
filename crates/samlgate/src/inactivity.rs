//! The inactivity rule: users of an IdP become inactive after some days without a sign-in.
//!
//! A sign-in writes nothing for this. The attempts are counted once a minute, each at least once,
//! which changes nothing the second time; so any number of nodes may do it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::User;
use directory::provision::Inactivity;
use store::{Page, Store, StoreError};

use crate::server::Server;
use crate::settings::Idp;

/// Attempts of this long before the mark are counted again: what was dated first may be committed
/// last.
const OVERLAP: Duration = Duration::from_secs(120);

/// Up to which moment sign-ins were counted, in Unix milliseconds.
const MARK: &str = "sign_ins_counted_to";

const PAGE: u32 = 500;

/// Takes over when people signed in last.
///
/// # Errors
/// When the database is away.
pub async fn count_sign_ins(store: &Store, now: SystemTime) -> Result<(), StoreError> {
    let mark = store.property(MARK).await?.and_then(|text| text.parse().ok());
    let mark = UNIX_EPOCH + Duration::from_millis(mark.unwrap_or(0));
    let from = mark.checked_sub(OVERLAP).unwrap_or(UNIX_EPOCH).max(UNIX_EPOCH);
    store.count_sign_ins(from, now).await?;
    let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let mut tx = store.begin().await?;
    tx.put_property(MARK, &millis.to_string()).await?;
    tx.commit().await
}

/// Makes those inactive who stayed away for too long, unless the IdP is in shadow mode.
///
/// # Errors
/// When the database is away; who was made inactive before stays so.
pub async fn deactivate(server: &Server) -> Result<(), StoreError> {
    let now = server.clock.now();
    let settings = server.settings.current();
    for idp in settings.idps.values() {
        let Some(rule) = &idp.provisioning.inactivity else { continue };
        for user in away(&server.store, idp, rule, now).await? {
            if idp.provisioning.shadow {
                tracing::info!(user.name = user.name, idp = idp.name, "would become inactive");
                continue;
            }
            let mut tx = server.store.begin().await?;
            let changed = tx.deactivate_if_away(&user.id, since(rule, now), now).await?;
            tx.commit().await?;
            if changed {
                tracing::warn!(
                    user.name = user.name,
                    idp = idp.name,
                    days = rule.days,
                    "user inactive"
                );
            }
        }
    }
    Ok(())
}

/// The active users of an IdP who stayed away for too long and are not exempt, by name.
///
/// # Errors
/// When the database is away.
pub async fn away(
    store: &Store,
    idp: &Idp,
    rule: &Inactivity,
    now: SystemTime,
) -> Result<Vec<User>, StoreError> {
    let mut away = Vec::new();
    let mut after = String::new();
    loop {
        let page = store.users_away_since(&idp.name, since(rule, now), &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(away) };
        after.clone_from(&last.name);
        for user in page {
            let groups = store.nested_groups_of_user(&user.id, Page::ALL).await?;
            let groups: Vec<String> = groups.into_iter().map(|group| group.name).collect();
            if rule.exempts(&user.name, &groups).is_none() {
                away.push(user);
            }
        }
    }
}

fn since(rule: &Inactivity, now: SystemTime) -> SystemTime {
    let days = Duration::from_secs(u64::from(rule.days) * 86_400);
    now.checked_sub(days).unwrap_or(UNIX_EPOCH).max(UNIX_EPOCH)
}
