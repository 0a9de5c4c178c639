//! Which application is let in, and what one that is not is told.

use super::*;

async fn knock(api: &Api, credentials: Option<impl AsRef<[u8]>>, from: &str) -> Answer {
    let mut request = Request::get("/rest/usermanagement/1/config/cookie").extension(peer(from));
    if let Some(credentials) = credentials {
        request = request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(credentials)));
    }
    api.send(request.body(Body::empty()).unwrap()).await
}

const JIRA: &str = "jira:jira:pässword";

#[tokio::test]
async fn refuses_who_does_not_log_in_with_a_helpful_sentence() {
    let api = Api::new().await;
    for credentials in
        [None, Some("jira"), Some("jira:wrong"), Some("bamboo:jira:pässword"), Some(":")]
    {
        let answer = knock(&api, credentials, "127.0.0.1").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{credentials:?}");
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("BASIC realm="));
        assert!(answer.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
        assert!(answer.body.contains("samlgate application add"), "{}", answer.body);
        assert!(!answer.body.contains("pässword"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_password_beyond_ascii_is_read_in_both_encodings_that_clients_write() {
    let api = Api::new().await;
    let latin_1 = b"jira:jira:p\xe4ssword";
    assert_eq!(knock(&api, Some(latin_1), "127.0.0.1").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::OK);
    let wrong = knock(&api, Some(b"jira:jira:p\xe5ssword"), "127.0.0.1").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("name or password is wrong"), "it is a guess: {}", wrong.body);
}

#[tokio::test]
async fn tells_an_unknown_resource_only_to_an_application() {
    let api = Api::new().await;
    let path = "/rest/usermanagement/1/non-existent/location";
    let unknown = Request::get(path).extension(peer("127.0.0.1")).body(Body::empty()).unwrap();
    assert_eq!(api.send(unknown).await.status, StatusCode::UNAUTHORIZED);
    for resource in ["non-existent/location", "session/abc", "event", "webhook/1", "user/avatar"] {
        let answer = api.get(resource, Format::Json).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{resource}");
        let says = answer.body.contains("no SSO sessions");
        assert_eq!(says, resource.starts_with("session"), "{resource}: {}", answer.body);
    }
}

#[tokio::test]
async fn without_an_allow_list_only_loopback_and_the_apps_upstream_may_come() {
    let api = Api::new().await;
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "::1").await.status, StatusCode::OK);
    let answer = knock(&api, Some(JIRA), "192.0.2.7").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("jira may not come from 192.0.2.7"), "{}", answer.body);

    api.app("jira", "http://192.0.2.7:8080", &["jira"]).await;
    api.app("wiki", "http://192.0.2.8:8080", &["confluence"]).await;
    assert_eq!(knock(&api, Some(JIRA), "192.0.2.7").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "::ffff:192.0.2.7").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "192.0.2.8").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_allow_list_is_all_that_counts() {
    let api = Api::new().await;
    api.app("jira", "http://192.0.2.7:8080", &["jira"]).await;
    api.application("jira", &["10.0.0.0/8"]).await;
    assert_eq!(knock(&api, Some(JIRA), "10.1.2.3").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "192.0.2.7").await.status, StatusCode::FORBIDDEN);
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn does_not_believe_a_forwarded_address_from_just_anyone() {
    let api = Api::new().await;
    let request = ask(Method::GET, "config/cookie", Format::Xml);
    let request = request.header("X-Forwarded-For", "127.0.0.1").extension(peer("192.0.2.7"));
    assert_eq!(api.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn believes_its_own_proxies_and_not_those_of_other_listeners() {
    for (key, status) in [
        ("trusted", StatusCode::FORBIDDEN),
        ("console", StatusCode::FORBIDDEN),
        ("crowd", StatusCode::OK),
    ] {
        let api = Api::with(&format!("[proxies]\n{key} = [\"192.0.2.7\"]")).await;
        for (name, said) in [("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1")] {
            let request = ask(Method::GET, "config/cookie", Format::Xml);
            let request = request.header(name, said).extension(peer("192.0.2.7"));
            let answer = api.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, status, "{key} {name}");
        }
    }
}

#[tokio::test]
async fn who_adds_the_header_that_the_proxy_does_not_write_is_let_in_by_neither() {
    let api = Api::with("[proxies]\ncrowd = [\"192.0.2.7\"]").await;
    for (seen, standard) in
        [("127.0.0.1", "for=203.0.113.5"), ("203.0.113.5", "for=127.0.0.1"), ("127.0.0.1", "x")]
    {
        let request = ask(Method::GET, "config/cookie", Format::Xml);
        let request = request.header("X-Forwarded-For", seen).header("Forwarded", standard);
        let request = request.extension(peer("192.0.2.7")).body(Body::empty()).unwrap();
        assert_eq!(api.send(request).await.status, StatusCode::FORBIDDEN, "{seen}, {standard}");
    }
}

#[tokio::test]
async fn a_changed_password_counts_at_once_although_the_old_one_is_remembered() {
    let api = Api::new().await;
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::OK);
    let settings = ApplicationSettings { password_hash: phc("new"), allow: Vec::new() };
    api.put_setting("application", "jira", &serde_json::to_string(&settings).unwrap()).await;
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(knock(&api, Some("jira:new"), "127.0.0.1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_application_that_was_set_up_a_moment_ago_is_let_in_at_once() {
    let api = Api::new().await;
    let settings = ApplicationSettings { password_hash: phc("new"), allow: Vec::new() };
    let document = serde_json::to_string(&settings).unwrap();
    api.put_setting_elsewhere("application", "wiki", &document).await;
    assert_eq!(knock(&api, Some("wiki:new"), "127.0.0.1").await.status, StatusCode::OK);
    api.put_setting_elsewhere("application", "jira", &document).await;
    assert_eq!(knock(&api, Some("jira:new"), "127.0.0.1").await.status, StatusCode::OK);
    assert_eq!(knock(&api, Some(JIRA), "127.0.0.1").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn refuses_a_large_body_before_it_is_read() {
    let api = Api::new().await;
    let request = ask(Method::POST, "authentication?username=camilla", Format::Json);
    let request = request.header("content-length", "1048577").body(Body::empty()).unwrap();
    assert_eq!(api.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let endless = ask(Method::POST, "authentication?username=camilla", Format::Json);
    let answer = api.send(endless.body(Body::from("x".repeat(1 << 21))).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn says_that_the_directory_is_read_only() {
    let api = Api::new().await;
    for (method, resource) in [
        (Method::POST, "user"),
        (Method::PUT, "user/password?username=camilla"),
        (Method::DELETE, "group?groupname=devs"),
        (Method::POST, "group/user/direct?groupname=devs"),
    ] {
        let answer =
            api.send(ask(method, resource, Format::Xml).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{resource}");
        assert_eq!(answer.body, "This directory is read-only");
    }
}

#[tokio::test]
async fn serves_both_mounts_the_alias_and_the_suffixes() {
    let api = Api::new().await;
    let at = async |path: &str| {
        let mut request = ask(Method::GET, "", Format::Xml);
        request = request.uri(path);
        api.send(request.body(Body::empty()).unwrap()).await
    };
    assert!(at("/rest/usermanagement/1/config/cookie").await.xml().child("secure").is_some());
    assert!(at("/crowd/rest/usermanagement/1/config/cookie").await.xml().child("name").is_some());
    let json = at("/crowd/rest/usermanagement/latest/config/cookie.json").await.json();
    assert_eq!((&json["domain"], &json["name"]), (&Value::Null, &"crowd.token_key".into()));
    assert_eq!(at("/rest/usermanagement/2/config/cookie").await.status, StatusCode::NOT_FOUND);
    assert_eq!(at("/services/SecurityServer").await.status, StatusCode::NOT_FOUND);
}
