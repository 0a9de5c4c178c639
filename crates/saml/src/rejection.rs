//! Why a message is not accepted: one variant for each rule, with the clause it comes from and
//! what an operator can do. The person in front of the browser is shown none of it.

use std::time::Duration;

use thiserror::Error;

use crate::xml::XmlError;

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Rejection {
    /// The posted field is not base64.
    #[error("the message is not base64")]
    NotBase64,
    /// The message is larger than is ever read.
    #[error("the message is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The bytes are not UTF-8.
    #[error("the message is not UTF-8")]
    NotUtf8,
    /// The text is not XML as it is accepted.
    #[error("the message is not acceptable XML: {0}")]
    Xml(XmlError),
    /// The root element is something else.
    #[error("the message is {name:?} and no samlp:Response")]
    NotAResponse {
        /// The local name of the root element.
        name: String,
    },
    /// Version is not 2.0.
    #[error("{element} has version {version:?}")]
    Version {
        /// The element.
        element: &'static str,
        /// What stands there.
        version: String,
    },
    /// An ID is missing or no NCName.
    #[error("{element} has the ID {id:?}, which is no NCName")]
    IdMalformed {
        /// The element.
        element: &'static str,
        /// What stands there.
        id: String,
    },
    /// Two elements have the same ID, or there are too many.
    #[error("the ID {id:?} stands there twice, or there are too many IDs")]
    IdRepeated {
        /// The ID.
        id: String,
    },
    /// A required part is missing, stands there twice or is malformed.
    #[error("{what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// The IdP reports a failure.
    #[error("the IdP answered {code} {subcode} {message:?}")]
    Status {
        /// The top-level status code.
        code: String,
        /// The second-level status code.
        subcode: String,
        /// The status message.
        message: String,
    },
    /// There is no assertion, or more than one, or one in another place.
    #[error("the response holds {count} assertions; one is expected, as its child")]
    AssertionCount {
        /// How many there are in the whole document.
        count: usize,
    },
    /// Something is encrypted.
    #[error("{what} is encrypted")]
    Encrypted {
        /// What is encrypted.
        what: &'static str,
    },
    /// Nothing is signed.
    #[error("neither the response nor its assertion is signed")]
    Unsigned,
    /// A signature has another shape than the profile's.
    #[error("the signature is malformed: {what}")]
    SignatureMalformed {
        /// What is wrong.
        what: &'static str,
    },
    /// A signature stands where none may be.
    #[error("a signature stands outside the response and its assertion")]
    SignatureElsewhere,
    /// The reference does not name the element that holds the signature.
    #[error("the signature refers to {uri:?} and not to the element that holds it")]
    ReferenceElsewhere {
        /// The reference.
        uri: String,
    },
    /// A transform or canonicalization outside the list.
    #[error("the transform {uri:?} is not allowed")]
    TransformNotAllowed {
        /// Its URI.
        uri: String,
    },
    /// An algorithm outside the list.
    #[error("the algorithm {uri:?} is not allowed")]
    AlgorithmNotAllowed {
        /// Its URI.
        uri: String,
    },
    /// SHA-1 without the switch.
    #[error("the signature uses SHA-1")]
    Sha1NotAllowed,
    /// No trusted key is of the algorithm's family.
    #[error("none of the {keys} trusted keys is of the signature's kind")]
    NoKeyForAlgorithm {
        /// How many keys are trusted.
        keys: usize,
    },
    /// No trusted key verifies the signature.
    #[error("the signature does not verify with any of {tried} trusted keys")]
    SignatureInvalid {
        /// How many keys were tried.
        tried: usize,
    },
    /// What is signed is not what is there.
    #[error("the digest does not fit: something was changed after signing")]
    DigestMismatch,
    /// The issuer is another.
    #[error("{element} was issued by {issuer:?}")]
    Issuer {
        /// The element.
        element: &'static str,
        /// The issuer.
        issuer: String,
    },
    /// The response is meant for another address, or for none although it must.
    #[error("the response's destination is {destination:?}, not {expected:?}")]
    Destination {
        /// What stands there.
        destination: String,
        /// The address it came to.
        expected: String,
    },
    /// The answer belongs to another request, or to none.
    #[error("{element} answers request {found:?}, not {expected:?}")]
    InResponseTo {
        /// The element.
        element: &'static str,
        /// What stands there; empty when nothing does.
        found: String,
        /// The pending request; empty when there is none.
        expected: String,
    },
    /// No bearer confirmation fits as a whole.
    #[error("no bearer confirmation fits: {reason}")]
    SubjectConfirmation {
        /// Why the last one did not.
        reason: Box<str>,
    },
    /// The confirmation is for another address.
    #[error("the recipient is {recipient:?}, not {expected:?}")]
    Recipient {
        /// What stands there.
        recipient: String,
        /// The address it came to.
        expected: String,
    },
    /// No audience restriction, or one without us.
    #[error("the audience is {audiences:?}, not {expected:?}")]
    Audience {
        /// The audiences of the restriction that fails.
        audiences: Vec<String>,
        /// Our entity ID.
        expected: String,
    },
    /// A condition that is not understood.
    #[error("the condition {name:?} is not understood")]
    UnknownCondition {
        /// Its local name.
        name: String,
    },
    /// Not valid yet.
    #[error("{what} is valid only in {by:?}")]
    TooEarly {
        /// What it says.
        what: &'static str,
        /// By how much, the skew already allowed.
        by: Duration,
    },
    /// Not valid any more.
    #[error("{what} ended {by:?} ago")]
    Expired {
        /// What it says.
        what: &'static str,
        /// By how much, the skew already allowed.
        by: Duration,
    },
    /// A time that cannot be read.
    #[error("{what} is {value:?} and no moment in time")]
    TimeMalformed {
        /// Where it stands.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The subject has an empty name.
    #[error("the NameID is empty")]
    NameIdEmpty,
}

impl From<XmlError> for Rejection {
    fn from(error: XmlError) -> Self {
        Rejection::Xml(error)
    }
}

impl Rejection {
    /// A stable name of the rule.
    pub fn code(&self) -> &'static str {
        self.texts().0
    }

    /// The clause that the rule comes from.
    pub fn rule(&self) -> &'static str {
        self.texts().1
    }

    /// What an operator can do.
    pub fn hint(&self) -> &'static str {
        self.texts().2
    }

    fn texts(&self) -> (&'static str, &'static str, &'static str) {
        self.transport().or_else(|| self.signature()).unwrap_or_else(|| self.meaning())
    }

    fn transport(&self) -> Option<(&'static str, &'static str, &'static str)> {
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
            Rejection::NotUtf8 => ("not_utf8", "saml-core §1.3.1; UTF-8 only", ATTACK),
            Rejection::Xml(_) => {
                ("xml", "XML 1.0; no DTD (implementation profile IIP-G03)", ATTACK)
            }
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
            Rejection::Malformed { .. } => ("malformed", "saml-schema-protocol-2.0", ATTACK),
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
            Rejection::Encrypted { .. } => (
                "encrypted",
                "saml-core §2.3.4",
                "Switch encryption of assertions off for this application at the IdP.",
            ),
            _ => return None,
        })
    }

    fn signature(&self) -> Option<(&'static str, &'static str, &'static str)> {
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
            Rejection::DigestMismatch => ("digest_mismatch", "xmldsig-core §3.2.1", FORGED),
            _ => return None,
        })
    }

    fn meaning(&self) -> (&'static str, &'static str, &'static str) {
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
                "The IdP writes times in a form that is not allowed.",
            ),
            _ => (
                "name_id_empty",
                "saml-core §2.2.3",
                "Let the IdP send a NameID, or none and the user id in an attribute.",
            ),
        }
    }
}
