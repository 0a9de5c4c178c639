//! Whom TLS trusts on the way out, to IdPs and to apps: the system's authorities, and those of a
//! company beside them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use thiserror::Error;

/// Why there is nobody to trust.
#[derive(Debug, Error)]
pub enum AuthoritiesError {
    /// The company's file cannot be read, or holds no certificate.
    #[error("{}: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No file is given, and the system has no authorities.
    #[error("the system has none: {0}")]
    NoneInSystem(String),
    /// The TLS library refuses its own defaults.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// A client's TLS that trusts the system's authorities and those in the PEM file `own`.
///
/// # Errors
/// When the file cannot be used, or, without it, the system has no authorities.
pub fn client_tls(own: Option<&Path>) -> Result<Arc<ClientConfig>, AuthoritiesError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    match own {
        Some(file) => {
            let wrong = |reason| AuthoritiesError::File { file: file.to_owned(), reason };
            add(&mut roots, file).map_err(wrong)?;
        }
        None if roots.is_empty() => {
            let reasons: Vec<_> = system.errors.iter().map(ToString::to_string).collect();
            return Err(AuthoritiesError::NoneInSystem(reasons.join("; ")));
        }
        None => {}
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
    let mut found = false;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
        found = true;
    }
    if found { Ok(()) } else { Err("it holds no certificate".to_owned()) }
}
