//! Which addresses of an app take a name and a password, or a token in its place.
//!
//! A path is judged here in the normal form that a container makes of it
//! ([`crate::front::gate::target::normal`]), without the context, in lower case, since some compare so.

use std::borrow::Cow;

use crate::front::gate::button::is_portal_login;
use crate::front::gate::target::{decoded_once, normal};

/// Whether the path below the context is one where Jira, Jira Service Management, Confluence,
/// Bitbucket and Bamboo, or a container's own form log-in take a name and a password.
pub(super) fn takes_password(below: &str) -> bool {
    any_reading(below, is_log_in)
}

/// Whether the path below the context is one where somebody who is logged in confirms the password
/// ("WebSudo").
pub(super) fn confirms_password(below: &str) -> bool {
    any_reading(below, |path| {
        matches!(path, "/doauthenticate.action" | "/authenticate.action")
            || path.starts_with("/secure/admin/websudoauthenticate")
    })
}

/// Whether the path below the context is Bitbucket's for git (with its large files) or its REST API,
/// however it is read, and no log-in.
pub(super) fn takes_token(below: &str) -> bool {
    let elsewhere = |path: &str| !path.starts_with("/scm/") && !path.starts_with("/rest/");
    !takes_password(below) && !any_reading(below, elsewhere)
}

fn any_reading(below: &str, is_one: impl Fn(&str) -> bool) -> bool {
    readings(below).any(|path| is_one(&path))
}

/// A container decodes a path once, and once more when a filter of the app dispatches what it was
/// told.
fn readings(below: &str) -> impl Iterator<Item = String> {
    let decoded = |path: &Cow<'_, str>| {
        path.contains('%').then(|| Cow::Owned(decoded_once(path).into_owned()))
    };
    std::iter::successors(Some(Cow::Borrowed(below)), decoded)
        .take(3)
        .map(|path| without_command(&normal(&path).to_ascii_lowercase()))
}

fn is_log_in(path: &str) -> bool {
    matches!(
        path,
        "/login.jsp"
            | "/dologin.action"
            | "/login.action"
            | "/j_atl_security_check"
            | "/userlogin.action"
    ) || path.ends_with("/j_security_check")
        || is_portal_login(path)
        || is_rest_log_in(path)
}

/// REST resources take the form of their answer as an extension, too: `session.json`.
fn is_rest_log_in(path: &str) -> bool {
    let Some((parents, resource)) = path.strip_prefix("/rest/").and_then(|p| p.rsplit_once('/'))
    else {
        return false;
    };
    let resource = resource.split('.').next().unwrap_or_default();
    let module = parents.split('/').next().unwrap_or_default();
    matches!(
        (module, resource),
        ("auth", "session") | ("tsv", "authenticate") | ("gadget", "login")
    )
}

/// An action may name the method that is called: `/dologin!default.action`.
fn without_command(path: &str) -> String {
    match (path.rfind('!'), path.rfind('.')) {
        (Some(mark), Some(dot)) if mark < dot => [&path[..mark], &path[dot..]].concat(),
        _ => path.to_owned(),
    }
}
