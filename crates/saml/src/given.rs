//! Bytes that an administrator gave, as a file or pasted, become a text: UTF-8, or UTF-16 with a byte
//! order mark. What is neither is named. Messages never come this way; they are UTF-8 and nothing else.

use std::borrow::Cow;

use thiserror::Error;

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotText {
    /// Another encoding.
    #[error("this is {0}; save it as UTF-8")]
    Encoding(String),
    /// No encoding that can be told.
    #[error("this is not UTF-8 from byte {0} on; save it as UTF-8")]
    NotUtf8(usize),
    /// Half a character of UTF-16.
    #[error("this is UTF-16 that was cut off or damaged; get it anew, or save it as UTF-8")]
    Damaged,
    /// Something packed.
    #[error("this is {what}; {cure}")]
    Packed {
        /// Its format.
        what: &'static str,
        /// How it is unpacked.
        cure: &'static str,
    },
}

/// A text, and whether a mark at its start says how it is encoded.
#[derive(Debug)]
pub(crate) struct Given<'a> {
    /// The text behind the mark.
    pub(crate) text: Cow<'a, str>,
    /// Such a mark is certain, whatever the text says of itself.
    pub(crate) is_marked: bool,
}

impl<'a> Given<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, NotText> {
        if let Some((_, what, cure)) = PACKED.iter().find(|(start, ..)| bytes.starts_with(start)) {
            return Err(NotText::Packed { what, cure });
        }
        let named = |name: &str| Err(NotText::Encoding(name.to_owned()));
        match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => named("UTF-32"),
            [0xff, 0xfe, units @ ..] => Self::of_utf16(units, u16::from_le_bytes),
            [0xfe, 0xff, units @ ..] => Self::of_utf16(units, u16::from_be_bytes),
            [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..] => {
                named("UTF-16 without a byte order mark")
            }
            [0x4c, 0x6f, 0xa7, 0x94, ..] => named("EBCDIC"),
            _ => Self::of_utf8(bytes),
        }
    }

    fn of_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Self, NotText> {
        let (units, []) = bytes.as_chunks() else { return Err(NotText::Damaged) };
        let characters = char::decode_utf16(units.iter().map(|bytes| unit(*bytes)));
        let text = characters.collect::<Result<String, _>>().map_err(|_| NotText::Damaged)?;
        Ok(Given { text: Cow::Owned(text), is_marked: true })
    }

    fn of_utf8(bytes: &'a [u8]) -> Result<Self, NotText> {
        let text =
            std::str::from_utf8(bytes).map_err(|error| NotText::NotUtf8(error.valid_up_to()))?;
        let (text, is_marked) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        Ok(Given { text: Cow::Borrowed(text), is_marked })
    }
}

/// How what is no text begins.
const PACKED: &[(&[u8], &str, &str)] = &[
    (b"\x1f\x8b", "compressed with gzip", "unpack it first: gunzip FILE"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it first, and give the document that is in it"),
    (b"PK\x05\x06", "an empty ZIP archive", "nothing is in it"),
    (b"BZh", "compressed with bzip2", "unpack it first: bunzip2 FILE"),
    (b"\xfd7zXZ\0", "compressed with xz", "unpack it first: unxz FILE"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first: unzstd FILE"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first, and give the document that is in it"),
    (b"%PDF-", "a PDF", "give the document itself"),
    (b"\xfe\xed\xfe\xed", "a Java key store", "export the certificate: keytool -exportcert -rfc"),
];
