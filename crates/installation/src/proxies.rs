//! Whom a request comes from when proxies stand in between: the one place where what a proxy says is
//! believed.
//!
//! Each trusted proxy has written down whom it saw; what stands before that is hearsay. What a client
//! or an untrusted proxy says of itself ends here; so does `Forwarded` (RFC 7239), which proxies pass
//! on without reading it.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::address::AddressRange;

pub use gateway::listen::Peer;

/// The sender of a request. There are two answers, and they are not to be mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The nearest address that is known: for pages, the log and throttling. Where a proxy wrote
    /// something unreadable it is the proxy's own.
    pub nearest: IpAddr,
    /// The sender's, for allow lists: none where a proxy wrote something unreadable, so that nobody
    /// is let in by the address of the proxy that he came through.
    pub certain: Option<IpAddr>,
}

/// Whom a request comes from: the first address, from ours outwards, that is not a trusted proxy's.
pub fn client_of(trusted: &[AddressRange], headers: &HeaderMap, peer: Peer) -> Client {
    let mut nearest = peer.address.ip().to_canonical();
    for line in headers.get_all("x-forwarded-for").iter().rev() {
        for entry in line.to_str().unwrap_or_default().rsplit(',') {
            if !is_in(trusted, nearest) {
                return Client { nearest, certain: Some(nearest) };
            }
            match address(entry.trim()) {
                Some(address) => nearest = address,
                None => return Client { nearest, certain: None },
            }
        }
    }
    Client { nearest, certain: Some(nearest) }
}

/// What the browser asked the first proxy for, when the peer is a trusted one. Each may have added
/// what it was asked for; whoever invents it is answered as if it stood in `Host`.
pub fn forwarded_host<'h>(
    trusted: &[AddressRange],
    headers: &'h HeaderMap,
    peer: Peer,
) -> Option<&'h str> {
    if !is_in(trusted, peer.address.ip().to_canonical()) {
        return None;
    }
    let line = headers.get("x-forwarded-host")?.to_str().ok()?;
    line.split(',').next().map(str::trim).filter(|host| !host.is_empty())
}

/// `192.0.2.7`, `2001:db8::7`, and with a port `192.0.2.7:4711`, `[2001:db8::7]:4711`, as some
/// proxies write them.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let parsed = bare.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip()));
    parsed.ok().map(|address: IpAddr| address.to_canonical())
}

fn is_in(ranges: &[AddressRange], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(address))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn trusted() -> [AddressRange; 2] {
        ["10.0.0.0/8".parse().unwrap(), "2001:db8:f::/48".parse().unwrap()]
    }

    fn peer(address: &str) -> Peer {
        Peer { address: (address.parse::<IpAddr>().unwrap(), 1).into(), tls: false }
    }

    #[test]
    fn the_sender_is_whom_the_outermost_trusted_proxy_saw() {
        // Who connects, the lines of X-Forwarded-For, the nearest known address, and whether it is
        // the sender's for certain.
        let cases: [(&str, &[&[u8]], &str, bool); 24] = [
            (PROXY, &[b"203.0.113.5"], "203.0.113.5", true),
            (PROXY, &[b"203.0.113.5, 10.2.3.4, 10.9.9.9"], "203.0.113.5", true),
            (PROXY, &[b"203.0.113.5", b"10.2.3.4"], "203.0.113.5", true),
            (PROXY, &[b"2001:db8::5,2001:db8:f::1"], "2001:db8::5", true),
            ("::ffff:10.0.0.1", &[b"203.0.113.5"], "203.0.113.5", true),
            // A person in the proxies' network, and a proxy that asks for itself.
            (PROXY, &[b"10.2.3.4"], "10.2.3.4", true),
            (PROXY, &[], PROXY, true),
            // No proxy of ours: what it says of others is nothing to us.
            ("192.0.2.7", &[b"127.0.0.1"], "192.0.2.7", true),
            ("192.0.2.7", &[b"unknown"], "192.0.2.7", true),
            ("192.0.2.7", &[], "192.0.2.7", true),
            // What stands before an untrusted address is hearsay.
            (PROXY, &[b"10.9.8.7, 198.51.100.9, 203.0.113.5"], "203.0.113.5", true),
            (PROXY, &[b"127.0.0.1", b"203.0.113.5"], "203.0.113.5", true),
            (PROXY, &[b"unknown, 203.0.113.5"], "203.0.113.5", true),
            // Ports, brackets and mapped addresses are understood.
            (PROXY, &[b"203.0.113.5:4711"], "203.0.113.5", true),
            (PROXY, &[b"[2001:db8::5]:4711"], "2001:db8::5", true),
            (PROXY, &[b"[2001:db8::5]"], "2001:db8::5", true),
            (PROXY, &[b"::ffff:203.0.113.5"], "203.0.113.5", true),
            // What cannot be read is nobody's address, and certainly not the proxy's own.
            (PROXY, &[b"198.51.100.9, unknown, 10.2.3.4"], "10.2.3.4", false),
            (PROXY, &[b"198.51.100.9, , 10.2.3.4"], "10.2.3.4", false),
            (PROXY, &[b"_hidden"], PROXY, false),
            (PROXY, &[b"127.0.0.1", b"\xff"], PROXY, false),
            (PROXY, &[b""], PROXY, false),
            (PROXY, &[b"203.0.113.5:x"], PROXY, false),
            (PROXY, &[b"203.0.113.5:99999"], PROXY, false),
        ];
        for (from, lines, nearest, certain) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
            }
            let nearest: IpAddr = nearest.parse().unwrap();
            let expected = Client { nearest, certain: certain.then_some(nearest) };
            assert_eq!(client_of(&trusted(), &headers, peer(from)), expected, "{from} {lines:?}");
        }
    }

    #[test]
    fn the_first_of_several_forwarded_hosts_is_the_browser_s_and_only_proxies_are_asked() {
        let with = |from: &str, value: &'static str| {
            let headers = HeaderMap::from_iter([(
                "x-forwarded-host".parse().unwrap(),
                value.parse().unwrap(),
            )]);
            forwarded_host(&trusted(), &headers, peer(from)).map(str::to_owned)
        };
        let jira = Some("jira.example.com".to_owned());
        assert_eq!(with(PROXY, "jira.example.com, proxy.internal"), jira);
        assert_eq!(with(PROXY, "jira.example.com:8443").as_deref(), Some("jira.example.com:8443"));
        assert_eq!(with(PROXY, " ,jira.example.com"), None);
        assert_eq!(with("192.0.2.7", "jira.example.com"), None, "not a proxy of ours");
    }
}
