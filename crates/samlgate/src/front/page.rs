//! Pages that people see: plain, calm, without scripts. Every value from outside is escaped by the
//! template.

mod fragment;
mod post;
mod signed_out;
mod words;

use gateway::Body;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use installation::attempt::Step;
use installation::settings::App;
use maud::{DOCTYPE, Markup, html};

use crate::front::answer;
use crate::front::reader::Reader;
use crate::front::refusal::Ended;
use crate::front::visit::Visit;

pub use fragment::{FRAGMENT_SCRIPT, take_fragment};
pub use post::{POST_SCRIPT, post};
pub use signed_out::{SignedOut, log_out_refused, signed_out};

/// The stylesheet of the button on an app's log-in page.
pub const LOGIN_STYLE: &str = include_str!("page/login.css");
/// The script that puts the button beside a form that the app's own script draws.
pub const LOGIN_SCRIPT: &str = include_str!("page/login.js");

/// The frame of every page; `style` is the stylesheet's address.
pub fn layout(title: &str, style: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(style);
            }
            body { main { h1 { (title) } (body) } }
        }
    }
}

/// A refused sign-in: what the person can do, and the ID to give to whoever helps.
pub fn refused(visit: &Visit, status: StatusCode, ended: &Ended) -> Response<Body> {
    let advice = ended.advice();
    let (title, text) = words::of(advice, &visit.app, ended.person.as_deref());
    let again = start_url(&visit.app, ended.idp.as_deref(), ended.return_to.as_deref());
    let back = format!("{}/", visit.app.context_path);
    let body = html! {
        p { (text) }
        p class="actions" {
            a class="button" href=(again) { "Start again" }
            @if advice.may_be_the_account() {
                " "
                a href=(answer::with(again.clone(), ANOTHER, "yes")) { "Use another account" }
            }
            " "
            a href=(back) { "Back to " (visit.app.name) }
        }
        p class="quiet" {
            "If you ask for help, give this number: " code { (ended.number) }
        }
    };
    let mut response = answer::html(status, layout(title, &style_of(&visit.app), body));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}

/// A test sign-in came to its end; what it showed stands in the console.
pub fn tested(visit: &Visit, record: &store::AttemptRow) -> Response<Body> {
    let name = record.user_name.as_deref().unwrap_or("this person");
    let changes: Vec<_> =
        Step::all(record).into_iter().filter(|step| step.step == "shadow").collect();
    let (title, text) = match record.code.as_str() {
        "" => ("The test passed", format!("A sign-in would let {name} in to {}.", visit.app.name)),
        _ => ("The test failed", format!("A sign-in would be refused: {}.", record.detail)),
    };
    let body = html! {
        p { (text) }
        @if !record.hint.is_empty() { p { strong { "What to do: " } (record.hint) } }
        @if record.code.is_empty() && !changes.is_empty() {
            p { "It would change:" }
            ul { @for step in &changes { li { (step.text) } } }
        }
        p { "Nobody was signed in and nothing was changed. You can close this window: the console shows each step." }
        p class="quiet" { "Number of this test: " code { (record.id) } }
    };
    answer::html(StatusCode::OK, layout(title, &style_of(&visit.app), body))
}

/// The database is away: nothing was done, trying again is safe.
pub fn database_away(visit: &Visit) -> Response<Body> {
    let body = html! {
        p { "Signing in is not possible for the moment. Nothing was lost; please try again soon." }
        p class="quiet" { "If it lasts, give this number to your administrator: " code { (visit.request_id) } }
    };
    let page = layout("Please try again in a moment", &style_of(&visit.app), body);
    let mut response = answer::html(StatusCode::SERVICE_UNAVAILABLE, page);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// The app does not answer.
pub fn upstream_away(app: &App, request_id: &str, reader: Reader) -> Response<Body> {
    if reader == Reader::Script {
        let text = format!("{} does not answer at the moment (request {request_id}).", app.name);
        return answer::message(StatusCode::BAD_GATEWAY, &text);
    }
    let body = html! {
        p { (app.name) " does not answer at the moment. Please try again in a few minutes." }
        p class="quiet" { "If it lasts, give this number to your administrator: " code { (request_id) } }
    };
    let title = format!("{} is away", app.name);
    answer::html(StatusCode::BAD_GATEWAY, layout(&title, &style_of(app), body))
}

/// A password was typed for a name that signs in with the company account. The page is the same for
/// every name, and repeats none.
pub fn password_refused(app: &App, reader: Reader) -> Response<Body> {
    if reader == Reader::Script {
        let text = format!(
            "This user signs in with the company account and has no password here. Scripts use a \
             personal access token of {}.",
            app.name
        );
        return answer::message(StatusCode::FORBIDDEN, &text);
    }
    let body = html! {
        p { "This user signs in with the company account and has no password here." }
        p class="actions" { a class="button" href=(start_url(app, None, None)) { "Sign in" } }
    };
    let page = layout("Please use the company account", &style_of(app), body);
    answer::html(StatusCode::FORBIDDEN, page)
}

/// The app wants a password confirmed by somebody who has none. The page repeats no name, either.
pub fn no_password_to_confirm(app: &App, reader: Reader) -> Response<Body> {
    if reader == Reader::Script {
        let text = format!(
            "This user signs in with the company account and has no password that {} could ask \
             for again.",
            app.name
        );
        return answer::message(StatusCode::FORBIDDEN, &text);
    }
    let body = html! {
        p {
            "You sign in with the company account and have no password that " (app.name) " could "
            "ask for again."
        }
        p {
            "An administrator of " (app.name) " can switch this confirmation off, or use a local "
            "account for such pages."
        }
        p class="actions" { a class="button" href=(format!("{}/", app.context_path)) { "Back to " (app.name) } }
    };
    let page = layout("There is no password to confirm", &style_of(app), body);
    answer::html(StatusCode::FORBIDDEN, page)
}

/// Several IdPs serve the app: the person chooses.
pub fn choose_idp(visit: &Visit, return_to: &str) -> Response<Body> {
    let body = html! {
        ul class="choices" {
            @for idp in visit.settings.idps_of(&visit.app) {
                li {
                    a class="button" href=(start_url(&visit.app, Some(&idp.name), Some(return_to))) {
                        (idp.button_label)
                    }
                    @if let Some(text) = &idp.settings.button_description { small { (text) } }
                }
            }
        }
    };
    let title = format!("Sign in to {}", visit.app.name);
    answer::html(StatusCode::OK, layout(&title, &style_of(&visit.app), body))
}

/// The address that starts a sign-in.
pub fn start_url(app: &App, idp: Option<&str>, return_to: Option<&str>) -> String {
    let address = format!("{}/auth", app.prefix);
    let given = [("idp", idp), ("os_destination", return_to)];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.fold(address, |address, (name, value)| answer::with(address, name, value))
}

/// The parameter of [`start_url`] with which the IdP asks anew who it is.
pub const ANOTHER: &str = "another";

fn style_of(app: &App) -> String {
    format!("{}/style.css", app.prefix)
}
