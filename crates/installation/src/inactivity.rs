//! The inactivity rule: users of an IdP become inactive after some days without a sign-in.
//!
//! A sign-in writes nothing for this. The attempts are counted once a minute, each at least once,
//! which changes nothing the second time; so any number of nodes may do it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::User;
use directory::provision::Inactivity;
use store::{Author, Page, Store, StoreError};

use crate::open::Installation;
use crate::people;
use crate::settings::{By, Idp};

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
pub async fn deactivate(installation: &Installation) -> Result<(), StoreError> {
    let now = installation.clock.now();
    let settings = installation.settings.current();
    for idp in settings.idps.values() {
        let Some(rule) = &idp.provisioning.inactivity else { continue };
        for user in away(&installation.store, idp, rule, now).await? {
            if idp.provisioning.shadow {
                tracing::info!(user.name = user.name, idp = idp.name, "would become inactive");
                continue;
            }
            let author = Author { name: "inactivity rule".to_owned(), address: String::new() };
            let detail = format!("no sign-in by {} for {} days", idp.name, rule.days);
            let (store, by) = (&installation.store, By { author, now });
            let changed =
                people::switch_off_if_away(store, &user, since(rule, now), &detail, by).await?;
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use directory::{Group, MembershipSource};
    use saml::Certificate;
    use store::EntryFilter;

    use super::*;
    use crate::config::Config;
    use crate::runtime::Clock;
    use crate::settings::{self, IdpSettings};

    const DAY: Duration = Duration::from_secs(86_400);

    async fn installation(
        folder: &tempfile::TempDir,
        clock: &Clock,
    ) -> std::sync::Arc<Installation> {
        let installation =
            Installation::open(&Config::defaults_in(folder.path()), clock.clone()).await.unwrap();
        let pem = include_bytes!("../../testkit/fixtures/p256.crt");
        let certificate = Certificate::from_pem_or_der(pem).unwrap();
        let mut idp = IdpSettings {
            entity_id: "https://idp.example.com/".to_owned(),
            login_url: "https://idp.example.com/sso".to_owned(),
            certificates: vec![STANDARD.encode(certificate.der())],
            ..IdpSettings::default()
        };
        idp.provisioning.inactivity.days = 90;
        idp.provisioning.inactivity.except_users = vec!["svc-*".to_owned()];
        settings::put(
            &installation.store,
            "company",
            &idp,
            settings::Expect::Free,
            settings::By::command_line(clock.now()),
        )
        .await
        .unwrap();
        installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
        installation
    }

    async fn add(installation: &Installation, name: &str, idp: Option<&str>) {
        let now = installation.clock.now();
        let user = User {
            id: name.to_owned(),
            name: name.to_owned(),
            full_name: name.to_owned(),
            email: String::new(),
            active: true,
            idp: idp.map(str::to_owned),
            created_at: now,
            updated_at: now,
        };
        let mut tx = installation.store.begin().await.unwrap();
        tx.create_user(&user).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn whoever_stays_away_becomes_inactive_and_whoever_is_exempt_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let installation = installation(&folder, &clock).await;
        for name in ["away", "administrator", "svc-backup"] {
            add(&installation, name, Some("company")).await;
        }
        add(&installation, "manual", None).await;
        let now = clock.now();
        let group = Group {
            id: "g".to_owned(),
            name: "jira-administrators".to_owned(),
            description: String::new(),
            active: true,
            created_at: now,
            updated_at: now,
        };
        let mut tx = installation.store.begin().await.unwrap();
        tx.create_group(&group).await.unwrap();
        tx.add_membership("administrator", "g", MembershipSource::Manual, now).await.unwrap();
        tx.commit().await.unwrap();

        clock.advance(DAY * 90);
        deactivate(&installation).await.unwrap();
        assert!(
            installation.store.user("away").await.unwrap().unwrap().active,
            "90 days are allowed"
        );
        clock.advance(DAY);
        count_sign_ins(&installation.store, clock.now()).await.unwrap();
        deactivate(&installation).await.unwrap();
        for (name, active) in
            [("away", false), ("administrator", true), ("svc-backup", true), ("manual", true)]
        {
            assert_eq!(
                installation.store.user(name).await.unwrap().unwrap().active,
                active,
                "{name}"
            );
        }
        let filter = EntryFilter { event: "user.".to_owned(), limit: 9, ..Default::default() };
        let entries = installation.store.history(&filter).await.unwrap();
        let shown: Vec<_> =
            entries.iter().map(|e| (&*e.event, &*e.subject, &*e.author.name)).collect();
        assert_eq!(shown, [("user.deactivated", "user away", "inactivity rule")]);
        assert_eq!(entries[0].detail, "no sign-in by company for 90 days");
    }
}
