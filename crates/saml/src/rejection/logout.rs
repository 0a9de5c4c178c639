//! Why a log-out message is not accepted: one variant for each rule of its own; the rules that all
//! messages share are [`Rejection`]'s.

use thiserror::Error;

use super::Rejection;
use super::texts::Texts;

/// A broken rule of log-out messages.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LogoutRejection {
    /// A rule that all messages share: XML, IDs, signatures, times.
    #[error(transparent)]
    Message(#[from] Rejection),
    /// The query's parameters are missing, repeated, mixed or do not decode.
    #[error("{what}")]
    Parameters {
        /// What is wrong.
        what: &'static str,
    },
    /// The root element is another message.
    #[error("the message is {name:?}, which was not expected here")]
    NotExpected {
        /// The local name of the root element.
        name: String,
    },
    /// Nothing signs the message.
    #[error("the log-out message is not signed")]
    Unsigned,
    /// The issuer is another, and no alias of the IdP.
    #[error("the log-out message was issued by {issuer:?}")]
    Issuer {
        /// What stands there.
        issuer: String,
    },
    /// The message is meant for another address, or for none.
    #[error("the log-out message's destination is {destination:?}, not {expected:?}")]
    Destination {
        /// What stands there.
        destination: String,
        /// The address it came to.
        expected: String,
    },
    /// Not exactly one name.
    #[error("the log-out request holds no NameID, or more than one name")]
    NameCount,
}

impl LogoutRejection {
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

    fn texts(&self) -> Texts {
        match self {
            LogoutRejection::Message(rejection) => rejection.texts(),
            LogoutRejection::Parameters { .. } => Texts::new(
                "logout_parameters",
                "saml-bindings §3.4.4.1",
                "This address takes one log-out message of the IdP at a time. A bookmark of it leads \
                 nowhere: people must use the app's own log-out. If the IdP writes it so, choose \
                 HTTP-POST for log-out there.",
            ),
            LogoutRejection::NotExpected { .. } => Texts::new(
                "logout_message",
                "saml-profiles §4.4.3",
                "The IdP's configuration points another kind of message to this address: sign-ins \
                 go to .../auth.",
            ),
            LogoutRejection::Unsigned => Texts::new(
                "logout_unsigned",
                "saml-profiles §4.4.3.1, §4.4.3.5",
                "Switch signing of log-out requests and answers on at the IdP.",
            ),
            LogoutRejection::Issuer { .. } => Texts::new(
                "logout_issuer",
                "saml-profiles §4.4.4.1",
                "If this is another name of the same IdP: `idp set NAME --issuer-alias ID`.",
            ),
            LogoutRejection::Destination { .. } => Texts::new(
                "logout_destination",
                "saml-bindings §3.4.5.2, §3.5.5.2",
                "Set the Logout URL of this app at the IdP to its address, letter by letter.",
            ),
            LogoutRejection::NameCount => Texts::new(
                "logout_name",
                "saml-core §3.7.1",
                "Let the IdP name the person in its log-out requests by the one NameID, or EncryptedID, \
                 that it sent at the sign-in.",
            ),
        }
    }
}
