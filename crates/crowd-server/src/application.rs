//! Who asks: an application, by HTTP Basic, from an address it may come from.
//!
//! Does not know people. The address is checked before the password, so that only where an
//! application may be does a guess cost a slow hash. Where an application may be, a wrong name is told
//! from a wrong password by neither answer nor time; who comes as one that may not be there hears that.
//! The texts of refusals are shown to the administrator by the application's connection test.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use installation::Installation;
use installation::password::Verdict;
use installation::runtime::Random;
use installation::settings::{self, Application};
use store::StoreError;
use zeroize::Zeroizing;

use super::addresses::Upstreams;
use super::answer::Refusal;
use super::password::{Passwords, Presented};

/// The gate of the API.
pub(super) struct Applications {
    passwords: Passwords,
    upstreams: Upstreams,
}

impl Applications {
    pub(super) fn new(random: Random) -> Self {
        Self { passwords: Passwords::new(random), upstreams: Upstreams::default() }
    }

    /// The application that sent a request.
    pub(super) async fn admit(
        &self,
        installation: &Installation,
        headers: &HeaderMap,
        client: Option<IpAddr>,
    ) -> Result<Arc<Application>, Refusal> {
        let presented = Credentials::of(headers).ok_or_else(|| {
            unauthorized(
                "This is Samlgate's Crowd API. Enter the name and password of an application that \
                 was made with: samlgate application add NAME",
            )
        })?;
        if !settings::is_name(&presented.name) {
            return Err(Denied::Wrong.refusal(&presented.name, client));
        }
        let mut outcome = self.check(installation, &presented, client).await;
        // Set up a moment ago, this node may not know it yet: nobody is refused for that.
        if outcome.is_err()
            && let Ok(true) =
                installation.settings.refresh(&installation.store, &installation.secrets).await
        {
            outcome = self.check(installation, &presented, client).await;
        }
        outcome.map_err(|denied| {
            denied.log(&presented.name, client);
            denied.refusal(&presented.name, client)
        })
    }

    /// What the settings that this node knows say of it. A name that is no application's goes the
    /// same way.
    async fn check(
        &self,
        installation: &Installation,
        credentials: &Credentials,
        client: Option<IpAddr>,
    ) -> Result<Arc<Application>, Denied> {
        let (settings, now) = (installation.settings.current(), installation.clock.now());
        let Credentials { name, password } = credentials;
        let application = settings.applications.get(name.as_str());
        let allowed = match (client, application) {
            (None, _) => None,
            (Some(client), Some(application)) => {
                let allowed = self.upstreams.allow(&settings, application, client, now).await;
                allowed.then_some(client)
            }
            (Some(client), None) => {
                self.upstreams.allow_some(&settings, client, now).await.then_some(client)
            }
        };
        let client = allowed.ok_or(Denied::From)?;
        let presented = Presented { name, password, client };
        let stored = application.map(|application| application.password_hash.as_str());
        let verdict = self.passwords.judge(installation, &presented, stored).await;
        match (verdict.map_err(Denied::Store)?, application) {
            (Verdict::Right, Some(application)) => Ok(application.clone()),
            (Verdict::Right | Verdict::Wrong, _) => Err(Denied::Wrong),
            (Verdict::TooMany, _) => Err(Denied::TooMany),
            (Verdict::Busy, _) => Err(Denied::Busy),
        }
    }
}

/// Why an application is not let in.
enum Denied {
    From,
    Wrong,
    TooMany,
    Busy,
    Store(StoreError),
}

impl Denied {
    fn log(&self, name: &str, client: Option<IpAddr>) {
        let (client, application) = (client.map(tracing::field::display), name);
        match self {
            Self::From => {
                tracing::warn!(
                    application.name = application,
                    client,
                    "an application may not come from there"
                );
            }
            Self::Wrong => {
                tracing::warn!(
                    application.name = application,
                    client,
                    "an application gave a wrong name or password"
                );
            }
            Self::TooMany => {
                tracing::warn!(
                    application.name = application,
                    client,
                    "an application's password was not looked at: too many wrong ones came"
                );
            }
            Self::Busy => {
                tracing::warn!(
                    application.name = application,
                    client,
                    "an application's password was not looked at: too many wait"
                );
            }
            Self::Store(_) => {}
        }
    }

    fn refusal(self, name: &str, client: Option<IpAddr>) -> Refusal {
        match self {
            Self::Wrong => wrong(),
            Self::From => not_from(name, client),
            // Clients show the text of a 401, and keep their copy of the directory.
            Self::TooMany => unauthorized(
                "Too many wrong passwords came for this application name from there. Correct the \
                 password, and wait ten minutes",
            ),
            Self::Busy => Refusal::busy(),
            Self::Store(error) => error.into(),
        }
    }
}

/// What the Authorization header holds, parted at the first colon (RFC 7617 §2): UTF-8, or what older
/// clients write, ISO-8859-1. Which of the two it is nothing says; hardly any text of the latter that has
/// letters beyond ASCII is UTF-8, too.
struct Credentials {
    name: String,
    password: Zeroizing<String>,
}

impl Credentials {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = Zeroizing::new(STANDARD.decode(value.trim()).ok()?);
        let text = Zeroizing::new(match std::str::from_utf8(&decoded) {
            Ok(text) => text.to_owned(),
            Err(_) => decoded.iter().copied().map(char::from).collect(),
        });
        let (name, password) = text.split_once(':')?;
        Some(Self { name: name.to_owned(), password: password.to_owned().into() })
    }
}

fn unauthorized(text: &str) -> Refusal {
    Refusal::text(StatusCode::UNAUTHORIZED, text)
}

/// One text for an unknown name and for a wrong password.
fn wrong() -> Refusal {
    unauthorized(
        "The application name or password is wrong. Compare them with what was set by: samlgate \
         application add NAME",
    )
}

fn not_from(name: &str, client: Option<IpAddr>) -> Refusal {
    let text = match client {
        Some(client) => format!(
            "The application {name} may not come from {client}. Allow that address at Samlgate (it \
             replaces those allowed before): samlgate application set {name} --allow {client}"
        ),
        None => format!("The application {name} may not come from there."),
    };
    Refusal::text(StatusCode::FORBIDDEN, text)
}
