//! Paths that could be read in two ways. A servlet container resolves dot segments, takes backslashes
//! for slashes and decodes what is percent-encoded; whoever judges the path as it was sent judges
//! another one. No browser sends such a path, so it is refused, and every other goes on byte for byte.
//!
//! Not judged here: doubled slashes, `;parameters` and `%2F`, which stand in honest paths. The guard
//! of passwords reads them as a container does.

use percent_encoding::percent_decode_str;

/// Whether everybody reads the path in one way.
///
/// # Errors
/// In words, when a segment is `.` or `..`, also percent-encoded or before a `;`, when there is a
/// backslash or a control character, or when a percent sign does not begin a code (RFC 3986 §2.1).
pub(super) fn check(path: &str) -> Result<(), &'static str> {
    if !path.contains(['%', '.', '\\']) {
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
