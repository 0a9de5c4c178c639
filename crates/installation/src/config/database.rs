//! `[database]`: where users, groups, sessions, attempts and settings are. It does not connect.

use std::fmt;
use std::path::Path;

use super::document::Section;
use super::error::ConfigError;
use super::path_of;

/// The database. Its `Debug` leaves out the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://...`, as the store takes it.
    pub url: String,
}

pub(super) const KEYS: &[&str] = &["url", "url_file"];

impl Database {
    pub(super) fn read(section: &Section<'_>, folder: &Path) -> Result<Self, ConfigError> {
        let file = path_of(section, "url_file", folder)?;
        let text = match (section.text("url")?, file) {
            (Some(_), Some(_)) => {
                return Err(section.error(
                    "url_file",
                    "database.url is set as well",
                    "keep one of the two",
                ));
            }
            (Some(found), None) => found.text.to_owned(),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(&file).map_err(|error| {
                    let problem = format!("{} cannot be read: {error}", file.display());
                    section.error("url_file", problem, "let the user that runs samlgate read it")
                })?;
                text.trim().to_owned()
            }
            (None, None) => "sqlite:samlgate.db".to_owned(),
        };
        let key = if section.text("url_file")?.is_some() { "url_file" } else { "url" };
        let url = absolute(&text, folder).ok_or_else(|| {
            section.error(
                key,
                "this is no database that Samlgate knows",
                "write \"sqlite:samlgate.db\" or \"postgres://user:password@host/database\"",
            )
        })?;
        Ok(Database { url })
    }

    /// The address for people: without user and password.
    pub fn shown(&self) -> String {
        match self.url.split_once("://") {
            Some((scheme, rest)) => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let host = rest[..end].rsplit_once('@').map_or(0, |(user, _)| user.len() + 1);
                let path = rest.find('?').unwrap_or(rest.len());
                format!("{scheme}://{}", &rest[host..path])
            }
            None => self.url.clone(),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("url", &self.shown()).finish()
    }
}

/// The address with its SQLite path below `folder`; `None` for another kind of database.
fn absolute(url: &str, folder: &Path) -> Option<String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Some(url.to_owned());
    }
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() {
        return None;
    }
    if path.starts_with(":memory:") {
        return Some(url.to_owned());
    }
    Some(format!("sqlite:{}", folder.join(path).display()))
}
