//! A request after its application was admitted: resource, arguments, body. Decides nothing.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use crowd::{Format, media};
use installation::settings::Application;
use percent_encoding::percent_decode_str;
use store::Page;

use super::answer::Refusal;

/// What is asked, by whom.
pub(super) struct Call {
    pub(super) method: Method,
    /// The segments of the path below the API's version, decoded, without a format suffix.
    pub(super) path: Vec<String>,
    /// The format of the answer.
    pub(super) format: Format,
    /// The body and its format; no format: no body.
    pub(super) body: Bytes,
    pub(super) body_format: Option<Format>,
    /// Who asks.
    pub(super) application: Arc<Application>,
    query: Vec<(String, String)>,
}

/// Whether memberships through groups in groups count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Direct,
    Nested,
}

impl Depth {
    pub(super) fn parse(segment: &str) -> Result<Self, Refusal> {
        match segment {
            "direct" => Ok(Self::Direct),
            "nested" => Ok(Self::Nested),
            _ => Err(Refusal::unknown_resource()),
        }
    }
}

impl Call {
    pub(super) fn read(
        parts: &Parts,
        body: Bytes,
        application: Arc<Application>,
    ) -> Result<Self, Refusal> {
        let (path, suffix) = media::split_suffix(parts.uri.path());
        let resource = below_the_version(path).ok_or_else(Refusal::unknown_resource)?;
        let path = resource
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned());
        let query = parts.uri.query().unwrap_or_default();
        let body_format =
            media::body_format(header(&parts.headers, CONTENT_TYPE).as_deref(), &body).map_err(
                |error| Refusal::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, error.to_string()),
            )?;
        Ok(Self {
            method: parts.method.clone(),
            path: path.collect(),
            format: media::answer_format(suffix, header(&parts.headers, ACCEPT).as_deref()),
            body,
            body_format,
            application,
            // A plus and %20 are both a blank, as clients send either.
            query: url::form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        })
    }

    /// The argument of that name, if it was given.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The argument of that name, which the resource cannot do without.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.argument(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::illegal_argument(format!("The argument {name} is missing")))
    }

    /// Whether `expand` lists the word. Unknown words are no error.
    pub(super) fn expands(&self, word: &str) -> bool {
        self.argument("expand")
            .is_some_and(|words| words.split(',').any(|listed| listed.trim() == word))
    }

    /// `start-index` and `max-results`; any negative number of results asks for all of them.
    pub(super) fn page(&self) -> Result<Page, Refusal> {
        let start = self.number("start-index")?.unwrap_or(0);
        let max = self.number("max-results")?.unwrap_or(DEFAULT_MAX_RESULTS);
        let start = u64::try_from(start)
            .map_err(|_| Refusal::illegal_argument("The argument start-index is negative"))?;
        Ok(Page { start, max: u64::try_from(max).ok() })
    }

    fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.argument(name) else { return Ok(None) };
        let number = text.trim().parse();
        number
            .map(Some)
            .map_err(|_| Refusal::illegal_argument(format!("The argument {name} is no number")))
    }
}

/// The format in which even a refusal before the dispatch is written.
pub(super) fn answer_format(request: &Request) -> Format {
    let (_, suffix) = media::split_suffix(request.uri().path());
    media::answer_format(suffix, header(request.headers(), ACCEPT).as_deref())
}

/// The part of a path that names the resource: the API is served at the root and below `/crowd`,
/// and `latest` is its version 1.
fn below_the_version(path: &str) -> Option<&str> {
    let path = path.strip_prefix("/crowd").unwrap_or(path);
    let path = path.strip_prefix("/rest/usermanagement/")?;
    ["1/", "latest/"].iter().find_map(|version| path.strip_prefix(version))
}

/// All values of a header as one list.
fn header(headers: &HeaderMap, name: axum::http::HeaderName) -> Option<Cow<'_, str>> {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let first = values.next()?;
    Some(values.fold(Cow::Borrowed(first), |list, value| format!("{list}, {value}").into()))
}

const DEFAULT_MAX_RESULTS: i64 = 1000;
