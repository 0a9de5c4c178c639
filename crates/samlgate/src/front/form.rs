//! A form that a page posts with a message of SAML in it (saml-bindings §3.5.4).

use std::borrow::Cow;
use std::string::FromUtf8Error;

use bytes::Bytes;
use gateway::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use thiserror::Error;

/// What a browser posted, as `application/x-www-form-urlencoded`.
pub struct PostedForm(Bytes);

/// Why it is no form.
#[derive(Debug, Error)]
pub enum FormError {
    /// It says that it is something else.
    #[error("the content type is {0:?}, not that of a form")]
    ContentType(String),
    /// It has more bytes than this, or did not come whole.
    #[error("the form is larger than {} KiB or was cut off", .0 / 1024)]
    TooLarge(usize),
}

impl PostedForm {
    /// Reads a form of at most `limit` bytes.
    ///
    /// # Errors
    /// When it is none, or too large.
    pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Self, FormError> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|text| text.split(';').next()).unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::ContentType(essence.trim().to_owned()));
        }
        let bytes = gateway::collect(body, limit).await;
        bytes.map(PostedForm).map_err(|_| FormError::TooLarge(limit))
    }

    /// Names and values in their order, decoded.
    pub fn fields(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.0.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).map(|field| {
            let parts = field.iter().position(|byte| *byte == b'=');
            let (name, value) =
                parts.map_or((field, &[][..]), |at| (&field[..at], &field[at + 1..]));
            (text(name), text(value))
        })
    }
}

fn text(part: &[u8]) -> Cow<'_, str> {
    let lossy = |error: FromUtf8Error| String::from_utf8_lossy(error.as_bytes()).into_owned();
    match decoded(part) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_else(lossy)),
    }
}

/// The bytes that a form writes so: `+` is a blank, `%` stands before two hexadecimal digits or for
/// itself. A message has ten thousand bytes and a few hundred escapes, so what lies between two of
/// them is copied whole.
pub fn decoded(part: &[u8]) -> Cow<'_, [u8]> {
    let is_escape = |byte: &u8| matches!(byte, b'%' | b'+');
    if !part.iter().any(is_escape) {
        return Cow::Borrowed(part);
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.iter().position(is_escape) {
        let (plain, escape) = rest.split_at(at);
        bytes.extend_from_slice(plain);
        let (byte, length) = match escape {
            [b'+', ..] => (b' ', 1),
            [_, high, low, ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'%', 1),
            },
            _ => (b'%', 1),
        };
        bytes.push(byte);
        rest = &escape[length..];
    }
    bytes.extend_from_slice(rest);
    Cow::Owned(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &'static [u8]) -> Vec<(String, String)> {
        let form = PostedForm(Bytes::from_static(text));
        form.fields().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// What browsers and the URL standard's own decoder understand, and nothing else.
    #[test]
    fn decodes_as_the_url_standard_says() {
        for text in [
            &b"SAMLResponse=PD94%2BbWw%2F&RelayState=a+b%20c"[..],
            b"a=1&&b&=c&d==e&%41=%c3%a9",
            b"a=%&b=%4&c=%zz&d=%%41&e=%+f",
            b"a=%ff%fe&b=\xff\xc3\xa9",
            b"",
            b"&",
            b"=",
        ] {
            let known = url::form_urlencoded::parse(text).into_owned();
            assert_eq!(fields(text), known.collect::<Vec<_>>(), "{}", text.escape_ascii());
        }
    }

    #[tokio::test]
    async fn refuses_what_is_no_form() {
        let body = || gateway::full("a=b");
        let mut headers = HeaderMap::new();
        let read = PostedForm::read(&headers, body(), 10).await;
        assert!(matches!(read, Err(FormError::ContentType(said)) if said.is_empty()));
        let form = "Application/X-WWW-form-urlencoded ; charset=UTF-8".parse().unwrap();
        headers.insert(CONTENT_TYPE, form);
        assert!(PostedForm::read(&headers, body(), 10).await.is_ok());
        let read = PostedForm::read(&headers, body(), 2).await;
        assert!(matches!(read, Err(FormError::TooLarge(2))));
    }
}
