//! This SP's metadata for an app: what the IdP's administrator imports.

use gateway::Body;
use http::{Response, StatusCode};

use crate::gate::{Visit, answer};

/// Answers with the metadata document (saml-metadata §2.4).
pub fn answer(visit: &Visit) -> Response<Body> {
    let app = &visit.app;
    let (first, second) = match app.reply_url() == app.acs_url {
        true => (&*app.acs_url, &*app.acs_alias_url),
        false => (&*app.acs_alias_url, &*app.acs_url),
    };
    let document = saml::sp_metadata(&saml::SpMetadata {
        entity_id: &app.entity_id,
        acs_urls: &[first, second],
    });
    answer::whole(StatusCode::OK, "application/samlmetadata+xml", document)
}
