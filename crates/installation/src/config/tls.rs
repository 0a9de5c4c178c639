//! `[tls]`: our own certificate, and a company's authority. It does not open the files.

use std::path::{Path, PathBuf};

use super::document::Section;
use super::error::ConfigError;
use super::path_of;

/// TLS of this node. Without an identity all listeners speak plain HTTP: behind a TLS proxy, or on
/// loopback. With one, [`Config::speaks_tls`](super::Config::speaks_tls) says which speak TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// Certificate and key of all listeners that speak TLS.
    pub identity: Option<Identity>,
    /// Console and Crowd API speak TLS on loopback, too.
    pub loopback: bool,
    /// Authorities (PEM) for IdPs and upstreams in place of the system's own.
    pub trusted_ca_file: Option<PathBuf>,
}

/// A certificate chain and its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The server's certificate first, then those that lead to its authority.
    pub certificate_file: PathBuf,
    /// The private key.
    pub key_file: PathBuf,
}

pub(super) const KEYS: &[&str] = &["certificate_file", "key_file", "loopback", "trusted_ca_file"];

impl Tls {
    pub(super) fn read(section: &Section<'_>, folder: &Path) -> Result<Self, ConfigError> {
        let certificate = path_of(section, "certificate_file", folder)?;
        let key = path_of(section, "key_file", folder)?;
        let identity = match (certificate, key) {
            (Some(certificate_file), Some(key_file)) => {
                Some(Identity { certificate_file, key_file })
            }
            (None, None) => None,
            (Some(_), None) => return Err(alone(section, "certificate_file", "key_file")),
            (None, Some(_)) => return Err(alone(section, "key_file", "certificate_file")),
        };
        let loopback = section.flag("loopback")?;
        if loopback && identity.is_none() {
            return Err(section.error(
                "loopback",
                "TLS needs a certificate, but there is none",
                format!(
                    "set {} and {}, or take {} out",
                    section.full("certificate_file"),
                    section.full("key_file"),
                    section.full("loopback")
                ),
            ));
        }
        let trusted_ca_file = path_of(section, "trusted_ca_file", folder)?;
        Ok(Tls { identity, loopback, trusted_ca_file })
    }
}

fn alone(section: &Section<'_>, set: &str, missing: &str) -> ConfigError {
    let missing = section.full(missing);
    section.error(
        set,
        format!("a certificate needs its key, but {missing} is not set"),
        "set both or none",
    )
}
