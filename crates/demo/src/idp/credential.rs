//! The IdP's key and its self-signed certificate, made anew at every start.

use anyhow::Context as _;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, RsaKeySize};
use saml::dsig::SigningKey;

/// What the IdP signs with.
pub(super) struct Credential {
    pub(super) key: SigningKey,
    pub(super) certificate_der: Vec<u8>,
}

impl Credential {
    /// RSA with 2048 bits, as most IdPs still have.
    pub(super) fn generate() -> anyhow::Result<Self> {
        let pair = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Demo IdP");
        let certificate = params.self_signed(&pair)?;
        let key = SigningKey::from_pkcs8_der(pair.serialized_der())
            .ok()
            .context("the key just made can be read")?;
        Ok(Credential { key, certificate_der: certificate.der().to_vec() })
    }
}
