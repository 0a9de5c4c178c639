//! Every key of the settings, once, with its meaning: for the exported document and the manual.

mod provisioning;

use crate::setting_key::{Key, joined, key};

/// All kinds of documents, in the order of the exported text, and their keys.
pub const REFERENCE: &[(&str, &[Key])] =
    &[("app", APP), ("idp", IDP), ("application", APPLICATION), ("console", CONSOLE)];

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
        "The Crowd applications that may ask for its one-time passwords; empty: the only one there is.",
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
    key(
        "display_name",
        r#""Jira of Example Ltd""#,
        "Its name at the IdP, in this service provider's metadata; unset: its name here.",
    ),
    key(
        "contact_email",
        r#""it@example.com""#,
        "The technical contact in this service provider's metadata.",
    ),
];

const IDP: &[Key] = &joined::<{ TRUST.len() + provisioning::PROVISIONING.len() }>(
    TRUST,
    provisioning::PROVISIONING,
);

const TRUST: &[Key] = &[
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
        "for_unbound_users",
        "false",
        "Of several IdPs the one whose sign-ins bind users who are bound to no IdP yet, unless they \
         have a password or are in a protected group.",
    ),
    key(
        "certificates",
        r#"["MIID..."]"#,
        "X.509 certificates (or bare public keys) set by hand whose keys may sign, each base64 of \
         its DER form; any number, beside those of the metadata.",
    ),
    key("apps", r#"["jira"]"#, "The apps it serves; empty: all."),
    key(
        "button_label",
        r#""Login with Example""#,
        "Login Button Name; unset: Login with and the IdP's name.",
    ),
    key(
        "button_description",
        r#""For everybody with a company account""#,
        "Login Button Description: a sentence below the button.",
    ),
    key("allow_unsolicited", "false", "Take responses that nobody asked for."),
    key(
        "allow_sha1",
        "false",
        "Take SHA-1 signatures from this IdP. Dangerous; for old IdPs only.",
    ),
    key(
        "metadata.url",
        r#""https://idp.example.com/metadata""#,
        "Where its metadata is read again; unset: it came as a file, or all is set by hand.",
    ),
    key(
        "metadata.signing_key",
        r#""MIID...""#,
        "A certificate or public key that must have signed the metadata; else it is refused.",
    ),
    key(
        "metadata.refresh_hours",
        "24",
        "The metadata is read again this often, or sooner when it asks for that; 0: only by hand \
         and when a signature fails.",
    ),
    key("metadata.approve_new_keys", "false", "New keys wait for `samlgate idp approve`."),
    key(
        "metadata.publish_encryption_key",
        "false",
        "Publish an encryption key to this IdP. AD FS and Shibboleth encrypt as soon as they see one.",
    ),
    key("metadata.keys", r#"["MIID..."]"#, "Keys of the latest metadata; a refresh writes them."),
    key(
        "metadata.waiting_keys",
        "[]",
        "New keys that wait for approval; nothing is verified with them.",
    ),
    key(
        "metadata.refused_keys",
        "[]",
        "SHA-256 of keys that were refused: as long as they stand here they do not wait again.",
    ),
    key(
        "metadata.valid_until",
        r#""2027-01-01T00:00:00Z""#,
        "The end of the metadata's validity, as it says itself; sign-ins are refused after it.",
    ),
    key(
        "request.binding",
        r#""redirect""#,
        "How requests travel: redirect, or post (a form that posts itself).",
    ),
    key(
        "request.post_url",
        r#""https://idp.example.com/sso/post""#,
        "Where posted requests go; unset: the Login URL.",
    ),
    key("request.sign", "true", "Sign requests; unset: when the IdP's metadata asks for it."),
    key("request.wants_signed", "false", "The IdP's metadata asks for signed requests."),
    key("request.force_authn", "false", "ForceAuthn: people must sign in anew."),
    key(
        "request.passive",
        "false",
        "IsPassive: the IdP may show nothing; who is not signed in there comes back to the app's \
         log-in page.",
    ),
    key(
        "request.name_id_format",
        r#""urn:oasis:names:tc:SAML:2.0:nameid-format:persistent""#,
        "The Format of NameIDPolicy; unset: none is sent.",
    ),
    key(
        "request.authn_context",
        r#""urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport""#,
        "The class of RequestedAuthnContext, which must be met exactly; unset: none is sent.",
    ),
    key(
        "request.home_realm_discovery",
        "false",
        "Enable Home Realm Discovery: the IdP is told the domain (whr=DOMAIN).",
    ),
    key("request.domain", r#""example.com""#, "Domain Name, for Home Realm Discovery."),
    key("request.login_hint", "false", "Pass a login_hint of the start address on to the IdP."),
    key(
        "request.at_once",
        "false",
        "Send people from the app's log-in page to the IdP at once; ?nosso at that page shows it.",
    ),
    key(
        "logout.single_signout",
        "false",
        "Enable Single Signout: who logs out of an app is signed out at the IdP, too.",
    ),
    key(
        "logout.url",
        r#""https://idp.example.com/slo""#,
        "Logout URL: the single log-out endpoint.",
    ),
    key(
        "logout.response_url",
        r#""https://idp.example.com/slo/return""#,
        "Where answers to the IdP's log-out requests go; unset: the Logout URL.",
    ),
    key("logout.binding", r#""redirect""#, "How log-out messages travel: redirect or post."),
    key("logout.answer", "true", "Answer the IdP's log-out requests; some IdPs want no answer."),
    key(
        "logout.issuer_aliases",
        r#"["https://login.example.com/"]"#,
        "Other entity IDs that the IdP uses in log-out messages; Entra ID's is known.",
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

const CONSOLE: &[Key] = &[
    key("keep_attempts_days", "90", "Sign-ins stay in the tracker for this many days."),
    key(
        "keep_messages_days",
        "14",
        "Their requests and responses, sealed, for this many days; 0: not at all.",
    ),
    key(
        "detailed_logging_until",
        r#""2026-11-24T12:30:00Z""#,
        "Until this moment the log shows every sign-in's response and checks.",
    ),
    key(
        "administrators_group",
        r#""samlgate-administrators""#,
        "Members of this group may enter the console from an app they are signed in to.",
    ),
    key(
        "public_url",
        r#""https://samlgate.example.com:9090""#,
        "The address at which administrators reach the console.",
    ),
];
