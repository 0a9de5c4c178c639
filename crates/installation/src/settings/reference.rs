//! Every key of the settings, once, with its label and meaning: for the exported document, the manual,
//! the console's forms and the command line's help. It knows no value; those are in the documents.

mod provisioning;

use crate::setting_key::{Key, joined, key};

/// All kinds of documents, in the order of the exported text, and their keys.
pub const REFERENCE: &[(&str, &[Key])] =
    &[("app", APP), ("idp", IDP), ("application", APPLICATION), ("console", CONSOLE)];

/// The key with this name, such as `app.contact_email`: the kind of document, then the path.
///
/// # Panics
/// When there is no such key. Names are literals, and the tests draw every form and every help.
pub fn setting(name: &str) -> &'static Key {
    let found = name.split_once('.').and_then(|(kind, path)| {
        let (_, keys) = REFERENCE.iter().find(|(known, _)| *known == kind)?;
        keys.iter().find(|key| key.path == path)
    });
    found.unwrap_or_else(|| panic!("the settings reference has no key {name}"))
}

const APP: &[Key] = &[
    key(
        "kind",
        r#""jira""#,
        "The program: jira, confluence, bitbucket, bamboo or other; it decides log-in pages and \
         calls.",
    )
    .called("Kind"),
    key(
        "public_url",
        r#""https://jira.example.com""#,
        "The address people use, with the context path, such as https://jira.example.com/jira.",
    )
    .called("Public URL"),
    key(
        "upstream",
        r#""http://10.0.0.5:8080""#,
        "The app's own address behind the gateway, without the context path, such as \
         http://10.0.0.5:8080.",
    )
    .called("Upstream URL"),
    key(
        "applications",
        r#"["jira"]"#,
        "Names of the Crowd applications that may ask for its one-time passwords; empty: the \
         only one there is.",
    )
    .called("Applications"),
    key(
        "entity_id",
        r#""https://jira.example.com/""#,
        "This service provider's entity ID; unset: the public origin with a slash, as the \
         Microsoft plug-in has it. Apps with the same one are one service provider: a sign-in \
         at one opens all of them. Changing it needs a change at the IdP, and people sign in \
         again.",
    )
    .called("Identifier"),
    key(
        "opener",
        r#""one-time-password""#,
        "How a signed-in person gets the app's own session: one-time-password.",
    ),
    key(
        "reply_path",
        r#""auth""#,
        "The address that the IdP is asked to answer at: auth (<prefix>/auth) or samlsso; both \
         take answers.",
    )
    .called("Reply URL"),
    key(
        "display_name",
        r#""Jira of Example Ltd""#,
        "Its name at the IdP, in this service provider's metadata; unset: its name here.",
    )
    .called("Display name"),
    key(
        "contact_email",
        r#""it@example.com""#,
        "An e-mail address for the people who run the IdP: the technical contact in this \
         service provider's metadata.",
    )
    .called("Contact"),
    key(
        "pass_headers",
        r#"["X-Auth-Token"]"#,
        "Headers that reach the app although they say who or where the sender is; whoever sends \
         them is believed by an app that reads them. docs/operations.md lists what else ends at \
         the gateway.",
    )
    .called("Headers let through"),
    key(
        "hsts_seconds",
        "31536000",
        "Tells browsers to use nothing but https for the app's host name, at every port, for so many \
         seconds after each answer (Strict-Transport-Security); unset: they are told nothing, and \
         what the app itself says passes. 0 takes it back.",
    )
    .called("HTTPS only, in seconds"),
    key(
        "session.idle_minutes",
        "480",
        "People sign in again after so many minutes without a request to the app; what an open page \
         sends by itself counts. A change reaches sessions that are open.",
    )
    .called("Without a request a session ends after, minutes"),
    key(
        "session.absolute_minutes",
        "1440",
        "So many minutes after the sign-in, however busy they are; 43200 (30 days) at most. An IdP \
         may end it before (times.obey_session_end).",
    )
    .called("Every session ends after, minutes"),
    key(
        "session.remember_days",
        "14",
        "The browser keeps the session when it closes, for so many days after the sign-in (90 at \
         most) in place of both other limits; unset: it ends with the browser, too.",
    )
    .called("Remember people, days"),
];

const IDP: &[Key] = &joined::<{ TRUST.len() + provisioning::PROVISIONING.len() }>(
    TRUST,
    provisioning::PROVISIONING,
);

const TRUST: &[Key] = &[
    key(
        "entity_id",
        r#""https://idp.example.com/""#,
        "Exactly as it stands in the Issuer of its messages.",
    )
    .called("IdP Entity ID"),
    key(
        "login_url",
        r#""https://idp.example.com/sso""#,
        "The single sign-on endpoint for the HTTP-Redirect binding.",
    )
    .called("Login URL"),
    key(
        "for_unbound_users",
        "false",
        "With several identity providers: the first sign-in by this one links such a user to \
         it, unless the user has a password or is in a protected group.",
    )
    .called("For users not linked to an identity provider yet"),
    key(
        "certificates",
        r#"["MIID..."]"#,
        "X.509 certificates, or bare public keys, whose keys may sign, each base64 of its DER \
         form; they are trusted beside those of the metadata.",
    )
    .called("Further certificates"),
    key("apps", r#"["jira"]"#, "The apps that it serves; empty: all.").called("Apps"),
    key(
        "button_label",
        r#""Login with Example""#,
        "The text of the button on the log-in page; unset: Login with and the IdP's name.",
    )
    .called("Login Button Name"),
    key(
        "button_description",
        r#""For everybody with a company account""#,
        "A sentence below the button, such as who should use it.",
    )
    .called("Login Button Description"),
    key("allow_unsolicited", "false", "For sign-ins that begin at the IdP's own portal.")
        .called("IdP-initiated sign-ins"),
    key("allow_sha1", "false", "Dangerous: such signatures can be forged. For old IdPs only.")
        .called("Take SHA-1 signatures"),
    key(
        "metadata.url",
        r#""https://idp.example.com/metadata""#,
        "Where its metadata is read again; unset: it came as a file, or all is set by hand.",
    )
    .called("Metadata URL"),
    key(
        "metadata.signing_key",
        r#""MIID...""#,
        "A certificate or public key. With it, metadata without its signature is refused; \
         unset: TLS alone protects it.",
    )
    .called("Key that signs the metadata"),
    key(
        "metadata.refresh_hours",
        "24",
        "It is read this often, sooner when it asks for that, and at half of the time that is left \
         until its validUntil; 0: only by hand, when a signature fails, and at a sign-in that finds it \
         over.",
    )
    .called("Read the metadata again, hours"),
    key(
        "metadata.approve_new_keys",
        "false",
        "They stand on the IdP's page and on the overview, and wait for `samlgate idp approve`, \
         until somebody has decided.",
    )
    .called("New keys wait for approval"),
    key(
        "metadata.publish_encryption_key",
        "false",
        "AD FS, Shibboleth and others encrypt assertions as soon as they see one.",
    )
    .called("Publish an encryption key"),
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
    )
    .called("Binding"),
    key(
        "request.post_url",
        r#""https://idp.example.com/sso/post""#,
        "When requests are posted and the IdP takes them elsewhere; unset: the Login URL.",
    )
    .called("Address for posted requests"),
    key("request.sign", "true", "true or false; unset: when the IdP's metadata asks for it.")
        .called("Sign requests"),
    key("request.wants_signed", "false", "The IdP's metadata asks for signed requests."),
    key(
        "request.force_authn",
        "false",
        "People must sign in anew each time: within 10 minutes, and an answer whose AuthnInstant is \
         older than 5 minutes is refused.",
    )
    .called("ForceAuthn"),
    key(
        "request.max_authn_age_minutes",
        "720",
        "An answer is refused when the person signed in at the IdP longer ago; unset: any age.",
    )
    .called("Maximum age of the sign-in at the IdP, minutes"),
    key(
        "request.passive",
        "false",
        "The IdP may show nothing; who is not signed in there comes back to the app's log-in \
         page.",
    )
    .called("IsPassive"),
    key(
        "request.name_id_format",
        r#""urn:oasis:names:tc:SAML:2.0:nameid-format:persistent""#,
        "The Format of NameIDPolicy. Unset is best: Entra ID and AD FS fail when they are asked \
         for one they do not send.",
    )
    .called("NameID format"),
    key(
        "request.authn_context",
        r#""urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport""#,
        "The class of RequestedAuthnContext; an answer of another class is refused. Unset: none is \
         asked for, and any is taken.",
    )
    .called("Authentication context"),
    key(
        "request.authn_context_comparison",
        r#""exact""#,
        "exact: this class and no other; minimum: this one, or one behind it in the order.",
    )
    .called("Comparison"),
    key(
        "request.authn_context_order",
        r#"["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "https://refeds.org/profile/mfa"]"#,
        "For minimum: classes from the weakest to the strongest, since no standard says which is \
         stronger.",
    )
    .called("Order of the classes"),
    key(
        "request.home_realm_discovery",
        "false",
        "Tells the IdP which company the person is from, so that it does not ask (whr=DOMAIN). \
         Microsoft advises against it for guests and security keys.",
    )
    .called("Enable Home Realm Discovery"),
    key("request.domain", r#""example.com""#, "Needed for Home Realm Discovery: example.com")
        .called("Domain Name"),
    key("request.login_hint", "false", "The IdP gets the login_hint of the start address.")
        .called("Pass login_hint on"),
    key(
        "request.at_once",
        "false",
        "They do not see the app's own log-in page. Administrators still reach it with ?nosso \
         behind its address.",
    )
    .called("Send people to the IdP at once"),
    key("logout.single_signout", "false", "Who logs out of an app is signed out at the IdP, too.")
        .called("Enable Single Signout"),
    key(
        "logout.url",
        r#""https://idp.example.com/slo""#,
        "The single log-out endpoint; unset: signing out at the IdP is not possible.",
    )
    .called("Logout URL"),
    key(
        "logout.response_url",
        r#""https://idp.example.com/slo/return""#,
        "Where answers to the IdP's log-out requests go; unset: the Logout URL.",
    )
    .called("Logout response URL"),
    key("logout.binding", r#""redirect""#, "How log-out messages travel: redirect or post.")
        .called("Log-out binding"),
    key("logout.answer", "true", "Some IdPs want no answer.")
        .called("Answer the IdP's log-out requests"),
    key(
        "logout.issuer_aliases",
        r#"["https://login.example.com/"]"#,
        "Entra ID's is known already.",
    )
    .called("Other entity IDs in log-out messages"),
    key(
        "times.clock_skew_minutes",
        "3",
        "0 to 10: its clock may differ from this machine's by so much, in responses and log-out \
         messages and at the end of its sessions.",
    )
    .called("Clock skew, minutes"),
    key(
        "times.obey_session_end",
        "true",
        "A session here ends when the IdP says so, if that is before the app's own limits. Switched \
         off, the app's limits alone count, for sessions that are open already, too.",
    )
    .called("End sessions at SessionNotOnOrAfter"),
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
        "Addresses or networks it may come from; empty: loopback and the app's own upstream \
         address.",
    )
    .called("Allowed addresses"),
];

const CONSOLE: &[Key] = &[
    key("keep_attempts_days", "90", "Sign-ins stay in the tracker for so long.")
        .called("Keep sign-ins, days"),
    key(
        "keep_messages_days",
        "14",
        "They are sealed with this installation's key. 0: they are not kept, and nothing can be \
         explained afterwards.",
    )
    .called("Keep requests and responses, days"),
    key(
        "detailed_logging_until",
        r#""2026-11-24T12:30:00Z""#,
        "Until this moment the log shows every sign-in's response and checks.",
    ),
    key(
        "administrators_group",
        r#""samlgate-administrators""#,
        "Its members may come in from an app they are signed in to, at \
         …/plugins/servlet/saml/console; unset: nobody comes in so.",
    )
    .called("Group of administrators"),
    key(
        "public_url",
        r#""https://samlgate.example.com:9090""#,
        "Where administrators reach it, which the group of administrators needs: \
         https://samlgate.example.com:9090",
    )
    .called("Address of this console"),
];
