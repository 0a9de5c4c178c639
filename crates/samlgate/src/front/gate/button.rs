//! The button on an app's stock log-in page: which pages get it, and what is put there.
//!
//! One same-origin script and stylesheet and plain links; nothing inline, so that no content
//! security policy of the app needs a hole.

use std::sync::Arc;

use gateway::{Body, Insertion};
use http::{Method, Request, Response};
use installation::settings::{App, AppKind, Snapshot};
use maud::html;

use crate::front::page;
use crate::front::signin;
use crate::front::unadorned::Unadorned;

/// A request for a page that may show a log-in form.
pub(super) struct LoginPage {
    pub(super) return_to: Option<String>,
    /// The form is all there is to the page, so the links may stand at its top.
    pub(super) form_only: bool,
    /// The page stands in a frame of the dashboard: links lead out of it, since no IdP lets itself
    /// be framed.
    pub(super) framed: bool,
    /// Only what would be said of the page was asked for.
    pub(super) is_head: bool,
}

impl LoginPage {
    /// Whether its links are certain to be left out for somebody whom the app knows: so much else
    /// is on the page that the app need not be asked to send it uncompressed and anew.
    pub(super) fn is_for_strangers_only(&self) -> bool {
        !self.form_only
    }
}

/// Where old versions of Jira show each gadget of the dashboard, in a frame.
const GADGET_FRAME: &str = "/plugins/servlet/gadgets/ifr";

/// The forms that come with the page, by `id` or `name`, in stock Jira and Confluence.
const FORMS: &[&str] = &["login-form", "loginform", "loginForm"];

/// Says whether the request is for a log-in page of the app, and where the person wants to go.
pub(super) fn login_page(app: &App, request: &Request<Body>) -> Option<LoginPage> {
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
        return None;
    }
    let below = app.below(request.uri().path());
    let below = below.split(';').next().unwrap_or_default();
    let form_only = match (app.settings.kind, below) {
        (AppKind::Jira, "/login.jsp")
        | (AppKind::Confluence, "/login.action" | "/dologin.action")
        | (AppKind::Bitbucket, "/login")
        | (AppKind::Bamboo, "/userlogin.action") => true,
        (AppKind::Jira, _) if is_portal_login(below) => true,
        (AppKind::Jira, "" | "/" | "/secure/Dashboard.jspa" | GADGET_FRAME) => false,
        _ => return None,
    };
    let query = |wanted: &str| {
        let query = request.uri().query()?.as_bytes();
        let mut pairs = url::form_urlencoded::parse(query);
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let framed = below == GADGET_FRAME;
    let asked = query("os_destination").or_else(|| {
        // The portal writes its pages relative to itself.
        let page = || query("destination").unwrap_or_else(|| "portals".to_owned());
        is_portal_login(below).then(|| format!("{PORTAL}/{}", page().trim_start_matches('/')))
    });
    // A page with more than a form on it is itself where the person wants to be.
    let here = (!form_only).then(|| if framed { "/" } else { below }.to_owned());
    let asked = asked.or(here);
    let return_to = asked.filter(|path| signin::return_path(app, path).is_some());
    // The log-in gadget's form may be drawn by a script; any other gadget has no use for links.
    let form_only = form_only || framed && query("url").is_some_and(|url| url.contains("login"));
    Some(LoginPage { return_to, form_only, framed, is_head: request.method() == Method::HEAD })
}

/// The service desk's own log-in page, of all portals or of one (`/portal/1/user/login`).
pub(super) fn is_portal_login(below: &str) -> bool {
    let inside = below.strip_prefix(PORTAL).and_then(|rest| rest.strip_suffix("/user/login"));
    inside.is_some_and(|portal| portal.is_empty() || portal.starts_with("/portal/"))
}

/// Where a Jira has its customer portal.
const PORTAL: &str = "/servicedesk/customer";

/// Puts links, script and stylesheet into a log-in page; any other answer stays as it is.
pub(super) fn put(
    unadorned: &Arc<Unadorned>,
    settings: &Snapshot,
    app: &App,
    login_page: LoginPage,
    response: Response<Body>,
) -> Response<Body> {
    let signed_in = response.headers().get("x-ausername").is_some_and(|name| name != "anonymous");
    if signed_in && !login_page.form_only {
        return response;
    }
    let links = html! {
        div class="samlgate-login" {
            @for idp in settings.idps_of(app) {
                a href=(page::start_url(app, Some(&idp.name), login_page.return_to.as_deref()))
                    target=[login_page.framed.then_some("_top")] {
                    (idp.button_label)
                }
                @if let Some(text) = &idp.settings.button_description { small { (text) } }
            }
        }
    };
    if settings.idps_of(app).next().is_none() {
        return response;
    }
    let head = html! {
        link rel="stylesheet" href={ (app.prefix) "/login.css" };
        script src={ (app.prefix) "/login.js" } defer {}
    };
    let insertion = Insertion {
        head: head.into_string(),
        links: links.into_string(),
        forms: FORMS,
        else_at_end: login_page.form_only,
        is_head: login_page.is_head,
        report: unadorned.report_of(&app.name),
    };
    gateway::inject(response, &insertion)
}
