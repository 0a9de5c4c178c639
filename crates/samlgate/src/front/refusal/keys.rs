//! What to do when an IdP with a metadata URL signs with a key that is not known: it was asked at once,
//! so what came of that says more than the broken rule.

use installation::trust::NoNewKey;

/// The hint; none where the rule's own says all.
pub(super) fn hint(found: &NoNewKey) -> Option<&'static str> {
    match found {
        NoNewKey::Waits => Some(
            "The IdP has a new key, which waits for approval: compare it with the IdP's own console, then \
             `samlgate idp approve`.",
        ),
        NoNewKey::SameKeys | NoNewKey::JustLooked => Some(
            "The IdP signs with a key that its metadata does not name: compare `samlgate idp keys NAME` \
             with the certificate that it signs with, and the metadata URL with the one that the IdP shows \
             for this application. If they are the same, somebody is trying forged messages.",
        ),
        NoNewKey::NotRead(_) => Some(
            "The IdP may have a new certificate, and its metadata could not be read: make the address \
             answer, then `samlgate idp refresh NAME`.",
        ),
        NoNewKey::NotLoaded(_) => None,
    }
}
