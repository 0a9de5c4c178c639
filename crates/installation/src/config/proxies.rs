//! `[proxies]`: whose word about the visitor's address is believed, at each listener for itself.

use super::document::Section;
use super::error::ConfigError;
use super::speech::Listener;
use crate::address::AddressRange;

/// Proxies between a client and Samlgate. Only from here `X-Forwarded-*` and `Forwarded` are
/// believed; empty: from nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// In front of the public listener.
    pub trusted: Vec<AddressRange>,
    /// In front of the console.
    pub console: Vec<AddressRange>,
    /// In front of the Crowd API.
    pub crowd: Vec<AddressRange>,
}

pub(super) const KEYS: &[&str] = &["trusted", "console", "crowd"];

impl Proxies {
    pub(super) fn read(section: &Section<'_>) -> Result<Self, ConfigError> {
        let ranges = |key: &str| {
            let ranges = section.list(key)?.into_iter().map(|found| {
                found.text.parse().map_err(|error| {
                    let cure = "name the proxy by its address or network";
                    ConfigError::new(found.place, &section.full(key), error, cure)
                })
            });
            ranges.collect::<Result<_, _>>()
        };
        Ok(Proxies {
            trusted: ranges("trusted")?,
            console: ranges("console")?,
            crowd: ranges("crowd")?,
        })
    }

    /// Those in front of one listener.
    pub fn before(&self, listener: Listener) -> &[AddressRange] {
        match listener {
            Listener::Public => &self.trusted,
            Listener::Console => &self.console,
            Listener::Crowd => &self.crowd,
            Listener::Operations | Listener::Redirect => &[],
        }
    }
}
