//! TLS 1.2 and 1.3 with ciphers of today, as another program sees it.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

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
async fn clear_text_at_a_tls_port_is_not_answered_and_harms_nobody() {
    let site = Site::with_tls(showing().await.address).await;
    let mut lost = site.client().await;
    lost.send("GET / HTTP/1.1\r\nHost: jira.example.com\r\n\r\n").await;
    let answer = lost.reader.some().await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    assert_eq!(site.secure_client().await.get("/", "").await.status(), 200);
}
