use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{in_form, in_head, in_log_in};
use super::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");

fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = http::Request::post(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn read(path: &str, headers: &[(&str, &str)]) -> Result<Reading, &'static str> {
    reading(&parts(path, headers), &plain(path))
}

#[test]
fn log_in_addresses_are_known_in_every_spelling() {
    for path in [
        "/login.jsp",
        "//login.jsp",
        "/login.jsp;jsessionid=1",
        "/LOGIN.jsp",
        "/%6Cogin.jsp",
        "/x/../login.jsp",
        "/x/%2e%2e;a=b/login.jsp",
        "/./dologin.action",
        "/rest/auth/latest/session",
        "/rest/tsv/1.0/authenticate",
        "/rest/gadget/1.0/login",
        "/rest/auth/1/session.json",
        "/rest/auth/latest/SESSION.xml;a=b",
        "/servicedesk/customer/user/login",
        "/servicedesk/customer/portal/1/user/login",
    ] {
        assert!(takes_password(&plain(path)), "{path}");
    }
    for path in ["/browse/KEY-1", "/rest/api/2/user", "/login.jsp/x", "/"] {
        assert!(!takes_password(&plain(path)), "{path}");
    }
    for path in ["/secure/admin/WebSudoAuthenticate.jspa", "/doauthenticate.action"] {
        assert!(confirms_password(&plain(path)), "{path}");
    }
}

#[test]
fn names_are_found_wherever_a_password_may_stand() {
    let basic = |credentials: &str| in_head(&parts("/x", &[("authorization", credentials)]));
    assert_eq!(basic(&format!("Basic {}", STANDARD.encode("camilla:guess"))), ["camilla"]);
    assert_eq!(in_head(&parts("/x?os_username=cam%69lla&os_password=guess", &[])), ["camilla"]);
    let log_in = |body: &[u8]| in_log_in(body, false).unwrap();
    assert_eq!(log_in(b"os_username=camilla&os_password=guess"), ["camilla"]);
    assert_eq!(log_in(br#"{"username":"camilla","password":"g"}"#), ["camilla"]);
    assert!(in_form(b"summary=camilla&username=camilla").is_empty(), "an administrator's form");
}

#[test]
fn careless_credentials_are_read_as_lenient_apps_read_them() {
    let digits = STANDARD.encode("camilla:guess>?");
    let lenient = [
        format!("basic {digits}"),
        format!("Basic\t {digits}"),
        format!("Basic {}", digits.trim_end_matches('=')),
        format!("Basic {}", digits.replace('/', "_").replace('+', "-")),
        format!("Basic *{}!{}", &digits[..5], &digits[5..]),
    ];
    for credentials in lenient {
        let found = in_head(&parts("/x", &[("authorization", &credentials)]));
        assert_eq!(found, ["camilla"], "{credentials}");
    }
}

#[test]
fn a_name_outside_ascii_is_read_in_both_usual_ways() {
    assert_eq!(in_form(b"os_username=s%F8ren"), ["s\u{fffd}ren", "søren"]);
    assert_eq!(in_form("os_username=søren".as_bytes())[0], "søren");
}

#[test]
fn fields_that_stand_there_twice_all_count() {
    assert_eq!(in_form(b"os_username=admin&os_username=camilla"), ["admin", "camilla"]);
    let json = br#"{"username":"admin","user\u006eame":"camilla"}"#;
    assert_eq!(in_log_in(json, true).unwrap(), ["admin", "camilla"]);
    let scalars = br#"{"username":4711,"name":true,"j_username":null}"#;
    assert_eq!(in_log_in(scalars, true).unwrap(), ["4711", "true"]);
    let both = br#"{"a":"&os_username=camilla&os_password=x&b="}"#;
    assert_eq!(in_log_in(both, false).unwrap(), ["camilla"], "JSON and a form at once");
}

#[test]
fn what_the_app_might_read_otherwise_is_refused() {
    let utf_16: Vec<u8> =
        r#"{"username":"camilla"}"#.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(in_log_in(&utf_16, true).is_err());
    let json = ("content-type", "application/json");
    assert_eq!(read("/rest/auth/1/session", &[json]), Ok(Reading::LogIn));
    for headers in [
        &[("content-type", "multipart/form-data; boundary=x")][..],
        &[("content-type", "application/x-www-form-urlencoded; charset=UTF-16")],
        &[("content-type", "application/x-www-form-urlencoded;charset=\"IBM037\"")],
        &[("content-type", "application/x-www-form-urlencoded; charset=iso-8859-2")],
        &[FORM, ("content-encoding", "gzip")],
    ] {
        assert!(read("/login.jsp", headers).is_err(), "{headers:?}");
    }
    let ebcdic = ("content-type", "application/x-www-form-urlencoded; charset=cp500");
    assert!(read("/browse/K", &[ebcdic]).is_err());
    let query = |kind: &str| {
        let get = http::Request::get("/x?os_username=a").header("content-type", kind);
        let parts = get.body(()).unwrap().into_parts().0;
        reading(&parts, "/x")
    };
    assert!(query("text/plain; charset=ibm037").is_err(), "a container may read the query so");
    assert_eq!(query("text/plain; charset=windows-1252"), Ok(Reading::Unread));
}

#[test]
fn every_form_is_read_wherever_it_is_posted_to_and_nothing_else() {
    assert_eq!(read("/browse/K", &[FORM, ("content-length", "60")]), Ok(Reading::ShortForm));
    assert_eq!(read("/up", &[FORM, ("content-length", "70000")]), Ok(Reading::Passing));
    assert_eq!(read("/up", &[FORM]), Ok(Reading::Passing), "in chunks");
    assert_eq!(read("/up", &[("content-length", "60")]), Ok(Reading::Unread));
    let upload = ("content-type", "multipart/form-data; boundary=x");
    assert_eq!(read("/up", &[upload]), Ok(Reading::Unread));
}
