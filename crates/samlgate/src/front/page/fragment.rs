//! What stands behind the `#` of an address stays in the browser: no server hears of it, and on the way
//! over the IdP it is lost. This page, on the way there, takes it along.

use gateway::Body;
use http::{Response, StatusCode};
use installation::settings::App;
use maud::html;

use super::{layout, start_url, style_of};
use crate::front::answer;

/// The script that reads it.
pub const FRAGMENT_SCRIPT: &str = include_str!("fragment.js");

/// The page that goes on to the start of a sign-in for `return_to`: by a script with what the browser
/// holds, else without it.
pub fn take_fragment(app: &App, idp: Option<&str>, return_to: &str) -> Response<Body> {
    let without = start_url(app, idp, Some(return_to));
    let body = html! {
        form method="get" action={ (app.prefix) "/auth" } {
            @if let Some(idp) = idp { input type="hidden" name="idp" value=(idp); }
            input type="hidden" name="os_destination" value=(return_to);
            p { "You are being taken to the company account. If nothing happens, please continue." }
            p class="actions" { button type="submit" { "Continue" } }
        }
        noscript { meta http-equiv="refresh" content={ "0; url=" (without) }; }
        script src={ (app.prefix) "/fragment.js" } defer {}
    };
    answer::html(StatusCode::OK, layout("One moment", &style_of(app), body))
}
