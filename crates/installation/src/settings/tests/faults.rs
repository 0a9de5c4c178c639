//! Each fault that `compile` finds names the key to change, and that key is in the reference.

use serde::de::DeserializeOwned;
use testkit::Key;

use super::*;

/// The field and the words of what is wrong with a document of this text.
fn fault<D: Document + DeserializeOwned>(text: &str) -> (&'static str, String) {
    let document: D = toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let fault = document.compile("company").err().unwrap_or_else(|| panic!("{text} works"));
    let (_, keys) = REFERENCE.iter().find(|(kind, _)| *kind == D::KIND).unwrap();
    assert!(keys.iter().any(|key| key.path == fault.field), "{} is no key", fault.field);
    (fault.field, fault.text)
}

/// Lines that take the place of those with the same key, or stand beside them.
fn changed(whole: &[(&str, &str)], key: &str, value: &str) -> String {
    let kept = whole.iter().filter(|(other, _)| *other != key).copied();
    // TOML takes dotted keys in any order.
    kept.chain([(key, value)]).map(|(key, value)| format!("{key} = {value}\n")).collect()
}

#[test]
fn each_fault_of_an_app_names_its_key() {
    let app = [
        ("kind", r#""jira""#),
        ("public_url", r#""https://jira.example.com""#),
        ("upstream", r#""http://10.0.0.5:8080""#),
    ];
    for (key, value, said) in [
        ("public_url", r#""jira""#, "is not an address"),
        ("public_url", r#""http://jira.example.com""#, "must be https"),
        ("public_url", r#""https://jira.example.com?a=b""#, "without query"),
        ("upstream", r#""jira""#, "is not an address"),
        ("upstream", r#""http://10.0.0.5/path""#, "must have no path"),
        ("contact_email", r#""nobody""#, "is no e-mail address"),
        ("pass_headers", r#"["X Auth"]"#, "is not the name of a header"),
        ("pass_headers", r#"["X_Forwarded-For"]"#, "is set by Samlgate itself"),
        ("pass_headers", r#"["Host"]"#, "is set by Samlgate itself"),
        ("pass_headers", r#"["X-Atlassian-Token"]"#, "passes anyway"),
        ("session.idle_minutes", "0", "must be 1 to 1440 minutes"),
        ("session.idle_minutes", "1441", "no session is longer"),
        ("session.absolute_minutes", "0", "must be 1 to 43200 minutes"),
        ("session.absolute_minutes", "43201", "30 days"),
        ("session.remember_days", "0", "1 to 90 days"),
        ("session.remember_days", "91", "1 to 90 days"),
    ] {
        let (field, text) = fault::<AppSettings>(&changed(&app, key, value));
        assert_eq!(field, key, "{text}");
        assert!(text.contains(said), "{key}: {text}");
    }
}

#[test]
fn each_fault_of_an_application_and_of_the_console_names_its_key() {
    let application = [("password_hash", r#""$argon2id$x""#)];
    for (key, value, said) in
        [("password_hash", r#""plain""#, "argon2id"), ("allow", r#"["nowhere"]"#, "nowhere")]
    {
        let (field, text) = fault::<ApplicationSettings>(&changed(&application, key, value));
        assert_eq!(field, key, "{text}");
        assert!(text.contains(said), "{key}: {text}");
    }
    for (key, line, said) in [
        ("keep_attempts_days", "keep_attempts_days = 0", "1 to 3660 days"),
        ("keep_messages_days", "keep_messages_days = 91", "longer than their sign-ins"),
        ("detailed_logging_until", "detailed_logging_until = \"soon\"", "write a moment such as"),
        ("public_url", "public_url = \"https://x.example.com/path\"", "without a path"),
        ("public_url", "administrators_group = \"admins\"", "must be set, too"),
    ] {
        let (field, text) = fault::<ConsoleSettings>(line);
        assert_eq!(field, key, "{text}");
        assert!(text.contains(said), "{key}: {text}");
    }
}

#[test]
fn each_fault_of_an_idp_names_its_key() {
    let key = format!("[{:?}]", Key::Rsa2048.certificate_base64());
    let idp = [
        ("entity_id", r#""https://idp.example.com/""#),
        ("login_url", r#""https://idp.example.com/sso""#),
        ("certificates", key.as_str()),
    ];
    for (key, value, said) in [
        ("entity_id", r#""""#, "1 to 1024 characters"),
        ("login_url", r#""nowhere""#, "login URL is not"),
        ("certificates", r#"["x"]"#, "certificates: number 1"),
        ("certificates", "[]", "at least one X.509 certificate"),
        ("button_label", r#"" ""#, "button's label"),
        ("button_description", r#"" ""#, "button's description"),
        ("metadata.url", r#""http://idp.example.com/metadata""#, "plain http"),
        ("metadata.signing_key", r#""x""#, "metadata.signing_key cannot be used"),
        ("metadata.refresh_hours", "721", "must be 0 to 720"),
        ("metadata.keys", r#"["x"]"#, "metadata.keys: number 1"),
        ("metadata.waiting_keys", r#"["x"]"#, "metadata.waiting_keys: number 1"),
        ("metadata.valid_until", r#""soon""#, "write a moment such as"),
        ("request.post_url", r#""ftp://x""#, "address for posted requests"),
        ("request.domain", r#""a b""#, "write it as example.com"),
        ("request.name_id_format", r#""persistent""#, "is no URI"),
        ("request.authn_context", r#""password""#, "is no URI"),
        ("request.authn_context_order", r#"["password"]"#, "is no URI"),
        ("request.authn_context_comparison", r#""minimum""#, "from the weakest to the strongest"),
        ("request.max_authn_age_minutes", "0", "must be 1 to"),
        ("logout.url", r#""ftp://x""#, "logout URL is not"),
        ("logout.response_url", r#""ftp://x""#, "logout response URL is not"),
        ("logout.issuer_aliases", r#"[""]"#, "issuer alias"),
        ("times.clock_skew_minutes", "11", "must be 0 to 10 minutes"),
        ("provisioning.find_by", r#""email""#, "set attributes.email too"),
        ("provisioning.find_by", r#""idp_id""#, "set attributes.idp_id too"),
        ("provisioning.user_groups", r#"[" x"]"#, "blank"),
        ("provisioning.customer_groups", r#"[" x"]"#, "blank"),
        ("provisioning.groups.names", r#"{ a = " x" }"#, "blank"),
        ("provisioning.groups.separator", r#""""#, "none, auto or a text"),
        ("provisioning.access", r#"[{ effect = "require" }]"#, "about nobody"),
        ("provisioning.attributes.user_id", "[]", "nobody gets in"),
        ("provisioning.attributes.user_id", r#""{a""#, "no partner"),
        ("provisioning.attributes.idp_id", r#""{}""#, "names no attribute"),
        ("provisioning.attributes.full_name", r#""{a""#, "no partner"),
        ("provisioning.attributes.email", r#""{a""#, "no partner"),
        ("provisioning.attributes.groups", r#""{a}""#, "is a template"),
        ("provisioning.steps.user_id", r#"[{ step = "prefix" }]"#, "need text"),
        ("provisioning.steps.idp_id", r#"[{ step = "suffix" }]"#, "need text"),
        ("provisioning.steps.full_name", r#"[{ step = "replace" }]"#, "need text"),
        ("provisioning.steps.email", r#"[{ step = "trim", text = "x" }]"#, "need text"),
        ("provisioning.steps.groups", r#"[{ step = "prefix" }]"#, "need text"),
    ] {
        let (field, text) = fault::<IdpSettings>(&changed(&idp, key, value));
        assert_eq!(field, key, "{text}");
        assert!(text.contains(said), "{key}: {text}");
    }
}

#[test]
fn a_fault_of_an_idp_says_what_is_missing_or_too_long() {
    let key = format!("[{:?}]", Key::Rsa2048.certificate_base64());
    let idp = [
        ("entity_id", r#""https://idp.example.com/""#),
        ("login_url", r#""https://idp.example.com/sso""#),
        ("certificates", key.as_str()),
    ];
    let long = format!("{:?}", "x".repeat(1025));
    let (field, text) = fault::<IdpSettings>(&changed(&idp, "entity_id", &long));
    assert_eq!(
        (field, text.as_str()),
        ("entity_id", "the entity ID must have 1 to 1024 characters")
    );
    let text = changed(&idp, "request.home_realm_discovery", "true");
    let (field, text) = fault::<IdpSettings>(&text);
    assert_eq!(field, "request.domain", "what is missing, not what asks for it: {text}");
}
