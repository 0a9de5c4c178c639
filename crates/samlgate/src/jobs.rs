//! What a running server does by itself: take over changed settings, close what an ended session left
//! open, write down which sessions are in use, sweep what has expired, keep the trust in IdPs current, and make those inactive who stayed
//! away.

use std::sync::Arc;
use std::time::Duration;

use installation::Installation;
use installation::inactivity;
use installation::trust;

use crate::front::Front;

/// A change of settings is seen by every node within this long.
const SETTINGS_EVERY: Duration = Duration::from_millis(400);
/// Expired claims, sessions and passwords go this often, in small batches.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// Sign-ins are counted this often, for the inactivity rule and for who asks why.
const COUNT_EVERY: Duration = Duration::from_secs(60);
/// The inactivity rule is applied once in so many counts.
const COUNTS_PER_RULE: u32 = 60;

/// IdPs' metadata is read when it is due, to this long.
const TRUST_EVERY: Duration = Duration::from_secs(60);

/// Runs until the process ends. A database that is away is reported once, and again when it is back.
pub async fn run(front: Arc<Front>) {
    let installation = &*front.installation;
    tokio::join!(
        follow_settings(installation),
        front.cookie_map.tunnels.watch(installation, &front.uses),
        front.uses.keep(installation),
        sweep(installation),
        keep_trust(&front),
        watch_inactivity(installation)
    );
}

async fn follow_settings(installation: &Installation) {
    let mut away = false;
    loop {
        tokio::time::sleep(SETTINGS_EVERY).await;
        match installation.settings.refresh(&installation.store, &installation.secrets).await {
            Ok(_) if away => {
                away = false;
                tracing::info!("the database is back");
            }
            Ok(_) => {}
            Err(error) if !away => {
                away = true;
                tracing::error!(
                    error = %error,
                    "the database is away; settings stay as they are"
                );
            }
            Err(_) => {}
        }
    }
}

async fn keep_trust(front: &Front) {
    let Front { installation, trust: watch, .. } = front;
    loop {
        if let Err(error) = trust::write_down_uses(&installation.store, watch).await {
            tracing::warn!(error = %error, "could not write down which keys were used");
        }
        if let Err(error) = trust::refresh_when_due(installation, watch).await {
            tracing::warn!(error = %error, "could not look whether metadata is due");
        }
        tokio::time::sleep(TRUST_EVERY).await;
    }
}

async fn sweep(installation: &Installation) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        let now = installation.clock.now();
        let settings = installation.settings.current();
        let days = settings.console.settings.keep_attempts_days;
        let old = now - Duration::from_secs(u64::from(days) * 86_400);
        let swept = async {
            installation.store.sweep(now, settings.longest_session()).await?;
            installation.store.sweep_attempts(old).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(error = %error, "could not sweep what has expired");
        }
    }
}

async fn watch_inactivity(installation: &Installation) {
    for turn in 0_u32.. {
        tokio::time::sleep(COUNT_EVERY).await;
        let watched = async {
            inactivity::count_sign_ins(&installation.store, installation.clock.now()).await?;
            match turn % COUNTS_PER_RULE {
                0 => inactivity::deactivate(installation).await,
                _ => Ok(()),
            }
        };
        if let Err(error) = watched.await {
            tracing::warn!(error = %error, "could not count sign-ins");
        }
    }
}
