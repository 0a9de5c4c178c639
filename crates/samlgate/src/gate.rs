//! The front door: every request to an app's public origin passes here, in this order:
//!
//! 1. who sent it (a trusted proxy's word, or the connection's), and a request ID;
//! 2. which app: by exact public authority and context path, else 421 or 404;
//! 3. Samlgate's own pages below `<context>/plugins/servlet/saml`;
//! 4. passwords typed for managed names are refused;
//! 5. all else goes to the app untouched, except that log-in pages get the button, and that the
//!    app's own log-out ends Samlgate's session too.

pub mod answer;
mod button;
mod own;
mod passwords;
mod sender;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use gateway::{Body, ForwardContext};
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};

use crate::listen::Peer;
use crate::page;
use crate::server::Server;
use crate::session;
use crate::settings::{App, Snapshot};
use sender::Sender;

/// One request of a person to Samlgate's own pages of one app.
pub struct Visit {
    /// The server's state.
    pub server: Arc<Server>,
    /// The settings, the same for the whole request.
    pub settings: Arc<Snapshot>,
    /// The app it concerns.
    pub app: Arc<App>,
    /// The request's headers.
    pub headers: HeaderMap,
    /// The request's target.
    pub uri: Uri,
    /// The person's address.
    pub client: IpAddr,
    /// Names the request in the log.
    pub request_id: String,
    /// When the request came.
    pub now: SystemTime,
}

impl Visit {
    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.uri.query()?.as_bytes();
        url::form_urlencoded::parse(query)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// Answers one request at the public listener.
pub async fn pass(server: Arc<Server>, request: Request<Body>, peer: Peer) -> Response<Body> {
    let settings = server.settings.current();
    let sender = match Sender::of(&server, &request, peer) {
        Ok(sender) => sender,
        Err(reason) => return answer::text(StatusCode::BAD_REQUEST, reason),
    };
    let path = request.uri().path();
    let app = match settings.app_at(&sender.authority, path) {
        Ok(app) => app.clone(),
        Err(known) => return no_app(known),
    };
    tracing::debug!(
        request.id = sender.request_id,
        app = app.name,
        http.method = %request.method(),
        http.path = path,
        "request"
    );
    match own::Page::at(&app, path) {
        Some(page) => {
            let (parts, body) = request.into_parts();
            let visit = Visit {
                now: server.clock.now(),
                server,
                settings,
                app,
                headers: parts.headers,
                uri: parts.uri,
                client: sender.client,
                request_id: sender.request_id,
            };
            own::answer(&visit, page, &parts.method, body).await
        }
        None => to_app(&server, &settings, &app, request, &sender).await,
    }
}

async fn to_app(
    server: &Arc<Server>,
    settings: &Arc<Snapshot>,
    app: &Arc<App>,
    request: Request<Body>,
    sender: &Sender,
) -> Response<Body> {
    let mut request = match refuse_passwords(server, app, request).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    let login_page = button::login_page(app, &request);
    if login_page.is_some() {
        gateway::prepare_injection(&mut request);
    }
    let logs_out = is_logout(app, request.uri().path());
    let token = logs_out.then(|| session::token(request.headers()).map(str::to_owned)).flatten();
    let context = ForwardContext {
        client: sender.client,
        scheme: &app.scheme,
        host: &app.authority,
        forwarded_for: sender.chain.as_deref(),
        request_id: &sender.request_id,
        is_own_cookie: session::is_ours,
    };
    let mut response = match gateway::forward(&app.upstream, request, &context).await {
        Ok(response) => response,
        Err(error) => return upstream_failed(app, sender, &error),
    };
    if let Some(token) = token {
        end_session(server, &token, &mut response).await;
    }
    match login_page {
        Some(login_page) => button::put(settings, app, login_page, response),
        None => response,
    }
}

/// Rule 11: nobody guesses passwords of managed names at the app. Gives the request back unread or
/// with the same body when it may pass.
async fn refuse_passwords(
    server: &Server,
    app: &App,
    request: Request<Body>,
) -> Result<Request<Body>, Response<Body>> {
    let (parts, body) = request.into_parts();
    let mut names = passwords::names_in_head(&parts);
    let below = app.below(parts.uri.path()).to_owned();
    let body = if passwords::reads_body(&parts, &below) {
        match gateway::peek(body, passwords::LARGEST).await {
            Ok((bytes, body)) => {
                names.extend(passwords::names_in_body(&bytes));
                body
            }
            Err(_) => {
                let reason = "A log-in form has at most 16 kB.";
                return Err(answer::text(StatusCode::PAYLOAD_TOO_LARGE, reason));
            }
        }
    } else {
        body
    };
    match passwords::managed(&server.store, &names).await {
        Ok(None) => Ok(Request::from_parts(parts, body)),
        Ok(Some(name)) => {
            tracing::warn!(app = app.name, user.name = name, "password for a managed name refused");
            Err(page::password_refused(app, &name))
        }
        Err(error) => {
            tracing::error!(error = %error, "the database is away");
            let mut response =
                answer::text(StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment.");
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
            Err(response)
        }
    }
}

/// Jira's and Confluence's own log-out addresses.
fn is_logout(app: &App, path: &str) -> bool {
    let below = app.below(path);
    matches!(below, "/logout" | "/logout.action" | "/logoutconfirm.jsp")
        || (below.starts_with("/secure/Logout") && below.ends_with(".jspa"))
}

/// Who logs out at the app logs out here too; else the next click would sign them in again.
async fn end_session(server: &Server, token: &str, response: &mut Response<Body>) {
    let ended = server.store.end_session(&crate::runtime::token_hash(token)).await;
    if let Err(error) = ended {
        tracing::error!(error = %error, "a session could not be ended at log-out");
    }
    answer::add_cookie(response, session::CLEARING_COOKIE);
}

fn no_app(known: bool) -> Response<Body> {
    if known {
        return answer::text(StatusCode::NOT_FOUND, "No application has this path.");
    }
    let reason = "No application has this host name. The administrator sets the public URL of each \
                  application with `samlgate app set`.";
    answer::text(StatusCode::MISDIRECTED_REQUEST, reason)
}

fn upstream_failed(app: &App, sender: &Sender, error: &gateway::GatewayError) -> Response<Body> {
    if let gateway::GatewayError::BadRequest(reason) = error {
        return answer::text(StatusCode::BAD_REQUEST, reason);
    }
    tracing::error!(app = app.name, request.id = sender.request_id, error = %error, "app away");
    page::upstream_away(app, &sender.request_id)
}
