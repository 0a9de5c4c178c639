//! Samlgate's own pages on an app's origin, below `<context>/plugins/servlet/saml`.

use gateway::Body;
use http::header::ALLOW;
use http::{HeaderValue, Method, Response, StatusCode};
use installation::settings::App;
use installation::style::STYLE;

use crate::front::answer;
use crate::front::form::PostedForm;
use crate::front::page;
use crate::front::refusal::Refusal;
use crate::front::signin::{self, AcsForm};
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;
use crate::front::{ended, hop, metadata, opener, signout};

/// A form with a response of 1 MiB in base64, percent-encoded with line breaks.
const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// Which page a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// Start and assertion consumer service.
    Auth,
    /// The same at the address of the commercial plug-in.
    Samlsso,
    /// Opens the app's session.
    Open,
    /// The end of a refused sign-in, once more.
    Ended,
    /// The single log-out endpoint.
    Logout,
    /// The way into the console.
    Console,
    /// This SP's metadata.
    Metadata,
    /// The script of the page that posts a message to the IdP.
    PostScript,
    /// The script of the page that takes a fragment along.
    FragmentScript,
    /// The script of the button.
    LoginScript,
    /// The stylesheet of the button.
    LoginStyle,
    /// The stylesheet of our pages.
    Style,
    /// Below our prefix, but nothing there.
    Nothing,
}

impl Page {
    /// The page at `path` of `app`; `None` when the path is the app's.
    pub(super) fn at(app: &App, path: &str) -> Option<Self> {
        let below = app.below(path).strip_prefix("/plugins/servlet/saml")?;
        Some(match below {
            "/auth" => Page::Auth,
            "sso" => Page::Samlsso,
            "/open" => Page::Open,
            "/ended" => Page::Ended,
            "/console" => Page::Console,
            "/logout" => Page::Logout,
            "/post.js" => Page::PostScript,
            "/fragment.js" => Page::FragmentScript,
            "/metadata" | "sso/metadata" => Page::Metadata,
            "/login.js" => Page::LoginScript,
            "/login.css" => Page::LoginStyle,
            "/style.css" => Page::Style,
            _ if below.is_empty() || below.starts_with('/') || below.starts_with("sso/") => {
                Page::Nothing
            }
            _ => return None,
        })
    }
}

/// Answers a request to one of our pages.
pub(super) async fn answer(
    visit: &Visit,
    page: Page,
    method: &Method,
    body: Body,
) -> Response<Body> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    match page {
        Page::Auth | Page::Samlsso if reads => signin::start(visit).await,
        Page::Auth if method == Method::POST => consume(visit, &visit.app.acs_url, body).await,
        Page::Samlsso if method == Method::POST => {
            consume(visit, &visit.app.acs_alias_url, body).await
        }
        Page::Logout if reads || method == Method::POST => {
            signout::receive(visit, method, body).await
        }
        Page::Auth | Page::Samlsso | Page::Logout => not_allowed("GET, HEAD, POST"),
        Page::Nothing => answer::text(StatusCode::NOT_FOUND, "There is no such page."),
        _ if !reads => not_allowed("GET, HEAD"),
        Page::Open => opener::open(visit).await,
        Page::Ended => ended::answer(visit).await,
        Page::Console => hop::answer(visit).await,
        Page::Metadata => metadata::answer(visit),
        Page::PostScript => answer::file("text/javascript; charset=utf-8", page::POST_SCRIPT),
        Page::FragmentScript => {
            answer::file("text/javascript; charset=utf-8", page::FRAGMENT_SCRIPT)
        }
        Page::LoginScript => answer::file("text/javascript; charset=utf-8", page::LOGIN_SCRIPT),
        Page::LoginStyle => answer::file("text/css; charset=utf-8", page::LOGIN_STYLE),
        Page::Style => answer::file("text/css; charset=utf-8", STYLE),
    }
}

async fn consume(visit: &Visit, acs_url: &str, body: Body) -> Response<Body> {
    match read_form(visit, body).await {
        Ok(form) => signin::consume(visit, acs_url, &form).await,
        Err(refusal) => tracker::refuse(visit, Attempt::begin(visit), refusal).await,
    }
}

/// Reads the posted form (saml-bindings §3.5.4). Each field may stand there once, so that nobody
/// is shown one response and us another.
async fn read_form(visit: &Visit, body: Body) -> Result<AcsForm, Refusal> {
    let form = match PostedForm::read(&visit.headers, body, LARGEST_FORM).await {
        Ok(form) => form,
        Err(error) => {
            let mut refusal = Refusal::bad_form(error.to_string());
            refusal.status = error.status();
            return Err(refusal);
        }
    };
    let (mut saml_response, mut relay_state) = (None, None);
    for (name, value) in form.fields() {
        let field = match name.as_ref() {
            "SAMLResponse" => &mut saml_response,
            "RelayState" => &mut relay_state,
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return Err(Refusal::bad_form(format!("the field {name} stands there twice")));
        }
    }
    match saml_response {
        Some(saml_response) => Ok(AcsForm { saml_response, relay_state }),
        None => {
            let names = form.fields().map(|(name, _)| name.chars().take(40).collect());
            Err(Refusal::no_response(&names.take(10).collect::<Vec<String>>()))
        }
    }
}

fn not_allowed(methods: &'static str) -> Response<Body> {
    let mut response = answer::text(StatusCode::METHOD_NOT_ALLOWED, "This method does not fit.");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}
