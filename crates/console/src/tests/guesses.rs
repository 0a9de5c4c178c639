//! Guesses of the administrator's password: what a flood of them gets, and what others notice.

use axum::http::HeaderMap;
use installation::proxies::Peer;

use super::ways_in::PASSWORD;
use super::*;

/// Presents a password from an address, with a cookie; gives status and headers.
async fn present(
    router: Router,
    from: String,
    cookie: &str,
    password: &str,
) -> (StatusCode, HeaderMap) {
    let mut request = request(Method::POST, "/sign-in", cookie);
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    let form = url::form_urlencoded::Serializer::new(String::new());
    *request.body_mut() = Body::from({ form }.append_pair("password", password).finish());
    let address = std::net::SocketAddr::new(from.parse().unwrap(), 4711);
    request.extensions_mut().insert(Peer { address, tls: false });
    let response = router.oneshot(request).await.unwrap();
    (response.status(), response.headers().clone())
}

impl Harness {
    async fn present(&self, from: &str, cookie: &str, password: &str) -> StatusCode {
        present(self.router.clone(), from.to_owned(), cookie, password).await.0
    }
}

/// The cookie of a browser that has been inside.
fn known(headers: &HeaderMap) -> String {
    let mut lines = headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let line = lines.find(|line| line.contains("_known=")).unwrap();
    line.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_guesses_at_once_five_are_looked_at_and_others_notice_nothing() {
    let (harness, _) = Harness::with_password().await;
    let inside = present(harness.router.clone(), "192.0.2.1".to_owned(), "", PASSWORD).await;
    assert_eq!(inside.0, StatusCode::SEE_OTHER);
    let guess = |n: usize| {
        let (router, guess) = (harness.router.clone(), format!("wrong number {n}"));
        tokio::spawn(async move { present(router, "192.0.2.1".to_owned(), "", &guess).await.0 })
    };
    let guesses: Vec<_> = (0..100).map(guess).collect();
    let meanwhile = harness.present("192.0.2.2", "", PASSWORD).await;
    assert_eq!(meanwhile, StatusCode::SEE_OTHER, "the administrator, at another address");
    let mut looked_at = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            StatusCode::FORBIDDEN => looked_at += 1,
            other => assert_eq!(other, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    assert_eq!(looked_at, 5);
    let closed = harness.present("192.0.2.1", "", PASSWORD).await;
    assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS, "a stranger there");
    let known = harness.present("192.0.2.1", &known(&inside.1), PASSWORD).await;
    assert_eq!(known, StatusCode::SEE_OTHER, "a browser that has been inside, also there");
}

#[tokio::test]
async fn a_browser_that_has_been_inside_guesses_for_itself_alone_and_cannot_be_made_up() {
    let (harness, _) = Harness::with_password().await;
    let from = || "192.0.2.1".to_owned();
    let inside = present(harness.router.clone(), from(), "", PASSWORD).await;
    let known = known(&inside.1);
    for _ in 0..5 {
        assert_eq!(harness.present("192.0.2.1", &known, "wrong").await, StatusCode::FORBIDDEN);
    }
    let closed = harness.present("192.0.2.9", &known, PASSWORD).await;
    assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS, "wherever it is");
    let made_up = known.replace('=', "=A");
    for _ in 0..5 {
        assert_eq!(harness.present("192.0.2.1", &made_up, "wrong").await, StatusCode::FORBIDDEN);
    }
    for other in ["samlgate_console_known=x", "samlgate_console_known=", &made_up, ""] {
        let closed = harness.present("192.0.2.1", other, PASSWORD).await;
        assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS, "{other}");
    }
}

#[tokio::test]
async fn guesses_count_by_the_network_of_whoever_makes_them() {
    let (harness, _) = Harness::with_password().await;
    for n in 0..5 {
        let from = format!("2001:db8:1:2:{n}:{n}::{n}");
        assert_eq!(harness.present(&from, "", "wrong").await, StatusCode::FORBIDDEN, "{from}");
    }
    let closed = harness.present("2001:db8:1:2:ffff::9", "", PASSWORD).await;
    assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS, "the same 64 bits");
    let other = harness.present("2001:db8:1:3::1", "", PASSWORD).await;
    assert_eq!(other, StatusCode::SEE_OTHER, "other 64 bits");
}

#[tokio::test]
async fn nobody_closes_the_entrance_for_everybody() {
    let (harness, _) = Harness::with_password().await;
    for n in 0..70 {
        let from = format!("198.51.100.{n}");
        assert_eq!(harness.present(&from, "", "wrong").await, StatusCode::FORBIDDEN, "{from}");
    }
    let entered = harness.present("192.0.2.2", "", PASSWORD).await;
    assert_eq!(entered, StatusCode::SEE_OTHER);
    let filter =
        store::EntryFilter { event: "console.refused".to_owned(), limit: 99, ..Default::default() };
    let noted = harness.installation.store.history(&filter).await.unwrap();
    assert_eq!(noted.len(), 50, "and nobody fills the history");
}

#[tokio::test]
async fn a_right_password_does_not_count() {
    let (harness, _) = Harness::with_password().await;
    for n in 0..12 {
        let password = if n % 3 == 2 { "wrong" } else { PASSWORD };
        let expected = if n % 3 == 2 { StatusCode::FORBIDDEN } else { StatusCode::SEE_OTHER };
        assert_eq!(harness.present("192.0.2.1", "", password).await, expected, "{n}");
    }
}
