use super::*;

/// Why and where the text is refused, read whole; reading it byte by byte must say the same.
fn refused(text: &str) -> Option<Refused> {
    let whole = Framing::new().follow(text.as_bytes()).err();
    let mut framing = Framing::new();
    let bytes = text.as_bytes();
    let single = (0..bytes.len()).find_map(|at| {
        framing.follow(&bytes[at..=at]).err().map(|refused| match refused {
            Refused::Target(_) => Refused::Target(at),
            Refused::Framing(_) => Refused::Framing(at),
        })
    });
    assert_eq!(whole, single, "{text:?}");
    whole
}

fn refused_at(text: &str) -> Option<usize> {
    refused(text).map(|(Refused::Target(at) | Refused::Framing(at))| at)
}

fn accepted(text: &str) -> bool {
    let mut framing = Framing::new();
    refused_at(text).is_none()
        && framing.follow(text.as_bytes()).is_ok()
        && framing.between_requests()
}

/// The text up to the byte that is refused.
fn read_of(text: &str) -> &str {
    &text[..refused_at(text).unwrap_or_else(|| panic!("accepted: {text:?}"))]
}

#[test]
fn follows_requests_of_every_framing_one_after_another() {
    for text in [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /POST / HTTP/1.1\r\ncontent-length:\t0 \r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\r\n\r\n\n\r\n00a;x=\"y z\"\r\n0123456789\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nTRANSFER-ENCODING:  Chunked  \r\n\r\n0\r\nX-Sum: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX-Very-Long-Name-Of-A-Header-That-Means-Nothing: a\tb\u{e9}\r\nEmpty:\r\n\r\n",
    ] {
        assert!(accepted(text), "{text:?} refused at {:?}", refused_at(text));
    }
}

#[test]
fn refuses_a_length_beside_chunks_in_either_order() {
    for text in [
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nA: b\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        assert!(refused_at(text).is_some(), "{text:?}");
    }
}

#[test]
fn refuses_a_length_that_is_said_twice_even_when_both_agree() {
    for second in ["6", "5"] {
        let text =
            format!("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: {second}\r\n\r\n");
        assert!(refused_at(&text).is_some(), "{text:?}");
    }
}

#[test]
fn refuses_a_length_that_is_not_a_plain_number() {
    for value in
        ["", "+5", "-5", "5,5", "5, 5", "0x5", "5 5", "5\u{b}", "1234567890123456789", "five"]
    {
        let text = format!("POST / HTTP/1.1\r\nContent-Length: {value}\r\n\r\n");
        assert!(refused_at(&text).is_some(), "{text:?}");
    }
}

#[test]
fn refuses_every_coding_but_chunked_alone() {
    for value in [
        "gzip",
        "gzip, chunked",
        "chunked, identity",
        "chunked,",
        "xchunked",
        "\u{b}chunked",
        "\"chunked\"",
        "",
    ] {
        let text = format!("POST / HTTP/1.1\r\nTransfer-Encoding: {value}\r\n\r\n");
        assert!(refused_at(&text).is_some(), "{text:?}");
    }
    let twice =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(refused_at(twice).is_some());
}

#[test]
fn refuses_line_ends_that_are_not_both_bytes() {
    assert_eq!(read_of("GET / HTTP/1.1\nHost: a\r\n\r\n"), "GET / HTTP/1.1");
    assert_eq!(read_of("GET / HTTP/1.1\r\nHost: a\n\r\n"), "GET / HTTP/1.1\r\nHost: a");
    assert_eq!(read_of("GET / HTTP/1.1\r\nA: b\r\n\n"), "GET / HTTP/1.1\r\nA: b\r\n");
    assert_eq!(read_of("GET / HTTP/1.1\r\nA: b\rX: c\r\n\r\n"), "GET / HTTP/1.1\r\nA: b\r");
    assert_eq!(read_of("\nGET / HTTP/1.1\r\n\r\n"), "");
}

#[test]
fn refuses_folded_lines_and_spaces_around_names() {
    assert_eq!(read_of("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"), "GET / HTTP/1.1\r\nA: b\r\n");
    assert_eq!(read_of("GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n"), "GET / HTTP/1.1\r\nA: b\r\n");
    assert_eq!(read_of("GET / HTTP/1.1\r\n A: b\r\n\r\n"), "GET / HTTP/1.1\r\n");
    let spaced = "POST / HTTP/1.1\r\nContent-Length : 5\r\n\r\n";
    assert_eq!(read_of(spaced), "POST / HTTP/1.1\r\nContent-Length");
    assert_eq!(read_of("GET / HTTP/1.1\r\n: b\r\n\r\n"), "GET / HTTP/1.1\r\n");
}

#[test]
fn refuses_chunks_that_are_not_exactly_framed() {
    let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (body, read) in [
        ("5\nhello\r\n0\r\n\r\n", "5"),
        ("\r\nhello", ""),
        (" 5\r\nhello", ""),
        ("5 \r\nhello", "5"),
        ("0x5\r\nhello", "0"),
        ("-5\r\n", ""),
        ("5;a\nb\r\nhello", "5;a"),
        ("5;a\rb\r\nhello", "5;a\r"),
        ("5\r\nhello!\r\n", "5\r\nhello"),
        ("5\r\nhello\n0\r\n\r\n", "5\r\nhello"),
        ("5\r\nhello\rX", "5\r\nhello\r"),
        ("0000000000000001\r\n", "000000000000000"),
        ("0\r\nContent-Length: 5\r\n\r\n", "0\r\nContent-Length: 5\r"),
        ("0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r"),
        ("0\r\nA: b\n\r\n", "0\r\nA: b"),
    ] {
        let text = format!("{head}{body}");
        assert_eq!(read_of(&text), format!("{head}{read}"));
    }
}

#[test]
fn says_when_a_request_has_been_begun_and_not_ended() {
    let mut framing = Framing::new();
    assert!(framing.between_requests());
    framing.follow(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel").unwrap();
    assert!(!framing.between_requests());
    framing.follow(b"lo").unwrap();
    assert!(framing.between_requests());
}

#[test]
fn refuses_what_cannot_stand_in_a_target_and_nothing_of_it_elsewhere() {
    for target in [
        "/issues/?jql=text~\"a\"",
        "/?<script>",
        "/x>y",
        "/collection/#member",
        "/#",
        "#",
        "/?a#b",
        "https://jira.example.com/x#y",
    ] {
        let text = format!("DELETE {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        let at = text.find(['"', '<', '>', '#']).unwrap();
        assert_eq!(refused(&text), Some(Refused::Target(at)), "{text:?}");
        let second = format!("GET / HTTP/1.1\r\nHost: a\r\n\r\n{text}");
        assert!(matches!(refused(&second), Some(Refused::Target(_))), "{second:?}");
    }
    for text in [
        "M#<\"> /x?{}|^`\\%23 HTTP/1.1\r\nHost: a\r\nX: \"<#>\"\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n#\"<",
    ] {
        assert_eq!(refused(text), None, "{text:?}");
    }
}
