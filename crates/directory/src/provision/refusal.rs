//! Why a person is not let in, although the IdP said who they are.

mod texts;

use thiserror::Error;

/// One variant for each rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The assertion holds no user id where the settings look for it.
    #[error("no user id at {location}; {sent}")]
    UserIdMissing {
        /// Where it was looked for.
        location: String,
        /// Which attributes came, in words.
        sent: String,
    },
    /// The assertion holds two different user ids, or two of the ids that never change.
    #[error("two different {what}s at {location}: {first:?} and {second:?}")]
    UserIdAmbiguous {
        /// Which of the two ids.
        what: &'static str,
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
    /// The user id, or the id that never changes, would be another one at the next sign-in.
    #[error("the {what} {value:?} is a transient NameID: the next sign-in brings another one")]
    TransientUserId {
        /// Which of the two ids.
        what: &'static str,
        /// The NameID.
        value: String,
    },
    /// The id that never changes is not in the assertion, although users are found by it.
    #[error("no IdP id was sent, although users are found by it; {sent}")]
    IdpIdMissing {
        /// Which attributes came, in words.
        sent: String,
    },
    /// The id that never changes cannot be stored.
    #[error("the IdP id {idp_id:?} is too long or holds a control character")]
    IdpIdInvalid {
        /// The id.
        idp_id: String,
    },
    /// The name was given to somebody else: its user has another id that never changes.
    #[error("the user {name:?} belongs to a person with another IdP id")]
    IdpIdDiffers {
        /// The user's name.
        name: String,
    },
    /// Several users have this e-mail address, although users are found by it.
    #[error("more than one user has the e-mail address {email:?}")]
    EmailAmbiguous {
        /// The address.
        email: String,
    },
    /// The person's new name is another user's.
    #[error("the user name {name:?} is taken by another user")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A value does not fit a step that refuses such values.
    #[error("the {what} {value:?} does not fit the step: {step}")]
    NoMatch {
        /// What the value is.
        what: &'static str,
        /// The value.
        value: String,
        /// The step.
        step: String,
    },
    /// An access rule keeps the person out.
    #[error("the user {user_id:?} may not sign in: {reason}")]
    NotAllowed {
        /// The user id.
        user_id: String,
        /// The rule, in words.
        reason: String,
    },
    /// An access rule drops the person, and there is no such user yet.
    #[error("User ID not found: {user_id:?}, and a rule creates none: {reason}")]
    Dropped {
        /// The user id.
        user_id: String,
        /// The rule, in words.
        reason: String,
    },
    /// An access rule switches the user off.
    #[error("a rule deactivates the user {name:?}: {reason}")]
    Deactivated {
        /// The user's name.
        name: String,
        /// The rule, in words.
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
    /// The IdP's entry is pointed at another entity than the one that the user is bound to.
    #[error("the user {name:?} is bound to {idp:?} as {bound:?}, and {idp:?} is {entity_id:?} now")]
    EntityChanged {
        /// The user's name.
        name: String,
        /// The IdP.
        idp: String,
        /// The entity ID that the binding remembers.
        bound: String,
        /// The entity ID of the IdP's entry now.
        entity_id: String,
    },
    /// The user is bound to no IdP, and this one may not bind it by a sign-in.
    #[error("the user {name:?} is bound to no IdP, and {idp:?} may not bind it: {reason}")]
    NotLinked {
        /// The user's name.
        name: String,
        /// The IdP that vouches now.
        idp: String,
        /// Why.
        reason: String,
    },
    /// A new user has no e-mail address, or users are found by it and none was sent.
    #[error("no e-mail address for {user_id:?} at {location}; {sent}")]
    EmailMissing {
        /// The user id.
        user_id: String,
        /// Where the address was looked for.
        location: String,
        /// Which attributes came, in words.
        sent: String,
    },
}

impl Refusal {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        texts::of(self).code
    }

    /// Where the rule is written.
    pub fn rule(&self) -> &'static str {
        texts::of(self).rule
    }

    /// What the operator should do.
    pub fn hint(&self) -> &'static str {
        texts::of(self).hint
    }
}

#[cfg(test)]
mod tests;
