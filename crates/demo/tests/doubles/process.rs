//! A double as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::browser::Browser;

#[tokio::test]
async fn prints_its_addresses_and_ends_with_its_standard_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_samlgate-double"))
        .args(["jira", "--profile", "jira7", "--public-url", "http://jira.localhost/jira"])
        .arg("--until-stdin-ends")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let address: SocketAddr = ready["address"].as_str().unwrap().parse().unwrap();
    let info = Browser::at(address).get("/jira/rest/api/2/serverInfo").await.value();
    assert_eq!(info["version"], "7.13.18");
    assert_eq!(info["baseUrl"], "http://jira.localhost/jira");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn keeps_the_password_off_the_command_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_samlgate-double"))
        .args(["jira", "--public-url", "http://a", "--crowd-url", "http://127.0.0.1:1"])
        .env_remove("SAMLGATE_DOUBLE_CROWD_PASSWORD")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("SAMLGATE_DOUBLE_CROWD_PASSWORD is not set"), "{error}");
}
