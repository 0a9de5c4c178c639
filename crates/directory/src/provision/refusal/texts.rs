//! What is said of each refusal: a stable code, the rule, and what the operator should do. The
//! match names every variant, so that a new one cannot go without.

use super::Refusal;

/// What is said of one refusal.
pub(super) struct Texts {
    /// The stable name of the rule.
    pub(super) code: &'static str,
    /// Where the rule is written.
    pub(super) rule: &'static str,
    /// What the operator should do.
    pub(super) hint: &'static str,
}

pub(super) fn of(refusal: &Refusal) -> &'static Texts {
    match refusal {
        Refusal::UserIdMissing { .. } => &USER_ID_MISSING,
        Refusal::UserIdAmbiguous { .. } => &USER_ID_AMBIGUOUS,
        Refusal::UserIdInvalid { .. } => &USER_ID_INVALID,
        Refusal::TransientUserId { .. } => &TRANSIENT_USER_ID,
        Refusal::IdpIdMissing { .. } => &IDP_ID_MISSING,
        Refusal::IdpIdInvalid { .. } => &IDP_ID_INVALID,
        Refusal::NoMatch { .. } => &NO_MATCH,
        Refusal::EmailMissing { .. } => &EMAIL_MISSING,
        Refusal::NotAllowed { .. } => &NOT_ALLOWED,
        Refusal::Dropped { .. } => &DROPPED,
        Refusal::Deactivated { .. } => &DEACTIVATED,
        Refusal::IdpIdDiffers { .. } => &IDP_ID_DIFFERS,
        Refusal::EmailAmbiguous { .. } => &EMAIL_AMBIGUOUS,
        Refusal::NameTaken { .. } => &NAME_TAKEN,
        Refusal::UserNotFound { .. } => &USER_NOT_FOUND,
        Refusal::Inactive { .. } => &INACTIVE,
        Refusal::OtherIdp { .. } => &OTHER_IDP,
        Refusal::EntityChanged { .. } => &ENTITY_CHANGED,
        Refusal::NotLinked { .. } => &NOT_LINKED,
    }
}

// What the IdP sent cannot be used.

const USER_ID_MISSING: Texts = Texts {
    code: "user_id_missing",
    rule: "Samlgate: the user id is never invented",
    hint: "Set where the user id stands (`idp set NAME --user-id nameid` or `attribute:NAME`), or \
           let the IdP send it there.",
};

const USER_ID_AMBIGUOUS: Texts = Texts {
    code: "user_id_ambiguous",
    rule: "Samlgate: one person has one user id",
    hint: "Choose an attribute with one value (`--user-id`, `--idp-id`), or correct the claim rule at \
           the IdP.",
};

const USER_ID_INVALID: Texts = Texts {
    code: "user_id_invalid",
    rule: "Samlgate: names of users",
    hint: "Choose an attribute that holds a plain user name (`--user-id`), or take away what does not \
           fit by a step (`provisioning.steps.user_id`).",
};

const TRANSIENT_USER_ID: Texts = Texts {
    code: "transient_user_id",
    rule: "saml-core §8.3.8; Samlgate: nobody is created from a transient NameID",
    hint: "A transient NameID is another one at each sign-in, and would make a new user each time: \
           choose an attribute (`--user-id`) or another NameID format.",
};

const IDP_ID_MISSING: Texts = Texts {
    code: "idp_id_missing",
    rule: "Samlgate: the IdP id is never invented",
    hint: "Let the IdP send the id that never changes, or find users by another value.",
};

const IDP_ID_INVALID: Texts = Texts {
    code: "idp_id_invalid",
    rule: "Samlgate: IdP ids have at most 512 characters",
    hint: "Choose an attribute that holds a plain id, such as an object id.",
};

const NO_MATCH: Texts = Texts {
    code: "no_match",
    rule: "Samlgate: the no-match policy `refuse`",
    hint: "Correct the value at the IdP, or the step in the IdP's settings.",
};

const EMAIL_MISSING: Texts = Texts {
    code: "email_missing",
    rule: "Samlgate: users have e-mail addresses",
    hint: "Let the IdP send the address, or name the attribute that holds it (`idp set NAME --email`). \
           Where people have none: `--missing-email placeholder`.",
};

// An access rule keeps the person out.

const NOT_ALLOWED: Texts = Texts {
    code: "not_allowed",
    rule: "Samlgate: access rules",
    hint: "If the person is to come in, change their groups or attributes at the IdP, or the \
           access rules in the IdP's settings.",
};

const DROPPED: Texts = Texts {
    code: "dropped",
    rule: "Samlgate: access rules",
    hint: "Create the user (`samlgate user add`), or change the access rule that drops them.",
};

const DEACTIVATED: Texts = Texts {
    code: "deactivated",
    rule: "Samlgate: access rules",
    hint: "If the person is to come in, correct what the rule looks at, and activate the user \
           (`samlgate user enable NAME`).",
};

// The user who is there, or is not, cannot be this person.

const IDP_ID_DIFFERS: Texts = Texts {
    code: "idp_id_differs",
    rule: "Samlgate: a name that changes hands does not take its user along",
    hint: "If it is a new person, rename or remove the old user. If the IdP gave the same \
           person a new id, clear the one that is stored (`samlgate user set NAME --forget-idp-id`).",
};

const EMAIL_AMBIGUOUS: Texts = Texts {
    code: "email_ambiguous",
    rule: "Samlgate: an e-mail address finds one user or none",
    hint: "Give each user an address of their own, or find users by user id.",
};

const NAME_TAKEN: Texts = Texts {
    code: "name_taken",
    rule: "Samlgate: a collision of names is a refusal",
    hint: "Rename or remove the other user, or correct the name or the address at the IdP.",
};

const USER_NOT_FOUND: Texts = Texts {
    code: "user_not_found",
    rule: "User ID not found (Microsoft plug-in, troubleshooting)",
    hint: "Create the user (`samlgate user add`), or switch user creation on \
           (`idp set --create-users`).",
};

const INACTIVE: Texts = Texts {
    code: "user_inactive",
    rule: "Samlgate: inactive users do not sign in",
    hint: "Activate the user if the person is to come in again (`samlgate user enable NAME`).",
};

// The user belongs to another IdP, or to none yet.

const OTHER_IDP: Texts = Texts {
    code: "user_of_other_idp",
    rule: "Samlgate: a user belongs to one IdP",
    hint: "The same user id from another IdP may be another person. If it is the same one, \
           give the user to that IdP: `samlgate user link NAME --idp IDP`.",
};

const ENTITY_CHANGED: Texts = Texts {
    code: "idp_entity_changed",
    rule: "Samlgate: a binding remembers the IdP's entity ID",
    hint: "The IdP's entry names another entity than before. If its users are the same people, \
           confirm that: `samlgate idp set NAME --keep-users`.",
};

const NOT_LINKED: Texts = Texts {
    code: "user_not_linked",
    rule: "Samlgate: with several IdPs an administrator says who is whose",
    hint: "Link the user to the IdP that may sign it in: `samlgate user link NAME --idp IDP`. \
           To let one IdP bind whoever is free: `samlgate idp set IDP --for-unbound-users`.",
};
