//! How a key gets into an IdP by its form: by the administrator's password, and by no hidden field.

use installation::settings::{self, Expect, IdpSettings};
use testkit::Key;

use super::idps::{hidden, metadata, store_idp};
use super::ways_in::PASSWORD;
use super::*;

/// An IdP with one key, and a session in which the password was given long ago.
async fn long_inside() -> (Harness, String) {
    let (harness, cookie) = Harness::with_password().await;
    store_idp(&harness, "company").await;
    harness.clock.advance(Duration::from_secs(11 * 60));
    (harness, cookie)
}

async fn stored(harness: &Harness) -> IdpSettings {
    settings::show(&harness.installation.store, "company").await.unwrap()
}

const FORM: [(&str, &str); 2] =
    [("entity_id", "https://idp.example.com/"), ("login_url", "https://idp.example.com/sso")];

/// Saves the form of `company`, opened just now, with more fields.
async fn save(harness: &Harness, cookie: &str, more: &[(&str, &str)]) -> Answer {
    let base = hidden(&harness.get("/idps/company", cookie).await.text, "base");
    let fields = [&FORM, [("base", &*base)].as_slice(), more].concat();
    harness.post("/idps/company", cookie, &fields).await
}

#[tokio::test]
async fn a_certificate_is_added_with_the_password_only() {
    let (harness, cookie) = long_inside().await;
    let certificate = Key::P256.certificate_pem();
    let before = stored(&harness).await;
    for wrong in [vec![], vec![("confirmation", "something else")]] {
        let fields = [&[("certificates", certificate)], wrong.as_slice()].concat();
        let refused = save(&harness, &cookie, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(refused.text.contains("id=\"confirmation\""), "{}", refused.text);
        assert!(refused.text.contains("-----BEGIN CERTIFICATE-----"), "what was typed stays");
        assert_eq!(stored(&harness).await, before, "nothing changes");
    }
    let fields = [("certificates", certificate), ("confirmation", PASSWORD)];
    let saved = save(&harness, &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let keys = [Key::Rsa2048.certificate_base64(), Key::P256.certificate_base64()];
    assert_eq!(stored(&harness).await.certificates, keys);
}

#[tokio::test]
async fn a_change_without_a_new_key_leaves_its_keys_as_they_are() {
    let (harness, cookie) = long_inside().await;
    let fields = [("button_label", "Company account"), ("confirmation", PASSWORD)];
    let saved = save(&harness, &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let idp = stored(&harness).await;
    assert_eq!(idp.button_label.as_deref(), Some("Company account"));
    assert_eq!(idp.certificates, [Key::Rsa2048.certificate_base64()], "its keys are as they were");
}

#[tokio::test]
async fn a_save_without_a_password_is_no_wrong_password() {
    let (harness, cookie) = long_inside().await;
    let certificate = ("certificates", Key::P256.certificate_pem());
    for _ in 0..6 {
        save(&harness, &cookie, &[certificate]).await;
    }
    let saved = save(&harness, &cookie, &[certificate, ("confirmation", PASSWORD)]).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
}

#[tokio::test]
async fn a_key_in_a_hidden_field_gets_nowhere() {
    let (harness, cookie) = Harness::with_password().await;
    store_idp(&harness, "company").await;
    let before = stored(&harness).await;
    let mut evil = before.clone();
    evil.certificates.push(Key::P256.certificate_base64());
    evil.metadata.keys.push(Key::P256.certificate_base64());
    let document = serde_json::to_string(&evil).unwrap();
    let saved = save(&harness, &cookie, &[("carried", &document)]).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let after = stored(&harness).await;
    assert_eq!(after.certificates, before.certificates, "no field holds the document");
    assert!(after.metadata.keys.is_empty());
    let forged = save(&harness, &cookie, &[("resolved", &document)]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forged.text.contains("What Resolve found cannot be used any more"), "{}", forged.text);
    assert_eq!(stored(&harness).await, after);
}

/// Resolves metadata on the page at `path`; gives what the browser carries to *Save*.
async fn resolve(harness: &Harness, cookie: &str, path: &str) -> String {
    let text = metadata("https://idp.example.com/");
    let fields = [("metadata_text", text.as_str()), ("resolve", "true")];
    let resolved = harness.post(path, cookie, &fields).await;
    assert_eq!(resolved.status, StatusCode::OK, "{}", resolved.text);
    assert!(!resolved.text.contains("name=\"carried\""), "the document does not travel");
    hidden(&resolved.text, "resolved")
}

#[tokio::test]
async fn what_resolve_found_serves_its_session_and_page_for_an_hour() {
    let (harness, cookie) = Harness::with_password().await;
    store_idp(&harness, "company").await;
    let other = harness.post("/sign-in", "", &[("password", PASSWORD)]).await.cookie;
    let other = other.split(';').next().unwrap();
    let found = resolve(&harness, &cookie, "/idps/new").await;
    let changed =
        format!("{}{}", &found[..found.len() - 1], if found.ends_with('A') { "B" } else { "A" });
    let save = async |path: &str, cookie: &str, found: &str| {
        let more = [("name", "second"), ("resolved", found), ("confirmation", PASSWORD)];
        harness.post(path, cookie, &[&FORM, more.as_slice()].concat()).await
    };
    for (what, path, cookie, found) in [
        ("another session", "/idps/new", other, &found),
        ("another page", "/idps/company", &cookie, &found),
        ("changed", "/idps/new", &cookie, &changed),
    ] {
        let refused = save(path, cookie, found).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(refused.text.contains("id=\"metadata_url-error\""), "{what}: {}", refused.text);
    }
    harness.clock.advance(Duration::from_secs(25 * 60));
    harness.get("/", &cookie).await;
    harness.clock.advance(Duration::from_secs(25 * 60));
    harness.get("/", &cookie).await;
    harness.clock.advance(Duration::from_secs(10 * 60));
    let late = save("/idps/new", &cookie, &found).await;
    assert!(late.text.contains("it is older than an hour"), "{}", late.text);
    let idps = settings::list::<IdpSettings>(&harness.installation.store).await.unwrap();
    assert_eq!(idps.len(), 1, "nothing is saved");
    let found = resolve(&harness, &cookie, "/idps/new").await;
    harness.clock.advance(Duration::from_secs(11 * 60));
    let more = [("name", "second"), ("resolved", found.as_str())];
    let asked = harness.post("/idps/new", &cookie, &[&FORM, more.as_slice()].concat()).await;
    assert!(asked.text.contains("id=\"confirmation\""), "a new IdP brings its first key");
    let found = hidden(&asked.text, "resolved");
    let fields = [("name", "second"), ("resolved", &*found), ("confirmation", PASSWORD)];
    let saved = harness.post("/idps/new", &cookie, &[&FORM, fields.as_slice()].concat()).await;
    assert_eq!(saved.location, "/idps/second", "{}", saved.text);
}

#[tokio::test]
async fn resolved_keys_of_a_known_idp_need_the_password_too() {
    let (harness, cookie) = long_inside().await;
    let mut idp = stored(&harness).await;
    idp.certificates = vec![Key::P256.certificate_base64()];
    let by = settings::By::command_line(noon());
    settings::put(&harness.installation.store, "company", &idp, Expect::Anything, by)
        .await
        .unwrap();
    let found = resolve(&harness, &cookie, "/idps/company").await;
    let refused = save(&harness, &cookie, &[("resolved", &found)]).await;
    assert!(refused.text.contains("id=\"confirmation\""), "{}", refused.text);
    assert!(stored(&harness).await.metadata.keys.is_empty());
    let found = hidden(&refused.text, "resolved");
    let fields = [("resolved", found.as_str()), ("confirmation", PASSWORD)];
    assert_eq!(save(&harness, &cookie, &fields).await.location, "/idps/company");
    assert_eq!(stored(&harness).await.metadata.keys, [Key::Rsa2048.certificate_base64()]);
}

#[tokio::test]
async fn of_two_administrators_with_certificates_the_second_sees_the_conflict() {
    let (harness, mine) = Harness::with_password().await;
    store_idp(&harness, "company").await;
    let theirs = harness.post("/sign-in", "", &[("password", PASSWORD)]).await.cookie;
    let theirs = theirs.split(';').next().unwrap();
    let base = hidden(&harness.get("/idps/company", &mine).await.text, "base");
    let add = async |cookie: &str, certificate: &str| {
        let more = [("base", &*base), ("certificates", certificate)];
        let fields = [&FORM, more.as_slice()].concat();
        harness.post("/idps/company", cookie, &fields).await
    };
    assert_eq!(add(theirs, Key::P256.certificate_pem()).await.location, "/idps/company");
    let second = add(&mine, Key::P384.certificate_pem()).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(second.text.contains("Somebody else saved a change"), "{}", second.text);
    let keys = [Key::Rsa2048.certificate_base64(), Key::P256.certificate_base64()];
    assert_eq!(stored(&harness).await.certificates, keys, "the first one's change stands");
}

#[tokio::test]
async fn a_key_that_is_ticked_goes_and_stays_away_while_the_form_is_corrected() {
    let (harness, cookie) = Harness::with_password().await;
    store_idp(&harness, "company").await;
    let ticked = Key::Rsa2048.certificate_base64();
    let more = [
        ("drop_certificate", &*ticked),
        ("certificates", Key::P256.certificate_pem()),
        ("refresh_hours", "soon"),
    ];
    let wrong = save(&harness, &cookie, &more).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hidden(&wrong.text, "drop_certificate"), ticked, "it is still to go");
    let saved = save(&harness, &cookie, &more[..2]).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    assert_eq!(stored(&harness).await.certificates, [Key::P256.certificate_base64()]);
}

#[tokio::test]
async fn a_key_that_went_comes_back_through_the_history_with_the_password_only() {
    let (harness, cookie) = long_inside().await;
    let store = &harness.installation.store;
    let mut idp = stored(&harness).await;
    idp.certificates = vec![Key::P256.certificate_base64()];
    let by = settings::By::command_line(noon());
    settings::put(store, "company", &idp, Expect::Anything, by).await.unwrap();
    let filter = store::EntryFilter { limit: 1, ..Default::default() };
    let entry = store.history(&filter).await.unwrap().remove(0);
    let path = format!("/history/{}/return", entry.number);
    let refused = harness.post(&path, &cookie, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"confirmation\""), "{}", refused.text);
    assert_eq!(stored(&harness).await, idp, "nothing changes");
    let back = harness.post(&path, &cookie, &[("confirmation", PASSWORD)]).await;
    assert_eq!(back.location, "/history", "{}", back.text);
    assert_eq!(stored(&harness).await.certificates, [Key::Rsa2048.certificate_base64()]);
}
