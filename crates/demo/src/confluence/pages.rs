//! What the Confluence double looks like. The wording and the markup are ours; the ids and names
//! of the log-in form are those that the stock form is known by [C].

use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use maud::{DOCTYPE, Markup, html};
use percent_encoding::percent_decode_str;

use crate::app::App;
use crate::app::directory::KnownUser;
use crate::app::log_in::LoginReason;
use crate::app::pages::refusal_text;
use crate::app::two_step;

/// The log-in page.
pub(super) fn log_in(app: &App, destination: Option<&str>, refused: Option<LoginReason>) -> Markup {
    if !app.has_legacy_form() {
        return frame(app, None, "Log In", two_step::place(app, destination));
    }
    frame(
        app,
        None,
        "Log In",
        html! {
            div #login-container .box {
                h1 { "Log in" }
                @if let Some(text) = refused.and_then(refusal_text) {
                    p .error role="alert" { (text) }
                }
                form name="loginform" action={ (app.context) "/dologin.action" } method="post" {
                    p {
                        label for="os_username" { "Username" }
                        input #os_username type="text" name="os_username" autocomplete="username";
                    }
                    p {
                        label for="os_password" { "Password" }
                        input #os_password type="password" name="os_password"
                            autocomplete="current-password";
                    }
                    @if refused == Some(LoginReason::AuthenticationDenied) {
                        p #captcha { "A picture with letters would be here." }
                    }
                    p .check {
                        input #os_cookie type="checkbox" name="os_cookie" value="true";
                        label for="os_cookie" { "Remember me" }
                    }
                    @if let Some(destination) = destination {
                        input type="hidden" name="os_destination" value=(destination);
                    }
                    p { input #loginButton type="submit" name="login" value="Log in"; }
                }
            }
        },
    )
}

/// Any page of the wiki.
pub(super) fn content(app: &App, user: &KnownUser, path: &str) -> Markup {
    let name = path.rsplit('/').next().filter(|name| !name.is_empty() && !name.contains('.'));
    let name = percent_decode_str(name.unwrap_or("Welcome")).decode_utf8_lossy().replace('+', " ");
    frame(
        app,
        Some(user),
        &name,
        html! {
            h1 #title-text { (name) }
            p { "A page that only people who are logged in can read." }
            section #who .box {
                h2 { "Logged in as" }
                dl {
                    dt { "User" } dd #user-name { (user.user.name) }
                    dt { "Full name" } dd #user-full-name { (user.user.full_name) }
                    dt { "Email" } dd #user-email { (user.user.email) }
                    dt { "Groups" }
                    dd {
                        ul #user-groups { @for group in &user.groups { li { (group) } } }
                    }
                }
            }
        },
    )
}

/// Instead of a form that an administrator has switched off.
pub(super) fn form_disabled(app: &App) -> Markup {
    frame(
        app,
        None,
        "Log In",
        html! {
            div .box { h1 { "Log in" } p .error { "The log-in form is disabled." } }
        },
    )
}

/// For an address that the double does not have.
pub(super) fn missing(app: &App) -> Markup {
    frame(
        app,
        None,
        "Page not found",
        html! {
            div .box { h1 { "Page not found" } p { "There is nothing at this address." } }
        },
    )
}

/// The look of the pages.
pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css;charset=UTF-8")], include_str!("style.css"))
}

fn frame(app: &App, user: Option<&KnownUser>, title: &str, content: Markup) -> Markup {
    let context = &app.context;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="ajs-context-path" content=(context);
                meta name="ajs-remote-user" content=(user.map_or("", |user| &user.user.name));
                meta name="ajs-version-number" content=(app.behaviour.version);
                title { (title) " - Confluence double" }
                link rel="stylesheet" href={ (context) "/s/double/style.css" };
                link rel="icon" href="data:,";
            }
            body #com-atlassian-confluence {
                header #header {
                    a .logo href={ (context) "/" } { "Confluence double" }
                    nav {
                        @match user {
                            Some(user) => {
                                span #user-menu-link data-username=(user.user.name) {
                                    (user.user.full_name)
                                }
                                a #logout-link href={ (context) "/logout.action" } { "Log Out" }
                            }
                            None => {
                                a #login-link href={ (context) "/login.action" } { "Log In" }
                            }
                        }
                    }
                }
                main #main { (content) }
                footer {
                    "A double of Confluence " (app.behaviour.version) " (profile "
                    (app.profile.name()) "), for demonstrations and tests."
                }
            }
        }
    }
}
