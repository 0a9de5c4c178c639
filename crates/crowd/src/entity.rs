//! The entities of the protocol, each written as XML and as JSON.
//!
//! Does not fetch anything: an entity is filled by the caller and written as it is.

pub mod attributes;
pub mod cookie;
pub mod error;
pub mod group;
pub mod link;
pub mod list;
pub mod memberships;
pub mod password;
pub mod user;

mod moment;

use serde::Serialize;

use crate::media::Format;
use crate::xml::Writer;

/// Something that is a whole answer or a member of a list.
pub trait Entity: Serialize {
    /// Writes its element.
    fn write_xml(&self, xml: &mut Writer);
}

/// A whole answer: one entity as a document of the format.
pub fn encode(entity: &impl Entity, format: Format) -> String {
    match format {
        Format::Xml => {
            let mut xml = Writer::document();
            entity.write_xml(&mut xml);
            xml.finish()
        }
        Format::Json => json(entity),
    }
}

/// Entities have string keys and derived serialisers only, so writing them cannot fail; were one to
/// be given a failing serialiser, its golden file would show the empty object.
fn json(entity: &impl Serialize) -> String {
    serde_json::to_string(entity).unwrap_or_else(|_| String::from("{}"))
}
