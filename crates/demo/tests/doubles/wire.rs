//! What the Crowd client insists on, and what Test Connection tells the administrator.

use demo::{Profile, RunningApp, WireFormat, start_app};
use http::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::crowd_stub::{self, Crowd};

async fn test_connection(app: &RunningApp, crowd: &Crowd, password: &str) -> Value {
    let form = json!({
        "url": format!("http://{}/crowd", crowd.address),
        "name": "jira",
        "password": password,
    });
    let mut control = Browser::at(app.control_address);
    control.json(Method::POST, "/directories/test", &form).await.value()
}

async fn app(crowd: &Crowd) -> RunningApp {
    start_app(Profile::Jira9, demo::AppOptions { crowd: None, ..crowd.options() }).await.unwrap()
}

#[tokio::test]
async fn the_connection_test_succeeds_with_one_search() {
    let crowd = crowd_stub::with_gonzo(&[]).await;
    let app = app(&crowd).await;
    assert_eq!(test_connection(&app, &crowd, "se:cret").await["ok"], true);
    assert_eq!(crowd.lock().asked, ["POST /search"]);
    assert_eq!(crowd.lock().accepted, ["application/xml"]);
}

#[tokio::test]
async fn a_wrong_application_password_is_told_in_the_servers_words() {
    let crowd = crowd_stub::with_gonzo(&[]).await;
    let app = app(&crowd).await;
    let result = test_connection(&app, &crowd, "wrong").await;
    assert_eq!(result["ok"], false);
    let message = result["message"].as_str().unwrap();
    assert!(message.contains("wrong application name or password"), "{message}");
}

#[tokio::test]
async fn an_answer_without_the_version_header_comes_from_no_crowd_server() {
    let crowd = crowd_stub::with_gonzo(&[]).await;
    crowd.lock().hides_version = true;
    let app = app(&crowd).await;
    let result = test_connection(&app, &crowd, "se:cret").await;
    let message = result["message"].as_str().unwrap();
    assert!(message.contains("X-Embedded-Crowd-Version"), "{message}");
}

#[tokio::test]
async fn a_directory_can_be_added_while_the_app_runs() {
    let crowd = crowd_stub::with_gonzo(&["jira-software-users"]).await;
    let app = app(&crowd).await;
    let mut control = Browser::at(app.control_address);
    let form = json!({
        "directory_name": "Samlgate",
        "url": format!("http://{}/crowd", crowd.address),
        "name": "jira",
        "password": "se:cret",
        "groups_on_log_in": "new-users",
        "position": 0,
    });
    let id = control.json(Method::POST, "/directories", &form).await.value()["id"].clone();
    control.send(Method::POST, "/sync", None).await;
    let state = control.get("/state").await.value();
    assert_eq!(state["directories"][0]["id"], id);
    assert_eq!(state["directories"][0]["users"], json!(["gonzo"]));
    assert_eq!(state["directories"][0]["in_step"], true);
}

#[tokio::test]
async fn json_is_asked_for_when_chosen() {
    let crowd = crowd_stub::with_gonzo(&[]).await;
    let options = demo::AppOptions { crowd_format: WireFormat::Json, ..crowd.options() };
    let app = start_app(Profile::Jira9, options).await.unwrap();
    Browser::at(app.control_address).send(Method::POST, "/sync", None).await;
    assert!(crowd.lock().accepted.iter().all(|accepted| accepted == "application/json"));
}
