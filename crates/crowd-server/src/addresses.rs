//! From where an application may come. Without an allow list: from loopback, and from where the
//! upstream of an app is that it serves. Names of upstreams are resolved, and remembered briefly.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use installation::settings::{App, Application, Snapshot};

/// Addresses of upstreams, as far as they were asked for lately.
#[derive(Default)]
pub(super) struct Upstreams {
    resolved: Mutex<HashMap<String, (Vec<IpAddr>, SystemTime)>>,
}

impl Upstreams {
    /// Whether the application may come from this address.
    pub(super) async fn allow(
        &self,
        settings: &Snapshot,
        application: &Application,
        client: IpAddr,
        now: SystemTime,
    ) -> bool {
        if !application.allow.is_empty() {
            return application.allow.iter().any(|range| range.contains(client));
        }
        if client.is_loopback() {
            return true;
        }
        for app in settings.apps.values().filter(|app| serves(application, app)) {
            if self.addresses_of(app, now).await.contains(&client) {
                return true;
            }
        }
        false
    }

    /// Whether any application may come from this address, so that a name which is none's is told from
    /// others nowhere.
    pub(super) async fn allow_some(
        &self,
        settings: &Snapshot,
        client: IpAddr,
        now: SystemTime,
    ) -> bool {
        let mut allowed = settings.applications.values().flat_map(|one| &one.allow);
        if client.is_loopback() || allowed.any(|range| range.contains(client)) {
            return true;
        }
        for app in settings.apps.values() {
            if self.addresses_of(app, now).await.contains(&client) {
                return true;
            }
        }
        false
    }

    async fn addresses_of(&self, app: &App, now: SystemTime) -> Vec<IpAddr> {
        let Ok(url) = url::Url::parse(&app.settings.upstream) else { return Vec::new() };
        let host = match url.host() {
            Some(url::Host::Ipv4(address)) => return vec![address.into()],
            Some(url::Host::Ipv6(address)) => return vec![IpAddr::V6(address).to_canonical()],
            Some(url::Host::Domain(host)) => host.to_owned(),
            None => return Vec::new(),
        };
        if let Some((addresses, until)) = self.lock().get(&host)
            && now < *until
        {
            return addresses.clone();
        }
        let lookup = tokio::net::lookup_host((host.as_str(), 0));
        let addresses: Vec<IpAddr> = match tokio::time::timeout(LOOKUP, lookup).await {
            Ok(Ok(found)) => found.map(|address| address.ip().to_canonical()).collect(),
            _ => Vec::new(),
        };
        self.lock().insert(host, (addresses.clone(), now + REMEMBERED));
        addresses
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Vec<IpAddr>, SystemTime)>> {
        self.resolved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An app that names no application may be answered by any.
fn serves(application: &Application, app: &App) -> bool {
    let named = &app.settings.applications;
    named.is_empty() || named.contains(&application.name)
}

const LOOKUP: Duration = Duration::from_secs(2);
const REMEMBERED: Duration = Duration::from_secs(60);
