//! Conditions (saml-core §2.5) and the session (§2.7.2).

use std::time::SystemTime;

use super::authn;
use super::expected::ServiceProvider;
use super::times::{Times, moment};
use crate::Rejection;
use crate::xml::{Element, SAML};

/// Checks all conditions; gives the moment at which they end, if they say.
pub(super) fn check(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
    times: Times,
) -> Result<Option<SystemTime>, Rejection> {
    let end = check_times(assertion, times)?;
    check_audiences(assertion, sp)?;
    Ok(end)
}

/// The period of validity; gives its end, if there is one.
pub(super) fn check_times(
    assertion: Element<'_>,
    times: Times,
) -> Result<Option<SystemTime>, Rejection> {
    let Some(conditions) = the_conditions(assertion)? else { return Ok(None) };
    if let Some(start) = moment(conditions, "NotBefore")? {
        times.not_before("the assertion", start)?;
    }
    let end = moment(conditions, "NotOnOrAfter")?;
    if let Some(end) = end {
        times.not_on_or_after("the assertion", end)?;
    }
    Ok(end)
}

/// Everything else among the conditions: the audience must be restricted to us (saml-profiles
/// §4.1.4.2), and nothing may stand there that is not understood.
pub(super) fn check_audiences(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
) -> Result<(), Rejection> {
    let mut restricted = false;
    let conditions = the_conditions(assertion)?;
    for condition in conditions.into_iter().flat_map(|conditions| conditions.children()) {
        if condition.is(SAML, "AudienceRestriction") {
            check_audience(condition, sp)?;
            restricted = true;
        } else if !condition.is(SAML, "OneTimeUse") && !condition.is(SAML, "ProxyRestriction") {
            // Each assertion is used once anyway, and none is passed on.
            return Err(Rejection::UnknownCondition { name: condition.name().to_owned() });
        }
    }
    if restricted { Ok(()) } else { Err(not_for_us(Vec::new(), sp)) }
}

fn the_conditions(assertion: Element<'_>) -> Result<Option<Element<'_>>, Rejection> {
    let several = |_| Rejection::Malformed { what: "Conditions are repeated" };
    assertion.only(SAML, "Conditions").map_err(several)
}

/// The session at the IdP: there must have been a sign-in, and it must not have ended. Gives the
/// earliest end that is named.
pub(super) fn check_session(
    assertion: Element<'_>,
    times: Times,
) -> Result<Option<SystemTime>, Rejection> {
    let mut ends = None;
    let mut statements = 0;
    for statement in assertion.children_named(SAML, "AuthnStatement") {
        statements += 1;
        authn::instant_of(statement)?;
        if let Some(end) = moment(statement, "SessionNotOnOrAfter")? {
            times.not_on_or_after("the session at the IdP", end)?;
            ends = Some(ends.map_or(end, |earlier: SystemTime| earlier.min(end)));
        }
    }
    if statements == 0 {
        return Err(Rejection::NoAuthnStatement);
    }
    Ok(ends)
}

/// Every restriction must name us (saml-core §2.5.1.4), letter by letter.
fn check_audience(restriction: Element<'_>, sp: &ServiceProvider<'_>) -> Result<(), Rejection> {
    let audiences = restriction.children_named(SAML, "Audience").filter_map(|a| a.text().ok());
    let audiences: Vec<_> = audiences.collect();
    if audiences.iter().any(|audience| audience.trim_ascii() == sp.entity_id) {
        return Ok(());
    }
    Err(not_for_us(audiences.into_iter().map(|a| a.into_owned()).take(10).collect(), sp))
}

fn not_for_us(audiences: Vec<String>, sp: &ServiceProvider<'_>) -> Rejection {
    Rejection::Audience { audiences, expected: sp.entity_id.to_owned() }
}
