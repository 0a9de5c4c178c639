//! Places where lines would not be shown, or not be read as HTML.

use super::*;

const LINKS: &str = "<a>Anmelden f&#xfc;r alle</a>";

/// The page with the lines in it, taken in one piece and byte by byte.
async fn filled(html: &str) -> (String, Vec<Obstacle>) {
    let (whole, told) = shown(html.to_owned()).await;
    let (insertion, told_by_pieces) = telling();
    let pieces: Vec<_> = html.bytes().map(|byte| Bytes::copy_from_slice(&[byte])).collect();
    let frames = pieces.into_iter().map(|piece| Ok::<_, BoxError>(Frame::data(piece)));
    let body = http_body_util::StreamBody::new(futures_util::stream::iter(frames));
    let split = text(inject(page(body.boxed_unsync()), &insertion)).await;
    let whole = String::from_utf8(whole).unwrap();
    assert_eq!(split, whole);
    assert_eq!(*told_by_pieces.lock().unwrap(), told, "{html}");
    (whole, told)
}

#[tokio::test]
async fn nothing_is_put_where_no_browser_shows_it() {
    for hidden in [
        "<template><form id=loginform></template>",
        "<TEMPLATE class='x'><template></template><form id=loginform></form></body></template>",
        "<template><head></head><script>'</template>'</script><form id=loginform></template >",
        "<template/><form id=loginform></template>",
        "<svg><form id=loginform></svg>",
        "<svg><title><form id=loginform></title></svg>",
        "<svg><svg></svg><form id=loginform></svg>",
        "<svg><foreignObject><template></foreignObject><form id=loginform></template>\
         </foreignObject></svg>",
        "<svg><style><form id=loginform></style></svg>",
        "<svg><![CDATA[ > </svg> <form id=loginform> ]]></svg>",
        "<math><mi><form id=loginform></mi></math>",
        "<math><svg><title></svg><form id=loginform></math>",
        "<svg/><script>'<form id=loginform>'</script>",
        "<svg a='>' /><style><form id=loginform></style>",
        "<svg><p><script>'<form id=loginform>'</script>",
        "<svg></p><script>'<form id=loginform>'</script>",
        "<svg><foreignObject><script>'</svg><form id=loginform>'</script></foreignObject></svg>",
        "<svg><desc></svg><form id=loginform></desc></svg>",
        "<script><!-- <script> '</script>' <form id=loginform> --></script>",
        "<script><!--<SCRIPT/</script\n><form id=loginform>--></script>",
        "<script><!-- <script> </script> <script> --> <form id=loginform></script>",
        "<script><!-- <scripty> <form id=loginform></script>",
        "<script><!--> <script> <form id=loginform></script>",
        "<script><!---> <script> <form id=loginform></script>",
        "<script><!- <script> <form id=loginform></script>",
        "<script><!-- - -- <script> </scripts> </script x> <form id=loginform> </script>",
        "<!--!><form id=loginform>-->",
        "<!----!><!--><!---><!-- <!--> <!-- --!- <form id=loginform> --!>",
    ] {
        let html = format!("<head></head><body>{hidden}<form id=loginform></body>");
        let expected =
            format!("<head><link rel=x></head><body>{hidden}{LINKS}<form id=loginform></body>");
        assert_eq!(filled(&html).await, (expected, vec![]), "{hidden}");
    }
}

#[tokio::test]
async fn what_swallows_the_rest_of_a_page_gets_nothing_and_is_told() {
    for swallowing in [
        "<script>if (a < b) '",
        "<script><!-- <script> </script>",
        "<style>",
        "<textarea>",
        "<title>",
        "<plaintext>",
        "<!-- ",
        "<!--!>",
        "<template>",
        "<template><template></template>",
        "<svg><title>",
        "<svg><g></div>",
        "<math><annotation-xml encoding='text/html'>",
        "<a href=\"",
        "<a href=x title='",
        "<",
        "</",
        "<!",
    ] {
        for behind in ["", "<form id=loginform></body>"] {
            let html = format!("<head></head><body>{swallowing}{behind}");
            if behind.is_empty() || !swallowing.ends_with(['<', '/', '!']) {
                let expected = html.replacen("<head>", "<head><link rel=x>", 1);
                assert_eq!(filled(&html).await, (expected, vec![Obstacle::NoPlace]), "{html}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_whose_bytes_mean_other_letters_stays_as_it_is() {
    let utf_16 = |html: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        html.encode_utf16().flat_map(order).collect()
    };
    let marked = format!("\u{feff}{PAGE}");
    for bytes in [
        utf_16(&marked, u16::to_le_bytes),
        utf_16(&marked, u16::to_be_bytes),
        utf_16(PAGE, u16::to_le_bytes),
        utf_16(PAGE, u16::to_be_bytes),
        PAGE.replace("Hi", "\u{1b}$B<form id=loginform>\u{1b}(B").into_bytes(),
        [&b"\xff\xfe\0\0"[..], PAGE.as_bytes()].concat(),
    ] {
        let (body, told) = shown(bytes.clone()).await;
        assert_eq!((body, told), (bytes, vec![Obstacle::Characters]));
    }
    let (body, told) = shown(marked).await;
    assert!(String::from_utf8(body).unwrap().contains(LINKS), "the mark of UTF-8");
    assert!(told.is_empty());
}

#[tokio::test]
async fn only_encodings_that_keep_ascii_get_lines() {
    let told_for = async |content_type: &'static str| {
        let (insertion, told) = telling();
        let mut page = page(full(PAGE));
        page.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let filled = text(inject(page, &insertion)).await.contains(LINKS);
        assert_eq!(filled, told.lock().unwrap().is_empty(), "{content_type}");
        filled
    };
    for kept in [
        "text/html",
        "Text/HTML ; Charset = UTF-8",
        "text/html;charset=\"utf-8\"",
        "text/html; charset=utf8; charset=utf-16",
        "text/html; x=utf-16; charset=ISO-8859-15",
        "text/html;charset=Shift_JIS",
        "text/html;charset=windows-1252",
        "text/html;charset=",
    ] {
        assert!(told_for(kept).await, "{kept}");
    }
    for other in [
        "text/html; charset=UTF-16",
        "text/html; charset=utf-16le",
        "text/html;charset='ucs-2'",
        "text/html;charset=unicode",
        "text/html; charset=\"iso-10646-ucs-2\"",
        "text/html; charset=csUnicode",
        "text/html; charset=UTF-32BE",
        "text/html; charset=utf-7",
        "text/html; charset=ISO-2022-JP",
        "text/html; charset=hz-gb-2312",
        "text/html; charset=IBM037",
        "text/html; charset=x",
    ] {
        assert!(!told_for(other).await, "{other}");
    }
}
