//! One step that a value takes, as it is written in the settings.

use directory::provision::{NoMatch, Replacement, Step, Transformation};
use serde::{Deserialize, Serialize};

use super::StepsByValue;
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

impl StepsByValue {
    /// Whether a group that comes as a path counts by what stands after the last slash.
    pub fn strip_group_path(&self) -> bool {
        self.groups.iter().any(StepSettings::strips_path)
    }

    /// Switches that on or off. It comes before all other steps: what these add stays.
    pub fn set_strip_group_path(&mut self, strip: bool) {
        match strip {
            true if self.strip_group_path() => {}
            true => self.groups.insert(0, StepSettings::strip_path()),
            false => self.groups.retain(|step| !step.strips_path()),
        }
    }
}

/// The steps of one value, in their order; `field` is their key.
pub(super) fn compile(field: &'static str, steps: &[StepSettings]) -> Result<Vec<Step>, Fault> {
    let compiled = steps.iter().enumerate().map(|(at, step)| {
        step.compile().map_err(|why| Fault::at(field, format!("{field}, step {}: {why}", at + 1)))
    });
    compiled.collect()
}

impl StepSettings {
    /// `/jira/users` becomes `users`; what is no path stays.
    fn strip_path() -> Self {
        StepSettings {
            step: StepKind::Replace,
            text: None,
            pattern: Some("^.*/".to_owned()),
            with: Some(String::new()),
            no_match: NoMatch::Keep,
        }
    }

    /// Whether it is that step, whatever it does with a value that is no path.
    fn strips_path(&self) -> bool {
        StepSettings { no_match: NoMatch::Keep, ..self.clone() } == Self::strip_path()
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_path_is_stripped_by_one_step_before_the_others() {
        let text = "groups = [{ step = \"prefix\", text = \"kc/\" }]";
        let mut steps: StepsByValue = toml::from_str(text).unwrap();
        let before = steps.clone();
        assert!(!steps.strip_group_path());
        for _ in 0..2 {
            steps.set_strip_group_path(true);
        }
        assert!(steps.strip_group_path() && steps.groups.len() == 2);
        let compiled = compile("provisioning.steps.groups", &steps.groups).unwrap();
        let taken = |value: &str| {
            compiled.iter().fold(value.to_owned(), |value, step| step.take(&value).unwrap_or(value))
        };
        assert_eq!(taken("/jira/users"), "kc/users");
        assert_eq!(taken("users"), "kc/users");
        steps.set_strip_group_path(false);
        assert_eq!(steps, before);
    }

    #[test]
    fn a_path_that_a_document_strips_is_stripped_for_the_switch_too() {
        let text = "groups = [{ step = \"replace\", pattern = \"^.*/\", with = \"\", no_match = \"ignore\" }]";
        let mut steps: StepsByValue = toml::from_str(text).unwrap();
        let before = steps.clone();
        steps.set_strip_group_path(true);
        assert_eq!(steps, before, "what a value without a path becomes stays as it was written");
        steps.set_strip_group_path(false);
        assert!(steps.groups.is_empty());
    }
}
