//! Log-ins by form, JSON and Basic, and what they come to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo::{AppOptions, Profile, RunningApp, start_app};
use http::{Method, StatusCode};
use serde_json::json;

use crate::browser::{Answer, Browser};
use crate::crowd_stub;

/// Posts Jira's form.
async fn post_form(browser: &mut Browser, name: &str, password: &str) -> Answer {
    browser.form("/login.jsp", &[("os_username", name), ("os_password", password)]).await
}

async fn post_json(browser: &mut Browser, name: &str, password: &str) -> Answer {
    let body = json!({ "username": name, "password": password });
    browser.json(Method::POST, "/rest/auth/1/session", &body).await
}

async fn local_jira() -> (RunningApp, Browser) {
    let app = start_app(Profile::Jira9, AppOptions::default()).await.unwrap();
    let browser = Browser::at(app.address);
    (app, browser)
}

#[tokio::test]
async fn a_new_user_is_there_with_groups_after_the_first_log_in() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users", "jira-testgroup1"]).await;
    crowd.lock().is_away = true;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    crowd.lock().is_away = false;
    let mut browser = Browser::at(app.address);

    let answer = browser.get("/browse/DEMO-1").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(
        answer.location(),
        "http://jira.localhost:9080/login.jsp?permissionViolation=true\
         &os_destination=%2Fbrowse%2FDEMO%2D1"
    );
    assert_eq!(answer.header("x-ausername"), "anonymous");

    let fields = [
        ("os_username", "Gonzo"),
        ("os_password", "cannonball"),
        ("os_destination", "/browse/X-1"),
    ];
    let answer = browser.form("/login.jsp", &fields).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.location(), "http://jira.localhost:9080/browse/X-1");
    assert_eq!(answer.header("x-seraph-loginreason"), "OK");

    let page = browser.get("/browse/X-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("x-ausername"), "gonzo");
    assert!(page.text().contains("<li>jira-testgroup1</li>"), "{}", page.text());
    assert!(page.text().contains("gonzo &amp; Co"));
}

#[tokio::test]
async fn the_json_log_in_gives_a_session_and_names_the_user() {
    let (_app, mut browser) = local_jira().await;
    let answer = post_json(&mut browser, "admin", "admin").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.value()["session"]["value"], browser.cookies["JSESSIONID"]);
    let who = browser.get("/rest/auth/1/session").await;
    assert_eq!(who.value()["name"], "admin");
    assert_eq!(
        browser.get("/rest/api/2/myself").await.value()["displayName"],
        "Local Administrator"
    );
    let gone = browser.send(Method::DELETE, "/rest/auth/1/session", None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.get("/rest/auth/1/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_is_named_so_by_form_and_json() {
    let (_app, mut browser) = local_jira().await;
    let answer = post_form(&mut browser, "admin", "wrong").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
    assert!(answer.text().contains("id=\"login-form\""));
    let answer = post_json(&mut browser, "admin", "wrong").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
}

#[tokio::test]
async fn three_wrong_passwords_lock_out_even_the_right_one_and_nobody_is_asked() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    let mut browser = Browser::at(app.address);
    assert_eq!(post_form(&mut browser, "gonzo", "cannonball").await.status, StatusCode::FOUND);
    for _ in 0..3 {
        let answer = post_form(&mut browser, "gonzo", "wrong").await;
        assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
    }
    let checks = crowd.count("POST /authentication");
    let answer = post_json(&mut browser, "gonzo", "cannonball").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATION_DENIED");
    assert_eq!(
        answer.header("x-authentication-denied-reason"),
        "CAPTCHA_CHALLENGE; login-url=http://jira.localhost:9080/login.jsp"
    );
    let page = post_form(&mut browser, "gonzo", "cannonball").await;
    assert!(page.text().contains("id=\"captcha\""));
    assert_eq!(crowd.count("POST /authentication"), checks);

    let mut control = Browser::at(app.control_address);
    control.send(Method::DELETE, "/captcha/gonzo", None).await;
    assert_eq!(post_form(&mut browser, "gonzo", "cannonball").await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn a_user_without_the_right_group_is_known_but_kept_out() {
    let crowd = crowd_stub::with_gonzo(&["something-else"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    let mut browser = Browser::at(app.address);
    let answer = post_json(&mut browser, "gonzo", "cannonball").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHORISATION_FAILED");
    assert!(answer.cookie("JSESSIONID").is_none());
}

#[tokio::test]
async fn an_inactive_user_is_refused() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    crowd.lock().users.get_mut("gonzo").unwrap().inactive = true;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    let answer = post_json(&mut Browser::at(app.address), "gonzo", "cannonball").await;
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
}

#[tokio::test]
async fn a_user_of_whom_nothing_is_said_is_inactive() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    crowd.lock().omits_active = true;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    let answer = post_json(&mut Browser::at(app.address), "gonzo", "cannonball").await;
    assert_eq!(answer.header("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
}

#[tokio::test]
async fn switched_off_log_ins_refuse_in_their_own_words() {
    let (app, mut browser) = local_jira().await;
    let mut control = Browser::at(app.control_address);
    let modes = json!({ "login_form": false, "basic_auth": false, "session_resource": false });
    let set = control.json(Method::PUT, "/modes", &modes).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let form = post_form(&mut browser, "admin", "admin").await;
    assert_eq!(form.status, StatusCode::FORBIDDEN);
    assert!(form.text().contains("disabled"));
    let resource = post_json(&mut browser, "admin", "admin").await;
    assert_eq!(resource.status, StatusCode::FORBIDDEN);
    assert!(resource.text().contains("disabled"));
    browser.headers.push(("authorization", format!("Basic {}", STANDARD.encode("admin:admin"))));
    let basic = browser.get("/rest/api/2/myself").await;
    assert_eq!(basic.status, StatusCode::FORBIDDEN);
    assert_eq!(basic.text(), "Basic Authentication has been disabled on this instance.");
}

#[tokio::test]
async fn basic_credentials_log_in_for_one_request() {
    let (_app, mut browser) = local_jira().await;
    browser.headers.push(("authorization", format!("Basic {}", STANDARD.encode("admin:admin"))));
    let answer = browser.get("/rest/api/2/myself").await;
    assert_eq!(answer.value()["name"], "admin");
    assert_eq!(answer.header("x-seraph-loginreason"), "OK");
    browser.headers.clear();
    assert_eq!(browser.get("/rest/api/2/myself").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_older_jira_takes_credentials_in_the_address() {
    for (profile, user) in [(Profile::Jira7, "admin"), (Profile::Jira9, "anonymous")] {
        let app = start_app(profile, AppOptions::default()).await.unwrap();
        let mut browser = Browser::at(app.address);
        let answer = browser.get("/?os_username=admin&os_password=admin").await;
        assert_eq!(answer.header("x-ausername"), user, "{profile:?}");
    }
}

#[tokio::test]
async fn the_gadget_answers_in_json() {
    let (_app, mut browser) = local_jira().await;
    assert!(browser.get("/").await.text().contains("id=\"loginform\""));
    let wrong = [("os_username", "admin"), ("os_password", "wrong")];
    let answer = browser.form("/rest/gadget/1.0/login", &wrong).await;
    assert_eq!(answer.value()["loginSucceeded"], false);
    let right = [("os_username", "admin"), ("os_password", "admin")];
    let answer = browser.form("/rest/gadget/1.0/login", &right).await;
    assert_eq!(answer.value()["loginSucceeded"], true);
    assert!(!browser.get("/").await.text().contains("id=\"loginform\""));
}

#[tokio::test]
async fn confluence_logs_in_by_its_own_form() {
    let crowd = crowd_stub::with_gonzo(&["confluence-users"]).await;
    let mut options = crowd.options();
    options.public_url = "http://confluence.localhost:9080/wiki".to_owned();
    let app = start_app(Profile::Confluence7, options).await.unwrap();
    let mut browser = Browser::at(app.address);
    let answer = browser.get("/wiki/display/DEMO").await;
    assert_eq!(
        answer.location(),
        "http://confluence.localhost:9080/wiki/login.action?os_destination=%2Fdisplay%2FDEMO\
         &permissionViolation=true"
    );
    let page = browser.get("/wiki/login.action?os_destination=%2Fdisplay%2FDEMO").await;
    for mark in ["name=\"loginform\"", "id=\"login-container\"", "id=\"loginButton\""] {
        assert!(page.text().contains(mark), "{mark}");
    }
    let who = browser.get("/wiki/rest/api/user/current").await;
    assert_eq!(who.value()["type"], "anonymous");
    let fields = [
        ("os_username", "gonzo"),
        ("os_password", "cannonball"),
        ("os_destination", "/display/DEMO"),
    ];
    let answer = browser.form("/wiki/dologin.action", &fields).await;
    assert_eq!(answer.location(), "http://confluence.localhost:9080/wiki/display/DEMO");
    assert!(browser.get("/wiki/display/DEMO").await.text().contains("<li>confluence-users</li>"));
    let who = browser.get("/wiki/rest/api/user/current").await;
    assert_eq!(who.value()["username"], "gonzo");
}
