//! What is wrong with the start-up file: where, which key, and what to write instead.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The first thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {problem}; {cure}")]
pub struct ConfigError {
    /// Where it stands.
    pub place: Place,
    /// The key concerned as `section.key`; empty when the file as a whole is.
    pub key: String,
    /// What is wrong; names the key.
    pub problem: String,
    /// What to do about it.
    pub cure: String,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(PathBuf, usize),
    /// The file as a whole.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Place::File(file) => write!(f, "{}", file.display()),
            Place::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

impl ConfigError {
    pub(super) fn new(
        place: &Place,
        key: &str,
        problem: impl fmt::Display,
        cure: impl Into<String>,
    ) -> Self {
        ConfigError {
            place: place.clone(),
            key: key.to_owned(),
            problem: format!("{key}: {problem}"),
            cure: cure.into(),
        }
    }

    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        let cure = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "name the file with --config or SAMLGATE_CONFIG, or create it (an empty file means \
                 every default)"
            }
            _ => "let the user that runs samlgate read it, as UTF-8 text",
        };
        ConfigError {
            place: Place::File(path.to_owned()),
            key: String::new(),
            problem: format!("the configuration cannot be read: {error}"),
            cure: cure.to_owned(),
        }
    }
}
