//! Who sent a request, and to which public authority.
//!
//! The app is told the same, wherever Samlgate stands: one address, the person's. What a client or
//! an untrusted proxy says of itself ends here; so does `Forwarded` (RFC 7239), which proxies pass
//! on without reading it.

use std::net::{IpAddr, SocketAddr};

use gateway::Body;
use http::header::HOST;
use http::{HeaderMap, Request};

use crate::address::AddressRange;
use crate::open::Installation;
use gateway::listen::Peer;

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
        let trusted = installation.trusted_proxies.as_slice();
        let peer = peer.address.ip().to_canonical();
        let through_proxy = is_in(trusted, peer);
        let client = if through_proxy { person(trusted, request.headers(), peer) } else { peer };
        let forwarded_host = through_proxy.then(|| forwarded_host(request)).flatten();
        let authority = match forwarded_host {
            Some(host) => host.to_owned(),
            None => asked_for(request)?,
        };
        Ok(Sender { client, authority, request_id })
    }
}

/// The person's address, as a listener behind the same proxies sees it.
pub fn client_of(installation: &Installation, headers: &HeaderMap, peer: Peer) -> IpAddr {
    let trusted = installation.trusted_proxies.as_slice();
    let peer = peer.address.ip().to_canonical();
    if is_in(trusted, peer) { person(trusted, headers, peer) } else { peer }
}

/// The first address, from ours outwards, that is not a trusted proxy's: each trusted proxy has
/// written down whom it saw, and what stands before that is hearsay. An entry that is no address
/// ends the way.
fn person(trusted: &[AddressRange], headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let mut nearest = peer;
    for line in headers.get_all("x-forwarded-for").iter().rev() {
        for entry in line.to_str().unwrap_or_default().rsplit(',') {
            let Some(address) = address(entry.trim()) else { return nearest };
            nearest = address;
            if !is_in(trusted, address) {
                return nearest;
            }
        }
    }
    nearest
}

/// `192.0.2.7`, `2001:db8::7`, and with a port `192.0.2.7:4711`, `[2001:db8::7]:4711`, as some
/// proxies write them.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let parsed = bare.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip()));
    parsed.ok().map(|address: IpAddr| address.to_canonical())
}

/// What the browser asked the first proxy for; each one may have added what it was asked for.
/// Whoever invents it is answered as if it stood in `Host`.
fn forwarded_host(request: &Request<Body>) -> Option<&str> {
    let line = request.headers().get("x-forwarded-host")?.to_str().ok()?;
    line.split(',').next().map(str::trim).filter(|host| !host.is_empty())
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

fn is_in(ranges: &[AddressRange], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn person_behind(lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8:f::/48".parse().unwrap()];
        let mut request = Request::builder();
        for line in lines {
            request = request.header("x-forwarded-for", *line);
        }
        let request = request.body(gateway::empty()).unwrap();
        person(&trusted, request.headers(), PROXY.parse().unwrap()).to_string()
    }

    #[test]
    fn the_person_is_whom_the_outermost_trusted_proxy_saw() {
        assert_eq!(person_behind(&["203.0.113.5"]), "203.0.113.5");
        assert_eq!(person_behind(&["203.0.113.5, 10.2.3.4, 10.9.9.9"]), "203.0.113.5");
        assert_eq!(person_behind(&["203.0.113.5", "10.2.3.4"]), "203.0.113.5", "several lines");
        assert_eq!(person_behind(&["2001:db8::5,2001:db8:f::1"]), "2001:db8::5");
        assert_eq!(person_behind(&["10.2.3.4"]), "10.2.3.4", "a person in the proxies' network");
    }

    #[test]
    fn what_stands_before_an_untrusted_address_is_hearsay() {
        assert_eq!(person_behind(&["10.9.8.7, 198.51.100.9, 203.0.113.5"]), "203.0.113.5");
        assert_eq!(person_behind(&["127.0.0.1", "203.0.113.5"]), "203.0.113.5");
        assert_eq!(person_behind(&["198.51.100.9, unknown, 10.2.3.4"]), "10.2.3.4");
        assert_eq!(person_behind(&["198.51.100.9, , 10.2.3.4"]), "10.2.3.4");
        assert_eq!(person_behind(&["_hidden"]), PROXY);
        assert_eq!(person_behind(&[]), PROXY);
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        for (entry, expected) in [
            ("203.0.113.5:4711", "203.0.113.5"),
            ("[2001:db8::5]:4711", "2001:db8::5"),
            ("[2001:db8::5]", "2001:db8::5"),
            ("::ffff:203.0.113.5", "203.0.113.5"),
        ] {
            assert_eq!(person_behind(&[entry]), expected);
        }
        assert_eq!(address("203.0.113.5:x"), None);
        assert_eq!(address("203.0.113.5:99999"), None);
    }

    #[test]
    fn the_first_of_several_forwarded_hosts_is_the_browser_s() {
        let with = |value: &str| {
            let request = Request::builder().header("x-forwarded-host", value);
            let request = request.body(gateway::empty()).unwrap();
            forwarded_host(&request).map(str::to_owned)
        };
        assert_eq!(with("jira.example.com, proxy.internal").as_deref(), Some("jira.example.com"));
        assert_eq!(with("jira.example.com:8443").as_deref(), Some("jira.example.com:8443"));
        assert_eq!(with(""), None);
    }

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
