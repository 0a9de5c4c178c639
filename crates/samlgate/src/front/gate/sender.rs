//! Who sent a request, and to which public authority.
//!
//! The app is told the same, wherever Samlgate stands: one address, the person's.

use std::borrow::Cow;
use std::net::IpAddr;

use gateway::Body;
use http::Request;
use http::header::HOST;
use installation::Installation;
use installation::config::Listener;
use installation::proxies::{self, Asked, Peer};
use installation::settings::{Snapshot, host_of};

/// The sender as far as it can be trusted.
pub(super) struct Sender {
    /// The person's address.
    pub client: IpAddr,
    /// `host[:port]` that the browser asked for.
    pub authority: String,
    /// Names the request in the log and at the app.
    pub request_id: String,
}

impl Sender {
    /// Reads the connection, and what proxies say when the peer is a trusted one: of the host only
    /// where the request's own names no app.
    ///
    /// # Errors
    /// When the request names no host, or several: it could mean one app here and another there.
    pub(super) fn of(
        installation: &Installation,
        settings: &Snapshot,
        request: &Request<Body>,
        peer: Peer,
        request_id: String,
    ) -> Result<Self, &'static str> {
        let trusted = installation.proxies.before(Listener::Public);
        let headers = request.headers();
        let client = proxies::client_of(trusted, headers, peer).nearest;
        let own = own(request)?;
        let authority = match own.filter(|own| settings.has(own)) {
            Some(own) => own.to_owned(),
            None => told(own, &proxies::asked_for(trusted, headers, peer), settings)?,
        };
        Ok(Sender { client, authority, request_id })
    }
}

/// The authority of the request itself: HTTP/2's pseudo-header, or the one Host header.
fn own(request: &Request<Body>) -> Result<Option<&str>, &'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    if hosts.next().is_some() {
        return Err("The request names more than one host.");
    }
    match (request.uri().authority(), host) {
        (Some(authority), Some(host)) if !authority.as_str().eq_ignore_ascii_case(host) => {
            Err("The request names two different hosts.")
        }
        (Some(authority), _) => Ok(Some(authority.as_str())),
        (None, host) => Ok(host),
    }
}

/// The first authority of an app that proxies name, or else the first that anybody names. They may
/// keep the port apart from the host.
fn told(own: Option<&str>, asked: &Asked<'_>, settings: &Snapshot) -> Result<String, &'static str> {
    let with_port = |host: &str| match asked.port {
        Some(port) if host_of(host) == host => Some(format!("{host}:{port}")),
        _ => None,
    };
    let own_with_port =
        own.and_then(|own| asked.port.map(|port| format!("{}:{port}", host_of(own))));
    let named = [
        asked.host.and_then(with_port).map(Cow::Owned),
        asked.host.map(Cow::Borrowed),
        own_with_port.map(Cow::Owned),
        own.map(Cow::Borrowed),
    ];
    let mut named: Vec<Cow<'_, str>> = named.into_iter().flatten().collect();
    if named.is_empty() {
        return Err("The request names no host.");
    }
    let known = named.iter().position(|authority| settings.has(authority)).unwrap_or(0);
    Ok(named.swap_remove(known).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_means_one_host() {
        let asks = |target: &str, hosts: &[&str]| {
            let mut request = Request::builder().uri(target);
            for host in hosts {
                request = request.header(HOST, *host);
            }
            let request = request.body(gateway::empty()).unwrap();
            own(&request).map(|own| own.map(str::to_owned))
        };
        assert_eq!(asks("/", &["a.example"]).unwrap().unwrap(), "a.example");
        assert_eq!(asks("https://a.example/", &[]).unwrap().unwrap(), "a.example");
        assert_eq!(asks("http://A.example/", &["a.Example"]).unwrap().unwrap(), "A.example");
        assert!(asks("http://a.example/", &["b.example"]).is_err());
        assert!(asks("/", &["a.example", "a.example"]).is_err());
        assert_eq!(asks("/", &[]), Ok(None));
    }
}
