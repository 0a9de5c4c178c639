//! The app's own sessions, as a servlet container keeps them. They end by log-out only.

use std::collections::HashMap;

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use super::App;
use crate::process;

/// All sessions by their cookie's value.
#[derive(Debug, Default)]
pub(crate) struct Sessions(HashMap<String, Session>);

/// One browser's session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Who is logged in; `None`: a session without anybody.
    pub(crate) user: Option<String>,
    /// The value of Jira's `atlassian.xsrf.token`, without its last part.
    xsrf: String,
}

/// The container's cookie.
pub(crate) const SESSION_COOKIE: &str = "JSESSIONID";
/// Jira's own.
const XSRF_COOKIE: &str = "atlassian.xsrf.token";
/// A load balancer's affinity cookie.
const BALANCER_COOKIE: &str = "ROUTEID";

impl Sessions {
    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.0.get(id)
    }

    pub(crate) fn end(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }

    /// As a restart does.
    pub(crate) fn end_all(&mut self) {
        self.0.clear();
    }

    /// How many sessions somebody is logged in to.
    pub(crate) fn logged_in(&self) -> usize {
        self.0.values().filter(|session| session.user.is_some()).count()
    }

    fn open(&mut self, user: Option<&str>) -> (String, Session) {
        let id = process::token().to_uppercase();
        let session = Session { user: user.map(str::to_owned), xsrf: process::token() };
        self.0.insert(id.clone(), session.clone());
        (id, session)
    }
}

impl App {
    /// Opens a session and gives its id and the cookies for it. A log-in always opens a new one.
    pub(crate) fn open_session(&self, user: Option<&str>) -> (String, Vec<HeaderValue>) {
        let (id, session) = self.sessions.lock().open(user);
        // A container names the context path without a slash at the end [C, from an answer shown].
        let path = if self.context.is_empty() { "/" } else { &self.context };
        let secure = if self.connector.lock().is_secure() { "; Secure" } else { "" };
        let mut lines = vec![format!("{SESSION_COOKIE}={id}; Path={path}{secure}; HttpOnly")];
        if self.is_jira() {
            // Its last part tells whether somebody is logged in [I].
            let ending = if user.is_some() { "lin" } else { "lout" };
            lines.push(format!("{XSRF_COOKIE}={}_{ending}; Path={path}{secure}", session.xsrf));
        }
        if self.modes.lock().balancer_cookie {
            lines.push(format!("{BALANCER_COOKIE}=.node1; Path={path}"));
        }
        let values = lines.iter().filter_map(|line| HeaderValue::from_str(line).ok());
        (id, values.collect())
    }
}

/// The value of a cookie of this name, the first when there are several.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}
