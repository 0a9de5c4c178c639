//! For each rule its code, the clause that it comes from, and what an operator can do.

use super::Rejection;

type Texts = (&'static str, &'static str, &'static str);

impl Rejection {
    pub(super) fn texts(&self) -> Texts {
        let transport = self.transport().or_else(|| self.signature());
        transport.or_else(|| self.encryption()).unwrap_or_else(|| self.meaning())
    }

    fn transport(&self) -> Option<Texts> {
        const CUT: &str = "A proxy or the browser may have cut or changed the form; try again, and \
                           look at the raw message if it lasts.";
        const ATTACK: &str = "No IdP sends this. If it lasts, somebody is trying forged messages: \
                              look at the address of the attempt.";
        Some(match self {
            Rejection::NotBase64 => ("not_base64", "saml-bindings §3.5.4", CUT),
            Rejection::TooLarge { .. } => (
                "too_large",
                "Samlgate: messages have at most 1 MiB",
                "Send fewer attributes; for groups let the IdP send those of this application only.",
            ),
            Rejection::NotUtf8 => (
                "not_utf8",
                "saml-core §1.3.1; UTF-8 only",
                "Let the IdP write its messages in UTF-8. If it does, something changed this one \
                 on the way.",
            ),
            Rejection::Xml(_) => (
                "xml",
                "XML 1.0; no DTD (implementation profile IIP-G03)",
                "Look at the line that is named. Broken XML, a document type or a processing \
                 instruction comes from no IdP that is in order; if it lasts, somebody is trying \
                 forged messages.",
            ),
            Rejection::NotAResponse { .. } => (
                "not_a_response",
                "saml-profiles §4.1.4.2",
                "The IdP's configuration points another kind of message to this address: logout \
                 messages go to .../logout.",
            ),
            Rejection::Version { .. } => (
                "version",
                "saml-core §3.2.2, §2.3.3",
                "Configure SAML 2.0 at the IdP; SAML 1.1 and WS-Federation are not accepted.",
            ),
            Rejection::IdMalformed { .. } => ("id_malformed", "saml-core §1.3.4", ATTACK),
            Rejection::IdRepeated { .. } => ("id_repeated", "saml-core §1.3.4", ATTACK),
            Rejection::Malformed { .. } => (
                "malformed",
                "saml-schema-protocol-2.0, saml-schema-assertion-2.0",
                "Look at the raw message for the part that is named. If the IdP writes it so, it \
                 must be mended there; if not, somebody is trying forged messages.",
            ),
            Rejection::Status { .. } => (
                "status",
                "saml-core §3.2.2.2",
                "The IdP refused; its own log tells why. Often the person is not assigned to the \
                 application there.",
            ),
            Rejection::AssertionCount { .. } => (
                "assertion_count",
                "saml-profiles §4.1.4.2; one assertion",
                "If it is none: the IdP answered without an assertion, see its log.",
            ),
            _ => return None,
        })
    }

    fn encryption(&self) -> Option<Texts> {
        const ALGORITHM: &str = "implementation profile IIP-ALG04, IIP-ALG05";
        Some(match self {
            Rejection::Encrypted { .. } => (
                "encrypted",
                "saml-core §2.3.4",
                "Let the IdP load this SP's metadata, which has our encryption key; or switch \
                 encryption off for this application at the IdP.",
            ),
            Rejection::EncryptionMalformed { .. } => (
                "encryption_malformed",
                "xmlenc-core1 §3; saml-core §2.2.4, §2.3.4",
                "No IdP that is known sends this. Look at the raw message, or switch encryption off \
                 for this application at the IdP.",
            ),
            Rejection::EncryptionNotAllowed { uri } => {
                ("encryption_not_allowed", ALGORITHM, instead_of(uri))
            }
            Rejection::Decryption => (
                "decryption",
                "xmlenc-core1 §4.4; saml-core §6.2",
                "The IdP encrypts for another key: let it load this SP's metadata again. If it has \
                 our key, somebody changed the message.",
            ),
            _ => return None,
        })
    }

    fn signature(&self) -> Option<Texts> {
        const FORGED: &str = "No IdP sends this. If it lasts, somebody is trying forged messages: \
                              look at the address of the attempt.";
        Some(match self {
            Rejection::Unsigned => (
                "unsigned",
                "saml-profiles §4.1.4.2; saml-core §5",
                "Switch signing of the assertion or the response on at the IdP.",
            ),
            Rejection::SignatureMalformed { .. } => {
                ("signature_malformed", "saml-core §5.4; xmldsig-core §4", FORGED)
            }
            Rejection::SignatureElsewhere => ("signature_elsewhere", "saml-core §5.4.1", FORGED),
            Rejection::ReferenceElsewhere { .. } => {
                ("reference_elsewhere", "saml-core §5.4.2", FORGED)
            }
            Rejection::TransformNotAllowed { .. } => (
                "transform_not_allowed",
                "saml-core §5.4.3, §5.4.4",
                "Choose exclusive canonicalization at the IdP.",
            ),
            Rejection::AlgorithmNotAllowed { .. } => (
                "algorithm_not_allowed",
                "implementation profile IIP-ALG01",
                "Choose RSA or ECDSA with SHA-256 at the IdP.",
            ),
            Rejection::Sha1NotAllowed => (
                "sha1_not_allowed",
                "implementation profile IIP-ALG08",
                "Choose SHA-256 at the IdP. Only if it cannot, allow SHA-1 for this IdP.",
            ),
            Rejection::NoKeyForAlgorithm { .. } => (
                "no_key",
                "saml-metadata §2.4.1.1",
                "The IdP signs with a kind of key that its stored metadata does not have: load the \
                 metadata again.",
            ),
            Rejection::SignatureInvalid { .. } => (
                "signature_invalid",
                "xmldsig-core §3.2.2",
                "The IdP may have a new certificate: load its metadata again (`idp set --metadata`). \
                 If it has not, somebody is trying forged messages.",
            ),
            Rejection::DigestMismatch => (
                "digest_mismatch",
                "xmldsig-core §3.2.1",
                "Look for something that changes messages after they are signed: a filter that \
                 rewrites pages, or an extension of the IdP. If there is none, somebody is trying \
                 forged messages.",
            ),
            _ => return None,
        })
    }

    fn meaning(&self) -> Texts {
        const CLOCK: &str = "Compare the clocks of the IdP and of this machine (NTP on both).";
        match self {
            Rejection::Issuer { .. } => (
                "issuer",
                "saml-profiles §4.1.4.2",
                "Set the IdP's entity ID exactly as it stands in its messages.",
            ),
            Rejection::Destination { .. } => (
                "destination",
                "saml-bindings §3.5.5.2",
                "Set the Reply URL at the IdP to the app's public URL, letter by letter.",
            ),
            Rejection::InResponseTo { .. } => (
                "in_response_to",
                "saml-profiles §4.1.4.3, §4.1.5",
                "The answer belongs to another sign-in, perhaps of another tab. If it lasts, \
                 somebody is replaying messages.",
            ),
            Rejection::SubjectConfirmation { .. } => (
                "subject_confirmation",
                "saml-profiles §4.1.4.2",
                "The IdP must send one bearer confirmation with Recipient and NotOnOrAfter.",
            ),
            Rejection::Recipient { .. } => (
                "recipient",
                "saml-profiles §4.1.4.3",
                "Set the Reply URL at the IdP to the app's public URL, letter by letter.",
            ),
            Rejection::Audience { .. } => (
                "audience",
                "saml-core §2.5.1.4",
                "Set the Identifier (audience) at the IdP to this app's entity ID, with its slash at \
                 the end, or set the app's entity ID (`app set --entity-id`).",
            ),
            Rejection::UnknownCondition { .. } => (
                "unknown_condition",
                "saml-core §2.5.1.1",
                "The IdP sends a condition that cannot be kept; switch it off there.",
            ),
            Rejection::TooEarly { .. } => ("too_early", "saml-core §2.5.1.2", CLOCK),
            Rejection::Expired { .. } => ("expired", "saml-core §2.5.1.2", CLOCK),
            Rejection::TimeMalformed { .. } => (
                "time_malformed",
                "saml-core §1.3.3",
                "The IdP writes times in a form that is not allowed: they must look like \
                 2026-03-01T12:00:00Z.",
            ),
            Rejection::NoAuthnStatement => (
                "no_authn_statement",
                "saml-profiles §4.1.4.2",
                "The assertion tells attributes but no sign-in: choose the Web SSO profile for this \
                 application at the IdP.",
            ),
            _ => (
                "name_id_empty",
                "saml-core §2.2.3",
                "Let the IdP send a NameID, or none and the user id in an attribute.",
            ),
        }
    }
}

/// The IdP's setting to change when it encrypts with an algorithm outside the list.
fn instead_of(uri: &str) -> &'static str {
    match uri.rsplit('#').next() {
        Some("rsa-1_5") => {
            "RSA 1.5 lets attackers decrypt: set the key transport (key encryption) algorithm for \
             this application at the IdP to RSA-OAEP."
        }
        Some("tripledes-cbc" | "kw-tripledes") => {
            "Triple DES is broken: set the data encryption (block encryption) algorithm for this \
             application at the IdP to AES-256-GCM or AES-128-CBC."
        }
        _ => {
            "Set the data encryption algorithm for this application at the IdP to AES-256-GCM and \
             the key transport algorithm to RSA-OAEP with SHA-256 or SHA-1."
        }
    }
}
