//! Why a person is not let in, although the IdP said who they are.

use thiserror::Error;

/// One variant for each rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The assertion holds no user id where the settings look for it.
    #[error("no user id at {location}")]
    UserIdMissing {
        /// Where it was looked for.
        location: String,
    },
    /// The assertion holds two different user ids.
    #[error("two different user ids at {location}: {first:?} and {second:?}")]
    UserIdAmbiguous {
        /// Where it was looked for.
        location: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// The user id cannot be a user name.
    #[error("the user id {user_id:?} cannot be a user name: {reason}")]
    UserIdInvalid {
        /// The user id.
        user_id: String,
        /// The rule it breaks.
        reason: String,
    },
    /// There is no such user, and none may be created.
    #[error("User ID not found: {user_id:?}")]
    UserNotFound {
        /// The user id.
        user_id: String,
    },
    /// The user is switched off.
    #[error("the user {name:?} is inactive")]
    Inactive {
        /// The user's name.
        name: String,
    },
    /// The user belongs to another IdP.
    #[error("the user {name:?} belongs to the IdP {owner:?}, not to {idp:?}")]
    OtherIdp {
        /// The user's name.
        name: String,
        /// The IdP whose tag the user has.
        owner: String,
        /// The IdP that vouches now.
        idp: String,
    },
    /// A new user has no e-mail address.
    #[error("the new user {user_id:?} has no e-mail address at {location}")]
    EmailMissing {
        /// The user id.
        user_id: String,
        /// Where the address was looked for.
        location: String,
    },
}

impl Refusal {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        self.texts().0
    }

    /// Where the rule is written.
    pub fn rule(&self) -> &'static str {
        self.texts().1
    }

    /// What the operator should do.
    pub fn hint(&self) -> &'static str {
        self.texts().2
    }

    fn texts(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refusal::UserIdMissing { .. } => (
                "user_id_missing",
                "Samlgate: the user id is never invented",
                "Set where the user id stands (`idp set --user-id nameid` or `attribute:NAME`), or \
                 let the IdP send it there.",
            ),
            Refusal::UserIdAmbiguous { .. } => (
                "user_id_ambiguous",
                "Samlgate: one person has one user id",
                "Choose an attribute with one value, or correct the claim rule at the IdP.",
            ),
            Refusal::UserIdInvalid { .. } => (
                "user_id_invalid",
                "Samlgate: names of users",
                "Choose an attribute that holds a plain user name.",
            ),
            Refusal::UserNotFound { .. } => (
                "user_not_found",
                "User ID not found (Microsoft plug-in, troubleshooting)",
                "Create the user (`samlgate user add`), or switch user creation on \
                 (`idp set --create-users`).",
            ),
            Refusal::Inactive { .. } => (
                "user_inactive",
                "Samlgate: inactive users do not sign in",
                "Activate the user if the person is to come in again.",
            ),
            Refusal::OtherIdp { .. } => (
                "user_of_other_idp",
                "Samlgate: a user belongs to one IdP",
                "The same user id from another IdP may be another person. If it is the same one, \
                 give the user to that IdP (`user add`, `--idp`).",
            ),
            Refusal::EmailMissing { .. } => (
                "email_missing",
                "Samlgate: a new user has an e-mail address",
                "Let the IdP send the address, or set the attribute (`idp set --email`).",
            ),
        }
    }
}
