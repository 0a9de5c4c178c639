//! A SAML identity provider for demonstrations: three people, one key made at the start.
//!
//! It answers requests by redirect with a signed assertion by post, to registered addresses only.
//! It checks no signature of a request, encrypts nothing and knows no single log-out. It proves
//! nothing about Samlgate's checks either: both sides sign with the same crate.

mod answer;
mod credential;
mod pages;
mod request;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use maud::Markup;
use serde::Deserialize;

use crate::app::sessions::cookie;
use crate::people::{Person, person};
use crate::process;
use crate::serving::Serving;
use answer::Outcome;
use credential::Credential;
use request::AuthnRequest;

/// How to start the IdP.
#[derive(Clone, Debug)]
pub struct IdpOptions {
    /// Where it listens; port 0: any free one.
    pub listen: SocketAddr,
    /// Scheme, host and port as browsers see them, without a slash at the end.
    pub public_url: String,
    /// Whom it answers.
    pub service_providers: Vec<ServiceProvider>,
}

/// One app that may ask.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceProvider {
    /// The Issuer of its requests.
    pub entity_id: String,
    /// Where answers may go; the first one when a request does not say.
    pub acs_urls: Vec<String>,
}

/// An IdP that runs until [`RunningIdp::stop`], or until this value is dropped.
#[derive(Debug)]
pub struct RunningIdp {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its metadata, as `/metadata` serves it.
    pub metadata_xml: String,
    serving: Serving,
}

/// Starts the IdP with a fresh key.
///
/// # Errors
/// When the address is in use.
pub async fn start_idp(options: IdpOptions) -> anyhow::Result<RunningIdp> {
    let credential = Credential::generate()?;
    let metadata_xml = answer::metadata(&options.public_url, &credential);
    let idp = Arc::new(Idp {
        public_url: options.public_url,
        service_providers: options.service_providers,
        credential,
        metadata_xml: metadata_xml.clone(),
        sessions: Mutex::new(HashMap::new()),
    });
    let mut serving = Serving::new();
    let address = serving.add(options.listen, router(idp)).await?;
    Ok(RunningIdp { address, metadata_xml, serving })
}

impl RunningIdp {
    /// Stops the IdP; connections still open are cut off after a moment.
    pub async fn stop(self) {
        self.serving.stop().await;
    }
}

/// The IdP itself, shared by all its requests.
struct Idp {
    public_url: String,
    service_providers: Vec<ServiceProvider>,
    credential: Credential,
    metadata_xml: String,
    sessions: Mutex<HashMap<String, Session>>,
}

/// Somebody who is signed in at the IdP in one browser.
#[derive(Clone)]
struct Session {
    person: &'static Person,
    since: SystemTime,
    /// Told to the apps as SessionIndex.
    index: String,
}

/// The parameters of the redirect binding (saml-bindings §3.4.4.1).
#[derive(Clone, Default, Deserialize)]
struct Asked {
    #[serde(rename = "SAMLRequest", default)]
    request: String,
    #[serde(rename = "RelayState", default)]
    relay_state: Option<String>,
}

/// The log-in form: a person's own button, or a name with a password.
#[derive(Deserialize)]
struct LogIn {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    person: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    /// The person proves nothing now and did so this many seconds ago: what IdPs with long sessions
    /// do, also when they pass over ForceAuthn.
    #[serde(default)]
    seconds_ago: u32,
}

const SESSION_COOKIE: &str = "demo_idp_session";

fn router(idp: Arc<Idp>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/metadata", get(metadata))
        .route("/sso", get(sign_on))
        .route("/login", post(log_in))
        .route("/logout", post(log_out))
        .route("/style.css", get(pages::style))
        .route("/post.js", get(pages::script))
        .with_state(idp)
}

async fn metadata(State(idp): State<Arc<Idp>>) -> Response {
    let kind = HeaderValue::from_static("application/samlmetadata+xml");
    ([(CONTENT_TYPE, kind)], idp.metadata_xml.clone()).into_response()
}

async fn home(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    let session = idp.session(&headers).map(|(_, session)| session);
    page(pages::home(session.map(|session| session.person), &idp.service_providers))
}

async fn sign_on(
    State(idp): State<Arc<Idp>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let (request, provider, acs_url) = match idp.understand(&asked) {
        Ok(understood) => understood,
        Err(why) => return refuse(&why),
    };
    let session = idp.session(&headers).map(|(_, session)| session);
    match session {
        Some(session) if !request.force_authn => {
            idp.answer(&request, &asked, provider, acs_url, Outcome::SignedIn(&session))
        }
        // Nobody may be asked (saml-core §3.4.1, IsPassive).
        _ if request.is_passive => {
            idp.answer(&request, &asked, provider, acs_url, Outcome::NoPassive)
        }
        _ => page(pages::log_in(&provider.entity_id, &asked, None)),
    }
}

async fn log_in(State(idp): State<Arc<Idp>>, Form(form): Form<LogIn>) -> Response {
    let (request, provider, acs_url) = match idp.understand(&form.asked) {
        Ok(understood) => understood,
        Err(why) => return refuse(&why),
    };
    let typed = person(form.username.trim()).filter(|person| person.password == form.password);
    let Some(person) = person(&form.person).or(typed) else {
        let text = "This name and this password do not belong together.";
        return page(pages::log_in(&provider.entity_id, &form.asked, Some(text)));
    };
    let since = process::now() - Duration::from_secs(form.seconds_ago.into());
    let session = Session { person, since, index: process::token() };
    let id = process::token();
    let outcome = Outcome::SignedIn(&session);
    let mut response = idp.answer(&request, &form.asked, provider, acs_url, outcome);
    idp.sessions().insert(id.clone(), session);
    set_cookie(&mut response, &format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"));
    response
}

async fn log_out(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    if let Some((id, _)) = idp.session(&headers) {
        idp.sessions().remove(&id);
    }
    let mut response = Redirect::to("/").into_response();
    set_cookie(&mut response, &format!("{SESSION_COOKIE}=; Path=/; HttpOnly; Max-Age=0"));
    response
}

impl Idp {
    /// Reads the request and finds who asks; the text of a refusal is for the person.
    fn understand(
        &self,
        asked: &Asked,
    ) -> Result<(AuthnRequest, &ServiceProvider, String), String> {
        let request = AuthnRequest::read(&asked.request)?;
        let provider = self
            .service_providers
            .iter()
            .find(|provider| provider.entity_id == request.issuer)
            .ok_or_else(|| format!("No app is registered as {}.", request.issuer))?;
        let acs_url = match &request.acs_url {
            Some(wanted) if provider.acs_urls.contains(wanted) => wanted.clone(),
            Some(other) => return Err(format!("{other} is not registered for this app.")),
            None => provider.acs_urls.first().cloned().ok_or("The app has no address.")?,
        };
        Ok((request, provider, acs_url))
    }

    fn answer(
        &self,
        request: &AuthnRequest,
        asked: &Asked,
        provider: &ServiceProvider,
        acs_url: String,
        outcome: Outcome<'_>,
    ) -> Response {
        let answer = answer::Answer {
            issuer: &self.public_url,
            audience: &provider.entity_id,
            acs_url: &acs_url,
            in_response_to: &request.id,
            now: process::now(),
        };
        match answer.signed(outcome, &self.credential) {
            Ok(xml) => page(pages::post(&acs_url, &xml, asked.relay_state.as_deref())),
            Err(error) => {
                let text = format!("The answer could not be signed: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }
        }
    }

    fn session(&self, headers: &HeaderMap) -> Option<(String, Session)> {
        let id = cookie(headers, SESSION_COOKIE)?;
        self.sessions().get(id).map(|session| (id.to_owned(), session.clone()))
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A page that nobody keeps, with nothing from elsewhere. Forms may go to the apps.
fn page(markup: Markup) -> Response {
    let mut response = Html(markup.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:",
    );
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn refuse(why: &str) -> Response {
    let mut response = page(pages::refused(why));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn set_cookie(response: &mut Response, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
