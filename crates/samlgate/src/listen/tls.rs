//! Our own certificate and key, from files that may change while we run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The files are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A certificate that follows its files. A clone follows along.
#[derive(Clone)]
pub struct TlsFiles {
    current: Arc<ArcSwap<ServerConfig>>,
}

impl TlsFiles {
    /// Reads the files, and again whenever they change. A pair that cannot be used then is
    /// reported, and the old one stays.
    ///
    /// # Errors
    /// When the files cannot be used now; the message names the file.
    pub fn open(certificate_file: &Path, key_file: &Path) -> anyhow::Result<Self> {
        let current = Arc::new(ArcSwap::new(read(certificate_file, key_file)?));
        let files = [certificate_file.to_owned(), key_file.to_owned()];
        tokio::spawn(follow(files, Arc::downgrade(&current)));
        Ok(TlsFiles { current })
    }

    /// An acceptor with the certificate as it is now.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

async fn follow(files: [PathBuf; 2], current: std::sync::Weak<ArcSwap<ServerConfig>>) {
    let mut seen = changed(&files);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(current) = current.upgrade() else { return };
        let now = changed(&files);
        if now == seen {
            continue;
        }
        seen = now;
        match read(&files[0], &files[1]) {
            Ok(config) => {
                current.store(config);
                tracing::info!(file = %files[0].display(), "the TLS certificate was read again");
            }
            Err(error) => tracing::error!("the TLS certificate stays as it was: {error:#}"),
        }
    }
}

fn changed(files: &[PathBuf; 2]) -> [Option<SystemTime>; 2] {
    files.each_ref().map(|file| std::fs::metadata(file).and_then(|data| data.modified()).ok())
}

fn read(certificate_file: &Path, key_file: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    let name = |file: &Path| format!("cannot use the TLS file {}", file.display());
    let chain = CertificateDer::pem_file_iter(certificate_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| name(certificate_file))?;
    let key = PrivateKeyDer::from_pem_file(key_file).with_context(|| name(key_file))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| name(certificate_file))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
