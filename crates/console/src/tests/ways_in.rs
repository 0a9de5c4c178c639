//! Who gets in, and for how long.

use super::*;

#[tokio::test]
async fn nobody_gets_in_without_a_link() {
    let harness = Harness::new(false).await;
    for path in ["/", "/attempts/1", "/apps", "/enter", "/enter?token=", "/enter?token=0000"] {
        let answer = harness.get(path, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.text.contains("samlgate console-link"), "{path} says how to get a link");
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

pub(super) const PASSWORD: &str = "a sentence that nobody guesses";

impl Harness {
    pub(super) async fn with_password() -> (Self, String) {
        let harness = Harness::new(false).await;
        let cookie = harness.enter().await;
        let set = harness.post("/welcome", &cookie, &[("password", PASSWORD)]).await;
        assert_eq!((set.status, set.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        (harness, cookie)
    }
}

#[tokio::test]
async fn the_first_link_sets_the_password_and_the_password_leads_in() {
    let (harness, cookie) = Harness::with_password().await;
    let kept = harness.installation.store.property("console.password_hash").await.unwrap().unwrap();
    assert!(kept.starts_with("$argon2id$"), "{kept}");
    let again = harness.get("/welcome", &cookie).await;
    assert_eq!(again.location, "/", "it is set once");
    let wrong = harness.post("/sign-in", "", &[("password", "something else")]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(
        wrong.text.contains("not the administrator&#39;s password")
            || wrong.text.contains("not the administrator's password")
    );
    assert_eq!(wrong.cookie, "");
    let right = harness.post("/sign-in", "", &[("password", PASSWORD), ("then", "/apps")]).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, "/apps"));
    let cookie = right.cookie.split(';').next().unwrap();
    assert_eq!(harness.get("/", cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_way_back_after_signing_in_stays_within_the_console() {
    let (harness, _) = Harness::with_password().await;
    for then in [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil",
        "/a\r\nset-cookie: x",
        "/\t/evil.example/",
        "\t//evil.example/",
        "/./\u{a0}/evil.example",
        "/.//evil.example/",
    ] {
        let answer = harness.post("/sign-in", "", &[("password", PASSWORD), ("then", then)]).await;
        assert_eq!(answer.location, "/", "{then:?}");
    }
    let page = harness.get("/attempts?outcome=refused", "").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.text.contains("value=\"/attempts?outcome=refused\""), "{}", page.text);
}

#[tokio::test]
async fn a_short_password_is_refused_at_its_field() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let answer = harness.post("/welcome", &cookie, &[("password", "short")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("id=\"password-error\"") && answer.text.contains("12 characters"));
    assert_eq!(harness.installation.store.property("console.password_hash").await.unwrap(), None);
}

#[tokio::test]
async fn five_wrong_passwords_close_the_entrance_for_ten_minutes_also_to_the_right_one() {
    let (harness, _) = Harness::with_password().await;
    for _ in 0..5 {
        let answer = harness.post("/sign-in", "", &[("password", "wrong wrong wrong")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let closed = harness.post("/sign-in", "", &[("password", PASSWORD)]).await;
    assert_eq!((closed.status, closed.cookie.as_str()), (StatusCode::TOO_MANY_REQUESTS, ""));
    harness.clock.advance(Duration::from_secs(600));
    let open = harness.post("/sign-in", "", &[("password", PASSWORD)]).await;
    assert_eq!(open.status, StatusCode::SEE_OTHER);
}

/// Wrong passwords of somebody behind a TLS proxy at loopback, as `client` by its word.
async fn wrong(router: &Router, client: &str) -> StatusCode {
    let mut request = request(Method::POST, "/sign-in", "");
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    headers.insert("x-forwarded-for", client.parse().unwrap());
    *request.body_mut() = Body::from("password=wrong");
    let peer =
        installation::proxies::Peer { address: "127.0.0.1:4711".parse().unwrap(), tls: false };
    request.extensions_mut().insert(peer);
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_person_is_throttled_for_themselves() {
    let (harness, _) = Harness::with_password().await;
    let mut installation = Arc::try_unwrap({
        let Harness { router, installation, .. } = harness;
        drop(router);
        installation
    })
    .unwrap_or_else(|_| panic!("somebody else holds the server"));
    let router_of = |installation: Arc<Installation>| router(installation, Entrance::default());
    installation.proxies.trusted = vec!["127.0.0.1".parse().unwrap()];
    installation.proxies.crowd = vec!["127.0.0.1".parse().unwrap()];
    let mut installation = Arc::new(installation);
    let console = router_of(installation.clone());
    for client in 1..=5 {
        assert_eq!(wrong(&console, &format!("203.0.113.{client}")).await, StatusCode::FORBIDDEN);
    }
    let other = "proxies of other listeners say nothing of who comes to the console";
    assert_eq!(wrong(&console, "203.0.113.6").await, StatusCode::TOO_MANY_REQUESTS, "{other}");
    drop(console);
    let believing = Arc::get_mut(&mut installation).expect("somebody else holds the server");
    believing.proxies.console = vec!["127.0.0.1".parse().unwrap()];
    let console = router_of(installation);
    for _ in 0..5 {
        assert_eq!(wrong(&console, "203.0.113.5").await, StatusCode::FORBIDDEN);
    }
    assert_eq!(wrong(&console, "203.0.113.5").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(wrong(&console, "203.0.113.6").await, StatusCode::FORBIDDEN, "somebody else");
}

#[tokio::test]
async fn a_session_is_in_the_database_so_another_node_knows_it() {
    let (harness, cookie) = Harness::with_password().await;
    let other = router(harness.installation.clone(), Entrance::default());
    let answer = other.oneshot(request(Method::GET, "/", &cookie)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let (harness, cookie) = Harness::with_password().await;
    let other = harness.post("/sign-in", "", &[("password", PASSWORD)]).await.cookie;
    let other = other.split(';').next().unwrap();
    let new = [("password", "quite another sentence")];
    let set = harness.post("/password", &cookie, &new).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    assert_eq!(harness.get("/", &cookie).await.status, StatusCode::OK);
    assert_eq!(harness.get("/", other).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_dangerous_change_asks_for_the_password_when_it_was_given_long_ago() {
    let (harness, cookie) = Harness::with_password().await;
    harness.clock.advance(Duration::from_secs(11 * 60));
    let new = ("password", "quite another sentence");
    let asked = harness.post("/password", &cookie, &[new]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("id=\"confirmation\""), "{}", asked.text);
    let set = harness.post("/password", &cookie, &[new, ("confirmation", PASSWORD)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let (harness, cookie) = Harness::with_password().await;
    for path in ["/apps/new", "/applications", "/password", "/apps/jira/remove", "/sign-in"] {
        let mut foreign = request(Method::POST, path, &cookie);
        foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(harness.send(foreign).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
