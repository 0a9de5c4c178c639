//! Whom a request comes from, and what it asked for, when proxies stand in between: the one place
//! where what a proxy says is believed.
//!
//! Each trusted proxy has written down whom it saw and what it was asked for; what stands before that
//! is hearsay. What a client or an untrusted proxy says of itself ends here. Proxies write either
//! `X-Forwarded-*` or `Forwarded` (RFC 7239), and pass the other on without reading it: `Forwarded`
//! counts only where there is nothing of the first.

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
    /// is let in by the address of the proxy that he came through; nor where both kinds of headers
    /// name somebody and not the same, since one of them is the sender's own word.
    pub certain: Option<IpAddr>,
}

/// What the outermost trusted proxy was asked for, as far as it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked<'h> {
    /// `host` or `host:port`.
    pub host: Option<&'h str>,
    /// The port, where proxies name it beside the host.
    pub port: Option<u16>,
}

/// Whom a request comes from: the first address, from ours outwards, that is not a trusted proxy's.
pub fn client_of(trusted: &[AddressRange], headers: &HeaderMap, peer: Peer) -> Client {
    let standard = || walk(trusted, peer, elements(headers).map(|element| element.seen)).0;
    if !headers.contains_key(X_FORWARDED_FOR) {
        return standard();
    }
    let client = walk(trusted, peer, entries(headers, X_FORWARDED_FOR).map(Some)).0;
    let disagree = headers.contains_key(FORWARDED) && standard() != client;
    Client { certain: client.certain.filter(|_| !disagree), ..client }
}

/// What the browser asked for, when the peer is a trusted proxy. Each trusted one may have added
/// what it was asked for; the word of the outermost counts, and what a client said before it does not.
pub fn asked_for<'h>(trusted: &[AddressRange], headers: &'h HeaderMap, peer: Peer) -> Asked<'h> {
    if !is_in(trusted, peer.address.ip().to_canonical()) {
        return Asked::default();
    }
    if [X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PORT]
        .iter()
        .any(|n| headers.contains_key(*n))
    {
        let proxies = walk(trusted, peer, entries(headers, X_FORWARDED_FOR).map(Some)).1;
        let outermost = |name| entries(headers, name).take(proxies).last();
        return Asked {
            host: outermost(X_FORWARDED_HOST).filter(|host| !host.is_empty()),
            port: outermost(X_FORWARDED_PORT).and_then(|port| port.parse().ok()),
        };
    }
    let proxies = walk(trusted, peer, elements(headers).map(|element| element.seen)).1;
    Asked {
        host: elements(headers).take(proxies).filter_map(|element| element.host).last(),
        port: None,
    }
}

/// Follows what proxies wrote, the nearest first, as long as trusted ones wrote it. Gives whom the
/// last saw, and how many they are.
fn walk<'h>(
    trusted: &[AddressRange],
    peer: Peer,
    mut seen: impl Iterator<Item = Option<&'h str>>,
) -> (Client, usize) {
    let mut nearest = peer.address.ip().to_canonical();
    let mut proxies = 0;
    while is_in(trusted, nearest) {
        proxies += 1;
        match seen.next() {
            None => break,
            Some(text) => match text.and_then(address) {
                Some(address) => nearest = address,
                None => return (Client { nearest, certain: None }, proxies),
            },
        }
    }
    (Client { nearest, certain: Some(nearest) }, proxies)
}

/// The entries of a header that is a list, the last first; what cannot be read is empty.
fn entries<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(name).iter().rev();
    lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')).map(str::trim)
}

/// What one proxy says in `Forwarded`.
#[derive(Default)]
struct Element<'h> {
    seen: Option<&'h str>,
    host: Option<&'h str>,
}

/// The elements of `Forwarded` (RFC 7239 §4), the last first. What a proxy says of addresses and
/// hosts holds no comma, and what a client says cannot reach across one.
fn elements(headers: &HeaderMap) -> impl Iterator<Item = Element<'_>> {
    entries(headers, FORWARDED).map(|text| element(text).unwrap_or_default())
}

/// None where it is not exactly one value for each parameter.
fn element(text: &str) -> Option<Element<'_>> {
    let mut element = Element::default();
    for pair in text.split(';') {
        let (name, value) = pair.trim().split_once('=')?;
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"')?,
            None => value,
        };
        if value.contains(['"', '\\']) {
            return None;
        }
        let place = match name.to_ascii_lowercase().as_str() {
            "for" => &mut element.seen,
            "host" => &mut element.host,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(element)
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

const FORWARDED: &str = "forwarded";
const X_FORWARDED_FOR: &str = "x-forwarded-for";
const X_FORWARDED_HOST: &str = "x-forwarded-host";
const X_FORWARDED_PORT: &str = "x-forwarded-port";

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

    /// The sender and what was asked for, of a request from `from` with these headers.
    fn read(from: &str, lines: &[(&'static str, &str)]) -> (Client, Option<String>, Option<u16>) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let asked = asked_for(&trusted(), &headers, peer(from));
        let client = client_of(&trusted(), &headers, peer(from));
        (client, asked.host.map(str::to_owned), asked.port)
    }

    #[test]
    fn what_was_asked_for_is_what_the_outermost_trusted_proxy_says_and_no_client() {
        // X-Forwarded-For, X-Forwarded-Host, and what counts of it.
        for (seen, hosts, host) in [
            ("203.0.113.5", "jira.example.com", Some("jira.example.com")),
            ("203.0.113.5", "jira.example.com:8443", Some("jira.example.com:8443")),
            // Apache adds to what came.
            ("203.0.113.5", "evil.example, jira.example.com", Some("jira.example.com")),
            ("203.0.113.5", "evil.example,a,b,jira.example.com", Some("jira.example.com")),
            ("203.0.113.5, 10.9.9.9", "jira.example.com, inner", Some("jira.example.com")),
            (
                "203.0.113.5, 10.9.9.9",
                "evil.example, jira.example.com, inner",
                Some("jira.example.com"),
            ),
            // One of two proxies says nothing.
            ("203.0.113.5, 10.9.9.9", "jira.example.com", Some("jira.example.com")),
            // An address that a client invented makes no proxy of it.
            ("10.9.9.9, 203.0.113.5", "evil.example, jira.example.com", Some("jira.example.com")),
            ("203.0.113.5", "jira.example.com, ", None),
            ("203.0.113.5", "", None),
        ] {
            let lines = [("x-forwarded-for", seen), ("x-forwarded-host", hosts)];
            assert_eq!(read(PROXY, &lines).1.as_deref(), host, "{seen}; {hosts}");
            assert_eq!(read("192.0.2.7", &lines).1, None, "not a proxy of ours");
        }
        let lines =
            [("x-forwarded-host", "evil.example"), ("x-forwarded-host", "jira.example.com")];
        assert_eq!(read(PROXY, &lines).1.as_deref(), Some("jira.example.com"));
        for (ports, port) in [
            ("8443", Some(8443)),
            ("81, 8443", Some(8443)),
            ("x", None),
            ("99999", None),
            ("", None),
        ] {
            assert_eq!(read(PROXY, &[("x-forwarded-port", ports)]).2, port, "{ports}");
        }
    }

    #[test]
    fn the_standard_header_is_read_where_nothing_else_is_said() {
        let certain = |address: &str| {
            let nearest: IpAddr = address.parse().unwrap();
            Client { nearest, certain: Some(nearest) }
        };
        let doubtful = Client { certain: None, ..certain(PROXY) };
        let jira = Some("jira.example.com");
        for (value, client, host) in [
            ("for=203.0.113.5;host=jira.example.com;proto=https", certain("203.0.113.5"), jira),
            ("FOR=203.0.113.5; Host=\"jira.example.com\"", certain("203.0.113.5"), jira),
            ("for=\"[2001:db8::5]:4711\";host=jira.example.com", certain("2001:db8::5"), jira),
            ("host=jira.example.com;for=\"203.0.113.5:4711\"", certain("203.0.113.5"), jira),
            // Two proxies of ours, and what a client said before.
            (
                "for=127.0.0.1;host=evil.example, for=203.0.113.5;host=jira.example.com, for=10.9.9.9",
                certain("203.0.113.5"),
                jira,
            ),
            (
                "for=\"127.0.0.1, for=203.0.113.5;host=jira.example.com",
                certain("203.0.113.5"),
                jira,
            ),
            ("for=203.0.113.5, for=10.2.3.4;host=jira.example.com", certain("203.0.113.5"), jira),
            // What cannot be read is nobody's address.
            ("for=unknown;host=jira.example.com", doubtful, jira),
            ("for=_hidden", doubtful, None),
            ("by=10.0.0.1", doubtful, None),
            ("for=203.0.113.5;for=203.0.113.6", doubtful, None),
            ("for=\"203.0.113.5", doubtful, None),
            ("for=\"203.0.113\\.5\"", doubtful, None),
            ("203.0.113.5", doubtful, None),
            ("", doubtful, None),
        ] {
            let (seen, asked, _) = read(PROXY, &[("forwarded", value)]);
            assert_eq!((seen, asked.as_deref()), (client, host), "{value}");
            let (seen, asked, _) = read("192.0.2.7", &[("forwarded", value)]);
            assert_eq!((seen, asked), (certain("192.0.2.7"), None), "{value}: no proxy of ours");
        }
    }

    #[test]
    fn of_two_kinds_of_headers_one_may_be_the_sender_s_own_and_lets_nobody_in() {
        let seen = ("x-forwarded-for", "203.0.113.5");
        let nearest: IpAddr = "203.0.113.5".parse().unwrap();
        for (standard, certain) in
            [("for=203.0.113.5;proto=https", true), ("for=127.0.0.1", false), ("nonsense", false)]
        {
            let lines = [seen, ("forwarded", standard)];
            let expected = Client { nearest, certain: certain.then_some(nearest) };
            assert_eq!(read(PROXY, &lines).0, expected, "{standard}");
            let lines = [("x-forwarded-host", "a.example"), ("forwarded", "host=b.example")];
            assert_eq!(read(PROXY, &lines).1.as_deref(), Some("a.example"));
        }
    }
}
