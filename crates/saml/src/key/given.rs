//! Certificates and public keys as people have them: PEM with anything around it, bare base64, DER, and
//! texts in which line breaks are written out.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::der::{self, DerKind};
use super::{Certificate, KeyError};
use crate::given::Given;

/// One of what somebody gave.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A SubjectPublicKeyInfo in DER.
    PublicKey(Vec<u8>),
    /// An RSAPublicKey in DER (RFC 8017 §A.1.1).
    RsaPublicKey(Vec<u8>),
}

/// All certificates and public keys of a file or a pasted text, in their order; at least one.
///
/// # Errors
/// What is there instead. One that cannot be read is not passed over.
pub(crate) fn pieces(bytes: &[u8]) -> Result<Vec<Piece>, KeyError> {
    match Given::read(bytes) {
        Ok(given) => pieces_of_text(&given.text),
        Err(error) => match DerKind::of(bytes) {
            Some(_) => of_der(bytes, "openssl pkcs7 -inform DER -in FILE"),
            None => Err(error.into()),
        },
    }
}

/// The same of a text.
pub(crate) fn pieces_of_text(text: &str) -> Result<Vec<Piece>, KeyError> {
    let text = written_out(text);
    let blocks = Block::all(&text);
    // Before all others: beside a private key nothing is looked at.
    if let Some(private) = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) {
        return Err(KeyError::HoldsPrivateKey(private.label.to_owned()));
    }
    if blocks.is_empty() {
        let bare = text.split_once("-----END ").map_or(&*text, |(before, _)| before);
        return of_bare(bare.trim());
    }
    let mut pieces = Vec::new();
    for block in blocks {
        pieces.extend(block.pieces()?);
    }
    if pieces.is_empty() { Err(KeyError::NotACertificate) } else { Ok(pieces) }
}

/// Whether what somebody pasted holds a private key: such a text is never shown again.
pub fn holds_private_key(bytes: &[u8]) -> bool {
    matches!(pieces(bytes), Err(KeyError::HoldsPrivateKey(_)))
}

/// PEM (RFC 7468), its armour taken off.
struct Block<'t> {
    label: &'t str,
    body: &'t str,
}

impl<'t> Block<'t> {
    /// All in `text`; what stands outside them is nothing. A block whose end is missing ends with the text.
    fn all(text: &'t str) -> Vec<Self> {
        let mut blocks = Vec::new();
        let mut rest = text;
        while let Some((label, behind)) =
            rest.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"))
        {
            let end = behind.find("-----").unwrap_or(behind.len());
            let (body, behind) = behind.split_at_checked(end).unwrap_or_default();
            blocks.push(Block { label: label.trim(), body });
            rest = behind;
        }
        blocks
    }

    fn pieces(&self) -> Result<Vec<Piece>, KeyError> {
        // Headers of RFC 1421 stand before the base64, which holds no colon.
        let body = self.body.lines().filter(|line| !line.contains(':')).collect::<String>();
        match self.label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "PUBLIC KEY" => {
                of_der(&decoded(&body)?, "openssl pkcs7 -in FILE")
            }
            "TRUSTED CERTIFICATE" => {
                let der = decoded(&body)?;
                of_der(der::first_element(&der).unwrap_or(&der), "openssl pkcs7 -in FILE")
            }
            "RSA PUBLIC KEY" => Ok(vec![Piece::RsaPublicKey(decoded(&body)?)]),
            "PKCS7" | "PKCS #7 SIGNED DATA" => Err(KeyError::Pkcs7("openssl pkcs7 -in FILE")),
            // They say which groups and parameters keys have, and are keys of nobody.
            "EC PARAMETERS" | "DH PARAMETERS" => Ok(Vec::new()),
            label => Err(KeyError::OtherPem(label.chars().take(40).collect())),
        }
    }
}

/// Base64 without armour, as consoles show it.
fn of_bare(text: &str) -> Result<Vec<Piece>, KeyError> {
    match text {
        "" => return Err(KeyError::Empty),
        _ if text.starts_with('<') => return Err(KeyError::Markup),
        _ if text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") => {
            return Err(KeyError::OtherPem("the form of SSH".to_owned()));
        }
        _ => {}
    }
    of_der(&decoded(text)?, "base64 -d FILE | openssl pkcs7 -inform DER")
}

/// What stands in DER, one after the other; `unpack` is how a bundle is opened.
fn of_der(der: &[u8], unpack: &'static str) -> Result<Vec<Piece>, KeyError> {
    match DerKind::of(der) {
        Some(DerKind::PrivateKey) => return Err(KeyError::HoldsPrivateKey("DER".to_owned())),
        Some(DerKind::Pkcs7) => return Err(KeyError::Pkcs7(unpack)),
        Some(DerKind::Pkcs12) => return Err(KeyError::Pkcs12),
        Some(DerKind::Other) => {}
        None => return Err(KeyError::NotACertificate),
    }
    let elements = der::elements(der).ok_or(KeyError::CutOff)?;
    let read = |element: &[u8]| match Certificate::from_der(element) {
        Ok(certificate) => Ok(Piece::Certificate(Box::new(certificate))),
        Err(_) if der::is_public_key(element) => Ok(Piece::PublicKey(element.to_owned())),
        Err(error) => Err(error),
    };
    elements.into_iter().map(read).collect()
}

/// Base64; each padding ends a part, so that several texts may stand one after the other.
fn decoded(text: &str) -> Result<Vec<u8>, KeyError> {
    let is_invisible = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let plain: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    if let Some(other) = plain.chars().find(|c| !is_base64(*c)) {
        return Err(KeyError::NotBase64(other));
    }
    let mut bytes = Vec::with_capacity(plain.len() / 4 * 3);
    for part in plain.split('=').filter(|part| !part.is_empty()) {
        bytes.extend(UNPADDED.decode(part).map_err(|_| KeyError::CutOff)?);
    }
    Ok(bytes)
}

/// A text from a string of JSON or of a shell, where line breaks and slashes are written out.
fn written_out(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match rest.next() {
            Some('n' | 'r' | 't') => plain.push('\n'),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                plain.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            // Written out twice.
            Some('\\') if matches!(rest.clone().next(), Some('n' | 'r' | 't')) => {
                rest.next();
                plain.push('\n');
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Cow::Owned(plain)
}

const UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone),
);
