//! Who sent a request, and to which public authority.
//!
//! The app is told the same, wherever Samlgate stands: one address, the person's.

use std::net::IpAddr;

use gateway::Body;
use http::Request;
use http::header::HOST;
use installation::Installation;
use installation::config::Listener;
use installation::proxies::{self, Peer};

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
    /// Reads the connection, and `X-Forwarded-*` when the peer is a trusted proxy.
    ///
    /// # Errors
    /// When the request names no host, or several: it could mean one app here and another there.
    pub(super) fn of(
        installation: &Installation,
        request: &Request<Body>,
        peer: Peer,
        request_id: String,
    ) -> Result<Self, &'static str> {
        let trusted = installation.proxies.before(Listener::Public);
        let client = proxies::client_of(trusted, request.headers(), peer).nearest;
        let authority = match proxies::forwarded_host(trusted, request.headers(), peer) {
            Some(host) => host.to_owned(),
            None => asked_for(request)?,
        };
        Ok(Sender { client, authority, request_id })
    }
}

/// The authority of the request: HTTP/2's pseudo-header, or the one Host header.
fn asked_for(request: &Request<Body>) -> Result<String, &'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    if hosts.next().is_some() {
        return Err("The request names more than one host.");
    }
    match (request.uri().authority(), host) {
        (Some(authority), Some(host)) if !authority.as_str().eq_ignore_ascii_case(host) => {
            Err("The request names two different hosts.")
        }
        (Some(authority), _) => Ok(authority.as_str().to_owned()),
        (None, Some(host)) => Ok(host.to_owned()),
        (None, None) => Err("The request names no host."),
    }
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
            asked_for(&request.body(gateway::empty()).unwrap())
        };
        assert_eq!(asks("/", &["a.example"]).unwrap(), "a.example");
        assert_eq!(asks("https://a.example/", &[]).unwrap(), "a.example");
        assert_eq!(asks("http://A.example/", &["a.Example"]).unwrap(), "A.example");
        assert!(asks("http://a.example/", &["b.example"]).is_err());
        assert!(asks("/", &["a.example", "a.example"]).is_err());
        assert!(asks("/", &[]).is_err());
    }
}
