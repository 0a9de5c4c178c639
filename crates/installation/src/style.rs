//! How pages look: the console's and those of the front door alike.

/// The stylesheet of all pages.
pub const STYLE: &str = include_str!("style.css");
