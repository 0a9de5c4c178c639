//! What each listener speaks, and the URL that follows from it. This is the one place that decides.
//!
//! On loopback a certificate protects nobody and does not fit: it names the apps' hosts, and who
//! connects to `127.0.0.1` finds another name than the one asked for. So console and Crowd API speak
//! plain HTTP there unless `tls.loopback` asks for TLS. It opens no socket.

use std::net::SocketAddr;

use super::Config;

/// The listeners, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The apps' own origins.
    Public,
    /// The administrator's pages.
    Console,
    /// The Crowd API.
    Crowd,
    /// Liveness and readiness.
    Operations,
    /// The way from plain HTTP to the apps' public URLs.
    Redirect,
}

impl Listener {
    /// Its key below `[listen]`.
    pub fn key(self) -> &'static str {
        match self {
            Listener::Public => "public",
            Listener::Console => "console",
            Listener::Crowd => "crowd",
            Listener::Operations => "operations",
            Listener::Redirect => "redirect",
        }
    }

    /// Its name in a sentence for a person.
    pub fn title(self) -> &'static str {
        match self {
            Listener::Public => "Apps",
            Listener::Console => "Console",
            Listener::Crowd => "Crowd API",
            Listener::Operations => "Operations",
            Listener::Redirect => "Redirect to https",
        }
    }
}

impl Config {
    /// Whether `listener` speaks TLS at `address`.
    pub fn speaks_tls(&self, listener: Listener, address: SocketAddr) -> bool {
        let certificate = self.tls.identity.is_some();
        match listener {
            Listener::Public => certificate,
            Listener::Console | Listener::Crowd => {
                certificate && (self.tls.loopback || !is_loopback(address))
            }
            Listener::Operations | Listener::Redirect => false,
        }
    }

    /// The URL of `listener` at `address`, as a person enters it: the Crowd API's is the server URL
    /// of an app's directory form.
    ///
    /// A listener at all addresses of the machine has no name of its own; [`ANY_HOST`] stands for it.
    pub fn url(&self, listener: Listener, address: SocketAddr) -> String {
        let scheme = if self.speaks_tls(listener, address) { "https" } else { "http" };
        let path = match listener {
            Listener::Crowd => "/crowd",
            Listener::Public | Listener::Console | Listener::Operations | Listener::Redirect => "/",
        };
        if address.ip().to_canonical().is_unspecified() {
            return format!("{scheme}://{ANY_HOST}:{}{path}", address.port());
        }
        format!("{scheme}://{address}{path}")
    }
}

/// The host in the URL of a listener at all addresses of the machine.
const ANY_HOST: &str = "HOST";

/// What a person must put in the place of the host of a listener's URL, if it has none of its own.
pub fn host_to_choose(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://")?;
    rest.strip_prefix(ANY_HOST)?.starts_with(':').then_some(match scheme {
        "https" => "HOST: a name of this machine that is in its certificate",
        _ => "HOST: a name or address of this machine",
    })
}

/// Whether only programs of this machine reach `address`.
pub(super) fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}
