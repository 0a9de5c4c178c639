//! How a document is encoded: what is certain is read, whatever it says of itself; what is not is named.

use saml::IdpMetadata;

use crate::reported::file;

/// The plain document behind `before`, with this declaration.
fn document(before: &str, declaration: &str) -> String {
    let plain = String::from_utf8(file("idp-metadata.xml")).unwrap();
    let content = plain.split_once("?>").map_or(plain.as_str(), |(_, content)| content);
    format!("{before}{declaration}{content}")
}

fn declared(encoding: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>")
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn read(bytes: &[u8]) -> Result<(), String> {
    let idp = IdpMetadata::parse(bytes, None).map_err(|error| error.to_string())?;
    assert_eq!(
        (idp.entity_id.as_str(), idp.signing_keys.len()),
        ("https://idp.example.com/saml", 1)
    );
    Ok(())
}

#[track_caller]
fn refused(bytes: &[u8], said: &str) {
    let error = read(bytes).expect_err(said);
    assert!(error.contains(said), "{error}");
}

#[test]
fn what_stands_before_the_declaration_is_no_matter_when_it_is_white_space() {
    let utf8 = declared("UTF-8");
    for before in ["\n", "\r\n\r\n", " \t\n", "\u{feff}", "\u{feff}\r\n\n", "\n\u{feff}", "\u{a0}"]
    {
        assert_eq!(read(document(before, &utf8).as_bytes()), Ok(()), "{before:?}");
        assert_eq!(read(document(before, "").as_bytes()), Ok(()), "{before:?}");
    }
    let two_lines_down = document("\n\n", &utf8).replace("</md:EntityDescriptor>", "");
    let (above, below) = (document("", &utf8), two_lines_down);
    let lines = |text: &str| text.matches('\n').count() + 1;
    refused(below.as_bytes(), &format!("line {}", lines(&above) + 2));
}

#[test]
fn utf16_with_a_mark_is_read_whatever_it_declares() {
    for declaration in [
        declared("UTF-16"),
        declared("utf-8"),
        declared("ISO-8859-1"),
        declared("Shift_JIS"),
        "<?xml version='1.0' encoding='UTF-16LE' standalone='yes'?>".to_owned(),
        String::new(),
    ] {
        let text = document("\u{feff}", &declaration).replace('\n', "\r\n");
        assert_eq!(read(&utf16(&text, u16::to_le_bytes)), Ok(()), "{declaration}");
        assert_eq!(read(&utf16(&text, u16::to_be_bytes)), Ok(()), "{declaration}");
        let blank = text.replacen('\u{feff}', "\u{feff}\r\n", 1);
        assert_eq!(read(&utf16(&blank, u16::to_be_bytes)), Ok(()), "{declaration}");
    }
}

#[test]
fn utf16_without_a_mark_or_cut_off_is_named() {
    let text = document("", &declared("UTF-16"));
    for bytes in [utf16(&text, u16::to_le_bytes), utf16(&text, u16::to_be_bytes)] {
        refused(&bytes, "UTF-16 without a byte order mark; save it as UTF-8");
    }
    let mut cut = utf16(&document("\u{feff}", ""), u16::to_le_bytes);
    cut.pop();
    refused(&cut, "UTF-16 that was cut off");
    refused(b"\xff\xfe\x00\xd8<\0", "UTF-16 that was cut off");
    refused(b"\xff\xfe\0\0<\0\0\0", "UTF-32; save it as UTF-8");
    refused(b"\0\0\xfe\xff\0\0\0<", "UTF-32; save it as UTF-8");
}

#[test]
fn a_declaration_that_was_left_when_the_text_was_saved_anew_is_no_matter() {
    let named = "entityID=\"https://idp.example.com/saml\"";
    let umlaut =
        |text: String| text.replace(named, &format!("{named} x:y=\"\u{fc}\" xmlns:x=\"urn:x:y\""));
    for encoding in ["UTF-16", "utf-16", "UTF-16LE", "UTF-16BE", "utf8", "Utf-8"] {
        assert_eq!(
            read(umlaut(document("", &declared(encoding))).as_bytes()),
            Ok(()),
            "{encoding}"
        );
    }
    let of_ascii =
        ["ISO-8859-1", "iso-8859-15", "windows-1252", "Windows-1250", "US-ASCII", "latin1"];
    for encoding in of_ascii {
        let text = document("", &declared(encoding));
        assert_eq!(read(text.as_bytes()), Ok(()), "{encoding}");
        assert_eq!(read(text.replacen('"', "'", 4).as_bytes()), Ok(()), "{encoding}");
        // Bytes beyond ASCII are somebody's letters in one of two readings.
        let said = format!("this is {encoding}; save it as UTF-8");
        refused(umlaut(text.clone()).as_bytes(), &said);
        let latin: Vec<u8> = umlaut(text.clone()).chars().map(|c| c as u8).collect();
        refused(&latin, &said);
        // A mark is certain.
        assert_eq!(read(format!("\u{feff}{}", umlaut(text)).as_bytes()), Ok(()), "{encoding}");
    }
}

#[test]
fn other_encodings_are_named() {
    for encoding in ["Shift_JIS", "UTF-7", "EBCDIC-CP-US", "UTF-32", "GB18030", "macintosh"] {
        refused(document("", &declared(encoding)).as_bytes(), &format!("this is {encoding};"));
    }
    refused(b"<\xe4/>", "not UTF-8 from byte 1 on; save it as UTF-8");
    refused(&[0x4c, 0x6f, 0xa7, 0x94, 0x93], "EBCDIC");
    let odd = document("", &declared(&"x".repeat(200)));
    refused(odd.as_bytes(), "only XML 1.0 in UTF-8");
    refused(document("", "<?xml version=\"1.1\" encoding=\"UTF-8\"?>").as_bytes(), "only XML 1.0");
    refused(document("", "<?xml encoding=\"UTF-16\"?>").as_bytes(), "only XML 1.0");
}

#[test]
fn instructions_and_document_types_are_refused_by_name() {
    let utf8 = declared("UTF-8");
    let with = |what: &str| document("\n", &format!("{utf8}\n{what}\n"));
    refused(with("<?xml-stylesheet href='x'?>").as_bytes(), "line 3: the processing instruction");
    refused(with("<?xml-stylesheet href='x'?>").as_bytes(), "\"xml-stylesheet\"");
    refused(with("<!DOCTYPE x>").as_bytes(), "line 3: a document type (DOCTYPE)");
    refused(with(&utf8).as_bytes(), "line 3: a second XML declaration");
    refused(document("<!-- x -->\n", &utf8).as_bytes(), "line 2: a second XML declaration");
    let inside = document("", &utf8).replacen("<md:IDPSSO", "<?php x?><md:IDPSSO", 1);
    refused(inside.as_bytes(), "the processing instruction \"php\"");
}
