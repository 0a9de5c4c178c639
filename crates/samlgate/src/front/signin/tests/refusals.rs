//! What brings refusals about that no test of another theme meets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use installation::settings::{self, By, IdpSettings};
use serde_json::json;
use tempfile::TempDir;

use crate::front::refusal::Refusal;
use crate::front::signin::{self, AcsForm};
use crate::front::visit::Visit;
use crate::front::visit::tests::visit;

/// A visit by a browser without cookies, at this path and query; the IdP is changed before.
async fn at(uri: &'static str, change: impl FnOnce(&mut IdpSettings)) -> (Visit, TempDir) {
    let (mut visit, folder) = visit(json!({}), "").await;
    let edit = |idp: &mut IdpSettings| {
        change(idp);
        Ok::<(), settings::EditError>(())
    };
    let by = By::command_line(visit.now);
    settings::change(&visit.installation().store, "company", by, None, edit).await.unwrap();
    current(&mut visit).await;
    visit.uri = Uri::from_static(uri);
    (visit, folder)
}

/// The visit sees what is stored.
async fn current(visit: &mut Visit) {
    let installation = visit.installation();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
    visit.settings = installation.settings.current();
}

/// The code of the newest refusal: strangers' are kept in memory.
fn code(visit: &Visit) -> String {
    visit.installation().unrecognised.newest().first().map(|it| it.code.clone()).unwrap_or_default()
}

/// A response that this visit's browser never asked for.
async fn unasked(visit: &Visit) {
    let acs_url = visit.app.acs_url.clone();
    let idp = "https://idp.example.com/";
    let mut response = testkit::Response::new(idp, &visit.app.entity_id, &acs_url, "_a");
    response.in_response_to = None;
    response.confirmations.iter_mut().for_each(|it| it.in_response_to = None);
    let xml = response.xml();
    let form = AcsForm { saml_response: STANDARD.encode(xml), relay_state: None };
    signin::consume(visit, &acs_url, &form).await;
}

#[tokio::test]
async fn a_start_that_leads_nowhere_says_why() {
    for (uri, wanted) in [("/?idp=nobody", "idp_unknown"), ("/?guided=old", "guided_link")] {
        let (visit, _folder) = at(uri, |_| {}).await;
        signin::start(&visit).await;
        assert_eq!(code(&visit), wanted, "{uri}");
    }
    let (mut visit, _folder) = at("/", |_| {}).await;
    let by = By::command_line(visit.now);
    let store = &visit.installation().store;
    settings::remove::<IdpSettings>(store, "company", by).await.unwrap();
    current(&mut visit).await;
    signin::start(&visit).await;
    assert_eq!(code(&visit), "idp_missing");
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_refused_unless_the_idp_may() {
    let (visit, _folder) = at("/", |_| {}).await;
    unasked(&visit).await;
    assert_eq!(code(&visit), "unsolicited");
    let (visit, _folder) = at("/", |idp| idp.allow_unsolicited = true).await;
    unasked(&visit).await;
    assert_ne!(code(&visit), "unsolicited", "its signature decides");
}

#[tokio::test]
async fn an_idp_whose_metadata_is_over_signs_nobody_in() {
    let (visit, _folder) = at("/", |idp| {
        idp.allow_unsolicited = true;
        idp.metadata.valid_until = Some("2026-11-24T11:59:59Z".to_owned());
    })
    .await;
    unasked(&visit).await;
    assert_eq!(code(&visit), "metadata_expired");
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_told_to_come_again() {
    let (visit, _folder) = at("/", |idp| idp.allow_unsolicited = true).await;
    let (free, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Arc::new(std::sync::Mutex::new(held));
    // As many as there are places, and as may wait for one.
    for _ in 0..1000 {
        let (front, held) = (visit.front.clone(), held.clone());
        tokio::spawn(async move { front.verifier.run(move || held.lock().unwrap().recv()).await });
        tokio::task::yield_now().await;
    }
    unasked(&visit).await;
    assert_eq!(code(&visit), "busy");
    drop(free);
}

#[test]
fn a_request_that_cannot_be_signed_ends_in_words() {
    // No setting leads there: a key that cannot sign is refused before it is stored.
    let refusal = Refusal::cannot_sign(&saml::dsig::SignError::TooLong);
    assert_eq!(refusal.code, "cannot_sign");
    assert_eq!(refusal.detail, "the canonical form is too long");
}
