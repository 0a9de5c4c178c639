//! Paths that could be read in two ways. A servlet container resolves dot segments, takes backslashes
//! for slashes, decodes what is percent-encoded, passes over `;parameters` and doubled slashes;
//! whoever judges the path as it was sent judges another one. Where the two lead to different places
//! the path is refused, and every other goes on byte for byte: no browser sends such a path.
//!
//! Doubled slashes, `;parameters` at the end and `%2F` stand in honest paths. They pass unless they
//! hide the context path, and the guard of passwords judges the normal form.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Whether everybody reads the path in one way, but for what [`normal`] takes away.
///
/// # Errors
/// In words, when a segment is `.` or `..`, also percent-encoded or before a `;`, when there is a
/// backslash or a control character, when a percent sign does not begin a code (RFC 3986 §2.1) or
/// codes spell an ASCII character in two bytes (RFC 3629 §3), and when parameters stand before the
/// last segment or hold a slash.
pub(super) fn check(path: &str) -> Result<(), &'static str> {
    if !path.contains(['%', '.', '\\', ';']) {
        return Ok(());
    }
    let mut codes = path.split('%').skip(1).map(str::as_bytes);
    if !codes.all(|code| code.iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count() == 2) {
        return Err("The path holds a percent sign that begins no code.");
    }
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    if decoded.iter().any(|byte| *byte == b'\\' || byte.is_ascii_control()) {
        return Err("The path holds a backslash or a control character.");
    }
    if decoded.windows(2).any(|two| matches!(two, [0xc0 | 0xc1, 0x80..=0xbf])) {
        return Err("The path holds an ASCII character in two bytes.");
    }
    let parameters = path.split_once(';').map(|(_, parameters)| parameters);
    if parameters.is_some_and(|parameters| decoded_once(parameters).contains('/')) {
        return Err("The path holds parameters before its last segment.");
    }
    let mut segments = decoded.split(|byte| *byte == b'/');
    let is_dots = |segment: &[u8]| {
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        matches!(name, b"." | b"..")
    };
    if segments.any(is_dots) {
        return Err("The path holds a segment of dots.");
    }
    Ok(())
}

/// The path as a servlet container reads it: decoded, without `;parameters`, doubled slashes, dots
/// and a slash at the end.
pub(super) fn normal(path: &str) -> String {
    let decoded = decoded_once(path);
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.into_iter().fold(String::new(), |path, segment| path + "/" + segment)
}

/// The path with its percent codes decoded, once.
pub(super) fn decoded_once(path: &str) -> Cow<'_, str> {
    percent_decode_str(path).decode_utf8_lossy()
}

/// Whether [`normal`] may make another path of it.
pub(super) fn is_plain(path: &str) -> bool {
    !path.contains(['%', ';']) && !path.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_a_container_reads_otherwise_is_refused() {
        for path in [
            "/jira/../jira/rest/auth/1/session",
            "/jira/%2e%2e/jira/login.jsp",
            "/jira/.%2E/jira/login.jsp",
            "/jira/..;x=1/jira/login.jsp",
            "/jira/%2e%2e%3b/login.jsp",
            "/./login.jsp",
            "/x/..",
            "/x%2f..%2flogin.jsp",
            "/jira\\login.jsp",
            "/x%5c..%5clogin.jsp",
            "/login.jsp%00",
            "/login.jsp%0a",
            "/login%2",
            "/%zzlogin.jsp",
            "/100%",
            "/jira;a=b/login.jsp",
            "/jira/;/login.jsp",
            "/jira/;a=b/login.jsp;jsessionid=1",
            "/login.jsp;%2fx",
            "/login.jsp;a=%2F..",
            "/jira/%c0%ae%c0%ae/login.jsp",
            "/x%C0%AFlogin.jsp",
        ] {
            assert!(check(path).is_err(), "{path}");
        }
    }

    #[test]
    fn honest_paths_pass() {
        for path in [
            "/",
            "/browse/KEY-1",
            "/login.jsp;jsessionid=1A.node1",
            "/;jsessionid=1A",
            "/browse/a%3Bb/c",
            "//double",
            "/job/a%2Fb/lastBuild",
            "/download/a..b.txt",
            "/.well-known/x",
            "/...",
            "/s%C3%B8ren",
            "/100%25",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }
}
