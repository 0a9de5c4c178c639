//! What a message is held against on our side: who we are, and which request it must answer.

use crate::key::DecryptionKey;
use crate::rejection::Rejection;
use crate::xml::Element;

/// Who we are, for this response.
#[derive(Clone, Copy, Debug)]
pub struct ServiceProvider<'a> {
    /// Our entity ID.
    pub entity_id: &'a str,
    /// The assertion consumer service that the response came to.
    pub acs_url: &'a str,
    /// Our keys for what is encrypted to us, the newest first; each is tried.
    pub decryption_keys: &'a [DecryptionKey],
}

/// Which request the response must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected<'a> {
    /// The request of this ID, which this browser is waiting for.
    Request(&'a str),
    /// None: an administrator allows this IdP to begin sign-ins.
    Unsolicited,
}

impl<'a> Expected<'a> {
    /// The ID that must stand in InResponseTo; `None` when none may.
    pub(super) fn id(self) -> Option<&'a str> {
        match self {
            Expected::Request(id) => Some(id),
            Expected::Unsolicited => None,
        }
    }
}

/// The request that the subject's confirmation must name.
#[derive(Clone, Copy)]
pub(super) struct Answers<'a> {
    expected: Expected<'a>,
    /// A response that is signed itself names it. That binds as well as the confirmation, which may
    /// then leave the request out.
    proven: bool,
}

impl<'a> Answers<'a> {
    /// `response` is the one that is signed, if it is.
    pub(super) fn of(expected: Expected<'a>, response: Option<Element<'_>>) -> Self {
        let named = response.and_then(|response| response.attribute("InResponseTo"));
        let proven = named.is_some_and(|named| Some(&*named) == expected.id());
        Answers { expected, proven }
    }

    /// saml-profiles §4.1.4.3.
    pub(super) fn check(self, data: Element<'_>) -> Result<(), Rejection> {
        check_in_response_to("the subject's confirmation", data, self.expected, !self.proven)
    }
}

/// saml-profiles §4.1.4.3 and §4.1.5: both places name the pending request, or, without one,
/// neither names any. `required` is set where the place must name it.
pub(super) fn check_in_response_to(
    what: &'static str,
    element: Element<'_>,
    expected: Expected<'_>,
    required: bool,
) -> Result<(), Rejection> {
    let found = element.attribute("InResponseTo");
    let fits = match (found.as_deref(), expected.id()) {
        (Some(found), Some(expected)) => found == expected,
        (Some(_), None) => false,
        (None, Some(_)) => !required,
        (None, None) => true,
    };
    if fits {
        return Ok(());
    }
    Err(Rejection::InResponseTo {
        element: what,
        found: found.unwrap_or_default().into_owned(),
        expected: expected.id().unwrap_or_default().to_owned(),
    })
}
