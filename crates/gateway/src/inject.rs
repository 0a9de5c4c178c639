//! Puts a few lines into an HTML page while it streams by; nothing is held back or collected.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use lol_html::html_content::ContentType;
use lol_html::send::{DocumentContentHandlers, EndTagHandler, HtmlRewriter, Settings};
use lol_html::{element, end};

use crate::{Body, BoxError};

/// What is put into a page. Letters outside ASCII become character references, so the page's own
/// encoding does not matter.
#[derive(Clone, Debug)]
pub struct Insertion {
    /// Goes to the end of `<head>`, or to where `<body>` begins when there is none.
    pub head: String,
    /// Goes before the first element that fits one of `before`.
    pub links: String,
    /// CSS selectors.
    pub before: &'static [&'static str],
    /// Put `links` at the end of the body when no such element came.
    pub else_at_end: bool,
}

/// Readies a request whose answer will be rewritten: the answer must come whole and uncompressed.
pub fn prepare_injection(request: &mut Request<Body>) {
    let headers = request.headers_mut();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for name in [IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE] {
        headers.remove(name);
    }
}

/// Rewrites a 200 answer that is an uncompressed HTML page; any other stays as it is.
pub fn inject(response: Response<Body>, insertion: &Insertion) -> Response<Body> {
    if !is_page(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // These describe the bytes as they were.
    for name in [CONTENT_LENGTH, ETAG, LAST_MODIFIED, ACCEPT_RANGES] {
        parts.headers.remove(name);
    }
    for name in ["content-md5", "digest", "content-digest", "repr-digest"] {
        parts.headers.remove(name);
    }
    Response::from_parts(parts, Rewriting::new(body, insertion).boxed_unsync())
}

fn is_page(response: &Response<Body>) -> bool {
    let headers = response.headers();
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let content_type = text(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let plain = text(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    response.status() == StatusCode::OK
        && plain
        && content_type.split(';').next().is_some_and(|essence| essence.trim() == "text/html")
        && !NOT_ASCII.iter().any(|charset| content_type.contains(charset))
        && http_body::Body::size_hint(response.body()).exact() != Some(0)
}

/// Encodings in which the bytes of a tag may mean something else.
const NOT_ASCII: [&str; 5] = ["utf-16", "utf-32", "utf-7", "iso-2022", "hz-gb"];

type Written = Arc<Mutex<BytesMut>>;

/// A body that runs through the HTML rewriter.
struct Rewriting {
    inner: Body,
    rewriter: Option<HtmlRewriter<'static, Sink>>,
    written: Written,
    trailers: Option<Frame<Bytes>>,
}

struct Sink(Written);

impl lol_html::OutputSink for Sink {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(chunk);
    }
}

impl Rewriting {
    fn new(inner: Body, insertion: &Insertion) -> Self {
        let written = Written::default();
        let rewriter = HtmlRewriter::new(settings(insertion), Sink(written.clone()));
        Rewriting { inner, rewriter: Some(rewriter), written, trailers: None }
    }

    fn take_written(&self) -> Bytes {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).split().freeze()
    }

    /// Ends the rewriter and gives what is left.
    fn end(&mut self) -> Result<Bytes, BoxError> {
        if let Some(rewriter) = self.rewriter.take() {
            rewriter.end()?;
        }
        Ok(self.take_written())
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
            let Some(rewriter) = &mut this.rewriter else {
                return Poll::Ready(this.trailers.take().map(Ok));
            };
            // An error of the rewriter ends the page; it never lets half a tag through.
            let frame = ready!(Pin::new(&mut this.inner).poll_frame(context)?);
            let piece = match frame.map(Frame::into_data) {
                Some(Ok(data)) => {
                    rewriter.write(&data)?;
                    this.take_written()
                }
                Some(Err(trailers)) => {
                    this.trailers = Some(trailers);
                    this.end()?
                }
                None => this.end()?,
            };
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }
}

fn settings(insertion: &Insertion) -> Settings<'static, 'static> {
    let head = Once::new(&insertion.head);
    let links = Once::new(&insertion.links);
    // Not strict: a page whose nesting could be read in two ways is still shown.
    let mut settings = Settings::new_send().with_strict(false);
    let mut at_end = head.clone();
    settings = settings.append_element_content_handler(element!("head", {
        let mut head = head.clone();
        move |element| {
            head.put(|html| element.append(html, ContentType::Html));
            Ok(())
        }
    }));
    // Pages may leave out the head; the body may not come before it.
    settings = settings.append_element_content_handler(element!("body", {
        let (mut head, links) = (head, links.clone());
        let last = insertion.else_at_end;
        move |element| {
            head.put(|html| element.prepend(html, ContentType::Html));
            let mut links = links.clone();
            if last && let Some(handlers) = element.end_tag_handlers() {
                let put: EndTagHandler<'static> = Box::new(move |tag| {
                    links.put(|html| tag.before(html, ContentType::Html));
                    Ok(())
                });
                handlers.push(put);
            }
            Ok(())
        }
    }));
    for selector in insertion.before {
        let mut links = links.clone();
        settings = settings.append_element_content_handler(element!(*selector, move |element| {
            links.put(|html| element.before(html, ContentType::Html));
            Ok(())
        }));
    }
    let mut links = insertion.else_at_end.then_some(links);
    let end: DocumentContentHandlers<'static> = end!(move |page| {
        at_end.put(|html| page.append(html, ContentType::Html));
        if let Some(links) = &mut links {
            links.put(|html| page.append(html, ContentType::Html));
        }
        Ok(())
    });
    settings.append_document_content_handler(end)
}

/// Something that is put in one of several places, whichever comes first.
#[derive(Clone)]
struct Once {
    html: Arc<str>,
    done: Arc<AtomicBool>,
}

impl Once {
    fn new(html: &str) -> Self {
        Once { html: ascii(html).into(), done: Arc::default() }
    }

    fn put(&mut self, put: impl FnOnce(&str)) {
        if !self.done.swap(true, Ordering::Relaxed) {
            put(&self.html);
        }
    }
}

fn ascii(html: &str) -> String {
    html.chars().fold(String::with_capacity(html.len()), |mut text, character| {
        if character.is_ascii() {
            text.push(character);
        } else {
            text.push_str(&format!("&#x{:x};", u32::from(character)));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{collect, full};

    const PAGE: &str = "<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Hi</p>\
                        <form id=\"login-form\"><input></form></body></html>";

    fn insertion() -> Insertion {
        Insertion {
            head: "<link rel=x>".into(),
            links: "<a>Anmelden für alle</a>".into(),
            before: &["form#login-form", "form#loginform"],
            else_at_end: true,
        }
    }

    fn page(body: Body) -> Response<Body> {
        let response = Response::builder().header(CONTENT_TYPE, "text/html;charset=UTF-8");
        response.header(ETAG, "\"1\"").body(body).unwrap()
    }

    async fn text(response: Response<Body>) -> String {
        let bytes = collect(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn puts_lines_into_head_and_before_the_form() {
        let response = inject(page(full(PAGE)), &insertion());
        assert!(response.headers().get(ETAG).is_none());
        let text = text(response).await;
        assert!(text.contains("<title>Log in</title><link rel=x></head>"), "{text}");
        assert!(text.contains("<a>Anmelden f&#xfc;r alle</a><form id=\"login-form\">"), "{text}");
        assert_eq!(text.matches("Anmelden").count(), 1);
    }

    #[tokio::test]
    async fn pieces_of_any_size_give_the_same_page() {
        let whole = text(inject(page(full(PAGE)), &insertion())).await;
        for size in 1..PAGE.len() {
            let pieces: Vec<_> = PAGE.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
            let frames = pieces.into_iter().map(|piece| Ok::<_, BoxError>(Frame::data(piece)));
            let body = http_body_util::StreamBody::new(futures_util::stream::iter(frames));
            let split = text(inject(page(body.boxed_unsync()), &insertion())).await;
            assert_eq!(split, whole, "pieces of {size} bytes");
        }
    }

    #[tokio::test]
    async fn a_page_without_head_and_form_gets_all_the_same() {
        let text = text(inject(page(full("<html><body>x</body></html>")), &insertion())).await;
        assert_eq!(text, "<html><body><link rel=x>x<a>Anmelden f&#xfc;r alle</a></body></html>");
    }

    #[tokio::test]
    async fn a_fragment_of_a_page_gets_all_at_its_end() {
        let text = text(inject(page(full("<p>x</p>")), &insertion())).await;
        assert_eq!(text, "<p>x</p><link rel=x><a>Anmelden f&#xfc;r alle</a>");
    }

    #[tokio::test]
    async fn a_second_form_or_a_head_within_the_page_gets_nothing() {
        let twice = format!("{PAGE}<head></head><form id=loginform></form>");
        let text = text(inject(page(full(twice)), &insertion())).await;
        assert_eq!(text.matches("<link rel=x>").count(), 1, "{text}");
        assert_eq!(text.matches("Anmelden").count(), 1, "{text}");
    }

    #[tokio::test]
    async fn what_looks_like_a_form_in_a_script_or_a_comment_is_none() {
        let html =
            "<body><script>'<form id=loginform>'</script><!-- <form id=loginform> --></body>";
        let text = text(inject(page(full(html)), &insertion())).await;
        assert!(text.ends_with("--><a>Anmelden f&#xfc;r alle</a></body>"), "{text}");
    }

    #[tokio::test]
    async fn bytes_that_are_no_utf_8_stay_as_they_are() {
        let html: &[u8] = b"<body title=\"\xe4\xff\">\xe9\x81</body>";
        let body = collect(inject(page(full(html)), &insertion()).into_body(), 1 << 20).await;
        let body = body.unwrap();
        assert!(body.starts_with(b"<body title=\"\xe4\xff\"><link rel=x>\xe9\x81<a>"), "{body:?}");
    }

    #[tokio::test]
    async fn other_answers_stay_as_they_are() {
        let mut json = page(full(PAGE));
        json.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert_eq!(text(inject(json, &insertion())).await, PAGE);
        let mut packed = page(full(PAGE));
        packed.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let packed = inject(packed, &insertion());
        assert!(packed.headers().contains_key(ETAG));
        let mut away = page(full(PAGE));
        *away.status_mut() = StatusCode::NOT_FOUND;
        assert_eq!(text(inject(away, &insertion())).await, PAGE);
    }
}
