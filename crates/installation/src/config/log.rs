//! `[log]`: how much is logged and in which form. It does not log.

use thiserror::Error;

use super::document::Section;
use super::error::ConfigError;

/// What is written to standard error while Samlgate runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The least important level that is written.
    pub level: Level,
    /// The form of a line.
    pub format: Format,
}

/// How important a line must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// The form of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// One line of text.
    Text,
    /// One JSON object in a line.
    Json,
}

/// The text is no level's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("write one of {}", names())]
pub struct UnknownLevel;

impl Level {
    /// Reads a level's name.
    ///
    /// # Errors
    /// For any other text.
    pub fn parse(name: &str) -> Result<Self, UnknownLevel> {
        let found = LEVELS.iter().find(|(known, _)| *known == name);
        found.map(|(_, level)| *level).ok_or(UnknownLevel)
    }

    /// The level's name, as in the file and in log filters.
    pub fn as_str(self) -> &'static str {
        LEVELS.iter().find(|(_, level)| *level == self).map_or("info", |(name, _)| name)
    }
}

fn names() -> String {
    LEVELS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

pub(super) const KEYS: &[&str] = &["level", "format"];

impl Log {
    pub(super) fn read(section: &Section<'_>) -> Result<Self, ConfigError> {
        Ok(Log {
            level: choice(section, "level", LEVELS)?,
            format: choice(section, "format", FORMATS)?,
        })
    }
}

fn choice<T: Copy + Default>(
    section: &Section<'_>,
    key: &str,
    choices: &[(&str, T)],
) -> Result<T, ConfigError> {
    let Some(found) = section.text(key)? else {
        return Ok(T::default());
    };
    let value = choices.iter().find(|(name, _)| *name == found.text).map(|(_, value)| *value);
    value.ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        section.error(
            key,
            format!("{:?} is not one of its values", found.text),
            format!("write one of {}", names.join(", ")),
        )
    })
}

const LEVELS: &[(&str, Level)] = &[
    ("error", Level::Error),
    ("warn", Level::Warn),
    ("info", Level::Info),
    ("debug", Level::Debug),
    ("trace", Level::Trace),
];

const FORMATS: &[(&str, Format)] =
    &[("auto", Format::Auto), ("text", Format::Text), ("json", Format::Json)];
