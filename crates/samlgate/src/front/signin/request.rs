//! A sign-in that waits for the IdP's answer, in a cookie of the browser that began it.

use std::time::SystemTime;

use installation::guided::{Guided, Purpose};
use installation::settings::{App, Asked, Idp, ReplyPath};
use serde::{Deserialize, Serialize};

use crate::front::pending::{self, Pending};
use crate::front::refusal::Refusal;
use crate::front::visit::Visit;

/// A sign-in that waits for the IdP's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// Names the cookie; the only thing that travels as RelayState.
    #[serde(skip)]
    pub reference: String,
    nonce: String,
    app: String,
    /// The IdP that was asked, by its name in the settings.
    pub idp: String,
    /// Where the person wanted to go: a path within the app.
    pub return_to: String,
    /// The attempt's ID, for the tracker.
    pub attempt: String,
    /// What a link of the console began it for; none for an ordinary sign-in.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// What it asks of the authentication: what counts is what was asked, not what the settings say
    /// when the answer comes.
    #[serde(default)]
    pub asked: Asked,
    /// Unix milliseconds.
    expires_at: u64,
}

impl Pending for PendingRequest {
    const NAME: &'static str = "request";

    fn expires_at(&self) -> u64 {
        self.expires_at
    }
}

impl PendingRequest {
    /// Begins a sign-in at `idp`, or what a link of the console asked for.
    pub fn new(visit: &Visit, idp: &Idp, return_to: String, guided: Option<&Guided>) -> Self {
        let random = visit.installation().random;
        PendingRequest {
            reference: pending::reference(visit),
            nonce: random.token(),
            app: visit.app.name.clone(),
            idp: idp.name.clone(),
            return_to,
            attempt: guided.map_or_else(|| random.id(visit.now), |guided| guided.attempt.clone()),
            purpose: guided.map(|guided| guided.purpose),
            asked: Asked::by(&idp.settings.request, guided.is_some_and(is_test)),
            expires_at: pending::expiry(visit),
        }
    }

    /// The request's ID: a keyed hash, so that nobody else can make one that fits, and an NCName,
    /// as `xs:ID` asks (saml-core §1.3.4).
    pub fn request_id(&self, visit: &Visit) -> String {
        let expires_at = self.expires_at.to_string();
        let parts = [&*self.nonce, &self.app, &self.idp, &expires_at];
        format!("_{}", visit.installation().secrets.keyed_hash("request id", &parts))
    }

    /// When the request was made.
    pub(super) fn issued_at(&self) -> SystemTime {
        pending::began(self)
    }

    /// The pending request whose reference came back as `relay_state`, taken from this browser's
    /// own cookie; `None` when nobody asked: nothing came back, or, where an IdP may begin
    /// sign-ins, what came back is no reference of ours.
    ///
    /// # Errors
    /// When the reference has no cookie here, or a cookie that is not ours, not this app's, or too
    /// old.
    pub fn answered_by(visit: &Visit, relay_state: Option<&str>) -> Result<Option<Self>, Refusal> {
        let Some(reference) = relay_state.filter(|reference| !reference.is_empty()) else {
            return Ok(None);
        };
        let may_begin = |idp: &Idp| idp.settings.allow_unsolicited;
        if !pending::is_reference(reference)
            && visit.settings.idps_of(&visit.app).any(|idp| may_begin(idp))
        {
            return Ok(None);
        }
        let mut own = pending::held::<Self>(visit).filter(|(name, _)| *name == reference);
        let fitting = own.find(|(_, pending)| pending.app == visit.app.name);
        let (reference, pending) = fitting.ok_or_else(Refusal::no_request_cookie)?;
        if pending::expired(visit, &pending) {
            return Err(Refusal::request_expired());
        }
        Ok(Some(PendingRequest { reference: reference.to_owned(), ..pending }))
    }

    /// The Set-Cookie lines that give it to the browser.
    pub fn cookies(&self, visit: &Visit) -> Vec<String> {
        pending::cookies_for(visit, &path(&visit.app), &self.reference, self)
    }

    /// The cookie that takes it away.
    pub fn clearing_cookie(&self, app: &App) -> String {
        pending::clearing_cookie::<Self>(&path(app), &self.reference)
    }
}

/// A test shows what a person would go through who is signed in nowhere; whose session happens to be
/// in this browser says nothing.
fn is_test(guided: &Guided) -> bool {
    guided.purpose == Purpose::Test
}

/// The answer comes to the assertion consumer service.
fn path(app: &App) -> String {
    match app.settings.reply_path {
        ReplyPath::Auth => app.prefix.clone(),
        ReplyPath::Samlsso => format!("{}/plugins/servlet/samlsso", app.context_path),
    }
}
