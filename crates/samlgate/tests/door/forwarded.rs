//! What the app hears of the way before: the same in front and behind a trusted proxy.

use testkit::http::{Client, Message, showing};

use crate::site::{Setup, Site};

const TRUSTED: &str = "[proxies]\ntrusted = [\"127.0.0.1\", \"10.0.0.0/8\"]";

const CLAIMS: &str = "X-Forwarded-For: 198.51.100.66, 203.0.113.5, 10.1.2.3\r\n\
                      X-Forwarded-Proto: http\r\nX-Forwarded-Port: 81\r\nX-Real-IP: 198.51.100.66\r\n\
                      Forwarded: for=198.51.100.66;host=evil.example\r\nX-Request-Id: 66\r\n\
                      Remote-User: admin\r\nREMOTE_USER: admin\r\nX-Forwarded-User: admin\r\n\
                      X_Remote_User: admin\r\nTrue-Client-IP: 127.0.0.1\r\nx-client_ip: 127.0.0.1\r\n\
                      X-Forwarded-Scheme: http\r\nX_Forwarded_For: 127.0.0.1\r\nOIDC_CLAIM_sub: admin\r\n";

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
        .chain(&["x-forwarded-port: 443", "x-forwarded-proto: https"])
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
    let behind_two = "X-Forwarded-For: [2001:db8::5]:4711, 10.1.2.3\r\n\
                      X-Forwarded-Host: evil.example, jira.example.com, inner.example.com\r\n";
    let standard = "Forwarded: for=127.0.0.1;host=evil.example, \
                    for=\"[2001:db8::5]:4711\";host=jira.example.com;proto=https\r\n";
    let with_port = "X-Forwarded-For: 2001:db8::5\r\nX-Forwarded-Host: JIRA.example.com\r\n\
                     X-Forwarded-Port: 443\r\n";
    for said in [behind_two, standard, with_port] {
        assert_eq!(seen(&asking(&mut client, "10.1.2.3:8080", said).await), told("2001:db8::5"));
    }
    let other = asking(&mut client, "10.1.2.3", "X-Forwarded-Host: other.example.com\r\n").await;
    assert_eq!(other.status(), 421, "only the settings say which hosts there are");
}

/// A request for a host, with further headers.
async fn asking(client: &mut Client, host: &str, headers: &str) -> Message {
    client.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n")).await;
    client.reader.response("GET").await.unwrap()
}

#[tokio::test]
async fn a_host_that_names_an_app_is_believed_before_any_proxy_s_word_for_it() {
    let setup = Setup { configuration: TRUSTED, ..Setup::default() };
    let site = Site::open(showing().await.address, setup).await;
    let mut client = site.client().await;
    for claim in [
        "X-Forwarded-Host: other.example.com\r\n",
        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Host: other.example.com:8443\r\n",
        "X-Forwarded-Port: 8443\r\n",
        "X-Forwarded-Host: \r\n",
        "Forwarded: host=other.example.com;for=127.0.0.1\r\n",
    ] {
        let answer = asking(&mut client, "jira.example.com", claim).await;
        assert_eq!(seen(&answer), told("127.0.0.1"), "{claim}");
    }
}

#[tokio::test]
async fn an_app_at_a_port_of_its_own_is_found_where_a_proxy_keeps_the_port_apart() {
    let at =
        Setup { authority: "jira.example.com:8443", configuration: TRUSTED, ..Setup::default() };
    let site = Site::open(showing().await.address, at).await;
    let mut client = site.client().await;
    for (host, said) in [
        ("jira.example.com:8443", ""),
        ("jira.example.com", "X-Forwarded-Port: 8443\r\n"),
        ("jira.example.com:9080", "X-Forwarded-Port: 8443\r\n"),
        ("10.1.2.3", "X-Forwarded-Host: jira.example.com\r\nX-Forwarded-Port: 8443\r\n"),
        ("10.1.2.3", "X-Forwarded-Host: jira.example.com:8443\r\nX-Forwarded-Port: 443\r\n"),
        ("10.1.2.3", "Forwarded: for=127.0.0.1;host=\"jira.example.com:8443\"\r\n"),
    ] {
        let seen = seen(&asking(&mut client, host, said).await);
        for line in ["host: jira.example.com:8443", "x-forwarded-port: 8443"] {
            assert!(seen.contains(&line.to_owned()), "{host} {said}: {seen:?}");
        }
    }
    for (host, said) in [
        ("jira.example.com", ""),
        ("jira.example.com", "X-Forwarded-Port: 443\r\n"),
        ("jira.example.com", "X-Forwarded-Port: 81, 443\r\n"),
        ("10.1.2.3", "X-Forwarded-Host: jira.example.com\r\n"),
    ] {
        assert_eq!(asking(&mut client, host, said).await.status(), 421, "{host} {said}");
    }
}

#[tokio::test]
async fn who_asks_for_a_host_without_an_app_is_told_which_one() {
    let site = Site::plain(showing().await.address).await;
    let mut client = site.client().await;
    for (host, said) in [
        ("jira.example.com:8443", "no app at jira.example.com:8443"),
        ("wiki.example.com", "no app at wiki.example.com"),
        ("10.1.2.3:9080", "listen.operations"),
        ("[::1]", "listen.operations"),
    ] {
        let answer = asking(&mut client, host, "X-Forwarded-Host: evil.example\r\n").await;
        let text = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status(), 421);
        assert!(text.contains(said) && !text.contains("evil"), "{text}");
    }
}

#[tokio::test]
async fn an_app_may_let_a_name_through() {
    let setup = Setup { pass_headers: &["X-Auth-Token"], ..Setup::default() };
    let site = Site::open(showing().await.address, setup).await;
    let mut client = site.client().await;
    let headers = "X-Auth-Token: secret\r\nX_Auth_Token: other\r\nX-Auth-User: admin\r\n";
    let mut expected = told("127.0.0.1");
    expected.insert(1, "x-auth-token: secret".to_owned());
    assert_eq!(seen(&client.get("/", headers).await), expected);
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
