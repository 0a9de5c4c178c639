//! The allow-list of encryption algorithms, by their exact URIs (xmlenc-core1 §5.1).
//!
//! Not in it: Triple DES and RSA 1.5, which are broken, and wrapping with shared secrets, which no
//! IdP shares with an SP.

use std::borrow::Cow;

use super::{XENC, XENC11};
use crate::Rejection;
use crate::dsig::DS;
use crate::key::{ContentCipher, DigestAlgorithm, Mode, Oaep};
use crate::xml::Element;

/// How content is encrypted, of an `EncryptionMethod`.
pub(super) fn content_cipher(method: Element<'_>) -> Result<ContentCipher, Rejection> {
    let uri = uri_of(method);
    let (mode, key_length) = match &*uri {
        "http://www.w3.org/2009/xmlenc11#aes128-gcm" => (Mode::Gcm, 16),
        "http://www.w3.org/2009/xmlenc11#aes192-gcm" => (Mode::Gcm, 24),
        "http://www.w3.org/2009/xmlenc11#aes256-gcm" => (Mode::Gcm, 32),
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => (Mode::Cbc, 16),
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => (Mode::Cbc, 24),
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => (Mode::Cbc, 32),
        _ => return Err(refused(&uri)),
    };
    Ok(ContentCipher { mode, key_length })
}

/// How a content key is wrapped (§5.5.2): both URIs digest with SHA-1 unless they say otherwise;
/// the older one masks with SHA-1 always, the newer one unless it says otherwise.
pub(super) fn key_transport(method: Element<'_>) -> Result<Oaep, Rejection> {
    let uri = uri_of(method);
    let may_name_mgf = match &*uri {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => false,
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => true,
        _ => return Err(refused(&uri)),
    };
    let several = |_| malformed("EncryptionMethod says something twice");
    let digest = match method.only(DS, "DigestMethod").map_err(several)? {
        None => DigestAlgorithm::Sha1,
        Some(digest) => {
            let uri = uri_of(digest);
            DigestAlgorithm::from_uri(&uri).ok_or_else(|| refused(&uri))?
        }
    };
    let mgf1 = match method.only(XENC11, "MGF").map_err(several)? {
        None => DigestAlgorithm::Sha1,
        Some(mgf) => mask(&uri_of(mgf))?,
    };
    if !may_name_mgf && mgf1 != DigestAlgorithm::Sha1 {
        return Err(malformed("rsa-oaep-mgf1p masks with SHA-1 and names something else"));
    }
    let label = method.only(XENC, "OAEPparams").map_err(several)?;
    if label.is_some_and(|label| !is_empty_label(label)) {
        return Err(malformed("OAEPparams is a label, which nobody has agreed on"));
    }
    // KeySize follows from the algorithm and is not used (§3.2).
    method.only(XENC, "KeySize").map_err(several)?;
    let is_known = |child: Element<'_>| {
        child.is(DS, "DigestMethod")
            || child.is(XENC11, "MGF")
            || child.is(XENC, "OAEPparams")
            || child.is(XENC, "KeySize")
    };
    if !method.children().all(is_known) {
        return Err(malformed("EncryptionMethod says more than a key transport takes"));
    }
    Ok(Oaep { digest, mgf1 })
}

/// The label is empty unless it says otherwise (§5.5.2), and an empty one says the same.
fn is_empty_label(label: Element<'_>) -> bool {
    label.holds_only_text() && label.text().is_ok_and(|text| text.trim_ascii().is_empty())
}

fn mask(uri: &str) -> Result<DigestAlgorithm, Rejection> {
    Ok(match uri {
        "http://www.w3.org/2009/xmlenc11#mgf1sha1" => DigestAlgorithm::Sha1,
        "http://www.w3.org/2009/xmlenc11#mgf1sha256" => DigestAlgorithm::Sha256,
        "http://www.w3.org/2009/xmlenc11#mgf1sha384" => DigestAlgorithm::Sha384,
        "http://www.w3.org/2009/xmlenc11#mgf1sha512" => DigestAlgorithm::Sha512,
        _ => return Err(refused(uri)),
    })
}

pub(super) fn malformed(what: &'static str) -> Rejection {
    Rejection::EncryptionMalformed { what }
}

fn uri_of(element: Element<'_>) -> Cow<'_, str> {
    element.attribute("Algorithm").unwrap_or_default()
}

fn refused(uri: &str) -> Rejection {
    Rejection::EncryptionNotAllowed { uri: uri.to_owned() }
}
