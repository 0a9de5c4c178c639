//! What was asked of the person's authentication at the IdP, held against what the IdP says of it.
//!
//! A request travels through the person's browser, who may drop from it what it asks for; an IdP may
//! pass over it. So asking proves nothing, and the answer is judged by what was asked.

use std::time::{Duration, SystemTime};

use super::times::{Times, moment};
use crate::message::classes_of;
use crate::rejection::Rejection;
use crate::xml::{Element, SAML};

/// What the authentication must have been like. Nothing, unless something was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequiredAuthn<'a> {
    /// AuthnInstant is at most this old, the skew allowed (ForceAuthn, saml-core §3.4.1).
    pub max_age: Option<Duration>,
    /// AuthnContextClassRef is one of these, letter by letter (saml-core §3.3.2.2.1): for `exact`
    /// the class that was asked for, for `minimum` also those that are stronger. Empty: any.
    pub classes: &'a [String],
}

/// One AuthnStatement must satisfy everything by itself: a password that was typed just now beside
/// a security key of last week is no security key just now.
pub(super) fn check(
    assertion: Element<'_>,
    required: RequiredAuthn<'_>,
    times: Times,
) -> Result<(), Rejection> {
    let mut failure = Rejection::NoAuthnStatement;
    for statement in assertion.children_named(SAML, "AuthnStatement") {
        match check_one(statement, required, times) {
            Ok(()) => return Ok(()),
            Err(rejection) => failure = rejection,
        }
    }
    Err(failure)
}

fn check_one(
    statement: Element<'_>,
    required: RequiredAuthn<'_>,
    times: Times,
) -> Result<(), Rejection> {
    if let Some(max_age) = required.max_age {
        let instant = instant_of(statement)?;
        times.not_before("the sign-in at the IdP", instant)?;
        if let Err(by) = times.not_older_than(max_age, instant) {
            return Err(Rejection::AuthnTooOld { max_age, by, skew: times.skew });
        }
    }
    check_class(statement, required.classes)
}

/// Where a statement names several classes, which no schema allows, each must fit.
fn check_class(statement: Element<'_>, asked: &[String]) -> Result<(), Rejection> {
    let other = |class: &str| {
        let (class, expected) = (class.to_owned(), asked.to_vec());
        Err(Rejection::AuthnContext { class, expected })
    };
    let mut named = asked.is_empty();
    for class in classes_of(statement) {
        let class = class?;
        if !asked.is_empty() && !asked.iter().any(|asked| *asked == class) {
            return other(&class);
        }
        named = true;
    }
    if named { Ok(()) } else { other("") }
}

/// When the person signed in there; every statement says so (saml-core §2.7.2).
pub(super) fn instant_of(statement: Element<'_>) -> Result<SystemTime, Rejection> {
    let missing = Rejection::Malformed { what: "AuthnStatement has no AuthnInstant" };
    moment(statement, "AuthnInstant")?.ok_or(missing)
}
