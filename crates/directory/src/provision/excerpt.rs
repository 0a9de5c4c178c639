//! Values of others in messages: as much as a person reads, on one line.

use crate::name::is_invisible;

/// The beginning of `value`, at most 120 characters, with control characters and invisible marks
/// spelt out (`\u{0}`), so that a message can be neither flooded nor forged. A value that was cut
/// says how long it is.
pub(super) fn excerpt(value: &str) -> String {
    if value.len() <= LONGEST && value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        return value.to_owned();
    }
    let mut text = String::new();
    for c in value.chars().take(LONGEST) {
        if c.is_control() || is_invisible(c) {
            text.extend(c.escape_unicode());
        } else {
            text.push(c);
        }
    }
    if value.chars().nth(LONGEST).is_some() {
        text.push_str(&format!("… ({} bytes)", value.len()));
    }
    text
}

const LONGEST: usize = 120;
