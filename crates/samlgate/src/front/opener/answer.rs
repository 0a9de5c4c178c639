//! What the app's answer to a log-in means.

use http::HeaderMap;

use super::failure::Failure;

/// Seraph's word on a log-in, as far as the headers tell.
pub(super) fn refusal_in(headers: &HeaderMap) -> Option<Failure> {
    let says = |name: &str, word: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.contains(word))
    };
    if says("x-authentication-denied-reason", "CAPTCHA_CHALLENGE")
        || says("x-seraph-loginreason", "AUTHENTICATION_DENIED")
    {
        return Some(Failure::Captcha);
    }
    if says("x-seraph-loginreason", "AUTHORISATION_FAILED") {
        return Some(Failure::NoAccess);
    }
    if says("x-seraph-loginreason", "AUTHENTICATED_FAILED") {
        return Some(Failure::WrongPassword);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn seraphs_words_are_understood() {
        let captcha = headers(&[
            ("x-seraph-loginreason", "AUTHENTICATION_DENIED"),
            ("x-authentication-denied-reason", "CAPTCHA_CHALLENGE; login-url=http://x/login.jsp"),
        ]);
        assert_eq!(refusal_in(&captcha), Some(Failure::Captcha));
        let reason = |word| headers(&[("x-seraph-loginreason", word)]);
        assert_eq!(refusal_in(&reason("AUTHORISATION_FAILED")), Some(Failure::NoAccess));
        assert_eq!(refusal_in(&reason("AUTHENTICATED_FAILED")), Some(Failure::WrongPassword));
        assert_eq!(refusal_in(&reason("OK")), None);
    }
}
