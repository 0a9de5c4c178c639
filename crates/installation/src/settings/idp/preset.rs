//! What each kind of IdP needs that the defaults do not say, and why. A preset is applied once and
//! not kept; every part of it can be set otherwise beside it or later.
//!
//! The defaults already fit all of them in what matters most: no NameIDPolicy and no
//! RequestedAuthnContext are sent, which Entra ID and AD FS answer with an error.

use super::IdpSettings;
use crate::choice::Choice;

/// A kind of IdP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Any IdP.
    Generic,
    /// Microsoft Entra ID.
    Entra,
    /// AD FS.
    Adfs,
    /// Okta.
    Okta,
    /// Google Workspace.
    Google,
    /// Keycloak.
    Keycloak,
    /// OneLogin.
    Onelogin,
    /// Shibboleth.
    Shibboleth,
    /// SimpleSAMLphp.
    Simplesamlphp,
}

impl Choice for Preset {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Preset::Generic, "generic", "Any SAML 2.0 IdP"),
        (Preset::Entra, "entra", "Microsoft Entra ID (Azure AD)"),
        (Preset::Adfs, "adfs", "AD FS"),
        (Preset::Okta, "okta", "Okta"),
        (Preset::Google, "google", "Google Workspace"),
        (Preset::Keycloak, "keycloak", "Keycloak"),
        (Preset::Onelogin, "onelogin", "OneLogin"),
        (Preset::Shibboleth, "shibboleth", "Shibboleth or a federation"),
        (Preset::Simplesamlphp, "simplesamlphp", "SimpleSAMLphp"),
    ];
    const ALIASES: &'static [(&'static str, &'static str)] = &[("ldap", "simplesamlphp")];
}

/// Where names stand: user id (`None`: the NameID), full name, e-mail, groups.
type Names = (Option<&'static str>, &'static str, &'static str, &'static str);

impl Preset {
    /// Sets what this kind of IdP needs.
    pub fn apply(self, idp: &mut IdpSettings) {
        let (user_id, full_name, email, groups) = self.names();
        let provisioning = &mut idp.provisioning;
        let one = |source: &str| vec![source.to_owned()];
        provisioning.attributes.user_id = one(user_id.unwrap_or("nameid"));
        provisioning.attributes.full_name = one(full_name);
        provisioning.attributes.email = one(email);
        provisioning.attributes.groups = one(groups);
        let separator = match self {
            Preset::Onelogin => ";",
            Preset::Adfs => ",",
            _ => "none",
        };
        separator.clone_into(&mut provisioning.groups.separator);
        match self {
            Preset::Entra => idp.logout.answer = false,
            Preset::Google => {
                idp.logout.single_signout = false;
                idp.logout.url = None;
            }
            Preset::Keycloak => idp.request.sign = Some(true),
            Preset::Shibboleth => idp.metadata.publish_encryption_key = true,
            _ => {}
        }
    }

    /// What it sets and why, for the terminal and the console.
    pub fn explanation(self) -> &'static str {
        match self {
            Preset::Generic => {
                "user id from the NameID; displayName, mail, groups. Nothing else is assumed."
            }
            Preset::Entra => {
                "user id from the NameID (choose what it holds in the portal); the claim addresses \
                 of Microsoft for name, e-mail and groups. Log-out requests are not answered: \
                 Entra ID expects no answer. It signs people out under another entity ID, which \
                 is known. Groups come as object IDs unless the portal says otherwise, and not at \
                 all from 151 on: memberships then stay as they are."
            }
            Preset::Adfs => {
                "user id from the claim windowsaccountname, since AD FS often sends no NameID; the \
                 claim addresses of Microsoft for name, e-mail and roles. One role claim may hold \
                 several groups, separated by commas; if the names of your groups hold commas, use \
                 --group-separator none. Log-out requests are signed, as AD FS wants. No \
                 encryption key is published, because AD FS then encrypts; switch it on with \
                 --publish-encryption-key."
            }
            Preset::Okta => {
                "user id from the NameID; displayName, email, groups, as the guide has you name \
                 them. Log-out requests are signed; give Okta our certificate in the field for \
                 signatures, not the one for encryption."
            }
            Preset::Google => {
                "user id from the NameID, an e-mail address; displayName, mail, groups, as the \
                 guide has you name them. Google has no single log-out: a request ends in an \
                 error page, so none is sent."
            }
            Preset::Keycloak => {
                "user id from the NameID; displayName, email, groups, as the guide has you name \
                 them. Requests are signed, because Keycloak's clients want that unless it is \
                 switched off. Switch Full group path off, or groups come as paths; \
                 --strip-group-path takes their last part."
            }
            Preset::Onelogin => {
                "user id from the NameID; name, email, memberOf. Several roles come in one value, \
                 separated by semicolons."
            }
            Preset::Shibboleth => {
                "user id from uid; displayName, mail and isMemberOf, all under their urn:oid: \
                 names. The NameID is transient and identifies nobody. An encryption key is \
                 published, because Shibboleth encrypts unless told otherwise."
            }
            Preset::Simplesamlphp => {
                "user id from uid; cn, mail, groups: the short names of its LDAP module. The \
                 NameID is transient by default and identifies nobody."
            }
        }
    }

    /// The attributes in which the IdPs of all presets name groups.
    pub fn group_attributes() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(preset, ..)| preset.names().3)
    }

    fn names(self) -> Names {
        match self {
            Preset::Generic | Preset::Google => (None, "displayName", "mail", "groups"),
            Preset::Okta | Preset::Keycloak => (None, "displayName", "email", "groups"),
            Preset::Onelogin => (None, "name", "email", "memberOf"),
            Preset::Entra => (
                None,
                "http://schemas.microsoft.com/identity/claims/displayname",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
            ),
            Preset::Adfs => (
                Some("http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"),
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            ),
            Preset::Shibboleth => (
                Some("urn:oid:0.9.2342.19200300.100.1.1"),
                "urn:oid:2.16.840.1.113730.3.1.241",
                "urn:oid:0.9.2342.19200300.100.1.3",
                "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
            ),
            Preset::Simplesamlphp => (Some("uid"), "cn", "mail", "groups"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_preset_sets_its_switches_and_leaves_the_administrators_alone() {
        for (preset, name, _) in Preset::ALL.iter().copied() {
            let mut idp = IdpSettings::default();
            idp.provisioning.create_users = true;
            idp.logout.url = Some("https://idp.example.com/slo".to_owned());
            preset.apply(&mut idp);
            assert!(
                idp.provisioning.create_users && !idp.allow_sha1 && !idp.allow_unsolicited,
                "{name}"
            );
            assert_eq!(idp.request.name_id_format, None, "{name}: none is sent");
            assert_eq!(idp.request.authn_context, None, "{name}: none is sent");
            assert_eq!(idp.logout.url.is_none(), preset == Preset::Google, "{name}");
            assert_eq!(idp.logout.answer, preset != Preset::Entra, "{name}");
            assert_eq!(idp.request.signed(), preset == Preset::Keycloak, "{name}");
            let encrypts = idp.metadata.publish_encryption_key;
            assert_eq!(encrypts, preset == Preset::Shibboleth, "{name}");
            let by_attribute = idp.provisioning.attributes.user_id != ["nameid"];
            let expected =
                matches!(preset, Preset::Adfs | Preset::Shibboleth | Preset::Simplesamlphp);
            assert_eq!(by_attribute, expected, "{name}");
            let separator = match preset {
                Preset::Onelogin => ";",
                Preset::Adfs => ",",
                _ => "none",
            };
            assert_eq!(idp.provisioning.groups.separator, separator, "{name}");
        }
    }

    #[test]
    fn each_preset_has_a_guide_that_uses_it() {
        let guides = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/idp");
        for (_, name, _) in Preset::ALL {
            let guide = std::fs::read_to_string(guides.join(format!("{name}.md")));
            let guide = guide.unwrap_or_else(|error| panic!("{name}.md: {error}"));
            assert!(guide.contains(&format!("--preset {name}")), "{name}.md");
        }
    }
}
