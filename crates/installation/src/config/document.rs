//! The file and the environment as one set of keys, each knowing where it was written.
//!
//! It does not know what a value means; the sections do.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Place};

/// All values by section and key; every one is known to the table of sections.
pub(super) struct Document {
    file: Place,
    values: BTreeMap<(String, String), Value>,
}

/// One section of a [`Document`].
pub(super) struct Section<'a> {
    document: &'a Document,
    name: &'static str,
}

/// A text value and where it was written.
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) place: &'a Place,
}

struct Value {
    content: Content,
    place: Place,
}

enum Content {
    Text(String),
    List(Vec<String>),
    Flag(bool),
    /// None of these; holds what TOML calls it.
    Other(&'static str),
}

impl Document {
    /// Reads `text` and lays the `SAMLGATE__` variables of `environment` over it.
    pub(super) fn parse<E>(
        file: &Path,
        text: &str,
        environment: E,
        sections: Sections,
    ) -> Result<Self, ConfigError>
    where
        E: IntoIterator<Item = (String, String)>,
    {
        let line = |offset: usize| Place::Line(file.to_owned(), line_of(text, offset));
        let tree = DeTable::parse(text).map_err(|error| ConfigError {
            place: line(error.span().map_or(0, |span| span.start)),
            key: String::new(),
            problem: format!("this is not TOML: {}", error.message().trim().replace('\n', ", ")),
            cure: "write `key = \"value\"` below a `[section]`".to_owned(),
        })?;
        let mut values = BTreeMap::new();
        for (section, table) in tree.into_inner() {
            let place = line(section.span().start);
            let section = section.into_inner().into_owned();
            let keys = keys_of(sections, &section, &place)?;
            let DeValue::Table(table) = table.into_inner() else {
                return Err(ConfigError::new(
                    &place,
                    &section,
                    "this is a section, not a key",
                    format!("write [{section}] on a line of its own"),
                ));
            };
            for (key, value) in table {
                let place = line(key.span().start);
                let key = key.into_inner().into_owned();
                check_key(sections, &section, keys, &key, &place)?;
                values.insert((section.clone(), key), Value { content: content(value), place });
            }
        }
        for (name, text) in environment {
            overlay(&mut values, sections, name, text)?;
        }
        Ok(Document { file: Place::File(file.to_owned()), values })
    }

    pub(super) fn section(&self, name: &'static str) -> Section<'_> {
        Section { document: self, name }
    }
}

impl Section<'_> {
    /// `section.key`, as messages name it.
    pub(super) fn full(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }

    /// The text at `key`, if it is set.
    pub(super) fn text(&self, key: &str) -> Result<Option<Found<'_>>, ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let found = match &value.content {
            Content::Text(text) => return Ok(Some(Found { text, place: &value.place })),
            Content::List(_) => "a list",
            Content::Flag(_) => "true or false",
            Content::Other(kind) => kind,
        };
        let cure = format!("write {key} = \"...\" with quotes");
        Err(self.error(key, format!("text is needed here, not {found}"), cure))
    }

    /// Whether `key` is switched on; off when it is not set. In the environment it is a text.
    pub(super) fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(false);
        };
        let found = match (&value.content, &value.place) {
            (Content::Flag(flag), _) => return Ok(*flag),
            (Content::Text(text), Place::Variable(_)) => match text.as_str() {
                "true" => return Ok(true),
                // An empty variable is one that is not set, as for every other key.
                "false" | "" => return Ok(false),
                other => format!("{other:?}"),
            },
            (Content::Text(_), _) => "text".to_owned(),
            (Content::List(_), _) => "a list".to_owned(),
            (Content::Other(kind), _) => (*kind).to_owned(),
        };
        let cure = match value.place {
            Place::Variable(_) => "set it to true or false".to_owned(),
            _ => format!("write {key} = true or {key} = false, without quotes"),
        };
        Err(self.error(key, format!("true or false is needed here, not {found}"), cure))
    }

    /// The texts at `key`; none when it is not set. In the environment they are separated by commas.
    pub(super) fn list(&self, key: &str) -> Result<Vec<Found<'_>>, ConfigError> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let place = &value.place;
        match &value.content {
            Content::List(texts) => Ok(texts.iter().map(|text| Found { text, place }).collect()),
            Content::Text(texts) if matches!(place, Place::Variable(_)) => {
                let texts = texts.split(',').map(str::trim).filter(|text| !text.is_empty());
                Ok(texts.map(|text| Found { text, place }).collect())
            }
            Content::Text(_) | Content::Flag(_) | Content::Other(_) => Err(self.error(
                key,
                "a list of texts is needed here",
                format!("write {key} = [\"...\", \"...\"]"),
            )),
        }
    }

    /// An error about `key`, at the place where it was written (the file, when it was not).
    pub(super) fn error(
        &self,
        key: &str,
        problem: impl std::fmt::Display,
        cure: impl Into<String>,
    ) -> ConfigError {
        let place = self.value(key).map_or(&self.document.file, |value| &value.place);
        ConfigError::new(place, &self.full(key), problem, cure)
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.document.values.get(&(self.name.to_owned(), key.to_owned()))
    }
}

/// Sections and their keys.
type Sections = &'static [(&'static str, &'static [&'static str])];

/// Puts one variable over what the file says, if it is one of ours.
fn overlay(
    values: &mut BTreeMap<(String, String), Value>,
    sections: Sections,
    name: String,
    text: String,
) -> Result<(), ConfigError> {
    let Some(rest) = name.strip_prefix("SAMLGATE__") else {
        return Ok(());
    };
    let rest = rest.to_ascii_lowercase();
    let place = Place::Variable(name);
    let Some((section, key)) = rest.split_once("__") else {
        let cure = "write SAMLGATE__SECTION__KEY with two underlines between";
        return Err(ConfigError::new(&place, &rest, "there is no key in this name", cure));
    };
    let keys = keys_of(sections, section, &place)?;
    check_key(sections, section, keys, key, &place)?;
    let value = Value { content: Content::Text(text), place };
    values.insert((section.to_owned(), key.to_owned()), value);
    Ok(())
}

fn content(value: Spanned<DeValue<'_>>) -> Content {
    match value.into_inner() {
        DeValue::String(text) => Content::Text(text.into_owned()),
        DeValue::Array(items) => {
            let texts = items.into_iter().map(|item| match item.into_inner() {
                DeValue::String(text) => Some(text.into_owned()),
                _ => None,
            });
            texts
                .collect::<Option<_>>()
                .map_or(Content::Other("a list of other things"), Content::List)
        }
        DeValue::Integer(_) | DeValue::Float(_) => Content::Other("a number"),
        DeValue::Boolean(flag) => Content::Flag(flag),
        DeValue::Datetime(_) => Content::Other("a date"),
        DeValue::Table(_) => Content::Other("a section"),
    }
}

fn keys_of(
    sections: Sections,
    section: &str,
    place: &Place,
) -> Result<&'static [&'static str], ConfigError> {
    let found = sections.iter().find(|(name, _)| *name == section);
    found.map(|(_, keys)| *keys).ok_or_else(|| {
        let holding = sections.iter().find(|(_, keys)| keys.contains(&section));
        let cure = match (nearest(section, sections.iter().map(|(name, _)| *name)), holding) {
            (Some(name), _) => format!("did you mean [{name}]?"),
            (None, Some((name, _))) => format!("did you mean {section} below [{name}]?"),
            (None, None) => {
                let names: Vec<_> = sections.iter().map(|(name, _)| format!("[{name}]")).collect();
                format!("known are {}", names.join(", "))
            }
        };
        ConfigError::new(place, section, "unknown section", cure)
    })
}

fn check_key(
    sections: Sections,
    section: &str,
    keys: &'static [&'static str],
    key: &str,
    place: &Place,
) -> Result<(), ConfigError> {
    if keys.contains(&key) {
        return Ok(());
    }
    let elsewhere = sections.iter().find(|(_, keys)| keys.contains(&key));
    let cure = match (nearest(key, keys.iter().copied()), elsewhere) {
        (Some(name), _) => format!("did you mean {section}.{name}?"),
        (None, Some((other, _))) => format!("did you mean {other}.{key}?"),
        (None, None) => format!("known in [{section}] are {}", keys.join(", ")),
    };
    Err(ConfigError::new(place, &format!("{section}.{key}"), "unknown key", cure))
}

/// The name most like `text`, when it is like enough to be a slip of the hand.
fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (distance, name) = names.map(|name| (distance(text, name), name)).min()?;
    (distance <= text.chars().count().max(3) / 3).then_some(name)
}

/// How many letters must be put in, taken out or changed to make `a` of `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

/// The line that holds the byte at `offset`, counted from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
