//! Log-out messages: one test for each rule, honest messages of both bindings beside the forged
//! ones. The signers are xmlsec1 and openssl.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use saml::{
    Certificate, LogoutMessage, LogoutOutcome, LogoutParties, LogoutRejection, LogoutResponse,
    LogoutStatus, MessageKind, NameId, TrustedIdp, VerifiedLogoutRequest, accept_logout_request,
    accept_logout_response, peek_logout_issuer,
};
use testkit::{Key, Logout, Place, Signature, encoded, sign, signed_query, unsigned_query};

const IDP: &str = "https://idp.example.org/";
const ENTITY_ID: &str = "https://jira.example.org/";
const SLO: &str = "https://jira.example.org/plugins/servlet/saml/logout";
const REQUEST: &str = "_request";
const SKEW: Duration = Duration::from_secs(180);

/// 2026-03-01T12:00:00Z.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_772_366_400)
}

fn idp() -> TrustedIdp {
    let certificate = Certificate::from_pem_or_der(Key::Rsa2048.certificate_pem().as_bytes());
    let key = certificate.and_then(|certificate| certificate.key()).expect("the fixture's key");
    TrustedIdp { entity_id: IDP.to_owned(), keys: vec![key], allow_sha1: false }
}

fn request() -> Logout {
    Logout::request(IDP, SLO)
}

/// A query signed as IdPs do.
fn query_of(xml: &str) -> Result<String> {
    let unsigned = unsigned_query("SAMLRequest", xml, Some("state"))?;
    signed_query(&unsigned, Key::Rsa2048, Signature::RSA_SHA256, "sha256")
}

fn accept_query(query: &str) -> Result<VerifiedLogoutRequest, LogoutRejection> {
    accept_message(&LogoutMessage::from_query(query)?)
}

fn accept_message(message: &LogoutMessage) -> Result<VerifiedLogoutRequest, LogoutRejection> {
    let idp = idp();
    let aliases = ["https://other.example.org/".to_owned()];
    let parties = LogoutParties {
        idp: &idp,
        issuer_aliases: &aliases,
        entity_id: ENTITY_ID,
        slo_url: SLO,
        decryption_keys: &[],
    };
    accept_logout_request(message, &parties, now(), SKEW)
}

fn code<T>(outcome: Result<T, LogoutRejection>) -> &'static str {
    outcome.map_or_else(|rejection| rejection.code(), |_| "it was accepted")
}

/// The code of the refusal of a request that was changed before it was signed.
fn refusal_of(change: impl FnOnce(&mut Logout)) -> Result<&'static str> {
    let mut request = request();
    change(&mut request);
    Ok(code(accept_query(&query_of(&request.xml())?)))
}

/// A posted request whose XML is signed, then bent.
fn posted(bend: impl FnOnce(String) -> String) -> Result<&'static str> {
    let mut request = request();
    request.signature = Some(Signature::default());
    let xml = bend(sign(&request.xml(), Place::Response, Key::Rsa2048)?);
    Ok(code(post(&xml).and_then(|message| accept_message(&message))))
}

fn post(xml: &str) -> Result<LogoutMessage, LogoutRejection> {
    use base64::Engine as _;
    let value = base64::engine::general_purpose::STANDARD.encode(xml);
    LogoutMessage::from_post_value(MessageKind::Request, &value, None)
}

#[test]
fn an_encrypted_name_without_a_key_for_it_is_refused_by_its_name() -> Result<()> {
    let cipher = "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/>";
    let content = format!("<saml:EncryptedID>{cipher}</saml:EncryptedID>");
    assert_ne!(refusal_of(|request| request.content = content)?, "it was accepted");
    Ok(())
}

fn named(value: &'static str) -> NameId<'static> {
    NameId { value, format: None, name_qualifier: None, sp_name_qualifier: None }
}

#[test]
fn accepts_a_request_by_redirect_and_tells_whom_it_means() -> Result<()> {
    let message = LogoutMessage::from_query(&query_of(&request().xml())?)?;
    assert_eq!(peek_logout_issuer(&message)?.as_str(), IDP);
    assert_eq!((message.kind(), message.relay_state()), (MessageKind::Request, Some("state")));
    let verified = accept_message(&message)?;
    assert_eq!((verified.id(), verified.name()), ("_logout", "camilla"));
    assert!(verified.names(&named("camilla"), Some("_session")));
    assert!(!verified.names(&named("camilla"), Some("_other")), "another session stays");
    assert!(!verified.names(&named("Camilla"), Some("_session")), "names are exact");
    Ok(())
}

#[test]
fn accepts_a_request_by_post() -> Result<()> {
    assert_eq!(posted(|xml| xml)?, "it was accepted");
    Ok(())
}

#[test]
fn accepts_queries_without_relay_state_and_with_more_parameters() -> Result<()> {
    let unsigned = unsigned_query("SAMLRequest", &request().xml(), None)?;
    let query = signed_query(&unsigned, Key::Rsa2048, Signature::RSA_SHA256, "sha256")?;
    assert_eq!(code(accept_query(&query)), "it was accepted");
    assert_eq!(code(accept_query(&format!("lang=de&{query}&x"))), "it was accepted");
    let empty = unsigned_query("SAMLRequest", &request().xml(), Some(""))?;
    let query = signed_query(&empty, Key::Rsa2048, Signature::RSA_SHA256, "sha256")?;
    assert_eq!(code(accept_query(&query)), "it was accepted");
    Ok(())
}

#[test]
fn a_request_without_an_index_means_all_sessions_and_one_with_several_each_of_them() -> Result<()> {
    let mut all = request();
    all.content = "<saml:NameID>camilla</saml:NameID>".to_owned();
    let all = accept_query(&query_of(&all.xml())?)?;
    assert!(all.names(&named("camilla"), Some("_any")) && all.names(&named("camilla"), None));
    let mut two = request();
    two.content.push_str("<samlp:SessionIndex>_second</samlp:SessionIndex>");
    let two = accept_query(&query_of(&two.xml())?)?;
    assert!(two.names(&named("camilla"), Some("_session")));
    assert!(two.names(&named("camilla"), Some("_second")));
    assert!(!two.names(&named("camilla"), Some("_third")));
    Ok(())
}

#[test]
fn every_qualifier_counts_and_a_missing_one_means_its_default() -> Result<()> {
    const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let mut request = request();
    request.content =
        format!("<saml:NameID Format=\"{PERSISTENT}\" NameQualifier=\"{IDP}\">x7</saml:NameID>");
    let verified = accept_query(&query_of(&request.xml())?)?;
    let stored = NameId {
        value: "x7",
        format: Some(PERSISTENT),
        name_qualifier: None,
        sp_name_qualifier: Some(ENTITY_ID),
    };
    assert!(verified.names(&stored, None));
    let other_sp = NameId { sp_name_qualifier: Some("https://wiki.example.org/"), ..stored };
    assert!(!verified.names(&other_sp, None));
    let other_idp = NameId { name_qualifier: Some("https://evil.example.org/"), ..stored };
    assert!(!verified.names(&other_idp, None));
    Ok(())
}

/// Whether a request for this NameID, as it is written, means a session of that one.
fn means(asked: &str, stored: NameId<'_>) -> Result<bool> {
    let mut request = request();
    request.content = asked.to_owned();
    Ok(accept_query(&query_of(&request.xml())?)?.names(&stored, None))
}

#[test]
fn a_name_is_compared_without_blanks_and_an_open_format_fits_any() -> Result<()> {
    const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let format = |format| NameId { format: Some(format), ..named("camilla") };
    let stored = [named("camilla"), format(""), format(UNSPECIFIED), format(EMAIL)];
    for asked in [
        "<saml:NameID>camilla</saml:NameID>".to_owned(),
        "<saml:NameID>\n  camilla\t </saml:NameID>".to_owned(),
        "<saml:NameID Format=\"\">camilla</saml:NameID>".to_owned(),
        "<saml:NameID Format=\" \" NameQualifier=\"\" SPNameQualifier=\" \">camilla</saml:NameID>"
            .to_owned(),
        format!("<saml:NameID Format=\"{UNSPECIFIED}\">camilla</saml:NameID>"),
        format!("<saml:NameID Format=\" {UNSPECIFIED} \">camilla</saml:NameID>"),
    ] {
        for stored in stored {
            assert!(means(&asked, stored)?, "{asked} {stored:?}");
            assert!(means(&asked, NameId { value: " camilla\n", ..stored })?, "{asked} {stored:?}");
            let qualified =
                NameId { name_qualifier: Some(IDP), sp_name_qualifier: Some(""), ..stored };
            assert!(means(&asked, qualified)?, "{asked} {qualified:?}");
        }
        let other =
            NameId { name_qualifier: Some("https://evil.example.org/"), ..named("camilla") };
        assert!(!means(&asked, other)?, "a qualifier that is there counts");
        assert!(!means(&asked, named("camill a"))? && !means(&asked, named("Camilla"))?);
    }
    let asked = format!("<saml:NameID Format=\"{EMAIL}\">camilla</saml:NameID>");
    assert!(means(&asked, named("camilla"))? && means(&asked, format(UNSPECIFIED))?);
    assert!(!means(&asked, format(PERSISTENT))?, "two that are there must be the same");
    Ok(())
}

#[test]
fn an_empty_index_is_none() -> Result<()> {
    let mut request = request();
    request.content =
        "<saml:NameID>camilla</saml:NameID><samlp:SessionIndex> </samlp:SessionIndex>".to_owned();
    let verified = accept_query(&query_of(&request.xml())?)?;
    assert!(!verified.names_indexes() && verified.names(&named("camilla"), Some("_any")));
    assert!(accept_query(&query_of(&self::request().xml())?)?.names_indexes());
    Ok(())
}

#[test]
fn our_answer_says_whether_the_sessions_are_over() {
    let status = |status| {
        let answer = LogoutResponse {
            id: "_answer",
            issue_instant: now(),
            destination: "https://idp.example.org/slo",
            issuer: ENTITY_ID,
            in_response_to: "_logout",
            status,
        };
        answer.to_xml()
    };
    let code =
        |name| format!("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{name}\"/>");
    assert!(status(LogoutStatus::Success).contains(&code("Success")));
    assert!(status(LogoutStatus::Responder).contains(&code("Responder")));
}

#[test]
fn refuses_a_log_out_request_that_nothing_signs() -> Result<()> {
    let unsigned = unsigned_query("SAMLRequest", &request().xml(), None)?;
    assert_eq!(code(accept_query(&unsigned)), "logout_unsigned");
    assert_eq!(code(accept_message(&post(&request().xml())?)), "logout_unsigned");
    Ok(())
}

#[test]
fn refuses_a_query_signed_by_somebody_else() -> Result<()> {
    let unsigned = unsigned_query("SAMLRequest", &request().xml(), None)?;
    let query = signed_query(&unsigned, Key::Attacker, Signature::RSA_SHA256, "sha256")?;
    assert_eq!(code(accept_query(&query)), "signature_invalid");
    Ok(())
}

#[test]
fn refuses_a_query_that_was_changed_after_signing() -> Result<()> {
    let query = query_of(&request().xml())?;
    let other_state = query.replace("RelayState=state", "RelayState=other");
    assert_eq!(code(accept_query(&other_state)), "signature_invalid");
    let without_state = query.replace("&RelayState=state", "");
    assert_eq!(code(accept_query(&without_state)), "signature_invalid");
    let mut forged = request();
    forged.content = forged.content.replace("camilla", "admin");
    let message = unsigned_query("SAMLRequest", &forged.xml(), Some("state"))?;
    let (_, signature) = query.split_once("&SigAlg").expect("a signature");
    let swapped = format!("{message}&SigAlg{signature}");
    assert_eq!(code(accept_query(&swapped)), "signature_invalid");
    Ok(())
}

#[test]
fn the_signature_covers_the_octets_as_they_were_sent() -> Result<()> {
    // The testkit writes %2b, most others %2B: decoding and encoding anew would break it.
    let query = query_of(&request().xml())?;
    assert!(query.contains("%3a") && code(accept_query(&query)) == "it was accepted");
    let upper = query.replace("SigAlg=http%3a", "SigAlg=http%3A");
    assert_eq!(code(accept_query(&upper)), "signature_invalid", "other octets, same meaning");
    Ok(())
}

#[test]
fn refuses_repeated_mixed_and_oddly_written_parameters() -> Result<()> {
    let query = query_of(&request().xml())?;
    let forged = unsigned_query("SAMLRequest", &request().xml().replace("camilla", "admin"), None)?;
    let response = forged.replace("SAMLRequest", "SAMLResponse");
    let value = forged.trim_start_matches("SAMLRequest=");
    for bent in [
        format!("{query}&{forged}"),
        format!("{forged}&{query}"),
        format!("{query}&{response}"),
        format!("{query}&SAML%52equest={value}"),
        format!("{query}&samlrequest={value}"),
        format!("{query}&RelayState=other"),
        format!("{query}&Relay%53tate=other"),
        format!("{query}&Signature=AAAA"),
        format!("SigAlg=x&{query}"),
        format!("{query}&SAMLEncoding=other"),
        query.split_once("&Signature").expect("a signature").0.to_owned(),
        "RelayState=state".to_owned(),
        String::new(),
        query.replace("SAMLRequest=", "SAMLRequest=%"),
        query.replace("SAMLRequest=", "SAMLRequest=%ff"),
    ] {
        assert_eq!(code(accept_query(&bent)), "logout_parameters", "{bent}");
    }
    Ok(())
}

#[test]
fn a_deflate_bomb_ends_early() -> Result<()> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1 << 20])?;
    }
    use base64::Engine as _;
    let value = base64::engine::general_purpose::STANDARD.encode(encoder.finish()?);
    let outcome = LogoutMessage::from_query(&format!("SAMLRequest={}", encoded(&value)));
    let rejection = outcome.expect_err("64 MiB in 64 kB");
    assert_eq!(rejection.code(), "logout_parameters");
    assert!(rejection.to_string().contains("128 kB"), "{rejection}");
    Ok(())
}

#[test]
fn refuses_sha1_over_queries_unless_it_is_allowed() -> Result<()> {
    let unsigned = unsigned_query("SAMLRequest", &request().xml(), None)?;
    let sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let query = signed_query(&unsigned, Key::Rsa2048, sha1, "sha1")?;
    assert_eq!(code(accept_query(&query)), "sha1_not_allowed");
    let md5 = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5";
    let query = signed_query(&unsigned, Key::Rsa2048, md5, "md5")?;
    assert_eq!(code(accept_query(&query)), "algorithm_not_allowed");
    Ok(())
}

#[test]
fn refuses_another_issuer_but_takes_its_aliases() -> Result<()> {
    let issued = |issuer: &str| refusal_of(|request| request.issuer = Some(issuer.to_owned()));
    assert_eq!(issued("https://evil.example.org/")?, "logout_issuer");
    assert_eq!(issued("https://idp.example.org")?, "logout_issuer", "letter by letter");
    assert_eq!(issued("https://other.example.org/")?, "it was accepted");
    assert_eq!(refusal_of(|request| request.issuer = None)?, "malformed");
    Ok(())
}

#[test]
fn refuses_another_destination_and_none() -> Result<()> {
    let other = "https://wiki.example.org/plugins/servlet/saml/logout".to_owned();
    assert_eq!(refusal_of(|request| request.destination = Some(other))?, "logout_destination");
    assert_eq!(refusal_of(|request| request.destination = None)?, "logout_destination");
    Ok(())
}

#[test]
fn refuses_requests_that_are_too_old_or_from_the_future() -> Result<()> {
    let at = |made: &str, end: Option<&str>| {
        refusal_of(|request| {
            request.issue_instant = Some(made.to_owned());
            request.not_on_or_after = end.map(str::to_owned);
        })
    };
    assert_eq!(at("2026-03-01T11:50:00Z", Some("2026-03-01T11:56:59Z"))?, "expired");
    assert_eq!(at("2026-03-01T11:50:00Z", Some("2026-03-01T11:57:01Z"))?, "it was accepted");
    assert_eq!(at("2026-03-01T11:51:00Z", None)?, "expired", "kept for later");
    assert_eq!(at("2026-03-01T11:53:00Z", None)?, "it was accepted");
    assert_eq!(at("2026-03-01T12:04:00Z", None)?, "too_early");
    assert_eq!(at("yesterday", None)?, "time_malformed");
    assert_eq!(refusal_of(|request| request.issue_instant = None)?, "malformed");
    Ok(())
}

#[test]
fn refuses_no_name_two_names_and_an_empty_one() -> Result<()> {
    let name = |content: &str| refusal_of(|request| request.content = content.to_owned());
    assert_eq!(name("")?, "logout_name");
    assert_eq!(name("<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>")?, "logout_name");
    assert_eq!(name("<saml:BaseID></saml:BaseID>")?, "logout_name");
    assert_eq!(name("<saml:NameID> </saml:NameID>")?, "name_id_empty");
    assert_eq!(name("<saml:NameID>a<b/></saml:NameID>")?, "malformed");
    // A comment does not cut a name short (CVE-2017-11427).
    let mut request = request();
    request.content = "<saml:NameID>cam<!-- -->illa</saml:NameID>".to_owned();
    assert_eq!(accept_query(&query_of(&request.xml())?)?.name(), "camilla");
    Ok(())
}

#[test]
fn refuses_posted_requests_that_were_changed_or_wrapped() -> Result<()> {
    let changed = posted(|xml| xml.replace(">camilla<", ">admin<"))?;
    assert_eq!(changed, "digest_mismatch");
    let wrapped = posted(|xml| {
        let forged = request().xml().replace("camilla", "admin").replace("_logout", "_forged");
        let extensions = format!("<samlp:Extensions>{xml}</samlp:Extensions>");
        forged.replace("<saml:NameID>", &format!("{extensions}<saml:NameID>"))
    })?;
    assert_eq!(wrapped, "signature_elsewhere");
    let twice = posted(|xml| {
        xml.replace("<samlp:SessionIndex>", "<a ID=\"_logout\"/><samlp:SessionIndex>")
    })?;
    assert_eq!(twice, "id_repeated");
    Ok(())
}

#[test]
fn refuses_other_messages_at_the_log_out_endpoint() -> Result<()> {
    let response = testkit::Response::new(IDP, ENTITY_ID, SLO, REQUEST).xml();
    assert_eq!(code(accept_query(&query_of(&response)?)), "logout_message");
    let answer = Logout::response(IDP, SLO, REQUEST).xml();
    assert_eq!(code(accept_query(&query_of(&answer)?)), "logout_message", "asked as a request");
    assert_eq!(code(accept_query(&query_of("<!DOCTYPE a><a/>")?)), "xml");
    assert_eq!(refusal_of(|request| request.version = "1.1".to_owned())?, "version");
    assert_eq!(refusal_of(|request| request.id = "+1".to_owned())?, "id_malformed");
    Ok(())
}

fn answer(change: impl FnOnce(&mut Logout)) -> Result<Result<LogoutOutcome, LogoutRejection>> {
    let mut response = Logout::response(IDP, SLO, REQUEST);
    change(&mut response);
    let unsigned = unsigned_query("SAMLResponse", &response.xml(), Some("state"))?;
    let query = signed_query(&unsigned, Key::Rsa2048, Signature::RSA_SHA256, "sha256")?;
    let message = LogoutMessage::from_query(&query)?;
    let idp = idp();
    let parties = LogoutParties {
        idp: &idp,
        issuer_aliases: &[],
        entity_id: ENTITY_ID,
        slo_url: SLO,
        decryption_keys: &[],
    };
    let verified = accept_logout_response(&message, &parties, REQUEST);
    Ok(verified.map(|verified| verified.outcome().clone()))
}

#[test]
fn an_answer_tells_how_the_log_out_ended() -> Result<()> {
    assert_eq!(answer(|_| {})?, Ok(LogoutOutcome::Everywhere));
    let status = |top: &str, second: &str| {
        answer(|response| {
            response.content = format!(
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{top}\">\
                 <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{second}\"/>\
                 </samlp:StatusCode></samlp:Status>"
            );
        })
    };
    assert_eq!(status("Success", "PartialLogout")?, Ok(LogoutOutcome::Partial));
    assert_eq!(status("Responder", "PartialLogout")?, Ok(LogoutOutcome::Partial));
    let failed = status("Requester", "RequestDenied")?;
    assert!(matches!(failed, Ok(LogoutOutcome::Failed(text)) if text.contains("RequestDenied")));
    Ok(())
}

#[test]
fn refuses_answers_to_other_requests_from_others_and_to_other_places() -> Result<()> {
    let to = |id: Option<&str>| answer(|response| response.in_response_to = id.map(str::to_owned));
    assert_eq!(code(to(Some("_other"))?), "in_response_to");
    assert_eq!(code(to(None)?), "in_response_to");
    let evil = answer(|response| response.issuer = Some("https://evil.example.org/".to_owned()))?;
    assert_eq!(code(evil), "logout_issuer");
    assert_eq!(code(answer(|response| response.destination = None)?), "logout_destination");
    let malformed = answer(|response| response.content = String::new())?;
    assert_eq!(code(malformed), "malformed");
    Ok(())
}
