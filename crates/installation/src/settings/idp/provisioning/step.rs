//! One step that a value takes, as it is written in the settings.

use directory::provision::{NoMatch, Replacement, Step, Transformation};
use serde::{Deserialize, Serialize};

use crate::settings::Fault;

/// A step: what is done, with what, and what happens to a value that it does not fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepSettings {
    /// What is done.
    pub step: StepKind,
    /// The text of `prefix` and `suffix`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The regular expression of `replace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What `replace` puts in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What happens to a value that does not fit.
    #[serde(default)]
    pub no_match: NoMatch,
}

/// What a step does: see `directory::provision::Transformation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    LowerCase,
    Trim,
    StripDomain,
    StripWindowsDomain,
    Prefix,
    Suffix,
    Replace,
}

/// The steps of one value, in their order; `field` is their key.
pub(super) fn compile(field: &'static str, steps: &[StepSettings]) -> Result<Vec<Step>, Fault> {
    let compiled = steps.iter().enumerate().map(|(at, step)| {
        step.compile().map_err(|why| Fault::at(field, format!("{field}, step {}: {why}", at + 1)))
    });
    compiled.collect()
}

impl StepSettings {
    fn compile(&self) -> Result<Step, String> {
        let transformation = match (self.step, &self.text, &self.pattern, &self.with) {
            (StepKind::LowerCase, None, None, None) => Transformation::LowerCase,
            (StepKind::Trim, None, None, None) => Transformation::Trim,
            (StepKind::StripDomain, None, None, None) => Transformation::StripDomain,
            (StepKind::StripWindowsDomain, None, None, None) => Transformation::StripWindowsDomain,
            (StepKind::Prefix, Some(text), None, None) => Transformation::Prefix(text.clone()),
            (StepKind::Suffix, Some(text), None, None) => Transformation::Suffix(text.clone()),
            (StepKind::Replace, None, Some(pattern), Some(with)) => Transformation::Replace(
                Replacement::new(pattern, with).map_err(|why| why.to_string())?,
            ),
            _ => {
                return Err("prefix and suffix need text, replace needs pattern and with, and no \
                            other step has any of them"
                    .to_owned());
            }
        };
        Ok(Step { transformation, no_match: self.no_match })
    }
}
