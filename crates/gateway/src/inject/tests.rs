mod packed;
mod places;

use std::sync::Mutex;

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
        is_head: false,
        report: Arc::new(|_| {}),
    }
}

/// An insertion, and what was told.
fn telling() -> (Insertion, Arc<Mutex<Vec<Obstacle>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = told.clone();
    let report: Report = Arc::new(move |obstacle| list.lock().unwrap().push(obstacle));
    (Insertion { report, ..insertion() }, told)
}

/// The bytes that come of a page, and what was told.
async fn shown(html: impl Into<Bytes>) -> (Vec<u8>, Vec<Obstacle>) {
    let (insertion, told) = telling();
    let body = collect(inject(page(full(html)), &insertion).into_body(), 1 << 20).await.unwrap();
    let told = std::mem::take(&mut *told.lock().unwrap());
    (body.to_vec(), told)
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
    let html = "<body><script>'<form id=loginform>'</script><!-- <form id=loginform> --></body>";
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
}

#[tokio::test]
async fn a_tag_that_never_ends_is_not_held_back_for_ever() {
    let html = format!("<body a=\"{}", "x".repeat(100_000));
    let frames =
        [html.clone(), "more".to_owned()].map(|piece| Ok::<_, BoxError>(Frame::data(piece.into())));
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
    let mut away = page(full(PAGE));
    *away.status_mut() = StatusCode::NOT_FOUND;
    assert_eq!(text(inject(away, &insertion())).await, PAGE);
}

#[tokio::test]
async fn head_says_what_get_would() {
    for (coding, length) in [(None, "120"), (Some("gzip"), "77"), (Some("br"), "50")] {
        let answer = |body| {
            let mut answer = page(body);
            answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static(length));
            if let Some(coding) = coding {
                answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            answer
        };
        let head = Insertion { is_head: true, ..insertion() };
        let (head, get) =
            (inject(answer(crate::empty()), &head), inject(answer(full(PAGE)), &insertion()));
        assert_eq!(head.headers(), get.headers());
        assert_eq!(head.headers().len(), 1, "the page's own length and tag are gone");
        assert_eq!(collect(head.into_body(), 0).await.unwrap(), "");
    }
    let head = Insertion { is_head: true, ..insertion() };
    let mut empty = page(crate::empty());
    empty.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    assert!(inject(empty, &head).headers().contains_key(ETAG), "an empty page stays empty");
}
