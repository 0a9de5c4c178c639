//! The dialogue with an app's own log-in: post the password, keep the cookies, ask who it is.

use gateway::Body;
use http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use installation::settings::AppKind;
use serde_json::{Value, json};

use super::answer::refusal_in;
use super::failure::Failure;
use crate::front::told;
use crate::front::visit::Visit;

/// A fresh client that talks to one app for one person.
pub(super) struct Dialogue<'a> {
    visit: &'a Visit,
    user: &'a str,
    /// Customers of a service desk may use its portal, and not the app.
    portal: bool,
    /// Set-Cookie lines, the last of each name.
    cookies: Vec<String>,
    lines: Vec<String>,
}

/// A way of logging in that an app may offer.
#[derive(Clone, Copy)]
enum Login {
    /// A JSON object with `username` and `password`.
    Json(&'static str),
    /// A form with these names of the two fields.
    Form(&'static str, &'static str, &'static str),
    /// The form of a customer portal, answered by a JSON object that says `loginSucceeded`.
    Portal(&'static str),
}

/// Answers of an app are small here; more is not read.
const LARGEST_ANSWER: usize = 256 * 1024;

impl<'a> Dialogue<'a> {
    /// A dialogue that has not begun.
    pub(super) fn new(visit: &'a Visit, user: &'a str, portal: bool) -> Self {
        Dialogue { visit, user, portal, cookies: Vec::new(), lines: Vec::new() }
    }

    /// Logs in and makes sure that the app means the same user by the session it opened.
    ///
    /// Of several log-ins the next one is tried when one is not there, or when the app shows its
    /// page again without a word: then it did not look at the password. The first failure that says
    /// something is the one that is told.
    pub(super) async fn log_in(&mut self, password: &str) -> Result<(), Failure> {
        let mut told: Option<Failure> = None;
        let portal = self.portal.then_some(&PORTAL);
        for login in portal.into_iter().chain(logins(self.visit.app.settings.kind)) {
            let failure = match self.try_login(*login, password).await {
                Ok(()) => match self.check_user().await {
                    Ok(()) => return Ok(()),
                    Err(failure) => {
                        self.log_out().await;
                        return Err(failure);
                    }
                },
                Err(failure) => failure,
            };
            if !failure.says_nothing_of_the_password() {
                return Err(failure);
            }
            told = match told {
                Some(first) if !failure.tells_more_than(&first) => Some(first),
                _ => Some(failure),
            };
        }
        Err(told.unwrap_or_else(|| Failure::Unexpected("the app offers no log-in".to_owned())))
    }

    /// What was said, for the attempt; no cookie and no password among it.
    pub(super) fn lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// The app's Set-Cookie lines, for the browser.
    pub(super) fn cookies(&self) -> &[String] {
        &self.cookies
    }

    async fn try_login(&mut self, login: Login, password: &str) -> Result<(), Failure> {
        let (path, content_type, body) = match login {
            Login::Json(path) => {
                let body = json!({ "username": self.user, "password": password });
                (path, "application/json", body.to_string())
            }
            Login::Form(path, name, secret) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.append_pair(name, self.user).append_pair(secret, password);
                (path, "application/x-www-form-urlencoded", form.finish())
            }
            Login::Portal(path) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.append_pair("os_username", self.user).append_pair("os_password", password);
                (path, "application/x-www-form-urlencoded", form.finish())
            }
        };
        let (status, headers, body) =
            self.exchange(Method::POST, path, Some((content_type, body))).await?;
        if let Some(failure) = refusal_in(&headers) {
            return Err(failure);
        }
        let posted = || format!("POST {path} answered {}", status.as_u16());
        let shown = String::from_utf8_lossy(&body);
        match (login, status) {
            (_, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE) => {
                Err(Failure::NotThere(posted()))
            }
            (_, StatusCode::FORBIDDEN) if shown.contains("disabled") => {
                Err(Failure::LoginDisabled(posted()))
            }
            (_, StatusCode::UNAUTHORIZED) => Err(Failure::WrongPassword),
            (Login::Json(_), StatusCode::OK) if !self.has_session() => {
                Err(half_way(&body).map_or(Failure::NoSession, Failure::SecondStep))
            }
            (Login::Json(_), StatusCode::OK) => Ok(()),
            (Login::Portal(_), StatusCode::OK) => portal_says(&shown),
            (Login::Form(..), status) if status.is_redirection() => Ok(()),
            (Login::Form(..), StatusCode::OK) if !seraph_says_ok(&headers) => {
                Err(Failure::NoWord(posted()))
            }
            (Login::Form(..), StatusCode::OK) => Ok(()),
            (_, status) if status.is_server_error() => Err(Failure::Broken(posted())),
            _ => Err(Failure::Unexpected(posted())),
        }
    }

    /// A session cookie must be new, which it is: this client began without any; and the app must
    /// name the user whose password it was.
    async fn check_user(&mut self) -> Result<(), Failure> {
        if !self.has_session() {
            return Err(Failure::NoSession);
        }
        let (_, path, field) = who_am_i(self.visit.app.settings.kind);
        let (status, headers, body) = self.exchange(Method::GET, path, None).await?;
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        let header = headers.get("x-ausername").and_then(|value| value.to_str().ok());
        let header = header.map(|name| {
            percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned()
        });
        let named = match answer.get(field).and_then(Value::as_str) {
            Some(name) => Some(name.to_owned()),
            None => header,
        };
        // The app took the log-in and forgot it: no session is signed in.
        if matches!(status, StatusCode::UNAUTHORIZED) || named.as_deref() == Some("anonymous") {
            return Err(Failure::Anonymous);
        }
        if status.is_server_error() {
            return Err(Failure::Broken(format!("GET {path} answered {}", status.as_u16())));
        }
        let named = named.ok_or_else(|| {
            Failure::Unexpected(format!("GET {path} answered {} and named nobody", status.as_u16()))
        })?;
        if directory::name_key(&named) != directory::name_key(self.user) {
            return Err(Failure::OtherUser(named));
        }
        Ok(())
    }

    /// Whether the app has opened a session: this client began without any, so it is a new one.
    fn has_session(&self) -> bool {
        let (session_cookie, ..) = who_am_i(self.visit.app.settings.kind);
        self.cookies.iter().any(|line| name_of(line) == session_cookie)
    }

    /// Ends a session that will not be handed over; when that fails too, the app's own limit does.
    pub(super) async fn log_out(&mut self) {
        let (method, path) = match self.visit.app.settings.kind {
            AppKind::Jira => (Method::DELETE, "/rest/auth/1/session"),
            AppKind::Bitbucket => (Method::GET, "/j_atl_security_logout"),
            AppKind::Bamboo => (Method::GET, "/userLogout.action"),
            AppKind::Confluence | AppKind::Other => (Method::GET, "/logout.action"),
        };
        let _ = self.exchange(method, path, None).await;
    }

    /// One request and its whole answer; the app's cookies go along, as its balancer needs.
    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        content: Option<(&str, String)>,
    ) -> Result<(StatusCode, HeaderMap, bytes::Bytes), Failure> {
        let line = format!("{method} {path}");
        let request = self.request(method, path, content)?;
        let answered = self.visit.app.upstream.send(request).await;
        let response = answered.map_err(|error| {
            self.lines.push(format!("{line}: {error}"));
            Failure::Away(format!("{line}: {error}"))
        })?;
        self.note(&line, &response);
        let (head, body) = response.into_parts();
        let body = gateway::collect(body, LARGEST_ANSWER).await.unwrap_or_default();
        Ok((head.status, head.headers, body))
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        content: Option<(&str, String)>,
    ) -> Result<Request<Body>, Failure> {
        let app = &self.visit.app;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", app.context_path))
            .header(USER_AGENT, concat!("Samlgate/", env!("CARGO_PKG_VERSION")))
            .header("accept", "application/json, text/html;q=0.5")
            .header("x-atlassian-token", "no-check");
        if !self.cookies.is_empty() {
            let pairs: Vec<&str> =
                self.cookies.iter().filter_map(|line| line.split(';').next()).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let mut body = String::new();
        if let Some((content_type, content)) = content {
            request = request.header(CONTENT_TYPE, content_type);
            body = content;
        }
        let cannot =
            |why: String| Failure::Unexpected(format!("the request cannot be made: {why}"));
        let request = request.body(gateway::full(body));
        let mut request = request.map_err(|error| cannot(error.to_string()))?;
        told::of_visit(self.visit)
            .tell(request.headers_mut())
            .map_err(|error| cannot(error.to_string()))?;
        Ok(request)
    }

    fn note(&mut self, line: &str, response: &Response<Body>) {
        let headers = response.headers();
        let reason = headers.get("x-seraph-loginreason").and_then(|value| value.to_str().ok());
        let reason = reason.map(|reason| format!(", X-Seraph-LoginReason {reason}"));
        let reason = reason.unwrap_or_default();
        self.lines.push(format!("{line}: {}{reason}", response.status().as_u16()));
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let name = name_of(cookie);
            if !cookie.contains('=') || crate::front::session::is_ours(name) {
                continue;
            }
            self.cookies.retain(|known| name_of(known) != name);
            self.cookies.push(cookie.to_owned());
        }
    }
}

/// The name in a Set-Cookie line.
fn name_of(line: &str) -> &str {
    line.split('=').next().unwrap_or_default().trim()
}

/// What an answer without a session asks for, when it asks for something: newer apps want a second
/// step from people who have enrolled for one (the shape of that answer is not published).
fn half_way(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let fields = answer.as_object().filter(|object| !object.contains_key("redirectUrl"))?;
    let names: Vec<&str> = fields.keys().map(String::as_str).take(8).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The portal answers 200 to a wrong password too.
fn portal_says(text: &str) -> Result<(), Failure> {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let says = |field: &str| answer.get(field).and_then(Value::as_bool);
    match says("loginSucceeded") {
        Some(true) => Ok(()),
        Some(false) if says("captchaFailure") == Some(true) => Err(Failure::Captcha),
        Some(false) => Err(Failure::WrongPassword),
        None => Err(Failure::Unexpected("the portal's log-in said neither yes nor no".to_owned())),
    }
}

/// A service desk's own log-in takes customers whom the app's log-in page refuses.
const PORTAL: Login = Login::Portal("/servicedesk/customer/user/login");

/// The log-ins of an app in the order in which they are tried.
fn logins(kind: AppKind) -> &'static [Login] {
    match kind {
        AppKind::Jira => &[
            Login::Json("/rest/auth/1/session"),
            Login::Form("/login.jsp", "os_username", "os_password"),
            Login::Json("/rest/tsv/1.0/authenticate"),
        ],
        AppKind::Confluence => &[
            Login::Form("/dologin.action", "os_username", "os_password"),
            Login::Json("/rest/tsv/1.0/authenticate"),
        ],
        AppKind::Bitbucket => &[Login::Form("/j_atl_security_check", "j_username", "j_password")],
        AppKind::Bamboo => &[Login::Form("/userlogin.action", "os_username", "os_password")],
        AppKind::Other => &[Login::Form("/login", "os_username", "os_password")],
    }
}

/// The session cookie, and where the app says whose session it is.
pub(crate) fn who_am_i(kind: AppKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        AppKind::Jira => ("JSESSIONID", "/rest/auth/1/session", "name"),
        AppKind::Confluence | AppKind::Other => {
            ("JSESSIONID", "/rest/api/user/current", "username")
        }
        AppKind::Bitbucket => ("BITBUCKETSESSIONID", "/plugins/servlet/applinks/whoami", "name"),
        AppKind::Bamboo => ("JSESSIONID", "/rest/api/latest/currentUser", "name"),
    }
}

fn seraph_says_ok(headers: &HeaderMap) -> bool {
    headers.get("x-seraph-loginreason").is_some_and(|reason| reason == "OK")
}
