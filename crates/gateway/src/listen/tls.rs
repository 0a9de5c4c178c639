//! Our own certificate and key, from files that may change while we run.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls_pki_types::pem::{self, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

/// The files are looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A certificate that follows its files. A clone follows along.
#[derive(Clone)]
pub struct TlsFiles {
    current: Arc<ArcSwap<ServerConfig>>,
}

/// A certificate or key that cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The file cannot be read, or holds something else.
    #[error("cannot use the TLS file {}: {}", .0.display(), .1)]
    File(PathBuf, pem::Error),
    /// The key is not the certificate's, or of a kind that is not spoken.
    #[error("cannot use the TLS file {}: {}", .0.display(), .1)]
    Pair(PathBuf, rustls::Error),
}

impl TlsFiles {
    /// Reads the files, and again whenever they change. A pair that cannot be used then is
    /// reported, and the old one stays.
    ///
    /// # Errors
    /// When the files cannot be used now; the message names the file.
    pub fn open(certificate_file: &Path, key_file: &Path) -> Result<Self, TlsError> {
        // Seen before it is read: a change in between is a change.
        let files = Files::new(certificate_file, key_file);
        let current = Arc::new(ArcSwap::new(read(certificate_file, key_file)?));
        tokio::spawn(follow(files, Arc::downgrade(&current)));
        Ok(TlsFiles { current })
    }

    /// An acceptor with the certificate as it is now.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

async fn follow(mut files: Files, current: Weak<ArcSwap<ServerConfig>>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(current) = current.upgrade() else { return };
        files.look(&current);
    }
}

/// The two files and what was last seen of them.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
    seen: [Option<Seen>; 2],
}

/// What tells one content of a file from another: a new file may carry an old file's time.
type Seen = (SystemTime, u64, u64);

impl Files {
    fn new(certificate: &Path, key: &Path) -> Self {
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        let mut files = Files { certificate, key, seen: [None; 2] };
        files.seen = files.see();
        files
    }

    fn see(&self) -> [Option<Seen>; 2] {
        [&self.certificate, &self.key].map(|file| {
            let data = std::fs::metadata(file).ok()?;
            Some((data.modified().ok()?, data.ino(), data.len()))
        })
    }

    /// Takes over what has changed. While one of the two is new and the other old they do not fit
    /// each other, and the pair in use stays.
    fn look(&mut self, current: &ArcSwap<ServerConfig>) {
        let now = self.see();
        if now == self.seen {
            return;
        }
        self.seen = now;
        match read(&self.certificate, &self.key) {
            Ok(config) => {
                current.store(config);
                let file = self.certificate.display();
                tracing::info!(%file, "the TLS certificate was read again");
            }
            Err(error) => tracing::error!("the TLS certificate stays as it was: {error}"),
        }
    }
}

fn read(certificate_file: &Path, key_file: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let unread = |file: &Path| {
        let file = file.to_owned();
        move |error| TlsError::File(file, error)
    };
    let chain = CertificateDer::pem_file_iter(certificate_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unread(certificate_file))?;
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(unread(key_file))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| TlsError::Pair(certificate_file.to_owned(), error))?;
    // RFC 7301 §3.2: whose versions are not among these is turned away in the handshake.
    config.alpn_protocols =
        ["h2", "http/1.1", "http/1.0"].map(|name| name.as_bytes().to_vec()).into();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a fresh certificate for `name` and its key.
    fn write(folder: &Path, name: &str) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        std::fs::write(folder.join("tls.crt"), made.cert.pem()).unwrap();
        std::fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    }

    fn open(folder: &Path) -> (Files, ArcSwap<ServerConfig>) {
        let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
        let current = ArcSwap::new(read(&certificate, &key).unwrap());
        (Files::new(&certificate, &key), current)
    }

    #[test]
    fn a_changed_pair_is_taken_over_and_an_unchanged_one_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "one.example.com");
        let (mut files, current) = open(folder.path());
        let first = current.load_full();
        files.look(&current);
        assert!(Arc::ptr_eq(&first, &current.load_full()), "nothing has changed");
        write(folder.path(), "other.example.com");
        files.look(&current);
        assert!(!Arc::ptr_eq(&first, &current.load_full()), "the new pair serves");
    }

    #[test]
    fn half_a_change_a_broken_file_and_a_missing_one_leave_the_old_pair() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "one.example.com");
        let key = std::fs::read(folder.path().join("tls.key")).unwrap();
        let (mut files, current) = open(folder.path());
        let first = current.load_full();
        let mut unchanged = |what: &str| {
            files.look(&current);
            assert!(Arc::ptr_eq(&first, &current.load_full()), "{what}");
        };
        write(folder.path(), "other.example.com");
        let new_key = std::fs::read(folder.path().join("tls.key")).unwrap();
        std::fs::write(folder.path().join("tls.key"), key).unwrap();
        unchanged("the new certificate beside the old key");
        std::fs::write(folder.path().join("tls.key"), "-----BEGIN PRIVATE KEY-----").unwrap();
        unchanged("half a key");
        std::fs::remove_file(folder.path().join("tls.key")).unwrap();
        unchanged("no key");
        std::fs::write(folder.path().join("tls.key"), new_key).unwrap();
        files.look(&current);
        assert!(!Arc::ptr_eq(&first, &current.load_full()), "the new pair is whole");
    }
}
