//! What the Jira double looks like. The wording and the markup are ours; the ids and names of the
//! log-in forms are those that the stock forms are known by [C].

use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::app::directory::KnownUser;
use crate::app::log_in::LoginReason;
use crate::app::pages::refusal_text;
use crate::app::profile::Gadget;
use crate::app::two_step;

/// The log-in page.
pub(super) fn log_in(app: &App, destination: Option<&str>, refused: Option<LoginReason>) -> Markup {
    let context = &app.context;
    if !app.has_legacy_form() {
        return frame(app, None, "Log in", two_step::place(app, destination));
    }
    frame(
        app,
        None,
        "Log in",
        html! {
            form #login-form .box action={ (context) "/login.jsp" } method="post" {
                div .form-body {
                    h1 { "Log in" }
                    @if let Some(text) = refused.and_then(refusal_text) {
                        p .error #usernameerror role="alert" { (text) }
                    }
                    (fields())
                    p .check {
                        input #login-form-remember-me type="checkbox" name="os_cookie" value="true";
                        label for="login-form-remember-me" { "Keep me logged in on this computer" }
                    }
                    @if refused == Some(LoginReason::AuthenticationDenied) {
                        p #captcha { "A picture with letters would be here." }
                    }
                    @if let Some(destination) = destination {
                        input type="hidden" name="os_destination" value=(destination);
                    }
                    p .buttons {
                        input #login-form-submit type="submit" name="login" value="Log In";
                        a #login-form-cancel href={ (context) "/secure/Dashboard.jspa" } {
                            "Can't access your account?"
                        }
                    }
                }
            }
        },
    )
}

/// The dashboard of somebody who is not logged in.
pub(super) fn dashboard_with_gadget(app: &App) -> Markup {
    let context = &app.context;
    frame(
        app,
        None,
        "System Dashboard",
        html! {
            div .columns {
                section .box {
                    h2 { "Introduction" }
                    p { "Welcome. This is not Jira, but it logs in as Jira does." }
                }
                section .box {
                    h2 { "Login" }
                    @match app.behaviour.gadget {
                        Gadget::Inline => (gadget(app)),
                        Gadget::Frame => {
                            iframe #gadget-0 title="Login" src={ (context) "/plugins/servlet/gadgets/ifr" } {}
                        }
                        Gadget::Link => { p { a href={ (context) "/login.jsp" } { "Log in" } } }
                    }
                }
            }
        },
    )
}

/// The gadget's own page.
pub(super) fn gadget_in_frame(app: &App) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Login" }
                link rel="stylesheet" href={ (app.context) "/s/double/style.css" };
            }
            body { (gadget(app)) }
        }
    }
}

fn gadget(app: &App) -> Markup {
    let context = &app.context;
    html! {
        form #loginform action={ (context) "/login.jsp" } method="post" target="_top"
            data-gadget={ (context) "/rest/gadget/1.0/login" } {
            p .error #gadget-error role="alert" hidden {}
            (fields())
            p .check {
                input #login-form-remember-me type="checkbox" name="os_cookie" value="true";
                label for="login-form-remember-me" { "Keep me logged in on this computer" }
            }
            p .buttons { input #login type="submit" value="Log In"; }
            p #publicmodeooff {
                "Not a member? To request an account, contact your administrators."
            }
        }
        script src={ (context) "/s/double/gadget.js" } defer {}
    }
}

/// The dashboard of a user.
pub(super) fn dashboard(app: &App, user: &KnownUser) -> Markup {
    frame(
        app,
        Some(user),
        "System Dashboard",
        html! {
            div .columns {
                section .box {
                    h2 { "Assigned to me" }
                    p { a href={ (app.context) "/browse/DEMO-1" } { "DEMO-1" } " Try single sign-on" }
                }
                (about(user))
            }
        },
    )
}

/// One issue.
pub(super) fn issue(app: &App, user: &KnownUser, key: &str) -> Markup {
    frame(
        app,
        Some(user),
        key,
        html! {
            nav .trail { "Demonstration / " (key) }
            h1 { "Try single sign-on" }
            div .columns {
                section .box {
                    h2 { "Details" }
                    dl {
                        dt { "Type" } dd { "Task" }
                        dt { "Status" } dd { "In progress" }
                        dt { "Key" } dd #key-val { (key) }
                    }
                }
                (about(user))
            }
        },
    )
}

/// The question before a log-out whose link has no token.
pub(super) fn ask_to_log_out(app: &App) -> Markup {
    frame(
        app,
        None,
        "Confirm logout",
        html! {
            form .box #confirm-logout action={ (app.context) "/secure/Logout.jspa" } method="post" {
                h1 { "You are trying to log out" }
                button #confirm-logout-submit type="submit" { "Log Out" }
            }
        },
    )
}

/// After a log-out.
pub(super) fn logged_out(app: &App) -> Markup {
    frame(
        app,
        None,
        "Logged out",
        html! {
            div .box {
                h1 { "You are now logged out" }
                p { a href={ (app.context) "/login.jsp" } { "Log in again" } }
            }
        },
    )
}

/// Instead of a form that an administrator has switched off.
pub(super) fn form_disabled(app: &App) -> Markup {
    frame(
        app,
        None,
        "Log in",
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
        "Not found",
        html! {
            div .box { h1 { "Dead link" } p { "There is nothing at this address." } }
        },
    )
}

/// Posts the gadget's form without leaving the dashboard.
pub(super) async fn gadget_script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript;charset=UTF-8")], include_str!("gadget.js"))
}

/// The look of the pages.
pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css;charset=UTF-8")], include_str!("style.css"))
}

fn fields() -> Markup {
    html! {
        p {
            label for="login-form-username" { "Username" }
            input #login-form-username type="text" name="os_username" autocomplete="username";
        }
        p {
            label for="login-form-password" { "Password" }
            input #login-form-password type="password" name="os_password"
                autocomplete="current-password";
        }
    }
}

pub(super) fn about(user: &KnownUser) -> Markup {
    html! {
        section .box #who {
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
    }
}

pub(super) fn frame(app: &App, user: Option<&KnownUser>, title: &str, content: Markup) -> Markup {
    let context = &app.context;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="ajs-context-path" content=(context);
                meta name="ajs-remote-user" content=(user.map_or("", |user| &user.user.name));
                meta name="application-name" content="Jira double" data-version=(app.behaviour.version);
                title { (title) " - Jira double" }
                link rel="stylesheet" href={ (context) "/s/double/style.css" };
                link rel="icon" href="data:,";
            }
            body #jira {
                header #header {
                    a .logo href={ (context) "/secure/Dashboard.jspa" } { "Jira double" }
                    nav {
                        @match user {
                            Some(user) => {
                                span #header-details-user-fullname data-username=(user.user.name) {
                                    (user.user.full_name)
                                }
                                a #log_out href={ (context) "/secure/Logout.jspa" } { "Log Out" }
                            }
                            None => {
                                a .login-link href={ (context) "/login.jsp" } { "Log In" }
                            }
                        }
                    }
                }
                main #content { (content) }
                footer {
                    "A double of Jira " (app.behaviour.version) " (profile "
                    (app.profile.name()) "), for demonstrations and tests."
                }
            }
        }
    }
}
