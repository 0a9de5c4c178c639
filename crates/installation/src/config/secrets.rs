//! `[secrets]`: where the installation's key is. It does not read the key.

use std::path::{Path, PathBuf};

use super::document::Section;
use super::error::ConfigError;
use super::path_of;

/// Where the key is that seals everything secret at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The key file; made at first start.
    pub key_file: PathBuf,
}

pub(super) const KEYS: &[&str] = &["key_file"];

impl Secrets {
    pub(super) fn read(section: &Section<'_>, folder: &Path) -> Result<Self, ConfigError> {
        let file = path_of(section, "key_file", folder)?;
        Ok(Secrets { key_file: file.unwrap_or_else(|| folder.join("samlgate.key")) })
    }
}
