//! Who asks: an application, by HTTP Basic, from an address it may come from.
//!
//! Does not know people. The address is checked before the password, so that only where an
//! application may be does a guess cost a slow hash. The texts of refusals are shown to the
//! administrator by the application's connection test.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use installation::Installation;
use installation::runtime::Random;
use installation::settings::Application;
use zeroize::Zeroizing;

use super::addresses::Upstreams;
use super::answer::Refusal;
use super::password::PasswordChecks;

/// The gate of the API.
pub(super) struct Applications {
    /// Slow hashes, of applications and of people.
    pub(super) passwords: PasswordChecks,
    upstreams: Upstreams,
}

impl Applications {
    pub(super) fn new(random: Random) -> Self {
        Self { passwords: PasswordChecks::new(random), upstreams: Upstreams::default() }
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
        let mut outcome = self.check(installation, &presented, client).await;
        // Set up a moment ago, this node may not know it yet: nobody is refused for that.
        if outcome.is_err()
            && let Ok(true) =
                installation.settings.refresh(&installation.store, &installation.secrets).await
        {
            outcome = self.check(installation, &presented, client).await;
        }
        outcome.map_err(|denied| {
            denied.log(client);
            denied.refusal(client)
        })
    }

    /// What the settings that this node knows say of it.
    async fn check(
        &self,
        installation: &Installation,
        presented: &Credentials,
        client: Option<IpAddr>,
    ) -> Result<Arc<Application>, Denied> {
        let (settings, now) = (installation.settings.current(), installation.clock.now());
        let application =
            settings.applications.get(presented.name.as_str()).ok_or(Denied::Unknown)?;
        let allowed = match client {
            Some(client) => self.upstreams.allow(&settings, application, client, now).await,
            None => false,
        };
        if !allowed {
            return Err(Denied::From(application.clone()));
        }
        let stored = &application.password_hash;
        if !self.passwords.fits_lately(stored, &presented.password, now).await {
            return Err(Denied::Password(application.clone()));
        }
        Ok(application.clone())
    }
}

/// Why an application is not let in. The log tells apart what the answer does not.
enum Denied {
    Unknown,
    From(Arc<Application>),
    Password(Arc<Application>),
}

impl Denied {
    fn log(&self, client: Option<IpAddr>) {
        let client = client.map(tracing::field::display);
        match self {
            Self::Unknown => {
                tracing::warn!(client, "a Crowd request named an unknown application");
            }
            Self::From(application) => {
                tracing::warn!(application.name, client, "an application may not come from there");
            }
            Self::Password(application) => {
                tracing::warn!(application.name, client, "an application gave a wrong password");
            }
        }
    }

    fn refusal(&self, client: Option<IpAddr>) -> Refusal {
        match self {
            Self::Unknown | Self::Password(_) => wrong(),
            Self::From(application) => not_from(&application.name, client),
        }
    }
}

/// What the Authorization header holds: UTF-8, parted at the first colon (RFC 7617 §2).
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
        let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
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
