use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use store::Attempt;
use tower::ServiceExt as _;

use super::*;
use crate::runtime::{Clock, Random};

/// A console with its clock and the token of its link.
struct Harness {
    router: Router,
    server: Arc<Server>,
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
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let clock = Clock::fixed(noon());
        let server = Server::for_tests(&url, clock.clone()).await.unwrap();
        let (entrance, token) = Entrance::open(Random, clock.now(), secure);
        let router = router(server.clone(), entrance);
        Harness { router, server, clock, token, _folder: folder }
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

    /// Enters by the link; gives the cookie as the browser sends it back.
    async fn enter(&self) -> String {
        let answer = self.get(&format!("/enter?token={}", self.token), "").await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        answer.cookie.split(';').next().unwrap().to_owned()
    }
}

fn request(method: Method, path: &str, cookie: &str) -> Request {
    let request = Request::builder().method(method).uri(path).header("cookie", cookie);
    request.body(Body::empty()).unwrap()
}

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_521_600)
}

fn attempt(id: &str, outcome: &str) -> Attempt {
    Attempt {
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
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_link() {
    let harness = Harness::new(false).await;
    for path in ["/", "/attempts/1", "/enter", "/enter?token=", "/enter?token=0000"] {
        let answer = harness.get(path, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.text.contains("samlgate serve"), "{path} says how to get a link");
        assert_eq!(answer.cookie, "", "{path}");
    }
    let answer = harness.get("/", "samlgate_console=0000").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a made-up cookie");
}

#[tokio::test]
async fn the_link_works_once() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::OK);
    let again = harness.get(&format!("/enter?token={}", harness.token), "").await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert_eq!(again.cookie, "");
}

#[tokio::test]
async fn the_link_works_for_an_hour_and_a_wrong_token_does_not_close_it() {
    let harness = Harness::new(false).await;
    harness.clock.advance(Duration::from_secs(3599));
    assert_eq!(harness.get("/enter?token=wrong", "").await.status, StatusCode::UNAUTHORIZED);
    harness.enter().await;

    let harness = Harness::new(false).await;
    harness.clock.advance(Duration::from_secs(3600));
    let late = harness.get(&format!("/enter?token={}", harness.token), "").await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_cookie_is_bound_to_tls_when_there_is_tls() {
    for secure in [false, true] {
        let harness = Harness::new(secure).await;
        let answer = harness.get(&format!("/enter?token={}", harness.token), "").await;
        assert!(answer.cookie.contains("; HttpOnly; SameSite=Strict"), "{}", answer.cookie);
        assert_eq!(answer.cookie.contains("; Secure"), secure, "{}", answer.cookie);
        assert!(!answer.cookie.contains(&harness.token), "the link's token is no session");
    }
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_twelve_hours() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    for _ in 0..24 {
        harness.clock.advance(Duration::from_secs(29 * 60));
        assert_eq!(harness.get("/", &cookie).await.status, StatusCode::OK);
    }
    harness.clock.advance(Duration::from_secs(25 * 60));
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::UNAUTHORIZED, "12 hours");

    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    harness.clock.advance(Duration::from_secs(30 * 60));
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::UNAUTHORIZED, "idle");
}

#[tokio::test]
async fn leaving_ends_the_session_and_another_site_cannot_make_one_leave() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let mut foreign = request(Method::POST, "/leave", &cookie);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(harness.send(foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::OK);
    let mut own = request(Method::POST, "/leave", &cookie);
    own.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert_eq!(harness.send(own).await.status, StatusCode::OK);
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_the_attempts_escaped_and_filtered_by_outcome() {
    let harness = Harness::new(false).await;
    harness.server.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    harness.server.store.record_attempt(&attempt("a2", "opened")).await.unwrap();
    let cookie = harness.enter().await;
    let all = harness.get("/", &cookie).await.text;
    assert!(all.contains("/attempts/a1") && all.contains("/attempts/a2"));
    assert!(all.contains("&lt;b&gt;camilla") && !all.contains("<b>camilla"));
    assert!(all.contains("2026-11-24 12:00:00"));
    let refused = harness.get("/?outcome=refused", &cookie).await.text;
    assert!(refused.contains("/attempts/a1") && !refused.contains("/attempts/a2"));
    assert!(refused.contains("value=\"refused\" selected"));
}

#[tokio::test]
async fn shows_one_attempt_with_reason_and_steps() {
    let harness = Harness::new(false).await;
    harness.server.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
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
async fn pages_bring_no_script() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    assert!(!harness.get("/", &cookie).await.text.contains("<script"));
    assert_eq!(harness.get("/style.css", "").await.status, StatusCode::OK);
    assert_eq!(harness.get("/nothing", &cookie).await.status, StatusCode::NOT_FOUND);
}
