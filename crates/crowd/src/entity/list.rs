//! Lists of users and of groups, written member by member so that a big one can be streamed.
//!
//! There is no total and no link to a next page: a client pages until a page comes back short.

use super::{Entity, json};
use crate::media::Format;
use crate::xml::Writer;

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOf {
    /// `users` of `user`.
    Users,
    /// `groups` of `group`.
    Groups,
}

impl ListOf {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Users => ("users", "user"),
            Self::Groups => ("groups", "group"),
        }
    }
}

/// Writes a list in parts: any number of [`push`](Self::push), then [`close`](Self::close).
#[derive(Debug)]
pub struct ListWriter {
    format: Format,
    of: ListOf,
    opened: bool,
}

impl ListWriter {
    /// A list of nothing yet.
    pub fn new(of: ListOf, format: Format) -> Self {
        Self { format, of, opened: false }
    }

    /// The text of one more member, with the beginning of the list before the first one.
    pub fn push(&mut self, member: &impl Entity) -> String {
        let mut text = match (self.opened, self.format) {
            (false, _) => self.head(),
            (true, Format::Xml) => String::new(),
            (true, Format::Json) => String::from(","),
        };
        self.opened = true;
        match self.format {
            Format::Xml => {
                let mut xml = Writer::part();
                member.write_xml(&mut xml);
                text.push_str(&xml.finish());
            }
            Format::Json => text.push_str(&json(member)),
        }
        text
    }

    /// The end of the list; the whole of an empty one.
    pub fn close(self) -> String {
        let (list, member) = self.of.names();
        match (self.format, self.opened) {
            (Format::Xml, true) => format!("</{list}>"),
            (Format::Xml, false) => {
                let mut xml = Writer::document();
                xml.empty(list, &[("expand", member)]);
                xml.finish()
            }
            (Format::Json, true) => String::from("]}"),
            (Format::Json, false) => self.head() + "]}",
        }
    }

    fn head(&self) -> String {
        let (list, member) = self.of.names();
        match self.format {
            Format::Xml => {
                let mut xml = Writer::document();
                xml.open(list, &[("expand", member)]);
                xml.finish()
            }
            Format::Json => format!(r#"{{"expand":"{member}","{list}":["#),
        }
    }
}
