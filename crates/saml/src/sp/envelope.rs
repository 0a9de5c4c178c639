//! What a response says on its outside, for tools that look at one again later: to which address it
//! was sent, which request it answers, and when. Nothing of it is proven before the response is
//! accepted, and afterwards only that it was said.

use std::time::SystemTime;

use super::shape::{self, Found};
use crate::binding::RawResponse;
use crate::moment;
use crate::rejection::Rejection;
use crate::xml::{Document, Element, Limits, SAML};

/// The unverified outside of a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnverifiedEnvelope {
    /// Destination, or Recipient of the assertion that is not encrypted.
    pub address: Option<String>,
    /// InResponseTo, or that of the first confirmation of an assertion that is not encrypted.
    pub in_response_to: Option<String>,
    /// IssueInstant.
    pub issued_at: Option<SystemTime>,
}

/// Reads the outside of a response.
///
/// # Errors
/// When the message is no response.
pub fn peek_envelope(raw: &RawResponse) -> Result<UnverifiedEnvelope, Rejection> {
    let document = Document::parse(raw.xml().to_owned(), Limits::MESSAGE)?;
    let response = document.root();
    shape::check_response(response)?;
    let own = |name: &str| response.attribute(name).map(|value| value.into_owned());
    let confirmed = confirmation_data(response);
    let of_it = |name: &str| confirmed?.attribute(name).map(|value| value.into_owned());
    Ok(UnverifiedEnvelope {
        address: own("Destination").or_else(|| of_it("Recipient")),
        in_response_to: own("InResponseTo").or_else(|| of_it("InResponseTo")),
        issued_at: own("IssueInstant").and_then(|text| moment::parse(&text)),
    })
}

fn confirmation_data(response: Element<'_>) -> Option<Element<'_>> {
    let Ok(Found::Plain(assertion)) = shape::the_assertion(response) else { return None };
    let subject = assertion.children_named(SAML, "Subject").next()?;
    let confirmation = subject.children_named(SAML, "SubjectConfirmation").next()?;
    confirmation.children_named(SAML, "SubjectConfirmationData").next()
}
