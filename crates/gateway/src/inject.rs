//! Puts a few lines into an HTML page while it streams by; nothing is held back or collected.

mod page;
mod tag;

use std::pin::Pin;
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

/// What is put into a page. Letters outside ASCII become character references, so the page's own
/// encoding does not matter.
#[derive(Clone, Debug)]
pub struct Insertion {
    /// Goes to the end of `<head>`, or to where `<body>` begins when there is none.
    pub head: String,
    /// Goes before the first form that is one of `forms`.
    pub links: String,
    /// The `id` or `name` of such a form.
    pub forms: &'static [&'static str],
    /// Put `links` at the end of the body when no such form came.
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
    for name in [CONTENT_LENGTH, ETAG, LAST_MODIFIED, ACCEPT_RANGES].iter().chain(&DIGESTS) {
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

static DIGESTS: [HeaderName; 4] = [
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

/// Encodings in which the bytes of a tag may mean something else.
const NOT_ASCII: [&str; 5] = ["utf-16", "utf-32", "utf-7", "iso-2022", "hz-gb"];

/// A body that gets lines put in on its way.
struct Rewriting {
    inner: Body,
    page: Option<Page>,
    trailers: Option<Frame<Bytes>>,
}

impl Rewriting {
    fn new(inner: Body, insertion: &Insertion) -> Self {
        let [head, links] = [&insertion.head, &insertion.links].map(|html| ascii(html).into());
        let page = Page::new(head, links, insertion.forms, insertion.else_at_end);
        Rewriting { inner, page: Some(page), trailers: None }
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
            let piece = match next {
                Some(Ok(piece)) => page.write(piece),
                ended => {
                    this.trailers = ended.and_then(Result::err);
                    this.page.take().map(Page::end).unwrap_or_default()
                }
            };
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
            forms: &["login-form", "loginform"],
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
    async fn every_text_that_is_no_markup_for_a_browser_is_passed_over() {
        for hiding in [
            "<script>if (a</b) '<form id=loginform>'</scripts></SCRIPT >",
            "<style><form id=loginform></style>",
            "<textarea><form id=loginform></textarea/>",
            "<noscript><form id=loginform></noscript>",
            "<title><form id=loginform></title\n>",
            "<!-- > <form id=loginform> -- > -->",
            "<!--> <b x='<form id=loginform>'>",
            "<? <form id=loginform a=b",
            "<a title=\"<form id=loginform>\" href='<form id=loginform>'>",
            "<form id=other><form name=loginforms><div id=loginform>",
            "a <form< id=loginform> < form id=loginform>",
            "</form id=loginform>",
        ] {
            let html = format!("<head></head><body>{hiding}><form id=loginform></body>");
            let expected = format!(
                "<head><link rel=x></head><body>{hiding}><a>Anmelden f&#xfc;r alle</a><form \
                 id=loginform></body>"
            );
            assert_eq!(text(inject(page(full(html)), &insertion())).await, expected);
        }
        let inside = "<body><svg><title><form id=loginform>";
        let shown = text(inject(page(full(inside)), &insertion())).await;
        assert!(shown.ends_with("<a>Anmelden f&#xfc;r alle</a><form id=loginform>"), "{shown}");
    }

    #[tokio::test]
    async fn a_tag_that_never_ends_is_not_held_back_for_ever() {
        let html = format!("<body a=\"{}", "x".repeat(100_000));
        let frames = [html.clone(), "more".to_owned()]
            .map(|piece| Ok::<_, BoxError>(Frame::data(piece.into())));
        let body = http_body_util::StreamBody::new(futures_util::stream::iter(frames));
        let shown = text(inject(page(body.boxed_unsync()), &insertion())).await;
        assert!(shown == format!("{html}more"), "the page stays as it is");
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
