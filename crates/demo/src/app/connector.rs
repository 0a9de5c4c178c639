//! Scheme, host, port and context path as the app's connector is set: what it builds addresses
//! from. It never looks at a request's own host, so a wrong setting shows as wrong redirects.

use anyhow::{Context as _, ensure};
use url::Url;

/// The connector's `scheme`, `proxyName` and `proxyPort`, with the context path.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    /// `https://tools.example.test`, without a slash at the end.
    origin: String,
    context: String,
    secure: bool,
}

impl Connector {
    pub(crate) fn parse(public_url: &str) -> anyhow::Result<Self> {
        let url: Url = public_url.parse().with_context(|| format!("{public_url} is no address"))?;
        ensure!(url.has_host(), "{public_url} names no host");
        Ok(Connector {
            origin: url.origin().ascii_serialization(),
            context: url.path().trim_end_matches('/').to_owned(),
            secure: url.scheme() == "https",
        })
    }

    /// Takes scheme, host and port from another address; the context path stays.
    pub(crate) fn move_to(&mut self, public_url: &str) -> anyhow::Result<()> {
        let other = Connector::parse(public_url)?;
        self.origin = other.origin;
        self.secure = other.secure;
        Ok(())
    }

    pub(crate) fn context(&self) -> &str {
        &self.context
    }

    /// Whether cookies are marked Secure.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The absolute address of a path below the context.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.context)
    }
}
