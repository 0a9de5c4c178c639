//! By which names the console answers: a name that is made to lead here is none of them.

use super::*;

impl Harness {
    async fn at(&self, host: &str) -> StatusCode {
        let mut request = request(Method::GET, "/sign-in", "");
        request.headers_mut().insert("host", host.parse().unwrap());
        self.send(request).await.status
    }
}

#[tokio::test]
async fn only_known_names_and_loopback_addresses_reach_the_console() {
    let harness = Harness::new(false).await;
    for known in [
        "127.0.0.1:9090",
        "127.0.0.1",
        "127.9.9.9:1",
        "localhost:8443",
        "LOCALHOST",
        "console.localhost:9090",
        "[::1]:9090",
        "console.example.com",
        "Console.Example.COM:9090",
    ] {
        assert_eq!(harness.at(known).await, StatusCode::UNAUTHORIZED, "{known}");
    }
    for other in [
        "evil.example",
        "evil.example:9090",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "console.example.com.evil.example",
        "xconsole.example.com",
        "evil.example@127.0.0.1",
        "127.0.0.1@evil.example",
        "127.0.0.1, evil.example",
        "192.0.2.7:9090",
        "[2001:db8::1]",
        "0.0.0.0:9090",
        "",
    ] {
        assert_eq!(harness.at(other).await, StatusCode::MISDIRECTED_REQUEST, "{other:?}");
    }
}

#[tokio::test]
async fn a_request_names_one_host_and_nothing_is_done_at_another() {
    let harness = Harness::new(false).await;
    let mut none = request(Method::GET, "/sign-in", "");
    none.headers_mut().remove("host");
    assert_eq!(harness.send(none).await.status, StatusCode::MISDIRECTED_REQUEST);
    let mut two = request(Method::GET, "/sign-in", "");
    two.headers_mut().append("host", "evil.example".parse().unwrap());
    assert_eq!(harness.send(two).await.status, StatusCode::MISDIRECTED_REQUEST);
    let link = format!("/enter?token={}", harness.token);
    let mut rebound = request(Method::GET, &link, "");
    rebound.headers_mut().insert("host", "evil.example:9090".parse().unwrap());
    let answer = harness.send(rebound).await;
    assert_eq!((answer.status, &*answer.cookie), (StatusCode::MISDIRECTED_REQUEST, ""));
    assert!(answer.text.contains("listen.console_names"), "{}", answer.text);
    harness.enter().await;
}

#[tokio::test]
async fn the_address_in_the_settings_is_known_at_once() {
    let (harness, cookie) = Harness::with_password().await;
    assert_eq!(harness.at("sso.example.com").await, StatusCode::MISDIRECTED_REQUEST);
    let fields = [
        ("keep_attempts_days", "90"),
        ("keep_messages_days", "14"),
        ("public_url", "https://sso.example.com:9090"),
    ];
    let saved = harness.post("/settings", &cookie, &fields).await;
    assert_eq!(saved.location, "/settings", "{}", saved.text);
    assert_eq!(harness.at("sso.example.com").await, StatusCode::UNAUTHORIZED);
}
