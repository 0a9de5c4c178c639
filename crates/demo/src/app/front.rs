//! What happens to every request of a double, in order, before and after its page.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::uri::PathAndQuery;
use http::{StatusCode, Uri};
use tower::ServiceExt as _;

use super::profile::Product;
use super::visitor::{Visitor, visitor};
use super::{App, decoration, traffic, two_step};
use crate::{confluence, jira};

/// The app at its own address.
pub(crate) fn router(app: Arc<App>) -> Router {
    let pages = match app.behaviour.product {
        Product::Jira => jira::router(app.clone()),
        Product::Confluence => confluence::router(app.clone()),
    };
    let pages = if app.has_legacy_form() {
        pages
    } else {
        pages.merge(two_step::router().with_state(app.clone()))
    };
    let pages = pages.merge(traffic::router());
    Router::new().fallback(move |request: Request| answer(app.clone(), pages.clone(), request))
}

async fn answer(app: Arc<App>, pages: Router, mut request: Request) -> Response {
    let Some(uri) = below(&app.context, request.uri()) else {
        return (StatusCode::NOT_FOUND, "No app is at this address.\n").into_response();
    };
    *request.uri_mut() = uri;
    let asked = decoration::Asked::of(&request);
    let visitor = match visitor(&app, request.headers(), request.uri()).await {
        Ok(visitor) => visitor,
        Err(refusal) => return decoration::finish(&app, &asked, &Visitor::default(), refusal),
    };
    request.extensions_mut().insert(visitor.clone());
    let response = match pages.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    decoration::finish(&app, &asked, &visitor, response)
}

/// The address without the context path; `None` when it is outside.
fn below(context: &str, uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix(context)?;
    let path = match rest {
        "" => "/",
        rest if rest.starts_with('/') => rest,
        _ => return None,
    };
    let line = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    Some(Uri::from(line.parse::<PathAndQuery>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_path_is_taken_off_whole() {
        let below =
            |context, uri: &str| below(context, &uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(below("/jira", "/jira/browse/A-1?x=y").as_deref(), Some("/browse/A-1?x=y"));
        assert_eq!(below("/jira", "/jira").as_deref(), Some("/"));
        assert_eq!(below("/jira", "/jiras"), None);
        assert_eq!(below("", "/x").as_deref(), Some("/x"));
    }
}
