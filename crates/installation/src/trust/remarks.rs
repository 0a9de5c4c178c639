//! What to say of certificates that somebody gave, beside that they were taken: a line for each thing.

use saml::{Certificate, GivenKeys, IdpMetadata};

use crate::counted;

/// Of an IdP's metadata: certificates that are not used, and those that stand where one belongs.
pub fn remarks(metadata: &IdpMetadata) -> Vec<String> {
    let mut lines: Vec<_> = metadata.beside_keys.iter().map(unused).collect();
    if metadata.crowded_certificates > 0 {
        let elements = counted(
            metadata.crowded_certificates,
            "X509Certificate holds",
            "X509Certificates hold",
        );
        lines.push(format!(
            "warning: {elements} more than one certificate, and one belongs there (xmldsig-core \
             §4.5.4): others may refuse this metadata, so tell the IdP"
        ));
    }
    lines
}

/// Of files with certificates: how many keys they give, and what is not used.
pub fn remarks_on_keys(given: &GivenKeys) -> Vec<String> {
    let keys = counted(given.keys.len(), "key was", "keys were");
    let mut lines = vec![format!("{keys} read from the given certificates")];
    lines.extend(given.beside.iter().map(unused));
    lines
}

fn unused(certificate: &Certificate) -> String {
    format!(
        "not used: certificate {} ({}), which stands beside that of a key",
        certificate.sha256_fingerprint(),
        certificate.subject()
    )
}
