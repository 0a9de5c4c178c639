//! Puts a few lines into an HTML page while it streams by; nothing is held back or collected.
//!
//! A page whose bytes cannot be read for certain, as characters or as markup, stays as it is.

mod charset;
mod open;
mod page;
mod scan;
mod tag;
#[cfg(test)]
mod tests;
mod unpack;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Frame;

use crate::{Body, BoxError};
use page::Page;
use unpack::Unpacked;

/// What is put into a page. Letters outside ASCII become character references, so the page's own
/// encoding does not matter, as long as ASCII means itself in it.
#[derive(Clone)]
pub struct Insertion {
    /// Goes to the end of `<head>`, or to where `<body>` begins when there is none.
    pub head: String,
    /// Goes before the first form that is one of `forms`.
    pub links: String,
    /// The `id` or `name` of such a form.
    pub forms: &'static [&'static str],
    /// Put `links` at the end of the body when no such form came.
    pub else_at_end: bool,
    /// The answer is one to HEAD: it has no page, and says of it what one to GET would.
    pub is_head: bool,
    /// Told when a page stays as it is that might have got them.
    pub report: Report,
}

/// Where [`Obstacle`]s are told.
pub type Report = Arc<dyn Fn(Obstacle) + Send + Sync>;

/// Why a page did not get what was meant for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// It is in an encoding in which ASCII does not mean itself, or in an unknown one.
    Characters,
    /// It is compressed in a way that is not known.
    Packed,
    /// It cannot be unpacked, or is too large then.
    Broken,
    /// All of it, or its end, stands within a script, a template, a comment or a tag.
    NoPlace,
}

/// Readies a request whose answer will be rewritten: the answer must come whole and uncompressed.
pub fn prepare_injection(request: &mut Request<Body>) {
    let headers = request.headers_mut();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for name in [IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE] {
        headers.remove(name);
    }
}

/// Rewrites a 200 answer that is an HTML page; any other stays as it is.
pub fn inject(response: Response<Body>, insertion: &Insertion) -> Response<Body> {
    if !is_page(&response, insertion.is_head) {
        return response;
    }
    if !charset::is_ascii_in(response.headers().get(CONTENT_TYPE)) {
        (insertion.report)(Obstacle::Characters);
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let mut codings = parts.headers.get_all(CONTENT_ENCODING).iter();
    let coding = codings.next().map(|coding| coding.as_bytes().trim_ascii().to_ascii_lowercase());
    let several = codings.next().is_some();
    let body = match coding.as_deref() {
        _ if several => Err(body),
        None | Some(b"identity") => Ok(body),
        Some(coding) => {
            let coding = std::str::from_utf8(coding).unwrap_or_default();
            Unpacked::new(body, coding, insertion.report.clone()).map(Unpacked::boxed_unsync)
        }
    };
    let body = match body {
        Ok(body) => body,
        Err(packed) => {
            (insertion.report)(Obstacle::Packed);
            return Response::from_parts(parts, packed);
        }
    };
    // These describe the bytes as they were.
    let described = [CONTENT_ENCODING, CONTENT_LENGTH, ETAG, LAST_MODIFIED, ACCEPT_RANGES];
    for name in described.iter().chain(&DIGESTS) {
        parts.headers.remove(name);
    }
    if insertion.is_head {
        return Response::from_parts(parts, crate::empty());
    }
    Response::from_parts(parts, Rewriting::new(body, insertion).boxed_unsync())
}

fn is_page(response: &Response<Body>, is_head: bool) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let essence = content_type.and_then(|value| value.split(|byte| *byte == b';').next());
    let is_empty = match is_head {
        true => response.headers().get(CONTENT_LENGTH).is_some_and(|length| length == "0"),
        false => http_body::Body::size_hint(response.body()).exact() == Some(0),
    };
    response.status() == StatusCode::OK
        && essence.is_some_and(|essence| essence.trim_ascii().eq_ignore_ascii_case(b"text/html"))
        && !is_empty
}

static DIGESTS: [HeaderName; 4] = [
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

/// A body that gets lines put in on its way.
struct Rewriting {
    inner: Body,
    page: Option<Page>,
    trailers: Option<Frame<Bytes>>,
    report: Report,
}

impl Rewriting {
    fn new(inner: Body, insertion: &Insertion) -> Self {
        let [head, links] = [&insertion.head, &insertion.links].map(|html| ascii(html).into());
        let page = Page::new(head, links, insertion.forms, insertion.else_at_end);
        Rewriting { inner, page: Some(page), trailers: None, report: insertion.report.clone() }
    }
}

impl http_body::Body for Rewriting {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            let Some(page) = &mut this.page else {
                return Poll::Ready(this.trailers.take().map(Ok));
            };
            let next = ready!(Pin::new(&mut this.inner).poll_frame(context)?).map(Frame::into_data);
            let has_ended = !matches!(next, Some(Ok(_)));
            let piece = match next {
                Some(Ok(piece)) => page.write(piece),
                ended => {
                    this.trailers = ended.and_then(Result::err);
                    page.end()
                }
            };
            if let Some(obstacle) = page.obstacle() {
                (this.report)(obstacle);
            }
            if has_ended {
                this.page = None;
            }
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }
}

fn ascii(html: &str) -> String {
    if html.is_ascii() {
        return html.to_owned();
    }
    html.chars().fold(String::with_capacity(html.len()), |mut text, character| {
        if character.is_ascii() {
            text.push(character);
        } else {
            text.push_str(&format!("&#x{:x};", u32::from(character)));
        }
        text
    })
}
