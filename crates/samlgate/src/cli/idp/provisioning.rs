//! The arguments of `idp add` and `idp set` about users and groups. The most used settings are
//! here; all of them are in the document of `export` and `apply`.

use crate::cli::help::{about, about_and};
use clap::ValueEnum;
use directory::provision::{FindBy, MissingEmail};
use installation::listed;
use installation::settings::{self, ProvisioningSettings, WhenAbsent};
use saml::OfferedAttribute;

/// What an administrator says about provisioning. An empty text unsets an option.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Users and groups")]
pub(in crate::cli) struct ProvisioningChange {
    #[arg(long, value_name = "nameid|attribute:NAME", value_parser = user_id, help = about_and("idp.provisioning.attributes.user_id", "repeat for more"))]
    user_id: Option<Vec<String>>,
    #[arg(long, value_name = "ATTR", value_parser = source, help = about("idp.provisioning.attributes.full_name"))]
    full_name: Option<Vec<String>>,
    #[arg(long, value_name = "ATTR", value_parser = source, help = about("idp.provisioning.attributes.email"))]
    email: Option<Vec<String>>,
    #[arg(long, value_name = "ATTR", help = about_and("idp.provisioning.attributes.groups", "repeat for more, all of them count"))]
    groups: Option<Vec<String>>,
    #[arg(long, value_name = "nameid|attribute:NAME", value_parser = source, help = about("idp.provisioning.attributes.idp_id"))]
    idp_id: Option<Vec<String>>,
    #[arg(long, value_enum, value_name = "VALUE", help = about("idp.provisioning.find_by"))]
    find_by: Option<FindUserBy>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.create_users"))]
    create_users: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.update_existing"))]
    update_existing: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.adopt_existing"))]
    adopt_existing: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.reactivate"))]
    reactivate: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.shadow"))]
    shadow: Option<bool>,
    #[arg(long, value_enum, value_name = "WHAT", help = about("idp.provisioning.missing_email"))]
    missing_email: Option<WithoutEmail>,
    #[arg(long, value_name = "G,...", help = about_and("idp.provisioning.user_groups", SEVERAL))]
    user_groups: Option<Vec<String>>,
    #[arg(long, value_name = "G,...", help = about_and("idp.provisioning.customer_groups", SEVERAL))]
    customer_groups: Option<Vec<String>>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.provisioning.groups.create_missing"))]
    create_groups: Option<bool>,
    #[arg(long, value_name = "PATTERN,...", help = about_and("idp.provisioning.groups.managed", SEVERAL))]
    managed_groups: Option<Vec<String>>,
    #[arg(long, value_enum, value_name = "keep|none", help = about("idp.provisioning.groups.absent"))]
    groups_absent: Option<AbsentMeans>,
    #[arg(long, value_name = "none|auto|TEXT", help = about("idp.provisioning.groups.separator"))]
    group_separator: Option<String>,
    /// Groups that come as a path, such as /jira/users, count by their last part, users; groups of
    /// the same name below different ones are then one
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    strip_group_path: Option<bool>,
    #[arg(long, value_name = "PATTERN,...", help = about_and("idp.provisioning.groups.add_to_protected", SEVERAL))]
    add_to_protected: Option<Vec<String>>,
    #[arg(long, value_name = "DAYS", help = about("idp.provisioning.inactivity.days"))]
    inactive_days: Option<u32>,
}

/// By which value a user is found.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FindUserBy {
    UserId,
    Email,
    IdpId,
}

/// What a new user without an e-mail address gets.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum WithoutEmail {
    Refuse,
    Placeholder,
}

/// What it means when the group attribute is not sent.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum AbsentMeans {
    Keep,
    None,
}

impl ProvisioningChange {
    /// Changes what is named. `offered` are attributes of the metadata: who names an attribute by
    /// its friendly name means its Name.
    pub(super) fn apply(&self, to: &mut ProvisioningSettings, offered: &[&OfferedAttribute]) {
        let ProvisioningSettings { attributes, groups, .. } = to;
        for (list, set) in [
            (&mut attributes.user_id, &self.user_id),
            (&mut attributes.idp_id, &self.idp_id),
            (&mut attributes.full_name, &self.full_name),
            (&mut attributes.email, &self.email),
            (&mut attributes.groups, &self.groups),
        ] {
            replace(list, set);
            if set.is_some() {
                list.iter_mut().for_each(|source| *source = by_name(source, offered));
            }
        }
        replace_names(&mut groups.managed, &self.managed_groups);
        replace_names(&mut groups.add_to_protected, &self.add_to_protected);
        set(&mut groups.create_missing, self.create_groups);
        set(
            &mut groups.absent,
            self.groups_absent.map(|means| match means {
                AbsentMeans::Keep => WhenAbsent::Keep,
                AbsentMeans::None => WhenAbsent::None,
            }),
        );
        set(&mut groups.separator, self.group_separator.clone());
        if let Some(strip) = self.strip_group_path {
            to.steps.set_strip_group_path(strip);
        }
        replace_names(&mut to.user_groups, &self.user_groups);
        replace_names(&mut to.customer_groups, &self.customer_groups);
        set(&mut to.create_users, self.create_users);
        set(&mut to.update_existing, self.update_existing);
        set(&mut to.adopt_existing, self.adopt_existing);
        set(&mut to.reactivate, self.reactivate);
        set(&mut to.shadow, self.shadow);
        set(&mut to.inactivity.days, self.inactive_days);
        set(
            &mut to.find_by,
            self.find_by.map(|by| match by {
                FindUserBy::UserId => FindBy::UserId,
                FindUserBy::Email => FindBy::Email,
                FindUserBy::IdpId => FindBy::IdpId,
            }),
        );
        set(
            &mut to.missing_email,
            self.missing_email.map(|what| match what {
                WithoutEmail::Refuse => MissingEmail::Refuse,
                WithoutEmail::Placeholder => MissingEmail::Placeholder,
            }),
        );
    }
}

/// None leaves as it is.
fn set<T>(value: &mut T, to: Option<T>) {
    if let Some(to) = to {
        *value = to;
    }
}

/// None leaves as it is, an empty text unsets.
fn replace(list: &mut Vec<String>, to: &Option<Vec<String>>) {
    if let Some(to) = to {
        let texts = to.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        *list = texts.map(str::to_owned).collect();
    }
}

/// The same with lists of names.
fn replace_names(list: &mut Vec<String>, to: &Option<Vec<String>>) {
    if let Some(to) = to {
        *list = to.iter().flat_map(|text| listed::parse(text)).collect();
    }
}

/// How an argument takes several names.
const SEVERAL: &str = "separated by commas, a name that holds one in quotation marks";

/// The Name of the attribute that the metadata offers under this friendly name, if it does.
fn by_name(source: &str, offered: &[&OfferedAttribute]) -> String {
    let friendly = |one: &&&OfferedAttribute| {
        one.friendly_name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(source))
    };
    let named = offered.iter().any(|one| one.name == source);
    match offered.iter().find(friendly).filter(|_| !named) {
        Some(one) => one.name.clone(),
        None => source.to_owned(),
    }
}

/// A source as the settings keep it: an attribute by its bare Name, where that is not ambiguous.
fn source(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    settings::source(text).map_err(|error| error.to_string())?;
    let bare = text.strip_prefix("attribute:").filter(|name| {
        settings::source(name).is_ok_and(|source| source.to_string() == format!("attribute {name}"))
    });
    Ok(bare.unwrap_or(text).to_owned())
}

fn user_id(text: &str) -> Result<String, String> {
    let explicit = text.eq_ignore_ascii_case("nameid")
        || text.contains('{')
        || text.strip_prefix("attribute:").is_some_and(|name| !name.is_empty());
    if explicit { source(text) } else { Err("write nameid, or attribute:NAME".to_owned()) }
}
