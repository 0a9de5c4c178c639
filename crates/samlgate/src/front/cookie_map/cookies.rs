//! The apps' session cookies as they stand in requests and answers.
//!
//! Read as widely as any servlet container reads them, since a cookie that is overlooked is one that
//! outlives its session: bytes and not text, commas as well as semicolons, quotes and backslashes
//! taken away, and a session in the path (`;jsessionid=`).

use gateway::Body;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderMap, Request, Uri};
use installation::runtime::{hex, sha256};
use percent_encoding::percent_decode_str;
use store::AppCookie;

use super::Key;

/// A session cookie that a browser sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) name: &'static str,
    pub(super) key: Key,
}

/// A session cookie that an app gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) key: Key,
    /// As it is stored.
    pub(super) cookie: AppCookie,
}

/// Cookies by which an app knows a person again: the containers' sessions, the apps' "remember me"
/// and Crowd's token. Others, such as a balancer's, are shared by many people and not looked at.
const SESSION_COOKIES: [&str; 8] = [
    "JSESSIONID",
    "BITBUCKETSESSIONID",
    "crowd.token_key",
    "studio.crowd.tokenkey",
    "seraph.rememberme.cookie",
    "seraph.confluence",
    "seraph.bamboo",
    "_atl_bitbucket_remember_me",
];

/// All session cookies of a request.
pub(super) fn sent(headers: &HeaderMap, uri: &Uri) -> Vec<Sent> {
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let mut found: Vec<Sent> = lines.flat_map(parts).filter_map(session_cookie).collect();
    let in_path = path_parameters(uri.path()).filter_map(|(_, parameter)| in_path(parameter));
    found.extend(in_path);
    found
}

/// The session cookies of an answer, without those that it takes away.
pub(super) fn given(headers: &HeaderMap) -> Vec<Given> {
    let lines = headers.get_all(SET_COOKIE).iter().map(HeaderValue::as_bytes);
    lines.filter_map(of_set_cookie).collect()
}

/// The session cookie that a Set-Cookie line gives; `None` when it is another one or takes one away.
pub(super) fn of_set_cookie(line: &[u8]) -> Option<Given> {
    let (pair, attributes) = match line.iter().position(|byte| *byte == b';') {
        Some(end) => line.split_at(end),
        None => (line, &b""[..]),
    };
    let Sent { key, .. } = session_cookie(pair)?;
    let mut scope = String::new();
    for attribute in std::str::from_utf8(attributes).ok()?.split(';').map(str::trim) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "expires" => {}
            "max-age" if value.trim().parse::<i64>().is_ok_and(|seconds| seconds <= 0) => {
                return None;
            }
            "max-age" => {}
            _ => {
                scope.push_str("; ");
                scope.push_str(attribute);
            }
        }
    }
    (scope.len() <= LONGEST_SCOPE)
        .then(|| Given { key, cookie: AppCookie { hash: hex(&key), scope } })
}

/// The name in a Set-Cookie line.
pub(super) fn name_of(line: &[u8]) -> &str {
    let name = line.split(|byte| matches!(*byte, b'=' | b';')).next().unwrap_or_default();
    std::str::from_utf8(name).unwrap_or_default().trim()
}

/// Takes one cookie out of an answer.
pub(super) fn take_out(headers: &mut HeaderMap, key: &Key) {
    let lines: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    let other =
        |line: &HeaderValue| of_set_cookie(line.as_bytes()).is_none_or(|given| given.key != *key);
    for line in lines.into_iter().filter(other) {
        headers.append(SET_COOKIE, line);
    }
}

/// Takes cookies out of a request; the others stay as they were written.
pub(super) fn strip(request: &mut Request<Body>, ended: &[&Sent]) {
    let is_ended = |sent: Option<Sent>| sent.is_some_and(|sent| ended.contains(&&sent));
    let headers = request.headers_mut();
    let lines: Vec<HeaderValue> = headers.get_all(COOKIE).iter().cloned().collect();
    headers.remove(COOKIE);
    for line in lines {
        let pairs = line.as_bytes().split(|byte| *byte == b';');
        let kept: Vec<&[u8]> =
            pairs.filter(|pair| !parts(pair).any(|part| is_ended(session_cookie(part)))).collect();
        let joined = kept.join(&b';');
        let joined = joined.trim_ascii();
        if let (false, Ok(line)) = (joined.is_empty(), HeaderValue::from_bytes(joined)) {
            headers.append(COOKIE, line);
        }
    }
    strip_path(request.uri_mut(), |parameter| is_ended(in_path(parameter)));
}

fn strip_path(uri: &mut Uri, is_ended: impl Fn(&str) -> bool) {
    let (old, mut path) = (uri.path(), uri.path().to_owned());
    let found: Vec<_> = path_parameters(old).filter(|(_, parameter)| is_ended(parameter)).collect();
    if found.is_empty() {
        return;
    }
    for (start, parameter) in found.into_iter().rev() {
        path.replace_range(start..start + 1 + parameter.len(), "");
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path + &query).ok();
    if let Ok(stripped) = Uri::from_parts(parts) {
        *uri = stripped;
    }
}

/// The `;parameters` of a path, each with the place of its semicolon.
fn path_parameters(path: &str) -> impl Iterator<Item = (usize, &str)> {
    path.match_indices(';').map(|(start, _)| {
        let rest = &path[start + 1..];
        (start, &rest[..rest.find([';', '/']).unwrap_or(rest.len())])
    })
}

fn in_path(parameter: &str) -> Option<Sent> {
    let (name, value) = parameter.split_once('=')?;
    let value: Vec<u8> = percent_decode_str(value).collect();
    name.eq_ignore_ascii_case("jsessionid").then(|| sent_as("JSESSIONID", &value))
}

fn parts(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(*byte, b';' | b','))
}

fn session_cookie(pair: &[u8]) -> Option<Sent> {
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (pair[..equals].trim_ascii(), &pair[equals + 1..]);
    let name = SESSION_COOKIES.into_iter().find(|known| known.as_bytes() == name)?;
    let sent = sent_as(name, value);
    (!value.trim_ascii().is_empty()).then_some(sent)
}

fn sent_as(name: &'static str, value: &[u8]) -> Sent {
    let mut whole = format!("{name}=").into_bytes();
    let plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\');
    whole.extend(value.trim_ascii().iter().filter(plain));
    Sent { name, key: sha256(&whole) }
}

/// Attributes of a cookie have some 60 bytes.
const LONGEST_SCOPE: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(lines: &[&[u8]]) -> HeaderMap {
        let values = lines.iter().map(|line| (COOKIE, HeaderValue::from_bytes(line).unwrap()));
        values.collect()
    }

    fn names(lines: &[&[u8]], path: &'static str) -> Vec<(&'static str, Key)> {
        let found = sent(&cookies(lines), &Uri::from_static(path));
        found.into_iter().map(|sent| (sent.name, sent.key)).collect()
    }

    #[test]
    fn a_session_is_found_in_every_spelling_that_an_app_might_take() {
        let session = [("JSESSIONID", sha256(b"JSESSIONID=A1.node1"))];
        for line in [
            &b"JSESSIONID=A1.node1"[..],
            b"a=b; JSESSIONID=A1.node1;c=d",
            b"a=\xff\xfe; JSESSIONID=A1.node1",
            b"a=b,JSESSIONID=A1.node1",
            b"JSESSIONID = \"A1.node1\"",
            b"JSESSIONID=\"A1\\.node1\"",
        ] {
            assert_eq!(names(&[line], "/"), session, "{}", String::from_utf8_lossy(line));
        }
        assert_eq!(names(&[b"a=b", b"JSESSIONID=A1.node1"], "/"), session);
        assert_eq!(names(&[], "/browse/K;jsessionid=A1%2Enode1;x=y/z?q=1"), session);
        assert!(names(&[b"ROUTEID=.node1; jsessionid=A; JSESSIONID="], "/a;b/c").is_empty());
    }

    #[test]
    fn an_ended_session_is_taken_out_and_the_rest_stays_as_written() {
        let mut request = Request::builder()
            .uri("/browse/K;jsessionid=OLD;x=y?a=;jsessionid=OLD")
            .header(COOKIE, "a=\"x y\"; JSESSIONID=OLD;b = 2; JSESSIONID=NEW")
            .header(COOKIE, "JSESSIONID=OLD")
            .body(gateway::empty())
            .unwrap();
        let old = sent_as("JSESSIONID", b"OLD");
        strip(&mut request, &[&old]);
        let lines: Vec<_> = request.headers().get_all(COOKIE).iter().collect();
        assert_eq!(lines, ["a=\"x y\";b = 2; JSESSIONID=NEW"]);
        assert_eq!(request.uri(), "/browse/K;x=y?a=;jsessionid=OLD");
    }

    #[test]
    fn what_takes_a_cookie_away_is_kept_with_its_hash() {
        let line =
            b"JSESSIONID=A1; Path=/jira; Max-Age=9; Secure; HttpOnly; Expires=Thu, 1 Jan 2099";
        let given = of_set_cookie(line).unwrap();
        assert_eq!(given.cookie.scope, "; Path=/jira; Secure; HttpOnly");
        assert_eq!(given.cookie.hash, hex(&sha256(b"JSESSIONID=A1")));
        assert_eq!(name_of(line), "JSESSIONID");
        for other in ["a=b", "JSESSIONID=; Path=/", "JSESSIONID=x; Max-Age=0", "JSESSIONID"] {
            assert_eq!(of_set_cookie(other.as_bytes()), None, "{other}");
        }
    }
}
