//! What begins at an app: the way in for members of a group, and what is kept of messages.

use super::idps::store_idp;
use super::*;
use crate::secrets::Secrets;
use crate::settings::{self, AppSettings, CONSOLE, ConsoleSettings};
use crate::tracker::{self, Messages};
use crate::visit::Visit;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Somebody's request at the app jira.
async fn visit(harness: &Harness, console: serde_json::Value, cookie: &str) -> Visit {
    let server = harness.server.clone();
    let app = serde_json::json!({ "kind": "jira", "public_url": "https://jira.example.com",
                                  "upstream": "http://127.0.0.1:1" });
    let app: AppSettings = serde_json::from_value(app).unwrap();
    let anything = settings::Expect::Anything;
    settings::put(
        &server.store,
        "jira",
        &app,
        anything.clone(),
        settings::By::command_line(noon()),
    )
    .await
    .unwrap();
    let console: ConsoleSettings = serde_json::from_value(console).unwrap();
    settings::put(&server.store, CONSOLE, &console, anything, settings::By::command_line(noon()))
        .await
        .unwrap();
    store_idp(harness, "company").await;
    let settings = server.settings.current();
    let app = settings.apps.get("jira").unwrap().clone();
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", cookie.parse().unwrap());
    let (client, uri) = ("127.0.0.1".parse().unwrap(), "/".parse().unwrap());
    Visit { server, settings, app, headers, uri, client, request_id: String::new(), now: noon() }
}

/// A session of Camilla at the app.
async fn signed_in(harness: &Harness, token: &str) {
    super::people::add(harness, &["camilla"]).await;
    let session = store::Session {
        token_hash: crate::runtime::token_hash(token),
        user_id: "id camilla".to_owned(),
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: "a1".to_owned(),
        created_at: noon(),
        expires_at: noon() + Duration::from_secs(3600),
    };
    let record = &attempt("a1", "signed_in");
    let all = store::LetIn { session, replaces: None, record, messages: None };
    harness.server.store.begin().await.unwrap().let_in(all).await.unwrap();
}

#[tokio::test]
async fn a_member_of_the_group_is_led_in_from_an_app_and_nobody_else() {
    let harness = Harness::new(false).await;
    let by_group = serde_json::json!({ "administrators_group": "admins",
                                       "public_url": "https://console.example.com" });
    let cookie = "__Host-samlgate_session=t0";
    let visit = visit(&harness, by_group, cookie).await;
    let stranger = crate::ticket::hop(&visit).await;
    let to = stranger.headers()[LOCATION].to_str().unwrap();
    assert!(to.contains("/auth?os_destination="), "who is not signed in signs in first: {to}");

    signed_in(&harness, "t0").await;
    assert_eq!(crate::ticket::hop(&visit).await.status(), StatusCode::NOT_FOUND, "no such group");
    let inside = harness.enter().await;
    harness.post("/groups", &inside, &[("name", "admins")]).await;
    assert_eq!(crate::ticket::hop(&visit).await.status(), StatusCode::NOT_FOUND, "no member");
    let store = &harness.server.store;
    let group = store.group("admins").await.unwrap().unwrap();
    let mut tx = store.begin().await.unwrap();
    let source = directory::MembershipSource::Manual;
    tx.add_membership("id camilla", &group.id, source, noon()).await.unwrap();
    tx.commit().await.unwrap();

    let led = crate::ticket::hop(&visit).await;
    let to = led.headers()[LOCATION].to_str().unwrap().to_owned();
    let path = to.strip_prefix("https://console.example.com").unwrap();
    let entered = harness.get(path, "").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{to}");
    let own = entered.cookie.split(';').next().unwrap();
    let page = harness.get("/", own).await.text;
    assert!(page.contains(">camilla</span>"), "the history will say who it was");
    assert_eq!(harness.get(path, "").await.status, StatusCode::UNAUTHORIZED, "once");
}

/// What is kept of an attempt whose response is this text.
async fn kept(harness: &Harness, response: &str) -> (String, Option<String>) {
    let visit = visit(harness, serde_json::json!({}), "").await;
    let raw = saml::RawResponse::from_post_value(&STANDARD.encode(response)).unwrap();
    let mut attempt = tracker::Attempt::begin(&visit);
    attempt.received(&visit, (&visit.app.acs_url, None), &raw);
    let store = &harness.server.store;
    if let Some(messages) = attempt.sealed(&visit, true) {
        store.keep_messages(&messages).await.unwrap();
    }
    (attempt.id().to_owned(), store.messages(attempt.id()).await.unwrap())
}

#[tokio::test]
async fn a_recorded_response_is_sealed_for_its_attempt_and_this_key() {
    let harness = Harness::new(false).await;
    let (id, sealed) = kept(&harness, "<Response>camilla</Response>").await;
    let sealed = sealed.unwrap();
    assert!(!sealed.contains("camilla"), "not readable in the database");
    let (store, secrets) = (&harness.server.store, &harness.server.secrets);
    let read = Messages::of(store, secrets, &id).await.unwrap().unwrap();
    assert_eq!(read.response.as_deref(), Some("<Response>camilla</Response>"));
    let other = Secrets::from_key(&[2; 32]);
    assert_eq!(Messages::of(store, &other, &id).await.unwrap(), None, "another key");
    let moved = secrets.unseal("attempt messages another", &sealed);
    assert_eq!(moved, None, "another attempt");
}

#[tokio::test]
async fn a_response_beyond_the_limit_is_not_kept() {
    for (length, is_kept) in [(256 * 1024, true), (256 * 1024 + 1, false)] {
        let response = format!("<R>{}</R>", "x".repeat(length - 7));
        let harness = Harness::new(false).await;
        assert_eq!(kept(&harness, &response).await.1.is_some(), is_kept, "{length} bytes");
    }
}
