//! Every key of the settings, once, with its meaning: for the exported document and the manual.

use crate::reference::{Key, key};

/// All kinds of documents, in the order of the exported text, and their keys.
pub const REFERENCE: &[(&str, &[Key])] =
    &[("app", APP), ("idp", IDP), ("application", APPLICATION)];

const APP: &[Key] = &[
    key(
        "kind",
        r#""jira""#,
        "The program: jira, confluence, bitbucket, bamboo or other; it decides log-in pages and calls.",
    ),
    key(
        "public_url",
        r#""https://jira.example.com""#,
        "The address people use, with the context path.",
    ),
    key(
        "upstream",
        r#""http://10.0.0.5:8080""#,
        "The app's own address behind the gateway, without the context path.",
    ),
    key(
        "applications",
        r#"["jira"]"#,
        "The Crowd applications that may ask for its one-time passwords; empty: any.",
    ),
    key(
        "entity_id",
        r#""https://jira.example.com/""#,
        "This service provider's entity ID (Identifier); unset: the public origin with a slash.",
    ),
    key(
        "opener",
        r#""one-time-password""#,
        "How the app's own session is opened: one-time-password.",
    ),
    key(
        "reply_path",
        r#""auth""#,
        "The Reply URL that requests name: auth (<prefix>/auth) or samlsso; both take answers.",
    ),
];

const IDP: &[Key] = &[
    key(
        "entity_id",
        r#""https://idp.example.com/""#,
        "IdP Entity ID, exactly as it stands in the Issuer of its messages.",
    ),
    key(
        "login_url",
        r#""https://idp.example.com/sso""#,
        "Login URL: the single sign-on endpoint for the HTTP-Redirect binding.",
    ),
    key(
        "logout_url",
        r#""https://idp.example.com/slo""#,
        "Logout URL: the single log-out endpoint.",
    ),
    key(
        "certificates",
        r#"["MIID..."]"#,
        "X.509 certificates whose keys may sign, each base64 of its DER form; any number at once.",
    ),
    key(
        "metadata_url",
        r#""https://idp.example.com/metadata""#,
        "Where the metadata came from, when it was an address.",
    ),
    key("apps", r#"["jira"]"#, "The apps it serves; empty: all."),
    key(
        "button_label",
        r#""Login with Example""#,
        "Login Button Name; unset: Login with and the IdP's name.",
    ),
    key("create_users", "false", "Enable User Creation or Update."),
    key(
        "update_existing",
        "false",
        "Update existing users: also those that this IdP did not create.",
    ),
    key("user_groups", r#"["jira-users"]"#, "User Groups: given to everyone who signs in."),
    key("allow_unsolicited", "false", "Take responses that nobody asked for."),
    key(
        "allow_sha1",
        "false",
        "Take SHA-1 signatures from this IdP. Dangerous; for old IdPs only.",
    ),
    key("single_signout", "false", "Enable Single Signout."),
    key(
        "attributes.user_id",
        r#""name_id""#,
        "SAML User ID Location: name_id, or { attribute = \"NAME\" }.",
    ),
    key("attributes.full_name", r#""displayname""#, "Full Name Attribute."),
    key("attributes.email", r#""mail""#, "Email Attribute."),
    key("attributes.groups", r#""groups""#, "Group Attribute: its values name groups."),
    key(
        "attributes.group_separator",
        r#""auto""#,
        "How one value becomes several groups: none, auto (a lone value splits at commas), or \
         { literal = \";\" }.",
    ),
];

const APPLICATION: &[Key] = &[
    key(
        "password_hash",
        r#""$argon2id$...""#,
        "Argon2id of its password. Instead of it, password_file may name a file with the password.",
    ),
    key(
        "allow",
        r#"["10.0.0.5", "10.1.0.0/16"]"#,
        "Addresses or networks it may come from; empty: loopback and the app's own upstream.",
    ),
];
