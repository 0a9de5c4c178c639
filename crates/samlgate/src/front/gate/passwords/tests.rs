//! Each rule of the guard by examples; [`model`] holds them against another reader for any request.

mod model;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
const JSON: (&str, &str) = ("content-type", "application/json");
const LOG_IN: Reading = Reading::LogIn { is_json: false };

fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = http::Request::post(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn read(path: &str, headers: &[(&str, &str)]) -> Result<Reading, Doubt> {
    judge_head(&parts(path, headers), at(path), true).map(|(reading, _)| reading)
}

fn at(below: &str) -> Place<'_> {
    Place { below, has_tokens: false }
}

/// The names in a request without a body.
fn in_head(uri: &str, headers: &[(&str, &str)]) -> Result<Vec<String>, Doubt> {
    let parts = parts(uri, headers);
    judge_head(&parts, at(parts.uri.path()), false).map(|(_, names)| names.as_slice().to_vec())
}

fn in_body(reading: Reading, body: &[u8]) -> Result<Vec<String>, Doubt> {
    let mut names = Names::default();
    judge_body(reading, body, &mut names).map(|()| names.as_slice().to_vec())
}

fn in_log_in(body: impl AsRef<[u8]>, is_json: bool) -> Result<Vec<String>, Doubt> {
    in_body(Reading::LogIn { is_json }, body.as_ref())
}

fn in_form(body: &[u8]) -> Vec<String> {
    in_body(Reading::ShortForm, body).unwrap()
}

#[test]
fn log_in_addresses_are_known_in_every_spelling() {
    for path in [
        "/login.jsp",
        "//login.jsp",
        "/login.jsp/",
        "/login.jsp;jsessionid=1",
        "/LOGIN.jsp",
        "/%6Cogin.jsp",
        "/%4Cogin%2ejsp",
        "/%256Cogin.jsp",
        "/login.jsp%3Bx",
        "/x/../login.jsp",
        "/x/%2e%2e;a=b/login.jsp",
        "/./dologin.action",
        "/dologin!default.action",
        "/rest/auth/latest/session",
        "/rest/tsv/1.0/authenticate",
        "/rest/gadget/1.0/login",
        "/rest/auth/1/session.json",
        "/rest/auth/latest/SESSION.xml;a=b",
        "/rest/auth/latest/session.a.b/",
        "/servicedesk/customer/user/login",
        "/servicedesk/customer/portal/1/user/login",
        "/any/j_security_check",
    ] {
        assert!(takes_password(path), "{path}");
    }
    for path in
        ["/browse/KEY-1", "/rest/api/2/user", "/login.jsp/x", "/", "", "/rest/auth/session/1"]
    {
        assert!(!takes_password(path), "{path}");
    }
    for path in ["/secure/admin/WebSudoAuthenticate!default.jspa", "/doauthenticate.action"] {
        assert!(confirms_password(path), "{path}");
    }
    let slash = Doubt::Request("A log-in has no encoded slash in its path.");
    assert_eq!(in_head("/rest/auth/1%2Fsession", &[]), Err(slash));
    assert_eq!(in_head("/job/a%2Fb", &[]), Ok(vec![]), "Jenkins and GitLab write so");
}

#[test]
fn names_are_found_wherever_a_password_may_stand() {
    let basic = |credentials: &str| in_head("/x", &[("authorization", credentials)]).unwrap();
    assert_eq!(basic(&format!("Basic {}", STANDARD.encode("camilla:guess"))), ["camilla"]);
    assert_eq!(in_head("/x?os_username=cam%69lla&os_password=g", &[]).unwrap(), ["camilla"]);
    let log_in = |body: &[u8]| in_log_in(body, false).unwrap();
    assert_eq!(log_in(b"os_username=camilla&os_password=guess"), ["camilla"]);
    assert_eq!(log_in(br#"{"username":"camilla","password":"g"}"#), ["camilla"]);
    assert!(in_form(b"summary=camilla&username=camilla").is_empty(), "an administrator's form");
    assert!(in_head("/x?username=camilla", &[]).unwrap().is_empty(), "a search");
    let query = in_head("/j_atl_security_check?j_username=camilla", &[FORM]).unwrap();
    assert_eq!(query, ["camilla"], "a container puts query and body together");
}

#[test]
fn tokens_count_only_where_git_and_rest_are_in_every_reading() {
    for path in [
        "/scm/demo/app.git/info/refs",
        "/scm/~camilla/app.git/git-receive-pack",
        "//scm//demo/app.git/info/lfs/objects/batch",
        "/rest/api/latest/projects",
        "/rest/git-lfs/storage/DEMO/app/1",
    ] {
        assert!(takes_token(path), "{path}");
    }
    for path in [
        "/",
        "/scm",
        "/rest",
        "/scmx/demo",
        "/projects/DEMO",
        "/j_atl_security_check",
        "/plugins/servlet/rest/x",
        "/x/scm/demo",
        "/%73cmx/demo",
        "/scm%2f%2e%2e%2fprojects",
        "/rest/%252e%252e/projects",
        "/rest/%252e%252e%252fprojects",
        "/rest/tsv/1.0/authenticate",
        "/rest/auth/1/session.json",
        "/rest/gadget/1.0/login",
    ] {
        assert!(!takes_token(path), "{path}");
    }
    let token = "camilla:BBDC-MDEyMzQ1Njc4OTAxOqvN7wEjRWeJq83vASNFZ4mrze8B";
    let basic = format!("Basic {}", STANDARD.encode(token));
    let names = |uri: &str, has_tokens| {
        let parts = parts(uri, &[("authorization", &basic)]);
        let place = Place { below: parts.uri.path(), has_tokens };
        judge_head(&parts, place, false).map(|(_, names)| names.as_slice().to_vec()).unwrap()
    };
    assert!(names("/rest/api", true).is_empty());
    assert_eq!(names("/rest/api", false), ["camilla"], "another app");
    assert_eq!(names("/rest/api?os_username=camilla", true), ["camilla"], "a password beside it");
}

#[test]
fn a_form_that_does_not_come_whole_is_answered_with_its_own_reason() {
    let status = |error| unread(error).status();
    assert_eq!(status(GatewayError::TooLarge(LARGEST)), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(status(GatewayError::BodySlow(30)), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(status(GatewayError::BodyBroken("reset".into())), StatusCode::BAD_REQUEST);
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
        format!("Basic {}-_{}", &digits[..5], &digits[5..]),
    ];
    for credentials in lenient {
        let found = in_head("/x", &[("authorization", &credentials)]).unwrap();
        assert!(found.contains(&"camilla".to_owned()), "{credentials}");
    }
    let padded = format!("Basic eA=={digits}");
    let doubt = Doubt::Request("The credentials go on after their padding.");
    assert_eq!(in_head("/x", &[("authorization", &padded)]), Err(doubt));
}

#[test]
fn a_name_outside_ascii_is_read_in_both_usual_ways() {
    assert_eq!(in_form(b"os_username=s%F8ren"), ["s\u{fffd}ren", "søren"]);
    assert_eq!(in_form("os_username=søren".as_bytes())[0], "søren");
    assert_eq!(in_log_in(r#"{"name":"søren"}"#, true).unwrap(), ["søren", "sÃ¸ren"]);
}

#[test]
fn fields_that_stand_there_twice_all_count() {
    assert_eq!(in_form(b"os_username=admin&os_username=camilla"), ["admin", "camilla"]);
    assert_eq!(in_form(b"a=b;os_username=a;OS_Username=camilla"), ["a", "camilla"]);
    let json = br#"{"username":"admin","user\u006eame":"camilla"}"#;
    assert_eq!(in_log_in(json, true).unwrap(), ["admin", "camilla"]);
    let scalars = br#"{"username":4711,"name":true,"j_username":null}"#;
    assert_eq!(in_log_in(scalars, true).unwrap(), ["4711", "true"]);
    let digits = br#"{"username":123456789012345678901234567890}"#;
    assert_eq!(in_log_in(digits, true).unwrap(), ["123456789012345678901234567890"]);
    for number in ["4711.0", "4.711e3", "4711E0", "-0"] {
        let text = Err(Doubt::Request("A user name is a text."));
        assert_eq!(in_log_in(format!(r#"{{"username":{number}}}"#), true), text, "{number}");
    }
    let nested = br#"[{"user":{"UserName":["a",{"x":["b"]}]},"z":"c"}]"#;
    assert_eq!(in_log_in(nested, true).unwrap(), ["a", "b"]);
    let both = br#"{"a":"&os_username=camilla&os_password=x&b="}"#;
    assert_eq!(in_log_in(both, false).unwrap(), ["camilla"], "JSON and a form at once");
}

#[test]
fn names_are_few_and_none_is_longer_than_a_users() {
    let many =
        |count: usize| -> String { (0..count).map(|n| format!("&os_username={n}")).collect() };
    assert_eq!(in_form((many(8) + &many(8)).as_bytes()).len(), 8, "each counts once");
    let too_many = Doubt::Request("A request may name at most eight users.");
    assert_eq!(in_body(Reading::ShortForm, many(9).as_bytes()), Err(too_many));
    assert_eq!(in_head(&format!("/x?{}", many(9)), &[]), Err(too_many));
    let long = |count: usize| "os_username=".to_owned() + &"ø".repeat(count);
    let too_long = Doubt::Request("A user name has at most 255 characters.");
    assert_eq!(in_form(long(127).as_bytes()).len(), 2);
    assert_eq!(in_body(Reading::ShortForm, long(256).as_bytes()), Err(too_long));
    assert_eq!(in_form((long(1) + &"+".repeat(1000)).as_bytes())[0], "ø", "blanks do not count");
}

#[test]
fn what_the_app_might_read_otherwise_is_refused() {
    let utf_16: Vec<u8> =
        r#"{"username":"camilla"}"#.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(in_log_in(&utf_16, true).is_err());
    for careless in [
        &utf_16[..],
        b"\xef\xbb\xbf{\"username\":\"camilla\"}",
        b"{username:'camilla'}",
        b"{\"username\":\"camilla\",}",
        b"/* */{\"username\":\"camilla\"}",
        b"# x\n{\"username\":\"camilla\"}",
        b")]}'\n{\"username\":\"camilla\"}",
        b"{\"username\":\"camilla\"} {}",
        b"{\"username\":\"\xf8\"}",
        b"os_username=x&os_password=\0",
    ] {
        for is_json in [true, false] {
            let kind = in_log_in(careless, is_json).unwrap_err();
            assert!(matches!(kind, Doubt::Kind(_)), "{}", careless.escape_ascii());
        }
    }
    let deep = "[".repeat(17) + &"]".repeat(17);
    assert_eq!(in_log_in(deep, true), Err(json::UNREADABLE));
    let broken = Doubt::Request("The form holds a percent sign that begins no code.");
    for body in ["os_username=%u0063amilla", "a=b&os_username=camilla%", "os_username=a&b=%zz"] {
        assert_eq!(in_log_in(body, false), Err(broken), "{body}");
    }
    assert_eq!(in_head("/x?os_username=cam%zzilla", &[]), Err(broken));
    assert_eq!(in_head("/x?q=100%", &[]), Ok(vec![]), "no name is in doubt");
}

#[test]
fn only_letters_that_everybody_reads_alike_pass_with_a_name() {
    assert_eq!(read("/rest/auth/1/session", &[JSON]), Ok(Reading::LogIn { is_json: true }));
    for charset in ["utf-8", "\"UTF-8\"", "ISO-8859-1", "us-ascii"] {
        let form = format!("application/x-www-form-urlencoded; charset={charset}");
        assert_eq!(read("/login.jsp", &[("content-type", &form)]), Ok(LOG_IN), "{charset}");
    }
    let urlencoded = "application/x-www-form-urlencoded";
    for rest in [
        "charset=UTF-16",
        "charset=\"IBM037\"",
        "charset=iso-8859-2",
        "ChArSeT=utf-7",
        "charset=utf-8; charset=ibm037",
        "charset=ibm037; charset=utf-8",
        "xcharset=ibm037",
        "a=\"charset=ibm037\"",
        "a=\";charset=ibm037\"",
        "charset=",
        "charset",
    ] {
        let kind = format!("{urlencoded};{rest}");
        let doubt = Err(Doubt::Kind("Please send forms in UTF-8."));
        assert_eq!(read("/login.jsp", &[("content-type", &kind)]), doubt, "{rest}");
        assert_eq!(read("/browse/K", &[("content-type", &kind)]), doubt, "{rest}");
        let doubt = Err(Doubt::Kind("Please send requests in UTF-8."));
        assert_eq!(in_head("/x?os_username=a", &[("content-type", &kind)]), doubt, "{rest}");
    }
    let query = |query: &str, charset: &str| {
        let kind = format!("text/plain; charset={charset}");
        in_head(&format!("/x?{query}"), &[("content-type", &kind)]).is_ok()
    };
    assert!(!query("%96%a2=a", "ibm037"), "a container may read the query so");
    assert!(query("a=b", "windows-1252"));
    assert!(!query("os_username=%B3", "iso-8859-2"), "it is another name there");
}

#[test]
fn kinds_that_could_be_taken_for_two_are_refused() {
    let multipart = ("content-type", "multipart/form-data; boundary=x");
    let neither = Err(Doubt::Kind("A log-in is a form or a JSON object."));
    assert_eq!(read("/login.jsp", &[multipart]), neither);
    assert_eq!(read("/login.jsp", &[("content-type", "text/plain")]), neither);
    let two = Err(Doubt::Request("The request has two content types."));
    assert_eq!(read("/login.jsp", &[JSON, FORM]), two);
    assert_eq!(read("/anything", &[multipart, FORM]), two);
    let gzip = ("content-encoding", "gzip");
    let compressed = Err(Doubt::Kind("A form is not compressed."));
    for path in ["/login.jsp", "/browse/K"] {
        assert_eq!(read(path, &[FORM, gzip]), compressed);
    }
    assert_eq!(read("/upload", &[multipart, gzip]), Ok(Reading::Unread));
    assert_eq!(read("/login.jsp", &[FORM, ("content-encoding", "Identity")]), Ok(LOG_IN));
}

#[test]
fn every_form_is_read_wherever_it_is_posted_to_and_nothing_else() {
    assert_eq!(read("/browse/K", &[FORM, ("content-length", "60")]), Ok(Reading::ShortForm));
    assert_eq!(read("/up", &[FORM, ("content-length", "70000")]), Ok(Reading::Passing));
    assert_eq!(read("/up", &[FORM]), Ok(Reading::Passing), "in chunks");
    assert_eq!(read("/up", &[("content-length", "60")]), Ok(Reading::Unread));
    let upload = ("content-type", "multipart/form-data; boundary=x");
    assert_eq!(read("/up", &[upload]), Ok(Reading::Unread));
    let list = ("content-type", "Application/X-WWW-Form-Urlencoded, text/plain");
    assert_eq!(read("/up", &[list]), Ok(Reading::Passing), "some look at the beginning");
    let get = http::Request::get("/up").header(FORM.0, FORM.1).body(()).unwrap().into_parts().0;
    let reading = |has_body| judge_head(&get, at("/up"), has_body).map(|(reading, _)| reading);
    assert_eq!(reading(true), Ok(Reading::Passing), "whatever the method");
    assert_eq!(reading(false), Ok(Reading::Unread));
}
