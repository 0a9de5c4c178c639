//! What older and newer versions do differently at the log-in.

use demo::{AppOptions, Profile, RunningApp, start_app};
use http::{Method, StatusCode};
use serde_json::json;

use crate::browser::{Answer, Browser};

async fn double(profile: Profile) -> (RunningApp, Browser) {
    let app = start_app(profile, AppOptions::default()).await.unwrap();
    let browser = Browser::at(app.address);
    (app, browser)
}

async fn two_step(browser: &mut Browser, password: &str) -> Answer {
    let body = json!({
        "username": "admin", "password": password, "rememberMe": false, "targetUrl": "/x",
    });
    browser.json(Method::POST, "/rest/tsv/1.0/authenticate", &body).await
}

#[tokio::test]
async fn new_versions_draw_their_form_by_script_and_post_json() {
    for (profile, page, form) in [
        (Profile::Jira10Tsv, "/login.jsp", "/login.jsp"),
        (Profile::Confluence10Tsv, "/login.action", "/dologin.action"),
    ] {
        let (_app, mut browser) = double(profile).await;
        let text = browser.get(page).await.text().to_owned();
        assert!(text.contains("id=\"two-step\""), "{text}");
        assert!(!text.contains("os_username"), "{text}");
        let fields = [("os_username", "admin"), ("os_password", "admin")];
        assert_eq!(browser.form(form, &fields).await.status, StatusCode::NOT_FOUND);
        let wrong = two_step(&mut browser, "wrong").await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert_eq!(wrong.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
        let right = two_step(&mut browser, "admin").await;
        assert_eq!(right.value()["redirectUrl"], "/x");
        assert_eq!(browser.get("/").await.header("x-ausername"), "admin");
    }
}

#[tokio::test]
async fn a_user_who_has_enrolled_gets_no_session_for_a_password() {
    let (app, mut browser) = double(Profile::Jira10Tsv).await;
    Browser::at(app.control_address).send(Method::PUT, "/second-step/admin", None).await;
    let answer = two_step(&mut browser, "admin").await;
    assert_eq!(answer.value()["nextStep"], "SECOND_FACTOR");
    assert!(answer.cookie("JSESSIONID").is_none());
    assert_eq!(browser.get("/").await.header("x-ausername"), "anonymous");
}

#[tokio::test]
async fn old_versions_do_not_know_the_new_address() {
    for profile in [Profile::Jira9, Profile::Confluence7] {
        let (_app, mut browser) = double(profile).await;
        assert_eq!(two_step(&mut browser, "admin").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_old_dashboard_has_its_gadget_in_a_frame() {
    let (_app, mut browser) = double(Profile::Jira52).await;
    let dashboard = browser.get("/").await.text().to_owned();
    assert!(!dashboard.contains("id=\"loginform\""));
    assert!(dashboard.contains("src=\"/plugins/servlet/gadgets/ifr\""));
    let frame = browser.get("/plugins/servlet/gadgets/ifr").await;
    assert!(frame.text().contains("id=\"loginform\""));
    let (_app, mut browser) = double(Profile::Jira9).await;
    assert_eq!(browser.get("/plugins/servlet/gadgets/ifr").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_newest_confluence_reports_on_scripts() {
    let header = "content-security-policy-report-only";
    let (_app, mut browser) = double(Profile::Confluence10Tsv).await;
    assert!(browser.get("/login.action").await.header(header).starts_with("script-src 'self'"));
    let (_app, mut browser) = double(Profile::Confluence7).await;
    assert_eq!(browser.get("/login.action").await.header(header), "");
}

#[test]
fn every_profile_is_found_by_its_name() {
    for name in
        ["jira52", "jira7", "jira9", "jira10-tsv", "confluence5", "confluence7", "confluence10-tsv"]
    {
        assert_eq!(Profile::parse(name).map(Profile::name), Some(name));
    }
    assert_eq!(Profile::parse("jira8"), None);
}

/// Every value of a row names its fact, and the fact is in the list with its source.
#[test]
fn every_value_of_a_version_names_a_fact_that_is_listed() {
    let rows = include_str!("../../src/app/profile.rs");
    let facts = include_str!("../../../../docs/doubles.md");
    let mut values = 0;
    let mut said = "";
    for line in rows.lines().skip_while(|line| !line.starts_with("const JIRA_5_2")) {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("// ") {
            said = comment;
        } else if let Some((name, _)) = line.split_once(": ").filter(|_| line.ends_with(',')) {
            if !matches!(name, "version" | "product") {
                let fact = said.split([':', ' ', '.']).next().unwrap_or_default();
                let listed = facts.lines().any(|row| row.starts_with(&format!("| {fact} |")));
                assert!(fact.starts_with('F') && listed, "{name} names {fact:?}");
                values += 1;
            }
            said = "";
        }
    }
    assert!(values > 25, "{values}");
}
