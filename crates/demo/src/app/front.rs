//! What happens to every request of a double, in order, before and after its page.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::log_in::{LogIn, LoginReason};
use super::profile::Product;
use super::sessions::{SESSION_COOKIE, cookie};
use super::{App, decoration, traffic, two_step};
use crate::{confluence, jira};

/// Who sends a request, as the pages see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visitor {
    /// The user as the app spells the name; `None`: nobody is logged in.
    pub(crate) user: Option<String>,
    /// The id of the container's session, when the browser has one that lives.
    pub(crate) session: Option<String>,
    /// Headers of a log-in that the request itself carried.
    pub(crate) headers: HeaderMap,
}

/// The app at its own address.
pub(crate) fn router(app: Arc<App>) -> Router {
    let pages = match app.behaviour.product {
        Product::Jira => jira::router(app.clone()),
        Product::Confluence => confluence::router(app.clone()),
    };
    let pages = if app.has_legacy_form() {
        pages
    } else {
        pages.merge(two_step::router().with_state(app.clone()))
    };
    let pages = pages.merge(traffic::router());
    Router::new().fallback(move |request: Request| answer(app.clone(), pages.clone(), request))
}

async fn answer(app: Arc<App>, pages: Router, mut request: Request) -> Response {
    let Some(uri) = below(&app.context, request.uri()) else {
        return (StatusCode::NOT_FOUND, "No app is at this address.\n").into_response();
    };
    *request.uri_mut() = uri;
    let asked = decoration::Asked::of(&request);
    let visitor = match visitor(&app, request.headers(), request.uri()).await {
        Ok(visitor) => visitor,
        Err(refusal) => return decoration::finish(&app, &asked, &Visitor::default(), refusal),
    };
    request.extensions_mut().insert(visitor.clone());
    let response = match pages.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    decoration::finish(&app, &asked, &visitor, response)
}

/// The address without the context path; `None` when it is outside.
fn below(context: &str, uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix(context)?;
    let path = match rest {
        "" => "/",
        rest if rest.starts_with('/') => rest,
        _ => return None,
    };
    let line = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    Some(Uri::from(line.parse::<PathAndQuery>().ok()?))
}

/// Credentials in the request come first, then the session [C].
async fn visitor(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Visitor, Response> {
    let session = cookie(headers, SESSION_COOKIE)
        .and_then(|id| app.sessions.lock().get(id).map(|session| (id.to_owned(), session.clone())));
    let (session, user) = session.map(|(id, session)| (id, session.user)).unzip();
    let mut visitor = Visitor { user: user.flatten(), session, headers: HeaderMap::new() };
    if let Some((name, password)) = basic(headers) {
        if !app.modes.lock().basic_auth {
            // The words are published [C].
            let text = "Basic Authentication has been disabled on this instance.";
            return Err((StatusCode::FORBIDDEN, text).into_response());
        }
        let log_in = app.log_in(&name, &password).await;
        visitor.headers = app.seraph_headers(&log_in);
        visitor.user = Some(log_in.user.clone().ok_or_else(|| refuse_basic(app, &log_in))?);
    } else if app.behaviour.query_log_in
        && let Some((name, password)) = query_credentials(uri)
    {
        let log_in = app.log_in(&name, &password).await;
        visitor.headers = app.seraph_headers(&log_in);
        if let Some(user) = log_in.user {
            let (id, cookies) = app.open_session(Some(&user));
            for value in cookies {
                visitor.headers.append(http::header::SET_COOKIE, value);
            }
            visitor = Visitor { user: Some(user), session: Some(id), ..visitor };
        }
    }
    Ok(visitor)
}

/// A Basic log-in that failed is refused whatever the page is: 403 when a CAPTCHA is wanted [C],
/// else 401.
fn refuse_basic(app: &App, log_in: &LogIn) -> Response {
    let status = match log_in.reason {
        LoginReason::AuthenticatedFailed => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    let mut response = (status, "Basic authentication failed.\n").into_response();
    response.headers_mut().extend(app.seraph_headers(log_in));
    if status == StatusCode::UNAUTHORIZED {
        let realm = HeaderValue::from_static("Basic realm=\"protected-area\"");
        response.headers_mut().insert(http::header::WWW_AUTHENTICATE, realm);
    }
    response
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, login) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let login = String::from_utf8(STANDARD.decode(login.trim()).ok()?).ok()?;
    let (name, password) = login.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn query_credentials(uri: &Uri) -> Option<(String, String)> {
    let mut name = None;
    let mut password = None;
    for (field, value) in form_urlencoded::parse(uri.query()?.as_bytes()) {
        match &*field {
            "os_username" => name = Some(value.into_owned()),
            "os_password" => password = Some(value.into_owned()),
            _ => {}
        }
    }
    Some((name?, password?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_path_is_taken_off_whole() {
        let below =
            |context, uri: &str| below(context, &uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(below("/jira", "/jira/browse/A-1?x=y").as_deref(), Some("/browse/A-1?x=y"));
        assert_eq!(below("/jira", "/jira").as_deref(), Some("/"));
        assert_eq!(below("/jira", "/jiras"), None);
        assert_eq!(below("", "/x").as_deref(), Some("/x"));
    }
}
