//! `[proxies]`: whose word about the visitor's address is believed.

use super::document::Section;
use super::error::ConfigError;
use crate::address::AddressRange;

/// Proxies between the browser and Samlgate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Only from here `X-Forwarded-*` is believed; empty: from nobody.
    pub trusted: Vec<AddressRange>,
}

pub(super) const KEYS: &[&str] = &["trusted"];

impl Proxies {
    pub(super) fn read(section: &Section<'_>) -> Result<Self, ConfigError> {
        let ranges = section.list("trusted")?.into_iter().map(|found| {
            found.text.parse().map_err(|error| {
                let cure = "name the proxy by its address or network";
                ConfigError::new(found.place, &section.full("trusted"), error, cure)
            })
        });
        Ok(Proxies { trusted: ranges.collect::<Result<_, _>>()? })
    }
}
