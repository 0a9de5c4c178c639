//! Which field of a form shows which key of the settings, form by form: what is wrong with a key is
//! said at its field.

/// The keys that a form shows, each with its field.
#[derive(Clone, Copy)]
pub(super) struct Places(&'static [(&'static str, &'static str)]);

impl Places {
    /// The field that shows `key`; empty, which is the head of the page, when none does.
    pub(super) fn field_of(self, key: &str) -> &'static str {
        self.0.iter().find(|(shown, _)| *shown == key).map_or("", |(_, field)| field)
    }

    /// All fields of the form that show a key.
    #[cfg(test)]
    pub(super) fn fields(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(_, field)| *field)
    }
}

/// The form of an app.
pub(super) const APP: Places = Places(&[
    ("kind", "kind"),
    ("public_url", "public_url"),
    ("upstream", "upstream"),
    ("applications", "applications"),
    ("entity_id", "entity_id"),
    ("reply_path", "reply_path"),
    ("display_name", "display_name"),
    ("contact_email", "contact_email"),
    ("pass_headers", "pass_headers"),
    ("hsts_seconds", "hsts_seconds"),
    ("session.idle_minutes", "idle_minutes"),
    ("session.absolute_minutes", "absolute_minutes"),
    ("session.remember_days", "remember_days"),
]);

/// The configuration of an IdP.
pub(super) const IDP: Places = Places(&[
    ("entity_id", "entity_id"),
    ("login_url", "login_url"),
    ("for_unbound_users", "for_unbound_users"),
    ("certificates", "certificates"),
    ("apps", "apps"),
    ("button_label", "button_label"),
    ("button_description", "button_description"),
    ("allow_unsolicited", "allow_unsolicited"),
    ("allow_sha1", "allow_sha1"),
    ("metadata.url", "metadata_url"),
    ("metadata.signing_key", "metadata_signing_key"),
    ("metadata.refresh_hours", "refresh_hours"),
    ("metadata.approve_new_keys", "approve_new_keys"),
    ("metadata.publish_encryption_key", "publish_encryption_key"),
    // The table above the field lists them, and takes them away.
    ("metadata.keys", "certificates"),
    ("request.binding", "binding"),
    ("request.post_url", "post_url"),
    ("request.sign", "sign"),
    ("request.force_authn", "force_authn"),
    ("request.passive", "passive"),
    ("request.name_id_format", "name_id_format"),
    ("request.authn_context", "authn_context"),
    ("request.authn_context_comparison", "authn_context_comparison"),
    ("request.authn_context_order", "authn_context_order"),
    ("request.max_authn_age_minutes", "max_authn_age_minutes"),
    ("request.home_realm_discovery", "home_realm_discovery"),
    ("request.domain", "domain"),
    ("request.login_hint", "login_hint"),
    ("request.at_once", "at_once"),
    ("logout.single_signout", "single_signout"),
    ("logout.url", "logout_url"),
    ("logout.response_url", "logout_response_url"),
    ("logout.binding", "logout_binding"),
    ("logout.answer", "answer_logout"),
    ("logout.issuer_aliases", "issuer_aliases"),
    ("times.clock_skew_minutes", "clock_skew_minutes"),
    ("times.obey_session_end", "obey_session_end"),
    ("provisioning.attributes.user_id", "attribute_name"),
]);

/// The provisioning by an IdP.
pub(super) const PROVISIONING: Places = Places(&[
    ("provisioning.create_users", "create_users"),
    ("provisioning.update_existing", "update_existing"),
    ("provisioning.adopt_existing", "adopt_existing"),
    ("provisioning.reactivate", "reactivate"),
    ("provisioning.shadow", "shadow"),
    ("provisioning.find_by", "find_by"),
    ("provisioning.missing_email", "missing_email"),
    ("provisioning.user_groups", "user_groups"),
    ("provisioning.user_groups_for_new_users_only", "user_groups_for_new_users_only"),
    ("provisioning.customer_groups", "customer_groups"),
    ("provisioning.customers_get_user_groups", "customers_get_user_groups"),
    ("provisioning.access", "access"),
    ("provisioning.attributes.user_id", "userid"),
    ("provisioning.attributes.idp_id", "idp_id"),
    ("provisioning.attributes.full_name", "full_name"),
    ("provisioning.attributes.email", "email"),
    ("provisioning.attributes.groups", "groups"),
    ("provisioning.steps.user_id", "steps"),
    ("provisioning.steps.idp_id", "steps"),
    ("provisioning.steps.full_name", "steps"),
    ("provisioning.steps.email", "steps"),
    ("provisioning.steps.groups", "steps"),
    ("provisioning.groups.absent", "absent"),
    ("provisioning.groups.separator", "separator"),
    ("provisioning.groups.names", "names"),
    ("provisioning.groups.only_names", "only_names"),
    ("provisioning.groups.create_missing", "create_missing"),
    ("provisioning.groups.most_created", "most_created"),
    ("provisioning.groups.managed", "managed"),
    ("provisioning.groups.keep", "keep"),
    ("provisioning.groups.manual_too", "manual_too"),
    ("provisioning.groups.most_removed", "most_removed"),
    ("provisioning.groups.protected", "protected"),
    ("provisioning.groups.protect_additions", "protect_additions"),
    ("provisioning.groups.add_to_protected", "add_to_protected"),
    ("provisioning.inactivity.days", "inactive_days"),
    ("provisioning.inactivity.except_groups", "except_groups"),
    ("provisioning.inactivity.except_users", "except_users"),
]);

/// The form of a Crowd application.
pub(super) const APPLICATION: Places = Places(&[("allow", "allow")]);

/// The form of the console's own settings.
pub(super) const CONSOLE: Places = Places(&[
    ("keep_attempts_days", "keep_attempts_days"),
    ("keep_messages_days", "keep_messages_days"),
    ("administrators_group", "administrators_group"),
    ("public_url", "public_url"),
]);

#[cfg(test)]
mod tests {
    use installation::settings::reference::REFERENCE;

    use super::*;

    const FORMS: &[(&str, &[Places])] = &[
        ("app", &[APP]),
        ("idp", &[IDP, PROVISIONING]),
        ("application", &[APPLICATION]),
        ("console", &[CONSOLE]),
    ];

    #[test]
    fn every_key_with_a_label_has_a_field_and_every_field_a_key() {
        for (kind, keys) in REFERENCE {
            let (_, forms) = FORMS.iter().find(|(one, _)| one == kind).unwrap();
            for key in *keys {
                let shown = forms.iter().any(|form| !form.field_of(key.path).is_empty());
                assert!(shown || key.label.is_empty(), "{kind} {} has no field", key.path);
            }
            for (key, field) in forms.iter().flat_map(|form| form.0) {
                let known = keys.iter().any(|one| one.path == *key);
                assert!(known, "{kind}: {key}, shown by {field}, is no key of the settings");
            }
        }
    }

    #[test]
    fn what_no_form_shows_is_said_at_the_head_of_the_page() {
        assert_eq!(APPLICATION.field_of("password_hash"), "");
        assert_eq!(IDP.field_of("provisioning.attributes.email"), "");
    }
}
