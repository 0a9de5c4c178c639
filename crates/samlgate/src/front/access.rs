//! The access log: one line for each request, when its answer is through.
//!
//! In it: request ID, listener, client, method, path, status, bytes and milliseconds, and app,
//! application and user where they are known. Never in it: a query, a header, a body, or what stands
//! behind a semicolon in a path (`;jsessionid=`).

use std::borrow::Cow;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use bytes::Bytes;
use crowd_server::Caller;
use gateway::{Body, BoxError};
use http::Response;
use http_body::{Frame, SizeHint};
use installation::Installation;
use installation::config::Listener;
use installation::proxies::{Peer, client_of};
use installation::runtime::Random;
use installation::settings::App;

/// Who answers may leave this in the answer's extensions, for the line.
#[derive(Clone)]
pub struct Person(pub String);

/// A line that is not written yet.
pub struct Line {
    listener: &'static str,
    begun: Instant,
    /// Names the request in all lines about it.
    pub request_id: String,
    client: Option<IpAddr>,
    app: Option<Arc<App>>,
    method: http::Method,
    path: String,
}

impl Line {
    /// Begins the line of a request; `None` when nobody reads it.
    pub fn begin<B>(
        listener: &'static str,
        request: &http::Request<B>,
        client: Option<IpAddr>,
        request_id: &str,
    ) -> Option<Self> {
        tracing::enabled!(target: TARGET, tracing::Level::INFO).then(|| Line {
            listener,
            begun: Instant::now(),
            request_id: request_id.to_owned(),
            client,
            app: None,
            method: request.method().clone(),
            path: shown(request.uri().path()).into_owned(),
        })
    }

    /// The app that it went to.
    pub fn app(&mut self, app: &Arc<App>) {
        self.app = Some(app.clone());
    }

    /// Writes the line when the answer is through.
    pub fn end(self, response: Response<Body>) -> Response<Body> {
        let user = user_of(&response);
        let caller = caller_of(&response);
        let status = response.status().as_u16();
        let answered = Answered { line: self, status, user, caller, bytes: 0 };
        if http_body::Body::is_end_stream(response.body()) {
            answered.write(true);
            return response;
        }
        response.map(|body| gateway::boxed(Counted { body, answered: Some(answered) }))
    }
}

/// A listener that serves a router, and whom it believes about who sent a request.
#[derive(Clone)]
pub struct Served {
    /// Which it is.
    pub listener: Listener,
    /// What knows the trusted proxies, and gives randomness.
    pub installation: Arc<Installation>,
}

/// The lines of a listener that serves a router.
pub async fn around(
    State(Served { listener, installation }): State<Served>,
    request: Request,
    next: Next,
) -> axum::response::Response {
    let trusted = installation.proxies.before(listener);
    let peer = request.extensions().get::<Peer>();
    let client = peer.map(|peer| client_of(trusted, request.headers(), *peer).nearest);
    let id = new_id(installation.random);
    let Some(line) = Line::begin(listener.key(), &request, client, &id) else {
        return next.run(request).await;
    };
    line.end(next.run(request).await.map(gateway::boxed)).map(axum::body::Body::new)
}

/// A name for a request.
pub fn new_id(random: Random) -> String {
    installation::runtime::hex(&random.bytes::<8>())
}

struct Answered {
    line: Line,
    status: u16,
    user: Option<String>,
    caller: Option<String>,
    bytes: u64,
}

impl Answered {
    fn write(&self, whole: bool) {
        let Line { listener, begun, request_id, client, app, method, path } = &self.line;
        let milliseconds = begun.elapsed().as_micros() as f64 / 1000.0;
        tracing::info!(
            target: TARGET,
            listener,
            request.id = request_id,
            client = client.map(tracing::field::display),
            http.method = method.as_str(),
            http.path = path,
            http.status = self.status,
            http.bytes = self.bytes,
            duration_ms = milliseconds,
            cut_off = (!whole).then_some(true),
            app = app.as_ref().map(|app| app.name.as_str()),
            application.name = self.caller,
            user.name = self.user,
            "request"
        );
    }
}

/// A body that counts what is sent.
struct Counted {
    body: Body,
    answered: Option<Answered>,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = Pin::new(&mut self.body).poll_frame(context);
        match &next {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(data), Some(answered)) = (frame.data_ref(), &mut self.answered) {
                    answered.bytes += data.len() as u64;
                }
            }
            Poll::Ready(None) => {
                if let Some(answered) = self.answered.take() {
                    answered.write(true);
                }
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    /// A server does not ask for the end of a body whose length it knows.
    fn drop(&mut self) {
        if let Some(answered) = self.answered.take() {
            answered.write(http_body::Body::is_end_stream(&self.body));
        }
    }
}

/// The user as Samlgate's own page knows it, or as the app says.
fn user_of(response: &Response<Body>) -> Option<String> {
    if let Some(Person(name)) = response.extensions().get::<Person>() {
        return Some(name.clone());
    }
    let said = response.headers().get("x-ausername")?.to_str().ok()?;
    (said != "anonymous")
        .then(|| percent_encoding::percent_decode_str(said).decode_utf8_lossy().into_owned())
}

/// The Crowd application that asked, as the Crowd server says.
fn caller_of(response: &Response<Body>) -> Option<String> {
    response.extensions().get::<Caller>().map(|caller| caller.0.clone())
}

/// The path without `;parameters`, at most some hundred characters of it.
fn shown(path: &str) -> Cow<'_, str> {
    let path = path.get(..LONGEST_PATH).unwrap_or(path);
    if !path.contains(';') {
        return Cow::Borrowed(path);
    }
    let segments = path.split('/').map(|segment| segment.split(';').next().unwrap_or_default());
    Cow::Owned(segments.collect::<Vec<_>>().join("/"))
}

/// By this name the lines can be told from others.
const TARGET: &str = "samlgate::access";
const LONGEST_PATH: usize = 800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_in_the_path_is_not_shown() {
        assert_eq!(shown("/browse/K;jsessionid=A1/x;y"), "/browse/K/x");
        assert_eq!(shown("/browse/K"), "/browse/K");
        assert_eq!(shown(&"x".repeat(5000)).len(), LONGEST_PATH);
    }

    #[test]
    fn the_application_is_whom_the_crowd_server_let_in() {
        let mut response = Response::new(gateway::empty());
        assert_eq!(caller_of(&response), None);
        response.extensions_mut().insert(crowd_server::Caller("jira".to_owned()));
        assert_eq!(caller_of(&response).as_deref(), Some("jira"));
    }

    #[test]
    fn the_user_is_whom_the_app_names() {
        let said = |name| {
            let response = Response::builder().header("X-AUSERNAME", name);
            user_of(&response.body(gateway::empty()).unwrap())
        };
        assert_eq!(said("s%C3%B8ren").as_deref(), Some("søren"));
        assert_eq!(said("anonymous"), None);
    }
}
