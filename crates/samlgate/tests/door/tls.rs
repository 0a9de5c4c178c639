//! TLS 1.2 and 1.3 with ciphers of today, as another program sees it.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use gateway::listen::Limits;
use testkit::http::showing;

use crate::site::Site;

/// What `openssl s_client` says of a handshake with these options.
async fn handshake(address: SocketAddr, options: &'static str) -> String {
    let run = move || {
        let output = Command::new("openssl")
            .args(["s_client", "-connect", &address.to_string(), "-servername", "jira.example.com"])
            .args(options.split(' '))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn tls_1_2_and_1_3_with_forward_secrecy_and_nothing_older() {
    let site = Site::with_tls(showing().await.address).await;
    for (options, expected) in [
        ("-tls1_3", "New, TLSv1.3, Cipher is TLS_"),
        ("-tls1_2", "New, TLSv1.2, Cipher is ECDHE-"),
        ("-alpn h2,http/1.1", "ALPN protocol: h2"),
        ("-alpn http/1.1", "ALPN protocol: http/1.1"),
        ("-alpn http/1.0", "ALPN protocol: http/1.0"),
        ("-tls1_1 -cipher ALL:@SECLEVEL=0", "SSL alert number"),
        ("-tls1 -cipher ALL:@SECLEVEL=0", "SSL alert number"),
        ("-tls1_2 -cipher AES128-GCM-SHA256", "SSL alert number 40"),
        ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", "SSL alert number 40"),
    ] {
        let said = handshake(site.address, options).await;
        assert!(said.contains(expected), "{options}: {said}");
    }
}

#[tokio::test]
async fn plain_http_at_a_tls_port_is_answered_in_words_and_harms_nobody() {
    let site = Site::with_tls(showing().await.address).await;
    for start in
        ["GET / HTTP/1.1", "\r\nGET / HTTP/1.1", "post /login.jsp HTTP/1.0", "PRI * HTTP/2.0"]
    {
        let mut lost = site.client().await;
        lost.send(&format!("{start}\r\nHost: jira.example.com\r\n\r\n")).await;
        let answer = lost.reader.response("GET").await.expect("an answer");
        assert_eq!(answer.status(), 400, "{start}");
        assert_eq!(answer.body, b"This port speaks HTTPS: use https:// in place of http://.\n");
    }
    assert_eq!(site.secure_client().await.get("/", "").await.status(), 200);
}

#[tokio::test]
async fn plain_http_with_a_body_at_a_tls_port_still_gets_the_answer() {
    let site = Site::with_tls(showing().await.address).await;
    let mut lost = site.client().await;
    lost.send("POST / HTTP/1.1\r\nHost: jira.example.com\r\nContent-Length: 60000\r\n\r\n").await;
    lost.send(&"x".repeat(60_000)).await;
    assert_eq!(lost.reader.response("GET").await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn tls_at_a_plain_port_is_refused_at_once_and_harms_nobody() {
    let site = Site::plain(showing().await.address).await;
    for options in ["-tls1_3", "-tls1_2", "-tls1 -cipher ALL:@SECLEVEL=0"] {
        let begun = std::time::Instant::now();
        let said = handshake(site.address, options).await;
        assert!(said.contains("wrong version number"), "{options}: {said}");
        assert!(begun.elapsed() < Limits::default().head / 2, "{options}: not left to wait");
    }
    assert_eq!(site.client().await.get("/", "").await.status(), 200);
}
