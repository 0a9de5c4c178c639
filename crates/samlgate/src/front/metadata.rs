//! This SP's metadata, for the IdP's administrator: with `?idp=NAME` the variant for that IdP.

use gateway::Body;
use http::{Response, StatusCode};
use installation::metadata;

use crate::front::answer;
use crate::front::visit::Visit;

/// Answers with the metadata document (saml-metadata §2.4).
pub fn answer(visit: &Visit) -> Response<Body> {
    match metadata::of(&visit.settings, &visit.app, visit.query("idp").as_deref()) {
        Some(document) => answer::whole(StatusCode::OK, "application/samlmetadata+xml", document),
        None => answer::text(StatusCode::NOT_FOUND, "No IdP of this name serves this app."),
    }
}
