//! What the app hears of the way before: the same in front and behind a trusted proxy.

use testkit::http::{Message, showing};

use crate::site::{Setup, Site};

const TRUSTED: &str = "[proxies]\ntrusted = [\"127.0.0.1\", \"10.0.0.0/8\"]";

const CLAIMS: &str = "X-Forwarded-For: 198.51.100.66, 203.0.113.5, 10.1.2.3\r\n\
                      X-Forwarded-Proto: http\r\nX-Forwarded-Port: 81\r\nX-Real-IP: 198.51.100.66\r\n\
                      Forwarded: for=198.51.100.66;host=evil.example\r\nX-Request-Id: 66\r\n";

/// The request that the app saw, from an answer that shows it, without its request ID.
fn seen(answer: &Message) -> Vec<String> {
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let headers = text.split("headers: [").nth(1).unwrap().split("], body").next().unwrap();
    let mut lines: Vec<String> = headers
        .split("(\"")
        .skip(1)
        .map(|header| {
            let (name, value) = header.split_once("\", [").unwrap();
            let bytes = value.split(']').next().unwrap().split(", ").filter_map(|n| n.parse().ok());
            format!("{name}: {}", String::from_utf8(bytes.collect()).unwrap())
        })
        .filter(|line| !line.starts_with("x-request-id: "))
        .collect();
    lines.sort();
    lines
}

fn told(client: &str) -> Vec<String> {
    ["host: jira.example.com", "x-forwarded-for: CLIENT", "x-forwarded-host: jira.example.com"]
        .iter()
        .chain(&["x-forwarded-proto: https"])
        .map(|line| line.replace("CLIENT", client))
        .collect()
}

#[tokio::test]
async fn claims_of_somebody_untrusted_are_dropped() {
    let site = Site::plain(showing().await.address).await;
    let mut client = site.client().await;
    assert_eq!(seen(&client.get("/", "").await), told("127.0.0.1"));
    assert_eq!(seen(&client.get("/", CLAIMS).await), told("127.0.0.1"));
    let host = "X-Forwarded-Host: other.example.com\r\n";
    assert_eq!(seen(&client.get("/", host).await), told("127.0.0.1"));
}

#[tokio::test]
async fn a_trusted_proxy_s_word_is_taken_for_the_person_and_the_host_alone() {
    let setup = Setup { configuration: TRUSTED, ..Setup::default() };
    let site = Site::open(showing().await.address, setup).await;
    let mut client = site.client().await;
    assert_eq!(seen(&client.get("/", CLAIMS).await), told("203.0.113.5"));
    let host = "X-Forwarded-Host: jira.example.com, inner.example.com\r\n";
    client
        .send(format!(
            "GET / HTTP/1.1\r\nHost: 10.1.2.3:8080\r\nX-Forwarded-For: [2001:db8::5]:4711\r\n{host}\r\n"
        ))
        .await;
    assert_eq!(seen(&client.reader.response("GET").await.unwrap()), told("2001:db8::5"));
    let other = client.get("/", "X-Forwarded-Host: other.example.com\r\n").await;
    assert_eq!(other.status(), 421, "only the settings say which hosts there are");
}

#[tokio::test]
async fn a_host_is_the_same_in_any_case_and_with_the_scheme_s_own_port() {
    let site = Site::plain(showing().await.address).await;
    let mut client = site.client().await;
    for host in ["jira.example.com", "JIRA.Example.com", "jira.example.com:443"] {
        client.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        let answer = client.reader.response("GET").await.unwrap();
        assert_eq!(seen(&answer), told("127.0.0.1"), "{host}");
    }
    for host in
        ["jira.example.com:80", "jira.example.com:8443", "jira.example.com.", "x.jira.example.com"]
    {
        client.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert_eq!(client.reader.response("GET").await.unwrap().status(), 421, "{host}");
    }
}

#[tokio::test]
async fn a_whole_address_as_target_is_a_path_of_that_host() {
    let site = Site::plain(showing().await.address).await;
    let mut client = site.client().await;
    let answer = client.get("https://jira.example.com/browse/A-1?b", "").await;
    assert!(String::from_utf8_lossy(&answer.body).contains("GET /browse/A-1?b HTTP/1.1"));
    for target in ["https://other.example.com/", "http://user@jira.example.com/"] {
        assert_eq!(client.get(target, "").await.status(), 400, "{target}");
    }
}
