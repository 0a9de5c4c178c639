//! Keys and self-signed certificates, made once with openssl and valid for a hundred years.
//!
//! They protect nothing; they are as public as this file.

use std::path::PathBuf;

/// A key pair of the fixtures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA of 2048 bits: what most IdPs have.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// ECDSA on P-521.
    P521,
    /// RSA of 2048 bits that nobody trusts.
    Attacker,
}

impl Key {
    /// Where the private key lies, in PEM.
    pub fn private_path(self) -> PathBuf {
        self.path("key")
    }

    /// Where the certificate lies, in PEM.
    pub fn certificate_path(self) -> PathBuf {
        self.path("crt")
    }

    /// The certificate in PEM.
    pub fn certificate_pem(self) -> &'static str {
        match self {
            Key::Rsa2048 => include_str!("../fixtures/rsa2048.crt"),
            Key::Rsa3072 => include_str!("../fixtures/rsa3072.crt"),
            Key::P256 => include_str!("../fixtures/p256.crt"),
            Key::P384 => include_str!("../fixtures/p384.crt"),
            Key::P521 => include_str!("../fixtures/p521.crt"),
            Key::Attacker => include_str!("../fixtures/attacker.crt"),
        }
    }

    /// The certificate as metadata and KeyInfo hold it: base64 without PEM's lines around it.
    pub fn certificate_base64(self) -> String {
        self.certificate_pem().lines().filter(|line| !line.starts_with("-----")).collect()
    }

    fn path(self, extension: &str) -> PathBuf {
        let name = match self {
            Key::Rsa2048 => "rsa2048",
            Key::Rsa3072 => "rsa3072",
            Key::P256 => "p256",
            Key::P384 => "p384",
            Key::P521 => "p521",
            Key::Attacker => "attacker",
        };
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        folder.join(name).with_extension(extension)
    }
}
