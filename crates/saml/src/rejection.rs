//! Why a message is not accepted: one variant for each rule, with the clause it comes from and
//! what an operator can do. The person in front of the browser is shown none of it.

use std::time::Duration;

use thiserror::Error;

use crate::xml::XmlError;

mod logout;
mod texts;

pub use logout::LogoutRejection;

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
    /// An ID is missing, or holds what no ID may.
    #[error("{element} has the ID {id:?}, which is not a valid ID")]
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
    #[error("the IdP answered {code:?} {subcode:?} {message:?}")]
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
    /// Something is encrypted and there is no key for it.
    #[error("{what} is encrypted, and there is no key to decrypt it")]
    Encrypted {
        /// What is encrypted.
        what: &'static str,
    },
    /// Something encrypted has another shape than the profile's.
    #[error("the encryption is malformed: {what}")]
    EncryptionMalformed {
        /// What is wrong.
        what: &'static str,
    },
    /// An encryption algorithm outside the list.
    #[error("the encryption algorithm {uri:?} is not allowed")]
    EncryptionNotAllowed {
        /// Its URI.
        uri: String,
    },
    /// It cannot be decrypted. Why is not said to anybody: the answer would be an oracle.
    #[error("it cannot be decrypted with any of our keys")]
    Decryption,
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
    #[error("{what} is valid only in {by:?}, a clock skew of {} s allowed already", .skew.as_secs())]
    TooEarly {
        /// What it says.
        what: &'static str,
        /// By how much, the skew already allowed.
        by: Duration,
        /// By how much clocks may differ.
        skew: Duration,
    },
    /// Not valid any more.
    #[error("{what} ended {by:?} ago, a clock skew of {} s allowed already", .skew.as_secs())]
    Expired {
        /// What it says.
        what: &'static str,
        /// By how much, the skew already allowed.
        by: Duration,
        /// By how much clocks may differ.
        skew: Duration,
    },
    /// A time that cannot be read.
    #[error("{what} is {value:?} and no moment in time")]
    TimeMalformed {
        /// Where it stands.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// Nothing says that the person signed in at the IdP.
    #[error("the assertion has no AuthnStatement")]
    NoAuthnStatement,
    /// The person signed in at the IdP too long ago for what was asked.
    #[error(
        "the sign-in at the IdP is {by:?} older than the {max_age:?} that were asked for, a clock \
         skew of {} s allowed already",
        .skew.as_secs()
    )]
    AuthnTooOld {
        /// How old it may be.
        max_age: Duration,
        /// How much older it is, the skew already allowed.
        by: Duration,
        /// By how much clocks may differ.
        skew: Duration,
    },
    /// The person was authenticated in another way than was asked.
    #[error("the authentication context is {class:?}, not one of {expected:?}")]
    AuthnContext {
        /// The class that the assertion names; empty when it names none.
        class: String,
        /// The classes that were asked for.
        expected: Vec<String>,
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
        self.texts().code
    }

    /// The clause that the rule comes from.
    pub fn rule(&self) -> &'static str {
        self.texts().rule
    }

    /// What an operator can do.
    pub fn hint(&self) -> &'static str {
        self.texts().hint
    }
}

#[cfg(test)]
mod tests;
