//! Cookies, redirects and what every answer carries.

use demo::{AppOptions, Profile, start_app};
use http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;

const ADMIN: [(&str, &str); 2] = [("os_username", "admin"), ("os_password", "admin")];

fn options(public_url: &str) -> AppOptions {
    AppOptions { public_url: public_url.to_owned(), ..AppOptions::default() }
}

#[tokio::test]
async fn a_log_in_opens_a_new_session_and_ends_the_old_one() {
    let app = start_app(Profile::Jira9, options("http://jira.localhost")).await.unwrap();
    let mut browser = Browser::at(app.address);
    browser.get("/login.jsp").await;
    let first = browser.cookies["JSESSIONID"].clone();
    browser.form("/login.jsp", &ADMIN).await;
    let second = browser.cookies["JSESSIONID"].clone();
    assert_ne!(first, second);
    browser.form("/login.jsp", &ADMIN).await;
    browser.cookies.insert("JSESSIONID".to_owned(), second);
    assert_eq!(browser.get("/rest/auth/1/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cookies_follow_the_connector_and_the_context_path() {
    let url = "https://tools.example.test/jira";
    let app = start_app(Profile::Jira9, options(url)).await.unwrap();
    let mut browser = Browser::at(app.address);
    let answer = browser.form("/jira/login.jsp", &ADMIN).await;
    let line = answer.cookie("JSESSIONID").unwrap();
    assert!(line.ends_with("; Path=/jira; Secure; HttpOnly"), "{line}");
    let line = answer.cookie("atlassian.xsrf.token").unwrap();
    assert!(line.contains("_lin; Path=/jira; Secure"), "{line}");
    assert_eq!(browser.get("/login.jsp").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn redirects_come_from_the_connector_and_not_from_the_request() {
    let app = start_app(Profile::Jira9, options("https://tools.example.test/jira")).await.unwrap();
    let mut browser = Browser::at(app.address);
    let answer = browser.get("/jira/browse/A-1").await;
    assert!(answer.location().starts_with("https://tools.example.test/jira/login.jsp?"));
    let wrong = json!({ "public_url": "http://inner:8080" });
    Browser::at(app.control_address).json(Method::PUT, "/connector", &wrong).await;
    let answer = browser.get("/jira/browse/A-1").await;
    assert!(answer.location().starts_with("http://inner:8080/jira/login.jsp?"));
}

#[tokio::test]
async fn a_destination_elsewhere_is_not_followed() {
    let app = start_app(Profile::Jira9, options("http://jira.localhost")).await.unwrap();
    for elsewhere in ["https://evil.example/", "//evil.example/"] {
        let mut fields = ADMIN.to_vec();
        fields.push(("os_destination", elsewhere));
        let answer = Browser::at(app.address).form("/login.jsp", &fields).await;
        assert_eq!(answer.location(), "http://jira.localhost/", "{elsewhere}");
    }
}

#[tokio::test]
async fn every_answer_names_its_user_encoded() {
    let app = start_app(Profile::Jira9, options("http://jira.localhost")).await.unwrap();
    let user = json!({
        "name": "søren", "full_name": "Søren Ålborg", "email": "s@example.test",
        "password": "x", "groups": ["jira-software-users"],
    });
    Browser::at(app.control_address).json(Method::POST, "/users", &user).await;
    let mut browser = Browser::at(app.address);
    browser.form("/login.jsp", &[("os_username", "SØREN"), ("os_password", "x")]).await;
    for path in ["/", "/rest/api/2/serverInfo", "/nowhere", "/synchrony"] {
        assert_eq!(browser.get(path).await.header("x-ausername"), "s%C3%B8ren", "{path}");
    }
}

#[tokio::test]
async fn a_log_out_ends_the_session_on_both_apps() {
    for (profile, log_in, log_out) in [
        (Profile::Jira9, "/login.jsp", "/secure/Logout.jspa"),
        (Profile::Confluence7, "/dologin.action", "/logout.action"),
    ] {
        let app = start_app(profile, options("http://app.localhost")).await.unwrap();
        let mut browser = Browser::at(app.address);
        browser.form(log_in, &ADMIN).await;
        assert_eq!(browser.get("/").await.header("x-ausername"), "admin");
        assert_eq!(browser.get(log_out).await.header("x-seraph-loginreason"), "OUT");
        assert_eq!(browser.get("/").await.header("x-ausername"), "anonymous");
    }
}

#[tokio::test]
async fn a_balancers_cookie_comes_with_a_session_when_there_is_a_balancer() {
    let options = AppOptions { balancer_cookie: true, ..options("http://jira.localhost") };
    let app = start_app(Profile::Jira9, options).await.unwrap();
    let answer = Browser::at(app.address).form("/login.jsp", &ADMIN).await;
    assert_eq!(answer.cookie("ROUTEID"), Some("ROUTEID=.node1; Path=/"));
}
