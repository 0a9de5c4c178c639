//! Enveloped signing, RSA-SHA256: what the demo's IdP needs, and messages of our own later.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::c14n::{Method, TooLong, canonicalize};
use crate::key::{Digest, DigestAlgorithm, KeyError, SigningKey};
use crate::xml::{Document, Element, Limits, XmlError};

/// Why a document was not signed.
#[derive(Debug, Error)]
pub enum SignError {
    /// It is no XML.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// No element of that ID has an Issuer as its first child.
    #[error("no element with this ID begins with an Issuer")]
    NoSuchElement,
    /// Nobody would verify it: its canonical form is more than four times as long as it is.
    #[error("the canonical form is too long")]
    TooLong,
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Signs the element whose `ID` is `id`; the signature is put behind its Issuer, with the
/// certificate beside it.
///
/// # Errors
/// See [`SignError`].
pub fn sign_enveloped(
    xml: &str,
    id: &str,
    key: &SigningKey,
    certificate_der: &[u8],
) -> Result<String, SignError> {
    let document = Document::parse(xml, Limits::MESSAGE)?;
    let element = document.elements().find(|e| e.attribute("ID").as_deref() == Some(id));
    let element = element.ok_or(SignError::NoSuchElement)?;
    let mut digest = Digest::new(DigestAlgorithm::Sha256);
    canonicalize(element, None, &Method::default(), &mut |bytes| digest.update(bytes))
        .map_err(|TooLong| SignError::TooLong)?;
    let signed_info = signed_info(id, digest.finish().0.as_ref());
    // The text is in canonical form as it is written: that form is what is signed.
    let value = STANDARD.encode(key.sign(signed_info.as_bytes())?);
    let certificate = STANDARD.encode(certificate_der);
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{ds}\">{signed_info}<ds:SignatureValue>{value}\
         </ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
        ds = super::DS
    );
    let at = end_of_issuer(element).ok_or(SignError::NoSuchElement)?;
    let (before, after) = (xml.get(..at), xml.get(at..));
    Ok([before.unwrap_or_default(), &signature, after.unwrap_or_default()].concat())
}

/// Where the first child element ends in the text.
fn end_of_issuer(element: Element<'_>) -> Option<usize> {
    let issuer = element.children().next().filter(|child| child.name() == "Issuer")?;
    issuer.end_in_source()
}

fn signed_info(id: &str, digest: &[u8]) -> String {
    format!(
        "<ds:SignedInfo xmlns:ds=\"{ds}\"><ds:CanonicalizationMethod Algorithm=\"{exc}\">\
         </ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{exc}\"></ds:Transform></ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>\
         {digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        ds = super::DS,
        exc = super::EXC_C14N,
        digest = STANDARD.encode(digest)
    )
}

/// How our own messages are signed.
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
