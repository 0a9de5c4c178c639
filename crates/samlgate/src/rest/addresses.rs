//! From where an application may come. Without an allow list: from loopback, and from where the
//! upstream of an app is that it serves. Names of upstreams are resolved, and remembered briefly.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;

use crate::open::Installation;
use crate::settings::{App, Application, Snapshot};
use gateway::listen::Peer;

/// The sender's address: the peer's, or what a trusted proxy says of the one before it. `None` when
/// the connection is not known, which is nobody's address.
pub(super) fn client(
    installation: &Installation,
    headers: &HeaderMap,
    peer: Option<&Peer>,
) -> Option<IpAddr> {
    let trusted =
        |address: IpAddr| installation.trusted_proxies.iter().any(|r| r.contains(address));
    let mut client = peer?.address.ip().to_canonical();
    let chain: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for entry in chain.into_iter().rev() {
        if !trusted(client) {
            break;
        }
        // What a proxy says and cannot be read is nobody's address, not the proxy's own.
        client = entry.trim().parse::<IpAddr>().ok()?.to_canonical();
    }
    Some(client)
}

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::runtime::Clock;

    #[tokio::test]
    async fn goes_back_along_the_chain_as_far_as_proxies_are_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("samlgate.db").display());
        let mut installation = Installation::for_tests(&url, Clock::system()).await.unwrap();
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        Arc::get_mut(&mut installation).unwrap().trusted_proxies = proxies;
        let seen = |peer: &str, chain: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", chain.parse().unwrap());
            let peer = Peer { address: (peer.parse::<IpAddr>().unwrap(), 1).into(), tls: false };
            client(&installation, &headers, Some(&peer)).map(|address| address.to_string())
        };
        let jira = Some("192.0.2.7".to_owned());
        assert_eq!(seen("192.0.2.7", "127.0.0.1"), jira, "not a proxy");
        assert_eq!(seen("10.0.0.1", "127.0.0.1, 192.0.2.7"), jira, "the sender made up the rest");
        assert_eq!(seen("10.0.0.1", "192.0.2.7, 10.0.0.2"), jira);
        assert_eq!(seen("10.0.0.1", "unknown"), None);
        assert_eq!(client(&installation, &HeaderMap::new(), None), None);
    }
}
