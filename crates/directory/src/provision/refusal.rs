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
    /// The id that never changes is not in the assertion, although users are found by it.
    #[error("no IdP id was sent, although users are found by it")]
    IdpIdMissing,
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
    #[error("the user {user_id:?} has no e-mail address at {location}")]
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
            Refusal::IdpIdMissing => (
                "idp_id_missing",
                "Samlgate: the IdP id is never invented",
                "Let the IdP send the id that never changes, or find users by another value.",
            ),
            Refusal::IdpIdInvalid { .. } => (
                "idp_id_invalid",
                "Samlgate: IdP ids have at most 512 characters",
                "Choose an attribute that holds a plain id, such as an object id.",
            ),
            Refusal::IdpIdDiffers { .. } => (
                "idp_id_differs",
                "Samlgate: a name that changes hands does not take its user along",
                "If it is a new person, rename or remove the old user. If the IdP gave the same \
                 person a new id, clear the one that is stored.",
            ),
            Refusal::EmailAmbiguous { .. } => (
                "email_ambiguous",
                "Samlgate: an e-mail address finds one user or none",
                "Give each user an address of their own, or find users by user id.",
            ),
            Refusal::NameTaken { .. } => (
                "name_taken",
                "Samlgate: a collision of names is a refusal",
                "Rename or remove the other user, or correct the name or the address at the IdP.",
            ),
            Refusal::NoMatch { .. } => (
                "no_match",
                "Samlgate: the no-match policy `refuse`",
                "Correct the value at the IdP, or the step in the IdP's settings.",
            ),
            Refusal::NotAllowed { .. } => (
                "not_allowed",
                "Samlgate: access rules",
                "If the person is to come in, change their groups or attributes at the IdP, or the \
                 access rules in the IdP's settings.",
            ),
            Refusal::Dropped { .. } => (
                "dropped",
                "Samlgate: access rules",
                "Create the user (`samlgate user add`), or change the access rule that drops them.",
            ),
            Refusal::Deactivated { .. } => (
                "deactivated",
                "Samlgate: access rules",
                "If the person is to come in, correct what the rule looks at, and activate the user.",
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
                 give the user to that IdP: `samlgate user link NAME --idp IDP`.",
            ),
            Refusal::EntityChanged { .. } => (
                "idp_entity_changed",
                "Samlgate: a binding remembers the IdP's entity ID",
                "The IdP's entry names another entity than before. If its users are the same people, \
                 confirm that: `samlgate idp set NAME --keep-users`.",
            ),
            Refusal::NotLinked { .. } => (
                "user_not_linked",
                "Samlgate: with several IdPs an administrator says who is whose",
                "Link the user to the IdP that may sign it in: `samlgate user link NAME --idp IDP`. \
                 To let one IdP bind whoever is free: `samlgate idp set IDP --for-unbound-users`.",
            ),
            Refusal::EmailMissing { .. } => (
                "email_missing",
                "Samlgate: users have e-mail addresses",
                "Let the IdP send the address, or set the attribute (`idp set --email`).",
            ),
        }
    }
}
