//! From the form of provisioning to the settings. Lists that need more than a line are a part of the
//! settings as TOML, whose errors stand at their field.

use std::collections::BTreeMap;

use installation::settings::{AccessSettings, IdpSettings};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::form::{Errors, Fields, known};

/// The texts of the form that are no settings by themselves: what was typed stays, right or wrong.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) steps: String,
    pub(super) access: String,
    pub(super) names: String,
    pub(super) steps_of: String,
    pub(super) steps_value: String,
    pub(super) portal: bool,
    pub(super) only_names: bool,
}

/// `[[access]]`, as it stands in the settings.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Access {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    access: Vec<AccessSettings>,
}

impl Typed {
    /// The stored lists.
    pub(super) fn of(idp: &IdpSettings) -> Self {
        let p = &idp.provisioning;
        let access = Access { access: p.access.clone() };
        Typed {
            steps: toml::to_string(&p.steps).unwrap_or_default(),
            access: toml::to_string(&access).unwrap_or_default(),
            names: toml::to_string(&p.groups.names).unwrap_or_default(),
            only_names: p.groups.only_names,
            ..Typed::default()
        }
    }

    /// Whether the part of the page with the lists is unfolded.
    pub(super) fn is_open(&self, errors: &Errors) -> bool {
        let wrong = ["steps", "access", "names"].iter().any(|field| errors.of(field).is_some());
        wrong || !self.steps_value.is_empty()
    }
}

/// Puts what the form says into the settings.
pub(super) fn take(idp: &mut IdpSettings, fields: &Fields, errors: &mut Errors) -> Typed {
    users(idp, fields, errors);
    groups(idp, fields, errors);
    inactivity(idp, fields, errors);
    let typed = Typed {
        steps: fields.text("steps").to_owned(),
        access: fields.text("access").to_owned(),
        names: fields.text("names").to_owned(),
        steps_of: fields.text("steps_of").to_owned(),
        steps_value: fields.text("steps_value").to_owned(),
        portal: fields.flag("portal"),
        only_names: fields.flag("only_names"),
    };
    let p = &mut idp.provisioning;
    if let Some(steps) = read("steps", &typed.steps, errors) {
        p.steps = steps;
    }
    if let Some(Access { access }) = read("access", &typed.access, errors) {
        p.access = access;
    }
    if let Some(names) = read::<BTreeMap<String, String>>("names", &typed.names, errors) {
        p.groups.names = names;
    }
    typed
}

fn users(idp: &mut IdpSettings, fields: &Fields, errors: &mut Errors) {
    let p = &mut idp.provisioning;
    p.create_users = fields.flag("create_users");
    p.update_existing = fields.flag("update_existing");
    p.adopt_existing = fields.flag("adopt_existing");
    p.reactivate = fields.flag("reactivate");
    p.shadow = fields.flag("shadow");
    p.find_by = known(fields.text("find_by")).unwrap_or(p.find_by);
    p.missing_email =
        known(fields.text("missing_email")).unwrap_or_else(|| p.missing_email.clone());
    p.user_groups = fields.list("user_groups");
    p.user_groups_for_new_users_only = fields.flag("user_groups_for_new_users_only");
    p.customer_groups = fields.list("customer_groups");
    p.customers_get_user_groups = fields.flag("customers_get_user_groups");
    p.attributes.user_id = sources(fields, "userid", "userid_more");
    p.attributes.idp_id = sources(fields, "idp_id", "idp_id_more");
    p.attributes.full_name = sources(fields, "full_name", "full_name_more");
    p.attributes.email = sources(fields, "email", "email_more");
    p.attributes.groups = sources(fields, "groups", "groups_more");
    if p.attributes.user_id.is_empty() {
        errors.add("userid", "Say where the user ID stands: nameid, or an attribute's Name.");
    }
}

/// The first place, and further ones, each on its line: a template may hold commas.
fn sources(fields: &Fields, first: &str, more: &str) -> Vec<String> {
    fields.some(first).into_iter().chain(fields.lines(more)).collect()
}

fn groups(idp: &mut IdpSettings, fields: &Fields, errors: &mut Errors) {
    let groups = &mut idp.provisioning.groups;
    // The dry run offers a separator by a button of its own.
    let separator = fields.some("use_separator").or_else(|| fields.some("separator"));
    groups.separator = separator.unwrap_or_else(|| "none".to_owned());
    groups.absent = known(fields.text("absent")).unwrap_or(groups.absent);
    groups.only_names = fields.flag("only_names");
    groups.create_missing = fields.flag("create_missing");
    groups.manual_too = fields.flag("manual_too");
    groups.protect_additions = fields.flag("protect_additions");
    groups.managed = fields.list("managed");
    groups.keep = fields.list("keep");
    groups.protected = fields.list("protected");
    groups.add_to_protected = fields.list("add_to_protected");
    if fields.some("most_created").is_some() {
        groups.most_created = fields.number("most_created", groups.most_created, errors);
    }
    if fields.some("most_removed").is_some() {
        groups.most_removed = fields.number("most_removed", groups.most_removed, errors);
    }
}

fn inactivity(idp: &mut IdpSettings, fields: &Fields, errors: &mut Errors) {
    let inactivity = &mut idp.provisioning.inactivity;
    if fields.some("inactive_days").is_some() {
        inactivity.days = fields.number("inactive_days", inactivity.days, errors);
    }
    inactivity.except_groups = fields.list("except_groups");
    inactivity.except_users = fields.list("except_users");
}

/// A part of the settings as TOML; what is wrong stands at its field, with the line.
fn read<T: DeserializeOwned>(field: &'static str, text: &str, errors: &mut Errors) -> Option<T> {
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            errors.add(field, format!("Line {line}: {}.", error.message().trim_end_matches('.')));
            None
        }
    }
}
