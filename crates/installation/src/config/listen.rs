//! `[listen]`: the addresses that Samlgate answers at. It does not open them.

use std::net::SocketAddr;

use super::document::{Found, Section};
use super::error::ConfigError;
use super::speech::{Listener, is_loopback};

/// One listener for each kind of visitor, so that a firewall can tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The apps' own origins: browsers come here.
    pub public: SocketAddr,
    /// The administrator's pages; off when `None`.
    pub console: Option<SocketAddr>,
    /// Names and addresses by which administrators reach the console, beside loopback.
    pub console_names: Vec<String>,
    /// The Crowd API, which apps ask; off when `None`.
    pub crowd: Option<SocketAddr>,
    /// Liveness and readiness; off when `None`.
    pub operations: Option<SocketAddr>,
    /// Plain HTTP that leads to the apps' public URLs; off when `None`.
    pub redirect: Option<SocketAddr>,
}

pub(super) const KEYS: &[&str] =
    &["public", "console", "console_names", "crowd", "operations", "redirect"];

impl Listen {
    pub(super) fn read(section: &Section<'_>, has_certificate: bool) -> Result<Self, ConfigError> {
        let listen = Listen {
            public: public(section, loopback(9080))?,
            console: optional(section, "console", Some(loopback(9090)))?,
            console_names: names(section)?,
            crowd: optional(section, "crowd", Some(loopback(9095)))?,
            operations: optional(section, "operations", None)?,
            redirect: optional(section, "redirect", None)?,
        };
        listen.check_secrecy(section, has_certificate)?;
        listen.check_distinct(section)?;
        Ok(listen)
    }

    /// Every name by which the console is reached, its own address among them when it has one.
    pub fn console_names(&self) -> Vec<String> {
        let address = self.console.map(|address| address.ip());
        let own = address.filter(|address| !address.is_unspecified());
        self.console_names.iter().cloned().chain(own.map(|own| own.to_string())).collect()
    }

    /// Every listener with its address; `None` when it is off.
    pub fn all(&self) -> [(Listener, Option<SocketAddr>); 5] {
        [
            (Listener::Public, Some(self.public)),
            (Listener::Console, self.console),
            (Listener::Crowd, self.crowd),
            (Listener::Operations, self.operations),
            (Listener::Redirect, self.redirect),
        ]
    }

    /// The console's session and the applications' passwords must not cross a network in clear.
    fn check_secrecy(&self, section: &Section<'_>, certificate: bool) -> Result<(), ConfigError> {
        for (key, address) in [("console", self.console), ("crowd", self.crowd)] {
            let Some(address) = address else { continue };
            if !is_loopback(address) && !certificate {
                return Err(section.error(
                    key,
                    format!("{address} is reachable from outside and needs TLS"),
                    format!(
                        "set tls.certificate_file and tls.key_file, or listen at 127.0.0.1:{}",
                        address.port()
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The back channel and the console are never on the public listener (trust rule 10).
    fn check_distinct(&self, section: &Section<'_>) -> Result<(), ConfigError> {
        let mut seen: Vec<(&str, SocketAddr)> = Vec::new();
        for (listener, address) in self.all() {
            let (key, Some(address)) = (listener.key(), address) else { continue };
            let twin = seen.iter().find(|(_, other)| address.port() != 0 && *other == address);
            if let Some((other, _)) = twin {
                return Err(section.error(
                    key,
                    format!("{address} is taken by {} already", section.full(other)),
                    "give each listener its own port",
                ));
            }
            seen.push((key, address));
        }
        Ok(())
    }
}

/// Names without a port or a scheme, since browsers send them in `Host`.
fn names(section: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    let key = "console_names";
    let names = section.list(key)?.into_iter().map(|found| {
        let host = url::Host::parse(found.text)
            .or_else(|_| url::Host::parse(&format!("[{}]", found.text)));
        let name = host.map(|host| host.to_string()).map_err(|_| {
            let problem = format!("{:?} is not a name or an address", found.text);
            let cure = "write one such as samlgate.example.com, without a scheme or a port";
            ConfigError::new(found.place, &section.full(key), problem, cure)
        })?;
        Ok(name)
    });
    names.collect()
}

/// The public address, which cannot be off: without it there is nothing to serve.
fn public(section: &Section<'_>, default: SocketAddr) -> Result<SocketAddr, ConfigError> {
    match section.text("public")? {
        None => Ok(default),
        Some(found) => address(section, "public", &found),
    }
}

/// The address of a listener that is off when its key is empty, and `default` when it is not set.
fn optional(
    section: &Section<'_>,
    key: &str,
    default: Option<SocketAddr>,
) -> Result<Option<SocketAddr>, ConfigError> {
    match section.text(key)? {
        None => Ok(default),
        Some(found) if found.text.trim().is_empty() => Ok(None),
        Some(found) => address(section, key, &found).map(Some),
    }
}

fn address(section: &Section<'_>, key: &str, found: &Found<'_>) -> Result<SocketAddr, ConfigError> {
    found.text.parse().map_err(|_| {
        ConfigError::new(
            found.place,
            &section.full(key),
            format!("{:?} is not an address with a port", found.text),
            "write one such as 127.0.0.1:9080, 0.0.0.0:443 or [::]:443",
        )
    })
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
