//! What the set-up guide ticks, and what an app's page says of its neighbours.

use installation::settings::{self, AppSettings, IdpSettings};

use super::idps::store_idp;
use super::*;

async fn store_app(harness: &Harness, name: &str, public_url: &str) {
    let app = serde_json::json!({ "kind": "jira", "public_url": public_url, "upstream": "http://127.0.0.1:1" });
    let app: AppSettings = serde_json::from_value(app).unwrap();
    let installation = &harness.installation;
    settings::put(
        &installation.store,
        name,
        &app,
        settings::Expect::Free,
        settings::By::command_line(harness.clock.now()),
    )
    .await
    .unwrap();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
}

/// Whether the guide's step with this heading is ticked.
async fn ticked(harness: &Harness, cookie: &str, heading: &str) -> bool {
    let page = harness.get("/guide", cookie).await.text;
    let before = &page[..page.find(&format!("<h2>{heading}</h2>")).unwrap()];
    before[before.rfind("<li").unwrap()..].contains("good")
}

#[tokio::test]
async fn the_guide_ticks_a_test_of_this_app_and_idp_as_they_are_set_now() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_app(&harness, "jira", "https://jira.example.com").await;
    store_idp(&harness, "company").await;
    let tested = async |id: &str, app: &str, idp: &str| {
        harness.clock.advance(Duration::from_secs(1));
        let mut one = attempt(id, "tested");
        (one.app, one.idp) = (app.to_owned(), Some(idp.to_owned()));
        (one.started_at, one.updated_at) = (harness.clock.now(), harness.clock.now());
        harness.installation.store.record_attempt(&one).await.unwrap();
        ticked(&harness, &cookie, "Test").await
    };
    assert!(!tested("a1", "wiki", "company").await, "another app");
    assert!(!tested("a2", "jira", "partner").await, "another IdP");
    assert!(tested("a3", "jira", "company").await);

    harness.clock.advance(Duration::from_secs(1));
    let mut idp: IdpSettings =
        settings::show(&harness.installation.store, "company").await.unwrap();
    idp.button_label = Some("Sign in".to_owned());
    settings::put(
        &harness.installation.store,
        "company",
        &idp,
        settings::Expect::Anything,
        settings::By::command_line(harness.clock.now()),
    )
    .await
    .unwrap();
    assert!(!ticked(&harness, &cookie, "Test").await, "the IdP is set otherwise now");
    assert!(tested("a4", "jira", "company").await);
}

#[tokio::test]
async fn an_apps_page_names_the_apps_that_are_opened_by_the_same_sign_in() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_app(&harness, "jira", "https://apps.example.com/jira").await;
    store_app(&harness, "elsewhere", "https://jira.example.com").await;
    let alone = harness.get("/apps/jira", &cookie).await.text;
    assert!(!alone.contains("One sign-in with"), "{alone}");
    store_app(&harness, "wiki", "https://apps.example.com/wiki").await;
    let page = harness.get("/apps/jira", &cookie).await.text;
    assert!(page.contains("One sign-in with wiki</h2>"), "{page}");
}
