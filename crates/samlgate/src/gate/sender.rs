//! Who sent a request, and to which public authority.

use std::net::IpAddr;

use gateway::Body;
use http::Request;
use http::header::HOST;

use crate::listen::Peer;
use crate::server::Server;

/// The sender as far as it can be trusted.
pub(super) struct Sender {
    /// The person's address.
    pub client: IpAddr,
    /// What trusted proxies said of the way before, for the app.
    pub chain: Option<String>,
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
        server: &Server,
        request: &Request<Body>,
        peer: Peer,
        request_id: String,
    ) -> Result<Self, &'static str> {
        let peer = peer.address.ip().to_canonical();
        let trusted = |address: IpAddr| server.trusted_proxies.iter().any(|r| r.contains(address));
        let through_proxy = trusted(peer);
        let chain = through_proxy.then(|| joined(request, "x-forwarded-for")).flatten();
        let client = chain
            .as_deref()
            .into_iter()
            .flat_map(|chain| chain.rsplit(','))
            .map_while(|entry| entry.trim().parse::<IpAddr>().ok())
            .map(|address| address.to_canonical())
            .scan(true, |go_on, address| {
                let this = go_on.then_some(address);
                *go_on = trusted(address);
                this
            })
            .last()
            .unwrap_or(peer);
        let forwarded_host = through_proxy.then(|| single(request, "x-forwarded-host")).flatten();
        let authority = match forwarded_host {
            Some(host) => host.to_owned(),
            None => asked_for(request)?,
        };
        Ok(Sender { client, chain, authority, request_id })
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
        (Some(authority), Some(host)) if authority.as_str() != host => {
            Err("The request names two different hosts.")
        }
        (Some(authority), _) => Ok(authority.as_str().to_owned()),
        (None, Some(host)) => Ok(host.to_owned()),
        (None, None) => Err("The request names no host."),
    }
}

fn joined(request: &Request<Body>, name: &str) -> Option<String> {
    let values: Vec<_> =
        request.headers().get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn single<'a>(request: &'a Request<Body>, name: &str) -> Option<&'a str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
