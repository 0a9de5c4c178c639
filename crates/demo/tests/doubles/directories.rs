//! The order of directories, synchronisation, and what a log-in copies.

use demo::{AppOptions, InternalUser, Profile, RunningApp, start_app};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::crowd_stub::{self, Crowd};

async fn synchronise(app: &RunningApp) -> Value {
    let mut control = Browser::at(app.control_address);
    control.send(Method::POST, "/sync", None).await.value()
}

/// What the app knows of a user.
async fn known(app: &RunningApp, name: &str) -> Value {
    let answer = Browser::at(app.control_address).get(&format!("/users/{name}")).await;
    if answer.status == StatusCode::NOT_FOUND {
        Value::Null
    } else {
        answer.value()["user"].clone()
    }
}

async fn log_in(app: &RunningApp, password: &str) -> StatusCode {
    let body = json!({ "username": "gonzo", "password": password });
    let mut browser = Browser::at(app.address);
    browser.json(Method::POST, "/rest/auth/1/session", &body).await.status
}

fn local_gonzo() -> InternalUser {
    InternalUser {
        name: "gonzo".to_owned(),
        full_name: "Local Gonzo".to_owned(),
        email: "local@example.test".to_owned(),
        password: "local".to_owned(),
        groups: vec!["jira-software-users".to_owned()],
        active: true,
    }
}

fn change_groups(crowd: &Crowd, groups: &[&str]) {
    let names: Vec<String> = groups.iter().map(|name| (*name).to_owned()).collect();
    let mut stub = crowd.lock();
    stub.groups.extend(names.iter().cloned());
    stub.groups.sort();
    stub.groups.dedup();
    stub.users.get_mut("gonzo").unwrap().groups = names;
}

#[tokio::test]
async fn the_first_directory_that_holds_the_name_decides_password_and_groups() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users", "from-crowd"]).await;
    let options = AppOptions { internal_users: vec![local_gonzo()], ..crowd.options() };
    let app = start_app(Profile::Jira9, options).await.unwrap();
    synchronise(&app).await;
    assert_eq!(log_in(&app, "local").await, StatusCode::OK);
    assert_eq!(log_in(&app, "cannonball").await, StatusCode::UNAUTHORIZED);
    assert_eq!(crowd.count("POST /authentication"), 0, "Crowd is behind and is not asked");
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users"]));

    let mut control = Browser::at(app.control_address);
    assert_eq!(
        control.json(Method::PUT, "/directories/order", &json!([2, 1])).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(log_in(&app, "cannonball").await, StatusCode::OK);
    assert_eq!(log_in(&app, "local").await, StatusCode::UNAUTHORIZED);
    let groups = known(&app, "gonzo").await["groups"].clone();
    assert_eq!(groups, json!(["from-crowd", "jira-software-users"]));
}

#[tokio::test]
async fn a_full_synchronisation_asks_in_the_order_of_the_stock_client() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    // Ends after the one that follows the start.
    synchronise(&app).await;
    crowd.lock().asked.clear();
    assert_eq!(synchronise(&app).await["ok"], true);
    let asked: Vec<String> = crowd.lock().asked.clone();
    assert_eq!(
        asked,
        ["GET /event", "POST /search", "POST /search", "GET /group/membership", "GET /event"]
    );
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users"]));
}

#[tokio::test]
async fn an_old_server_is_asked_group_by_group() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users", "other"]).await;
    crowd.lock().is_old = true;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    assert_eq!(synchronise(&app).await["ok"], true);
    assert!(crowd.count("GET /group/user/direct") >= 2);
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users", "other"]));
}

#[tokio::test]
async fn users_and_groups_that_are_gone_go_with_a_synchronisation() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    synchronise(&app).await;
    assert_eq!(known(&app, "gonzo").await["email"], "gonzo@muppets.com");
    crowd.lock().users.clear();
    synchronise(&app).await;
    assert_eq!(known(&app, "gonzo").await, Value::Null);
}

#[tokio::test]
async fn a_server_that_is_away_leaves_the_copy_as_it_was() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    synchronise(&app).await;
    crowd.lock().is_away = true;
    assert_eq!(synchronise(&app).await["ok"], false);
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users"]));
    assert_eq!(log_in(&app, "cannonball").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_jira_takes_new_groups_over_at_log_in() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    synchronise(&app).await;
    change_groups(&crowd, &["jira-software-users", "brand-new"]);
    crowd.lock().users.get_mut("gonzo").unwrap().email = "new@muppets.com".to_owned();
    assert_eq!(log_in(&app, "cannonball").await, StatusCode::OK);
    let gonzo = known(&app, "gonzo").await;
    assert_eq!(gonzo["groups"], json!(["brand-new", "jira-software-users"]));
    assert_eq!(gonzo["email"], "new@muppets.com");
    assert_eq!(crowd.count("GET /group"), 1, "only the missing group is asked for");
}

#[tokio::test]
async fn an_old_jira_waits_for_the_synchronisation() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira7, crowd.options()).await.unwrap();
    synchronise(&app).await;
    change_groups(&crowd, &["jira-software-users", "brand-new"]);
    crowd.lock().users.get_mut("gonzo").unwrap().email = "new@muppets.com".to_owned();
    assert_eq!(log_in(&app, "cannonball").await, StatusCode::OK);
    let gonzo = known(&app, "gonzo").await;
    assert_eq!(gonzo["groups"], json!(["jira-software-users"]));
    assert_eq!(gonzo["email"], "gonzo@muppets.com");
    synchronise(&app).await;
    let groups = known(&app, "gonzo").await["groups"].clone();
    assert_eq!(groups, json!(["brand-new", "jira-software-users"]));
}

#[tokio::test]
async fn the_last_group_goes_with_a_synchronisation_only() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users", "second"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    synchronise(&app).await;
    change_groups(&crowd, &["jira-software-users"]);
    log_in(&app, "cannonball").await;
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users"]));
    change_groups(&crowd, &[]);
    log_in(&app, "cannonball").await;
    assert_eq!(known(&app, "gonzo").await["groups"], json!(["jira-software-users"]));
    synchronise(&app).await;
    assert_eq!(known(&app, "gonzo").await["groups"], json!([]));
}

#[tokio::test]
async fn a_renamed_user_stays_the_same_user() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = start_app(Profile::Jira9, crowd.options()).await.unwrap();
    synchronise(&app).await;
    {
        let mut stub = crowd.lock();
        let gonzo = stub.users.remove("gonzo").unwrap();
        stub.users.insert("gonzales".to_owned(), gonzo);
    }
    let body = json!({ "username": "gonzales", "password": "cannonball" });
    let answer = Browser::at(app.address).json(Method::POST, "/rest/auth/1/session", &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(known(&app, "gonzo").await, Value::Null);
}
