//! From the form's fields to an IdP's settings. What the form does not show stays as it is stored;
//! of a new IdP it is what its preset says.

use installation::choice::Choice as _;
use installation::settings::{IdpSettings, Preset};
use saml::{GivenKeys, IdpKey, KeyError};

use super::resolved::Resolved;
use crate::form::{Errors, Fields, known};

/// An IdP as the form has it.
pub(super) struct Draft {
    /// The settings.
    pub(super) settings: IdpSettings,
    /// The fingerprint of the document that the form was opened with.
    pub(super) base: String,
    /// What was typed as further certificates.
    pub(super) typed: String,
    /// Certificates and keys that were ticked for removal.
    pub(super) dropped: Vec<String>,
    /// The name of a new one.
    pub(super) name: String,
    /// The metadata that was pasted.
    pub(super) metadata_text: String,
    /// The preset that was chosen.
    pub(super) preset: String,
    /// What *Resolve* found beside the fields.
    pub(super) resolved: Option<Resolved>,
}

impl Draft {
    /// Nothing yet.
    pub(super) fn empty() -> Self {
        let mut settings = IdpSettings::default();
        Preset::Generic.apply(&mut settings);
        Draft { preset: Preset::Generic.name().to_owned(), ..Self::of(settings, String::new()) }
    }

    /// A stored one.
    pub(super) fn of(settings: IdpSettings, base: String) -> Self {
        let none = String::new;
        Draft {
            settings,
            base,
            typed: none(),
            dropped: Vec::new(),
            name: none(),
            metadata_text: none(),
            preset: none(),
            resolved: None,
        }
    }

    /// What the form says: `stored` with its changes, or a new one.
    pub(super) fn entered(
        stored: Option<&IdpSettings>,
        resolved: Option<Resolved>,
        fields: &Fields,
        errors: &mut Errors,
    ) -> Self {
        let preset = Preset::named(fields.text("preset")).filter(|_| stored.is_none());
        let mut settings = stored.cloned().unwrap_or_default();
        if let Some(preset) = preset {
            preset.apply(&mut settings);
        }
        if let Some(resolved) = &resolved {
            resolved.put_into(&mut settings);
        }
        let mut draft = Draft { resolved, ..Self::of(settings, fields.text("base").to_owned()) };
        draft.name = fields.text("name").to_owned();
        draft.metadata_text = fields.text("metadata_text").to_owned();
        draft.preset = fields.text("preset").to_owned();
        draft.take_addresses(fields);
        draft.take_trust(fields, errors);
        draft.take_certificates(fields, errors);
        draft.take_request(fields, errors);
        draft.take_logout(fields);
        draft.take_times(fields, errors);
        if draft.preset == fields.text("preset_was") {
            draft.take_user_id(fields, errors);
        } else if let Some(preset) = preset {
            // Chosen just now: it goes before the fields, which still show another one's values.
            preset.apply(&mut draft.settings);
        }
        draft
    }

    /// A new one's name; left empty it is the preset's.
    pub(super) fn name_or_preset(&self, fields: &Fields) -> String {
        fields.some("name").unwrap_or_else(|| match self.preset.as_str() {
            "" | "generic" => "sso".to_owned(),
            preset => preset.to_owned(),
        })
    }

    fn take_addresses(&mut self, fields: &Fields) {
        let idp = &mut self.settings;
        idp.entity_id = fields.text("entity_id").to_owned();
        idp.login_url = fields.text("login_url").to_owned();
        idp.button_label = fields.some("button_label");
        idp.button_description = fields.some("button_description");
        idp.allow_unsolicited = fields.flag("allow_unsolicited");
        idp.allow_sha1 = fields.flag("allow_sha1");
        idp.for_unbound_users = fields.flag("for_unbound_users");
        idp.apps = fields.list("apps");
    }

    fn take_trust(&mut self, fields: &Fields, errors: &mut Errors) {
        let metadata = &mut self.settings.metadata;
        metadata.url = fields.some("metadata_url");
        if fields.some("refresh_hours").is_some() {
            metadata.refresh_hours = fields.number("refresh_hours", metadata.refresh_hours, errors);
        }
        metadata.approve_new_keys = fields.flag("approve_new_keys");
        metadata.publish_encryption_key = fields.flag("publish_encryption_key");
        let typed = fields.some("metadata_signing_key");
        metadata.signing_key = typed.map(|text| match GivenKeys::read_one(text.as_bytes()) {
            Ok(key) => key.to_base64(),
            Err(error) => {
                errors.add("metadata_signing_key", format!("It cannot be read: {error}."));
                text
            }
        });
    }

    fn take_logout(&mut self, fields: &Fields) {
        let logout = &mut self.settings.logout;
        logout.url = fields.some("logout_url");
        logout.response_url = fields.some("logout_response_url");
        logout.binding = known(fields.text("logout_binding")).unwrap_or(logout.binding);
        logout.single_signout = fields.flag("single_signout");
        logout.answer = fields.flag("answer_logout");
        logout.issuer_aliases = fields.lines("issuer_aliases");
    }

    fn take_times(&mut self, fields: &Fields, errors: &mut Errors) {
        let times = &mut self.settings.times;
        if fields.some("clock_skew_minutes").is_some() {
            times.clock_skew_minutes =
                fields.number("clock_skew_minutes", times.clock_skew_minutes, errors);
        }
        times.obey_session_end = fields.flag("obey_session_end");
    }

    /// Certificates set by hand: those that were pasted, and of all those that are not ticked.
    fn take_certificates(&mut self, fields: &Fields, errors: &mut Errors) {
        fields.text("certificates").clone_into(&mut self.typed);
        match GivenKeys::read(self.typed.as_bytes()) {
            Ok(given) => {
                let known = &mut self.settings.certificates;
                for text in given.keys.iter().map(IdpKey::to_base64) {
                    if !known.contains(&text) {
                        known.push(text);
                    }
                }
            }
            Err(KeyError::Empty) => {}
            Err(error) => errors.add("certificates", format!("It cannot be read: {error}.")),
        }
        self.dropped = fields.all("drop_certificate").map(str::to_owned).collect();
        self.settings.certificates.retain(|text| !self.dropped.contains(text));
        self.settings.metadata.keys.retain(|text| !self.dropped.contains(text));
    }

    fn take_user_id(&mut self, fields: &Fields, errors: &mut Errors) {
        let sources = &mut self.settings.provisioning.attributes.user_id;
        match fields.text("user_id_location") {
            "attribute" => {
                let name = fields.text("attribute_name");
                if name.is_empty() {
                    errors.add(
                        "attribute_name",
                        "Write the Name of the attribute that holds the user ID.",
                    );
                }
                *sources = vec![format!("attribute:{name}")];
            }
            "nameid" => *sources = vec!["nameid".to_owned()],
            // Several sources or a template: set on the page of provisioning.
            _ => {}
        }
    }

    fn take_request(&mut self, fields: &Fields, errors: &mut Errors) {
        let request = &mut self.settings.request;
        request.home_realm_discovery = fields.flag("home_realm_discovery");
        request.domain = fields.some("domain");
        request.binding = known(fields.text("binding")).unwrap_or(request.binding);
        request.post_url = fields.some("post_url");
        request.at_once = fields.flag("at_once");
        request.sign = match fields.text("sign") {
            "always" => Some(true),
            "never" => Some(false),
            _ => None,
        };
        request.force_authn = fields.flag("force_authn");
        request.passive = fields.flag("passive");
        request.login_hint = fields.flag("login_hint");
        request.name_id_format = fields.some("name_id_format");
        request.authn_context = fields.some("authn_context");
        request.authn_context_comparison = known(fields.text("authn_context_comparison"))
            .unwrap_or(request.authn_context_comparison);
        request.authn_context_order = fields.lines("authn_context_order");
        let age = fields.some("max_authn_age_minutes");
        request.max_authn_age_minutes =
            age.map(|_| fields.number("max_authn_age_minutes", 0, errors));
    }
}
