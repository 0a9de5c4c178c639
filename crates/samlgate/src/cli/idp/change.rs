//! The arguments of `idp add` and `idp set`, and what they make of the settings.

use std::path::Path;
use std::time::SystemTime;

use installation::settings::{IdpSettings, Preset};
use saml::IdpMetadata;

use super::logout::LogoutChange;
use super::provisioning::ProvisioningChange;
use super::request::RequestChange;
use super::times::TimeChange;
use super::trust::{Given, TrustChange};
use crate::cli::WrongUsage;
use crate::cli::choice::one_of;
use crate::cli::help::{about, about_and};

/// What an administrator says about an IdP. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Change {
    /// The IdP's name: stands on the button, and tags the users it creates
    pub(super) name: String,
    #[command(flatten)]
    trust: TrustChange,
    #[arg(long, value_name = "ID", help = about_and("idp.entity_id", "with --metadata it chooses one of several"))]
    entity_id: Option<String>,
    #[arg(long, value_name = "URL", help = about("idp.login_url"))]
    login_url: Option<String>,
    /// What this kind of IdP needs; explained by `samlgate idp presets`. What is said beside it
    /// counts
    #[arg(long, value_parser = one_of::<Preset>())]
    preset: Option<Preset>,
    #[arg(long, value_name = "TEXT", help = about("idp.button_label"))]
    button_label: Option<String>,
    #[arg(long, value_name = "TEXT", help = about("idp.button_description"))]
    button_description: Option<String>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.allow_unsolicited"))]
    allow_unsolicited: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.for_unbound_users"))]
    for_unbound_users: Option<bool>,
    /// Its users are the same people, although it is another entity than before
    #[arg(long)]
    pub(super) keep_users: bool,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.allow_sha1"))]
    allow_sha1: Option<bool>,
    /// Only show what would change
    #[arg(long)]
    pub(super) dry_run: bool,
    #[arg(long = "app", value_name = "NAME", help = about_and("idp.apps", "repeat for more, \"\" for all"))]
    apps: Option<Vec<String>>,
    #[command(flatten)]
    request: RequestChange,
    #[command(flatten)]
    logout: LogoutChange,
    #[command(flatten)]
    times: TimeChange,
    #[command(flatten)]
    provisioning: ProvisioningChange,
}

impl Change {
    /// A new IdP needs metadata, or all that metadata would say.
    pub(super) fn check_complete(&self) -> anyhow::Result<()> {
        let by_hand = [
            ("--entity-id", self.entity_id.is_some()),
            ("--login-url", self.login_url.is_some()),
            ("--certificate", self.trust.has_certificate()),
        ];
        let missing: Vec<_> =
            by_hand.iter().filter(|(_, set)| !set).map(|(name, _)| *name).collect();
        if !self.trust.has_metadata() && !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(WrongUsage(format!(
                "give --metadata FILE|URL, or the IdP by hand; for that, this is missing: {missing}"
            ))
            .into());
        }
        Ok(())
    }

    /// Reads the metadata and the keys that are named.
    pub(super) async fn source(&self, authorities: Option<&Path>) -> anyhow::Result<Given> {
        self.trust.given(authorities).await
    }

    /// Puts what was said into the settings, and what was `given` with it: the metadata, which is given
    /// back, and keys.
    pub(super) fn apply(
        &self,
        idp: &mut IdpSettings,
        given: &Given,
        now: SystemTime,
    ) -> anyhow::Result<Option<IdpMetadata>> {
        let metadata = self.trust.apply(idp, self.entity_id.as_deref(), given, now)?;
        if let Some(entity_id) = self.entity_id.as_ref().filter(|_| metadata.is_none()) {
            idp.entity_id.clone_from(entity_id);
        }
        if let Some(login_url) = &self.login_url {
            idp.login_url.clone_from(login_url);
        }
        if let Some(preset) = self.preset {
            preset.apply(idp);
        }
        let offered: Vec<_> = metadata.iter().flat_map(|metadata| &metadata.attributes).collect();
        self.provisioning.apply(&mut idp.provisioning, &offered);
        self.apply_rules(idp);
        self.request.apply(&mut idp.request);
        self.logout.apply(&mut idp.logout);
        self.times.apply(&mut idp.times);
        Ok(metadata)
    }

    fn apply_rules(&self, idp: &mut IdpSettings) {
        change(&mut idp.button_label, self.button_label.as_ref());
        change(&mut idp.button_description, self.button_description.as_ref());
        let switches = [
            (&mut idp.allow_unsolicited, self.allow_unsolicited),
            (&mut idp.allow_sha1, self.allow_sha1),
            (&mut idp.for_unbound_users, self.for_unbound_users),
        ];
        for (switch, set) in switches {
            *switch = set.unwrap_or(*switch);
        }
        if let Some(apps) = &self.apps {
            let names = apps.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
            idp.apps = names.map(str::to_owned).collect();
        }
    }
}

/// An empty text unsets; none leaves as it is.
pub(super) fn change(value: &mut Option<String>, to: Option<&String>) {
    if let Some(text) = to {
        *value = (!text.trim().is_empty()).then(|| text.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        change: Change,
    }

    fn change(arguments: &[&str]) -> Change {
        let line = ["idp", "entra"].iter().chain(arguments);
        Line::try_parse_from(line).unwrap().change
    }

    async fn changed(mut idp: IdpSettings, arguments: &[&str]) -> anyhow::Result<IdpSettings> {
        let change = change(arguments);
        let source = change.source(None).await?;
        change.apply(&mut idp, &source, UNIX_EPOCH)?;
        Ok(idp)
    }

    async fn set(old: IdpSettings, arguments: &[&str]) -> IdpSettings {
        changed(old, arguments).await.unwrap()
    }

    #[tokio::test]
    async fn a_preset_gives_way_to_what_is_said_beside_it() {
        let idp = set(
            IdpSettings::default(),
            &["--preset", "adfs", "--groups", "memberOf", "--email", ""],
        )
        .await;
        let windows = "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
        let attributes = &idp.provisioning.attributes;
        assert_eq!(attributes.user_id, [windows]);
        assert_eq!(attributes.groups, ["memberOf"]);
        assert!(attributes.email.is_empty(), "an empty text unsets");
        let back = set(idp, &["--user-id", "NameID"]).await.provisioning.attributes;
        assert_eq!(back.user_id, ["NameID"]);
        assert_eq!(back.groups, ["memberOf"], "what is not named stays");
    }

    #[tokio::test]
    async fn an_attribute_named_by_its_friendly_name_is_kept_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("metadata.xml");
        let der = testkit::Key::P256.certificate_base64();
        let text = format!(
            r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{der}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp/sso"/><Attribute xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Name="urn:oid:2.5.4.3" FriendlyName="Full Name"/></IDPSSODescriptor></EntityDescriptor>"#
        );
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let idp =
            set(IdpSettings::default(), &["--metadata", file, "--full-name", "full name"]).await;
        assert_eq!(idp.provisioning.attributes.full_name, ["urn:oid:2.5.4.3"]);
    }

    #[tokio::test]
    async fn switches_can_be_put_on_and_off_and_stay_otherwise() {
        let on = set(IdpSettings::default(), &["--create-users", "--allow-unsolicited=true"]).await;
        assert!(on.provisioning.create_users && on.allow_unsolicited);
        assert!(!on.provisioning.update_existing);
        let off = set(on, &["--create-users=false"]).await;
        assert!(!off.provisioning.create_users && off.allow_unsolicited);
    }

    #[tokio::test]
    async fn the_path_of_groups_goes_and_comes_back_by_a_step_of_the_document() {
        let idp = set(IdpSettings::default(), &["--preset", "keycloak"]).await;
        assert!(!idp.provisioning.steps.strip_group_path(), "as they come");
        let idp = set(idp, &["--strip-group-path"]).await;
        let step = toml::to_string(&idp.provisioning.steps).unwrap();
        assert!(step.contains("pattern = \"^.*/\"\nwith = \"\""), "{step}");
        let idp = set(idp, &["--create-users"]).await;
        assert!(idp.provisioning.steps.strip_group_path(), "what is not named stays");
        let idp = set(idp, &["--strip-group-path=false"]).await;
        assert!(idp.provisioning.steps.groups.is_empty());
    }

    #[tokio::test]
    async fn lists_are_replaced_and_an_empty_text_clears_them() {
        let arguments = ["--user-groups", "jira-users, staff", "--app", "jira", "--app", "wiki"];
        let idp = set(IdpSettings::default(), &arguments).await;
        assert_eq!(idp.provisioning.user_groups, ["jira-users", "staff"]);
        assert_eq!(idp.apps, ["jira", "wiki"]);
        let idp = set(idp, &["--app", "", "--button-label", "Company account"]).await;
        let idp = set(idp, &["--button-description", "For everybody"]).await;
        assert_eq!(idp.button_description.as_deref(), Some("For everybody"));
        assert!(idp.apps.is_empty(), "all apps");
        assert_eq!(idp.provisioning.user_groups, ["jira-users", "staff"]);
        assert_eq!(idp.button_label.as_deref(), Some("Company account"));
    }

    #[tokio::test]
    async fn a_file_that_is_not_metadata_or_no_certificate_is_named_for_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.html");
        std::fs::write(&file, "<!doctype html><title>Sign in</title>").unwrap();
        let file = file.to_str().unwrap();
        let none = IdpSettings::default();
        let error = changed(none.clone(), &["--metadata", file]).await.unwrap_err();
        assert!(error.to_string().contains("this is a web page titled \"sign in\""), "{error}");
        let by_hand = ["--entity-id", "e", "--login-url", "https://l", "--certificate", file];
        let error = changed(none, &by_hand).await.unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("page.html: this is XML or HTML and no certificate"), "{error}");
    }

    #[test]
    fn a_new_idp_needs_metadata_or_everything_by_hand() {
        let error = change(&["--login-url", "https://l"]).check_complete().unwrap_err();
        assert!(error.is::<WrongUsage>(), "exit code 2");
        assert!(error.to_string().ends_with("missing: --entity-id, --certificate"), "{error}");
        assert!(change(&["--metadata", "m.xml"]).check_complete().is_ok());
    }
}
