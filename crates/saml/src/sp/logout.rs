//! The acceptance of log-out messages (saml-profiles §4.4): every check, in order.
//!
//! 1. one parse; root element, version, unique IDs, signatures only where they may be
//! 2. every signature that is there verifies, and there is one: over the query's octets or in the
//!    message
//! 3. issuer, destination, times; of a request then the name, of an answer the request it answers
//!
//! Which session a request means is found by [`VerifiedLogoutRequest::names`] alone.

mod verified;

use std::time::{Duration, SystemTime};

use super::expected::check_in_response_to;
use super::times::{Times, moment};
use super::{Expected, UnverifiedIssuer, shape};
use crate::binding::{LogoutMessage, MessageKind};
use crate::dsig::{self, DS};
use crate::enc::{self, Decrypted};
use crate::key::{DecryptionKey, TrustedIdp};
use crate::rejection::{LogoutRejection, Rejection};
use crate::xml::{Document, Element, Limits, SAML, SAMLP};
pub use verified::{LogoutOutcome, VerifiedLogoutRequest, VerifiedLogoutResponse};

/// Between whom a log-out message travels.
#[derive(Clone, Copy, Debug)]
pub struct LogoutParties<'a> {
    /// Who must have signed it.
    pub idp: &'a TrustedIdp,
    /// Other names that this IdP has in log-out messages.
    pub issuer_aliases: &'a [String],
    /// Our entity ID.
    pub entity_id: &'a str,
    /// Our single log-out endpoint, which the message came to.
    pub slo_url: &'a str,
    /// Our decryption keys, for an encrypted name.
    pub decryption_keys: &'a [DecryptionKey],
}

/// A request without an end of its own is taken for this long.
const FRESH: Duration = Duration::from_secs(300);

/// The issuer that a log-out message claims to have: enough to find the IdP whose keys must then
/// verify it, and nothing else.
///
/// # Errors
/// When the message is no log-out message or names nobody.
pub fn peek_logout_issuer(message: &LogoutMessage) -> Result<UnverifiedIssuer, LogoutRejection> {
    let document = Document::parse(message.xml.clone(), Limits::MESSAGE).map_err(Rejection::Xml)?;
    Ok(UnverifiedIssuer::new(&issuer_of(check_root(&document, message.kind)?)?))
}

/// Accepts the IdP's request to end sessions, or says which rule it breaks.
///
/// # Errors
/// The first rule that is broken; nothing of the message may be used then.
pub fn accept_logout_request(
    message: &LogoutMessage,
    parties: &LogoutParties<'_>,
    now: SystemTime,
    skew: Duration,
) -> Result<VerifiedLogoutRequest, LogoutRejection> {
    let document = Document::parse(message.xml.clone(), Limits::MESSAGE).map_err(Rejection::Xml)?;
    let request = check_root(&document, message.kind)?;
    if message.kind != MessageKind::Request {
        return Err(unexpected(request));
    }
    // Before anything that it says, unlike a sign-in's status: an unsigned request would end
    // anybody's session, and it brings no reason that an operator should read.
    check_signed(message, request, parties.idp)?;
    check_parties(request, parties)?;
    let valid_until = check_times(request, Times { now, skew })?;
    let name = the_name(request)?;
    let decrypted = match name.is(SAML, "EncryptedID") {
        true => Some(enc::decrypt(name, parties.decryption_keys, parties.entity_id, "NameID")?),
        false => None,
    };
    let name = decrypted.as_ref().map_or(name, Decrypted::element);
    let name_id = verified::OwnedNameId::read(name)?;
    let mut session_indexes = Vec::new();
    for index in request.children_named(SAMLP, "SessionIndex") {
        let malformed = Rejection::Malformed { what: "SessionIndex holds elements" };
        session_indexes.push(index.text().map_err(|_| malformed)?.trim_ascii().to_owned());
    }
    session_indexes.retain(|index| !index.is_empty());
    Ok(VerifiedLogoutRequest {
        id: request.attribute("ID").unwrap_or_default().into_owned(),
        valid_until,
        name_id,
        session_indexes,
        idp: parties.idp.entity_id.clone(),
        sp: parties.entity_id.to_owned(),
    })
}

/// Accepts the IdP's answer to our request `request_id`, or says which rule it breaks.
///
/// # Errors
/// The first rule that is broken. That the IdP reports a failure is no broken rule.
pub fn accept_logout_response(
    message: &LogoutMessage,
    parties: &LogoutParties<'_>,
    request_id: &str,
) -> Result<VerifiedLogoutResponse, LogoutRejection> {
    let document = Document::parse(message.xml.clone(), Limits::MESSAGE).map_err(Rejection::Xml)?;
    let response = check_root(&document, message.kind)?;
    if message.kind != MessageKind::Response {
        return Err(unexpected(response));
    }
    check_signed(message, response, parties.idp)?;
    check_parties(response, parties)?;
    let expected = Expected::Request(request_id);
    check_in_response_to("the log-out response", response, expected, true)?;
    let partial = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
    let outcome = match shape::check_status(response) {
        Ok(()) if names_status(response, partial) => LogoutOutcome::Partial,
        Ok(()) => LogoutOutcome::Everywhere,
        Err(Rejection::Status { subcode, .. }) if subcode == partial => LogoutOutcome::Partial,
        Err(failure @ Rejection::Status { .. }) => LogoutOutcome::Failed(failure.to_string()),
        Err(rejection) => return Err(rejection.into()),
    };
    Ok(VerifiedLogoutResponse { outcome })
}

/// Root element, version, IDs and the places of signatures.
fn check_root<'d>(
    document: &'d Document<'_>,
    kind: MessageKind,
) -> Result<Element<'d>, LogoutRejection> {
    let root = document.root();
    let (name, what) = match kind {
        MessageKind::Request => ("LogoutRequest", "the log-out request"),
        MessageKind::Response => ("LogoutResponse", "the log-out response"),
    };
    if !root.is(SAMLP, name) {
        return Err(unexpected(root));
    }
    shape::check_version(what, root)?;
    shape::check_id(what, root)?;
    shape::check_ids(&[document])?;
    let mut signatures = document.elements().filter(|element| element.is(DS, "Signature"));
    if signatures.any(|signature| signature.parent() != Some(root)) {
        return Err(Rejection::SignatureElsewhere.into());
    }
    Ok(root)
}

fn unexpected(root: Element<'_>) -> LogoutRejection {
    LogoutRejection::NotExpected { name: root.name().to_owned() }
}

/// saml-profiles §4.4.3.1, §4.4.3.5: log-out messages through a browser are signed.
fn check_signed(
    message: &LogoutMessage,
    root: Element<'_>,
    idp: &TrustedIdp,
) -> Result<(), LogoutRejection> {
    let inside = dsig::verify(root, idp)?.is_some();
    let over_query = match &message.query {
        None => false,
        Some(query) => match &query.signature {
            Some((algorithm, signature)) => {
                // The octets as they were sent, not decoded and encoded again: two spellings of one
                // value differ (saml-bindings §3.4.4.1).
                dsig::verify_octets(query.octets.as_bytes(), algorithm, signature, idp)?;
                true
            }
            None => false,
        },
    };
    if inside || over_query { Ok(()) } else { Err(LogoutRejection::Unsigned) }
}

/// Issuer and Destination; both must be there (saml-profiles §4.4.4, saml-bindings §3.4.5.2).
fn check_parties(root: Element<'_>, parties: &LogoutParties<'_>) -> Result<(), LogoutRejection> {
    let issuer = issuer_of(root)?;
    let known = parties.issuer_aliases.iter().chain([&parties.idp.entity_id]);
    if !known.into_iter().any(|known| *known == issuer) {
        return Err(LogoutRejection::Issuer { issuer });
    }
    let destination = root.attribute("Destination").unwrap_or_default();
    if destination != parties.slo_url {
        return Err(LogoutRejection::Destination {
            destination: destination.into_owned(),
            expected: parties.slo_url.to_owned(),
        });
    }
    Ok(())
}

/// The Issuer's text: the first child, once, an entity's name (saml-core §2.2.5).
fn issuer_of(root: Element<'_>) -> Result<String, Rejection> {
    let malformed =
        || Rejection::Malformed { what: "Issuer is missing, repeated or not in its place" };
    let issuer = root.only(SAML, "Issuer").ok().flatten().ok_or_else(malformed)?;
    let format = issuer.attribute("Format");
    let entity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    if root.children().next() != Some(issuer) || format.is_some_and(|format| format != entity) {
        return Err(malformed());
    }
    Ok(issuer.text().map_err(|_| malformed())?.trim_ascii().to_owned())
}

/// saml-core §3.7.1: not after its end; one without an end not long after it was made, so that
/// nobody keeps it for later.
fn check_times(request: Element<'_>, times: Times) -> Result<SystemTime, LogoutRejection> {
    let missing = Rejection::Malformed { what: "IssueInstant is missing" };
    let made = moment(request, "IssueInstant")?.ok_or(missing)?;
    times.not_before("the log-out request", made)?;
    let end = moment(request, "NotOnOrAfter")?.or_else(|| made.checked_add(FRESH)).unwrap_or(made);
    times.not_on_or_after("the log-out request", end)?;
    Ok(end)
}

/// The one name, as it is or encrypted (saml-core §3.7.1).
fn the_name(request: Element<'_>) -> Result<Element<'_>, LogoutRejection> {
    let is_name = |child: &Element<'_>| {
        ["NameID", "EncryptedID", "BaseID"].iter().any(|name| child.is(SAML, name))
    };
    let mut names = request.children().filter(is_name);
    match (names.next(), names.next()) {
        (Some(name), None) if !name.is(SAML, "BaseID") => Ok(name),
        _ => Err(LogoutRejection::NameCount),
    }
}

/// Whether the second-level status code is `wanted`.
fn names_status(response: Element<'_>, wanted: &str) -> bool {
    let status = response.only(SAMLP, "Status").ok().flatten();
    let code = status.and_then(|status| status.only(SAMLP, "StatusCode").ok().flatten());
    let subcode = code.and_then(|code| code.only(SAMLP, "StatusCode").ok().flatten());
    subcode.is_some_and(|code| code.attribute("Value").as_deref() == Some(wanted))
}
