//! The metadata of an IdP.

use crate::Key;

/// The metadata of an IdP that has these keys; `attributes` are those of the root.
pub fn metadata(entity_id: &str, attributes: &str, keys: &[Key]) -> String {
    metadata_with(entity_id, attributes, "", keys)
}

/// The same, with `first` before its role.
pub fn metadata_with(entity_id: &str, attributes: &str, first: &str, keys: &[Key]) -> String {
    let keys = keys.iter().map(|key| {
        format!(
            "<KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
             </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>",
            key.certificate_base64()
        )
    });
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" ID=\"_all\" entityID=\"{entity_id}\" \
         {attributes}>{first}<IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example.org/sso?x=1\"/><Attribute \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" Name=\"urn:oid:2.5.4.3\" \
         FriendlyName=\"Common name\"/></IDPSSODescriptor></EntityDescriptor>",
        keys.collect::<String>()
    )
}
