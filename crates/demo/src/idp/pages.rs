//! The IdP's pages: calm, plain, usable without scripts.

use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use maud::{DOCTYPE, Markup, html};

use super::{Asked, ServiceProvider};
use crate::people::{PEOPLE, Person};

/// Who do you want to be?
pub(super) fn log_in(entity_id: &str, asked: &Asked, wrong: Option<&str>) -> Markup {
    frame(
        "Sign in",
        html! {
            h1 { "Sign in" }
            p { "to continue to " strong { (entity_id) } }
            @if let Some(wrong) = wrong {
                p .wrong role="alert" { (wrong) }
            }
            form action="/login" method="post" {
                (carried(asked))
                ul .people {
                    @for person in &PEOPLE {
                        li {
                            button name="person" value=(person.id) {
                                strong { (person.full_name) }
                                span { (person.email) }
                            }
                        }
                    }
                }
            }
            details open[wrong.is_some()] {
                summary { "Type a name and a password instead" }
                form action="/login" method="post" {
                    (carried(asked))
                    p {
                        label for="username" { "User name" }
                        input #username name="username" autocomplete="username" required;
                    }
                    p {
                        label for="password" { "Password" }
                        input #password name="password" type="password"
                            autocomplete="current-password" required;
                    }
                    button .plain { "Sign in" }
                }
                p .note {
                    "No secrets here: "
                    @for (number, person) in PEOPLE.iter().enumerate() {
                        @if number > 0 { ", " }
                        code { (person.id) " / " (person.password) }
                    }
                    "."
                }
            }
        },
    )
}

/// Sends the answer to the app: by itself with scripts, by a click without.
pub(super) fn post(acs_url: &str, response: &str, relay_state: Option<&str>) -> Markup {
    frame(
        "One moment",
        html! {
            h1 { "One moment" }
            p { "You are being sent back to the app." }
            form #answer action=(acs_url) method="post" {
                input type="hidden" name="SAMLResponse" value=(STANDARD.encode(response));
                @if let Some(relay_state) = relay_state {
                    input type="hidden" name="RelayState" value=(relay_state);
                }
                button .plain { "Continue" }
            }
            script src="/post.js" {}
        },
    )
}

/// The IdP's front page.
pub(super) fn home(person: Option<&Person>, providers: &[ServiceProvider]) -> Markup {
    frame(
        "Demo IdP",
        html! {
            @match person {
                Some(person) => {
                    h1 { "Hello, " (person.full_name) }
                    p { "You are signed in here as " code { (person.id) } "." }
                    form action="/logout" method="post" { button .plain { "Sign out here" } }
                }
                None => {
                    h1 { "Demo IdP" }
                    p { "Nobody is signed in here in this browser." }
                }
            }
            h2 { "Apps" }
            ul {
                @for provider in providers {
                    @if let Some(acs_url) = provider.acs_urls.first() {
                        li { a href=(acs_url) { (provider.entity_id) } }
                    }
                }
            }
        },
    )
}

/// A request that is not answered.
pub(super) fn refused(why: &str) -> Markup {
    frame(
        "Not understood",
        html! {
            h1 { "This sign-in cannot go on" }
            p { (why) }
            p { a href="/" { "To the front page" } }
        },
    )
}

/// Posts the form with the answer.
pub(super) async fn script() -> impl IntoResponse {
    let script = "document.getElementById(\"answer\").submit();\n";
    ([(CONTENT_TYPE, "text/javascript;charset=UTF-8")], script)
}

/// The look of the pages.
pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css;charset=UTF-8")], include_str!("style.css"))
}

fn carried(asked: &Asked) -> Markup {
    html! {
        input type="hidden" name="SAMLRequest" value=(asked.request);
        @if let Some(relay_state) = &asked.relay_state {
            input type="hidden" name="RelayState" value=(relay_state);
        }
    }
}

fn frame(title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) " - Demo IdP" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
            }
            body {
                main { (content) }
                footer { "Demo IdP: a stand-in for your company's own. It runs on this machine only." }
            }
        }
    }
}
