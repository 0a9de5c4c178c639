//! `[idp.NAME.provisioning]`: how an assertion is read, and what a sign-in may change.
//!
//! The names follow the provisioning page of the commercial plug-in where it has one. Everything
//! that could surprise is off by default: by the defaults a sign-in changes nothing.

mod access;
mod groups;
mod person;
mod source;
mod step;

use directory::check_known_group_name;
use directory::provision::{
    CustomerRules, FindBy, Inactivity, MissingEmail, NamePattern, Reading, Rules, Unbound,
};
use serde::{Deserialize, Deserializer, Serialize};

use super::Fault;

pub use access::AccessSettings;
pub use groups::{GroupSettings, WhenAbsent};
pub use source::{SourceError, source};
pub use step::StepSettings;

/// What a sign-in by this IdP may do with users and groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisioningSettings {
    /// Enable User Creation or Update.
    pub create_users: bool,
    /// Update existing users, also those without this IdP's tag.
    pub update_existing: bool,
    /// Tag existing users at their next sign-in.
    pub adopt_existing: bool,
    /// Inactive users become active by signing in.
    pub reactivate: bool,
    /// Record what would change, and change nothing.
    pub shadow: bool,
    /// By which value the user is found.
    pub find_by: FindBy,
    /// What happens when a new user has no e-mail address.
    pub missing_email: MissingEmail,
    /// User Groups: given to everyone who signs in and is provisioned.
    pub user_groups: Vec<String>,
    /// Only users whom the sign-in creates get the User Groups.
    pub user_groups_for_new_users_only: bool,
    /// JIRA SD Customer Groups: given to those who sign in at a service desk's portal.
    pub customer_groups: Vec<String>,
    /// They get the User Groups too.
    pub customers_get_user_groups: bool,
    /// Who may sign in, and who is provisioned.
    pub access: Vec<AccessSettings>,
    /// Where each value stands in the assertion.
    pub attributes: AttributeSettings,
    /// What is done to each value before it is used.
    pub steps: StepsByValue,
    /// How groups are read, created and left.
    pub groups: GroupSettings,
    /// When users become inactive by staying away.
    pub inactivity: InactivitySettings,
}

/// Where each value stands. A source is `nameid`, an attribute's Name (`attribute:NAME` for one
/// that could be mistaken), or a template `{givenname} {surname}`; the first that has a value wins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttributeSettings {
    /// SAML User ID Location, or Userid attribute.
    #[serde(deserialize_with = "one_or_many")]
    pub user_id: Vec<String>,
    /// An id that the IdP never changes.
    #[serde(deserialize_with = "one_or_many")]
    pub idp_id: Vec<String>,
    /// Full Name attribute.
    #[serde(deserialize_with = "one_or_many")]
    pub full_name: Vec<String>,
    /// Email attribute.
    #[serde(deserialize_with = "one_or_many")]
    pub email: Vec<String>,
    /// Group Attribute: the values of all of these together name groups.
    #[serde(deserialize_with = "one_or_many")]
    pub groups: Vec<String>,
}

impl Default for AttributeSettings {
    fn default() -> Self {
        AttributeSettings {
            user_id: vec!["nameid".to_owned()],
            idp_id: Vec::new(),
            full_name: Vec::new(),
            email: Vec::new(),
            groups: Vec::new(),
        }
    }
}

/// What is done to each value, step by step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepsByValue {
    /// The user id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_id: Vec<StepSettings>,
    /// The id that the IdP never changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub idp_id: Vec<StepSettings>,
    /// The full name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub full_name: Vec<StepSettings>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub email: Vec<StepSettings>,
    /// Each group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<StepSettings>,
}

/// When users become inactive by staying away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InactivitySettings {
    /// Days without a sign-in; 0: never.
    pub days: u32,
    /// Patterns of groups whose members are exempt.
    pub except_groups: Vec<String>,
    /// Patterns of user names that are exempt.
    pub except_users: Vec<String>,
}

impl Default for InactivitySettings {
    fn default() -> Self {
        InactivitySettings {
            days: 0,
            except_groups: GroupSettings::default().protected,
            except_users: Vec::new(),
        }
    }
}

/// Provisioning, ready for use.
pub struct Provisioning {
    /// How the assertion is read.
    pub reading: Reading,
    /// What a sign-in may change.
    pub rules: Rules,
    /// Record what would change, and change nothing.
    pub shadow: bool,
    /// Who becomes inactive by staying away, if anybody.
    pub inactivity: Option<Inactivity>,
}

impl ProvisioningSettings {
    /// Checks the settings of the IdP `idp` and prepares them for use.
    ///
    /// # Errors
    /// The first thing that is wrong, with its key.
    pub(super) fn compile(&self, idp: &str, entity_id: &str) -> Result<Provisioning, Fault> {
        let reading = self.reading()?;
        let unread = |what: &str| {
            let text = format!("provisioning.find_by: set attributes.{what} too");
            Fault::at("provisioning.find_by", text)
        };
        match self.find_by {
            FindBy::Email if reading.email.sources.is_empty() => return Err(unread("email")),
            FindBy::IdpId if reading.idp_id.sources.is_empty() => return Err(unread("idp_id")),
            _ => {}
        }
        let access = self.access.iter().enumerate().map(|(at, rule)| {
            let at_rule = |why| format!("provisioning.access, rule {}: {why}", at + 1);
            rule.compile().map_err(|why| Fault::at("provisioning.access", at_rule(why)))
        });
        check_groups("provisioning.user_groups", &self.user_groups)?;
        check_groups("provisioning.customer_groups", &self.customer_groups)?;
        check_groups("provisioning.groups.names", self.groups.names.values())?;
        let InactivitySettings { days, except_groups, except_users } = &self.inactivity;
        Ok(Provisioning {
            reading,
            rules: Rules {
                idp: idp.to_owned(),
                entity_id: entity_id.to_owned(),
                // Only all IdPs together tell: see `Snapshot`.
                unbound: Unbound::Nobody,
                create_or_update: self.create_users,
                update_existing: self.update_existing,
                adopt_existing: self.adopt_existing,
                reactivate: self.reactivate,
                find_by: self.find_by,
                user_groups: self.user_groups.clone(),
                user_groups_for_new_users_only: self.user_groups_for_new_users_only,
                customers: CustomerRules {
                    groups: self.customer_groups.clone(),
                    user_groups_too: self.customers_get_user_groups,
                },
                groups: self.groups.rules(),
                access: access.collect::<Result<_, _>>()?,
                missing_email: self.missing_email.clone(),
                dry_run: false,
            },
            shadow: self.shadow,
            inactivity: (*days > 0).then(|| Inactivity {
                days: *days,
                except_groups: patterns(except_groups),
                except_users: patterns(except_users),
            }),
        })
    }

    fn reading(&self) -> Result<Reading, Fault> {
        let AttributeSettings { user_id, idp_id, full_name, email, groups } = &self.attributes;
        if user_id.is_empty() {
            let text = "provisioning.attributes.user_id: without a source nobody gets in";
            return Err(Fault::at("provisioning.attributes.user_id", text));
        }
        let steps = &self.steps;
        Ok(Reading {
            user_id: source::rule(
                ("provisioning.attributes.user_id", user_id),
                ("provisioning.steps.user_id", &steps.user_id),
            )?,
            idp_id: source::rule(
                ("provisioning.attributes.idp_id", idp_id),
                ("provisioning.steps.idp_id", &steps.idp_id),
            )?,
            full_name: source::rule(
                ("provisioning.attributes.full_name", full_name),
                ("provisioning.steps.full_name", &steps.full_name),
            )?,
            email: source::rule(
                ("provisioning.attributes.email", email),
                ("provisioning.steps.email", &steps.email),
            )?,
            groups: self.groups.reading(groups, &steps.groups)?,
        })
    }
}

fn check_groups<'a>(
    field: &'static str,
    groups: impl IntoIterator<Item = &'a String>,
) -> Result<(), Fault> {
    groups.into_iter().try_for_each(|group| {
        check_known_group_name(group)
            .map_err(|why| Fault::at(field, format!("the group {group:?}: {why}")))
    })
}

fn patterns(texts: &[String]) -> Vec<NamePattern> {
    texts.iter().map(|text| NamePattern::new(text)).collect()
}

/// One text may stand for a list of one.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text, or a list of texts")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    })
}

#[cfg(test)]
mod tests {
    use directory::provision::Source;

    use super::*;

    fn refusal(text: &str) -> String {
        let settings: ProvisioningSettings = toml::from_str(text).unwrap();
        settings.compile("company", "e").err().map(|fault| fault.text).unwrap_or_default()
    }

    #[test]
    fn by_the_defaults_a_sign_in_changes_nothing() {
        let compiled = ProvisioningSettings::default().compile("company", "e").unwrap();
        assert_eq!(compiled.rules.idp, "company");
        assert!(!compiled.rules.create_or_update && !compiled.shadow);
        assert!(compiled.rules.groups.removal.managed.is_empty());
        assert!(compiled.inactivity.is_none());
        assert_eq!(compiled.reading.user_id.sources, [Source::NameId]);
    }

    #[test]
    fn what_cannot_work_is_named_with_its_key() {
        let said = refusal("attributes = { full_name = \"{givenname\" }");
        assert!(said.starts_with("provisioning.attributes.full_name: \"{givenname\""), "{said}");
        assert!(refusal("attributes = { user_id = [] }").contains("nobody gets in"));
        assert!(refusal("find_by = \"idp_id\"").contains("set attributes.idp_id too"));
        let said =
            refusal("steps = { email = [{ step = \"replace\", pattern = \"(\", with = \"\" }] }");
        assert!(said.starts_with("provisioning.steps.email, step 1: "), "{said}");
        assert!(refusal("steps = { email = [{ step = \"prefix\" }] }").contains("need text"));
        assert!(
            refusal("access = [{ effect = \"require\" }]").contains("rule 1: it is about nobody")
        );
        assert!(refusal("user_groups = [\" x\"]").contains("begins or ends with a blank"));
        assert!(refusal("attributes = { groups = \"{a}\" }").contains("is a template"));
    }
}
