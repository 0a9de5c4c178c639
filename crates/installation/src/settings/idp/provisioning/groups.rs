//! `[idp.NAME.provisioning.groups]`: how groups are read, created and left.

use std::collections::BTreeMap;

use directory::provision::{AbsentGroups, GroupReading, GroupRules, GroupSeparator, Removal};
use serde::{Deserialize, Serialize};

use super::step::{self, StepSettings};
use super::{Fault, patterns};
use crate::settings::Preset;

/// How groups are read, created and left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupSettings {
    /// What it means when the group attribute is not sent.
    pub absent: WhenAbsent,
    /// `none`, `auto` (a lone value splits at commas), or the text at which values are split.
    pub separator: String,
    /// Names for values that are none, such as object ids.
    pub names: BTreeMap<String, String>,
    /// Values that `names` does not know are left out.
    pub only_names: bool,
    /// Groups that are named and not there are created.
    pub create_missing: bool,
    /// When one sign-in would create more, it creates none.
    pub most_created: usize,
    /// Patterns of the groups that people leave when the attribute no longer names them.
    pub managed: Vec<String>,
    /// Patterns of managed groups that nobody leaves nevertheless.
    pub keep: Vec<String>,
    /// Memberships that an administrator added end too.
    pub manual_too: bool,
    /// Beyond this number in one sign-in, removals wait for approval.
    pub most_removed: usize,
    /// Patterns of administrators' groups.
    pub protected: Vec<String>,
    /// No sign-in adds anybody to the protected groups either.
    pub protect_additions: bool,
    /// Patterns of protected groups that sign-ins add to nevertheless.
    pub add_to_protected: Vec<String>,
}

impl Default for GroupSettings {
    fn default() -> Self {
        let rules = GroupRules::default();
        GroupSettings {
            absent: WhenAbsent::default(),
            separator: "none".to_owned(),
            names: BTreeMap::new(),
            only_names: false,
            create_missing: rules.create_missing,
            most_created: rules.most_created,
            managed: Vec::new(),
            keep: Vec::new(),
            manual_too: false,
            most_removed: 5,
            protected: rules.protected.iter().map(|p| p.as_str().to_owned()).collect(),
            protect_additions: rules.protect_additions,
            add_to_protected: Vec::new(),
        }
    }
}

/// What it means when the group attribute is not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenAbsent {
    /// Nothing is known, and memberships stay.
    #[default]
    Keep,
    /// The person is in no group: managed memberships end.
    None,
}

impl GroupSettings {
    /// How these attributes name groups, after these steps.
    pub(super) fn reading(
        &self,
        attributes: &[String],
        steps: &[StepSettings],
    ) -> Result<GroupReading, Fault> {
        if let Some(template) = attributes.iter().find(|name| name.contains(['{', '}'])) {
            return Err(Fault::at(
                "provisioning.attributes.groups",
                format!(
                    "provisioning.attributes.groups: {template:?} is a template; groups are named \
                     by attributes, and changed by steps"
                ),
            ));
        }
        let attribute = |name: &String| name.strip_prefix("attribute:").unwrap_or(name).to_owned();
        Ok(GroupReading {
            attributes: attributes.iter().map(attribute).collect(),
            absent: match self.absent {
                WhenAbsent::Keep => AbsentGroups::Unknown,
                WhenAbsent::None => AbsentGroups::None {
                    unless_sent: Preset::group_attributes().map(str::to_owned).collect(),
                },
            },
            separator: match self.separator.as_str() {
                "none" => GroupSeparator::None,
                "auto" => GroupSeparator::Auto,
                "" => {
                    let text = "provisioning.groups.separator: none, auto or a text";
                    return Err(Fault::at("provisioning.groups.separator", text));
                }
                text => GroupSeparator::Literal(text.to_owned()),
            },
            names: self.names.iter().collect(),
            only_names: self.only_names,
            steps: step::compile("provisioning.steps.groups", steps)?,
        })
    }

    pub(super) fn rules(&self) -> GroupRules {
        GroupRules {
            create_missing: self.create_missing,
            most_created: self.most_created,
            removal: Removal {
                managed: patterns(&self.managed),
                keep: patterns(&self.keep),
                manual_too: self.manual_too,
                most: Some(self.most_removed),
            },
            protected: patterns(&self.protected),
            protect_additions: self.protect_additions,
            add_to_protected: patterns(&self.add_to_protected),
        }
    }
}
