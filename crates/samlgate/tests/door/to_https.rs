//! Plain HTTP that leads to https, and what browsers are told about it.

use http::header::{ALLOW, HOST, LOCATION, STRICT_TRANSPORT_SECURITY};
use http::{Request, Response, StatusCode};
use installation::proxies::Peer;
use installation::settings::{self, AppSettings};
use samlgate::front::gate;
use testkit::http::showing;

use crate::site::{HOST as NAME, Site};

async fn asked(site: &Site, method: &str, target: &str, host: &str) -> Response<gateway::Body> {
    let request = Request::builder().method(method).uri(target).header(HOST, host);
    let peer = Peer { address: ([127, 0, 0, 1], 40_000).into(), tls: false };
    gate::lead_to_https(site.front.clone(), request.body(gateway::empty()).unwrap(), peer).await
}

#[tokio::test]
async fn known_hosts_are_led_to_https_with_path_and_query() {
    let site = Site::plain(showing().await.address).await;
    for (target, host) in [
        ("/", NAME),
        ("/browse/K-1?a=b&c=%2F%0d%0aX:y", "JIRA.example.com"),
        ("//evil.example/x", "jira.example.com:80"),
        ("/@evil.example/\u{27}?//evil.example", "jira.example.com:8080"),
        ("/;x=y/%2e%2e?https://evil.example", "jira.example.com:"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = asked(&site, method, target, host).await;
            assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT, "{host} {target}");
            assert_eq!(answer.headers()[LOCATION], format!("https://{NAME}{target}"));
            assert!(!answer.headers().contains_key(STRICT_TRANSPORT_SECURITY), "RFC 6797 §7.2");
        }
    }
    let answer = asked(&site, "GET", "http://jira.example.com/x?y", NAME).await;
    assert_eq!(answer.headers()[LOCATION], "https://jira.example.com/x?y", "in absolute form");
}

#[tokio::test]
async fn strangers_and_what_was_sent_in_clear_are_led_nowhere() {
    let site = Site::plain(showing().await.address).await;
    for host in [
        "evil.example",
        "jira.example.com.evil.example",
        "jira.example.com@evil.example",
        "evil.example:80:jira.example.com",
        "xjira.example.com",
        "example.com",
        "127.0.0.1",
        "[::1]:80",
        "",
    ] {
        let answer = asked(&site, "GET", "/", host).await;
        assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!answer.headers().contains_key(LOCATION));
    }
    let twofold = asked(&site, "GET", "http://evil.example/", NAME).await;
    assert_eq!(twofold.status(), StatusCode::BAD_REQUEST);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", "X"] {
        let answer = asked(&site, method, "/login.action", NAME).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers()[ALLOW], "GET, HEAD");
    }
}

#[tokio::test]
async fn browsers_are_told_to_stay_with_https_when_the_app_is_set_so() {
    let site = Site::plain(showing().await.address).await;
    let mut client = site.client().await;
    let (page, ours) = ("/x", "/plugins/servlet/saml/login.css");
    for path in [page, ours] {
        assert_eq!(client.get(path, "").await.text("strict-transport-security"), None);
    }
    let installation = &site.front.installation;
    for seconds in [31_536_000, 0] {
        let by = settings::By::command_line(installation.clock.now());
        let changed: Result<(), settings::EditError> =
            settings::change(&installation.store, "wiki", by, None, |app: &mut AppSettings| {
                app.hsts_seconds = Some(seconds);
                Ok(())
            })
            .await;
        changed.unwrap();
        installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
        for path in [page, ours, "/plugins/servlet/saml/none", "/a/%2e%2e"] {
            let told = client.get(path, "").await;
            let expected = format!("max-age={seconds}");
            let is_apps = path != "/a/%2e%2e";
            assert_eq!(
                told.text("strict-transport-security"),
                is_apps.then_some(expected.as_str()),
                "{path}"
            );
        }
    }
}
