//! Guesses at names and passwords of applications: what they tell, and what the apps notice.

use super::*;

const JIRA: &str = "jira:jira:pässword";

async fn knock(router: Router, credentials: String, from: String) -> (StatusCode, String) {
    let request = Request::get("/rest/usermanagement/1/config/cookie")
        .extension(peer(&from))
        .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(credentials)));
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap())
}

impl Api {
    async fn knock(&self, credentials: &str, from: &str) -> (StatusCode, String) {
        knock(self.router.clone(), credentials.to_owned(), from.to_owned()).await
    }

    /// Many at once.
    async fn knock_all(&self, all: impl Iterator<Item = String>) -> Vec<(StatusCode, String)> {
        let router = || self.router.clone();
        let from = || "127.0.0.1".to_owned();
        let all: Vec<_> = all.map(|one| tokio::spawn(knock(router(), one, from()))).collect();
        let mut answers = Vec::new();
        for one in all {
            answers.push(one.await.unwrap());
        }
        answers
    }
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_wrong_password_by_nothing() {
    let api = Api::new().await;
    api.app("jira", "http://192.0.2.7:8080", &["jira"]).await;
    // Where an application may be, and where none may; as long as guesses are looked at, and after.
    for from in ["127.0.0.1", "192.0.2.7", "203.0.113.9"] {
        for n in 0..13 {
            let known = api.knock(&format!("jira:wrong{n}"), from).await;
            let unknown = api.knock(&format!("bamboo:wrong{n}"), from).await;
            assert_eq!((known.0, known.1.replace("jira", "bamboo")), unknown, "{from} {n}");
            let looked_at = from != "203.0.113.9";
            let expected = if looked_at { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
            assert_eq!(unknown.0, expected, "{from} {n}");
            assert_eq!(unknown.1.contains("Too many"), looked_at && n >= 10, "{from} {n}");
        }
    }
    let long = format!("{}:x", "a".repeat(65));
    let answer = api.knock(&long, "127.0.0.1").await;
    assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "no setting has this name: nothing is counted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_application_that_works_goes_on_beside_guesses_at_its_name() {
    let api = Api::new().await;
    let twenty = || (0..20).map(|_| JIRA.to_owned());
    let honest = api.knock_all(twenty()).await;
    assert!(honest.iter().all(|(status, _)| *status == StatusCode::OK), "at once: {honest:?}");
    let guesses = api.knock_all((0..100).map(|n| format!("jira:wrong{n}"))).await;
    assert!(guesses.iter().all(|(status, _)| *status == StatusCode::UNAUTHORIZED));
    let looked_at = guesses.iter().filter(|(_, text)| !text.contains("Too many")).count();
    assert_eq!(looked_at, 10);
    let honest = api.knock_all(twenty()).await;
    assert!(honest.iter().all(|(status, _)| *status == StatusCode::OK), "and on: {honest:?}");
    api.clock.advance(Duration::from_secs(23 * 3600));
    assert_eq!(api.knock(JIRA, "127.0.0.1").await.0, StatusCode::OK);
}

#[tokio::test]
async fn guesses_count_by_name_and_sender_and_for_ten_minutes() {
    let api = Api::new().await;
    api.application("jira", &["127.0.0.0/8", "2001:db8::/32"]).await;
    for n in 0..10 {
        api.knock(&format!("jira:wrong{n}"), "127.0.0.1").await;
        api.knock(&format!("jira:wrong{n}"), &format!("2001:db8:1:2:{n}::1")).await;
    }
    for from in ["127.0.0.1", "2001:db8:1:2:ffff::1"] {
        let (status, text) = api.knock(JIRA, from).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{from}");
        assert!(text.contains("Too many wrong passwords"), "{text}");
    }
    api.clock.advance(Duration::from_secs(600));
    assert_eq!(api.knock(JIRA, "127.0.0.1").await.0, StatusCode::OK, "ten minutes later");
    for n in 0..10 {
        api.knock(&format!("jira:wrong{n}"), "127.0.0.2").await;
    }
    assert_eq!(api.knock(JIRA, "2001:db8:1:3::1").await.0, StatusCode::OK, "another sender");
    let settings = ApplicationSettings { password_hash: phc("corrected"), allow: Vec::new() };
    api.put_setting("application", "jira", &serde_json::to_string(&settings).unwrap()).await;
    let corrected = api.knock("jira:corrected", "127.0.0.2").await;
    assert_eq!(corrected.0, StatusCode::OK, "who corrects the password does not wait");
}
