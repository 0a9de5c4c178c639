//! Attribute names as common IdPs send them. A preset changes nothing but the mapping, and every
//! part of it can be set otherwise beside it.

use clap::ValueEnum;

use crate::settings::AttributeSettings;

/// A kind of IdP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Preset {
    /// Microsoft Entra ID: NameID, display name, e-mail and group claims
    Entra,
    /// AD FS: Windows account name, name, e-mail and role claims
    Adfs,
    /// Shibboleth and federations: `urn:oid:` names, uid as user id
    Shibboleth,
    /// LDAP names as SimpleSAMLphp sends them: uid, cn, mail, groups
    Ldap,
}

impl Preset {
    pub(super) fn apply(self, attributes: &mut AttributeSettings) {
        let (user_id, full_name, email, groups) = match self {
            Preset::Entra => (
                "nameid",
                "http://schemas.microsoft.com/identity/claims/displayname",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
            ),
            Preset::Adfs => (
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            ),
            Preset::Shibboleth => (
                "urn:oid:0.9.2342.19200300.100.1.1",
                "urn:oid:2.16.840.1.113730.3.1.241",
                "urn:oid:0.9.2342.19200300.100.1.3",
                "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
            ),
            Preset::Ldap => ("uid", "cn", "mail", "groups"),
        };
        let one = |source: &str| vec![source.to_owned()];
        attributes.user_id = one(user_id);
        attributes.full_name = one(full_name);
        attributes.email = one(email);
        attributes.groups = one(groups);
    }
}
