//! `[listen]`: the addresses that Samlgate answers at. It does not open them.

use std::net::SocketAddr;

use super::document::Section;
use super::error::ConfigError;

/// One listener for each kind of visitor, so that a firewall can tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The apps' own origins: browsers come here.
    pub public: SocketAddr,
    /// The administrator's pages.
    pub console: SocketAddr,
    /// The Crowd API: apps ask here.
    pub crowd: SocketAddr,
    /// Liveness, readiness and metrics; off when `None`.
    pub operations: Option<SocketAddr>,
}

pub(super) const KEYS: &[&str] = &["public", "console", "crowd", "operations"];

impl Listen {
    pub(super) fn read(section: &Section<'_>, has_certificate: bool) -> Result<Self, ConfigError> {
        let required = |key, default| Ok(address(section, key)?.unwrap_or(default));
        let listen = Listen {
            public: required("public", loopback(9080))?,
            console: required("console", loopback(9090))?,
            crowd: required("crowd", loopback(9095))?,
            operations: address(section, "operations")?,
        };
        listen.check_secrecy(section, has_certificate)?;
        listen.check_distinct(section)?;
        Ok(listen)
    }

    /// The console's session and the applications' passwords must not cross a network in clear.
    fn check_secrecy(&self, section: &Section<'_>, certificate: bool) -> Result<(), ConfigError> {
        for (key, address) in [("console", self.console), ("crowd", self.crowd)] {
            if !address.ip().to_canonical().is_loopback() && !certificate {
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
        let mut seen: Vec<(&str, SocketAddr)> = vec![("public", self.public)];
        let others = [
            ("console", Some(self.console)),
            ("crowd", Some(self.crowd)),
            ("operations", self.operations),
        ];
        for (key, address) in others {
            let Some(address) = address else { continue };
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

fn address(section: &Section<'_>, key: &str) -> Result<Option<SocketAddr>, ConfigError> {
    let Some(found) = section.text(key)? else {
        return Ok(None);
    };
    if found.text.is_empty() && key == "operations" {
        return Ok(None);
    }
    found.text.parse().map(Some).map_err(|_| {
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
