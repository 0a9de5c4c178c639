//! The name by which a browser is known again between a message and its answer: a random number in a
//! cookie whose own name begins with `__Host-`. Such a one a browser takes over https, from this very
//! host, for this host alone and for all its paths (RFC 6265bis §4.1.3.2), so nobody else can plant it.
//!
//! It says nothing of who sits before the browser, and ends by itself.

use installation::cookies::cookies;

use super::{KEPT, is_reference, reference};
use crate::front::visit::Visit;

/// The cookie's name, before a random part: several tabs that begin at once in a new browser get one
/// each, and none overwrites the one that another's request was sealed for.
const NAME: &str = "__Host-samlgate_browser_";

/// Of so many one is looked for.
const AT_MOST: usize = 20;

/// A browser: one cookie of it.
pub(super) struct Browser {
    name: String,
    id: String,
}

impl Browser {
    /// The one that a new request is sealed for: as the browser calls itself, or a new one.
    pub(super) fn of(visit: &Visit) -> Self {
        Browser::sent(visit).next().unwrap_or_else(|| {
            let name = format!("{NAME}{}", &reference(visit)[..8]);
            Browser { name, id: reference(visit) }
        })
    }

    /// All that the browser calls itself.
    pub(super) fn sent(visit: &Visit) -> impl Iterator<Item = Self> {
        let own = cookies(&visit.headers)
            .filter(|(name, id)| name.starts_with(NAME) && is_reference(id))
            .map(|(name, id)| Browser { name: name.to_owned(), id: id.to_owned() });
        own.take(AT_MOST)
    }

    /// What is secret in it.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Bytes in the browser's Cookie header.
    pub(super) fn bytes(&self) -> usize {
        self.name.len() + self.id.len() + 3
    }

    /// The Set-Cookie line, which lasts as long as what is sealed for it.
    pub(super) fn cookie(&self) -> String {
        let Browser { name, id } = self;
        let seconds = KEPT.as_secs();
        format!("{name}={id}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=None")
    }
}
