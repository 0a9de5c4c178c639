//! One log-in with a name and a password: who is asked, in which order, and what it comes to.
//!
//! Forms, JSON, Basic and the gadget all come here; what the answer looks like is theirs.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::App;
use super::crowd_client::{CrowdFailure, RemoteUser};
use super::directory::{CrowdSource, Directory, Source, key};
use super::profile::Copying;

/// What a log-in came to, in Seraph's words [C].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginReason {
    /// Logged in.
    Ok,
    /// Wrong password, unknown or inactive user.
    AuthenticatedFailed,
    /// A CAPTCHA is wanted; the password was not looked at.
    AuthenticationDenied,
    /// Right password, but no application access.
    AuthorisationFailed,
    /// Logged out.
    Out,
}

/// The end of a log-in.
#[derive(Clone, Debug)]
pub(crate) struct LogIn {
    pub(crate) reason: LoginReason,
    /// The name as the app spells it, when the reason is [`LoginReason::Ok`].
    pub(crate) user: Option<String>,
}

impl LoginReason {
    /// As it stands in `X-Seraph-LoginReason`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            LoginReason::Ok => "OK",
            LoginReason::AuthenticatedFailed => "AUTHENTICATED_FAILED",
            LoginReason::AuthenticationDenied => "AUTHENTICATION_DENIED",
            LoginReason::AuthorisationFailed => "AUTHORISATION_FAILED",
            LoginReason::Out => "OUT",
        }
    }
}

impl App {
    /// Looks at the name, the password and what the user may do, and counts the failure if it is one.
    pub(crate) async fn log_in(&self, name: &str, password: &str) -> LogIn {
        let log_in = self.log_in_as_customer(name, password).await;
        let known = log_in.user.as_deref().and_then(|name| self.directories.lock().user(name));
        if known.is_some_and(|known| !self.grants_access(&known.groups)) {
            return LogIn { reason: LoginReason::AuthorisationFailed, user: None };
        }
        log_in
    }

    /// The same without a look at what the user may do: customers have no access to the app.
    pub(crate) async fn log_in_as_customer(&self, name: &str, password: &str) -> LogIn {
        let refused = |reason| LogIn { reason, user: None };
        // Before anything else: then even the right password is refused, and nobody is asked [C].
        if self.failures.lock().asks_for_captcha(name) {
            return refused(LoginReason::AuthenticationDenied);
        }
        let right = self.password_is_right(name, password).await;
        // Only after the password: a user made by this very log-in is found as well [C].
        let known = self.directories.lock().user(name);
        let Some(known) = known else { return refused(LoginReason::AuthenticatedFailed) };
        if !right || !known.user.active {
            // Counted for known users only: the count is kept with the user [I].
            self.failures.lock().failed(name);
            return refused(LoginReason::AuthenticatedFailed);
        }
        self.failures.lock().succeeded(name);
        LogIn { reason: LoginReason::Ok, user: Some(known.user.name) }
    }

    /// Seraph's headers for the end of a log-in.
    pub(crate) fn seraph_headers(&self, log_in: &LogIn) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let reason = HeaderValue::from_static(log_in.reason.word());
        headers.insert(HeaderName::from_static("x-seraph-loginreason"), reason);
        if log_in.reason == LoginReason::AuthenticationDenied {
            let page = if self.is_jira() { "/login.jsp" } else { "/login.action" };
            let denied = format!("CAPTCHA_CHALLENGE; login-url={}", self.url(page));
            if let Ok(denied) = HeaderValue::from_str(&denied) {
                let name = HeaderName::from_static("x-authentication-denied-reason");
                headers.insert(name, denied);
            }
        }
        headers
    }

    /// Walks the directories in their order. The first one that holds the name decides; a Crowd
    /// directory is asked every time, whatever the copy holds [C, S].
    async fn password_is_right(&self, name: &str, password: &str) -> bool {
        let ids: Vec<u32> = self.directories.lock().iter().map(|directory| directory.id).collect();
        for id in ids {
            let verdict = match self.step(id, name, password) {
                Step::Decided(verdict) => verdict,
                Step::Ask(source) => self.ask_crowd(id, &source, name, password).await,
            };
            match verdict {
                Verdict::Right => return true,
                Verdict::Wrong => return false,
                Verdict::NotHere => {}
            }
        }
        false
    }

    fn step(&self, id: u32, name: &str, password: &str) -> Step {
        let directories = self.directories.lock();
        let Some(directory) = directories.get(id) else { return Step::Decided(Verdict::NotHere) };
        match &directory.source {
            Source::Crowd(source) => Step::Ask(source.clone()),
            Source::Internal => Step::Decided(match directory.users.get(&key(name)) {
                None => Verdict::NotHere,
                Some(user) if user.password.as_deref() == Some(password) => Verdict::Right,
                Some(_) => Verdict::Wrong,
            }),
        }
    }

    async fn ask_crowd(
        &self,
        id: u32,
        source: &CrowdSource,
        name: &str,
        password: &str,
    ) -> Verdict {
        match source.client.authenticate(name, password).await {
            Ok(remote) => {
                self.take_over(id, source, &remote).await;
                if remote.active { Verdict::Right } else { Verdict::Wrong }
            }
            Err(failure) => match failure.reason() {
                "USER_NOT_FOUND" => Verdict::NotHere,
                "INACTIVE_ACCOUNT" | "EXPIRED_CREDENTIAL" | "INVALID_USER_AUTHENTICATION" => {
                    Verdict::Wrong
                }
                // A server that is away decides nothing about users it is not known to hold [I].
                _ => {
                    self.note_trouble(id, &failure);
                    let held = |directory: &Directory| directory.users.contains_key(&key(name));
                    let held = self.directories.lock().get(id).is_some_and(held);
                    if held { Verdict::Wrong } else { Verdict::NotHere }
                }
            },
        }
    }

    /// Copies the user who has just proved the password, with the groups if they are wanted.
    async fn take_over(&self, id: u32, source: &CrowdSource, remote: &RemoteUser) {
        let rule = self.behaviour.copying;
        let wanted = |directory: &Directory| directory.wants_groups(remote, rule, source.on_log_in);
        let wanted = self.directories.lock().get(id).is_some_and(wanted);
        let mut groups = None;
        if wanted {
            groups = match source.client.groups_of(&remote.name).await {
                Ok(names) if rule == Copying::New => Some(self.readable(id, source, names).await),
                Ok(names) => Some(names),
                // The log-in goes on with the groups that the copy has [I].
                Err(failure) => {
                    self.note_trouble(id, &failure);
                    None
                }
            };
        }
        if let Some(directory) = self.directories.lock().get_mut(id) {
            directory.copy(remote, groups.as_deref(), rule);
        }
    }

    /// Asks for every group that the copy lacks before it is made [S].
    async fn readable(&self, id: u32, source: &CrowdSource, names: Vec<String>) -> Vec<String> {
        let mut readable = Vec::new();
        for name in names {
            let known = |directory: &Directory| directory.groups.contains_key(&key(&name));
            let known = self.directories.lock().get(id).is_some_and(known);
            if known {
                readable.push(name);
                continue;
            }
            match source.client.group(&name).await {
                Ok(group) => readable.push(group.name),
                Err(failure) => self.note_trouble(id, &failure),
            }
        }
        readable
    }

    /// Keeps the last failure of a Crowd server for the control surface.
    pub(crate) fn note_trouble(&self, id: u32, failure: &CrowdFailure) {
        if let Some(directory) = self.directories.lock().get_mut(id) {
            directory.trouble = Some(failure.to_string());
        }
    }
}

/// What one directory is good for in a log-in.
enum Step {
    Decided(Verdict),
    Ask(CrowdSource),
}

enum Verdict {
    Right,
    Wrong,
    NotHere,
}
