//! An app that is reached by TLS with a certificate of the company's own authority.

use std::path::Path;
use std::sync::Arc;

use gateway::{Body, GatewayError};
use http::{Request, Response};
use installation::Installation;
use installation::config::Config;
use installation::runtime::Clock;
use installation::settings::{self, AppSettings};
use rustls_pki_types::PrivatePkcs8KeyDer;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An app at `https://localhost:PORT` that answers one request; its certificate is in `ca.pem`.
async fn app(folder: &Path) -> u16 {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("ca.pem"), made.cert.pem()).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // Whoever does not trust the certificate ends here.
        let Ok(mut stream) = acceptor.accept(stream).await else { return };
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    });
    port
}

/// Asks the app as the settings of a server with this start-up file reach it.
async fn ask(start_up: &str) -> Result<Response<Body>, GatewayError> {
    let folder = tempfile::tempdir().unwrap();
    let port = app(folder.path()).await;
    let text = format!("{start_up}\n[database]\nurl = \"sqlite:samlgate.db\"\n");
    let file = folder.path().join("samlgate.toml");
    let config = Config::parse(&file, &text, std::iter::empty()).unwrap();
    let clock = Clock::system();
    let installation = Installation::open(&config, clock.clone()).await.unwrap();
    let wiki: AppSettings = serde_json::from_value(json!({
        "kind": "confluence",
        "public_url": "https://wiki.example.com",
        "upstream": format!("https://localhost:{port}"),
    }))
    .unwrap();
    settings::put(
        &installation.store,
        "wiki",
        &wiki,
        settings::Expect::Free,
        settings::By::command_line(clock.now()),
    )
    .await
    .unwrap();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
    let request = Request::get("/").header("host", "wiki.example.com").body(Body::default());
    let upstream = installation.settings.current().apps["wiki"].upstream.clone();
    upstream.send(request.unwrap()).await
}

#[tokio::test]
async fn an_app_behind_the_companys_own_authority_is_reached_when_the_file_names_it() {
    let answer = ask("[tls]\ntrusted_ca_file = \"ca.pem\"").await.unwrap();
    assert_eq!(answer.status(), 204);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_not_taken() {
    let error = ask("").await.unwrap_err();
    assert!(matches!(error, GatewayError::Unreachable(_)), "{error}");
}
