//! Sends people from the app's log-in page to the IdP at once, without a click ("Force Azure Login"
//! of the Microsoft plug-in), when an IdP's settings say so.
//!
//! There is always a way around, for local administrators and when the IdP is away: `nosso` in the
//! query, or what migrants know, `force_azure_login=false` and `auth_fallback`. The service desk's
//! portals are left alone: their customers may have passwords there.

use gateway::Body;
use http::{Method, Request, Response};
use installation::settings::{App, Idp, Snapshot};

use super::button::LoginPage;
use crate::front::answer;
use crate::front::page;

/// What a request for a log-in page is answered with instead; `None` when the page is to be shown. Who is
/// signed in at the app already (`known`) is shown it: the app means "not with this user", and
/// would mean it again.
pub(super) fn instead_of(
    login_page: &LoginPage,
    settings: &Snapshot,
    app: &App,
    request: &Request<Body>,
    known: bool,
) -> Option<Response<Body>> {
    let below = app.below(request.uri().path());
    let plain = login_page.form_only && !login_page.framed && !below.starts_with("/servicedesk/");
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if known || !plain || !reads || !is_navigation(request) {
        return None;
    }
    let query = request.uri().query().unwrap_or_default();
    if url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| declines(&name, &value)) {
        return None;
    }
    let wants = |idp: &&std::sync::Arc<Idp>| idp.settings.request.at_once;
    let mut wanting = settings.idps_of(app).filter(wants);
    let first = wanting.next()?;
    // Of several, the person chooses.
    let name = wanting.next().is_none().then_some(first.name.as_str());
    // A browser says that it goes to a page, and may hold a fragment of the page that was wanted.
    let browser =
        request.headers().contains_key("sec-fetch-mode") && request.method() == Method::GET;
    let wanted = login_page.return_to.as_deref();
    Some(match wanted.filter(|page| browser && !page.contains('#')) {
        Some(page) => page::take_fragment(app, name, page),
        None => answer::see_other(&page::start_url(app, name, wanted)),
    })
}

/// A query that says no, or that follows a log-out.
fn declines(name: &str, value: &str) -> bool {
    match name {
        "nosso" | "auth_fallback" => value != "false",
        "force_azure_login" => value == "false",
        "logout" => value == "true",
        _ => false,
    }
}

/// A script that fetches the page cannot be led to the IdP.
fn is_navigation(request: &Request<Body>) -> bool {
    request.headers().get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_way_around() {
        for (name, value) in [
            ("nosso", ""),
            ("nosso", "true"),
            ("force_azure_login", "false"),
            ("auth_fallback", ""),
            ("logout", "true"),
        ] {
            assert!(declines(name, value), "{name}={value}");
        }
        for (name, value) in
            [("os_destination", "/nosso"), ("force_azure_login", "true"), ("nosso", "false")]
        {
            assert!(!declines(name, value), "{name}={value}");
        }
    }
}
