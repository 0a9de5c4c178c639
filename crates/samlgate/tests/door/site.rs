//! A server with one app, at a port of loopback, with or without TLS.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gateway::listen::{self, Limits, TlsFiles};
use installation::Installation;
use installation::config::Config;
use installation::runtime::Clock;
use installation::settings::{self, AppSettings};
use samlgate::front::Front;
use samlgate::front::gate;
use serde_json::json;
use tempfile::TempDir;
use testkit::http::Client;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The public authority of the app.
pub(crate) const HOST: &str = "jira.example.com";

/// A server that runs as long as the value lives.
pub(crate) struct Site {
    /// The public listener.
    pub(crate) address: SocketAddr,
    /// What serves.
    pub(crate) front: Arc<Front>,
    /// Says true when the server is to stop.
    pub(crate) stop: watch::Sender<bool>,
    /// Done when it has.
    pub(crate) serving: tokio::task::JoinHandle<()>,
    certificate: Option<rustls_pki_types::CertificateDer<'static>>,
    #[expect(dead_code, reason = "it is removed at the end")]
    folder: TempDir,
}

/// How a server is set up.
#[derive(Default)]
pub(crate) struct Setup {
    /// It has a certificate.
    pub(crate) tls: bool,
    /// Lines for the start-up file.
    pub(crate) configuration: &'static str,
    /// What a connection may cost.
    pub(crate) limits: Limits,
    /// The public authority of the app, where it is not the usual one.
    pub(crate) authority: &'static str,
    /// Headers that reach the app.
    pub(crate) pass_headers: &'static [&'static str],
}

impl Site {
    /// Serves the app at `upstream`.
    pub(crate) async fn open(upstream: SocketAddr, setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let front = front(folder.path(), upstream, &setup).await;
        let (certificate, tls) = match setup.tls.then(|| certificate(folder.path())) {
            Some((certificate, files)) => (Some(certificate), Some(files)),
            None => (None, None),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = front.clone();
        let pass = move |request, peer| gate::pass(serving.clone(), request, peer);
        let serving = tokio::spawn(listen::serve(listener, tls, setup.limits, stopped, pass));
        Site { address, front, stop, serving, certificate, folder }
    }

    /// Serves the app at `upstream` in clear, with everything at its default.
    pub(crate) async fn plain(upstream: SocketAddr) -> Self {
        Site::open(upstream, Setup::default()).await
    }

    /// Serves the app at `upstream` with TLS.
    pub(crate) async fn with_tls(upstream: SocketAddr) -> Self {
        Site::open(upstream, Setup { tls: true, ..Setup::default() }).await
    }

    /// A connection in clear.
    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address, HOST).await
    }

    /// A TLS connection that agrees on one of `protocols`.
    pub(crate) async fn secure(&self, protocols: &[&str]) -> TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.certificate.clone().unwrap()).unwrap();
        let mut config =
            rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = HOST.try_into().unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }

    /// A TLS connection over which HTTP/1.1 is spoken.
    pub(crate) async fn secure_client(&self) -> Client<TlsStream<TcpStream>> {
        Client::over(self.secure(&["http/1.1"]).await, HOST)
    }
}

/// A front door in `folder` that knows one app.
pub(crate) async fn front(folder: &Path, upstream: SocketAddr, setup: &Setup) -> Arc<Front> {
    let more = setup.configuration;
    let authority = if setup.authority.is_empty() { HOST } else { setup.authority };
    let text = format!("{more}\n[database]\nurl = \"sqlite:samlgate.db\"\n");
    let config = Config::parse(&folder.join("samlgate.toml"), &text, std::iter::empty()).unwrap();
    let clock = Clock::system();
    let installation = Installation::open(&config, clock.clone()).await.unwrap();
    let app: AppSettings = serde_json::from_value(json!({
        "kind": "confluence",
        "public_url": format!("https://{authority}"),
        "upstream": format!("http://{upstream}"),
        "pass_headers": setup.pass_headers,
    }))
    .unwrap();
    settings::put(
        &installation.store,
        "wiki",
        &app,
        settings::Expect::Free,
        settings::By::command_line(clock.now()),
    )
    .await
    .unwrap();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
    Arc::new(Front::new(installation))
}

fn certificate(folder: &Path) -> (rustls_pki_types::CertificateDer<'static>, TlsFiles) {
    let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (made.cert.der().clone(), TlsFiles::open(&certificate, &key).unwrap())
}
