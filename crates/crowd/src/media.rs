//! Which of the two formats a request is in and which its answer wants.
//!
//! Does not refuse an answer format: a client that accepts neither gets XML, as the protocol's
//! default, because clients send careless `Accept` headers and read what they expect anyway.

/// The two formats of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/xml`, the default.
    Xml,
    /// `application/json`.
    Json,
}

/// A body whose declared type is neither XML nor JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body must be application/xml or application/json")]
pub struct UnsupportedMedia;

impl Format {
    /// The value of the `Content-Type` header of an answer. Without a charset parameter: one
    /// client compares it with the bare JSON type, and the XML declaration names the encoding.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Xml => "application/xml",
            Self::Json => "application/json",
        }
    }

    fn of_media_type(media_type: &str) -> Option<Self> {
        let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "application/json" | "text/json" => Some(Self::Json),
            "application/xml" | "text/xml" => Some(Self::Xml),
            _ => None,
        }
    }
}

/// Takes a trailing `.json` or `.xml` off a path; the suffix outranks `Accept`.
pub fn split_suffix(path: &str) -> (&str, Option<Format>) {
    if let Some(stem) = path.strip_suffix(".json") {
        (stem, Some(Format::Json))
    } else if let Some(stem) = path.strip_suffix(".xml") {
        (stem, Some(Format::Xml))
    } else {
        (path, None)
    }
}

/// The format of the answer: the suffix, else the better of the two in `Accept` (RFC 9110 §12.5.1),
/// else XML.
pub fn answer_format(suffix: Option<Format>, accept: Option<&str>) -> Format {
    if let Some(format) = suffix {
        return format;
    }
    let mut xml = None::<f32>;
    let mut json = None::<f32>;
    for range in accept.unwrap_or_default().split(',') {
        let weight = weight_of(range);
        match Format::of_media_type(range) {
            Some(Format::Json) => json = Some(json.unwrap_or(0.0).max(weight)),
            Some(Format::Xml) => xml = Some(xml.unwrap_or(0.0).max(weight)),
            None => {}
        }
    }
    match (xml.filter(|w| *w > 0.0), json.filter(|w| *w > 0.0)) {
        (None, Some(_)) => Format::Json,
        (Some(xml), Some(json)) if json > xml => Format::Json,
        _ => Format::Xml,
    }
}

/// The format of a request body, by its declared type and not by `Accept`: one client posts XML and
/// asks for JSON back. `None` for an empty body. An undeclared type is told by the first character.
///
/// # Errors
/// [`UnsupportedMedia`] when a body is declared as something else.
pub fn body_format(
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Option<Format>, UnsupportedMedia> {
    let Some(first) = body.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Ok(None);
    };
    match content_type.map(str::trim).filter(|declared| !declared.is_empty()) {
        Some(declared) => Format::of_media_type(declared).map(Some).ok_or(UnsupportedMedia),
        None if *first == b'<' || *first >= 0x80 => Ok(Some(Format::Xml)),
        None => Ok(Some(Format::Json)),
    }
}

fn weight_of(range: &str) -> f32 {
    range
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.trim().strip_prefix("q="))
        .find_map(|weight| weight.trim().parse().ok())
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_suffix_before_accept_and_xml_when_nothing_is_said() {
        assert_eq!(split_suffix("config/cookie.json"), ("config/cookie", Some(Format::Json)));
        assert_eq!(split_suffix("user"), ("user", None));
        assert_eq!(answer_format(Some(Format::Json), Some("application/xml")), Format::Json);
        assert_eq!(answer_format(None, None), Format::Xml);
        assert_eq!(answer_format(None, Some("*/*")), Format::Xml);
        assert_eq!(answer_format(None, Some("image/png")), Format::Xml);
    }

    #[test]
    fn weighs_the_ranges_of_an_accept_header() {
        assert_eq!(answer_format(None, Some("application/json")), Format::Json);
        assert_eq!(answer_format(None, Some("Application/JSON;charset=utf-8")), Format::Json);
        assert_eq!(answer_format(None, Some("application/xml, application/json")), Format::Xml);
        assert_eq!(
            answer_format(None, Some("application/xml;q=0.4, application/json;q=0.9")),
            Format::Json
        );
        assert_eq!(answer_format(None, Some("application/json;q=0, */*")), Format::Xml);
    }

    #[test]
    fn reads_a_body_by_its_declared_type_with_any_parameters() {
        let xml = b"<password/>".as_slice();
        assert_eq!(
            body_format(Some("application/xml; charset=\"utf-8\""), xml),
            Ok(Some(Format::Xml))
        );
        assert_eq!(
            body_format(Some("application/json; charset=UTF-8"), b"{}"),
            Ok(Some(Format::Json))
        );
        assert_eq!(body_format(Some("application/xml"), b""), Ok(None));
        assert_eq!(body_format(None, xml), Ok(Some(Format::Xml)));
        assert_eq!(body_format(None, b" {}"), Ok(Some(Format::Json)));
        assert_eq!(body_format(Some("text/plain"), b"x"), Err(UnsupportedMedia));
    }
}
