//! An app: a Jira, Confluence or other program behind the gateway.

mod session;

use gateway::Upstream;
use http::HeaderName;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Document, Fault};
use crate::address::is_loopback_name;
use crate::cookies;

pub use session::SessionSettings;

/// The program behind the gateway: it decides log-in pages, log-in calls and session cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AppKind {
    Jira,
    Confluence,
    Bitbucket,
    Bamboo,
    Other,
}

impl AppKind {
    /// The app's own log-in page, below its context path.
    pub fn login_page(self) -> &'static str {
        match self {
            AppKind::Jira => "/login.jsp",
            AppKind::Confluence => "/login.action",
            AppKind::Bitbucket => "/login",
            AppKind::Bamboo => "/userlogin.action",
            AppKind::Other => "/",
        }
    }
}

/// How a signed-in person gets the app's own session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenerKind {
    /// A random single-use password, posted to the app's own log-in; the app asks Samlgate back.
    #[default]
    OneTimePassword,
}

/// Which of the two assertion consumer services a sign-in asks the IdP to answer at. Both take
/// answers; this is the Reply URL that the IdP has on its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyPath {
    /// `<prefix>/auth`, as the Microsoft plug-in had it.
    #[default]
    Auth,
    /// `<context>/plugins/servlet/samlsso`, as its commercial peer has it.
    Samlsso,
}

/// An app as the administrator sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSettings {
    /// What kind of program it is.
    pub kind: AppKind,
    /// The address people use, with the context path: `https://jira.example.com/jira`.
    pub public_url: String,
    /// The app's own address behind the gateway, without the context path.
    pub upstream: String,
    /// The Crowd applications that may ask for its one-time passwords; empty: the only one
    /// there is.
    #[serde(default)]
    pub applications: Vec<String>,
    /// This SP's entity ID for the app; unset: the public origin with a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// How the app's session is opened.
    #[serde(default)]
    pub opener: OpenerKind,
    /// The Reply URL that requests name.
    #[serde(default)]
    pub reply_path: ReplyPath,
    /// Its name at the IdP, in this SP's metadata; unset: its name here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whom the IdP's administrator may write to: the technical contact in this SP's metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Headers that say who or where the sender is, and reach the app all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_headers: Vec<String>,
    /// Browsers are told to use https alone for the app's host, for so many seconds; unset: they are
    /// told nothing. 0 takes back what they were told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hsts_seconds: Option<u32>,
    /// How long people stay signed in.
    #[serde(default, skip_serializing_if = "SessionSettings::is_default")]
    pub session: SessionSettings,
}

/// An app, ready for use.
pub struct App {
    /// Its name in the settings.
    pub name: String,
    /// As the administrator set it.
    pub settings: AppSettings,
    /// `https` or `http`.
    pub scheme: String,
    /// `host[:port]` of the public URL, in lower case, without the scheme's own port.
    pub authority: String,
    /// Empty, or starting with a slash and not ending in one.
    pub context_path: String,
    /// Where Samlgate's own pages are: `<context>/plugins/servlet/saml`.
    pub prefix: String,
    /// This SP's entity ID (the Identifier of the Microsoft plug-in). Apps with the same one are one
    /// service provider to the IdP: a session opens all of them, and a log-out ends it at all.
    pub entity_id: String,
    /// The name of the cookie with Samlgate's session. Apps of one host share a jar of cookies, so
    /// one with an entity ID of its own has a name of its own.
    pub session_cookie: String,
    /// The assertion consumer service, `<prefix>/auth` (the Reply URL of the Microsoft plug-in).
    pub acs_url: String,
    /// The second assertion consumer service, `<context>/plugins/servlet/samlsso`.
    pub acs_alias_url: String,
    /// The single log-out endpoint, `<prefix>/logout`.
    pub slo_url: String,
    /// The way to the app.
    pub upstream: Upstream,
    /// Headers about the sender that reach it as they came.
    pub pass_headers: Vec<HeaderName>,
}

impl App {
    /// Whether `path` lies below the app's context path.
    pub fn holds(&self, path: &str) -> bool {
        path.strip_prefix(&self.context_path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The part of `path` below the context path; empty when it lies elsewhere.
    pub fn below<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&self.context_path).unwrap_or("")
    }

    /// Whether `path` is a page of a service desk's customer portal, which people use who have no
    /// access to the app itself.
    pub fn is_portal(&self, path: &str) -> bool {
        let path = path.split(['?', '#', ';']).next().unwrap_or_default();
        let rest = self.below(path).strip_prefix("/servicedesk/customer");
        self.settings.kind == AppKind::Jira
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The assertion consumer service that requests name.
    pub fn reply_url(&self) -> &str {
        match self.settings.reply_path {
            ReplyPath::Auth => &self.acs_url,
            ReplyPath::Samlsso => &self.acs_alias_url,
        }
    }

    /// Whether `other` is another app of the same service provider: a sign-in at one opens both.
    pub fn shares_sign_in_with(&self, other: &App) -> bool {
        self.entity_id == other.entity_id && self.name != other.name
    }

    /// The public origin, `https://host[:port]`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }
}

impl Document for AppSettings {
    const KIND: &'static str = "app";
    type Compiled = App;

    fn compile(&self, name: &str) -> Result<App, Fault> {
        let public = address("public_url", "public URL", &self.public_url)?;
        let scheme = public.scheme().to_owned();
        let authority = authority(&public);
        let host = public.host_str().unwrap_or_default();
        if scheme == "http" && !is_loopback_name(host) {
            return Err(Fault::at(
                "public_url",
                format!(
                    "the public URL {} must be https: browsers drop the sign-in's cookies on plain \
                     http (only localhost and *.localhost may use it)",
                    self.public_url
                ),
            ));
        }
        if let Some(email) = self.contact_email.as_deref().filter(|text| !is_address(text)) {
            let text = format!("the contact {email:?} is no e-mail address");
            return Err(Fault::at("contact_email", text));
        }
        self.session.check()?;
        let context_path = public.path().trim_end_matches('/').to_owned();
        let prefix = format!("{context_path}/plugins/servlet/saml");
        let origin = format!("{scheme}://{authority}");
        let upstream = address("upstream", "upstream URL", &self.upstream)?;
        if upstream.path() != "/" {
            return Err(Fault::at(
                "upstream",
                format!(
                    "the upstream URL {} must have no path: the context path comes from the public \
                     URL",
                    self.upstream
                ),
            ));
        }
        let upstream = upstream.as_str().parse().map_err(|error| {
            let text = format!("the upstream URL {} cannot be used: {error}", self.upstream);
            Fault::at("upstream", text)
        })?;
        let of_origin = format!("{origin}/");
        let entity_id = self.entity_id.clone().unwrap_or_else(|| of_origin.clone());
        let pass_headers = self.pass_headers.iter().map(|name| passing(name));
        let pass_headers = pass_headers.collect::<Result<Vec<_>, _>>()?;
        let own = (entity_id != of_origin).then_some(entity_id.as_str());
        Ok(App {
            name: name.to_owned(),
            settings: self.clone(),
            session_cookie: cookies::session_cookie(own),
            entity_id,
            acs_url: format!("{origin}{prefix}/auth"),
            acs_alias_url: format!("{origin}{context_path}/plugins/servlet/samlsso"),
            slo_url: format!("{origin}{prefix}/logout"),
            upstream: Upstream::new(upstream, None, gateway::Timeouts::default()),
            pass_headers,
            scheme,
            authority,
            context_path,
            prefix,
        })
    }
}

/// An absolute http or https address without credentials, query or fragment.
fn address(field: &'static str, what: &str, text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text).map_err(|error| {
        let why = format!("is not an address such as https://jira.example.com: {error}");
        Fault::at(field, format!("the {what} {text:?} {why}"))
    })?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !plain {
        let why = "must be a plain http or https address without query or user";
        return Err(Fault::at(field, format!("the {what} {text:?} {why}")));
    }
    Ok(url)
}

/// A header that would end at the gateway, and may pass.
fn passing(text: &str) -> Result<HeaderName, Fault> {
    let fault = |why: &str| Fault::at("pass_headers", format!("{text:?} {why}"));
    let name: HeaderName = text.parse().map_err(|_| fault("is not the name of a header"))?;
    if gateway::is_told(&name) {
        return Err(fault("is set by Samlgate itself, for every app"));
    }
    if !gateway::is_claim(&name) {
        return Err(fault("passes anyway: it says nothing of who or where the sender is"));
    }
    Ok(name)
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    text.split_once('@').is_some_and(|(local, domain)| {
        let full = !local.is_empty() && !domain.is_empty() && text.len() <= 254;
        full && text.chars().filter(|c| *c != '@').all(plain) && !domain.contains('@')
    })
}
