//! Encryption as an IdP does it, by programs that share no code with the product: `xmlsec1`
//! encrypts the content, `openssl` wraps its key.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::key::Key;
use crate::signer::{content, succeeded};

/// A hash, as an OAEP digest or inside its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// Every one.
    pub const ALL: [Hash; 4] = [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512];

    fn openssl(self) -> &'static str {
        match self {
            Hash::Sha1 => "sha1",
            Hash::Sha256 => "sha256",
            Hash::Sha384 => "sha384",
            Hash::Sha512 => "sha512",
        }
    }

    fn digest_uri(self) -> &'static str {
        match self {
            Hash::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Hash::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Hash::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Hash::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }
}

/// Where the wrapped key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the KeyInfo of EncryptedData.
    Inside,
    /// Behind EncryptedData.
    Behind,
    /// Behind EncryptedData, and KeyInfo names it.
    Named,
}

/// How something is encrypted. Texts are written as they are, so that a test can ask for things
/// that no IdP does.
#[derive(Clone, Debug)]
pub struct Encryption {
    /// The URI of the content's cipher.
    pub cipher: &'static str,
    /// What `xmlsec1` encrypts the content with, when that is not what `cipher` says.
    pub real_cipher: Option<&'static str>,
    /// The URI of the key's transport.
    pub transport: &'static str,
    /// OAEP's digest; `None` leaves it out, which means SHA-1.
    pub digest: Option<Hash>,
    /// OAEP's mask; `None` leaves it out, which means SHA-1.
    pub mask: Option<Hash>,
    /// The EncryptedKey's Recipient.
    pub recipient: Option<String>,
    /// Where the EncryptedKey stands.
    pub place: KeyPlace,
    /// What follows the EncryptedKey: others, for example.
    pub more_keys: String,
}

impl Default for Encryption {
    /// AES-128-GCM under RSA-OAEP with SHA-1: what most IdPs do today.
    fn default() -> Self {
        Encryption {
            cipher: Self::AES_128_GCM,
            real_cipher: None,
            transport: Self::OAEP,
            digest: None,
            mask: None,
            recipient: None,
            place: KeyPlace::Inside,
            more_keys: String::new(),
        }
    }
}

impl Encryption {
    /// AES in Galois counter mode.
    pub const AES_128_GCM: &'static str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    /// AES in cipher block chaining mode.
    pub const AES_128_CBC: &'static str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
    /// The older OAEP, which masks with SHA-1.
    pub const OAEP: &'static str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    /// The newer OAEP, which names its mask.
    pub const OAEP_11: &'static str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

    /// The ciphers that are allowed, by URI.
    pub const CIPHERS: [&'static str; 6] = [
        Self::AES_128_GCM,
        "http://www.w3.org/2009/xmlenc11#aes192-gcm",
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        Self::AES_128_CBC,
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    ];

    /// EncryptedData, with its EncryptedKey where it is wanted, that holds `plain` for `key`.
    ///
    /// # Errors
    /// When a program is missing or does not encrypt this.
    pub fn encrypt(&self, plain: &str, key: Key) -> Result<String> {
        let content_key = self.content_key();
        let cipher_value = self.encrypt_content(plain, &content_key)?;
        let wrapped = self.wrap(&content_key, key)?;
        let (inside, behind) = match self.place {
            KeyPlace::Inside => (format!("{wrapped}{}", self.more_keys), String::new()),
            KeyPlace::Behind => (String::new(), format!("{wrapped}{}", self.more_keys)),
            KeyPlace::Named => (
                "<ds:RetrievalMethod Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\" \
                 URI=\"#_key\"></ds:RetrievalMethod>"
                    .to_owned(),
                format!("{}{wrapped}", self.more_keys),
            ),
        };
        Ok(format!(
            "<xenc:EncryptedData xmlns:xenc=\"{XENC}\" Type=\"{XENC}Element\">\
             <xenc:EncryptionMethod Algorithm=\"{cipher}\"></xenc:EncryptionMethod>\
             <ds:KeyInfo xmlns:ds=\"{DS}\">{inside}</ds:KeyInfo><xenc:CipherData>\
             <xenc:CipherValue>{cipher_value}</xenc:CipherValue></xenc:CipherData>\
             </xenc:EncryptedData>{behind}",
            cipher = self.cipher,
        ))
    }

    /// The response with its assertion, which is written with the prefix `saml`, encrypted.
    ///
    /// # Errors
    /// See [`Encryption::encrypt`].
    pub fn encrypt_assertion(&self, response: &str, key: Key) -> Result<String> {
        let start = response.find("<saml:Assertion").context("there is no assertion")?;
        let end = "</saml:Assertion>";
        let end = response.find(end).context("the assertion has no end")? + end.len();
        let encrypted = self.encrypt(&response[start..end], key)?;
        Ok(format!("{}{}{}", &response[..start], encrypted_assertion(&encrypted), &response[end..]))
    }

    /// An EncryptedKey that holds the content key of this encryption.
    ///
    /// # Errors
    /// When `openssl` does not encrypt this.
    pub fn encrypted_key(&self, key: Key) -> Result<String> {
        self.wrap(&self.content_key(), key)
    }

    /// Always the same bytes, as many as the cipher wants.
    fn content_key(&self) -> Vec<u8> {
        let cipher = self.real_cipher.unwrap_or(self.cipher);
        let length = match cipher {
            cipher if cipher.contains("128") => 16,
            cipher if cipher.contains("256") => 32,
            // AES-192 and Triple DES.
            _ => 24,
        };
        (1..=length).collect()
    }

    fn encrypt_content(&self, plain: &str, key: &[u8]) -> Result<String> {
        let folder = tempfile::tempdir()?;
        let [key_file, plain_file, template] =
            ["key", "plain", "template.xml"].map(|name| folder.path().join(name));
        fs::write(&key_file, key)?;
        fs::write(&plain_file, plain)?;
        let cipher = self.real_cipher.unwrap_or(self.cipher);
        let text = format!(
            "<EncryptedData xmlns=\"{XENC}\"><EncryptionMethod Algorithm=\"{cipher}\"/>\
             <KeyInfo xmlns=\"{DS}\"><KeyName>k</KeyName></KeyInfo><CipherData><CipherValue/>\
             </CipherData></EncryptedData>"
        );
        fs::write(&template, text)?;
        let kind = if cipher.contains("tripledes") { "--deskey:k" } else { "--aeskey:k" };
        let command = Command::new("xmlsec1")
            .args(["--encrypt", kind])
            .arg(&key_file)
            .arg("--binary-data")
            .args([&plain_file, &template])
            .output();
        let output = String::from_utf8(succeeded("xmlsec1", "xmlsec1", command)?.stdout)?;
        Ok(content(&output, "CipherValue")?.to_owned())
    }

    fn wrap(&self, content_key: &[u8], key: Key) -> Result<String> {
        let value = wrap(content_key, key, self.transport, self.digest, self.mask)?;
        let recipient = self.recipient.as_deref();
        let recipient = recipient.map_or(String::new(), |name| format!(" Recipient=\"{name}\""));
        let digest = self.digest.map_or(String::new(), |hash| {
            format!(
                "<ds:DigestMethod xmlns:ds=\"{DS}\" Algorithm=\"{}\"></ds:DigestMethod>",
                hash.digest_uri()
            )
        });
        let mask = self.mask.map_or(String::new(), |hash| {
            format!(
                "<xenc11:MGF xmlns:xenc11=\"{XENC11}\" Algorithm=\"{XENC11}mgf1{}\"></xenc11:MGF>",
                hash.openssl()
            )
        });
        Ok(format!(
            "<xenc:EncryptedKey xmlns:xenc=\"{XENC}\" Id=\"_key\"{recipient}>\
             <xenc:EncryptionMethod Algorithm=\"{transport}\">{digest}{mask}\
             </xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{value}\
             </xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
            transport = self.transport,
        ))
    }
}

/// The response with its assertion encrypted by `xmlsec1` alone, where it stands: the plaintext is
/// what `libxml2` writes, without the namespaces that are declared around it.
///
/// # Errors
/// When `xmlsec1` is missing or does not encrypt this.
pub fn encrypt_in_place(response: &str, session_key: &str, key: Key) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let [input, template] = ["response.xml", "template.xml"].map(|name| folder.path().join(name));
    fs::write(&input, response)?;
    let (cipher, transport) = (Encryption::AES_128_CBC, Encryption::OAEP);
    let text = format!(
        "<EncryptedData xmlns=\"{XENC}\" Type=\"{XENC}Element\"><EncryptionMethod \
         Algorithm=\"{cipher}\"/><KeyInfo xmlns=\"{DS}\"><EncryptedKey xmlns=\"{XENC}\">\
         <EncryptionMethod Algorithm=\"{transport}\"/><CipherData><CipherValue/></CipherData>\
         </EncryptedKey></KeyInfo><CipherData><CipherValue/></CipherData></EncryptedData>"
    );
    fs::write(&template, text)?;
    let command = Command::new("xmlsec1")
        .args(["--encrypt", "--session-key", session_key, "--pubkey-cert-pem"])
        .arg(key.certificate_path())
        .args(["--node-xpath", "/*/*[local-name()='Assertion']", "--xml-data"])
        .args([&input, &template])
        .output();
    let output = String::from_utf8(succeeded("xmlsec1", "xmlsec1", command)?.stdout)?;
    let start = output.find("<EncryptedData").context("nothing was encrypted")?;
    let end = "</EncryptedData>";
    let end = output.find(end).context("nothing was encrypted")? + end.len();
    let encrypted = encrypted_assertion(&output[start..end]);
    Ok(format!("{}{encrypted}{}", &output[..start], &output[end..]))
}

fn encrypted_assertion(encrypted: &str) -> String {
    format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{encrypted}\
         </saml:EncryptedAssertion>"
    )
}

/// The content key, wrapped, in base64.
fn wrap(
    content_key: &[u8],
    key: Key,
    transport: &str,
    digest: Option<Hash>,
    mask: Option<Hash>,
) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let [plain, wrapped] = ["plain", "wrapped"].map(|name| folder.path().join(name));
    fs::write(&plain, content_key)?;
    let mut openssl = Command::new("openssl");
    openssl.args(["pkeyutl", "-encrypt", "-certin", "-inkey"]).arg(key.certificate_path());
    if transport.ends_with("rsa-1_5") {
        openssl.args(["-pkeyopt", "rsa_padding_mode:pkcs1"]);
    } else {
        let [digest, mask] = [digest, mask].map(|hash| hash.unwrap_or(Hash::Sha1).openssl());
        openssl.args(["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt"]);
        openssl.arg(format!("rsa_oaep_md:{digest}"));
        openssl.args(["-pkeyopt", &format!("rsa_mgf1_md:{mask}")]);
    }
    let command = openssl.arg("-in").arg(&plain).arg("-out").arg(&wrapped).output();
    succeeded("openssl", "openssl", command)?;
    base64(&wrapped)
}

fn base64(file: &Path) -> Result<String> {
    let command = Command::new("openssl").args(["base64", "-A", "-in"]).arg(file).output();
    Ok(String::from_utf8(succeeded("openssl", "openssl", command)?.stdout)?)
}

const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
