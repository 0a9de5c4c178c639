//! Names for which a request brings a password, read as widely as any app might read them: every one
//! of several fields, with `&` and with `;` between them, careless base64.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode;

use super::names::Names;
use super::{Doubt, json};

/// The field that Seraph takes from any form and query.
pub(super) const ANYWHERE: [&str; 1] = ["os_username"];
/// Fields of the log-in addresses.
pub(super) const IN_LOG_IN: [&str; 4] = ["os_username", "username", "j_username", "name"];

/// Adds the names in Basic credentials (RFC 7617 §2).
///
/// # Errors
/// When something follows the padding: some stop there, and some read on.
pub(super) fn add_basic(headers: &HeaderMap, names: &mut Names) -> Result<(), Doubt> {
    for value in headers.get_all(AUTHORIZATION) {
        let text = value.as_bytes().trim_ascii();
        let Some(end) = text.iter().position(u8::is_ascii_whitespace) else { continue };
        let (scheme, credentials) = text.split_at(end);
        if !scheme.eq_ignore_ascii_case(b"basic") {
            continue;
        }
        let padding = credentials.iter().skip_while(|byte| **byte != b'=');
        if padding.filter(|byte| !byte.is_ascii_whitespace()).any(|byte| *byte != b'=') {
            return Err(Doubt::Request("The credentials go on after their padding."));
        }
        // `-` and `_` are digits of the other alphabet, or are passed over.
        let plain: Vec<u8> =
            credentials.iter().copied().filter(|byte| !b"-_".contains(byte)).collect();
        for credentials in [credentials, &plain] {
            if let Some(pair) = careless_base64(credentials) {
                names.add(pair.split(|byte| *byte == b':').next().unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

/// Adds the names in the body of a log-in.
///
/// # Errors
/// When it is neither a form nor JSON in everybody's eyes: the app might make more of it.
pub(super) fn add_log_in(body: &[u8], is_json: bool, names: &mut Names) -> Result<(), Doubt> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    // Whatever it is declared as: some bytes are both.
    add_fields(body, &IN_LOG_IN, names)?;
    if json::add(body, names)? {
        return Ok(());
    }
    if is_json {
        return Err(json::UNREADABLE);
    }
    if !is_form(body) {
        return Err(Doubt::Kind("A log-in is a form or a JSON object."));
    }
    if !codes_are_whole(body) {
        return Err(BROKEN_CODE);
    }
    Ok(())
}

/// Adds the values of these fields of a form or a query.
///
/// # Errors
/// When a value holds a broken code: some pass over the field, and some read it all the same.
pub(super) fn add_fields(form: &[u8], fields: &[&str], names: &mut Names) -> Result<(), Doubt> {
    let mut add = |pair: &[u8]| {
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { return Ok(()) };
        let (name, value) = (&pair[..equals], &pair[equals + 1..]);
        if !is_one_of(&decoded(name), fields) {
            return Ok(());
        }
        if !codes_are_whole(value) {
            return Err(BROKEN_CODE);
        }
        names.add(&decoded(value))
    };
    form.split(|byte| *byte == b'&').try_for_each(&mut add)?;
    if form.contains(&b';') {
        form.split(|byte| matches!(byte, b'&' | b';')).try_for_each(&mut add)?;
    }
    Ok(())
}

/// The bytes that a form writes so: `+` is a blank, `%` stands before two hexadecimal digits or for
/// itself.
pub(super) fn decoded(part: &[u8]) -> Vec<u8> {
    let blanks: Vec<u8> =
        part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&blanks).collect()
}

/// Whether this is the name of one of `fields`; some apps compare without case.
pub(super) fn is_one_of(name: &[u8], fields: &[&str]) -> bool {
    fields.iter().any(|field| field.as_bytes().eq_ignore_ascii_case(name))
}

const BROKEN_CODE: Doubt = Doubt::Request("The form holds a percent sign that begins no code.");

/// Every percent sign begins a code (RFC 3986 §2.1).
fn codes_are_whole(text: &[u8]) -> bool {
    let mut codes = text.split(|byte| *byte == b'%').skip(1);
    codes.all(|code| matches!(code, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()))
}

/// Nobody takes these bytes for JSON, not even a careless reader that allows for comments, names
/// without quotes or a byte order mark, nor for letters of two bytes.
fn is_form(body: &[u8]) -> bool {
    let begins = |byte: u8| byte.is_ascii_alphanumeric() || b"_%&+-.*=;".contains(&byte);
    let is_text = |byte: &u8| !byte.is_ascii_control() || b"\t\r\n".contains(byte);
    body.trim_ascii_start().first().is_some_and(|byte| begins(*byte)) && body.iter().all(is_text)
}

/// base64 as lenient decoders take it: of either alphabet, with other characters between, with or
/// without padding.
fn careless_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.iter().take_while(|byte| **byte != b'=').filter_map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        byte => (byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).then_some(*byte),
    });
    let mut digits: Vec<u8> = digits.collect();
    // A single digit left over holds no byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    GeneralPurpose::new(&ALPHABET, config).decode(digits).ok()
}
