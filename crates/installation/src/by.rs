//! Who does something, and when: said with every change, and written into the history.

use std::time::SystemTime;

use store::Author;

/// Who changes something, and when.
#[derive(Clone, Debug)]
pub struct By {
    /// Who.
    pub author: Author,
    /// When.
    pub now: SystemTime,
}

impl By {
    /// Somebody at the command line of the server itself.
    pub fn command_line(now: SystemTime) -> Self {
        let author = Author { name: "command line".to_owned(), address: String::new() };
        By { author, now }
    }
}
