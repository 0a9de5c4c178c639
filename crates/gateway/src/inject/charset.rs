//! Which encodings of characters keep ASCII as it is.

use http::HeaderValue;

/// Whether ASCII means itself in a page of this Content-Type. One that names no encoding may still say
/// otherwise in its first bytes.
pub(super) fn is_ascii_in(content_type: Option<&HeaderValue>) -> bool {
    let Some(label) = content_type.and_then(|value| charset(value.as_bytes())) else { return true };
    let label = label.to_ascii_lowercase();
    label.is_empty()
        || ASCII.contains(&&*label)
        || ASCII_FAMILIES.iter().any(|start| label.starts_with(start))
}

/// The first `charset` parameter (RFC 9110 §8.3.1), which is the one that counts in a browser.
fn charset(content_type: &[u8]) -> Option<String> {
    let parameters = content_type.split(|byte| *byte == b';').skip(1);
    let charset = parameters.into_iter().find_map(|parameter| {
        let equals = parameter.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&parameter[..equals], &parameter[equals + 1..]);
        name.trim_ascii().eq_ignore_ascii_case(b"charset").then_some(value)
    })?;
    let plain = |byte: &u8| matches!(byte, b'"' | b'\'') || byte.is_ascii_whitespace();
    let label: Vec<u8> = charset.iter().copied().filter(|byte| !plain(byte)).collect();
    Some(String::from_utf8_lossy(&label).into_owned())
}

/// Labels of the Encoding standard (§4.2). What is not here is UTF-16, switches its meaning on the way
/// as ISO-2022 does, or is not known.
const ASCII: &[&str] = &[
    "utf-8",
    "utf8",
    "unicode-1-1-utf-8",
    "x-unicode20utf8",
    "ascii",
    "us-ascii",
    "ansi_x3.4-1968",
    "latin1",
    "latin2",
    "latin3",
    "latin4",
    "latin5",
    "latin6",
    "l1",
    "l2",
    "l3",
    "l4",
    "l5",
    "l6",
    "l9",
    "arabic",
    "cyrillic",
    "greek",
    "greek8",
    "hebrew",
    "logical",
    "visual",
    "macintosh",
    "mac",
    "gb18030",
    "gbk",
    "gb2312",
    "chinese",
    "x-gbk",
    "big5",
    "big5-hkscs",
    "cn-big5",
    "x-x-big5",
    "euc-jp",
    "x-euc-jp",
    "euc-kr",
    "korean",
    "shift_jis",
    "shift-jis",
    "sjis",
    "x-sjis",
    "ms_kanji",
    "ms932",
    "windows-31j",
    "windows-949",
    "ks_c_5601-1987",
    "ks_c_5601-1989",
    "tis-620",
    "dos-874",
    "ibm866",
    "866",
    "cp866",
];
const ASCII_FAMILIES: &[&str] = &[
    "iso-8859-",
    "iso8859-",
    "iso8859",
    "iso_8859-",
    "windows-125",
    "windows-874",
    "cp125",
    "x-cp125",
    "koi8",
    "koi",
    "x-mac-",
];
