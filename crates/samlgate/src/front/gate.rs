//! The front door: every request to an app's public origin passes here, in this order:
//!
//! 1. who sent it (a trusted proxy's word, or the connection's), and a request ID;
//! 2. which app: by exact public authority and context path, else 421 or 404; a path that a servlet
//!    container could read as another one is refused first;
//! 3. Samlgate's own pages below `<context>/plugins/servlet/saml`;
//! 4. all else passes to the app ([`passage`]).
//!
//! One line of the access log is written for each.

mod at_once;
mod button;
mod no_app;
mod own;
mod passage;
mod passwords;
mod sender;
mod target;
mod to_https;

use std::sync::Arc;

use gateway::Body;
use http::{Request, Response, StatusCode};
use installation::proxies::Peer;
use installation::settings::{App, Snapshot};

use crate::front::Front;
use crate::front::access::{self, Line};
use crate::front::answer;
use crate::front::visit::Visit;
use no_app::NoApp;
use passage::Passage;
use sender::Sender;

pub use no_app::Lines;
pub use to_https::lead_to_https;

/// Answers one request at the public listener.
pub async fn pass(front: Arc<Front>, request: Request<Body>, peer: Peer) -> Response<Body> {
    let request_id = access::new_id(front.installation.random);
    let settings = front.installation.settings.current();
    let sender = match Sender::of(&front.installation, &settings, &request, peer, request_id) {
        Ok(sender) => sender,
        Err(reason) => return answer::text(StatusCode::BAD_REQUEST, reason),
    };
    let mut line = Line::begin("public", &request, Some(sender.client), &sender.request_id);
    let response = at_its_app(front, settings, request, sender, &mut line).await;
    match line {
        Some(line) => line.end(response),
        None => response,
    }
}

async fn at_its_app(
    front: Arc<Front>,
    settings: Arc<Snapshot>,
    request: Request<Body>,
    sender: Sender,
    line: &mut Option<Line>,
) -> Response<Body> {
    let path = request.uri().path();
    if let Err(reason) = target::check(path) {
        return answer::text(StatusCode::BAD_REQUEST, reason);
    }
    let app = match app_at(&settings, &sender.authority, path) {
        Ok(app) => app.clone(),
        Err(why) => {
            let now = front.installation.clock.now();
            return why.answer(&sender, &settings, &front.no_app, now);
        }
    };
    if let Some(line) = line {
        line.app(&app);
    }
    let entered = app.clone();
    let response = match own::Page::at(&app, path) {
        Some(page) => {
            let (parts, body) = request.into_parts();
            let visit = Visit {
                now: front.installation.clock.now(),
                front,
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
        None => Passage { front, settings, app, sender }.pass(request).await,
    };
    to_https::only(&entered, response)
}

/// The app at a path; a container that reads the path must find the same one.
fn app_at<'a>(settings: &'a Snapshot, authority: &str, path: &str) -> Result<&'a Arc<App>, NoApp> {
    let as_sent = settings.app_at(authority, path).map_err(NoApp::Unknown);
    if target::is_plain(path) {
        return as_sent;
    }
    match (settings.app_at(authority, &target::normal(path)), as_sent) {
        (Ok(read), Ok(sent)) if read.name == sent.name => Ok(sent),
        (Ok(_), _) => Err(NoApp::Doubtful),
        (Err(_), as_sent) => as_sent,
    }
}
