//! This SP's metadata (saml-metadata §2.4.4): the same bytes for the same settings, so that an IdP
//! or an administrator can see whether anything has changed. It holds no time and is not signed:
//! its address is https.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{MD, MDUI};
use crate::dsig::DS;
use crate::xml::{escape_attribute, escape_text};

/// What is published of an SP.
#[derive(Clone, Copy, Debug)]
pub struct SpMetadata<'a> {
    /// Its entity ID.
    pub entity_id: &'a str,
    /// Its name for people (sstc-saml-metadata-ui §2.1.2).
    pub display_name: Option<&'a str>,
    /// Its keys: certificates in DER.
    pub keys: &'a [(SpKeyUse, &'a [u8])],
    /// It signs its requests. Some IdPs then refuse unsigned ones (AD FS: MSIS1016).
    pub requests_signed: bool,
    /// Its assertion consumer services, the default one first.
    pub acs_urls: &'a [&'a str],
    /// Its single logout service, for redirects and posted forms.
    pub slo_url: Option<&'a str>,
    /// Whom to write to about technical matters.
    pub contact: Option<SpContact<'a>>,
}

/// What a published key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpKeyUse {
    /// Verifies what the SP signs.
    Signing,
    /// IdPs encrypt for it. AD FS, Shibboleth and others do so as soon as they see one.
    Encryption,
}

/// Whom to write to.
#[derive(Clone, Copy, Debug)]
pub struct SpContact<'a> {
    /// A name, when there is one.
    pub name: Option<&'a str>,
    /// An address without `mailto:`.
    pub email: &'a str,
}

/// The EntityDescriptor (saml-metadata §2.3.2, §2.4.4); it fits the OASIS schemas.
pub fn sp_metadata(sp: &SpMetadata<'_>) -> String {
    let mut xml = Writer(String::with_capacity(8192));
    xml.raw(&format!("<md:EntityDescriptor xmlns:md=\"{MD}\" entityID=\""));
    xml.attribute(sp.entity_id);
    xml.raw("\">\n");
    algorithms(&mut xml);
    xml.raw(&format!(
        "  <md:SPSSODescriptor AuthnRequestsSigned=\"{}\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n",
        sp.requests_signed
    ));
    if let Some(name) = sp.display_name {
        xml.raw(&format!(
            "    <md:Extensions><mdui:UIInfo xmlns:mdui=\"{MDUI}\"><mdui:DisplayName \
             xml:lang=\"en\">"
        ));
        xml.text(name);
        xml.raw("</mdui:DisplayName></mdui:UIInfo></md:Extensions>\n");
    }
    for (purpose, certificate) in sp.keys {
        key(&mut xml, *purpose, certificate);
    }
    for binding in sp.slo_url.iter().flat_map(|_| [REDIRECT, POST]) {
        xml.raw(&format!("    <md:SingleLogoutService Binding=\"{binding}\" Location=\""));
        xml.attribute(sp.slo_url.unwrap_or_default());
        xml.raw("\"/>\n");
    }
    for format in NAME_ID_FORMATS {
        xml.raw(&format!("    <md:NameIDFormat>{format}</md:NameIDFormat>\n"));
    }
    for (index, url) in sp.acs_urls.iter().enumerate() {
        xml.raw(&format!("    <md:AssertionConsumerService Binding=\"{POST}\" Location=\""));
        xml.attribute(url);
        let default = if index == 0 { " isDefault=\"true\"" } else { "" };
        xml.raw(&format!("\" index=\"{index}\"{default}/>\n"));
    }
    xml.raw("  </md:SPSSODescriptor>\n");
    if let Some(contact) = sp.contact {
        xml.raw("  <md:ContactPerson contactType=\"technical\">");
        if let Some(name) = contact.name {
            xml.raw("<md:GivenName>");
            xml.text(name);
            xml.raw("</md:GivenName>");
        }
        xml.raw("<md:EmailAddress>mailto:");
        xml.text(contact.email);
        xml.raw("</md:EmailAddress></md:ContactPerson>\n");
    }
    xml.raw("</md:EntityDescriptor>\n");
    xml.0
}

/// What is accepted and sent (sstc-saml-metadata-algsupport §2; implementation profile IIP-MD09).
fn algorithms(xml: &mut Writer) {
    xml.raw("  <md:Extensions xmlns:alg=\"urn:oasis:names:tc:SAML:metadata:algsupport\">\n");
    for uri in DIGESTS {
        xml.raw(&format!("    <alg:DigestMethod Algorithm=\"{uri}\"/>\n"));
    }
    for uri in SIGNATURES {
        xml.raw(&format!("    <alg:SigningMethod Algorithm=\"{uri}\"/>\n"));
    }
    xml.raw("  </md:Extensions>\n");
}

fn key(xml: &mut Writer, purpose: SpKeyUse, certificate: &[u8]) {
    let (purpose, methods) = match purpose {
        SpKeyUse::Signing => ("signing", &[][..]),
        SpKeyUse::Encryption => ("encryption", ENCRYPTIONS),
    };
    xml.raw(&format!(
        "    <md:KeyDescriptor use=\"{purpose}\"><ds:KeyInfo xmlns:ds=\"{DS}\"><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
        STANDARD.encode(certificate)
    ));
    for uri in methods {
        xml.raw(&format!("<md:EncryptionMethod Algorithm=\"{uri}\"/>"));
    }
    xml.raw("</md:KeyDescriptor>\n");
}

struct Writer(String);

impl Writer {
    fn raw(&mut self, xml: &str) {
        self.0.push_str(xml);
    }

    fn attribute(&mut self, value: &str) {
        escape_attribute(value, &mut |bytes| self.0.push_str(&String::from_utf8_lossy(bytes)));
    }

    fn text(&mut self, value: &str) {
        escape_text(value, &mut |bytes| self.0.push_str(&String::from_utf8_lossy(bytes)));
    }
}

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

const NAME_ID_FORMATS: &[&str] = &[
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

const DIGESTS: &[&str] = &[
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

const SIGNATURES: &[&str] = &[
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];

/// The best first: IdPs take the first they know.
const ENCRYPTIONS: &[&str] = &[
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];
