//! Pages that come compressed.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

/// [`PAGE`] as brotli packs it (RFC 7932).
const BROTLI: &[u8] = b"\
    \x1bw\x00\x00\x8c\x93\xa5~\x97P\xf5K\x9a\x1b\x9c\xf6\xe1iA\xaa\x93\x13?\x18\xfe\
    \xa7\xb6\xc4\"*i\x81RncC\xbeS\xad\xa8\xd9(Mkb\x1f\x1eIYp\x17\xf0\xd0n\xac \xb5\
    \x12C\xf7\x8a\x00q\x18\x00";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bare_deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed(coding: &'static str, bytes: &[u8], size: usize) -> Response<Body> {
    let pieces: Vec<_> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    let frames = pieces.into_iter().map(|piece| Ok::<_, BoxError>(Frame::data(piece)));
    let body = http_body_util::StreamBody::new(futures_util::stream::iter(frames));
    let mut response = page(body.boxed_unsync());
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    response
}

#[tokio::test]
async fn a_packed_page_is_unpacked_and_gets_the_lines() {
    let expected = text(inject(page(full(PAGE)), &insertion())).await;
    let garbage = [&gzip(PAGE.as_bytes())[..], b"and more"].concat();
    for (coding, bytes) in [
        ("gzip", &gzip(PAGE.as_bytes())[..]),
        ("GZip", &garbage),
        ("x-gzip", &gzip(PAGE.as_bytes())),
        ("deflate", &zlib(PAGE.as_bytes())),
        ("deflate", &bare_deflate(PAGE.as_bytes())),
        ("br", BROTLI),
    ] {
        for size in [1, 2, 3, 7, 50, 1000] {
            let (insertion, told) = telling();
            let response = inject(packed(coding, bytes, size), &insertion);
            assert!(!response.headers().contains_key(CONTENT_ENCODING));
            assert!(!response.headers().contains_key(ETAG));
            assert_eq!(text(response).await, expected, "{coding} in pieces of {size}");
            assert!(told.lock().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_large_page_is_unpacked_whole() {
    let large: String = (0..20_000).map(|n| format!("<p>{n}</p>")).collect();
    let html = PAGE.replace("<p>Hi</p>", &large);
    let expected = text(inject(page(full(html.clone())), &insertion())).await;
    for (coding, bytes) in [("gzip", gzip(html.as_bytes())), ("deflate", zlib(html.as_bytes()))] {
        assert!(text(inject(packed(coding, &bytes, 8192), &insertion())).await == expected);
    }
}

#[tokio::test]
async fn what_cannot_be_unpacked_passes_as_it_came_and_is_told() {
    for coding in ["zstd", "compress", "gzip, br", "aes128gcm", ""] {
        let (insertion, told) = telling();
        let response = inject(packed(coding, PAGE.as_bytes(), 1000), &insertion);
        assert!(
            response.headers().contains_key(ETAG) && response.headers()[CONTENT_ENCODING] == coding
        );
        assert_eq!(text(response).await, PAGE);
        assert_eq!(*told.lock().unwrap(), [Obstacle::Packed], "{coding}");
    }
    let (insertion, told) = telling();
    let mut twice = packed("gzip", b"x", 1);
    twice.headers_mut().append(CONTENT_ENCODING, HeaderValue::from_static("br"));
    assert_eq!(text(inject(twice, &insertion)).await, "x");
    assert_eq!(*told.lock().unwrap(), [Obstacle::Packed]);
}

#[tokio::test]
async fn a_broken_or_endless_page_breaks_off_and_is_told() {
    let whole = gzip(PAGE.as_bytes());
    let mut flipped = whole.clone();
    flipped[20] ^= 0xff;
    // 40 MB of one letter.
    let bomb = gzip(&vec![b'a'; 40 << 20]);
    for (coding, bytes) in [
        ("gzip", &whole[..whole.len() - 1]),
        ("gzip", PAGE.as_bytes()),
        ("gzip", &flipped),
        ("br", &BROTLI[..20]),
        ("br", &b"\xff\xff\xff\xff"[..]),
        ("deflate", b"\x78\x9c\xff\xff\xff"),
        ("gzip", &bomb),
    ] {
        let (insertion, told) = telling();
        let mut body = inject(packed(coding, bytes, 4096), &insertion).into_body();
        let mut given = 0;
        let broken = loop {
            match body.frame().await {
                Some(Ok(frame)) => given += frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) => break true,
                None => break false,
            }
        };
        assert!(broken && given <= 33 << 20, "{coding}: {given}");
        assert_eq!(*told.lock().unwrap(), [Obstacle::Broken], "{coding}");
    }
}
