//! A sign-in that waits for the IdP's answer, in a cookie of the browser that began it.

use std::time::{Duration, SystemTime};

use installation::guided::{Guided, Purpose};
use installation::settings::{App, Asked, Idp};
use serde::{Deserialize, Serialize};

use super::rounds::Rounds;
use crate::front::pending::{self, Pending};
use crate::front::tracker::AskedFor;
use crate::front::visit::Visit;

/// A sign-in that waits for the IdP's answer. Its names are short where it is sealed: a browser may hold
/// twenty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// Names the cookie; the only thing that travels as RelayState.
    #[serde(skip)]
    pub reference: String,
    /// Versions that bound no request to its browser made the ID of this, and not of the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(rename = "a", alias = "app")]
    app: String,
    /// The IdP that was asked, by its name in the settings.
    #[serde(rename = "i", alias = "idp")]
    pub idp: String,
    /// Where the person wanted to go: a path within the app.
    #[serde(rename = "r", alias = "return_to")]
    pub return_to: String,
    /// The browser had no room for that: [`PendingRequest::return_to`] is the start page.
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    pub shortened: bool,
    /// The attempt's ID, for the tracker.
    #[serde(rename = "t", alias = "attempt")]
    pub attempt: String,
    /// What a link of the console began it for; none for an ordinary sign-in.
    #[serde(rename = "p", alias = "purpose", default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// What it asks of the authentication: what counts is what was asked, not what the settings say
    /// when the answer comes.
    #[serde(rename = "w", default, skip_serializing_if = "Asked::is_nothing")]
    pub asked: Asked,
    /// An answer that came too late began it: it is not begun a third time.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// The rounds that led to it.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<Rounds>,
    /// Unix milliseconds.
    #[serde(rename = "e", alias = "expires_at")]
    expires_at: u64,
}

/// What a sign-in is begun for.
#[derive(Default)]
pub struct Beginning<'a> {
    /// Where the person wants to go: a path within the app.
    pub return_to: String,
    /// The link of the console that asked for it.
    pub guided: Option<&'a Guided>,
    /// The person wants another account than the one they are signed in with.
    pub another_account: bool,
    /// See [`PendingRequest::again`].
    pub again: bool,
    /// See [`PendingRequest::rounds`].
    pub rounds: Option<Rounds>,
}

impl Pending for PendingRequest {
    const NAME: &'static str = "request";

    fn expires_at(&self) -> u64 {
        self.expires_at
    }

    fn lifetime(&self) -> Duration {
        if self.nonce.is_some() { pending::SHORT } else { lifetime(&self.asked) }
    }

    fn kept(&self) -> Duration {
        if self.nonce.is_some() { pending::SHORT } else { pending::KEPT }
    }

    fn spare(&self) -> usize {
        if self.shortened { 0 } else { self.return_to.len() }
    }

    /// The sign-in will end at the start page; at the portal's where it was to be there, since that
    /// decides what a customer gets.
    fn leave_out(&mut self, app: &App) {
        let portal = if app.is_portal(&self.return_to) { PORTAL } else { "" };
        self.return_to = format!("{}/{portal}", app.context_path);
        self.shortened = true;
    }
}

impl PendingRequest {
    /// Begins a sign-in at `idp`.
    pub fn new(visit: &Visit, idp: &Idp, beginning: Beginning<'_>) -> Self {
        let random = visit.installation().random;
        let Beginning { return_to, guided, another_account, again, rounds } = beginning;
        let forced = another_account || guided.is_some_and(is_test);
        let asked = Asked::by(&idp.settings.request, forced);
        PendingRequest {
            reference: pending::reference(visit),
            nonce: None,
            app: visit.app.name.clone(),
            idp: idp.name.clone(),
            return_to,
            shortened: false,
            attempt: guided.map_or_else(|| random.id(visit.now), |guided| guided.attempt.clone()),
            purpose: guided.map(|guided| guided.purpose),
            again,
            rounds,
            expires_at: pending::expiry(visit, lifetime(&asked)),
            asked,
        }
    }

    /// The request's ID: a keyed hash, so that nobody else can make one that fits, and an NCName,
    /// as `xs:ID` asks (saml-core §1.3.4).
    pub fn request_id(&self, visit: &Visit) -> String {
        let expires_at = self.expires_at.to_string();
        let nonce = self.nonce.as_deref().unwrap_or(&self.reference);
        let parts = [nonce, &self.app, &self.idp, &expires_at];
        format!("_{}", visit.installation().secrets.keyed_hash("request id", &parts))
    }

    /// What the record of its answer says of it.
    pub(super) fn noted(&self) -> AskedFor<'_> {
        AskedFor {
            attempt: &self.attempt,
            idp: &self.idp,
            return_to: &self.return_to,
            shortened: self.shortened,
        }
    }

    /// The app that it was begun for.
    pub(super) fn app(&self) -> &str {
        &self.app
    }

    /// When nobody can answer it any more: until then it is remembered that somebody has.
    pub(super) fn ends_at(&self) -> SystemTime {
        pending::ends(self)
    }

    /// When the request was made.
    pub(super) fn issued_at(&self) -> SystemTime {
        pending::began(self)
    }

    /// The one of this reference that this browser holds for this app, if any.
    pub fn named(visit: &Visit, reference: &str) -> Option<Self> {
        let own = pending::named::<Self>(visit, reference)?;
        let request = PendingRequest { reference: reference.to_owned(), ..own };
        (request.app == visit.app.name).then_some(request)
    }

    /// The same by the ID that the request was sent with.
    pub(super) fn of_id(visit: &Visit, id: &str) -> Option<Self> {
        let own = pending::held::<Self>(visit)
            .map(|(reference, it)| PendingRequest { reference: reference.to_owned(), ..it });
        let mut fitting = own.filter(|request| request.app == visit.app.name);
        fitting.find(|request| request.request_id(visit) == id)
    }

    /// The Set-Cookie lines that give it to the browser.
    pub fn cookies(&self, visit: &Visit) -> Vec<String> {
        pending::cookies_for(visit, &path(&visit.app), &self.reference, self.clone())
    }

    /// The Set-Cookie line that takes it away.
    pub(super) fn clearing_cookie(&self, visit: &Visit) -> String {
        pending::clearing_cookie::<Self>(&path(&visit.app), &self.reference)
    }

    /// The Set-Cookie line that leaves it there for Reload and Back, when it has been answered.
    pub fn last_cookie(&self, visit: &Visit) -> Option<String> {
        pending::last_cookie(visit, &path(&visit.app), &self.reference, self)
    }
}

/// Whoever must sign in anew does so at once; others may be called away.
fn lifetime(asked: &Asked) -> Duration {
    if asked.forced { pending::SHORT } else { pending::LONG }
}

/// A test shows what a person would go through who is signed in nowhere; whose session happens to be
/// in this browser says nothing.
fn is_test(guided: &Guided) -> bool {
    guided.purpose == Purpose::Test
}

/// The answer may come to either assertion consumer service, whichever was asked for.
fn path(app: &App) -> String {
    format!("{}/plugins/servlet", app.context_path)
}

/// Below the context path.
const PORTAL: &str = "servicedesk/customer/portals";
