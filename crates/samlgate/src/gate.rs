//! The front door: every request to an app's public origin passes here, in this order:
//!
//! 1. who sent it (a trusted proxy's word, or the connection's), and a request ID;
//! 2. which app: by exact public authority and context path, else 421 or 404; a path that a servlet
//!    container could read as another one is refused first;
//! 3. Samlgate's own pages below `<context>/plugins/servlet/saml`;
//! 4. passwords typed for managed names are refused;
//! 5. session cookies of the app whose session has ended are taken away ([`crate::cookie_map`]);
//! 6. all else goes to the app untouched, except that log-in pages get the button, and that the
//!    app's own log-out ends Samlgate's session too.
//!
//! One line of the access log is written for each.

mod at_once;
mod button;
mod own;
mod passwords;
mod sender;
mod target;

use std::sync::Arc;

use gateway::{Body, ForwardContext};
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use store::StoreError;

use crate::access::{self, Line};
use crate::answer;
use crate::cookie_map::{Judgement, Unjudged};
use crate::listen::Peer;
use crate::page;
use crate::server::Server;
use crate::session;
use crate::settings::{App, Snapshot};
use crate::signout;
use crate::visit::Visit;
use sender::Sender;
pub use sender::client_of;

/// Answers one request at the public listener.
pub async fn pass(server: Arc<Server>, request: Request<Body>, peer: Peer) -> Response<Body> {
    let request_id = access::new_id(server.random);
    let sender = match Sender::of(&server, &request, peer, request_id) {
        Ok(sender) => sender,
        Err(reason) => return answer::text(StatusCode::BAD_REQUEST, reason),
    };
    let mut line = Line::begin("public", &request, Some(sender.client), &sender.request_id);
    let response = at_its_app(server, request, sender, &mut line).await;
    match line {
        Some(line) => line.end(response),
        None => response,
    }
}

async fn at_its_app(
    server: Arc<Server>,
    request: Request<Body>,
    sender: Sender,
    line: &mut Option<Line>,
) -> Response<Body> {
    let settings = server.settings.current();
    let path = request.uri().path();
    if let Err(reason) = target::check(path) {
        return answer::text(StatusCode::BAD_REQUEST, reason);
    }
    let app = match app_at(&settings, &sender.authority, path) {
        Ok(app) => app.clone(),
        Err(why) => return no_app(why),
    };
    if let Some(line) = line {
        line.app(&app);
    }
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
            // Large, and no part of what passes: its state is not carried by every request.
            Box::pin(own::answer(&visit, page, &parts.method, body)).await
        }
        None => to_app(&server, &settings, &app, request, &sender).await,
    }
}

/// Why no app has a request.
enum NoApp {
    /// None has this host name.
    Host,
    /// None of this host has this path.
    Path,
    /// It depends on who reads the path.
    Doubtful,
}

/// The app at a path; a container that reads the path must find the same one.
fn app_at<'a>(settings: &'a Snapshot, authority: &str, path: &str) -> Result<&'a Arc<App>, NoApp> {
    let no_app = |known| if known { NoApp::Path } else { NoApp::Host };
    let as_sent = settings.app_at(authority, path).map_err(no_app);
    if target::is_plain(path) {
        return as_sent;
    }
    match (settings.app_at(authority, &target::normal(path)), as_sent) {
        (Ok(read), Ok(sent)) if read.name == sent.name => Ok(sent),
        (Ok(_), _) => Err(NoApp::Doubtful),
        (Err(_), as_sent) => as_sent,
    }
}

async fn to_app(
    server: &Arc<Server>,
    settings: &Arc<Snapshot>,
    app: &Arc<App>,
    request: Request<Body>,
    sender: &Sender,
) -> Response<Body> {
    // What may ask the database is large: boxed, so that every request has little to carry.
    let judging = Box::pin(judge_cookies(server, request.headers(), request.uri()));
    let judged = match judging.await {
        Ok(judged) => judged,
        Err(refusal) => return refusal,
    };
    let passwords::Passed { mut request, watch } =
        match Box::pin(passwords::check(server, app, request, judged.user())).await {
            Ok(passed) => passed,
            Err(refusal) => return refusal,
        };
    judged.strip(&mut request);
    let login_page = button::login_page(app, &request);
    if let Some(login_page) = &login_page {
        let known = judged.user().is_some();
        if let Some(start) = at_once::instead_of(login_page, settings, app, &request, known) {
            return answer::see_other(&start);
        }
        gateway::prepare_injection(&mut request);
    }
    let token = session::token(app, request.headers()).map(str::to_owned);
    let leaving = signout::is_log_out(app, &request).then(|| Visit {
        now: server.clock.now(),
        server: server.clone(),
        settings: settings.clone(),
        app: app.clone(),
        headers: request.headers().clone(),
        uri: request.uri().clone(),
        client: sender.client,
        request_id: sender.request_id.clone(),
    });
    let context = ForwardContext {
        client: sender.client,
        scheme: &app.scheme,
        host: &app.authority,
        request_id: &sender.request_id,
        is_own_cookie: session::is_ours,
    };
    let forwarded = gateway::forward(&app.upstream, request, &context).await;
    if let Some(found) = watch.as_ref().and_then(passwords::Watch::found) {
        return found.answer(app);
    }
    let response = match forwarded {
        Ok(response) => response,
        Err(error) => return upstream_failed(app, sender, &error),
    };
    let mut response = match (&leaving, &token) {
        (None, None) => response,
        _ => Box::pin(follow(server, leaving, token.as_deref(), response)).await,
    };
    // With a living session of Samlgate the browser is about to get a new session of the app.
    if judged.is_ended() && !is_signed_in(server, settings, app, token.as_deref()).await {
        judged.expire(&mut response);
    }
    match login_page {
        Some(login_page) => button::put(settings, app, login_page, response),
        None => response,
    }
}

/// Who has logged out at the app leaves here too; else the session cookies that the app gives are
/// kept with the session.
async fn follow(
    server: &Server,
    leaving: Option<Visit>,
    token: Option<&str>,
    mut response: Response<Body>,
) -> Response<Body> {
    if let Some(visit) = leaving
        && signout::has_logged_out(&visit, response.headers()).await
    {
        return signout::leave(&visit, response).await;
    }
    if let Some(token) = token {
        server.cookie_map.learn(server, token, response.headers_mut()).await;
    }
    response
}

/// Judges the app's session cookies; without a verdict nothing reaches the app.
async fn judge_cookies(
    server: &Server,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<Judgement, Response<Body>> {
    match server.cookie_map.judge(server, headers, uri).await {
        Ok(judged) => Ok(judged),
        Err(Unjudged::TooMany) => {
            Err(answer::text(StatusCode::BAD_REQUEST, "These are too many session cookies."))
        }
        Err(Unjudged::Away(error)) => Err(database_away(&error)),
    }
}

async fn is_signed_in(
    server: &Server,
    settings: &Snapshot,
    app: &App,
    token: Option<&str>,
) -> bool {
    let Some(token) = token else { return false };
    let found = server.store.session(&crate::runtime::token_hash(token), server.clock.now()).await;
    matches!(found, Ok(Some((session, _))) if session::opens(settings, &session, app))
}

fn database_away(error: &StoreError) -> Response<Body> {
    tracing::error!(error = %error, "the database is away");
    let mut response =
        answer::text(StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment.");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

fn no_app(why: NoApp) -> Response<Body> {
    let (status, reason) = match why {
        NoApp::Path => (StatusCode::NOT_FOUND, "No application has this path."),
        NoApp::Doubtful => {
            (StatusCode::BAD_REQUEST, "The path leads to another application when it is decoded.")
        }
        NoApp::Host => (
            StatusCode::MISDIRECTED_REQUEST,
            "No application has this host name. The administrator sets the public URL of each \
             application with `samlgate app set`.",
        ),
    };
    answer::text(status, reason)
}

fn upstream_failed(app: &App, sender: &Sender, error: &gateway::GatewayError) -> Response<Body> {
    if let gateway::GatewayError::BadRequest(reason) = error {
        return answer::text(StatusCode::BAD_REQUEST, reason);
    }
    tracing::error!(app = app.name, request.id = sender.request_id, error = %error, "app away");
    page::upstream_away(app, &sender.request_id)
}
