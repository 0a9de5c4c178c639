//! What an IdP means by refusing: the status codes of SAML, and the numbers that Entra ID (AADSTS)
//! and AD FS (MSIS) write into the message. Explained from here, without asking anybody.
//!
//! A status is read before any signature, so only fixed texts of this table are shown for it.

use super::Advice;

/// What the operator should do, and what the person can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Explanation {
    pub(super) hint: &'static str,
    pub(super) advice: Advice,
}

/// The best explanation: a number in the message or a message that is known, else the second-level
/// code, else the first.
pub(super) fn explain(code: &str, subcode: &str, message: &str) -> Option<Explanation> {
    let find = |table: &'static [Entry], key: &str| {
        let entry = table.iter().find(|(known, ..)| *known == key)?;
        Some(Explanation { advice: entry.1, hint: entry.2 })
    };
    let number = |prefix: &str, table: &'static [Entry]| {
        // The next ones are of a failure further inside, which says more, but not always known.
        message.match_indices(prefix).find_map(|(at, _)| {
            let rest = message.get(at + prefix.len()..)?;
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            find(table, rest.get(..end)?)
        })
    };
    let last = |uri: &str| uri.rsplit(':').next().unwrap_or_default().to_owned();
    number("AADSTS", ENTRA)
        .or_else(|| number("MSIS", ADFS))
        .or_else(|| find(MESSAGES, message.trim()))
        .or_else(|| find(SECOND_LEVEL, &last(subcode)))
        // Some IdPs write a second-level code at the top, alone.
        .or_else(|| find(SECOND_LEVEL, &last(code)))
        .or_else(|| find(TOP_LEVEL, &last(code)))
}

type Entry = (&'static str, Advice, &'static str);

/// saml-core §3.2.2.2: mandatory codes.
const TOP_LEVEL: &[Entry] = &[
    (
        "Requester",
        Advice::Administrator,
        "The IdP says that the request is wrong: compare Identifier and Reply URL there with \
         `samlgate app show NAME`; its own log tells more.",
    ),
    (
        "Responder",
        Advice::Administrator,
        "The IdP failed by itself and says no more. Its own log tells why; at AD FS it is event 364.",
    ),
    (
        "VersionMismatch",
        Advice::Administrator,
        "The IdP does not speak SAML 2.0 at this address; take the address of its SAML 2.0 endpoint.",
    ),
];

/// saml-core §3.2.2.2: second-level codes.
const SECOND_LEVEL: &[Entry] = &[
    (
        "AuthnFailed",
        Advice::StartAgain,
        "The person did not sign in at the IdP: wrong password, cancelled, declined, or a rule there. \
         Its own log tells which.",
    ),
    (
        "InvalidAttrNameOrValue",
        Advice::Administrator,
        "The IdP does not know an attribute that was asked for; none is by default.",
    ),
    (
        "InvalidNameIDPolicy",
        Advice::Administrator,
        "The IdP cannot give the NameID format that was asked for. Ask for none: \
         `samlgate idp set NAME --name-id-format \"\"`, or let the IdP issue a NameID.",
    ),
    (
        "NoAuthnContext",
        Advice::Administrator,
        "The IdP cannot sign the person in in the way that was asked for. Ask for none: \
         `samlgate idp set NAME --authn-context \"\"`.",
    ),
    (
        "NoAvailableIDP",
        Advice::TryLater,
        "The IdP passes people on to another one, which does not answer.",
    ),
    (
        "NoPassive",
        Advice::LogInAtApp,
        "No failure: the person was not signed in at the IdP, and it may not ask (--passive).",
    ),
    (
        "NoSupportedIDP",
        Advice::Administrator,
        "The IdP passes people on to others and supports none of those asked for.",
    ),
    ("PartialLogout", Advice::StartAgain, "The IdP could not sign the person out everywhere."),
    (
        "RequestDenied",
        Advice::StartAgain,
        "The IdP did not go on: the person declined there (Keycloak says this when consent or a required \
         action is cancelled), or may not use this application. Its own log tells which; in the second \
         case assign the person there, or look at its access rules.",
    ),
    (
        "RequestUnsupported",
        Advice::Administrator,
        "The IdP does not take this kind of request: try the other binding, `samlgate idp set NAME \
         --request-binding post`, and leave out what need not be asked for.",
    ),
    (
        "UnknownPrincipal",
        Advice::NoAccess,
        "The IdP does not know the person, or has no account for them in this application.",
    ),
    (
        "UnsupportedBinding",
        Advice::Administrator,
        "The IdP cannot answer by HTTP-POST at our Reply URL: register it there as such.",
    ),
];

/// Messages that stand for a cause of their own (Keycloak's documentation, "Server specific errors").
const MESSAGES: &[Entry] = &[(
    "authentication_expired",
    Advice::StartAgain,
    "The sign-in page of Keycloak was open for too long while the person signed in in another tab. \
     Starting again works, and asks for nothing.",
)];

/// Numbers of Entra ID, as its documentation of error codes lists them.
const ENTRA: &[Entry] = &[
    (
        "50105",
        Advice::NoAccess,
        "The person is not assigned to the application in Entra ID: Enterprise applications > \
         Users and groups. Nested groups do not count there.",
    ),
    (
        "50011",
        Advice::Administrator,
        "The Reply URL of the request is not registered: enter the one that `samlgate app show` \
         prints, letter for letter, at Basic SAML Configuration.",
    ),
    (
        "700016",
        Advice::Administrator,
        "Entra ID knows no application of this Identifier in this tenant: compare it with \
         `samlgate app show`, slash at the end included, and the tenant with the login URL.",
    ),
    (
        "7000112",
        Advice::Administrator,
        "The application is disabled in Entra ID: Properties > Enabled for users to sign-in.",
    ),
    (
        "75011",
        Advice::Administrator,
        "The person signed in in another way than was asked for (such as Windows Hello). Ask for \
         none: `samlgate idp set NAME --authn-context \"\"`.",
    ),
    (
        "75016",
        Advice::Administrator,
        "Entra ID does not know the NameID format that was asked for. Ask for none: \
         `samlgate idp set NAME --name-id-format \"\"`.",
    ),
    (
        "750054",
        Advice::Administrator,
        "The request did not reach Entra ID whole: a proxy may have cut the address, or the login \
         URL lacks its path /saml2.",
    ),
    (
        "75005",
        Advice::Administrator,
        "Entra ID does not take this request. Leave out what need not be asked for: NameID format, \
         authentication context, requests by post.",
    ),
    (
        "76021",
        Advice::Administrator,
        "The application wants signed requests: `samlgate idp set NAME --sign-requests`, and upload \
         our certificate from `samlgate sp-key list --pem`.",
    ),
    (
        "76026",
        Advice::Administrator,
        "The request came too late for Entra ID: this server's clock differs, or the person waited \
         long. Check the clock.",
    ),
    (
        "50020",
        Advice::NoAccess,
        "The person's account is of another tenant and is no guest in this one. Invite them, or let \
         them sign out at Microsoft and choose the right account.",
    ),
    (
        "90072",
        Advice::NoAccess,
        "The person's account is of another tenant and is no guest in this one: invite them.",
    ),
    (
        "50034",
        Advice::NoAccess,
        "Entra ID knows no such account in this tenant; the person may have chosen another one.",
    ),
    ("50053", Advice::TryLater, "The account is locked after wrong passwords, or its address is."),
    (
        "50055",
        Advice::StartAgain,
        "The person's password has expired; Microsoft's page asks for a new one.",
    ),
    ("50057", Advice::NoAccess, "The person's account is disabled in Entra ID."),
    ("50126", Advice::StartAgain, "Wrong user name or password at Microsoft."),
    (
        "50058",
        Advice::LogInAtApp,
        "The person is not signed in at Microsoft, and it may not ask (--passive).",
    ),
    (
        "50074",
        Advice::StartAgain,
        "A second factor is needed and was not given; Microsoft's page asks for it.",
    ),
    (
        "50076",
        Advice::StartAgain,
        "A second factor is needed; a Conditional Access rule asks for it.",
    ),
    ("50079", Advice::StartAgain, "The person must first register a second factor at Microsoft."),
    (
        "53000",
        Advice::NoAccess,
        "Conditional Access wants a compliant device; see the sign-in logs in Entra ID.",
    ),
    (
        "53001",
        Advice::NoAccess,
        "Conditional Access wants a device that is joined to the domain; see the sign-in logs.",
    ),
    (
        "53003",
        Advice::NoAccess,
        "Conditional Access blocks this sign-in; the sign-in logs in Entra ID name the rule.",
    ),
    (
        "65001",
        Advice::Administrator,
        "Nobody has consented to the application: an administrator of Entra ID must.",
    ),
];

/// Numbers of AD FS. Most of them stand in its event log only.
const ADFS: &[Entry] = &[
    (
        "7070",
        Advice::Administrator,
        "AD FS issues no NameID of the format that was asked for. Ask for none: \
         `samlgate idp set NAME --name-id-format \"\"`, or add a rule that issues one.",
    ),
    (
        "7042",
        Advice::TryLater,
        "The browser came back to AD FS six times within seconds: a loop. See the latest attempts \
         of this person for the first refusal.",
    ),
    (
        "1016",
        Advice::Administrator,
        "AD FS wants signed requests, because our metadata once said so or the trust is set to: \
         `samlgate idp set NAME --sign-requests`.",
    ),
    (
        "3200",
        Advice::Administrator,
        "AD FS has no such assertion consumer service in its relying party trust: add the Reply URL \
         that `samlgate app show` prints.",
    ),
    (
        "7007",
        Advice::Administrator,
        "AD FS knows no relying party trust of this Identifier: compare it with `samlgate app show`.",
    ),
    (
        "3055",
        Advice::Administrator,
        "AD FS knows no enabled relying party trust of this Identifier.",
    ),
    (
        "5007",
        Advice::NoAccess,
        "The access control policy of the relying party trust does not let this person in.",
    ),
    (
        "0038",
        Advice::Administrator,
        "AD FS cannot verify our signature: give it our current metadata, or the certificate of \
         `samlgate sp-key list --pem`.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

    fn explained(code: &str, subcode: &str, message: &str) -> Option<Explanation> {
        explain(&format!("{STATUS}{code}"), &format!("{STATUS}{subcode}"), message)
    }

    #[test]
    fn a_number_says_more_than_a_code_and_the_second_code_more_than_the_first() {
        let message =
            "AADSTS50105: Your administrator has configured the application to block users";
        let found = explained("Responder", "RequestDenied", message).unwrap();
        assert!(found.hint.contains("not assigned"), "{found:?}");
        assert_eq!(found.advice, Advice::NoAccess);
        let found = explained("Requester", "InvalidNameIDPolicy", "").unwrap();
        assert!(found.hint.contains("--name-id-format"), "{found:?}");
        let found = explained("Responder", "", "").unwrap();
        assert!(found.hint.contains("event 364"), "{found:?}");
        let found = explain("urn:x:Responder", "", "Exception: MSIS7070: The SAML request");
        assert!(found.unwrap().hint.contains("NameID"));
    }

    #[test]
    fn who_declined_at_the_idp_may_start_again_and_is_not_sent_to_the_administrator() {
        for (code, subcode, message) in [
            ("Responder", "RequestDenied", ""),
            ("Requester", "RequestDenied", "access_denied"),
            ("Responder", "AuthnFailed", ""),
            ("RequestDenied", "", ""),
            ("AuthnFailed", "", "the person declined"),
        ] {
            let found = explained(code, subcode, message).unwrap();
            assert_eq!(found.advice, Advice::StartAgain, "{code} {subcode}");
            assert!(found.hint.contains("declined"), "{found:?}");
        }
        let late = explained("Responder", "AuthnFailed", "authentication_expired").unwrap();
        assert!(late.hint.contains("another tab"), "{late:?}");
    }

    #[test]
    fn a_number_is_read_whole_and_an_unknown_one_gives_way() {
        let found = explained("Responder", "", "AADSTS501050: something else").unwrap();
        assert!(!found.hint.contains("not assigned"), "50105 is not 501050");
        let found = explained("Responder", "", "AADSTS999: x; AADSTS75011: y").unwrap();
        assert!(found.hint.contains("Windows Hello"), "{found:?}");
        assert_eq!(explain("urn:x:Own", "urn:x:Other", "é AADSTS MSIS"), None);
    }

    #[test]
    fn each_entry_stands_once_and_says_something() {
        for table in [TOP_LEVEL, SECOND_LEVEL, MESSAGES, ENTRA, ADFS] {
            let mut keys: Vec<_> = table.iter().map(|(key, ..)| *key).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), table.len());
            assert!(table.iter().all(|(_, _, hint)| hint.ends_with('.') && hint.len() > 30));
        }
    }
}
