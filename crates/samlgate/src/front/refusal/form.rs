//! A form without a response: what it holds instead says what is to be set at the IdP.

use super::Refusal;

impl Refusal {
    /// A form with these fields, none of which is SAMLResponse.
    pub fn no_response(fields: &[String]) -> Self {
        let named: String = fields.join(", ").chars().take(LONGEST).collect();
        let detail = match fields {
            [] => "the form is empty: there is no field SAMLResponse".to_owned(),
            _ => format!("there is no field SAMLResponse, but {named}"),
        };
        let mut refusal = Self::bad_form(detail);
        let known = |(field, _): &&(&str, _)| fields.iter().any(|name| name == field);
        if let Some((_, hint)) = INSTEAD.iter().find(known) {
            refusal.hint = (*hint).into();
        }
        refusal
    }
}

/// Names of fields that are repeated to the operator.
const LONGEST: usize = 200;

/// Fields of other bindings and protocols.
const INSTEAD: &[(&str, &str)] = &[
    (
        "SAMLart",
        "The IdP answers by artifact (HTTP-Artifact), which is not supported: set its response binding \
         for this application to HTTP-POST.",
    ),
    (
        "SAMLRequest",
        "A request came to the address for responses: log-out requests go to .../logout, so correct the \
         Logout URL at the IdP.",
    ),
    (
        "wresult",
        "The IdP answers by WS-Federation: set the application there to SAML 2.0, with the Reply URL for \
         HTTP-POST.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_instead_of_a_response_is_named_with_the_setting() {
        let of = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            let refusal = Refusal::no_response(&names);
            assert_eq!(refusal.code, "bad_form");
            (refusal.detail, refusal.hint.into_owned())
        };
        let (detail, hint) = of(&["SAMLart", "RelayState"]);
        assert!(detail.ends_with("but SAMLart, RelayState"), "{detail}");
        assert!(hint.contains("by artifact") && hint.contains("HTTP-POST"), "{hint}");
        assert!(!hint.contains("proxy"), "{hint}");
        assert!(of(&["wa", "wresult"]).1.contains("WS-Federation"));
        assert!(of(&["SAMLRequest"]).1.contains(".../logout"));
        assert_eq!(of(&["RelayState"]).1, Refusal::bad_form("").hint);
        assert!(of(&[]).0.contains("empty"));
        assert!(of(&[&"x".repeat(1 << 20)]).0.len() < 300, "and not flooded");
    }
}
