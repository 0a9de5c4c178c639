//! Passwords typed for a managed name are refused before the app sees them.
//!
//! A managed name has no password that anybody could know. Whoever types one guesses, and after a
//! few guesses the app would ask for a CAPTCHA, which locks the real person out. So nobody can
//! lock out another person here. Only log-in posts of at most [`LARGEST`] bytes are read; every
//! other body passes unread.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use store::{Store, StoreError};

/// Bodies of log-in posts are a few hundred bytes; more is refused, and nothing larger is read.
pub(super) const LARGEST: usize = 16 * 1024;

/// Whether the body must be read to know whose password it brings: a post to a log-in address, or
/// any small form, since Seraph takes `os_username` from a form wherever it is posted to.
pub(super) fn reads_body(parts: &Parts, below: &str) -> bool {
    parts.method == Method::POST && (is_login_address(below) || is_small_form(&parts.headers))
}

/// Log-in addresses of Jira, Confluence, Bitbucket and Bamboo, below the context path; the path is
/// compared as a servlet container reads it: decoded, without `;parameters` and doubled slashes.
pub(super) fn is_login_address(below: &str) -> bool {
    let decoded = percent_decode_str(below).decode_utf8_lossy().to_ascii_lowercase();
    let path = decoded
        .split('/')
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .filter(|segment| !segment.is_empty() && *segment != ".")
        .fold(String::new(), |path, segment| path + "/" + segment);
    let versioned = |start: &str, end: &str| path.starts_with(start) && path.ends_with(end);
    matches!(
        path.as_str(),
        "/login.jsp"
            | "/dologin.action"
            | "/login.action"
            | "/j_atl_security_check"
            | "/userlogin.action"
            | "/servicedesk/customer/user/login"
    ) || versioned("/rest/auth/", "/session")
        || versioned("/rest/tsv/", "/authenticate")
        || versioned("/rest/gadget/", "/login")
}

/// The names for which the request's head brings a password: Basic credentials, and `os_username`
/// in the query.
pub(super) fn names_in_head(parts: &Parts) -> Vec<String> {
    let basic = parts.headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        let decoded = STANDARD.decode(credentials.trim()).ok()?;
        let pair = String::from_utf8_lossy(&decoded).into_owned();
        let name = pair.split_once(':').map(|(name, _)| name.to_owned());
        name.filter(|_| scheme.eq_ignore_ascii_case("basic"))
    });
    let query = parts.uri.query().unwrap_or_default();
    let typed = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == "os_username")
        .map(|(_, name)| name.into_owned());
    basic.chain(typed).collect()
}

/// The names for which a log-in body brings a password: a form's or a JSON object's.
pub(super) fn names_in_body(body: &[u8]) -> Vec<String> {
    const FIELDS: [&str; 4] = ["os_username", "username", "j_username", "name"];
    if let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(body) {
        let fields = FIELDS.iter().filter_map(|field| object.get(*field)?.as_str());
        return fields.map(str::to_owned).collect();
    }
    url::form_urlencoded::parse(body)
        .filter(|(key, _)| FIELDS[..3].contains(&key.as_ref()))
        .map(|(_, name)| name.into_owned())
        .collect()
}

/// The first of `names` that is managed: a user of the directory without a password of its own.
///
/// # Errors
/// When the database is away.
pub(super) async fn managed(store: &Store, names: &[String]) -> Result<Option<String>, StoreError> {
    for name in names {
        if let Some(user) = store.user(name.trim()).await?
            && store.password_hash(&user.id).await?.is_none()
        {
            return Ok(Some(user.name));
        }
    }
    Ok(None)
}

fn is_small_form(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let form = text(CONTENT_TYPE).is_some_and(|content_type| {
        let start = content_type.split(';').next().unwrap_or_default().trim();
        start.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    form && length.is_some_and(|length| length <= LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn log_in_addresses_are_known_in_every_spelling() {
        for path in [
            "/login.jsp",
            "//login.jsp",
            "/login.jsp;jsessionid=1",
            "/LOGIN.jsp",
            "/%6Cogin.jsp",
            "/./dologin.action",
            "/rest/auth/latest/session",
            "/rest/tsv/1.0/authenticate",
            "/rest/gadget/1.0/login",
        ] {
            assert!(is_login_address(path), "{path}");
        }
        for path in ["/browse/KEY-1", "/rest/api/2/user", "/login.jsp/x", "/"] {
            assert!(!is_login_address(path), "{path}");
        }
    }

    #[test]
    fn names_are_found_wherever_a_password_may_stand() {
        let basic = format!("Basic {}", STANDARD.encode("camilla:guess"));
        assert_eq!(names_in_head(&parts("/x", &[("authorization", &basic)])), ["camilla"]);
        let query = parts("/x?os_username=cam%69lla&os_password=guess", &[]);
        assert_eq!(names_in_head(&query), ["camilla"]);
        assert_eq!(names_in_body(b"os_username=camilla&os_password=guess"), ["camilla"]);
        assert_eq!(names_in_body(br#"{"username":"camilla","password":"g"}"#), ["camilla"]);
        assert!(names_in_body(b"summary=camilla").is_empty());
    }

    #[test]
    fn a_small_form_is_read_wherever_it_is_posted_to_and_nothing_else() {
        let form = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
        assert!(reads_body(&parts("/browse/K", &[form, ("content-length", "60")]), "/browse/K"));
        assert!(!reads_body(&parts("/up", &[form, ("content-length", "70000")]), "/up"));
        assert!(!reads_body(&parts("/up", &[("content-length", "60")]), "/up"));
    }
}
