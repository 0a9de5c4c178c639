//! The page that carries a message to the IdP in a form (saml-bindings §3.5.4). With scripts it
//! goes on by itself, without them by its button.

use gateway::Body;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_FRAME_OPTIONS};
use http::{Response, StatusCode};
use installation::settings::App;
use maud::html;
use saml::PostForm;

use super::{layout, style_of};
use crate::front::answer;

/// The script that posts the form; nothing is inline.
pub const POST_SCRIPT: &str = include_str!("post.js");

/// The page with the form, which may be framed by the form's address only: IdPs sign people out in
/// frames. The policy names that address and its scheme: browsers hold the redirects that follow a
/// post to the policy of the page that posted, and an IdP leads on to places that nobody here knows
/// (another company's IdP, the next service to sign out of).
pub fn post(app: &App, form: &PostForm) -> Response<Body> {
    let body = html! {
        form method="post" action=(form.action) {
            @for (name, value) in &form.fields {
                input type="hidden" name=(name) value=(value);
            }
            p { "You are being taken to the company account. If nothing happens, please continue." }
            p class="actions" { button type="submit" { "Continue" } }
        }
        script src={ (app.prefix) "/post.js" } defer {}
    };
    let page = layout("One moment", &style_of(app), body);
    let mut response = answer::html(StatusCode::OK, page);
    let origin = origin(&form.action);
    let scheme = if origin.starts_with("http://") { "http: https:" } else { "https:" };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action {origin} {scheme}; \
         frame-ancestors 'self' {origin}; base-uri 'none'"
    );
    let headers = response.headers_mut();
    headers.remove(X_FRAME_OPTIONS);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Scheme, host and port, as a policy names them; an address without any allows nothing.
fn origin(address: &str) -> String {
    let origin = url::Url::parse(address).map(|url| url.origin());
    match origin {
        Ok(origin @ url::Origin::Tuple(..)) => origin.ascii_serialization(),
        _ => "'none'".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_idps_origin_and_nothing_of_its_address() {
        assert_eq!(
            origin("https://idp.example.com:8443/sso;x?a=b c"),
            "https://idp.example.com:8443"
        );
        assert_eq!(origin("https://idp.example.com/"), "https://idp.example.com");
        assert_eq!(origin("data:text/html,x"), "'none'");
    }
}
