//! Where a value stands in an assertion, as it is written in the settings.

use directory::provision::{Source, TemplateError, ValueRule};
use thiserror::Error;

use super::step::{self, StepSettings};
use crate::settings::Fault;

/// Why a text names no place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SourceError {
    /// There is nothing in it.
    #[error("an empty text is no source")]
    Empty,
    /// It is a template, and a wrong one.
    #[error("{text:?}: {reason}")]
    Template {
        /// The template.
        text: String,
        /// What is wrong with it.
        reason: TemplateError,
    },
}

/// `nameid`, `attribute:NAME`, a template, or an attribute's Name.
///
/// # Errors
/// What is wrong with a template.
pub fn source(text: &str) -> Result<Source, SourceError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(SourceError::Empty);
    }
    if name.eq_ignore_ascii_case("nameid") {
        return Ok(Source::NameId);
    }
    match name.strip_prefix("attribute:") {
        Some(name) => Ok(Source::Attribute(name.to_owned())),
        None => Source::parse(name)
            .map_err(|reason| SourceError::Template { text: name.to_owned(), reason }),
    }
}

/// What the settings say of one value: the places, and the steps, each with its key.
pub(super) fn rule(
    (field, sources): (&'static str, &[String]),
    (steps_field, steps): (&'static str, &[StepSettings]),
) -> Result<ValueRule, Fault> {
    let sources = sources
        .iter()
        .map(|text| source(text).map_err(|why| Fault::at(field, format!("{field}: {why}"))));
    let sources = sources.collect::<Result<_, _>>()?;
    Ok(ValueRule { sources, steps: step::compile(steps_field, steps)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_that_is_named_nameid_can_be_meant_too() {
        assert_eq!(source("NameID"), Ok(Source::NameId));
        assert_eq!(source("attribute:nameid"), Ok(Source::Attribute("nameid".to_owned())));
        assert_eq!(source(" "), Err(SourceError::Empty));
    }
}
