//! The parts of which the documents of these tests are made.

use testkit::Key;

pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(crate) const IDP: &str = "https://idp.example.org/";
const BINDINGS: &str = "urn:oasis:names:tc:SAML:2.0:bindings";

/// A whole document around `content`.
pub(crate) fn root(name: &str, attributes: &str, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name} \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" {attributes}>{content}</{name}>"
    )
}

/// The attribute that names an entity.
pub(crate) fn id(entity_id: &str) -> String {
    format!("entityID=\"{entity_id}\"")
}

/// An IdP within a larger document.
pub(crate) fn entity(entity_id: &str) -> String {
    let role = role(&certificate("signing", Key::Rsa2048));
    format!("<EntityDescriptor entityID=\"{entity_id}\">{role}</EntityDescriptor>")
}

/// The role of an IdP with these keys and an endpoint for redirects.
pub(crate) fn role(keys: &str) -> String {
    format!(
        "<IDPSSODescriptor protocolSupportEnumeration=\"{SAML}\">{keys}{}</IDPSSODescriptor>",
        endpoint("SingleSignOnService", "HTTP-Redirect", "https://idp.example.org/sso", "")
    )
}

/// An endpoint.
pub(crate) fn endpoint(service: &str, binding: &str, location: &str, more: &str) -> String {
    format!("<{service} Binding=\"{BINDINGS}:{binding}\" Location=\"{location}\" {more}/>")
}

/// A KeyDescriptor with a certificate; without a use when that is empty.
pub(crate) fn certificate(purpose: &str, key: Key) -> String {
    let certificate = key.certificate_base64();
    descriptor(
        purpose,
        &format!(
            "<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
        ),
    )
}

/// A KeyDescriptor with this KeyInfo.
pub(crate) fn descriptor(purpose: &str, info: &str) -> String {
    let purpose = match purpose {
        "" => String::new(),
        purpose => format!(" use=\"{purpose}\""),
    };
    format!("<KeyDescriptor{purpose}><ds:KeyInfo>{info}</ds:KeyInfo></KeyDescriptor>")
}
