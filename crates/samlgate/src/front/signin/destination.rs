//! The page that a person wants, however its address is written: by the app, by a link that an older
//! plug-in left behind, by the IdP's tile. What comes out is a path within the app, and nothing else
//! is ever the target of a redirect.

use installation::settings::App;
use url::{Position, Url};

/// The app's start page.
pub fn start_page(app: &App) -> String {
    format!("{}/", app.context_path)
}

/// The page of `app` that `address` names, as a path with query and fragment; an empty address names
/// the start page. `None` when it leads elsewhere.
///
/// An app writes a path relative to its context path; one that begins with the context path is taken as
/// it is. A whole address is read as a browser would (URL Standard): it counts when scheme, host and
/// port are the app's own. Over plain HTTP the app's host is the app, too: some write so behind a proxy.
pub fn return_path(app: &App, address: &str) -> Option<String> {
    let address = address.trim_matches(' ');
    // A browser takes a backslash for a slash, and leaves tabs and line breaks out.
    if address.chars().any(|c| c == '\\' || c.is_control()) {
        return None;
    }
    let base = Url::parse(&format!("{}{}/", app.origin(), app.context_path)).ok()?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_path = path.starts_with('/') && !path.starts_with("//");
    let url = match is_path && !app.context_path.is_empty() && !app.holds(path) {
        true => base.join(&format!("{}{address}", app.context_path)),
        false => base.join(address),
    };
    let url = url.ok()?;
    let stays = is_own(&base, &url) && app.holds(url.path()) && !url.path().starts_with("//");
    stays.then(|| url[Position::BeforePath..].to_owned())
}

/// Where a person goes whose IdP began the sign-in (saml-profiles §4.1.5): RelayState may name a page of
/// the app, and nothing else; else it is the start page.
pub(super) fn unsolicited_destination(app: &App, relay_state: Option<&str>) -> String {
    relay_state.and_then(|page| return_path(app, page)).unwrap_or_else(|| start_page(app))
}

fn is_own(base: &Url, url: &Url) -> bool {
    let port = url.port_or_known_default() == base.port_or_known_default();
    let plain = url.scheme() == "http" && url.port().is_none();
    url.host() == base.host()
        && url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == base.scheme() && port || plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn app(public_url: &str) -> std::sync::Arc<App> {
        use installation::settings::{AppSettings, Document};
        let settings = json!({ "kind": "jira", "public_url": public_url,
                               "upstream": "http://127.0.0.1:1" });
        let settings: AppSettings = serde_json::from_value(settings).unwrap();
        std::sync::Arc::new(settings.compile("jira").unwrap())
    }

    fn check(app: &App, cases: &[(&str, Option<&str>)]) {
        for (address, path) in cases {
            assert_eq!(return_path(app, address).as_deref(), *path, "{address:?}");
        }
    }

    #[test]
    fn own_pages_are_known_in_every_spelling() {
        let long = format!("/issues/?jql={}", "x".repeat(5000));
        let app = app("https://jira.example.com");
        check(
            &app,
            &[
                ("/browse/A-1?focus=x#comment-2", Some("/browse/A-1?focus=x#comment-2")),
                ("", Some("/")),
                ("   ", Some("/")),
                ("?a=b", Some("/?a=b")),
                ("#top", Some("/#top")),
                ("browse/A-1", Some("/browse/A-1")),
                ("/a//b", Some("/a//b")),
                ("/a/../browse/A-1", Some("/browse/A-1")),
                ("/browse/Ä b", Some("/browse/%C3%84%20b")),
                (
                    "/x?next=https://elsewhere.example.com/",
                    Some("/x?next=https://elsewhere.example.com/"),
                ),
                (&long, Some(&long)),
                ("https://jira.example.com", Some("/")),
                ("https://jira.example.com/browse/A-1#c", Some("/browse/A-1#c")),
                ("HTTPS://JIRA.example.COM:443/browse/A-1", Some("/browse/A-1")),
                ("https:/jira.example.com/x", Some("/jira.example.com/x")),
                ("http://jira.example.com/browse/A-1", Some("/browse/A-1")),
                ("//jira.example.com/browse/A-1", Some("/browse/A-1")),
                (" https://jira.example.com/x ", Some("/x")),
            ],
        );
    }

    #[test]
    fn the_context_path_is_set_before_and_never_left() {
        let app = app("https://example.com:8443/wiki");
        check(
            &app,
            &[
                ("", Some("/wiki/")),
                ("/display/A", Some("/wiki/display/A")),
                ("/wiki/display/A", Some("/wiki/display/A")),
                ("/wikipedia", Some("/wiki/wikipedia")),
                ("display/A", Some("/wiki/display/A")),
                ("https://EXAMPLE.com:8443/wiki/x?y#z", Some("/wiki/x?y#z")),
                ("https://example.com:8443/wiki", Some("/wiki")),
                ("https://example.com:8443/wikipedia", None),
                ("https://example.com:8443/", None),
                ("https://example.com/wiki/x", None),
                ("/wiki/../jira", None),
                ("/../jira", None),
                ("/wiki/%2e%2E/jira", None),
                ("../jira", None),
            ],
        );
    }

    #[test]
    fn elsewhere_is_elsewhere() {
        let app = app("https://jira.example.com");
        for address in [
            "https://evil.example.com/",
            "https://jira.example.com.evil.example/",
            "https://jira.example.com@evil.example/",
            "https://robin@jira.example.com/",
            "https://robin:x@jira.example.com/",
            "https://jira.example.com:8443/",
            "http://jira.example.com:8080/",
            "//evil.example.com/",
            "///evil.example.com/",
            "////jira.example.com//evil.example.com",
            "/\\evil.example.com",
            "\\\\evil.example.com",
            "/\t/evil.example.com",
            "/\n/evil.example.com",
            "/..//evil.example.com/",
            "/.//evil.example.com/",
            "/x/..//evil.example.com/",
            "/%2e%2e//evil.example.com/",
            "https://jira.example.com//evil.example.com/",
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "ftp://jira.example.com/",
            "https://",
            "https://[",
        ] {
            assert_eq!(return_path(&app, address), None, "{address:?}");
        }
    }
}
