//! A response that somebody copied out of a browser's tools: the field, percent-encoded or not, or the
//! whole body of the form. For diagnosis alone: what a browser posts is read by
//! [`RawResponse::from_post_value`], which is strict.

use super::RawResponse;
use super::incoming::decoded;
use crate::Rejection;

impl RawResponse {
    /// Reads base64, percent-encoded base64, or what holds it as the field `SAMLResponse`.
    ///
    /// # Errors
    /// Those of [`RawResponse::from_post_value`].
    pub fn from_pasted(text: &str) -> Result<Self, Rejection> {
        if text.len() > LARGEST {
            return Err(Rejection::TooLarge { limit: LARGEST });
        }
        let mut value = field(text).unwrap_or(text).trim().to_owned();
        // A log may have encoded it once more.
        for _ in 0..2 {
            if !value.contains('%') {
                break;
            }
            // In base64 a plus sign is no blank.
            let kept = value.replace('+', "%2B");
            value = decoded(&kept).map_err(|_| Rejection::NotBase64)?.into_owned();
        }
        Self::from_post_value(&value)
    }
}

/// The value of the one field of this name: to the next field, or to the end of a quoted text.
fn field(text: &str) -> Option<&str> {
    let mut found = text.match_indices(NAME).filter(|(at, _)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '&' | '?' | '"' | '\''))
    });
    let (at, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let rest = text.get(at + NAME.len()..)?;
    if let Some(value) = rest.strip_prefix('=') {
        return value.split(['&', '"', '\'']).next();
    }
    // As browsers list the fields of a form.
    rest.strip_prefix(':')?.trim_start().lines().next()
}

const NAME: &str = "SAMLResponse";
/// Each byte of the largest message in base64, encoded with a percent sign.
const LARGEST: usize = 6 << 20;
