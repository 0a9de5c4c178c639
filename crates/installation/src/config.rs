//! What a process needs to start: listeners, TLS, database, keys and log, from one TOML file.
//!
//! Nothing here can change while Samlgate runs; what an administrator changes then (apps, IdPs,
//! Crowd applications) is in the database, see [`crate::settings`]. No key is in both places.
//! The environment comes in as an argument and is not read here.
//!
//! Every key may be left out; it may also be set as `SAMLGATE__SECTION__KEY`, which wins over the
//! file. A key that is not known is an error, never ignored.

mod database;
mod document;
mod error;
mod listen;
mod log;
mod proxies;
mod reference;
mod secrets;
mod speech;
mod tls;

use std::path::{Path, PathBuf};

use document::{Document, Section};

pub use database::Database;
pub(crate) use document::line_of;
pub use error::{ConfigError, Place};
pub use listen::Listen;
pub use log::{Format, Level, Log};
pub use proxies::Proxies;
pub use reference::REFERENCE;
pub use secrets::Secrets;
pub use speech::{Listener, host_to_choose};
pub use tls::{Identity, Tls};

/// The start-up file, read and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses to listen at.
    pub listen: Listen,
    /// Our own certificate, and whom we trust beside the system's authorities.
    pub tls: Tls,
    /// Proxies in front of us.
    pub proxies: Proxies,
    /// Where the state is.
    pub database: Database,
    /// Where the key is.
    pub secrets: Secrets,
    /// What is logged, and how.
    pub log: Log,
}

impl Config {
    /// Reads the file at `path`, lays `environment` over it and checks the whole.
    ///
    /// Of the environment only names that begin with `SAMLGATE__` count. Relative paths are
    /// relative to the file's folder, so it does not matter where the process is started.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place, key and cure. A file that is not there is an
    /// error too (an empty one is not): else a mistyped name would quietly begin a new database.
    pub fn load<E>(path: &Path, environment: E) -> Result<Self, ConfigError>
    where
        E: IntoIterator<Item = (String, String)>,
    {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, &error))?;
        Self::parse(path, &text, environment)
    }

    /// As [`Config::load`], with the file's text already read. Twins ending in `_file` are read.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse<E>(path: &Path, text: &str, environment: E) -> Result<Self, ConfigError>
    where
        E: IntoIterator<Item = (String, String)>,
    {
        let folder = path.parent().unwrap_or(Path::new(""));
        let document = Document::parse(path, text, environment, SECTIONS)?;
        let tls = Tls::read(&document.section("tls"), folder)?;
        Ok(Config {
            listen: Listen::read(&document.section("listen"), tls.identity.is_some())?,
            tls,
            proxies: Proxies::read(&document.section("proxies"))?,
            database: Database::read(&document.section("database"), folder)?,
            secrets: Secrets::read(&document.section("secrets"), folder)?,
            log: Log::read(&document.section("log"))?,
        })
    }

    /// A configuration with every key at its default and all files in `folder`.
    ///
    /// # Panics
    /// Never: a test reads the defaults.
    pub fn defaults_in(folder: &Path) -> Self {
        let file = folder.join("samlgate.toml");
        Self::parse(&file, "", std::iter::empty()).expect("the defaults are valid")
    }
}

/// The value of `key` as a path below `folder`; unset and empty are the same.
fn path_of(
    section: &Section<'_>,
    key: &str,
    folder: &Path,
) -> Result<Option<PathBuf>, ConfigError> {
    let text = section.text(key)?;
    Ok(text.filter(|found| !found.text.is_empty()).map(|found| folder.join(found.text)))
}

/// Every section with its keys.
const SECTIONS: &[(&str, &[&str])] = &[
    ("listen", listen::KEYS),
    ("tls", tls::KEYS),
    ("proxies", proxies::KEYS),
    ("database", database::KEYS),
    ("secrets", secrets::KEYS),
    ("log", log::KEYS),
];

#[cfg(test)]
mod tests;
