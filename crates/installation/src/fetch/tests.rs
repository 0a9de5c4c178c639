use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const LIMITS: Limits = Limits { bytes: 1000, time: Duration::from_secs(5) };

/// A server that gives `answer` to whoever comes, and its address.
async fn server(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://127.0.0.1:{port}/metadata")
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn error(address: &str) -> FetchError {
    get(address, None, LIMITS).await.unwrap_err()
}

#[tokio::test]
async fn brings_a_small_document() {
    let fetched = get(&server(ok("<a/>")).await, None, LIMITS).await.unwrap();
    assert_eq!(fetched.body, "<a/>");
    assert_eq!(fetched.content_type, "text/xml");
}

#[tokio::test]
async fn says_the_status_and_where_a_redirect_leads() {
    let address = server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into()).await;
    let found = error(&address).await;
    assert!(matches!(found, FetchError::Status { status: StatusCode::NOT_FOUND, .. }), "{found}");
    let answer =
        "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n";
    let found = error(&server(answer.into()).await).await;
    assert!(found.to_string().contains("http://evil.example/"), "{found}");
    assert!(matches!(found, FetchError::Moved { .. }), "{found}");
}

#[tokio::test]
async fn stops_at_the_limit_of_size() {
    let found = error(&server(ok(&"x".repeat(1001))).await).await;
    assert!(matches!(found, FetchError::TooLarge { limit: 1000, .. }), "{found}");
}

#[tokio::test]
async fn stops_at_the_limit_of_time() {
    let address = server(ok("").replace("Content-Length: 0", "Content-Length: 10")).await;
    let limits = Limits { time: Duration::from_millis(200), ..LIMITS };
    let found = get(&address, None, limits).await.unwrap_err();
    assert!(
        matches!(found, FetchError::Timeout { .. } | FetchError::Unreachable { .. }),
        "{found}"
    );
}

#[tokio::test]
async fn says_that_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let found = error(&format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(found, FetchError::Unreachable { .. }), "{found}");
    assert!(found.to_string().contains("refused"), "the innermost cause: {found}");
}

#[tokio::test]
async fn says_that_the_other_side_does_not_speak_tls() {
    let address =
        server("HTTP/1.1 400 Bad Request\r\n\r\n".into()).await.replace("http:", "https:");
    let found = error(&address).await;
    assert!(matches!(found, FetchError::Tls { .. }), "{found}");
    assert!(found.to_string().contains("tls.trusted_ca_file"), "{found}");
}

#[tokio::test]
async fn refuses_plain_http_to_another_machine_and_other_schemes() {
    let found = error("http://idp.example.com/metadata").await;
    assert!(matches!(found, FetchError::Insecure(_)), "{found}");
    for address in ["file:///etc/passwd", "idp.example.com", "ftp://idp.example.com/"] {
        let found = error(address).await;
        assert!(matches!(found, FetchError::Address(_)), "{address}: {found}");
    }
}

#[tokio::test]
async fn an_authority_file_without_certificates_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "nothing").unwrap();
    let found = get("https://localhost:1/", Some(&file), LIMITS).await.unwrap_err();
    assert!(found.to_string().contains("ca.pem: it holds no certificate"), "{found}");
}
