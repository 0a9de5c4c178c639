//! Conditions (saml-core §2.5) and the session (§2.7.2).

use std::time::SystemTime;

use super::SAML;
use super::accept::{ServiceProvider, Times, moment};
use crate::Rejection;
use crate::xml::Element;

/// Checks all conditions; gives the moment at which they end, if they say.
pub(super) fn check(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
    times: Times,
) -> Result<Option<SystemTime>, Rejection> {
    let several = |_| Rejection::Malformed { what: "Conditions are repeated" };
    let Some(conditions) = assertion.only(SAML, "Conditions").map_err(several)? else {
        // saml-profiles §4.1.4.2: the audience must be restricted to us.
        return Err(not_for_us(Vec::new(), sp));
    };
    if let Some(start) = moment(conditions, "NotBefore")? {
        times.not_before("the assertion", start)?;
    }
    let end = moment(conditions, "NotOnOrAfter")?;
    if let Some(end) = end {
        times.not_on_or_after("the assertion", end)?;
    }
    let mut restricted = false;
    for condition in conditions.children() {
        if condition.is(SAML, "AudienceRestriction") {
            check_audience(condition, sp)?;
            restricted = true;
        } else if !condition.is(SAML, "OneTimeUse") && !condition.is(SAML, "ProxyRestriction") {
            // Each assertion is used once anyway, and none is passed on.
            return Err(Rejection::UnknownCondition { name: condition.name().to_owned() });
        }
    }
    if restricted { Ok(end) } else { Err(not_for_us(Vec::new(), sp)) }
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
        moment(statement, "AuthnInstant")?
            .ok_or(Rejection::Malformed { what: "AuthnStatement has no AuthnInstant" })?;
        if let Some(end) = moment(statement, "SessionNotOnOrAfter")? {
            times.not_on_or_after("the session at the IdP", end)?;
            ends = Some(ends.map_or(end, |earlier: SystemTime| earlier.min(end)));
        }
    }
    if statements == 0 {
        return Err(Rejection::Malformed { what: "the assertion has no AuthnStatement" });
    }
    Ok(ends)
}

/// Every restriction must name us (saml-core §2.5.1.4), letter by letter.
fn check_audience(restriction: Element<'_>, sp: &ServiceProvider<'_>) -> Result<(), Rejection> {
    let audiences = restriction.children_named(SAML, "Audience").filter_map(|a| a.text().ok());
    let audiences: Vec<_> = audiences.collect();
    if audiences.iter().any(|audience| audience.trim() == sp.entity_id) {
        return Ok(());
    }
    Err(not_for_us(audiences.into_iter().map(|a| a.into_owned()).take(10).collect(), sp))
}

fn not_for_us(audiences: Vec<String>, sp: &ServiceProvider<'_>) -> Rejection {
    Rejection::Audience { audiences, expected: sp.entity_id.to_owned() }
}
