//! For each rule its code, the clause that it comes from, and what an operator can do.

use super::Rejection;

/// What is told of a rule.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    /// A stable name of the rule.
    pub(super) code: &'static str,
    /// The clause that it comes from.
    pub(super) rule: &'static str,
    /// What an operator can do.
    pub(super) hint: &'static str,
}

impl Texts {
    pub(super) const fn new(code: &'static str, rule: &'static str, hint: &'static str) -> Self {
        Texts { code, rule, hint }
    }
}

impl Rejection {
    pub(super) fn texts(&self) -> Texts {
        match self {
            Rejection::NotBase64 => NOT_BASE64,
            Rejection::TooLarge { .. } => TOO_LARGE,
            Rejection::NotUtf8 => NOT_UTF8,
            Rejection::Xml(_) => XML,
            Rejection::NotAResponse { .. } => NOT_A_RESPONSE,
            Rejection::Version { .. } => VERSION,
            Rejection::IdMalformed { .. } => ID_MALFORMED,
            Rejection::IdRepeated { .. } => ID_REPEATED,
            Rejection::Malformed { .. } => MALFORMED,
            Rejection::Status { .. } => STATUS,
            Rejection::AssertionCount { .. } => ASSERTION_COUNT,
            Rejection::Encrypted { .. } => ENCRYPTED,
            Rejection::EncryptionMalformed { .. } => ENCRYPTION_MALFORMED,
            Rejection::EncryptionNotAllowed { uri } => Texts::new(
                "encryption_not_allowed",
                "implementation profile IIP-ALG04, IIP-ALG05",
                instead_of(uri),
            ),
            Rejection::Decryption => DECRYPTION,
            Rejection::Unsigned => UNSIGNED,
            Rejection::SignatureMalformed { .. } => SIGNATURE_MALFORMED,
            Rejection::SignatureElsewhere => SIGNATURE_ELSEWHERE,
            Rejection::ReferenceElsewhere { uri } if uri.is_empty() => REFERENCE_TO_ALL,
            Rejection::ReferenceElsewhere { .. } => REFERENCE_ELSEWHERE,
            Rejection::TransformNotAllowed { .. } => TRANSFORM_NOT_ALLOWED,
            Rejection::AlgorithmNotAllowed { .. } => ALGORITHM_NOT_ALLOWED,
            Rejection::Sha1NotAllowed => SHA1_NOT_ALLOWED,
            Rejection::NoKeyForAlgorithm { .. } => NO_KEY_FOR_ALGORITHM,
            Rejection::SignatureInvalid { .. } => SIGNATURE_INVALID,
            Rejection::DigestMismatch => DIGEST_MISMATCH,
            Rejection::Issuer { .. } => ISSUER,
            Rejection::Destination { .. } => DESTINATION,
            Rejection::InResponseTo { .. } => IN_RESPONSE_TO,
            Rejection::SubjectConfirmation { .. } => SUBJECT_CONFIRMATION,
            Rejection::Recipient { .. } => RECIPIENT,
            Rejection::Audience { .. } => AUDIENCE,
            Rejection::UnknownCondition { .. } => UNKNOWN_CONDITION,
            Rejection::TooEarly { .. } => TOO_EARLY,
            Rejection::Expired { .. } => EXPIRED,
            Rejection::TimeMalformed { .. } => TIME_MALFORMED,
            Rejection::NoAuthnStatement => NO_AUTHN_STATEMENT,
            Rejection::AuthnTooOld { .. } => AUTHN_TOO_OLD,
            Rejection::AuthnContext { .. } => AUTHN_CONTEXT,
            Rejection::NameIdEmpty => NAME_ID_EMPTY,
        }
    }
}

const CUT: &str = "A proxy or the browser may have cut or changed the form; try again, and look at \
                   the raw message if it lasts.";
/// What software on the market writes now and then, and what a forger would try.
const EITHER: &str = "Look at the raw message for the part that is named. If the IdP writes it so, it \
                      must be mended there; if not, somebody is trying forged messages: look at the \
                      address of the attempt.";
const ADDRESS: &str = "Set the Reply URL at the IdP to the address that `samlgate app show NAME` \
                       prints, letter by letter; if people use another one, set the app's public URL.";

const CLOCK: &str = "Compare the clocks of the IdP and of this machine (NTP on both). What they may \
                     differ by is set for each IdP (`idp set --clock-skew`).";

// How the message came, and its form.

const NOT_BASE64: Texts = Texts::new("not_base64", "saml-bindings §3.5.4", CUT);
const TOO_LARGE: Texts = Texts::new(
    "too_large",
    "Samlgate: messages have at most 1 MiB",
    "Send fewer attributes; for groups let the IdP send those of this application only.",
);
const NOT_UTF8: Texts = Texts::new(
    "not_utf8",
    "saml-core §1.3.1; UTF-8 only",
    "Let the IdP write its messages in UTF-8. If it does, something changed this one on the way; a \
     compressed one is meant for a redirect: set the IdP's response binding to HTTP-POST.",
);
const XML: Texts = Texts::new(
    "xml",
    "XML 1.0; no DTD (implementation profile IIP-G03)",
    "Look at the line that is named. What breaks off there was cut on the way, perhaps at a proxy's \
     limit. A document type or a processing instruction is never read: the IdP must leave it out.",
);
const NOT_A_RESPONSE: Texts = Texts::new(
    "not_a_response",
    "saml-profiles §4.1.4.2",
    "The IdP's configuration points another kind of message to this address: log-out messages go to \
     .../logout, and what speaks SAML 1.1 or WS-Federation must be set to SAML 2.0.",
);
const VERSION: Texts = Texts::new(
    "version",
    "saml-core §3.2.2, §2.3.3",
    "Configure SAML 2.0 at the IdP; SAML 1.1 and WS-Federation are not accepted.",
);
const ID_MALFORMED: Texts = Texts::new(
    "id_malformed",
    "saml-core §1.3.4",
    "This IdP writes invalid IDs: letters, digits, \".\", \"-\" and \"_\" are allowed, and neither \".\" nor \
     \"-\" comes first. It must be mended there.",
);
const ID_REPEATED: Texts = Texts::new("id_repeated", "saml-core §1.3.4", EITHER);
const MALFORMED: Texts =
    Texts::new("malformed", "saml-schema-protocol-2.0, saml-schema-assertion-2.0", EITHER);
const STATUS: Texts = Texts::new(
    "status",
    "saml-core §3.2.2.2",
    "The IdP refused; its own log tells why. Often the person is not assigned to the application \
     there, or did not finish signing in.",
);
const ASSERTION_COUNT: Texts = Texts::new(
    "assertion_count",
    "saml-profiles §4.1.4.2; one assertion",
    "If it is none, the IdP answered without an assertion: see its log. If there are several, let it \
     send one in each response.",
);

// Encryption.

const ENCRYPTED: Texts = Texts::new(
    "encrypted",
    "saml-core §2.3.4",
    "Let the IdP load this SP's metadata, which has our encryption key; or switch encryption off \
     for this application at the IdP.",
);
const ENCRYPTION_MALFORMED: Texts = Texts::new(
    "encryption_malformed",
    "xmlenc-core1 §3; saml-core §2.2.4, §2.3.4",
    "Look at the raw message for the part that is named. Let the IdP load this SP's metadata again, \
     which says how to encrypt, or switch encryption off for this application at the IdP.",
);
const DECRYPTION: Texts = Texts::new(
    "decryption",
    "xmlenc-core1 §4.4; saml-core §6.2",
    "The IdP encrypts for another key: let it load this SP's metadata again. If it has our key, \
     something changed the message on the way.",
);

// Signatures.

const UNSIGNED: Texts = Texts::new(
    "unsigned",
    "saml-profiles §4.1.4.2; saml-core §5",
    "Switch signing of the assertion or the response on at the IdP.",
);
const SIGNATURE_MALFORMED: Texts =
    Texts::new("signature_malformed", "saml-core §5.4; xmldsig-core §4", EITHER);
const SIGNATURE_ELSEWHERE: Texts = Texts::new(
    "signature_elsewhere",
    "saml-core §5.4.1",
    "Let the IdP sign the response or the assertion and nothing within them, such as an assertion that \
     it passes on. If it does not, somebody is trying forged messages: look at the address of the \
     attempt.",
);
const REFERENCE_ELSEWHERE: Texts = Texts::new("reference_elsewhere", "saml-core §5.4.2", EITHER);
/// What an XML toolkit does that signs whole documents.
const REFERENCE_TO_ALL: Texts = Texts::new(
    "reference_elsewhere",
    "saml-core §5.4.2",
    "The IdP signs the whole document by an empty reference: it must name the ID of the response or the \
     assertion. Set it to sign the assertion if it can choose.",
);
const TRANSFORM_NOT_ALLOWED: Texts = Texts::new(
    "transform_not_allowed",
    "saml-core §5.4.3, §5.4.4",
    "Choose exclusive canonicalization (exc-c14n) for signatures at the IdP.",
);
const ALGORITHM_NOT_ALLOWED: Texts = Texts::new(
    "algorithm_not_allowed",
    "implementation profile IIP-ALG01",
    "Choose RSA or ECDSA with SHA-256 at the IdP.",
);
const SHA1_NOT_ALLOWED: Texts = Texts::new(
    "sha1_not_allowed",
    "implementation profile IIP-ALG08",
    "Choose SHA-256 at the IdP. Only if it cannot, allow SHA-1 for this IdP (`idp set NAME \
     --allow-sha1`).",
);
const NO_KEY_FOR_ALGORITHM: Texts = Texts::new(
    "no_key",
    "saml-metadata §2.4.1.1",
    "The IdP signs with a kind of key that its stored metadata does not have: load the metadata again \
     (`idp refresh NAME`, or `idp set NAME --metadata FILE` where it has no URL).",
);
const SIGNATURE_INVALID: Texts = Texts::new(
    "signature_invalid",
    "xmldsig-core §3.2.2",
    "The IdP may have a new certificate: load its metadata again (`idp refresh NAME`, or `idp set NAME \
     --metadata FILE` where it has no URL), and compare with the certificate that it signs with. If they \
     are the same, somebody is trying forged messages.",
);
const DIGEST_MISMATCH: Texts = Texts::new(
    "digest_mismatch",
    "xmldsig-core §3.2.1",
    "Look for something that changes messages after they are signed: a filter that rewrites pages, \
     or an extension of the IdP. If there is none, somebody is trying forged messages.",
);

// What the message means.

const ISSUER: Texts = Texts::new(
    "issuer",
    "saml-profiles §4.1.4.2",
    "Compare with the entity ID of this IdP (`idp show NAME`): set it exactly as it stands in the IdP's \
     messages, or let the right IdP answer.",
);
const DESTINATION: Texts = Texts::new("destination", "saml-bindings §3.5.5.2", ADDRESS);
const IN_RESPONSE_TO: Texts = Texts::new(
    "in_response_to",
    "saml-profiles §4.1.4.3, §4.1.5",
    "The answer belongs to another sign-in, perhaps of another tab: start again. If it says of none to \
     which (nothing stands there), let the IdP name the request, InResponseTo, in the confirmation.",
);
const SUBJECT_CONFIRMATION: Texts = Texts::new(
    "subject_confirmation",
    "saml-profiles §4.1.4.2",
    "The IdP must send one bearer confirmation with Recipient and NotOnOrAfter.",
);
const RECIPIENT: Texts = Texts::new("recipient", "saml-profiles §4.1.4.3", ADDRESS);
const AUDIENCE: Texts = Texts::new(
    "audience",
    "saml-core §2.5.1.4",
    "Set the Identifier (audience) at the IdP to this app's entity ID, with its slash at the end, \
     or set the app's entity ID (`app set --entity-id`).",
);
const UNKNOWN_CONDITION: Texts = Texts::new(
    "unknown_condition",
    "saml-core §2.5.1.1",
    "The IdP sends a condition that cannot be kept; switch it off there.",
);
const TOO_EARLY: Texts = Texts::new("too_early", "saml-core §2.5.1.2", CLOCK);
const EXPIRED: Texts = Texts::new(
    "expired",
    "saml-core §2.5.1.2",
    "Compare the clocks of the IdP and of this machine (NTP on both). If they agree, the answer was \
     posted late, from a page of the IdP that was left open: start again.",
);
const TIME_MALFORMED: Texts = Texts::new(
    "time_malformed",
    "saml-core §1.3.3",
    "The IdP writes times in a form that is not allowed: they must look like 2026-03-01T12:00:00Z.",
);
const NO_AUTHN_STATEMENT: Texts = Texts::new(
    "no_authn_statement",
    "saml-profiles §4.1.4.2",
    "The assertion tells attributes but no sign-in: choose the Web SSO profile for this application at \
     the IdP (in Keycloak: Include AuthnStatement).",
);
const AUTHN_TOO_OLD: Texts = Texts::new(
    "authn_too_old",
    "saml-core §3.4.1, §2.7.2",
    "The person was not asked to sign in anew. Let the IdP honour ForceAuthn for this application; \
     where a maximum age is set, switch ForceAuthn on too, or let the IdP's own sessions end sooner.",
);
const AUTHN_CONTEXT: Texts = Texts::new(
    "authn_context",
    "saml-core §3.3.2.2.1",
    "The IdP authenticated the person in another way than the request asked for. Set the policy \
     there for this application, or the class and its comparison here (`idp set --authn-context`).",
);
const NAME_ID_EMPTY: Texts = Texts::new(
    "name_id_empty",
    "saml-core §2.2.3",
    "Let the IdP send a NameID, or none and the user id in an attribute.",
);

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
