//! What pages of the console have in common: frame, navigation, stylesheet, script, headers, and
//! the parts that several show.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use installation::moment;
use installation::settings::EditError;
use installation::style::STYLE;
use maud::{DOCTYPE, Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::StoreError;

use super::admin::Admin;

pub(super) const STYLE_PATH: &str = "/style.css";
pub(super) const SCRIPT_PATH: &str = "/console.js";

/// Where a page stands in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    Attempts,
    Apps,
    Idps,
    People,
    Groups,
    Applications,
    Settings,
    History,
}

const NAVIGATION: [(Place, &str, &str); 9] = [
    (Place::Overview, "/", "Overview"),
    (Place::Attempts, "/attempts", "Sign-ins"),
    (Place::Apps, "/apps", "Apps"),
    (Place::Idps, "/idps", "Identity providers"),
    (Place::People, "/users", "Users"),
    (Place::Groups, "/groups", "Groups"),
    (Place::Applications, "/applications", "Applications"),
    (Place::Settings, "/settings", "Settings"),
    (Place::History, "/history", "History"),
];

/// A page for an administrator who is inside.
pub(super) fn inside(admin: &Admin, place: Place, title: &str, body: Markup) -> Response {
    inside_with(StatusCode::OK, admin, place, title, body)
}

/// The same with another status, for a form that was not taken.
pub(super) fn inside_with(
    status: StatusCode,
    admin: &Admin,
    place: Place,
    title: &str,
    body: Markup,
) -> Response {
    let page = html! {
        a class="skip" href="#main" { "Skip to the content" }
        header class="bar" {
            a class="brand" href="/" { (mark()) "Samlgate" }
            nav aria-label="Console" {
                ul {
                    @for (here, address, name) in NAVIGATION {
                        li { a href=(address) aria-current=[(here == place).then_some("page")] { (name) } }
                    }
                }
            }
            form method="post" action="/leave" class="leave" {
                span class="quiet" { (admin.name()) }
                button class="plain" { "Leave" }
            }
        }
        main id="main" tabindex="-1" { h1 { (title) } (body) }
    };
    document(status, title, "console", page)
}

/// A page without navigation.
pub(super) fn plain(status: StatusCode, title: &str, body: Markup) -> Response {
    document(status, title, "alone", html! { main { h1 { (title) } (body) } })
}

/// A name as one segment of a path.
pub(super) fn segment(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}

/// "Go there", after something was done.
pub(super) fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// The two pages of one IdP.
pub(super) fn tabs(name: &str, here: &str) -> Markup {
    html! {
        nav class="actions" aria-label={ "Pages of " (name) } {
            @for (page, title, address) in [
                ("configuration", "Configuration", format!("/idps/{name}")),
                ("provisioning", "Provisioning", format!("/idps/{name}/provisioning")),
            ] {
                a class="plain" href=(address) aria-current=[(page == here).then_some("page")] { (title) }
            }
            a class="plain" href={ "/test?idp=" (name) } { "Test sign-in" }
        }
    }
}

/// A moment for people: to the second, in UTC.
pub(super) fn time(at: std::time::SystemTime) -> Markup {
    let text = moment::seconds(at);
    html! { time datetime=(text) { (text.replace('T', " ").trim_end_matches('Z')) } }
}

/// Lines that begin with `+` or `-`, coloured; the signs stay, since colour is never alone.
pub(super) fn difference(lines: &[String]) -> Markup {
    html! {
        div class="mono" {
            @for line in lines {
                @if line.starts_with('+') { ins { (line) } } @else { del { (line) } }
            }
        }
    }
}

/// Nothing is at this address.
pub(super) async fn not_found() -> Response {
    missing("There is no page at this address.")
}

/// Something asked for is not there.
pub(super) fn missing(text: &str) -> Response {
    let body = html! { p { (text) } p { a href="/" { "To the overview" } } };
    plain(StatusCode::NOT_FOUND, "Not found", body)
}

/// The database does not answer; the log says more.
pub(super) fn database_away(error: &StoreError) -> Response {
    tracing::error!(%error, "the console cannot read the database");
    let body = html! { p { "The database does not answer at the moment. Please try again soon." } };
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = plain(status, "Please try again in a moment", body);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// Why a page cannot be made; each becomes a page of its own.
pub(super) struct Failure(Box<Response>);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure(Box::new(database_away(&error)))
    }
}

impl From<Response> for Failure {
    fn from(page: Response) -> Self {
        Failure(Box::new(page))
    }
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Store(error) => error.into(),
            EditError::Missing { .. } => Failure(Box::new(missing(&format!("{error}.")))),
            other => {
                let body = html! { p { (other) } p { a href="/" { "To the overview" } } };
                Failure(Box::new(plain(StatusCode::CONFLICT, "This could not be done", body)))
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// The stylesheet of all pages.
pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// The console's one script.
pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("console.js")).into_response()
}

/// Sets the headers that keep other sites, frames and caches out of every answer.
pub(super) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn document(status: StatusCode, title: &str, class: &str, body: Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Samlgate" }
                link rel="stylesheet" href=(STYLE_PATH);
                link rel="icon" href=(ICON);
                script type="module" src=(SCRIPT_PATH) {}
            }
            body class=(class) { (body) }
        }
    };
    (status, Html(markup.into_string())).into_response()
}

/// A gate: two posts and an arch.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path d="M4 21V11a8 8 0 0 1 16 0v10M9 21v-9a3 3 0 0 1 6 0v9M2 21h20" fill="none"
                stroke="currentColor" stroke-width="2" stroke-linecap="round" {}
        }
    }
}

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 \
                    24'%3E%3Cpath d='M4 21V11a8 8 0 0 1 16 0v10M9 21v-9a3 3 0 0 1 6 0v9M2 21h20' \
                    fill='none' stroke='%232f6fde' stroke-width='2'/%3E%3C/svg%3E";

const HEADERS: [(HeaderName, &str); 5] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src \
         'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (X_FRAME_OPTIONS, "DENY"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
];
