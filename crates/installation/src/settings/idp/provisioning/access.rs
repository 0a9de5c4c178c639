//! One rule about who may sign in, as it is written in the settings.

use std::collections::BTreeMap;

use directory::provision::{AccessEffect, AccessRule, Condition, NamePattern};
use serde::{Deserialize, Serialize};

/// An effect, and whom it is about: those of whom one of the conditions is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// `require`, `refuse`, `drop` or `deactivate`.
    pub effect: AccessEffect,
    /// Patterns of groups that the IdP names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Patterns of values, by the attribute's Name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl AccessSettings {
    pub(super) fn compile(&self) -> Result<AccessRule, &'static str> {
        let groups = self.groups.iter().map(|text| Condition::Group(NamePattern::new(text)));
        let attributes = self.attributes.iter().flat_map(|(name, values)| {
            values.iter().map(|value| Condition::Attribute {
                name: name.clone(),
                value: NamePattern::new(value),
            })
        });
        let any_of: Vec<Condition> = groups.chain(attributes).collect();
        if any_of.is_empty() {
            return Err("it is about nobody: give groups or attributes");
        }
        Ok(AccessRule { effect: self.effect, any_of })
    }
}
