//! Who sends a request to a double: by its session, or by credentials in the request itself.

use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use url::form_urlencoded;

use super::App;
use super::log_in::{LogIn, LoginReason};
use super::sessions::{SESSION_COOKIE, cookie};

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

/// Credentials in the request come first, then the session [C].
pub(super) async fn visitor(
    app: &App,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<Visitor, Response> {
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
