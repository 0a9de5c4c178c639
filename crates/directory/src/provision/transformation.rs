//! What is done to a value before it is used, step by step.
//!
//! Every step ends: a regular expression is matched in time linear to the value, has a bounded
//! size and replaces a bounded number of places. There are no scripts.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One step, and what happens to a value that it does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub transformation: Transformation,
    /// What happens when it does not fit: there is no domain to strip, nothing to replace.
    pub no_match: NoMatch,
}

/// What a step does to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// Unicode lower case. Always fits.
    LowerCase,
    /// Blanks at both ends go. Always fits.
    Trim,
    /// `camilla@muppets.com` becomes `camilla`: what stands before the last `@`. People of several
    /// domains may become one name by this; require the domain by an access rule where that matters.
    StripDomain,
    /// `MUPPETS\camilla` becomes `camilla`: what stands after the first backslash.
    StripWindowsDomain,
    /// This text is put before the value. Always fits.
    Prefix(String),
    /// This text is put after the value. Always fits.
    Suffix(String),
    /// What a regular expression finds is replaced.
    Replace(Replacement),
}

/// What happens to a value that a step does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoMatch {
    /// The value goes on to the next step as it is.
    #[default]
    Keep,
    /// The value counts as not sent: what is stored stays, and the next source is tried. Of groups,
    /// this value is left out.
    Ignore,
    /// What is stored is cleared; a full name becomes the user name. Of groups, this value is left
    /// out; a user id or an IdP id counts as missing.
    Clear,
    /// The person is not let in.
    Refuse,
}

/// A regular expression and what it is replaced by.
///
/// The expression is searched in the value, so anchor it with `^` and `$` to mean the whole. Values
/// of more than 1,024 characters, and those that would become longer, do not fit; at most 100
/// places are replaced.
#[derive(Clone, Debug)]
pub struct Replacement {
    regex: Regex,
    with: String,
}

impl PartialEq for Replacement {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str() && self.with == other.with
    }
}

impl Eq for Replacement {}

/// Why a regular expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplacementError {
    /// The expression or the replacement is too long.
    #[error("a regular expression and its replacement have at most {LONGEST_PATTERN} characters")]
    TooLong,
    /// It is no regular expression, or one that needs too much memory. Look-around and
    /// back-references are not offered, since they cannot be matched in linear time.
    #[error("not a usable regular expression: {0}")]
    Invalid(String),
}

impl Replacement {
    /// Searches for `pattern` and puts `with` in its place, where `$1`, `${1}` or `${name}` stands
    /// for a group of the expression and `$$` for a dollar sign.
    ///
    /// # Errors
    /// When the expression is too long, too large or none.
    pub fn new(pattern: &str, with: &str) -> Result<Self, ReplacementError> {
        if pattern.chars().count().max(with.chars().count()) > LONGEST_PATTERN {
            return Err(ReplacementError::TooLong);
        }
        let regex = RegexBuilder::new(pattern).size_limit(PROGRAM_BYTES).build();
        let regex = regex.map_err(|error| ReplacementError::Invalid(error.to_string()))?;
        Ok(Replacement { regex, with: with.to_owned() })
    }

    /// The regular expression as it was written.
    pub fn pattern(&self) -> &str {
        self.regex.as_str()
    }

    /// What is put in its place, as it was written.
    pub fn with(&self) -> &str {
        &self.with
    }

    fn replace(&self, value: &str) -> Option<String> {
        if value.chars().nth(LONGEST_VALUE).is_some() {
            return None;
        }
        let mut replaced = String::new();
        let mut end = None;
        for found in self.regex.captures_iter(value).take(MOST_PLACES) {
            let place = found.get_match();
            replaced.push_str(value.get(end.unwrap_or(0)..place.start())?);
            found.expand(&self.with, &mut replaced);
            end = Some(place.end());
            if replaced.len() > 4 * LONGEST_VALUE {
                return None;
            }
        }
        replaced.push_str(value.get(end?..)?);
        Some(replaced).filter(|value| value.chars().nth(LONGEST_VALUE).is_none())
    }
}

/// What the steps made of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// This value.
    Value(String),
    /// As though it had not been sent.
    Ignored,
    /// What is stored is to be cleared.
    Cleared,
    /// The person is not let in, because of this step.
    Refused(String),
}

/// Takes `value` through `steps`, in their order.
pub(super) fn transform(value: &str, steps: &[Step]) -> Outcome {
    let mut value = value.to_owned();
    for step in steps {
        match step.take(&value) {
            Ok(next) => value = next,
            Err(NoMatch::Keep) => {}
            Err(NoMatch::Ignore) => return Outcome::Ignored,
            Err(NoMatch::Clear) => return Outcome::Cleared,
            Err(NoMatch::Refuse) => return Outcome::Refused(step.transformation.to_string()),
        }
    }
    Outcome::Value(value)
}

impl Step {
    /// What the step makes of a value.
    ///
    /// # Errors
    /// When it does not fit: what happens then.
    pub fn take(&self, value: &str) -> Result<String, NoMatch> {
        self.transformation.of(value).ok_or(self.no_match)
    }
}

impl Transformation {
    /// The new value, unless it does not fit.
    fn of(&self, value: &str) -> Option<String> {
        match self {
            Transformation::LowerCase => Some(value.to_lowercase()),
            Transformation::Trim => Some(value.trim().to_owned()),
            Transformation::StripDomain => {
                { value.rsplit_once('@').map(|(name, _)| name).filter(|n| !n.is_empty()) }
                    .map(str::to_owned)
            }
            Transformation::StripWindowsDomain => {
                { value.split_once('\\').map(|(_, name)| name).filter(|n| !n.is_empty()) }
                    .map(str::to_owned)
            }
            Transformation::Prefix(text) => Some(format!("{text}{value}")),
            Transformation::Suffix(text) => Some(format!("{value}{text}")),
            Transformation::Replace(replacement) => replacement.replace(value),
        }
    }
}

impl std::fmt::Display for Transformation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Transformation::LowerCase => f.write_str("lower case"),
            Transformation::Trim => f.write_str("trim"),
            Transformation::StripDomain => f.write_str("strip the domain after @"),
            Transformation::StripWindowsDomain => f.write_str("strip the domain before \\"),
            Transformation::Prefix(text) => write!(f, "prefix {text:?}"),
            Transformation::Suffix(text) => write!(f, "suffix {text:?}"),
            Transformation::Replace(replacement) => {
                write!(f, "replace {:?} by {:?}", replacement.pattern(), replacement.with())
            }
        }
    }
}

/// Of an expression and of its replacement.
const LONGEST_PATTERN: usize = 255;
/// In characters; names of users and groups have at most 255.
const LONGEST_VALUE: usize = 1024;
const MOST_PLACES: usize = 100;
const PROGRAM_BYTES: usize = 256 * 1024;
