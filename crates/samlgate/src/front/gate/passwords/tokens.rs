//! Secrets of Bitbucket's own in the place of a password: HTTP access tokens.
//!
//! Git and REST clients send them as the password of Basic credentials, with the user's name before
//! them. They are Bitbucket's to judge, and no person chooses one: what has the shape of a token is
//! let through for a managed name, but only there where Bitbucket takes tokens, and only when it can
//! be read in one way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

/// Whether the request has Basic credentials whose password is shaped as a token: in one header, in
/// the base64 that everybody reads alike (RFC 4648 §4).
pub(super) fn brings_token(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let Some((scheme, credentials)) = line.to_str().ok().and_then(|line| line.split_once(' '))
    else {
        return false;
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return false;
    }
    let pair = STANDARD.decode(credentials).unwrap_or_default();
    let colon = pair.iter().position(|byte| *byte == b':');
    colon.is_some_and(|colon| is_token(&pair[colon + 1..]))
}

/// The shapes that Bitbucket gives out: `BBDC-` and base64; in older versions 33 bytes in base64, of
/// which the first are the digits of a number.
fn is_token(secret: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    match secret.strip_prefix(b"BBDC-") {
        Some(rest) => (40..=64).contains(&rest.len()) && rest.iter().all(is_digit),
        None => STANDARD
            .decode(secret)
            .is_ok_and(|bytes| bytes.len() == 33 && bytes.iter().take(3).all(u8::is_ascii_digit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "BBDC-MDEyMzQ1Njc4OTAxOqvN7wEjRWeJq83vASNFZ4mrze8B";
    const OLD: &str = "MDEyMzQ1Njc4OTAxOqvN7wEjRWeJq83vASNFZ4mrze8B";

    fn brings(lines: &[String]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, line.parse().unwrap());
        }
        brings_token(&headers)
    }

    fn basic(pair: &str) -> String {
        format!("Basic {}", STANDARD.encode(pair))
    }

    #[test]
    fn a_token_is_known_by_its_shape() {
        for token in [NEW, OLD] {
            assert!(brings(&[basic(&format!("camilla:{token}"))]), "{token}");
            assert!(brings(&[basic(&format!("søren:{token}")).replace("Basic", "bAsIc")]));
        }
        for secret in [
            "",
            "guess",
            "BBDC-",
            "BBDC-guess",
            "bbdc-MDEyMzQ1Njc4OTAxOqvN7wEjRWeJq83vASNFZ4mrze8B",
            "BBDC-MDEyMzQ1Njc4OTAxOqvN7wEjRWeJq83vASNFZ4mrze8 ",
            &NEW.replace('z', ":"),
            &NEW.replace('z', "ø"),
            &format!("{NEW}{NEW}"),
            &format!(" {NEW}"),
            &format!("{OLD}\0"),
            &OLD[1..],
            "correct horse battery staple, and some more.",
            "CorrectHorseBatteryStapleAndSomeMoreOfTheSam",
        ] {
            assert!(!brings(&[basic(&format!("camilla:{secret}"))]), "{secret}");
        }
        assert!(!brings(&[basic(NEW)]), "no name");
        assert!(!brings(&[basic(&format!("{NEW}:guess"))]), "the name");
        assert!(!brings(&[basic(&format!("camilla:guess:{NEW}"))]), "a password with a colon");
    }

    #[test]
    fn credentials_with_two_readings_bring_none() {
        let good = basic(&format!("camilla:{NEW}"));
        let credentials = &good[6..];
        for line in [
            good.replace('=', ""),
            good.replacen("Basic ", "Basic\t", 1),
            good.replacen("Basic ", "Basic  ", 1),
            good.replacen("Basic ", "Digest ", 1),
            format!("Basic {}-{}", &credentials[..8], &credentials[8..]),
            format!("{good}, {good}"),
            format!("{good}{credentials}"),
        ] {
            assert!(line == good || !brings(std::slice::from_ref(&line)), "{line}");
        }
        assert!(!brings(&[good.clone(), good]), "twice");
        assert!(!brings(&[]));
    }
}
