//! Why a log-out message is not accepted: one variant for each rule of its own; the rules that all
//! messages share are [`Rejection`]'s.

use thiserror::Error;

use super::Rejection;

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
        match self {
            LogoutRejection::Message(rejection) => rejection.code(),
            _ => self.texts().0,
        }
    }

    /// The clause that the rule comes from.
    pub fn rule(&self) -> &'static str {
        match self {
            LogoutRejection::Message(rejection) => rejection.rule(),
            _ => self.texts().1,
        }
    }

    /// What an operator can do.
    pub fn hint(&self) -> &'static str {
        match self {
            LogoutRejection::Message(rejection) => rejection.hint(),
            _ => self.texts().2,
        }
    }

    fn texts(&self) -> (&'static str, &'static str, &'static str) {
        const FORGED: &str = "No IdP sends this. If it lasts, somebody is trying forged messages.";
        match self {
            LogoutRejection::Parameters { .. } => {
                ("logout_parameters", "saml-bindings §3.4.4.1", FORGED)
            }
            LogoutRejection::NotExpected { .. } => (
                "logout_message",
                "saml-profiles §4.4.3",
                "The IdP's configuration points another kind of message to this address: sign-ins \
                 go to .../auth.",
            ),
            LogoutRejection::Unsigned => (
                "logout_unsigned",
                "saml-profiles §4.4.3.1, §4.4.3.5",
                "Switch signing of log-out requests and answers on at the IdP.",
            ),
            LogoutRejection::Issuer { .. } => (
                "logout_issuer",
                "saml-profiles §4.4.4.1",
                "If this is another name of the same IdP: `idp set NAME --issuer-alias ID`.",
            ),
            LogoutRejection::Destination { .. } => (
                "logout_destination",
                "saml-bindings §3.4.5.2, §3.5.5.2",
                "Set the Logout URL of this app at the IdP to its address, letter by letter.",
            ),
            LogoutRejection::NameCount => ("logout_name", "saml-core §3.7.1", FORGED),
            LogoutRejection::Message(_) => ("", "", ""),
        }
    }
}
