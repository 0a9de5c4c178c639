use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use installation::config::Config;
use installation::runtime::Clock;
use store::AttemptRow;
use tower::ServiceExt as _;

use super::*;

mod asks;
mod forms;
mod given;
mod guesses;
mod guide;
mod hosts;
mod idp_keys;
mod idps;
mod keys;
mod people;
mod provisioning;
mod reference;
mod timeline;
mod ways_in;

/// A console with its clock and the token of its link.
struct Harness {
    router: Router,
    installation: Arc<Installation>,
    clock: Clock,
    token: String,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    cookie: String,
    location: String,
    text: String,
}

impl Harness {
    async fn new(secure: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(noon());
        let installation =
            Installation::open(&Config::defaults_in(folder.path()), clock.clone()).await.unwrap();
        let token = installation::ticket::mint(
            &installation,
            installation::ticket::ADMINISTRATOR,
            installation::ticket::LINK,
        )
        .await
        .unwrap();
        let entrance = Entrance { secure, names: vec!["console.example.com".to_owned()] };
        let router = router(installation.clone(), entrance);
        Harness { router, installation, clock, token, _folder: folder }
    }

    async fn send(&self, request: Request) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let headers = response.headers();
        assert_eq!(headers[CACHE_CONTROL], "no-store", "on every answer");
        assert!(
            headers[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'")
        );
        let text = |name| {
            headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (cookie, location) = (text(SET_COOKIE), text(LOCATION));
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, cookie, location, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(request(Method::GET, path, cookie)).await
    }

    /// Posts a form of these fields.
    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", HOST)
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.finish())).unwrap()).await
    }

    /// Enters by the link; gives the cookie as the browser sends it back.
    async fn enter(&self) -> String {
        let answer = self.get(&format!("/enter?token={}", self.token), "").await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/welcome"));
        answer.cookie.split(';').next().unwrap().to_owned()
    }
}

fn request(method: Method, path: &str, cookie: &str) -> Request {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("host", HOST).header("cookie", cookie);
    request.body(Body::empty()).unwrap()
}

/// Where the tests reach the console.
const HOST: &str = "127.0.0.1:9090";

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_521_600)
}

fn attempt(id: &str, outcome: &str) -> AttemptRow {
    AttemptRow {
        id: id.to_owned(),
        started_at: noon(),
        updated_at: noon(),
        app: "jira".to_owned(),
        idp: Some("entra".to_owned()),
        user_name: Some("<b>camilla</b>".to_owned()),
        outcome: outcome.to_owned(),
        code: "audience".to_owned(),
        rule: "saml-profiles §4.1.4.2".to_owned(),
        hint: "Set the Identifier at the IdP".to_owned(),
        detail: "audience is https://other.example.com/".to_owned(),
        address: "192.0.2.7".to_owned(),
        timeline: r#"[{"step":"request","text":"return to /browse/X-1"}]"#.to_owned(),
        told: String::new(),
        follows: None,
    }
}

#[tokio::test]
async fn lists_the_attempts_escaped_and_filtered() {
    let harness = Harness::new(false).await;
    harness.installation.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    harness.installation.store.record_attempt(&attempt("a2", "opened")).await.unwrap();
    let cookie = harness.enter().await;
    let all = harness.get("/attempts", &cookie).await.text;
    assert!(all.contains("/attempts/a1") && all.contains("/attempts/a2"));
    assert!(all.contains("&lt;b&gt;camilla") && !all.contains("<b>camilla"));
    assert!(all.contains("2026-11-24 12:00:00"));
    let refused = harness.get("/attempts?outcome=refused", &cookie).await.text;
    assert!(refused.contains("/attempts/a1") && !refused.contains("/attempts/a2"));
    assert!(refused.contains("value=\"refused\" selected"));
    let none = harness.get("/attempts?code=replay", &cookie).await.text;
    assert!(none.contains("No sign-in fits."));
    let found = harness.get("/attempts?user=a2", &cookie).await;
    assert_eq!(found.location, "/attempts/a2", "a number leads to its sign-in");
}

#[tokio::test]
async fn shows_one_attempt_with_reason_and_steps() {
    let harness = Harness::new(false).await;
    harness.installation.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    let cookie = harness.enter().await;
    let page = harness.get("/attempts/a1", &cookie).await.text;
    for part in
        ["audience is https://other.example.com/", "Set the Identifier", "return to /browse/X-1"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(harness.get("/attempts/a9", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_reveals_or_downloads_stands_in_the_history() {
    let harness = Harness::new(false).await;
    harness.installation.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    let cookie = harness.enter().await;
    let revealed = harness.post("/attempts/a1/reveal", &cookie, &[]).await;
    assert_eq!(revealed.status, StatusCode::OK);
    let file = harness.get("/attempts/a1/support", &cookie).await.text;
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(file["code"], "audience");
    let filter =
        store::EntryFilter { event: "attempt.".to_owned(), limit: 9, ..Default::default() };
    let history = harness.installation.store.history(&filter).await.unwrap();
    let events: Vec<_> =
        history.iter().map(|e| (&*e.event, &*e.subject, &*e.author.name)).collect();
    let by = "administrator";
    assert_eq!(events, [("attempt.downloaded", "a1", by), ("attempt.revealed", "a1", by)]);
}

#[tokio::test]
async fn the_overview_counts_sign_ins_and_says_what_needs_attention() {
    let harness = Harness::new(false).await;
    harness.installation.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    let cookie = harness.enter().await;
    let page = harness.get("/", &cookie).await.text;
    assert!(page.contains("The administrator has no password"), "{page}");
    assert!(page.contains("/attempts?code=audience"), "the cause leads to its sign-ins");
    assert!(page.contains("<svg class=\"chart\""));
    assert!(page.contains("href=\"/guide\""), "nothing is set up yet");
}

#[tokio::test]
async fn every_page_is_small_and_brings_no_script_of_another_place() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    for n in 0..60 {
        harness
            .installation
            .store
            .record_attempt(&attempt(&format!("a{n:02}"), "refused"))
            .await
            .unwrap();
    }
    for path in PAGES {
        let page = harness.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.len() < 100_000, "{path}: {} bytes", page.text.len());
        assert_eq!(page.text.matches("<script").count(), 1, "{path}");
        assert!(!page.text.contains("style=") && !page.text.contains("onclick"), "{path}");
        assert_eq!(page.text.matches("<h1>").count(), 1, "{path}");
    }
    assert_eq!(harness.get("/style.css", "").await.status, StatusCode::OK);
    let script = harness.get("/console.js", "").await.text;
    assert!(script.lines().count() <= 150, "one small script");
    assert_eq!(harness.get("/nothing", &cookie).await.status, StatusCode::NOT_FOUND);
}

const PAGES: &[&str] = &[
    "/",
    "/attempts",
    "/apps",
    "/apps/new",
    "/idps",
    "/idps/new",
    "/applications",
    "/users",
    "/removals",
    "/groups",
    "/guide",
    "/test",
    "/record",
    "/settings",
    "/history",
    "/password",
    "/welcome",
];
