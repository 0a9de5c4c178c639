//! Keys that wait for approval are decided about on the IdP's page.

use installation::settings::{self, IdpSettings};
use testkit::Key;

use super::idps::{hidden, store_idp};
use super::*;

async fn waiting() -> (Harness, String) {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_idp(&harness, "company").await;
    let store = &harness.installation.store;
    let mut idp: IdpSettings = settings::show(store, "company").await.unwrap();
    idp.metadata.waiting_keys = vec![Key::P256.certificate_base64()];
    idp.metadata.approve_new_keys = true;
    settings::put(
        store,
        "company",
        &idp,
        settings::Expect::Anything,
        settings::By::command_line(noon()),
    )
    .await
    .unwrap();
    harness.installation.settings.refresh(store, &harness.installation.secrets).await.unwrap();
    (harness, cookie)
}

#[tokio::test]
async fn a_waiting_key_is_on_the_overview_and_approved_or_refused_on_its_page() {
    for approve in [true, false] {
        let (harness, cookie) = waiting().await;
        let overview = harness.get("/", &cookie).await.text;
        assert!(overview.contains("1 new key waits for approval at company"), "{overview}");
        let page = harness.get("/idps/company", &cookie).await.text;
        let key = hidden(&page, "key");
        let button = if approve { "approve" } else { "refuse" };
        let fields = [("key", key.as_str()), (button, "true")];
        let done = harness.post("/idps/company/keys", &cookie, &fields).await;
        assert_eq!(done.location, "/idps/company", "{}", done.text);
        let store = &harness.installation.store;
        let idp: IdpSettings = settings::show(store, "company").await.unwrap();
        assert!(idp.metadata.waiting_keys.is_empty());
        assert_eq!(idp.metadata.keys.len(), usize::from(approve));
        assert_eq!(idp.metadata.refused_keys.contains(&key), !approve);
        let history = harness.get("/history", &cookie).await.text;
        assert!(history.contains("administrator"), "who decided stands in the history");
        let again = harness.post("/idps/company/keys", &cookie, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("No waiting key of company begins"), "{}", again.text);
    }
}

#[tokio::test]
async fn a_refused_key_does_not_wait_again_when_the_metadata_is_read_again() {
    let (harness, _) = waiting().await;
    let store = &harness.installation.store;
    let mut idp: IdpSettings = settings::show(store, "company").await.unwrap();
    idp.metadata.waiting_keys.clear();
    idp.certificates = vec![Key::P256.certificate_base64()];
    let text = super::idps::metadata("https://idp.example.com/");
    let source = installation::trust::Source::pasted(text);
    let waits = installation::trust::settle(&idp, &source, None, noon()).unwrap().settings;
    assert_eq!(waits.metadata.waiting_keys.len(), 1);
    let key = saml::IdpKey::from_base64(&waits.metadata.waiting_keys[0]).unwrap();
    idp.metadata.refused_keys = vec![key.key().unwrap().sha256().to_owned()];
    let refused = installation::trust::settle(&idp, &source, None, noon()).unwrap().settings;
    assert!(refused.metadata.waiting_keys.is_empty() && refused.metadata.keys.is_empty());
}
