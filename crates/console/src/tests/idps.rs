//! The configuration of an IdP: Resolve shows before it saves, never blanks a field, and what cannot
//! be read is said at its field.

use installation::settings::{self, IdpSettings};
use testkit::Key;

use super::*;

pub(super) fn metadata(entity_id: &str) -> String {
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity_id}\">\
         <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <KeyDescriptor><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
         <X509Certificate>{}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example.com/sso\"/></IDPSSODescriptor></EntityDescriptor>",
        Key::Rsa2048.certificate_base64()
    )
}

/// An IdP in the settings.
pub(super) async fn store_idp(harness: &Harness, name: &str) {
    let idp = IdpSettings {
        entity_id: "https://idp.example.com/".to_owned(),
        login_url: "https://idp.example.com/sso".to_owned(),
        certificates: vec![Key::Rsa2048.certificate_base64()],
        ..IdpSettings::default()
    };
    settings::put(
        &harness.installation.store,
        name,
        &idp,
        settings::Expect::Free,
        settings::By::command_line(harness.clock.now()),
    )
    .await
    .unwrap();
    harness
        .installation
        .settings
        .refresh(&harness.installation.store, &harness.installation.secrets)
        .await
        .unwrap();
}

/// The fields of a page's form as a browser would send them back: inputs, boxes and lists.
pub(super) fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap();
    let rest = &page[at..];
    let start = rest.find("value=\"").unwrap() + 7;
    let text = rest[start..].split('"').next().unwrap();
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&")
}

#[tokio::test]
async fn pasted_metadata_is_resolved_shown_and_only_then_saved() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let offers = "</IDPSSODescriptor>";
    let offered = "<Attribute xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                   Name=\"urn:oid:0.9.2342.19200300.100.1.3\" FriendlyName=\"mail\"/>";
    let text = metadata("https://idp.example.com/").replace(offers, &format!("{offered}{offers}"));
    let fields = [("name", "company"), ("metadata_text", text.as_str()), ("resolve", "true")];
    let resolved = harness.post("/idps/new", &cookie, &fields).await;
    assert_eq!(resolved.status, StatusCode::OK, "{}", resolved.text);
    let choice = "<option value=\"urn:oid:0.9.2342.19200300.100.1.3\"";
    assert!(resolved.text.contains(choice), "what it offers can be chosen: {}", resolved.text);
    assert!(
        resolved.text.contains("<ins>+ entity_id = &quot;https://idp.example.com/&quot;</ins>")
    );
    let none = settings::list::<IdpSettings>(&harness.installation.store).await.unwrap();
    assert!(none.is_empty(), "nothing is saved yet");
    let found = hidden(&resolved.text, "resolved");
    let (entity, login) =
        (hidden(&resolved.text, "entity_id"), hidden(&resolved.text, "login_url"));
    let fields = [
        ("name", "company"),
        ("resolved", found.as_str()),
        ("entity_id", &entity),
        ("login_url", &login),
    ];
    let saved = harness.post("/idps/new", &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let page = harness.get("/idps/company/provisioning", &cookie).await.text;
    assert!(page.contains(choice), "{page}");
    let idp: IdpSettings = settings::show(&harness.installation.store, "company").await.unwrap();
    assert_eq!(idp.login_url, "https://idp.example.com/sso");
    assert_eq!(idp.metadata.keys.len(), 1);
    let page = harness.get("/idps/company", &cookie).await.text;
    assert!(page.contains("<td>metadata</td>"), "where the certificate is from");
}

#[tokio::test]
async fn metadata_that_cannot_be_read_blanks_no_field_and_says_why_at_its_field() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    for (field, value, reason) in [
        ("metadata_text", "<!doctype html><title>Sign in</title>", "web page"),
        ("metadata_url", "http://idp.example.com/metadata", "plain http"),
        ("metadata_url", "", "a file, or paste"),
    ] {
        let fields =
            [("login_url", "https://kept.example.com/"), (field, value), ("resolve", "true")];
        let answer = harness.post("/idps/new", &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{value}");
        assert!(answer.text.contains(reason), "{value}: {}", answer.text);
        assert_eq!(hidden(&answer.text, "login_url"), "https://kept.example.com/");
    }
}

#[tokio::test]
async fn bad_input_of_an_idp_stays_and_the_error_stands_at_its_field() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let certificate = Key::Rsa2048.certificate_pem();
    for (field, value) in [
        ("entity_id", ""),
        ("login_url", "nowhere"),
        ("logout_url", "ftp://x"),
        ("certificates", "no certificate"),
        ("button_label", &*"x".repeat(101)),
        ("button_description", &*"x".repeat(301)),
        ("metadata_signing_key", "no key"),
        ("refresh_hours", "soon"),
        ("refresh_hours", "721"),
        ("post_url", "ftp://x"),
        ("logout_response_url", "ftp://x"),
        ("issuer_aliases", &*"x".repeat(1025)),
        ("domain", "a b"),
        ("name_id_format", "persistent"),
        ("authn_context", "password"),
        ("authn_context_order", "password"),
        ("authn_context_comparison", "minimum"),
        ("max_authn_age_minutes", "soon"),
        ("max_authn_age_minutes", "0"),
        ("name", "a/b"),
        ("attribute_name", ""),
    ] {
        let mut fields = vec![
            ("name", "company"),
            ("entity_id", "https://idp.example.com/"),
            ("login_url", "https://idp.example.com/sso"),
            ("certificates", certificate),
            ("user_id_location", if field == "attribute_name" { "attribute" } else { "nameid" }),
        ];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let answer = harness.post("/idps/new", &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.location);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
    }
    let none = settings::list::<IdpSettings>(&harness.installation.store).await.unwrap();
    assert!(none.is_empty(), "nothing is saved halfway");
}

#[tokio::test]
async fn a_preset_fills_in_names_and_what_is_set_by_hand_is_kept() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let certificate = Key::Rsa2048.certificate_pem();
    let fields = [
        ("preset", "adfs"),
        ("preset_was", "generic"),
        ("entity_id", "http://adfs.example.com/adfs/services/trust"),
        ("login_url", "https://adfs.example.com/adfs/ls/"),
        ("certificates", certificate),
        ("user_id_location", "nameid"),
    ];
    let saved = harness.post("/idps/new", &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/adfs", "its name is the kind's: {}", saved.text);
    let page = harness.get("/idps/adfs", &cookie).await.text;
    let name = "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
    assert_eq!(hidden(&page, "attribute_name"), name);
    assert!(page.contains("<td>set by hand</td>"));
}

/// Posts a form as a browser does when it brings a file.
pub(super) async fn upload(
    harness: &Harness,
    cookie: &str,
    fields: &[(&str, &str)],
    file: impl AsRef<[u8]>,
) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!(
            "--frog\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body += "--frog\r\nContent-Disposition: form-data; name=\"metadata_file\"; filename=\"m.xml\"\r\n\
         Content-Type: text/xml\r\n\r\n";
    let body = [body.as_bytes(), file.as_ref(), b"\r\n--frog--\r\n"].concat();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/idps/new")
        .header("host", HOST)
        .header("cookie", cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=frog");
    harness.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn metadata_comes_as_a_file_too_and_a_file_has_its_limit() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let fields = [("name", "company"), ("resolve", "true")];
    let file = metadata("https://file.example.com/");
    let resolved = upload(&harness, &cookie, &fields, &file).await;
    assert_eq!(resolved.status, StatusCode::OK, "{}", resolved.text);
    assert_eq!(hidden(&resolved.text, "entity_id"), "https://file.example.com/");
    let wrong = upload(&harness, &cookie, &fields, "<html>no metadata</html>").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"metadata_file-error\""), "{}", wrong.text);
    assert_eq!(hidden(&wrong.text, "name"), "company");
    let large = upload(&harness, &cookie, &fields, &"x".repeat(4 << 20)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text.contains("larger than 4 MB"), "{}", large.text);
}

#[tokio::test]
async fn every_field_of_the_page_is_stored_and_shown_again() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_idp(&harness, "company").await;
    let page = harness.get("/idps/company", &cookie).await.text;
    let base = hidden(&page, "base");
    let key = Key::P256.certificate_base64();
    let fields = [
        ("base", base.as_str()),
        ("entity_id", "https://idp.example.com/"),
        ("login_url", "https://idp.example.com/sso"),
        ("button_description", "For <b>everybody</b>"),
        ("at_once", "true"),
        ("post_url", "https://idp.example.com/post"),
        ("logout_url", "https://idp.example.com/slo"),
        ("logout_response_url", "https://idp.example.com/slo-return"),
        ("logout_binding", "post"),
        ("issuer_aliases", "urn:a,b\r\nurn:c"),
        ("authn_context", "urn:a"),
        ("authn_context_comparison", "minimum"),
        ("authn_context_order", "urn:a\r\nurn:b"),
        ("max_authn_age_minutes", "720"),
        ("metadata_signing_key", key.as_str()),
        ("refresh_hours", "6"),
    ];
    let saved = harness.post("/idps/company", &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let idp: IdpSettings = settings::show(&harness.installation.store, "company").await.unwrap();
    assert!(idp.request.at_once);
    assert_eq!(idp.button_description.as_deref(), Some("For <b>everybody</b>"));
    assert_eq!(idp.request.post_url.as_deref(), Some("https://idp.example.com/post"));
    assert_eq!(idp.logout.response_url.as_deref(), Some("https://idp.example.com/slo-return"));
    assert_eq!(idp.logout.binding, settings::Binding::Post);
    assert_eq!(idp.logout.issuer_aliases, ["urn:a,b", "urn:c"]);
    assert_eq!(idp.request.authn_context_comparison, settings::Comparison::Minimum);
    assert_eq!(idp.request.authn_context_order, ["urn:a", "urn:b"]);
    assert_eq!(idp.request.max_authn_age_minutes, Some(720));
    assert_eq!((idp.metadata.signing_key, idp.metadata.refresh_hours), (Some(key.clone()), 6));
    let again = harness.get("/idps/company", &cookie).await.text;
    assert!(again.contains("For &lt;b&gt;everybody"), "escaped");
    assert!(again.contains(&key), "the key that signs the metadata stands in its field");
}
