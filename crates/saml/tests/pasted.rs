//! A response as somebody copies it out of a browser's tools, for diagnosis; what browsers post is read
//! strictly all the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{RawResponse, Rejection};

/// Its base64 holds every letter that other encodings write otherwise.
fn message() -> String {
    format!("<p:Response>{}</p:Response>\n", "??>>~~\u{fb}\u{ff} ".repeat(9))
}

/// As a browser encodes a form's value.
fn encoded(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn is_the_message(text: &str) -> bool {
    RawResponse::from_pasted(text).is_ok_and(|raw| raw.xml() == message())
}

fn base64() -> String {
    let text = STANDARD.encode(message());
    assert!(text.contains('+') && text.contains('/') && text.ends_with('='), "{text}");
    text
}

#[test]
fn base64_and_the_form_around_it_are_read_however_they_are_encoded() {
    let plain = base64();
    let lower = encoded(&plain).replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
    let lines = format!("{}\r\n{}", &plain[..76], &plain[76..]);
    let broken = encoded(&plain[..76]) + "%0D%0A" + &encoded(&plain[76..]);
    let values = [plain.clone(), encoded(&plain), encoded(&encoded(&plain)), lower, lines, broken];
    for value in values {
        for text in [
            value.clone(),
            format!("  {value}\n"),
            format!("SAMLResponse={value}"),
            format!("SAMLResponse={value}&RelayState=https%3A%2F%2Fx%2F%3Fa%3D1"),
            format!("RelayState=a%2Bb&SAMLResponse={value}&x=y"),
            format!("RelayState=&SAMLResponse={value}\n"),
            format!("POST /auth HTTP/1.1\r\nHost: x\r\n\r\nSAMLResponse={value}&RelayState=x"),
            format!("curl 'https://x/auth' --data-raw 'SAMLResponse={value}&RelayState=x'"),
        ] {
            assert!(is_the_message(&text), "{text}");
        }
    }
    assert!(is_the_message(&format!("SAMLResponse: {plain}\nRelayState: x")));
}

#[test]
fn what_is_none_of_that_is_not_base64() {
    let plain = base64();
    for text in [
        "",
        "hello!",
        "%",
        "%zz",
        "SAMLResponse=",
        "RelayState=x",
        &format!("SAMLRequest={plain}"),
        &format!("xSAMLResponse={plain}"),
        &format!("SAMLResponse={plain}&SAMLResponse={plain}"),
    ] {
        let refused = RawResponse::from_pasted(text);
        let empty = refused.as_ref().is_ok_and(|raw| raw.xml().is_empty());
        assert!(empty || matches!(refused, Err(Rejection::NotBase64)), "{text}: {refused:?}");
    }
    let large = RawResponse::from_pasted(&"A".repeat(7 << 20));
    assert!(matches!(large, Err(Rejection::TooLarge { .. })));
}

#[test]
fn what_a_browser_posts_stays_base64_alone() {
    let plain = base64();
    assert!(RawResponse::from_post_value(&plain).is_ok());
    for text in [encoded(&plain), format!("SAMLResponse={plain}"), plain.replace('=', "")] {
        let refused = RawResponse::from_post_value(&text);
        assert!(matches!(refused, Err(Rejection::NotBase64)), "{text}");
    }
}
